// One claimed derivative: sampled, differentiated by finite differences, compared.
//
// It is right when every sample agrees; it is wrong only when the samples contradict it under every
// reading of shapes that fits, with targets that add up to 1 and symmetric matrices tried as well.

import Diagnostics
import Notation

struct GradientClaim {
  enum Outcome {
    case right(Agreement)
    /// One for each condition that was tried.
    case wrong([Contradiction])
    case unchecked(String, Span?)
  }

  struct Agreement {
    var inputs: Int
    var worst: Double
    var condition: ClaimSample.Condition
    /// Descent's own gradient says the same; else there are finite differences alone.
    var isOwn: Bool
  }

  /// Where claim and derivative differ, for the diagnosis.
  struct Contradiction {
    var claimed: [[Double]]
    var derived: [[Double]]
    /// Of each sample, to evaluate other formulas at.
    var points: [ClaimScope]
    var shape: FormulaValue
    /// The claim's own shape, when it is another: transposed, or one that does not fit at all.
    var claimedShape: String?
    var isTransposed = false
    /// Descent's own gradient was taken, too.
    var isOwn = false
    /// Of several numbers by several.
    var isJacobian = false
  }

  let scope: ClaimScope
  let target: GradientTarget
  let usage: ClaimUsage
  private let isStopped: Stopping

  init(_ scope: ClaimScope, _ target: GradientTarget, _ isStopped: Stopping = .never) {
    self.isStopped = isStopped
    self.scope = scope
    self.target = target
    var usage = ClaimUsage(scope)
    for part in target.parts { usage.add(part) }
    self.usage = usage
  }

  // MARK: Comparing

  func outcome(of claim: Math) -> Outcome {
    if let reason = missing(claim) { return .unchecked(reason.0, reason.1) }
    var all = usage
    all.add(claim)
    let letters = all.openLetters.filter { scope.definitions[$0] == nil }.sorted()
    let sizes = all.sizes()
    var base = scope
    base.values = [:]
    base.smooth = all.functions
    for (name, size) in sizes where name.hasPrefix("letter ") {
      base.sizes[String(name.dropFirst(7))] = size
    }
    guard letters.count <= 3 else {
      return .unchecked("it has more than three free indices", claim.span)
    }
    var failure: FormulaFailure?
    var contradictions: [Contradiction] = []
    var misfit: Contradiction?
    var isOfMatrices = false
    var richness: Int?
    for shapes in ClaimSample.shapes(all) {
      // Once something fits, poorer readings are none.
      if let richness, all.hasMatrices, ClaimSample.richness(shapes) < richness { break }
      var found: [Contradiction] = []
      for condition in ClaimSample.Condition.allCases {
        if isStopped() { return .unchecked("stopped", nil) }
        do {
          switch try comparison(claim, base, shapes, letters, sizes, condition) {
          case .right(let agreement):
            // What fits only when everything is square, or a number, does not fit. Without matrices
            // there is nothing to be transposed: y and b are numbers where w and x are vectors.
            let isOfVectors = !isOfMatrices && ClaimSample.richness(shapes) > 0
            if let misfit, !isOfVectors, isDiagnosed(claim, misfit) { return .wrong([misfit]) }
            return .right(agreement)
          case .wrong(let more): found += more
          case .unchecked: break
          }
        } catch {
          failure = failure ?? error
          if case .shape = error, condition == .none, misfit == nil, !ClaimSample.isSquare(shapes),
            let derived = try? derivedAlone(base, shapes, letters, sizes)
          {
            misfit = derived
            isOfMatrices = ClaimSample.richness(shapes) >= 100
          }
          break
        }
      }
      guard !found.isEmpty else { continue }
      richness = richness ?? ClaimSample.richness(shapes)
      contradictions = contradictions.isEmpty ? found : contradictions
    }
    if let misfit, isDiagnosed(claim, misfit) { return .wrong([misfit]) }
    if !contradictions.isEmpty { return .wrong(contradictions) }
    return .unchecked(failure?.text ?? "its parts do not fit together", failure?.span)
  }

  private func isDiagnosed(_ claim: Math, _ misfit: Contradiction) -> Bool {
    GradientDiagnosis.of(claim, misfit, target, usage: usage, isStopped) != nil
  }

  /// The derivative where the claim has no value: its shapes do not fit.
  private func derivedAlone(
    _ base: ClaimScope, _ shapes: [String: ClaimSample.Shape], _ letters: [String],
    _ sizes: [String: Int]
  ) throws(FormulaFailure) -> Contradiction? {
    guard target.function != nil else { return nil }
    var result = Contradiction(claimed: [], derived: [], points: [], shape: FormulaValue(0))
    result.claimedShape = "one that does not fit"
    for seed in 0..<3 {
      var scope = base
      scope.values = ClaimSample.values(shapes, seed: seed, condition: .none)
      for places in places(letters, sizes) {
        scope.places = places
        guard
          let derived = try GradientClaim.evaluator(scope).derivative(target.kind, target.span)
        else { return nil }
        result.derived.append(derived.value.elements)
        result.points.append(scope)
        result.shape = derived.value
      }
    }
    return result
  }

