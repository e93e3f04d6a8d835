// Whether a parameter is added in the prediction, as a bias is, or multiplied by an input, as a slope is.
//
// The prediction that is written out decides: b is a slope in a + bx. Else its place tells, θ_0, and what
// the model's name lists, f_{w,b}; the letter alone says what is likely and accuses nobody.

import Notation

enum ParameterRole {
  case added, multiplied
  /// By its letter alone.
  case likelyAdded
  case unsaid

  init(_ step: DescentStep) {
    let parameter = step.parameter
    if let written = ParameterRole.written(parameter, in: step.error.prediction) {
      self = written
    } else if parameter.base.hasPrefix("bias")
      || parameter.isMarkedBias && !step.component.isEmpty
      || parameter.stem == "b" && ParameterRole.isListed(parameter, step.error.prediction)
    {
      self = .added
    } else if parameter.stem == "b" {
      self = parameter.lower.isEmpty ? .likelyAdded : .unsaid
    } else {
      self = .unsaid
    }
  }

  /// What a prediction that is written out makes of it; nil where it does not stand there, or in both ways.
  static func written(_ parameter: ClaimSymbol, in prediction: [Math]) -> ParameterRole? {
    var isAdded = false
    var isMultiplied = false
    func meet(_ symbol: ClaimSymbol, isFactor: Bool) {
      if symbol.letters.count > 1 {
        if symbol.letters.contains(parameter.stem), parameter.lower.isEmpty { isMultiplied = true }
        return
      }
      guard symbol.stem == parameter.stem,
        symbol.lower.map(labelText) == parameter.lower.map(labelText)
      else { return }
      if isFactor { isMultiplied = true } else { isAdded = true }
    }
    // The argument of a function stands alone in nothing: f(θ), h(x).
    func visitArgument(_ math: Math) {
      guard ClaimSymbol(math) == nil else { return }
      visit(math, isFactor: false)
    }
    func visit(_ math: Math, isFactor: Bool) {
      if let symbol = ClaimSymbol(math) {
        meet(symbol, isFactor: isFactor)
        // e^{-(wx + b)}
        if let power = symbol.power { visitArgument(power) }
        return
      }
      switch math.kind {
      case .sum(let terms): for term in terms { visit(term.value, isFactor: isFactor) }
      case .fenced(_, let items): for item in items { visit(item, isFactor: isFactor) }
      case .product(let factors):
        var before: ClaimSymbol?
        let isProduct = factors.contains { factor in
          if case .number = factor.value.kind { return false }
          return !isBracket(factor.value)
        }
        for factor in factors {
          if let head = before, case .fenced(_, let items) = factor.value.kind,
            !["x", "X", "phi", "Phi"].contains(head.stem)
          {
            for item in items { visitArgument(item) }
          } else {
            visit(factor.value, isFactor: isFactor || isProduct)
          }
          before = ClaimSymbol(factor.value)
        }
      case .function(let call): for argument in call.arguments { visitArgument(argument) }
      case .big(_, _, let body): visit(body, isFactor: isFactor)
      default: for child in math.children { visit(child, isFactor: isFactor) }
      }
    }
    func isBracket(_ math: Math) -> Bool { if case .fenced = math.kind { true } else { false } }
    for part in prediction { visit(part, isFactor: false) }
    guard isAdded != isMultiplied else { return nil }
    return isAdded ? .added : .multiplied
  }

  /// f_{w,b}(x)
  private static func isListed(_ parameter: ClaimSymbol, _ prediction: [Math]) -> Bool {
    prediction.contains { math in
      guard case .product(let factors) = math.kind, let head = ClaimSymbol(factors[0].value) else {
        return false
      }
      let labels = head.lower.map(labelText)
      if labels.count == 1 {
        return labels[0].count == 2 && labels[0].contains(parameter.stem)
      }
      return labels.contains(parameter.stem)
    }
  }
}

extension ClaimSymbol {
  /// θ_0, w_{bias}: of the component, if it has one.
  fileprivate var isMarkedBias: Bool {
    lower.contains { wholeNumber($0) == 0 || labelText($0).hasPrefix("b") }
  }
}
