// ∇J̃ = ∇J + λw where nothing says what J is: a loss whose own gradient is a term of the claim may be any
// smooth function, so one that nobody would mean stands for it.
//
// Only where the gradient is added: elsewhere the claim may rest on what J is.

import Diagnostics
import Notation

enum UnsaidLosses {
  /// The scope with a function for each loss that only its gradient is said of.
  static func filled(_ scope: ClaimScope, _ target: GradientTarget, _ claims: [Math]) -> ClaimScope
  {
    guard let (of, all) = target.function, let by = all.first, all.count == 1 else { return scope }
    var result = scope
    let whole = withoutPlace(by, scope)
    let said = ClaimSymbol.keys(in: of).flatMap { key in
      [scope.functions[key]?.value, scope.definitions[key]?.value].compactMap { $0 }
    }
    let name = ClaimSymbol(of)?.key
    for claim in claims {
      for loss in added(claim) {
        guard let symbol = ClaimSymbol(loss), symbol.power == nil, symbol.primes == 0,
          symbol.key != name, result.functions[symbol.key] == nil,
          result.definitions[symbol.key] == nil, FormulaFunctions.applied(symbol.key) == nil,
          ([of] + said).contains(where: { ClaimSymbol.keys(in: $0).contains(symbol.key) }),
          let value = stand(for: whole, among: result.definitions.count)
        else { continue }
        result.definitions[symbol.key] = ClaimScope.Definition(binders: [], value: value)
        let w = ClaimText.pretty(whole.span.text)
        result.stands.append(
          (symbol.pretty, "‖tanh(\(w)) + \(factor(among: result.definitions.count - 1))·\(w)‖²"))
        if let arguments = ([of] + said).lazy.compactMap({ arguments(of: symbol.key, in: $0) })
          .first
        {
          result.functions[symbol.key] = ClaimScope.Function(arguments: arguments, value: value)
        }
      }
    }
    return result
  }

  /// The functions whose derivatives are terms of a sum, with a factor at most.
  private static func added(_ claim: Math) -> [Math] {
    guard case .sum(let terms) = claim.kind, terms.count > 1 else { return [] }
    return terms.compactMap { term in
      if let sign = DerivativeSign(term.value), sign.order == 1 { return sign.of }
      guard case .product(let factors) = term.value.kind else { return nil }
      let signs = factors.compactMap { DerivativeSign($0.value) }
      return signs.count == 1 && signs[0].order == 1 ? signs[0].of : nil
    }
  }

  /// w of w_i
  private static func withoutPlace(_ by: Math, _ scope: ClaimScope) -> Math {
    guard case .scripted(let base, let scripts) = by.kind, scripts.upper == nil,
      scripts.lower.count == 1, let letter = indexLike(scripts.lower[0])?.letter,
      scope.indexLetters.contains(letter)
    else { return by }
    return base
  }

  /// What J is called with where it is called: J(w; X, y).
  private static func arguments(of key: String, in math: Math) -> [String]? {
    if case .product(let factors) = math.kind {
      for (head, brackets) in zip(factors, factors.dropFirst()) where brackets.sign == .implicit {
        guard ClaimSymbol(head.value)?.key == key,
          case .fenced(.parenthesis, let items) = brackets.value.kind
        else { continue }
        let names = items.compactMap { ClaimSymbol($0)?.key }
        if names.count == items.count { return names }
      }
    }
    for child in math.children {
      if let found = arguments(of: key, in: child) { return found }
    }
    return nil
  }

  /// A smooth function of a number, a vector or a matrix.
  private static func stand(for variable: Math, among count: Int) -> Math? {
    let w = variable.span.text
    let source = "x = \\lVert \\tanh(\(w)) + \(factor(among: count)) \(w) \\rVert^2"
    guard let text = try? TeXText(Span(Source(source))), let item = text.items.first,
      case .formula(let sides, _) = item.kind, sides.count == 2
    else { return nil }
    return sides[1]
  }

  /// Two losses are not the same one.
  private static func factor(among count: Int) -> String { "0.\(3 + count % 5)" }
}
