// The answer of backprop: the forward and the backward pass, a line for each value.

import Diagnostics
import Engine
import Notation
import Tensors

/// Both passes, a line each: name, formula, numbers put in, value.
struct BackpropReport: Report {
  let pass: BackwardPass

  init(_ pass: BackwardPass) { self.pass = pass }

  var kind: String { "backprop" }

  func text(_ format: Format) -> [StyledText] {
    var lines: [StyledText] = []
    if let sample = pass.sample {
      lines += StyledText(title(of: sample), .accent).folded(to: format.width, hanging: 2)
      let rows = sample.rows.map { name, value in
        FormulaRow(
          name: Piece.name(name).text(format), result: TensorFormat(format).line(value))
      }
      lines += FormulaLayout.lines(rows, format: format)
    }
    lines.append(StyledText("forward", .accent))
    lines += layered(pass.forward, format)
    lines.append(StyledText("backward", .accent))
    lines += layered(pass.backward, format)
    if pass.isSummary {
      lines.append(StyledText("only what has a name is listed: there are many operations", .dim))
    }
    return lines
  }

  /// What lines of no layer are called: those of the loss, or something before the model.
  private func outside(_ lines: ArraySlice<BackwardPass.Line>) -> String {
    let ends = [pass.loss, BackwardPass.adjoint(of: pass.loss, loss: pass.loss)]
    return lines.contains { ends.contains($0.name) } ? "loss" : "outside the model"
  }

  private func title(of sample: BackpropSample) -> String {
    guard sample.isBatch else {
      return "sample \(sample.indices.first ?? 0) of \(sample.count), counted from 0"
    }
    let shown = sample.indices.prefix(12).map { "\($0)" }.joined(separator: ", ")
    return "the coming step's \(sample.indices.count) of \(sample.count) samples: \(shown)"
      + (sample.indices.count > 12 ? ", …" : "")
  }

  /// The lines under the layers they belong to, where there are models.
  private func layered(_ lines: [BackwardPass.Line], _ format: Format) -> [StyledText] {
    guard lines.contains(where: { $0.layer != nil }) else {
      return FormulaLayout.lines(lines.flatMap { rows($0, format) }, format: format)
    }
    var result: [StyledText] = []
    var rest = lines[...]
    while let first = rest.first {
      let part = rest.prefix { $0.layer == first.layer }
      rest = rest.dropFirst(part.count)
      result += StyledText("  " + format.signs.plain(first.layer ?? outside(part)), .dim)
        .folded(to: format.width, hanging: 4)
      result += FormulaLayout.lines(
        part.flatMap { rows($0, format) }, format: format, indent: 4)
    }
    return result
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
          if let layer = line.layer { fields["layer"] = .string(Signs(ascii: true).plain(layer)) }
          return .object(fields)
        })
    }
    var fields: [String: JSONValue] = [
      "loss": .string(pass.loss.ascii), "forward": entries(pass.forward),
      "backward": entries(pass.backward),
    ]
    if let sample = pass.sample {
      fields["rows"] = .array(sample.indices.map { .number(Double($0)) })
      fields["samples"] = .number(Double(sample.count))
    }
    return fields
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