  /// - Throws: when shapes do not fit, or something is not calculated.
  private func comparison(
    _ claim: Math, _ base: ClaimScope, _ shapes: [String: ClaimSample.Shape], _ letters: [String],
    _ sizes: [String: Int], _ condition: ClaimSample.Condition
  ) throws(FormulaFailure) -> Outcome {
    var contradiction = Contradiction(claimed: [], derived: [], points: [], shape: FormulaValue(0))
    var isSame = true
    var inputs = 0
    var worst = 0.0
    var failure: FormulaFailure?
    for seed in 0..<6 {
      var scope = base
      scope.values = ClaimSample.values(shapes, seed: seed, condition: condition)
      for places in places(letters, sizes) {
        scope.places = places
        let pair: (derived: FormulaValue, error: Double, claimed: FormulaValue)
        do {
          pair = try values(claim, scope)
        } catch {
          // Outside of its domain at this point; a shape that does not fit never does.
          switch error {
          case .undefined: failure = error
          default: throw error
          }
          continue
        }
        let derived = pair.derived.elements
        var claimed = pair.claimed
        let scale = derived.reduce(0) { max($0, abs($1)) }
        guard pair.error <= 1e-5 * max(1e-3, scale) else { continue }
        if !claimed.hasShape(of: pair.derived) {
          if claimed.transposed.simplified.hasShape(of: pair.derived) {
            contradiction.claimedShape = claimed.shapeText
            contradiction.isTransposed = true
            claimed = claimed.transposed.simplified
          } else if claimed.elements.count == 1, claimed.scalar == 0 {
            claimed = pair.derived.map { _ in 0 }
          } else {
            throw .shape(
              "the claim has shape \(claimed.shapeText), the derivative \(pair.derived.shapeText)",
              claim.span)
          }
        }
        if inputs < 4, let own = try? ClaimGraph.derivative(target.kind, scope) {
          try compare(own, derived, pair.error, scale)
          contradiction.isOwn = true
        }
        inputs += 1
        let difference = zip(derived, claimed.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
        let room = 1e-6 * max(1e-6, scale) + 20 * pair.error
        if !(difference <= room) { isSame = false }
        worst = max(worst, difference / max(scale, 1e-2))
        contradiction.derived.append(derived)
        contradiction.claimed.append(claimed.elements)
        contradiction.points.append(scope)
        contradiction.shape = pair.derived
        if case .derivative(let of, _) = target.kind, pair.derived.dimensions.count == 2 {
          let value = try? GradientClaim.evaluator(scope).value(of).simplified
          contradiction.isJacobian = value.map { !$0.isScalar } ?? false
        }
      }
    }
    guard inputs >= 2 else {
      throw failure ?? .undefined("no numbers could be put in", claim.span)
    }
    if isSame, contradiction.isTransposed, contradiction.shape.dimensions.count == 2 {
      return .wrong([contradiction])
    }
    return isSame
      ? .right(
        Agreement(
          inputs: inputs, worst: worst, condition: condition, isOwn: contradiction.isOwn))
      : .wrong([contradiction])
  }

  /// Two ways to a derivative that differ say nothing about a claim.
  private func compare(_ own: [Double], _ derived: [Double], _ error: Double, _ scale: Double)
    throws(FormulaFailure)
  {
    let room = 1e-6 * max(1e-6, scale) + 20 * error
    guard own.count == derived.count, zip(own, derived).allSatisfy({ abs($0 - $1) <= room }) else {
      throw .undefined("finite differences and the built-in gradient differ here", target.span)
    }
  }

  /// All places that the free letters may be at.
  private func places(_ letters: [String], _ sizes: [String: Int]) -> [[String: Int]] {
    var result: [[String: Int]] = [[:]]
    for letter in letters {
      let size = min(sizes["letter " + letter] ?? 3, 4)
      result = result.flatMap { places in
        (1...max(1, size)).map { place in
          var places = places
          places[letter] = place
          return places
        }
      }
    }
    return result
  }

  private func values(_ claim: Math, _ scope: ClaimScope) throws(FormulaFailure)
    -> (derived: FormulaValue, error: Double, claimed: FormulaValue)
  {
    let evaluator = GradientClaim.evaluator(scope)
    switch target.kind {
    case .derivative, .second, .several, .hessian:
      guard let (derived, error) = try evaluator.derivative(target.kind, target.span) else {
        throw .notUnderstood("this derivative is not taken", target.span)
      }
      let claimed = try GradientClaim.evaluator(scope).value(claim).simplified
      return (derived, error, claimed)
    case .prime(let name, let argument):
      if let argument {
        let at = try evaluator.number(argument)
        let derived = try evaluator.slope(name, FormulaValue(at), claim.span)
        return (derived, 1e-10, try GradientClaim.evaluator(scope).value(claim).simplified)
      }
      // σ′ = σ(1 - σ): σ stands for its value.
      let at =
        scope.values["x"]?.scalar ?? 0.3 + 0.11
        * (scope.values.keys.sorted().first.flatMap {
          scope.values[$0]?.scalar
        } ?? 0)
      let derived = try evaluator.slope(name, FormulaValue(at), claim.span)
      let value = try evaluator.apply(name, [FormulaValue(at)], claim.span)
      let inner = scope.changed { $0.values[name] = value }
      return (derived, 1e-10, try GradientClaim.evaluator(inner).value(claim).simplified)
    }
  }

  /// Takes derivatives inside of formulas as well: the parts of a chain rule.
  static func evaluator(_ scope: ClaimScope) -> ClaimEvaluator {
    let evaluator = ClaimEvaluator(scope)
    evaluator.derivative = { sign, inside throws(FormulaFailure) in
      guard sign.order == 1, let of = sign.of, let by = sign.by.first ?? sign.arguments?.first,
        sign.by.count <= 1
      else { throw .notUnderstood("this derivative is not taken", sign.span) }
      return try inside.derivative(of: of, by: by).value
    }
    return evaluator
  }
}
