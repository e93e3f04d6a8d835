// The answers of gradcheck, hessian and backprop.

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

  init(_ check: GradientCheck) { self.check = check }

  var kind: String { "gradcheck" }

  private var rowCount: Int {
    let notable = check.entries.count { $0.verdict != .right }
    return min(Self.mostRows, max(Self.mostRightRows, notable), check.entries.count)
  }

  private func notes(_ format: Format) -> [String] {
    var notes: [String] = []
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
    let worst = check.entries.filter { $0.verdict == .right }.map(\.error).max()
    let error = worst.map { ", relative error at most \(NumberFormat.text($0, digits: 2))" } ?? ""
    let stopped = check.interrupted ? "; interrupted" : ""
    let wrong = check.entries.count { $0.verdict == .wrong || $0.verdict == .notFinite }
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
        .init("error"),
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
            ? .empty : .text(NumberFormat.text(entry.error, digits: 2)),
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

/// The matrix, its eigenvalues, what they say.
struct HessianReport: Report {
  let hessian: Hessian
  let loss: String

  init(_ hessian: Hessian, of loss: String) {
    self.hessian = hessian
    self.loss = loss
  }

  var kind: String { "hessian" }

  /// More columns than this, or more eigenvalues, are no table anyone reads.
  private static let mostColumns = 8
  private static let mostEigenvalues = 12

  private func title(_ format: Format) -> String {
    format.ascii ? "hessian(\(format.signs.plain(loss)))" : "∇²\(loss)"
  }

  private var verdict: String {
    switch hessian.curvature {
    case .positiveDefinite: "positive definite: \(loss) curves up in every direction"
    case .positiveSemidefinite:
      "positive semidefinite: \(loss) curves up or is flat, in no direction down"
    case .indefinite: "indefinite: up in some directions, down in others, as at a saddle"
    case .negativeSemidefinite:
      "negative semidefinite: \(loss) curves down or is flat, in no direction up"
    case .negativeDefinite: "negative definite: \(loss) curves down in every direction"
    case .zero: "zero: \(loss) has no curvature here"
    case nil: "not finite"
    }
  }

  /// Decimal points need not line up where some numbers are next to nothing.
  private var isUneven: Bool {
    let sizes = hessian.matrix.elements.map { abs($0) }.filter { $0 > 0 }
    return (sizes.min() ?? 1) < 1e-4 * (sizes.max() ?? 1)
  }

  func text(_ format: Format) -> [StyledText] {
    func number(_ value: Double) -> String { NumberFormat.text(value, digits: format.digits) }
    let title = title(format)
    var lines: [StyledText] = []
    if let formula = hessian.formula {
      let text = formula.text(format.ascii ? .ascii : .pretty)
      let start = StyledText(title, .name) + StyledText(" = ")
      lines += Wrapping.lines(
        text, width: format.width, indent: start.width, first: start.width
      ).enumerated().map { $0 == 0 ? start + StyledText($1) : StyledText($1) }
    }
    lines += matrix(format)
    lines += eigenvalues(format)
    lines += StyledText(format.signs.plain(verdict), .accent).folded(to: format.width)
    if let condition = hessian.conditionNumber {
      lines.append(StyledText("condition number \(number(condition))"))
    }
    if hessian.curvature == .positiveDefinite, hessian.largest > 0 {
      lines += StyledText(
        format.signs.plain(
          "gradient descent on this curvature is stable for lr < 2/λ = \(number(2 / hessian.largest))"
        ), .dim
      ).folded(to: format.width)
    }
    return lines
  }

  private func matrix(_ format: Format) -> [StyledText] {
    let names = hessian.labels.map { $0.text(format.ascii ? .ascii : .pretty) }
    let count = names.count
    guard count <= Self.mostColumns else {
      return [StyledText(TensorFormat(format).summary(hessian.matrix), .result)]
    }
    return TableReport(
      columns: [.init(hessian.formula == nil ? title(format) : "", .left)]
        + names.map { .init($0, isUneven ? .right : .automatic) },
      rows: names.enumerated().map { i, name in
        [.text(name)] + (0..<count).map { .number(hessian.matrix.elements[i * count + $0]) }
      }
    ).text(format)
  }

  /// All of them where they are few, else their number on each side of 0.
  private func eigenvalues(_ format: Format) -> [StyledText] {
    guard let values = hessian.eigenvalues, let low = values.first, let high = values.last else {
      return []
    }
    func number(_ value: Double) -> String { NumberFormat.text(value, digits: format.digits) }
    let zero = "\(format.signs.about) 0"
    var text = "eigenvalues  "
    if values.count <= Self.mostEigenvalues {
      text += values.map { hessian.isNegligible($0) ? zero : number($0) }.joined(separator: ", ")
    } else {
      let flat = values.count { $0 == 0 || hessian.isNegligible($0) }
      let negative = values.count { $0 < 0 && !hessian.isNegligible($0) }
      text +=
        "\(values.count) from \(hessian.isNegligible(low) ? zero : number(low)) to "
        + "\(hessian.isNegligible(high) ? zero : number(high)): \(negative) negative, "
        + "\(flat) \(zero), \(values.count - flat - negative) positive"
    }
    return Wrapping.lines(text, width: format.width, indent: 13).map { StyledText($0) }
  }

  func json() -> [String: JSONValue] {
    var fields: [String: JSONValue] = [
      "matrix": JSONValue(hessian.matrix),
      "labels": .array(hessian.labels.map { .string($0.text(.ascii)) }),
    ]
    if let eigenvalues = hessian.eigenvalues {
      fields["eigenvalues"] = .array(eigenvalues.map { JSONValue(number: $0) })
    }
    if let curvature = hessian.curvature { fields["curvature"] = .string(curvature.rawValue) }
    if let condition = hessian.conditionNumber {
      fields["condition_number"] = JSONValue(number: condition)
    }
    if let formula = hessian.formula {
      fields["formula"] = .string(formula.text(.ascii))
    }
    return fields
  }
}

/// Both passes, a line each: name, formula, numbers put in, value.
struct BackpropReport: Report {
  let pass: BackwardPass

  init(_ pass: BackwardPass) { self.pass = pass }

  var kind: String { "backprop" }

  func text(_ format: Format) -> [StyledText] {
    var lines = [StyledText("forward", .accent)]
    lines += FormulaLayout.lines(pass.forward.flatMap { rows($0, format) }, format: format)
    lines.append(StyledText("backward", .accent))
    lines += FormulaLayout.lines(pass.backward.flatMap { rows($0, format) }, format: format)
    if pass.isSummary {
      lines.append(StyledText("only what has a name is listed: there are many operations", .dim))
    }
    return lines
  }

  private func rows(_ line: BackwardPass.Line, _ format: Format) -> [FormulaRow] {
    var rows: [FormulaRow] = []
    let result = TensorFormat(format).line(line.value)
    for part in line.formula?.parts ?? [] {
      rows.append(
        FormulaRow(
          name: Piece.name(part.name).text(format),
          result: part.expression.map { text($0, format) } ?? "a constant of shape \(part.shape)"))
    }
    var row = FormulaRow(name: format.signs.plain(line.name.pretty), result: result)
    guard let formula = line.formula else {
      row.formula = format.signs.dots
      return rows + [row]
    }
    guard !formula.expression.isLiteral else { return rows + [row] }
    row.formula = text(formula.expression, format)
    if formula.parts.isEmpty {
      let numbers = NumbersPutIn(
        formula.expression, operands: line.operands, value: line.value, format: format)
      if let text = numbers.numbers, text != result, text != row.formula, numbers.agrees {
        row.numbers = text
      }
    }
    return rows + [row]
  }

  private func text(_ expression: Expression, _ format: Format) -> String {
    ExpressionPrinter(format.ascii ? .ascii : .pretty) { part in
      guard case .name(let name) = part.kind, name.canonical.contains("∂") else { return nil }
      return format.signs.plain(name.pretty)
    }.text(expression.bracketingAdjoints)
  }

  func json() -> [String: JSONValue] {
    func entries(_ lines: [BackwardPass.Line]) -> JSONValue {
      .array(
        lines.map { line in
          var fields: [String: JSONValue] = [
            "name": .string(Signs(ascii: true).plain(line.name.pretty)),
            "value": JSONValue(line.value),
          ]
          if let formula = line.formula {
            fields["formula"] = .string(text(formula.expression, Format(ascii: true)))
          }
          return .object(fields)
        })
    }
    return [
      "loss": .string(pass.loss.ascii), "forward": entries(pass.forward),
      "backward": entries(pass.backward),
    ]
  }
}

extension Expression {
  /// The formula with ∂L/∂r in brackets wherever it is a factor, so that it reads as one thing.
  fileprivate var bracketingAdjoints: Expression {
    func visit(_ part: Expression, isFactor: Bool) -> Expression {
      let new: Kind
      switch part.kind {
      case .name(let name):
        guard isFactor, name.canonical.hasPrefix("∂") else { return part }
        new = .name(Name(canonical: "(\(name.canonical))"))
      case .unary(let operation, let operand):
        new = .unary(operation, visit(operand, isFactor: operation != .not))
      case .binary(let operation, let left, let right):
        let binds =
          [.multiply, .divide, .matmul, .power, .modulo].contains(operation)
        new = .binary(operation, visit(left, isFactor: binds), visit(right, isFactor: binds))
      case .list(let elements): new = .list(elements.map { visit($0, isFactor: false) })
      case .call(let callee, let arguments):
        new = .call(
          callee,
          arguments.map { Argument(label: $0.label, value: visit($0.value, isFactor: false)) })
      case .index(let base, let subscripts): new = .index(visit(base, isFactor: true), subscripts)
      case .number, .string, .member, .gradient: return part
      }
      return Expression(new, part.span)
    }
    return visit(self, isFactor: false)
  }
}
