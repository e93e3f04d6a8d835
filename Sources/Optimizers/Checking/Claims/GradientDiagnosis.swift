// What is wrong with a claimed derivative: the change that makes it right.
//
// First by the ratio of the two, which shows a sign, a factor 2, a missing mean; then a missing factor
// among the symbols; then every small change of the formula, the first that has the derivative's
// numbers everywhere.

import Diagnostics
import Notation

struct GradientDiagnosis {
  var id: String
  var says: String
  /// claim/derivative, where it is one number everywhere.
  var ratio: Double?

  static func of(
    _ claim: Math, _ found: GradientClaim.Contradiction, _ target: GradientTarget,
    usage: ClaimUsage,
    _ isStopped: Stopping = .never
  ) -> GradientDiagnosis? {
    if found.isTransposed, same(found.claimed, found.derived) {
      return GradientDiagnosis(
        id: "transposed",
        says: "it is transposed: its shape is \(found.claimedShape ?? ""), that of the variable "
          + found.shape.shapeText)
    }
    if found.claimed.isEmpty { return transposes(claim, found) }
    if let ratio = ratio(found) {
      if var known = constant(ratio, usage: usage, found) {
        known.ratio = ratio
        return known
      }
    }
    if let factor = missingFactor(claim, found, target, usage) { return factor }
    if let factor = SumFactor.missing(claim, usage, isStopped, isRight: { isRight($0, found) }) {
      return GradientDiagnosis(
        id: "factor-left-out", says: "the factor \(factor) is missing inside of the sum")
    }
    for change in ClaimMutation.all(claim) where !isStopped() {
      if isRight(change.math, found) {
        return GradientDiagnosis(id: change.undone, says: "it is right \(clause(change))")
      }
    }
    if let inner = innerDerivative(found, target, isStopped) { return inner }
    for change in ClaimMutation.doubled(claim)
      + ClaimMutation.indices(claim, usage.openLetters) where !isStopped()
    {
      if isRight(change.math, found) {
        return GradientDiagnosis(id: change.undone, says: change.clause { $0.span.text })
      }
    }
    return nil
  }

  /// The factor of the chain rule: the derivative of a part of what is differentiated.
  private static func innerDerivative(
    _ found: GradientClaim.Contradiction, _ target: GradientTarget, _ isStopped: Stopping
  ) -> GradientDiagnosis? {
    guard let (of, by) = target.function, by.count == 1 else { return nil }
    var parts: [Math] = []
    func visit(_ math: Math) {
      guard parts.count < 30 else { return }
      switch math.kind {
      case .number, .symbol, .fenced: break
      default: parts.append(math)
      }
      for child in math.children { visit(child) }
    }
    for child in of.children { visit(child) }
    for part in parts where !isStopped() {
      let isFactor = found.points.indices.allSatisfy { place in
        guard
          let slope = try? GradientClaim.evaluator(found.points[place])
            .derivative(of: part, by: by[0]).value.scalar
        else { return false }
        return same([found.claimed[place].map { $0 * slope }], [found.derived[place]])
      }
      guard isFactor else { continue }
      return GradientDiagnosis(
        id: "missing-chain-factor",
        says: "the derivative of \(ClaimText.pretty(part.span.text)) is missing as a factor")
    }
    return nil
  }

  /// The transpose or the order of two factors that makes the shapes fit and the numbers right.
  private static func transposes(_ claim: Math, _ found: GradientClaim.Contradiction)
    -> GradientDiagnosis?
  {
    for change in ClaimMutation.transposes(claim) where isRight(change.math, found) {
      return GradientDiagnosis(id: change.undone, says: "the shapes fit \(clause(change))")
    }
    return nil
  }

  private static func clause(_ change: MathChange) -> String {
    change.clause { ClaimText.pretty($0.span.text) }
  }

  private static func isRight(_ math: Math, _ found: GradientClaim.Contradiction) -> Bool {
    for (place, scope) in found.points.enumerated() {
      guard let value = try? GradientClaim.evaluator(scope).value(math).simplified,
        value.hasShape(of: found.shape), same([value.elements], [found.derived[place]])
      else { return false }
    }
    return true
  }

  private static func same(_ a: [[Double]], _ b: [[Double]]) -> Bool {
    guard a.count == b.count else { return false }
    return zip(a, b).allSatisfy { x, y in
      x.count == y.count
        && zip(x, y).allSatisfy { abs($0 - $1) <= 1e-6 * max(1e-6, abs($0), abs($1)) }
    }
  }

  /// claim/derivative, when it is the same everywhere.
  private static func ratio(_ found: GradientClaim.Contradiction) -> Double? {
    var ratio: Double?
    for (claimed, derived) in zip(found.claimed, found.derived) {
      for (a, b) in zip(claimed, derived) {
        if abs(b) < 1e-9, abs(a) < 1e-9 { continue }
        guard abs(b) > 1e-9 else { return nil }
        let next = a / b
        if let ratio, abs(next - ratio) > 1e-5 * max(abs(ratio), 1e-9) { return nil }
        ratio = ratio ?? next
      }
    }
    return ratio
  }

