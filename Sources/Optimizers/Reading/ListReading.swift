// A list on a left side, (w, b) ← (w, b) - η ∂_{(w,b)} L(w, b): parameters moved together by one rule.
// It is read for the first of them, which is said aloud.

import Diagnostics
import Notation

enum ListReading {
  /// The items with each such list replaced by its first part.
  static func unpacked(_ items: [MathItem]) -> (items: [MathItem], notes: [ReadingNote]) {
    var notes: [ReadingNote] = []
    let result = items.map { item -> MathItem in
      guard case .formula(let sides, let relations) = item.kind, let relation = relations.first,
        relation.isDefining, case .fenced(.parenthesis, let parts) = sides[0].kind,
        parts.count > 1, parts.allSatisfy(\.isSymbolLike)
      else { return item }
      let wanted = compact(sides[0])
      let single = sides.dropFirst().map { side in
        side.mapped { part in
          guard case .fenced(.parenthesis, _) = part.kind, compact(part) == wanted else {
            return nil
          }
          return Math(.fenced(.parenthesis, [parts[0]]), part.span)
        }
      }
      notes.append(
        ReadingNote(
          .convention,
          "\(sides[0].span.text) are moved together by one rule; it is read for \(parts[0].span.text)",
          sides[0].span))
      var copy = item
      copy.kind = .formula([parts[0]] + single, relations)
      return copy
    }
    return (result, notes)
  }

  private static func compact(_ math: Math) -> String {
    math.span.text.filter { !" {}\n\t".contains($0) }
  }
}
