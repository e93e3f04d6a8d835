// Two formulas of gradients that are right in different conventions cannot both be right.

import Notation

extension LayerNames {
  /// A finding of what is right where layers are printed in one way; unchecked where a formula before it
  /// in the section is right only where they are printed in another.
  /// - Parameters:
  ///   - fits: the ways in which a chain is right.
  ///   - says: a way in words.
  func agreeing(
    _ right: Finding, _ chain: ClaimChain, fits: (ClaimChain) -> Set<LayerConvention>,
    says: (LayerConvention) -> String
  ) -> Finding {
    let own = fits(chain)
    guard !own.isEmpty else { return right }
    for other in units.claims(before: chain, section: section).suffix(LayerNames.compared) {
      let others = fits(other)
      guard !others.isEmpty, others.isDisjoint(with: own), let here = own.sorted(by: <).first,
        let there = others.sorted(by: <).first
      else { continue }
      let name = ClaimText.pretty(other.span.text)
      return Finding(
        .unchecked, right.reference ?? right.headline,
        details: [
          "it is right where \(says(here)), and \(name) before it where \(says(there)): "
            + "both cannot be, and nothing here prints the forward pass"
        ], reference: right.reference)
    }
    return right
  }

  /// With how many formulas before it one is compared.
  private static let compared = 8
}
