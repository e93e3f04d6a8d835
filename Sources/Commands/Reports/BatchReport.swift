// What is said about batches: how the data is divided, where in an epoch a step was, its rows.

import Diagnostics
import Engine
import Notation
import Tensors

enum BatchReport {
  /// More rows than this are cut short on the screen; JSON has them all.
  private static let mostRows = 200

  /// `batch 32 of X, y: 1797 rows, 57 batches an epoch, the last one of 5; shuffled, seed 0`
  static func reply(_ session: Session) throws(Diagnostic) -> MessageReport {
    guard let batching = session.problem.batching, let layout = try session.epochLayout() else {
      return MessageReport("batch all: every step sees all of the data", kind: "batch")
    }
    let text = title(batching) + ": " + division(batching, layout)
    return MessageReport(text, kind: "batch", fields: fields(batching, layout))
  }

  /// As `reply`, as text.
  static func summary(_ session: Session) throws(Diagnostic) -> String? {
    guard let batching = session.problem.batching, let layout = try session.epochLayout() else {
      return nil
    }
    return title(batching) + ": " + division(batching, layout)
  }

  /// The rows of the last step and of the coming one.
  static func show(_ session: Session) throws(Diagnostic) -> MessageReport {
    guard let batching = session.problem.batching, let layout = try session.epochLayout(),
      !batching.names.isEmpty
    else { return try reply(session) }
    let last = try session.lastRows()
    let coming = try session.comingRows()
    var fields = fields(batching, layout)
    fields["last"] = last.map(json) ?? .null
    fields["coming"] = coming.map(json) ?? .null
    let head = title(batching) + ": " + division(batching, layout)
    return MessageReport(kind: "batch", fields: fields) { format in
      var lines = [StyledText(head)]
      if let last { lines.append(line("last step", last)) }
      if let coming { lines.append(line("coming", coming)) }
      return lines
    }
  }

  private static func line(_ label: String, _ rows: BatchRows) -> StyledText {
    var line = StyledText("\(label)  ", .dim)
    line.append(place(rows), .accent)
    let indices = rows.indices
    let shown = indices.prefix(mostRows).map(String.init).joined(separator: " ")
    let left = indices.count - mostRows
    line.append("  rows \(shown)\(left > 0 ? " … and \(left) more" : "")")
    return line
  }

  /// `epoch 2, batch 3 of 57`, counted from 1.
  static func place(_ rows: BatchRows) -> String {
    let noun = rows.batching.accumulated > 1 ? "update" : "batch"
    return "epoch \(rows.epoch + 1), \(noun) \(rows.position + 1) of \(rows.layout.updates)"
  }

  /// How far the epochs have come before a step: `8 epochs`, `8 epochs + 3 of 57`.
  static func progress(_ coming: BatchRows) -> String {
    let epochs = "\(coming.epoch) epoch\(coming.epoch == 1 ? "" : "s")"
    guard coming.position > 0 else { return epochs }
    return "\(epochs) + \(coming.position) of \(coming.layout.updates)"
  }

  static func json(_ rows: BatchRows) -> JSONValue {
    .object([
      "epoch": .number(Double(rows.epoch)), "position": .number(Double(rows.position)),
      "rows": .array(rows.indices.map { .number(Double($0)) }),
    ])
  }

  private static func title(_ batching: Batching) -> String {
    let size = batching.size.map(String.init) ?? "all"
    let names = batching.names.map(\.pretty).joined(separator: ", ")
    return "batch \(size)" + (names.isEmpty ? "" : " of \(names)")
  }

  private static func division(_ batching: Batching, _ layout: EpochLayout) -> String {
    guard !batching.names.isEmpty else { return "every step sees all of the data" }
    var parts = [counted(layout.rows, "row")]
    if batching.size == nil {
      parts.append("all in every step")
    } else {
      var epoch = counted(layout.batches, "batch", "es") + " an epoch"
      let rest = layout.rows % layout.size
      if rest > 0 {
        epoch += layout.dropsLast ? ", \(rest) rows left out of each" : ", the last one of \(rest)"
      }
      parts.append(epoch)
    }
    if layout.accumulated > 1 {
      parts.append(
        "\(layout.accumulated) to an update: " + counted(layout.updates, "update")
          + " an epoch")
    }
    if batching.workers > 1 { parts.append("each over \(batching.workers) workers") }
    let order =
      batching.size == nil
      ? "" : batching.shuffles ? "; shuffled, seed \(batching.seed)" : "; in their own order"
    return parts.joined(separator: ", ") + order
  }

  private static func counted(_ count: Int, _ noun: String, _ ending: String = "s") -> String {
    "\(count) \(noun)\(count == 1 ? "" : ending)"
  }

  private static func fields(_ batching: Batching, _ layout: EpochLayout) -> [String: JSONValue] {
    [
      "size": batching.size.map { .number(Double($0)) } ?? .string("all"),
      "of": .array(batching.names.map { .string($0.canonical) }),
      "rows": .number(Double(layout.rows)), "batches": .number(Double(layout.batches)),
      "updates": .number(Double(layout.updates)), "seed": .number(Double(batching.seed)),
      "shuffle": .bool(batching.shuffles), "last": .string(batching.dropsLast ? "drop" : "keep"),
      "accumulate": .number(Double(batching.accumulated)),
      "workers": .number(Double(batching.workers)),
    ]
  }
}

extension BatchRows {
  /// `rows 3 1 of X, y, the batch of this step`
  var origin: String {
    let names = batching.names.map(\.pretty).joined(separator: ", ")
    let shown = indices.prefix(8).map(String.init).joined(separator: " ")
    return "rows \(shown)\(count > 8 ? " …" : "") of \(names), the batch of this step"
  }
}

extension Session {
  /// Whether an expression looks at rows that a batch takes, other than by full(…).
  func seesBatch(_ expression: Expression) -> Bool {
    guard let batching = problem.batching, batching.takesRows else { return false }
    let partial = expression.replacing { part in
      guard case .call(let callee, let arguments) = part.kind, arguments.count == 1,
        callee.path.map(\.canonical) == ["full"]
      else { return nil }
      return Expression(.number(0, spelling: "0"), part.span)
    }
    return batching.names.contains { self.expression(partial, uses: $0) }
  }
}
