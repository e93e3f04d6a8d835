// The changes that may explain a wrong number or derivative, the commonest first.

import Notation

enum ClaimMutation {
  private static let limit = 400

  /// All single changes, those first that are made oftenest.
  static func all(_ math: Math) -> [MathChange] {
    changes(math) { $0.made != nil }.compactMap { change in change.made.map { (change, $0.rank) } }
      .enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }
      .map(\.element.0)
  }

  /// With a transpose put on or taken off somewhere, or two neighbours changing places.
  static func transposes(_ math: Math) -> [MathChange] {
    changes(math) { change in
      switch change.kind {
      case .transposed, .notTransposed, .before: true
      default: false
      }
    }
  }

  /// With twice one term: what the square of a penalty leaves in front.
  static func doubled(_ math: Math) -> [MathChange] {
    guard case .sum(let terms) = math.kind, terms.count > 1,
      terms.count <= MathChanges.mostParts
    else { return [] }
    return terms.indices.map { place in
      var changed = terms
      let part = terms[place].value
      let two = MathFactor(sign: .implicit, value: Math(.number("2"), part.span))
      changed[place].value = Math(
        .product([two, MathFactor(sign: .times, value: part)]), part.span)
      let says = "a factor 2 is missing in \(ClaimText.pretty(part.span.text))"
      return MathChange(
        kind: .other(id: "factor-two", says: says), part: part, span: part.span,
        isExponent: false, math: Math(.sum(changed), math.span))
    }
  }

  /// With one index in another's place.
  static func indices(_ math: Math, _ letters: Set<String>) -> [MathChange] {
    guard letters.count > 1 else { return [] }
    return MathChanges(
      math, limit: limit,
      symbol: { math in
        let symbol = ClaimSymbol(math)
        return (symbol != nil, symbol?.power)
      },
      isCall: { _ in false },
      wants: { if case .other = $0.kind { true } else { false } },
      also: { part, changes in
        guard case .scripted(let base, let scripts) = part.kind else { return }
        for (place, item) in scripts.lower.enumerated() {
          guard let index = indexLike(item), index.offset == 0, letters.contains(index.letter)
          else { continue }
          for other in letters.sorted() where other != index.letter {
            var changed = scripts
            changed.lower[place] = Math(.symbol(MathSymbol(other)), item.span)
            let name = ClaimText.pretty(part.span.text)
            changes.add(
              .other(
                id: "index-swapped",
                says: "the index \(index.letter) of \(name) stands for \(other)"),
              part, Math(.scripted(base, changed), part.span))
          }
        }
      }
    ).all
  }

  private static func changes(_ math: Math, _ wants: @escaping (MathChange) -> Bool)
    -> [MathChange]
  {
    MathChanges(
      math, limit: limit,
      symbol: { math in
        let symbol = ClaimSymbol(math)
        return (symbol != nil, symbol?.power)
      },
      isCall: { factors in
        factors.first.flatMap { ClaimSymbol($0.value) }
          .map { FormulaFunctions.applied($0.base) != nil } ?? false
      }, wants: wants
    ).all
  }
}
