// σ(x) = 1/(1 + e^{-x}) = e^x/(1 + e^x): what a definition is first said to be, where the last form is
// the one that is compared.

import Notation

enum EarlierForms {
  /// The text with each earlier form of its one chain in the place of the last; none for several.
  static func all(_ items: [MathItem]) -> [[MathItem]] {
    let chains = items.indices.filter { place in
      if case .formula(let sides, let relations) = items[place].kind {
        return sides.count > 2 && relations.allSatisfy { $0 == .equals }
      }
      return false
    }
    guard chains.count == 1, let place = chains.first,
      case .formula(let sides, _) = items[place].kind, sides.count <= 5
    else { return [] }
    return sides.indices.dropFirst().dropLast().map { middle in
      var changed = items
      changed[place].kind = .formula([sides[0], sides[middle]], [.equals])
      return changed
    }
  }
}
