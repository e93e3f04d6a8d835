// The way back from what was quantised: s(q + z) where q was x/s rounded, plus the zero point.
//
// Which sign the zero point has is a convention; that the way back undoes it is none.

import Diagnostics
import Notation

extension DefinitionJudge {
  /// A way back with the zero point's sign of the way there; nil for anything else.
  func wayBack(_ candidate: DefinitionCandidate) -> Finding? {
    let zeros = candidate.inputKeys.filter { Quantiser.zero.certain.contains($0) }
    guard let zero = zeros.first, zeros.count == 1, candidate.shape.symbols.count == 3,
      around.contains(where: { addsOnTheWayThere(zero, $0) })
    else { return nil }
    let mistakes = FormulaMistakes.all(of: candidate).filter { $0.id == "sign" }
    return wrong(
      candidate, mistakes,
      among: KnownDefinitions.all.filter { $0.family.id == "dequantise" && $0.slip == nil }, [])
  }

  /// Whether a text rounds something and adds this to it, and never takes it off.
  private func addsOnTheWayThere(_ zero: String, _ text: String) -> Bool {
    let bare = DefinitionJudge.bare(text).replacing("\\left", with: "")
    guard
      let place = ["round", "\\lfloor", "⌊", "rint"].lazy.compactMap({ bare.range(of: $0) }).first
    else { return false }
    let rest = bare[place.upperBound...]
    return rest.contains("+" + zero) && !rest.contains("-" + zero)
  }
}
