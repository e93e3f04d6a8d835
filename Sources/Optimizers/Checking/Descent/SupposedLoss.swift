// The loss that a regression is fitted with, for an update whose text does not say it: half the squares of
// the errors, or the cross-entropy behind a sigmoid. A model that is only named, h_θ(x), is taken to be
// linear then, which is said.

import Diagnostics
import Notation

struct SupposedLoss {
  /// As formulas of the text's own symbols.
  private let lines: [String]
  let says: String

  /// nil where none suggests itself.
  init?(_ step: DescentStep, _ scope: ClaimScope) {
    let error = step.error
    guard !step.hasSlope, step.decays.isEmpty, step.data.sums.count < 2
    else { return nil }
    let sum = step.data.sums.first?.text ?? ""
    var usage = ClaimUsage(scope)
    for part in error.prediction { usage.add(part) }
    let squares =
      step.isOfMany && sum.isEmpty
      ? "\\frac{1}{2} \\|\(error.text)\\|^2" : "\\frac{1}{2} \(sum) (\(error.text))^2"
    switch error.model(usage) {
    case .linear:
      lines = ["J = " + squares]
      says = "half the squared errors"
    case .sigmoid:
      guard error.prediction.count == 1, let p = error.prediction.first?.span.text else {
        return nil
      }
      let y = error.target.span.text
      guard !step.isOfMany || !sum.isEmpty else { return nil }
      lines = ["J = -\(sum) (\(y) \\log(\(p)) + (1 - \(y)) \\log(1 - \(p)))"]
      says = "the cross-entropy"
    case .unsaid:
      guard let model = SupposedLoss.line(error, step.parameter, scope) else { return nil }
      lines = [model, "J = " + squares]
      says = "half the squared errors with \(ClaimText.pretty(model))"
    default: return nil
    }
  }

  func added(to context: ClaimContext) -> ClaimContext {
    var context = context
    for line in lines { context.add(Span(Source(line))) }
    return context
  }

  /// h_\theta(x) = \theta^T x, f_{w,b}(x) = wx + b; nil where something says what the model is, or where it
  /// is no function of inputs.
  private static func line(
    _ error: PredictionError, _ parameter: ClaimSymbol, _ scope: ClaimScope
  ) -> String? {
    guard error.prediction.count == 1, let call = error.prediction.first,
      case .product(let factors) = call.kind, factors.count == 2,
      let head = ClaimSymbol(factors[0].value), scope.functions[head.key] == nil,
      case .fenced(.parenthesis, let arguments) = factors[1].value.kind, arguments.count == 1,
      ClaimSymbol(arguments[0])?.stem == "x"
    else { return nil }
    let name = factors[0].value.span.text
    let weights = head.lower.map(\.span.text)
    switch weights.count {
    case 1:
      guard ClaimSymbol(head.lower[0])?.stem == parameter.stem,
        let component = parameter.lower.first, wholeNumber(component) == nil
      else { return nil }
      return "\(name)(x) = \(weights[0])^T x"
    case 2:
      let isOfSamples = ClaimSymbol(arguments[0]).map { !$0.upperPlaces.isEmpty } ?? false
      guard isOfSamples, parameter.lower.isEmpty, !parameter.span.text.contains("\\vec") else {
        return nil
      }
      return "\(name)(x) = \(weights[0]) x + \(weights[1])"
    default: return nil
    }
  }
}
