// The answer of gradcheck: a verdict, the elements that fit worst, and what was seen at kinks.

import Diagnostics
import Engine
import Notation
import Tensors

/// A verdict, the worst elements, and what was looked at.
struct GradientCheckReport: Report {
  let check: GradientCheck

  /// More rows than this are no help; the worst come first.
  private static let mostRows = 12
  private static let mostRightRows = 6

  /// What else there is to say about these numbers.
  let remarks: [String]

  init(_ check: GradientCheck, remarks: [String] = []) {
    self.check = check
    self.remarks = remarks
  }

  var kind: String { "gradcheck" }

  private var rowCount: Int {
    let notable = check.entries.count { $0.verdict != .right }
    return min(Self.mostRows, max(Self.mostRightRows, notable), check.entries.count)
  }

  private func notes(_ format: Format) -> [String] {
    var notes = remarks
    let entries = check.entries
    let kinks = entries.filter { $0.verdict == .kink }
    for kink in kinks.prefix(3) {
      guard let sides = kink.sides else { continue }
      notes.append(
        "\(Self.name(kink, format)) stands at a kink: the slope is "
          + "\(NumberFormat.text(sides.left, digits: 4)) to the left and "
          + "\(NumberFormat.text(sides.right, digits: 4)) to the right, and any number between is "
          + "a subgradient")
    }
    let jumps = entries.count { $0.verdict == .jump }
    if jumps > 0 {
      notes.append(
        "at \(jumps == 1 ? "one element" : "\(jumps) elements") \(check.loss) jumps, so there is "
          + "no slope; the gradient is that beside the jump")
    }
    if kinks.count > 3 { notes.append("\(kinks.count - 3) more elements stand at a kink") }
    let beside = entries.count { $0.verdict == .rightBesideKink }
    if beside > 0 {
      notes.append(
        "\(beside == 1 ? "one element is" : "\(beside) elements are") right close up, with a kink "
          + "nearby")
    }
    if entries.contains(where: { $0.verdict == .notFinite }) {
      notes.append("beside some elements the loss or its gradient is not finite")
    }
    for direction in check.directions {
      let verdict = direction.isRight ? "agrees" : "does NOT agree"
      notes.append(
        "\(Piece.name(direction.parameter).text(format)) as a whole, along a direction of signs: "
          + "\(NumberFormat.text(direction.ours, digits: 8)) \(verdict) with "
          + "\(NumberFormat.text(direction.numeric, digits: 8))")
    }
    return notes
  }

  private var summary: String {
    let counted =
      check.checkedCount == check.elementCount
      ? (check.elementCount == 1 ? "1 element" : "all \(check.elementCount) elements")
      : "\(check.checkedCount) of \(check.elementCount) elements"
    let worst = check.entries.filter { $0.verdict == .right }.map(\.meantError).max()
    let error = worst.map { ", relative error at most \(NumberFormat.text($0, digits: 2))" } ?? ""
    let stopped = check.interrupted ? "; interrupted" : ""
    let wrong = check.entries.count { $0.verdict == .wrong }
    let broken = check.entries.count { $0.verdict == .notFinite }
    if wrong == 0, broken > 0 {
      return "the gradient of \(check.loss) is not finite in \(broken) of \(counted)\(stopped)"
    }
    if check.isRight {
      return "the gradient of \(check.loss) is right: \(counted)\(error)\(stopped)"
    }
    return wrong > 0
      ? "the gradient of \(check.loss) is wrong in \(wrong) of \(counted)\(stopped)"
      : "the gradient of \(check.loss) is wrong along a direction, though not in the "
        + "\(check.checkedCount) elements looked at\(stopped)"
  }

  private static func name(_ entry: GradientCheck.Entry, _ format: Format) -> String {
    Piece.name(entry.parameter).text(format)
      + (entry.indices.isEmpty
        ? "" : "[" + entry.indices.map(String.init).joined(separator: ", ") + "]")
  }

  private func table(_ format: Format) -> TableReport {
    TableReport(
      columns: [
        .init("", .left), .init("element", .left), .init("gradient"), .init("difference"),
        .init("relative error"),
      ],
      rows: check.entries.prefix(rowCount).map { entry in
        let mark: StyledText =
          switch entry.verdict {
          case .right, .rightBesideKink: StyledText(format.signs.yes, .good)
          case .kink, .jump: StyledText(format.ascii ? "kink:" : "∧", .warning)
          case .wrong, .notFinite: StyledText(format.signs.no, .bad)
          }
        return [
          .styled(mark), .text(Self.name(entry, format)), .number(entry.ours),
          .number(entry.numeric),
          [.kink, .jump].contains(entry.verdict)
            ? .empty
            : .text(
              entry.meantError == entry.error
                ? NumberFormat.text(entry.error, digits: 2) : "rounding"),
        ]
      })
  }

  func text(_ format: Format) -> [StyledText] {
    var shown = format
    shown.digits = max(format.digits, 8)
    let mark = check.isRight ? format.signs.yes : format.signs.no
    var lines =
      (StyledText("\(mark) ", check.isRight ? .good : .bad)
      + StyledText(format.signs.plain(summary))).folded(to: format.width)
    lines += table(format).text(shown)
    if check.entries.count > rowCount {
      lines.append(StyledText("the worst \(rowCount) of \(check.entries.count)", .dim))
    }
    for note in notes(format) {
      lines += Wrapping.paragraph(format.signs.plain(note), width: format.width)
        .map { StyledText($0, .note) }
    }
    return lines
  }

  func json() -> [String: JSONValue] {
    [
      "loss": .string(check.loss), "right": .bool(check.isRight),
      "checked": .number(Double(check.checkedCount)),
      "elements": .number(Double(check.elementCount)),
      "notes": .array(notes(Format(ascii: true)).map { .string($0) }),
      "entries": .array(
        check.entries.map { entry in
          .object([
            "parameter": .string(entry.parameter.ascii),
            "index": .array(entry.indices.map { .number(Double($0)) }),
            "gradient": JSONValue(number: entry.ours),
            "difference": JSONValue(number: entry.numeric),
            "error": JSONValue(number: entry.error), "verdict": .string(entry.verdict.rawValue),
          ])
        }),
    ]
  }
}
