// Symbols in the light of the whole text: which variable, which step, label or power; compound names
// such as Δθ, E[g²]_t and dW; gradients in all the ways they are written.

import Diagnostics
import Notation

struct SymbolReader {
  let index: IndexEvidence
  /// A letter that for a while counts steps as well: the τ of Σ_{τ=1}^t.
  var alias: String?
  /// Letters of coordinates within a sum over them.
  var extraCoordinates: Set<String> = []
  /// Runs of letters that are products.
  var splitRuns: Set<String> = []
  /// Symbols whose square is a variable of its own.
  var squared: Set<SymbolKey> = []

  // MARK: One symbol

  /// A symbol with its scripts; nil when it is something else.
  func use(_ math: Math) -> SymbolUse? {
    switch math.kind {
    case .symbol(let symbol):
      if symbol.isRun, splitRuns.contains(symbol.name) { return nil }
      return SymbolUse(
        key: SymbolKey(base: plainName(symbol), face: symbol.face), span: math.span)
    case .accented(let accent, let inner):
      guard var use = use(inner) else { return nil }
      if let power = use.power {
        use.key.labels.append(labelText(power) == "2" ? "sq" : labelText(power))
        use.power = nil
      }
      use.key.accents.append(accent)
      use.span = math.span
      return use
    case .fenced(.angle, let items):
      // ⟨g²⟩ is E[g²].
      guard items.count == 1, !isGradient(items[0]) else { return nil }
      return SymbolUse(
        key: SymbolKey(base: "E", labels: [labelText(withoutTime(items[0]))]), span: math.span)
    case .scripted(let base, let scripts):
      guard var use = use(base), use.power == nil else { return nil }
      use.span = math.span
      if case .fenced = base.kind { return applyStatistic(scripts, to: &use) ? use : nil }
      guard apply(scripts, to: &use) else { return nil }
      if squared.contains(use.key), let power = use.power, case .number("2") = power.kind {
        use.key.labels.append("sq")
        use.power = nil
      }
      return use
    default: return nil
    }
  }

  /// `beta_1` typed as a word is β₁.
  func plainName(_ symbol: MathSymbol) -> String {
    if symbol.isRun || symbol.isWord {
      let plain = Name(spelling: symbol.name).canonical
      let stem = String(plain.prefix { $0.isLetter })
      if GreekLetters.letter(named: stem) != nil, stem == plain { return stem }
    }
    return symbol.name
  }

  static let newWords: Set<String> = ["new", "next", "neu", "nxt"]
  static let oldWords: Set<String> = ["old", "prev", "previous", "alt", "last"]

  func apply(_ scripts: MathScripts, to use: inout SymbolUse) -> Bool {
    let stem = use.key.stem
    for item in scripts.lower { apply(lower: item, stem: stem, to: &use) }
    if let upper = scripts.upper { apply(upper: upper, stem: stem, to: &use) }
    if scripts.primes > 0 {
      if index.primeIsNew, scripts.primes == 1 {
        use.time = .new
      } else {
        use.key.labels.append(String(repeating: "prime", count: min(scripts.primes, 3)))
      }
    }
    return true
  }

  func isTime(_ letter: String) -> Bool { letter == index.letter || letter == alias }

  func apply(lower item: Math, stem: String, to use: inout SymbolUse) {
    if let (letter, offset) = indexLike(item) {
      if isTime(letter) {
        use.time = .step(offset)
        return
      }
      if offset == 0, index.coordinates.contains(letter) || extraCoordinates.contains(letter) {
        return
      }
    }
    if let number = wholeNumber(item) {
      if index.positions[stem] == .lower {
        use.time = .fixed(number)
      } else {
        use.key.labels.append(String(number))
      }
      return
    }
    switch item.kind {
    case .symbol(let symbol):
      if SymbolReader.isDiagonal(item) { return }
      if SymbolReader.newWords.contains(symbol.name) {
        use.time = .new
        return
      }
      if SymbolReader.oldWords.contains(symbol.name), !index.keepsOld.contains(stem) {
        use.time = .old
        return
      }
      // `g_{ti}`
      if symbol.isRun, symbol.name.count == 2,
        index.letter.map({ symbol.name.contains($0) }) ?? false
      {
        let rest = symbol.name.filter { String($0) != index.letter }
        if index.coordinates.contains(rest) || extraCoordinates.contains(rest) {
          use.time = .step(0)
          return
        }
      }
    case .sum(let terms):
      // θ_{t+1/2}: a point between the steps.
      if terms.count == 2, case .symbol(let symbol) = terms[0].value.kind, isTime(symbol.name),
        isHalf(terms[1].value)
      {
        use.time = .step(0)
        use.key.labels.append(terms[1].isNegative ? "before" : "half")
        return
      }
    case .scripted(let base, let scripts):
      // g_{i_k}: the gradient by the sample of step k.
      if stem == "g", case .symbol(let symbol) = base.kind, ["i", "j"].contains(symbol.name),
        scripts.upper == nil, scripts.lower.count == 1,
        let (letter, offset) = indexLike(scripts.lower[0]), isTime(letter)
      {
        use.time = .step(offset)
        return
      }
    case .mark(let mark):
      if mark == "+" {
        use.time = .new
        return
      }
    default: break
    }
    use.key.labels.append(labelText(item))
  }

