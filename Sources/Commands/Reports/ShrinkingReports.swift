// The answers of prune and clip_weights: what became of each parameter, and what it all takes to
// store.

import Diagnostics
import Engine
import Notation
import Tensors

enum ShrinkingReports {
  static func pruned(
    _ parameters: [PrunedParameter], isGlobal: Bool, _ before: ModelSize, _ after: ModelSize
  ) -> TableReport {
    let zeros = parameters.reduce(0) { $0 + $1.zeros }
    let count = parameters.reduce(0) { $0 + $1.count }
    func row(_ name: String, _ shape: String, _ zeros: Int, _ count: Int) -> [TableReport.Cell] {
      [
        .text(name), .text(shape), .count(count), .count(zeros),
        .text(count == 0 ? "" : percent(Double(zeros) / Double(count))),
      ]
    }
    var rows = parameters.map { parameter in
      row(parameter.path, "\(parameter.shape)", parameter.zeros, parameter.count)
        + [
          parameter.largestPruned.map { .number($0) } ?? .empty,
          parameter.smallestKept.map { .number($0) } ?? .empty,
        ]
    }
    if parameters.count > 1 {
      rows.append(
        row("all", "", zeros, count) + [
          parameters.compactMap(\.largestPruned).max().map { .number($0) } ?? .empty,
          parameters.compactMap(\.smallestKept).min().map { .number($0) } ?? .empty,
        ])
    }
    return TableReport(
      columns: [
        .init("parameter"), .init("shape"), .init("elements", .right), .init("zero", .right),
        .init("share", .right), .init("largest |w| pruned"), .init("smallest kept"),
      ], rows: rows,
      footer: "they stay 0 in steps; unprune frees them\n"
        + "stored as float32: \(ByteSize.text(before.dense)); only what is not 0, with a bit for each place: "
        + ByteSize.text(after.sparse),
      kind: "pruned")
  }

  static func bounded(
    _ parameters: [(path: String, outside: Int, count: Int)], _ bound: Double, always: Bool
  ) -> MessageReport {
    let outside = parameters.reduce(0) { $0 + $1.outside }
    let count = parameters.reduce(0) { $0 + $1.count }
    let fields: [String: JSONValue] = [
      "clipped": .number(Double(outside)), "elements": .number(Double(count)),
      "bound": JSONValue(number: bound), "every_step": .bool(always),
    ]
    return MessageReport(kind: "clipped", fields: fields) { format in
      let c = NumberFormat.text(bound, digits: format.digits)
      let low = NumberFormat.text(-bound, digits: format.digits)
      var lines = [StyledText("\(outside) of \(count) elements were outside \(low) … \(c)")]
      if always {
        lines.append(StyledText("from now on every step ends with w ← clip(w, \(low), \(c))"))
      }
      return lines
    }
  }

  /// `87.5 %`
  static func percent(_ share: Double) -> String {
    NumberFormat.text(share * 100, digits: 4) + " %"
  }
}
