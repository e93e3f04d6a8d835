// Which letter counts the steps, and where each variable bears it: in the subscript, as a superscript
// in brackets or bare, or as an argument.
//
// A letter counts steps when one variable is seen at two of its values (θ_{t+1} and θ_t) or when it
// stands on left sides. Layer letters never do.

import Notation

struct IndexEvidence {
  enum Position: Hashable { case lower, upperBracket, upperBare, argument }

  /// The letter of the step.
  private(set) var letter: String?
  /// Where each variable bears it.
  private(set) var positions: [String: Position] = [:]
  /// Letters that number coordinates.
  private(set) var coordinates: Set<String> = []
  /// A prime marks the new value.
  private(set) var primeIsNew = false
  /// Variables whose new value bears a plus: x⁺.
  private(set) var plusIsNew: Set<String> = []
  /// Letters that are labels as bare superscripts: the l of wˡ.
  private(set) var labels: Set<String> = []
  /// Variables whose old value is a variable of its own: a left side is v_{prev}.
  private(set) var keepsOld: Set<String> = []

  /// Decays that stand without an index as well: the (t) of β^{(t)} is a power.
  private(set) var powered: Set<String> = []

  private struct Place: Hashable {
    var stem: String
    var position: Position
    var letter: String
  }

  private var offsets: [Place: Set<Int>] = [:]
  private var onLeft: Set<Place> = []
  private var bound: Set<String> = []
  private var powers: Set<String> = []
  /// Letters of 1 - βⁿ.
  private var corrections: Set<String> = []
  private var leftPrimed: Set<String> = []
  private var leftPlain: Set<String> = []
  private var sawNamedArrow = false
  private var leftPlus: Set<String> = []
  private var leftWithoutPlus: Set<String> = []
  private var leftUpper: Set<String> = []
  private var leftLower: Set<String> = []
  /// Variables seen without any letter on them.
  private var bare: Set<String> = []

  init(_ items: [MathItem]) {
    for item in items {
      guard case .formula(let sides, let relations) = item.kind else { continue }
      let becomes = relations.first == .becomes
      let defines = relations.first?.isDefining ?? false
      let isNamed = becomes && relations.count == 2 && relations[1].isDefining
      if isNamed { sawNamedArrow = true }
      for (place, side) in sides.enumerated() {
        collect(side, left: isNamed ? place == 1 : (defines || becomes) && place == 0)
      }
    }
    decide()
  }

  static let neverTime: Set<String> = ["l", "L", "ell", "d", "e", "T", "N", "K", "n0"]

  private mutating func decide() {
    var scores: [String: Int] = [:]
    var strong: Set<String> = []
    for (place, seen) in offsets {
      let letter = place.letter
      if bound.contains(letter) || IndexEvidence.neverTime.contains(letter) { continue }
      guard letter == "tau" || letter.count == 1, letter.first?.isLowercase == true else {
        continue
      }
      // A power of β at t and t + 1 says nothing.
      if place.position == .upperBare, !onLeft.contains(place) { continue }
      scores[letter, default: 0] += 1
      if onLeft.contains(place) { scores[letter, default: 0] += 3 }
      if seen.count >= 2 {
        scores[letter, default: 0] += 10
        strong.insert(letter)
      }
    }
    let weak: Set<String> = ["i", "j", "p", "q", "s", "b", "c"]
    let order = ["t", "k", "n", "tau", "s", "m", "j", "i"]
    func letterRank(_ letter: String) -> Int { order.firstIndex(of: letter) ?? order.count }
    let best = scores.filter { strong.contains($0.key) || !weak.contains($0.key) }
      .max { ($0.value, -letterRank($0.key), $1.key) < ($1.value, -letterRank($1.key), $0.key) }
    if let best, strong.contains(best.key) || ["t", "k", "n", "tau"].contains(best.key) {
      letter = best.key
    } else if powers.contains("t") {
      letter = "t"
    } else if powers.contains("k") {
      letter = "k"
    } else if let other = ["n", "i", "s", "j"].first(where: corrections.contains) {
      letter = other
    }
    for (place, _) in offsets.sorted(by: { $0.key.stem < $1.key.stem }) where place.letter == letter
    {
      if place.position == .upperBracket, place.stem == "beta", bare.contains("beta"),
        !onLeft.contains(place)
      {
        powered.insert(place.stem)
        continue
      }
      let isIterate = place.position != .upperBare || onLeft.contains(place)
      if isIterate, positions[place.stem].map({ rank($0) > rank(place.position) }) ?? true {
        positions[place.stem] = place.position
      }
    }
    plusIsNew = leftPlus.subtracting(leftWithoutPlus)
    labels = leftUpper.filter { $0 != letter && ["l", "L", "i", "j", "c", "s"].contains($0) }
    primeIsNew =
      sawNamedArrow || !leftPrimed.isEmpty && leftPrimed.isDisjoint(with: leftPlain)
    coordinates = leftLower.filter {
      $0 != letter && ["i", "j", "k", "d", "p", "q", "m", "n"].contains($0)
    }
  }

  private func rank(_ position: Position) -> Int {
    switch position {
    case .lower: 0
    case .upperBracket: 1
    case .argument: 2
    case .upperBare: 3
    }
  }

  /// Whether variables bear their index bare: x^{k+1}.
  var usesBareSuperscripts: Bool { positions.values.contains(.upperBare) }

  // MARK: Collecting

