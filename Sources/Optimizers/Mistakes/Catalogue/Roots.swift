// Mistakes with squares, roots and the ε beside them.

import Diagnostics
import Notation

extension Mistake {
  static let missingSquare = Mistake("missing-square", "the square forgotten") { line in
    line.changes { site in
      guard let base = site.part.squared else { return [] }
      return [(base, "\(base.bracketed) is not squared")]
    }
  }

  static let doubledForSquared = Mistake("doubled-for-squared", "doubled, not squared", doubt: .odd)
  { line in
    line.changes { site in
      guard let base = site.part.squared else { return [] }
      return [(.of(.multiply, .number(2), base), "\(base.bracketed) is doubled, not squared")]
    }
  }

  static let squareOfProduct = Mistake(
    "square-of-product", "the factor squared as well", doubt: .odd
  ) { line in
    line.changes { site in
      guard case .binary(.multiply, let factor, let square) = site.part.kind,
        let base = square.squared
      else { return [] }
      let product = Expression.of(.multiply, factor, base)
      return [(.of(.power, product, .number(2)), "\(factor.bracketed) is squared as well")]
    }
  }

  static let extraSquare = Mistake("extra-square", "a square that does not belong there") { line in
    line.changes { site in
      guard let name = site.part.name, !site.isInPower, line.isMoved(name) else { return [] }
      return [(.of(.power, site.part, .number(2)), "\(name.pretty) is squared")]
    }
  }

  static let extraRoot = Mistake(
    "extra-root", "a root that does not belong there", doubt: .choice
  ) { line in
    line.changes { site in
      guard let name = site.part.name, line.rule.states.contains(name), name != line.name,
        !line.value.contains({ $0.underRoot?.name == name })
      else { return [] }
      return [(.root(site.part), "the root of \(name.pretty) is taken")]
    }
  }

  static let missingRoot = Mistake("missing-root", "the root forgotten") { line in
    line.changes { site in
      if let inner = site.part.underRoot {
        return [(inner, "the root of \(inner.shown) is not taken")]
      }
      guard let call = site.part.plainCall, call.function == "norm", call.arguments.count == 1
      else { return [] }
      let square = Expression.of(.power, call.arguments[0], .number(2))
      return [(.call("sum", [square]), "the root in \(site.part.shown) is not taken")]
    }
  }

  static let squareForRoot = Mistake("square-for-root", "squared in place of the root", doubt: .odd)
  { line in
    line.changes { site in
      guard let inner = site.part.underRoot else { return [] }
      return [
        (.of(.power, inner, .number(2)), "\(inner.bracketed) is squared, its root is not taken")
      ]
    }
  }

  static let epsilonInsideRoot = Mistake(
    "epsilon-inside-root", "ε inside the root", doubt: .variation
  ) { line in
    line.changes { site in
      guard case .binary(.add, let root, let epsilon) = site.part.kind,
        let inner = root.underRoot, line.name(epsilon, .epsilon)
      else { return [] }
      return [
        (.root(.of(.add, inner, epsilon)), "\(epsilon.shown) stands inside the root, not behind it")
      ]
    }
  }

  static let epsilonOutsideRoot = Mistake(
    "epsilon-outside-root", "ε outside the root", doubt: .variation
  ) { line in
    line.changes { site in
      guard let inner = site.part.underRoot,
        case .binary(.add, let under, let epsilon) = inner.kind, line.name(epsilon, .epsilon)
      else { return [] }
      return [
        (.of(.add, .root(under), epsilon), "\(epsilon.shown) stands behind the root, not inside it")
      ]
    }
  }

  /// lr·m̂/√v̂ + ε, where brackets belong round the denominator.
  static let epsilonOutsideFraction = Mistake(
    "epsilon-outside-fraction", "ε outside the fraction"
  ) { line in
    (line.unbracketed(line.addsEpsilon) + line.unbracketedBeforeFactor).map { change in
      let epsilon = TermList(change.sum).terms.last?.value.shown ?? "ε"
      return Change(
        change.expression,
        "\(epsilon) is added to the whole, not to the denominator: brackets are missing")
    }
  }

