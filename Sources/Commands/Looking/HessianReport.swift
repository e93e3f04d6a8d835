// The answer of hessian: formula where it is short, matrix, eigenvalues, and what they mean.

import Diagnostics
import Engine
import Notation
import Tensors

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
