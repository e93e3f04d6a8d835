// Derivatives of losses that everybody knows, for a text that claims one without saying what L is:
// `\frac{\partial L}{\partial z} = \hat y - y`.
//
// It can only find that the claim is right for one of them. That it is none of them is no mistake.

import Diagnostics
import Notation

enum KnownLosses {
  /// A finding when the claim is right for a known loss; nil otherwise.
  static func finding(
    _ target: GradientTarget, _ claims: [Math], _ scope: ClaimScope, _ isStopped: Stopping = .never
  ) -> Finding? {
    guard case .derivative(let of, let by) = target.kind, let loss = ClaimSymbol(of),
      scope.definitions[loss.key] == nil, let claim = claims.first, claims.count == 1,
      let byText = symbolText(by)
    else { return nil }
    var usage = ClaimUsage(scope)
    usage.add(claim)
    let byKey = ClaimSymbol(by).map { usage.name($0).key } ?? ""
    let others = usage.free.keys.sorted().filter { $0 != byKey }
    let isInside = usage.free[byKey] != nil
    // What is predicted, and what it should be.
    guard others.count == (isInside ? 1 : 2),
      let target = others.first(where: ClaimSample.isTarget), let y = symbolText(target, usage)
    else { return nil }
    let prediction = others.first { $0 != target }
    let p = prediction.flatMap { symbolText($0, usage) } ?? byText
    guard isInside ? p == byText : prediction != nil else { return nil }
    let letters = usage.openLetters.sorted()
    guard letters.count <= 1 else { return nil }
    var names: [String] = []
    for (name, lines) in losses(p: p, y: y, z: isInside ? nil : byText, letter: letters.first)
    where !isStopped() {
      var context = ClaimContext()
      let text = of.span.text + lines.joined(separator: " \\\\ ").dropFirst()
      context.add(Span(Source(text)))
      var inner = context.scope(.printed).sampled
      inner.single.formUnion(scope.single)
      guard let derivative = GradientTarget(self.target(of, by), inner) else { continue }
      if case .right = GradientClaim(inner, derivative, isStopped).outcome(of: claim) {
        names.append(name)
      }
    }
    guard !names.isEmpty else { return nil }
    let text = ClaimText.pretty(derivativeText(of, by))
    return Finding(
      .right, "= \(text) of " + names.joined(separator: ", of "),
      measure: "agrees with finite differences",
      details: ["nothing here says what \(loss.pretty) is; it is right for \(names[0])"],
      reference: names[0])
  }

  private static func derivativeText(_ of: Math, _ by: Math) -> String {
    "\\frac{\\partial \(of.span.text)}{\\partial \(by.span.text)}"
  }

  /// ∂L/∂z, however it was printed.
  private static func target(_ of: Math, _ by: Math) -> Math {
    let sign = { (span: Span) in
      MathFactor(sign: .implicit, value: Math(.symbol(MathSymbol("partial")), span))
    }
    let part = { (math: Math) in
      Math(
        .product([sign(math.span), MathFactor(sign: .implicit, value: math)]), math.span)
    }
    return Math(.fraction(part(of), part(by)), of.span.joined(with: by.span))
  }

  private static func symbolText(_ math: Math) -> String? {
    ClaimSymbol(math) == nil ? nil : math.span.text
  }

  private static func symbolText(_ key: String, _ usage: ClaimUsage) -> String? {
    usage.spans[key]?.text
  }

  /// - Parameter z: what the prediction is made of; nil when the loss is by the prediction itself.
  private static func losses(p: String, y: String, z: String?, letter: String?) -> [(
    name: String, lines: [String]
  )] {
    let sum = letter.map { "\\sum_{\($0)} " } ?? ""
    let binary = "L = -\(sum)(\(y) \\log \(p) + (1 - \(y)) \\log (1 - \(p)))"
    let many = letter.map { "L = -\\sum_{\($0)} \(y) \\log \(p)" } ?? "L = -(\(y))^T \\log \(p)"
    let squares = letter == nil ? "L = (\(p) - \(y))^2" : "L = \(sum)(\(p) - \(y))^2"
    let half =
      letter == nil
      ? "L = \\frac{1}{2} (\(p) - \(y))^2" : "L = \\frac{1}{2} \(sum)(\(p) - \(y))^2"
    guard let z else {
      return [
        ("half the squared error", [half]), ("the squared error", [squares]),
        ("the cross-entropy", [letter == nil ? "L = -\(y) \\log \(p)" : many]),
        ("the binary cross-entropy", [binary]),
      ]
    }
    let other = letter == "j" ? "k" : "j"
    let softmax = letter.map { letter in
      "\(p) = \\frac{e^{\(z)}}{\\sum_{\(other)} e^{\(z.replacing("_" + letter, "_" + other).replacing("_{\(letter)}", "_{\(other)}"))}}"
    }
    return [
      (
        "the cross-entropy of a softmax", [many, softmax ?? "\(p) = \\operatorname{softmax}(\(z))"]
      ),
      ("the binary cross-entropy of a sigmoid", [binary, "\(p) = \\sigma(\(z))"]),
      ("half the squared error of a linear output", [half, "\(p) = \(z)"]),
      ("the squared error of a linear output", [squares, "\(p) = \(z)"]),
      ("half the squared error of a sigmoid", [half, "\(p) = \\sigma(\(z))"]),
    ]
  }
}

extension String {
  func replacing(_ from: String, _ to: String) -> String {
    guard !from.isEmpty, from != to else { return self }
    var result = ""
    var rest = Substring(self)
    while !rest.isEmpty {
      if rest.hasPrefix(from) {
        result += to
        rest = rest.dropFirst(from.count)
      } else if let first = rest.first {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
