// Mistakes with signs and with terms that are added: the step, the look-ahead, weight decay.

import Notation

extension Mistake {
  static let lookaheadSign = Mistake("lookahead-sign", "the look-ahead's sign") { line in
    line.flips { site, _ in site.isLookahead }
  }

  static let lookaheadLeftOut = Mistake("lookahead-left-out", "no look-ahead", doubt: .choice) {
    line in
    line.changes { site in
      guard let call = site.part.plainCall, call.function == "grad", call.arguments.count == 1
      else { return [] }
      let g = Expression.of(Name(canonical: "g"))
      let at = call.arguments[0]
      return at.name == line.rule.parameter
        ? [] : [(g, "the gradient is taken at \(line.rule.parameter.pretty), not at \(at.shown)")]
    }
  }

  static let decaySign = Mistake("decay-sign", "the sign of the weight decay") { line in
    line.flips { site, term in !site.isLookahead && line.isWeightDecay(term) }
  }

  static let decayLeftOut = Mistake("decay-left-out", "no weight decay", doubt: .variation) {
    line in
    line.changes { site in
      guard case .binary(let operation, let a, let b) = site.part.kind, site.part.isSum else {
        return []
      }
      if line.isWeightDecay(b) { return [(a, "the weight decay \(b.shown) is left out")] }
      guard line.isWeightDecay(a) else { return [] }
      return [
        (operation == .subtract ? .negated(b) : b, "the weight decay \(a.shown) is left out")
      ]
    }
  }

  static let decayUnscaled = Mistake(
    "decay-unscaled", "the weight decay not multiplied by the learning rate", doubt: .variation
  ) { line in
    line.changes { site in
      guard case .binary(.multiply, let a, let b) = site.part.kind else { return [] }
      let says = { (decay: Expression) in
        "the weight decay \(decay.shown) is not multiplied by the learning rate"
      }
      if line.isWeightDecay(site.part), line.name(a, .learningRate) { return [(b, says(b))] }
      if line.isWeightDecay(site.part), case .binary(.multiply, let rate, let inner) = a.kind,
        line.name(rate, .learningRate)
      {
        let other = Expression.of(.multiply, inner, b)
        return [(other, says(other))]
      }
      guard FactorList(a).above.contains(where: { line.name($0, .learningRate) }),
        case .binary(let operation, let left, let right) = b.kind, b.isSum
      else { return [] }
      if line.isWeightDecay(right) {
        return [(.of(operation, .of(.multiply, a, left), right), says(right))]
      }
      guard line.isWeightDecay(left) else { return [] }
      return [(.of(operation, left, .of(.multiply, a, right)), says(left))]
    }
  }

  static let sign = Mistake("sign", "a sign flipped") { line in
    line.flips { _, _ in true }
      + line.changes { site in
        guard case .unary(.negate, let inner) = site.part.kind else { return [] }
        return [(inner, "the minus before \(inner.shown) is left out")]
      }
  }

  static let termLeftOut = Mistake("term-left-out", "a term left out", doubt: .variation) { line in
    line.changes { site in
      guard case .binary(let operation, let a, let b) = site.part.kind, site.part.isSum else {
        return []
      }
      return [
        (a, "the term \(b.shown) is left out"),
        (operation == .subtract ? .negated(b) : b, "the term \(a.shown) is left out"),
      ]
    }
  }

  /// Brackets left out, as they are when a formula is typed into a calculator line by line.
  static let missingParentheses = Mistake(
    "missing-parentheses", "brackets left out", doubt: .choice
  ) { line in
    line.unbracketed { !line.addsEpsilon(below: $0) }
      .map { Change($0.expression, "the brackets round \($0.sum.shown) are left out") }
  }
}

extension LineContext {
  /// Sums and differences with the other sign between their terms.
  fileprivate func flips(_ isMeant: (Site, Expression) -> Bool) -> [Change] {
    changes { site in
      guard case .binary(let operation, let a, let b) = site.part.kind, site.part.isSum,
        isMeant(site, b)
      else { return [] }
      return operation == .add
        ? [(.of(.subtract, a, b), "\(b.shown) is subtracted, not added")]
        : [(.of(.add, a, b), "\(b.shown) is added, not subtracted")]
    }
  }
}
