// Derivatives of what everybody knows, in terms of the output, where nothing says what it is:
// ∂pᵢ/∂zⱼ = pᵢ(δᵢⱼ - pⱼ), ∂a/∂z = a(1 - a).
//
// It can only find that the claim is right for one of them. That it is none of them is no mistake.

import Diagnostics
import Notation

enum KnownActivations {
  /// A finding when the claims are right for a known function; nil otherwise.
  static func finding(
    _ target: GradientTarget, _ claims: [Math], _ scope: ClaimScope, _ isStopped: Stopping = .never
  ) -> Finding? {
    guard case .derivative(let of, let by) = target.kind, let output = ClaimSymbol(of),
      let input = ClaimSymbol(by), output.power == nil, input.power == nil,
      scope.definitions[output.key] == nil, scope.functions[output.key] == nil,
      !LayerNames.losses.contains(output.base)
    else { return nil }
    var usage = ClaimUsage(scope)
    for claim in claims { usage.add(claim) }
    let own = usage.name(output).key
    guard usage.free.keys.allSatisfy({ $0 == own }), usage.free[own] != nil,
      scope.definitions[own] == nil, usage.functions.isSubset(of: ["diag"])
    else { return nil }
    for (name, line) in lines(of, output, by, input) where !isStopped() {
      var context = ClaimContext()
      context.add(Span(Source(line)))
      var inner = context.scope(.printed).sampled
      inner.indexLetters.formUnion(scope.indexLetters)
      let sign = Math(.symbol(MathSymbol("partial")), target.span)
      func part(_ math: Math) -> Math {
        Math(
          .product([
            MathFactor(sign: .implicit, value: sign), MathFactor(sign: .implicit, value: math),
          ]), math.span)
      }
      let fraction = Math(.fraction(part(of), part(by)), target.span)
      guard let derivative = GradientTarget(fraction, inner) else { continue }
      let claim = GradientClaim(inner, derivative, isStopped)
      let isRight = claims.allSatisfy { math in
        if case .right = claim.outcome(of: math) { true } else { false }
      }
      guard isRight else { continue }
      return Finding(
        .right, "= \(ClaimText.pretty(target.span.text)) of \(name)",
        measure: "agrees with finite differences",
        details: ["nothing here says what \(output.pretty) is; it is right for \(name)"],
        reference: name)
    }
    return nil
  }

  private static func lines(_ of: Math, _ output: ClaimSymbol, _ by: Math, _ input: ClaimSymbol)
    -> [(name: String, line: String)]
  {
    let (a, z) = (of.span.text, by.span.text)
    guard let row = output.lower.first.flatMap({ indexLike($0)?.letter }),
      let column = input.lower.first.flatMap({ indexLike($0)?.letter }), output.lower.count == 1,
      input.lower.count == 1
    else {
      return [
        ("the sigmoid", "\(a) = \\frac{1}{1 + e^{-\(z)}}"), ("tanh", "\(a) = \\tanh(\(z))"),
        ("a softmax", "\(a) = \\operatorname{softmax}(\(z))"),
      ]
    }
    func at(_ letter: String) -> String {
      z.replacing("_{\(column)}", "_{\(letter)}").replacing("_\(column)", "_\(letter)")
    }
    let bound = ["k", "l", "m"].first { $0 != row && $0 != column } ?? "n"
    var result = [
      ("a softmax", "\(a) = \\frac{e^{\(at(row))}}{\\sum_{\(bound)} e^{\(at(bound))}}")
    ]
    if row == column {
      result += [
        ("the sigmoid", "\(a) = \\frac{1}{1 + e^{-\(z)}}"), ("tanh", "\(a) = \\tanh(\(z))"),
      ]
    }
    return result
  }
}
