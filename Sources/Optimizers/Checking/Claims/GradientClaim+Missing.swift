// What a claim speaks of and nothing says: the loss, how it depends on the variable, another symbol.

import Diagnostics
import Notation

extension GradientClaim {
  /// L(w) where nothing says what L is: a function, not a product.
  private func unsaidLoss(_ math: Math, of variable: ClaimSymbol) -> Math? {
    if case .product(let factors) = math.kind {
      for (head, brackets) in zip(factors, factors.dropFirst()) where brackets.sign == .implicit {
        guard let symbol = ClaimSymbol(head.value), symbol.power == nil,
          scope.functions[symbol.key] == nil, scope.definitions[symbol.key] == nil,
          case .fenced(.parenthesis, let items) = brackets.value.kind,
          items.contains(where: { ClaimSymbol($0)?.key == variable.key }),
          // Nobody puts a variable that is alone in brackets: q_i(w) is no product either.
          GradientClaim.losses.contains(symbol.base)
            || items.count == 1 && symbol.key != variable.key
              && FormulaFunctions.applied(symbol.base) == nil
        else { continue }
        return head.value
      }
    }
    for child in math.children {
      if let found = unsaidLoss(child, of: variable) { return found }
    }
    return nil
  }

  private static let losses: Set<String> = ["L", "J", "E", "C", "ell", "Q", "R", "F", "D"]

  /// What the claim speaks of and the function does not.
  func missing(_ claim: Math) -> (String, Span?)? {
    if let (of, all) = target.function {
      if let head = ClaimSymbol(of), head.power == nil, usage.free[usage.name(head).key] != nil {
        return ("nothing here says what \(head.pretty) is", of.span)
      }
      for by in all {
        guard let symbol = ClaimSymbol(by) else { continue }
        let said = ClaimSymbol.keys(in: of).compactMap {
          scope.functions[$0]?.value ?? scope.definitions[$0]?.value
        }
        if let loss = ([of] + said).lazy.compactMap({ unsaidLoss($0, of: symbol) }).first {
          return ("nothing here says what \(ClaimText.pretty(loss.span.text)) is", loss.span)
        }
        if let name = usage.functions.sorted().first(where: {
          $0.hasSuffix("_" + symbol.base) && scope.functions[$0] == nil
        }) {
          return (
            "nothing here says how \(name.dropLast(symbol.base.count))\(symbol.pretty) depends on "
              + symbol.pretty,
            of.span
          )
        }
        if let label = symbol.lower.first, symbol.lower.count == 1,
          usage.name(symbol).letters.isEmpty,
          labelText(label).count == 1, usage.free[symbol.base] ?? 0 > 0
        {
          return (
            "whether \(symbol.pretty) is one of the components that are added up is not said here",
            by.span
          )
        }
        var inside = ClaimUsage(scope)
        inside.add(of)
        if !inside.met.contains(inside.name(symbol).key) {
          return (
            "\(ClaimText.pretty(of.span.text)) is not written in terms of \(symbol.pretty) here",
            by.span
          )
        }
      }
    }
    var own = ClaimUsage(scope)
    own.add(claim)
    for key in own.free.keys.sorted() where usage.free[key] == nil && !usage.met.contains(key) {
      guard !usage.counts.contains(key), !ClaimSample.isIdentity(key) else { continue }
      if case .prime(key, nil) = target.kind { continue }
      let span = own.spans[key]
      let name = span.map { ClaimText.pretty($0.text) } ?? key
      return ("nothing here says what \(name) is", span)
    }
    for name in own.functions.sorted() where !usage.functions.contains(name) {
      guard scope.functions[name] == nil else { continue }
      return ("nothing here says what the function \(name) is", claim.span)
    }
    return nil
  }
}
