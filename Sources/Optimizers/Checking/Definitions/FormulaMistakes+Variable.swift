// The variable that is missing on one side of a function in pieces: α for αx.

import Diagnostics
import Notation

extension FormulaMistakes {
  func variable(_ math: Math, _ changes: inout MathChanges) {
    switch math.kind {
    case .cases(let cases):
      guard let x = cases.first?.condition?.children.first,
        let key = notation.reference(x)?.key
      else { return }
      for (place, one) in cases.enumerated() where lacks(key, one.value) {
        var other = cases
        other[place].value = times(one.value, x)
        changes.add(missing(x), one.value, Math(.cases(other), math.span))
      }
    case .function(let call) where call.name == "max" || call.name == "min":
      // max(α, x) for max(αx, x)
      guard call.arguments.count == 2 else { return }
      for (place, argument) in call.arguments.enumerated() {
        let x = call.arguments[1 - place]
        guard let key = notation.reference(x)?.key, lacks(key, argument) else { continue }
        var other = call
        other.arguments[place] = times(argument, x)
        changes.add(missing(x), argument, Math(.function(other), math.span))
      }
    default: return
    }
  }

  private func missing(_ x: Math) -> MathChange.Kind {
    .other(id: "factor-left-out", says: "the factor \(notation.plain(x)) is missing")
  }

  /// Whether a symbol is nowhere in what is not 0.
  private func lacks(_ key: String, _ math: Math) -> Bool {
    if case .number(let text) = math.kind, Double(text) == 0 { return false }
    return !holds(key, math)
  }

  private func holds(_ key: String, _ math: Math) -> Bool {
    notation.reference(math)?.key == key || math.children.contains { holds(key, $0) }
  }

  private func times(_ a: Math, _ b: Math) -> Math {
    Math(
      .product([
        MathFactor(sign: .implicit, value: Math(.fenced(.parenthesis, [a]), a.span)),
        MathFactor(sign: .times, value: b),
      ]), a.span)
  }
}
