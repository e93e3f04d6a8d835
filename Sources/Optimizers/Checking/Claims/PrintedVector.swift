// One printed number, or several in brackets.

import Notation

struct PrintedVector: Sendable {
  var numbers: [PrintedNumber]
  var isVector: Bool

  /// nil for what is not all printed numbers.
  init?(_ math: Math) {
    if let number = PrintedNumber(math) {
      numbers = [number]
      isVector = false
      return
    }
    var inner = math
    // (1, 2)^T is the same as a column.
    if case .scripted(let base, let scripts) = math.kind, scripts.lower.isEmpty,
      let upper = scripts.upper
    {
      switch upper.kind {
      case .mark("T"): inner = base
      case .symbol(let symbol) where symbol.name == "T": inner = base
      default: return nil
      }
    }
    guard case .fenced(let fence, let items) = inner.kind, items.count > 1,
      fence == .parenthesis || fence == .bracket || fence == .brace
    else { return nil }
    numbers = items.compactMap(PrintedNumber.init)
    guard numbers.count == items.count else { return nil }
    isVector = true
  }

  var value: ClaimValue {
    isVector ? .vector(numbers.map(\.value)) : .number(numbers.first?.value ?? 0)
  }
}