  /// The ii of G_{t,ii}: an element of the diagonal is that of one coordinate.
  static func isDiagonal(_ math: Math) -> Bool {
    guard case .symbol(let symbol) = math.kind, symbol.isRun else { return false }
    return ["ii", "jj", "kk"].contains(symbol.name)
  }

  func isHalf(_ math: Math) -> Bool {
    switch math.kind {
    case .fraction(let a, let b): return wholeNumber(a) == 1 && wholeNumber(b) == 2
    case .product(let factors):
      return factors.count == 2 && factors[1].sign == .slash && wholeNumber(factors[0].value) == 1
        && wholeNumber(factors[1].value) == 2
    case .number(let text): return text == "0.5"
    default: return false
    }
  }

  func apply(upper: Math, stem: String, to use: inout SymbolUse) {
    let position = index.positions[stem]
    switch upper.kind {
    case .mark(let mark):
      switch mark {
      case "T": use.isTransposed = true
      case "+" where index.plusIsNew.contains(stem): use.time = .new
      default: use.key.labels.append(labelText(upper))
      }
      return
    case .elementwise(let power):
      use.power = power
      return
    case .fenced(let fence, let items):
      if fence == .brace {
        for item in items { apply(upper: item, stem: stem, to: &use) }
        return
      }
      var isIndex = fence == .bracket || items.count > 1
      for item in items {
        if let (letter, offset) = indexLike(item) {
          if isTime(letter), position == .upperBracket || position == nil && isBareGradient(use) {
            use.time = .step(offset)
            isIndex = true
            continue
          }
          if isTime(letter), position != nil || index.powered.contains(stem) { break }
          if offset == 0 || IndexEvidence.neverTime.contains(letter) {
            if index.coordinates.contains(letter) { continue }
            use.key.labels.append("(" + labelText(item) + ")")
            isIndex = true
            continue
          }
        }
        if let number = wholeNumber(item), fence == .parenthesis {
          if position == .upperBracket {
            use.time = .fixed(number)
          } else {
            use.key.labels.append("(\(number))")
          }
          isIndex = true
          continue
        }
        if case .symbol(let symbol) = item.kind, symbol.isWord || symbol.isRun {
          return apply(word: symbol.name, stem: stem, to: &use)
        }
        if isIndex { use.key.labels.append("(" + labelText(item) + ")") }
      }
      if !isIndex { use.power = upper }
      return
    case .symbol(let symbol):
      if symbol.name == "T", index.letter != "T" {
        use.isTransposed = true
        return
      }
      if symbol.isWord || symbol.isRun {
        apply(word: symbol.name, stem: stem, to: &use)
        return
      }
      if index.labels.contains(symbol.name) {
        use.key.labels.append("(" + symbol.name + ")")
        return
      }
    default: break
    }
    if let (letter, offset) = indexLike(upper), isTime(letter),
      position == .upperBare || (index.usesBareSuperscripts && isBareGradient(use))
    {
      use.time = .step(offset)
      return
    }
    if let number = wholeNumber(upper), position == .upperBare, number <= 0 {
      use.time = .fixed(number)
      return
    }
    use.power = upper
  }

  func apply(word: String, stem: String, to use: inout SymbolUse) {
    if SymbolReader.newWords.contains(word) {
      use.time = .new
    } else if SymbolReader.oldWords.contains(word), !index.keepsOld.contains(stem) {
      use.time = .old
    } else {
      use.key.labels.append(word)
    }
  }

  func isBareGradient(_ use: SymbolUse) -> Bool {
    use.key.base == "g" && use.key.labels.isEmpty
  }

  /// A number written out: 10^{-8}, 1/2.
  func isPlainNumber(_ math: Math) -> Bool {
    switch math.kind {
    case .number: return true
    case .scripted(let base, let scripts):
      guard let upper = scripts.upper, scripts.lower.isEmpty, scripts.primes == 0 else {
        return false
      }
      return isPlainNumber(base) && isPlainNumber(upper)
    case .sum(let terms): return terms.allSatisfy { isPlainNumber($0.value) }
    case .product(let factors): return factors.allSatisfy { isPlainNumber($0.value) }
    case .fraction(let a, let b): return isPlainNumber(a) && isPlainNumber(b)
    case .fenced(.parenthesis, let items): return items.count == 1 && isPlainNumber(items[0])
    default: return false
    }
  }
}
