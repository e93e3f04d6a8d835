// Numbers and operations that are missing in a place where a formula of this kind has them: half of a term,
// π in a cosine, the minus of an exponent, a factor that divides.

import Diagnostics
import Notation

extension FormulaMistakes {
  func numbers(_ math: Math, _ changes: inout MathChanges) {
    func with(_ kind: Math.Kind) -> Math { Math(kind, math.span) }
    switch math.kind {
    case .sum(let terms) where terms.count > 1:
      for (place, term) in terms.enumerated() {
        if case .number = term.value.kind { continue }
        var other = terms
        other[place].value = Math(
          .fraction(term.value, Math(.number("2"), term.value.span)), term.value.span)
        changes.add(
          .other(id: "factor-two", says: "half of \(notation.plain(term.value)) is meant"),
          term.value, with(.sum(other)))
      }
    case .function(var call) where ["cos", "sin"].contains(call.name) && call.arguments.count == 1:
      let argument = call.arguments[0]
      call.arguments[0] = Math(
        .product([
          MathFactor(sign: .implicit, value: Math(.symbol(MathSymbol("pi")), argument.span)),
          MathFactor(
            sign: .times, value: Math(.fenced(.parenthesis, [argument]), argument.span)),
        ]), argument.span)
      changes.add(
        .other(id: "factor-left-out", says: "the factor π is missing in the \(name(call.name))"),
        argument, with(.function(call)))
    case .scripted(let base, var scripts):
      guard let power = scripts.upper, case .number(let text) = power.kind else { return }
      scripts.upper = Math(.number("-" + text), power.span)
      changes.add(
        .other(id: "exponent-sign", says: "the sign of the exponent \(text) is wrong"), power,
        with(.scripted(base, scripts)))
    case .product(let factors) where factors.count > 1:
      guard !FormulaFactor.read(factors, notation).isEmpty,
        factors.allSatisfy({ $0.sign == .implicit || $0.sign == .times })
      else { return }
      for (place, factor) in factors.enumerated() {
        switch factor.value.kind {
        case .symbol, .scripted, .accented: break
        default: continue
        }
        var rest = factors
        rest.remove(at: place)
        rest[0].sign = .implicit
        let above = rest.count == 1 ? rest[0].value : with(.product(rest))
        changes.add(
          .other(
            id: "factor-for-divisor",
            says: "\(notation.plain(factor.value)) has to divide, not to multiply"),
          factor.value, with(.fraction(above, factor.value)))
      }
    default: return
    }
  }

  private func name(_ function: String) -> String { function == "cos" ? "cosine" : "sine" }
}