  static let epsilonLeftOut = Mistake("epsilon-left-out", "ε left out", doubt: .variation) { line in
    line.changes { site in
      guard case .binary(.add, let a, let b) = site.part.kind else { return [] }
      if line.name(b, .epsilon) { return [(a, "\(b.shown) is left out")] }
      if line.name(a, .epsilon) { return [(b, "\(a.shown) is left out")] }
      return []
    }
  }
}

extension LineContext {
  /// The gradient, or what a line before makes of it.
  fileprivate func isMoved(_ name: Name) -> Bool {
    name.canonical == "g"
      || name != self.name && name != rule.parameter && rule.line(of: name, before: index) != nil
        && (rule.states.contains(name) || rule.corrected(name, before: index) != nil)
  }

  /// Whether a part is a denominator to which ε is added last.
  func addsEpsilon(below site: Site) -> Bool {
    guard site.isBelow, case .binary(.add, _, let epsilon) = site.part.kind else { return false }
    return name(epsilon, .epsilon)
  }

  /// lr/√v + ε·g for lr/(√v + ε)·g: as one of the factors stands behind the fraction.
  fileprivate var unbracketedBeforeFactor: [(expression: Expression, sum: Expression)] {
    sites.dropFirst().flatMap { site -> [(expression: Expression, sum: Expression)] in
      let factors = FactorList(site.part)
      // A sign would be lost.
      guard !site.isBelow, !site.part.hasMinus, factors.above.count > 1, factors.below.count == 1,
        let sum = factors.below.first, case .binary(.add, let root, let epsilon) = sum.kind,
        name(epsilon, .epsilon)
      else { return [] }
      return factors.above.indices.compactMap { last in
        var others = factors.above
        let behind = others.remove(at: last)
        guard let above = Expression.product(others) else { return nil }
        let printed = Expression.of(
          .add, .of(.divide, above, root), .of(.multiply, epsilon, behind))
        return reread(site, printed).map { ($0, sum) }
      }
    }
  }

  /// The line as it is read when something is printed without brackets in the place of a part.
  private func reread(_ site: Site, _ printed: Expression) -> Expression? {
    let mark = Name(canonical: "bracketed_sum")
    guard !value.names.contains(mark) else { return nil }
    let pieces = site.put(.of(mark)).text(.ascii)
      .split(separator: mark.ascii, omittingEmptySubsequences: false)
    guard pieces.count == 2,
      var parser = try? Parser(Source(pieces.joined(separator: printed.text(.ascii)))),
      let expression = try? parser.parseExpression(), parser.atEnd
    else { return nil }
    return expression
  }

  /// The line as it is read when the brackets round a sum are not written: printed without them and
  /// read again.
  func unbracketed(_ isMeant: (Site) -> Bool) -> [(expression: Expression, sum: Expression)] {
    sites.dropFirst().compactMap { site in
      guard site.part.isSum, isMeant(site) else { return nil }
      return reread(site, site.part).map { ($0, site.part) }
    }
  }
}

extension Expression {
  /// Whether any part has a minus before it.
  fileprivate var hasMinus: Bool {
    contains { part in
      if case .unary(.negate, _) = part.kind { true } else { false }
    }
  }

  /// What is squared, as x² or x·x.
  fileprivate var squared: Expression? {
    switch kind {
    case .binary(.power, let base, let exponent) where exponent.isNumber(2): base
    case .binary(.multiply, let a, let b) where a.isSame(as: b) && !a.isLiteralNumber: a
    default: nil
    }
  }

  /// For a sentence's beginning: a sum in brackets.
  fileprivate var bracketed: String { isSum ? "(\(shown))" : shown }
}
