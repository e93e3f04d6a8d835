// What stands beside a claim and says when it holds, or in what unit: x > 0, GB, million.

import Notation

extension [MathItem] {
  /// Whether the text says where a symbol of the claim lies: x > 0, y ∈ {0, 1}, i ≠ j. That x is a real
  /// number, or n a whole one, is no condition.
  func hasCondition(on claim: [Math]) -> Bool {
    let keys = Set(claim.flatMap(ClaimSymbol.keys(in:)))
    return contains { item in
      guard case .formula(let sides, let relations) = item.kind else { return false }
      return relations.enumerated().contains { place, relation in
        switch relation {
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .notEqual: break
        case .member:
          if case .symbol(let set) = sides[place + 1].kind, set.face == "bb" { return false }
        default: return false
        }
        let named = [sides[place], sides[place + 1]].flatMap(ClaimSymbol.keys(in:))
        return named.contains { keys.contains($0) }
      }
    }
  }

  /// Whether a unit that stands for a factor follows an item.
  func hasScale(behind place: Int) -> Bool {
    guard place + 1 < count, case .words(let words) = self[place + 1].kind else { return false }
    let first = words.split { !($0.isLetter || $0 == "%") }.first.map(String.init) ?? ""
    if ["%", "percent", "thousand", "million", "billion", "K", "M", "G", "T"].contains(first) {
      return true
    }
    if ["ms", "min", "h", "hours", "minutes", "bytes", "万", "亿"].contains(first) { return true }
    // kB, MB, GiB
    return first.hasSuffix("B") && first.count <= 3
  }
}

extension ClaimSymbol {
  /// The keys of all symbols of a formula.
  static func keys(in math: Math) -> [String] {
    if let symbol = ClaimSymbol(math) { return [symbol.key] }
    return math.children.flatMap(keys(in:))
  }
}