  private static func constant(
    _ ratio: Double, usage: ClaimUsage, _ found: GradientClaim.Contradiction
  ) -> GradientDiagnosis? {
    func isNear(_ x: Double) -> Bool { abs(ratio - x) <= 1e-5 * max(1, abs(x)) }
    if isNear(-1) { return GradientDiagnosis(id: "sign", says: "its sign is the other way round") }
    for count in usage.counts.sorted() {
      guard let n = found.points.first?.values[count]?.scalar, n > 1 else { continue }
      let name = usage.names[count] ?? count
      if isNear(n) {
        return GradientDiagnosis(
          id: "sum-for-mean", says: "it is \(name) times too large: 1/\(name) is missing")
      }
      if isNear(1 / n) {
        return GradientDiagnosis(
          id: "mean-for-sum", says: "it is \(name) times too small: there is no 1/\(name)")
      }
    }
    if isNear(0.5) {
      return GradientDiagnosis(id: "factor-two", says: "a factor 2 is missing: it is half of it")
    }
    if isNear(2) { return GradientDiagnosis(id: "factor-two", says: "it is twice as large") }
    if isNear(-0.5) || isNear(-2) {
      return GradientDiagnosis(
        id: "sign", says: "its sign is the other way round, and a factor 2 is wrong")
    }
    if abs(ratio) < 1e-12 { return nil }
    return GradientDiagnosis(
      id: "constant-factor", says: "it is \(NumberFormat.text(ratio)) times the derivative")
  }

  /// derivative/claim is a symbol, or what the slope of an activation is.
  private static func missingFactor(
    _ claim: Math, _ found: GradientClaim.Contradiction, _ target: GradientTarget,
    _ usage: ClaimUsage
  ) -> GradientDiagnosis? {
    var quotients: [[Double]] = []
    for (claimed, derived) in zip(found.claimed, found.derived) {
      guard claimed.count == derived.count, claimed.allSatisfy({ abs($0) > 1e-9 }) else {
        return nil
      }
      quotients.append(zip(derived, claimed).map { $0 / $1 })
    }
    /// Whether a value, as a factor of every element, makes up the difference.
    func fits(_ run: (ClaimScope) -> FormulaValue?) -> Bool {
      for (scope, quotient) in zip(found.points, quotients) {
        guard let factor = run(scope)?.elements, factor.count == 1 || factor.count == quotient.count
        else { return false }
        for (place, wanted) in quotient.enumerated() {
          let x = factor[factor.count == 1 ? 0 : place]
          if !(abs(x - wanted) <= 1e-5 * max(abs(wanted), 1e-6)) { return false }
        }
      }
      return true
    }
    for (key, name) in names(usage) {
      func value(_ scope: ClaimScope) -> FormulaValue? {
        var known = scope.values[key]
        if known == nil, let definition = scope.definitions[key], definition.binders.isEmpty {
          known = try? ClaimEvaluator(scope).value(definition.value).simplified
        }
        guard let known else { return nil }
        return place(known, scope).map { FormulaValue($0) } ?? known
      }
      for sign in [1.0, -1.0] {
        let minus = sign < 0 ? ", and the sign" : ""
        if fits({ scope in value(scope)?.map { sign * $0 } }) {
          return GradientDiagnosis(
            id: "factor-left-out", says: "the factor \(name) is missing\(minus)")
        }
        if fits({ scope in value(scope)?.map { sign / $0 } }) {
          return GradientDiagnosis(
            id: "factor-left-out",
            says: "it is not divided by \(name)\(minus)")
        }
        if fits({ scope in value(scope)?.map { sign * $0 * (1 - $0) } }) {
          return GradientDiagnosis(
            id: "missing-chain-factor",
            says: "the derivative of the sigmoid is missing: \(name)(1 - \(name))\(minus)")
        }
        if fits({ scope in value(scope)?.map { sign * (1 - $0) } }) {
          return GradientDiagnosis(
            id: "factor-left-out", says: "the factor (1 - \(name)) is missing\(minus)")
        }
        if fits({ scope in value(scope)?.map { sign * (1 - $0 * $0) } }) {
          return GradientDiagnosis(
            id: "missing-chain-factor",
            says: "the derivative of tanh is missing: 1 - \(name)²\(minus)")
        }
      }
    }
    return nil
  }

  private static func place(_ value: FormulaValue, _ scope: ClaimScope) -> Double? {
    guard scope.places.count == 1, let place = scope.places.first?.value else { return nil }
    return value.element([place])?.scalar
  }

  private static func names(_ usage: ClaimUsage) -> [(key: String, name: String)] {
    usage.met.sorted().map { key in
      (key, usage.names[key] ?? key)
    }
  }
}