  private mutating func collect(_ math: Math, left: Bool) {
    switch math.kind {
    case .scripted(let base, let scripts):
      if let stem = stem(of: base) { collect(stem, scripts, left: left) }
      // (β₁)^t
      if case .fenced(.parenthesis, let items) = base.kind, items.count == 1,
        stem(of: items[0]) != nil, let power = scripts.upper.flatMap(indexLike)
      {
        powers.insert(power.letter)
      }
      if left, case .scripted = base.kind {
        collect(base, left: left)
      } else {
        collect(base, left: false)
      }
      for child in scripts.children where indexLike(child) == nil { collect(child, left: false) }
    case .symbol(let symbol):
      bare.insert(symbol.name)
      if left {
        leftPlain.insert(symbol.name)
        leftWithoutPlus.insert(symbol.name)
      }
    case .accented(_, let inner):
      if case .scripted(let base, let scripts) = inner.kind, let stem = stem(of: math) {
        collect(stem, scripts, left: left)
        collect(base, left: false)
      } else {
        collect(inner, left: false)
      }
    case .product(let factors):
      for (place, factor) in factors.enumerated() {
        // `r(w, t)`, `E[g^2]_t`
        if place > 0, factor.sign == .implicit, let stem = stem(of: factors[place - 1].value) {
          let bracket = factor.value.raisedBracket?.bracket ?? factor.value
          if case .fenced(let fence, let items) = bracket.kind,
            fence == .parenthesis || fence == .bracket
          {
            for item in items {
              if let (letter, offset) = indexLike(item) {
                note(stem, .argument, letter, offset, left: left && factors.count == 2)
              }
            }
          }
          if case .scripted(let inner, let scripts) = factor.value.kind,
            case .fenced(.bracket, _) = inner.kind
          {
            collect(stem + "[]", scripts, left: left)
          }
        }
        let isDelta = place > 0 && isDelta(factors[place - 1].value)
        collect(factor.value, left: left && (place == 0 || isDelta))
      }
    case .sum(let terms):
      if terms.count == 2, case .number("1") = terms[0].value.kind, terms[1].isNegative,
        case .scripted(let base, let scripts) = terms[1].value.kind, stem(of: base) != nil,
        let power = scripts.upper.flatMap(indexLike), power.offset == 0
      {
        corrections.insert(power.letter)
      }
      for (place, term) in terms.enumerated() { collect(term.value, left: left && place == 0) }
    case .big(_, let scripts, let body):
      if let first = scripts.lower.first, case .relation(let sides, _) = first.kind,
        let index = sides.first.flatMap(indexLike)
      {
        bound.insert(index.letter)
      }
      if let top = scripts.upper.flatMap(indexLike), ["t", "k"].contains(top.letter) {
        powers.insert(top.letter)
      }
      collect(body, left: false)
    case .fraction(let above, let below):
      collect(above, left: left)
      collect(below, left: false)
    default:
      for child in math.children { collect(child, left: false) }
    }
  }

  private func isDelta(_ math: Math) -> Bool {
    if case .symbol(let symbol) = math.kind { return symbol.name == "Delta" }
    return false
  }

  private func stem(of base: Math) -> String? {
    switch base.kind {
    case .symbol(let symbol): return SymbolKey(base: symbol.name, face: symbol.face).stem
    case .accented(let accent, let inner):
      return stem(of: inner).map { accent + "-" + $0 }
    case .scripted(let inner, _): return stem(of: inner)
    case .fenced(.angle, _): return "E[]"
    default: return nil
    }
  }

  private mutating func collect(_ stem: String, _ scripts: MathScripts, left: Bool) {
    if scripts.upper == nil, scripts.lower.allSatisfy({ wholeNumber($0) != nil }) {
      bare.insert(stem)
    }
    for item in scripts.lower {
      if let (letter, offset) = indexLike(item) {
        note(stem, .lower, letter, offset, left: left)
        if left, offset == 0 { leftLower.insert(letter) }
      } else if case .symbol(let symbol) = item.kind, symbol.isRun, symbol.name.count == 2,
        symbol.name.contains(where: { "tkn".contains($0) })
      {
        for letter in symbol.name {
          note(stem, .lower, String(letter), 0, left: left)
          // G_{kj}: the other letter numbers coordinates.
          if left, ["i", "j"].contains(letter) { leftLower.insert(String(letter)) }
        }
      }
    }
    if let upper = scripts.upper {
      if case .fenced(let fence, let items) = upper.kind, fence == .parenthesis || fence == .bracket
      {
        for item in items {
          if let (letter, offset) = indexLike(item) {
            if scripts.slip != nil, !left { continue }
            note(stem, .upperBracket, letter, offset, left: left)
          }
        }
      } else if let (letter, offset) = indexLike(upper) {
        powers.insert(letter)
        note(stem, .upperBare, letter, offset, left: left)
      }
    }
    if left {
      if scripts.children.contains(where: isOldWord) { keepsOld.insert(stem) }
      if scripts.primes > 0, scripts.lower.isEmpty, scripts.upper == nil {
        leftPrimed.insert(stem)
      } else {
        leftPlain.insert(stem)
      }
      if case .mark("+")? = scripts.upper?.kind {
        leftPlus.insert(stem)
      } else if scripts.primes == 0 {
        leftWithoutPlus.insert(stem)
      }
      if case .symbol(let symbol)? = scripts.upper?.kind, !symbol.isRun, !symbol.isWord {
        leftUpper.insert(symbol.name)
      }
    }
  }

  private func isOldWord(_ math: Math) -> Bool {
    if case .symbol(let symbol) = math.kind { return SymbolReader.oldWords.contains(symbol.name) }
    return false
  }

  private mutating func note(
    _ stem: String, _ position: Position, _ letter: String, _ offset: Int, left: Bool
  ) {
    let place = Place(stem: stem, position: position, letter: letter)
    offsets[place, default: []].insert(offset)
    if left { onLeft.insert(place) }
  }
}
