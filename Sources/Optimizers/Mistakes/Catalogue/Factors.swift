// Mistakes with factors: the learning rate, 2, and what is divided by.

import Notation

extension Mistake {
  static let rateLeftOut = Mistake(
    "learning-rate-left-out", "the learning rate left out", doubt: .variation
  ) { line in
    line.changes { site in
      let says = { (rate: Expression) in "the learning rate \(rate.shown) is left out" }
      switch site.part.kind {
      case .binary(.multiply, let a, let b):
        if line.name(a, .learningRate) { return [(b, says(a))] }
        if line.name(b, .learningRate) { return [(a, says(b))] }
        return []
      case .binary(.divide, let a, let b) where line.name(a, .learningRate):
        return [(.of(.divide, .number(1), b), says(a))]
      default: return []
      }
    }
  }

  /// v = β·v + lr·g, where the learning rate belongs to the parameter's line.
  static let rateInside = Mistake(
    "learning-rate-twice", "the learning rate inside the velocity as well", doubt: .choice
  ) { line in
    guard line.isState, let rate = line.rate, !line.value.names.contains(rate) else { return [] }
    return line.changes { site in
      let g = Name(canonical: "g")
      let isGradient =
        site.part.name == g || site.part.plainCall.map { $0.function == "grad" } ?? false
      guard isGradient, !site.isInPower, !site.isLookahead else { return [] }
      return [
        (
          .of(.multiply, .of(rate), site.part),
          "\(line.name.pretty) is given the learning rate \(rate.pretty), which belongs to the step"
        )
      ]
    }
  }

  /// w = w + lr·v, where v holds the learning rate already.
  static let rateOutside = Mistake(
    "learning-rate-twice", "the learning rate outside the velocity as well", doubt: .choice
  ) { line in
    guard line.isParameter, let rate = line.rate, !line.value.names.contains(rate),
      case .binary(let operation, let a, let b) = line.value.kind, line.value.isSum,
      a.name == line.rule.parameter
    else { return [] }
    return [
      Change(
        .of(operation, a, .of(.multiply, .of(rate), b)),
        "the step is multiplied by the learning rate \(rate.pretty) once more")
    ]
  }

  static let factorTwo = Mistake("factor-two", "the factor 2 forgotten", doubt: .odd) { line in
    line.changes { site in
      switch site.part.kind {
      case .binary(.multiply, let two, let rest) where two.isNumber(2):
        return [(rest, "the factor 2 is forgotten")]
      case .binary(.multiply, let rest, let two) where two.isNumber(2):
        return [(rest, "the factor 2 is forgotten")]
      case .binary(.multiply, let half, let rest) where half.isNumber(0.5):
        return [(rest, "the factor 0.5 is forgotten")]
      case .binary(.divide, let rest, let two) where two.isNumber(2):
        return [(rest, "the division by 2 is forgotten")]
      default: return []
      }
    }
  }

  /// v + β·g for g + β·v.
  static let coefficientsSwapped = Mistake(
    "coefficients-swapped", "the factors of two terms exchanged", doubt: .choice
  ) { line in
    line.changes { site in
      guard case .binary(let operation, let a, let b) = site.part.kind, site.part.isSum,
        let (mine, left) = line.weighted(a), let (its, right) = line.weighted(b),
        mine.map(\.shown) != its.map(\.shown)
      else { return [] }
      func product(_ factors: [Expression], _ rest: Expression) -> Expression {
        Expression.product(factors + [rest]) ?? rest
      }
      let says: String
      switch (Expression.product(mine), Expression.product(its)) {
      case (let one?, let other?):
        says = "\(left.shown) has the factor \(other.shown), and \(right.shown) has \(one.shown)"
      case (let one?, nil):
        says = "\(right.shown) has the factor \(one.shown), not \(left.shown)"
      case (nil, let other?):
        says = "\(left.shown) has the factor \(other.shown), not \(right.shown)"
      case (nil, nil): return []
      }
      return [(.of(operation, product(its, left), product(mine, right)), says)]
    }
  }

  static let reciprocal = Mistake(
    "reciprocal", "multiplied in place of divided", doubt: .odd
  ) { line in
    line.changes { site in
      guard case .binary(.divide, let a, let b) = site.part.kind else { return [] }
      return [(.of(.multiply, a, b), "\(a.shown) is multiplied by \(b.shown), not divided")]
    }
  }

  static let inverted = Mistake("inverted", "a fraction upside down", doubt: .odd) { line in
    line.changes { site in
      guard case .binary(.divide, let a, let b) = site.part.kind else { return [] }
      return [(.of(.divide, b, a), "the fraction \(site.part.shown) stands upside down")]
    }
  }

  static let divisorLeftOut = Mistake(
    "divisor-left-out", "a division left out", doubt: .variation
  ) { line in
    line.changes { site in
      guard case .binary(.divide, let a, let b) = site.part.kind else { return [] }
      return [(a, "the division by \(b.shown) is left out")]
    }
  }

  static let factorLeftOut = Mistake("factor-left-out", "a factor left out", doubt: .variation) {
    line in
    line.factorsLeftOut { _ in true }
  }

  static let exponentSign = Mistake("exponent-sign", "an exponent's sign", doubt: .odd) { line in
    line.changes { site in
      guard case .binary(.power, let base, let exponent) = site.part.kind,
        case .unary(.negate, let positive) = exponent.kind
      else { return [] }
      return [
        (.of(.power, base, positive), "the minus of the exponent \(exponent.shown) is left out")
      ]
    }
  }
}

extension LineContext {
  /// A term's factors that are hyperparameters, and the rest, which the gradient moves; nil for what is
  /// no such term.
  fileprivate func weighted(_ term: Expression) -> ([Expression], Expression)? {
    let factors = FactorList(term)
    func weighs(_ factor: Expression) -> Bool {
      factor.name.map(rule.hyper.contains) ?? (factor.complemented.map(isDecay) ?? false)
    }
    let rest = factors.above.filter { !weighs($0) }
    guard factors.below.isEmpty, rest.count == 1, let inner = rest.first,
      inner.name != rule.parameter, !inner.isLiteralNumber,
      inner.names.contains(where: { rule.states.contains($0) || $0.canonical == "g" })
    else { return nil }
    return (factors.above.filter(weighs), inner)
  }

  /// The rule's learning rate.
  fileprivate var rate: Name? { rule.hyper.first { rule.roles[$0] == .learningRate } }
}
