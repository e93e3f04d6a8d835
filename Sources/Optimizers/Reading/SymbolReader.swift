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
    case .scripted(let base, let scripts):
      guard var use = use(base), use.power == nil else { return nil }
      use.span = math.span
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
  private func plainName(_ symbol: MathSymbol) -> String {
    if symbol.isRun || symbol.isWord {
      let plain = Name(spelling: symbol.name).canonical
      let stem = String(plain.prefix { $0.isLetter })
      if GreekLetters.letter(named: stem) != nil, stem == plain { return stem }
    }
    return symbol.name
  }

  private static let newWords: Set<String> = ["new", "next", "neu", "nxt"]
  private static let oldWords: Set<String> = ["old", "prev", "previous", "alt", "last"]

  private func apply(_ scripts: MathScripts, to use: inout SymbolUse) -> Bool {
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

  private func isTime(_ letter: String) -> Bool { letter == index.letter || letter == alias }

  private func apply(lower item: Math, stem: String, to use: inout SymbolUse) {
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
      if SymbolReader.newWords.contains(symbol.name) {
        use.time = .new
        return
      }
      if SymbolReader.oldWords.contains(symbol.name) {
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
    case .mark(let mark):
      if mark == "+" {
        use.time = .new
        return
      }
    default: break
    }
    use.key.labels.append(labelText(item))
  }

  private func isHalf(_ math: Math) -> Bool {
    switch math.kind {
    case .fraction(let a, let b): return wholeNumber(a) == 1 && wholeNumber(b) == 2
    case .product(let factors):
      return factors.count == 2 && factors[1].sign == .slash && wholeNumber(factors[0].value) == 1
        && wholeNumber(factors[1].value) == 2
    case .number(let text): return text == "0.5"
    default: return false
    }
  }

  private func apply(upper: Math, stem: String, to use: inout SymbolUse) {
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
          if isTime(letter), position != nil { break }
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
          return apply(word: symbol.name, to: &use)
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
        apply(word: symbol.name, to: &use)
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

  private func apply(word: String, to use: inout SymbolUse) {
    if SymbolReader.newWords.contains(word) {
      use.time = .new
    } else if SymbolReader.oldWords.contains(word) {
      use.time = .old
    } else {
      use.key.labels.append(word)
    }
  }

  private func isBareGradient(_ use: SymbolUse) -> Bool {
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

  // MARK: Several symbols that are one

  private static let statistics: Set<String> = ["E", "RMS", "MS", "Var", "rms", "Mean"]

  /// Δθ_t, E[g²]_t, r(w, t): a variable of several parts, and how many factors it takes.
  func compound(_ factors: [MathFactor], at place: Int) -> (use: SymbolUse, count: Int)? {
    guard factors.indices.contains(place) else { return nil }
    if case .symbol(let symbol) = factors[place].value.kind, symbol.name == "Delta",
      place + 1 < factors.count, factors[place + 1].sign == .implicit,
      var use = use(factors[place + 1].value)
    {
      let stem = use.key.stem
      use.key.labels.insert(use.key.base, at: 0)
      use.key.base = "Delta"
      use.span = factors[place].value.span.joined(with: use.span)
      if place + 2 < factors.count, factors[place + 2].sign == .implicit,
        index.positions[stem] == .argument,
        case .fenced(_, let items) = factors[place + 2].value.kind, items.count == 1,
        let (letter, offset) = indexLike(items[0]), isTime(letter)
      {
        use.time = .step(offset)
        use.span = use.span.joined(with: factors[place + 2].value.span)
        return (use, 3)
      }
      return (use, 2)
    }
    if case .symbol(let symbol) = factors[place].value.kind,
      SymbolReader.statistics.contains(symbol.name), place + 1 < factors.count,
      factors[place + 1].sign == .implicit
    {
      var inner = factors[place + 1].value
      var scripts: MathScripts?
      if case .scripted(let base, let own) = inner.kind {
        inner = base
        scripts = own
      }
      if case .fenced(let fence, let items) = inner.kind, items.count == 1,
        fence == .bracket || scripts != nil
      {
        let label = labelText(withoutTime(items[0]))
        var use = SymbolUse(
          key: SymbolKey(base: symbol.name, labels: [label]),
          span: factors[place].value.span.joined(with: factors[place + 1].value.span))
        if let scripts {
          var stemmed = use
          guard applyStatistic(scripts, to: &stemmed) else { return nil }
          use = stemmed
        }
        return (use, 2)
      }
    }
    // `d\theta` without space: the gradient by θ.
    if case .symbol(let symbol) = factors[place].value.kind, symbol.name == "d",
      place + 1 < factors.count, factors[place + 1].sign == .implicit,
      factors[place].value.span.end == factors[place + 1].value.span.start,
      var use = use(factors[place + 1].value), use.key.labels.isEmpty
    {
      use.key.base = "d" + use.key.base
      use.span = factors[place].value.span.joined(with: use.span)
      return (use, 2)
    }
    if let use = argumentIndexed(factors, at: place) { return (use, 2) }
    return nil
  }

  private func applyStatistic(_ scripts: MathScripts, to use: inout SymbolUse) -> Bool {
    for item in scripts.lower {
      if let (letter, offset) = indexLike(item), isTime(letter) {
        use.time = .step(offset)
      } else if let number = wholeNumber(item) {
        use.time = .fixed(number)
      } else if let (letter, _) = indexLike(item), index.coordinates.contains(letter) {
        continue
      } else {
        use.key.labels.append(labelText(item))
      }
    }
    if let upper = scripts.upper {
      if case .fenced(.parenthesis, let items) = upper.kind, items.count == 1,
        let (letter, offset) = indexLike(items[0]), isTime(letter)
      {
        use.time = .step(offset)
      } else {
        use.power = upper
      }
    }
    return true
  }

  /// g_t² inside E[ ] is g².
  private func withoutTime(_ math: Math) -> Math {
    guard case .scripted(let base, var scripts) = math.kind else { return math }
    scripts.lower = scripts.lower.filter { indexLike($0).map { !isTime($0.letter) } ?? true }
    return scripts.isEmpty ? base : Math(.scripted(base, scripts), math.span)
  }

  /// `r(w, t)`, `x[k+1]`: the step is an argument.
  func argumentIndexed(_ factors: [MathFactor], at place: Int) -> SymbolUse? {
    guard place + 1 < factors.count, factors[place + 1].sign == .implicit,
      var use = use(factors[place].value), index.positions[use.key.stem] == .argument,
      case .fenced(_, let items) = factors[place + 1].value.kind
    else { return nil }
    var found: TimeMark?
    for item in items {
      if let (letter, offset) = indexLike(item), isTime(letter) { found = .step(offset) }
    }
    if found == nil, items.count == 1, let number = wholeNumber(items[0]) { found = .fixed(number) }
    guard let found else { return nil }
    use.time = found
    use.span = use.span.joined(with: factors[place + 1].value.span)
    return use
  }

  /// The name of a function on a left side, with what its subscript names.
  func functionHead(_ math: Math) -> (key: SymbolKey, lower: [SymbolKey])? {
    switch math.kind {
    case .symbol, .accented:
      return use(math).map { ($0.key, []) }
    case .scripted(let base, let scripts):
      guard let head = use(base), scripts.upper == nil || scripts.lower.isEmpty else { return nil }
      var lower: [SymbolKey] = []
      for item in scripts.lower {
        guard let use = use(item), use.time == .none else { return (head.key, []) }
        lower.append(use.key)
      }
      return (head.key, lower)
    default: return nil
    }
  }

  // MARK: Gradients

  /// A gradient as written: what it is of, where it is taken, by what.
  struct GradientUse {
    var function: Math?
    var arguments: [Math]?
    var by: Math?
    var at: Math?
    /// The step it is taken at, where that is an argument.
    var step: Int?
    /// How many factors it takes.
    var count: Int
    var span: Span
  }

  func isGradient(_ math: Math) -> Bool {
    gradient(of: [MathFactor(sign: .implicit, value: math)], at: 0) != nil
  }

  /// A gradient that begins at a factor: ∇L(θ), ∂L/∂θ, ∂/∂θ L(θ), dL/dw, and the place behind it.
  func gradient(of factors: [MathFactor], at place: Int) -> GradientUse? {
    guard var use = plainGradient(of: factors, at: place) else { return nil }
    let next = place + use.count
    guard use.arguments == nil, use.at == nil, next < factors.count,
      factors[next].sign == .implicit,
      case .fenced(.parenthesis, let items) = factors[next].value.kind,
      items.count == 1
    else { return use }
    if let (letter, offset) = indexLike(items[0]), isTime(letter) {
      use.step = offset
      use.count += 1
    } else if let by = use.by.flatMap({ self.use($0) }), holds(by.key.base, items[0]) {
      use.at = items[0]
      use.count += 1
    }
    return use
  }

  private func holds(_ base: String, _ math: Math) -> Bool {
    if let use = use(math), use.key.base == base { return true }
    return math.children.contains { holds(base, $0) }
  }

  private func plainGradient(of factors: [MathFactor], at place: Int) -> GradientUse? {
    guard factors.indices.contains(place) else { return nil }
    let value = factors[place].value
    switch value.kind {
    case .gradient(let gradient):
      guard gradient.power == nil else { return nil }
      return GradientUse(
        function: gradient.function, arguments: gradient.arguments, by: gradient.by.first,
        count: 1, span: value.span)
    case .fenced(_, let items) where items.count == 1 && place == 0 && factors.count == 1:
      return gradient(of: [MathFactor(sign: .implicit, value: items[0])], at: 0)
    case .evaluated(let inner, let at):
      guard var use = gradient(of: [MathFactor(sign: .implicit, value: inner)], at: 0) else {
        return nil
      }
      if case .relation(let sides, _) = at.kind, sides.count == 2 {
        use.at = sides[1]
      } else {
        use.at = at
      }
      use.count = 1
      use.span = value.span
      return use
    case .scripted(let base, let scripts):
      // ∂_w l(y, f(x, w))
      guard case .symbol(let symbol) = base.kind, symbol.name == "partial",
        scripts.lower.count == 1, scripts.upper == nil, place + 1 < factors.count,
        factors[place + 1].sign == .implicit
      else { return nil }
      var use = GradientUse(
        function: factors[place + 1].value, by: scripts.lower[0], count: 2,
        span: value.span.joined(with: factors[place + 1].value.span))
      if place + 2 < factors.count, factors[place + 2].sign == .implicit,
        case .fenced(_, let items) = factors[place + 2].value.kind
      {
        use.arguments = items
        use.count = 3
        use.span = use.span.joined(with: factors[place + 2].value.span)
      }
      return use
    case .fraction(let above, let below):
      guard let by = differential(below) else { return nil }
      if isBareDifferential(above) {
        // ∂/∂θ L(θ)
        guard place + 1 < factors.count, factors[place + 1].sign == .implicit else { return nil }
        var use = GradientUse(
          function: factors[place + 1].value, by: by, count: 2, span: value.span)
        if place + 2 < factors.count, factors[place + 2].sign == .implicit,
          case .fenced(_, let items) = factors[place + 2].value.kind
        {
          use.arguments = items
          use.count = 3
        }
        use.span = value.span.joined(with: factors[place + use.count - 1].value.span)
        return use
      }
      guard let (function, arguments) = differentiated(above) else { return nil }
      return GradientUse(
        function: function, arguments: arguments, by: by, count: 1, span: value.span)
    case .symbol(let symbol) where symbol.name == "partial":
      // ∂E/∂w
      var next = place + 1
      while next < factors.count, factors[next].sign == .implicit { next += 1 }
      guard next > place + 1, next + 1 < factors.count, factors[next].sign == .slash,
        case .symbol(let other) = factors[next].value.kind, other.name == "partial",
        factors[next + 1].sign == .implicit
      else { return nil }
      var arguments: [Math]?
      if next == place + 3, case .fenced(_, let items) = factors[place + 2].value.kind {
        arguments = items
      }
      return GradientUse(
        function: factors[place + 1].value, arguments: arguments, by: factors[next + 1].value,
        count: next + 2 - place, span: value.span.joined(with: factors[next + 1].value.span))
    default: return nil
    }
  }

  /// ∂w or dw: w.
  private func differential(_ math: Math) -> Math? {
    switch math.kind {
    case .product(let factors):
      guard factors.count >= 2, isBareDifferential(factors[0].value),
        factors.dropFirst().allSatisfy({ $0.sign == .implicit })
      else { return nil }
      if factors.count == 2 { return factors[1].value }
      return Math(.product(Array(factors.dropFirst())), math.span)
    case .symbol(let symbol):
      guard symbol.isRun, symbol.name.first == "d", symbol.name.count == 2 else { return nil }
      return Math(.symbol(MathSymbol(String(symbol.name.dropFirst()))), math.span)
    case .scripted(let base, let scripts):
      return differential(base).map { Math(.scripted($0, scripts), math.span) }
    default: return nil
    }
  }

  private func isBareDifferential(_ math: Math) -> Bool {
    if case .symbol(let symbol) = math.kind {
      return symbol.name == "partial" || symbol.name == "d"
    }
    return false
  }

  private func differentiated(_ math: Math) -> (Math, [Math]?)? {
    switch math.kind {
    case .product(let factors):
      guard factors.count >= 2, isBareDifferential(factors[0].value) else { return nil }
      if factors.count == 3, case .fenced(_, let items) = factors[2].value.kind {
        return (factors[1].value, items)
      }
      if factors.count == 2 { return (factors[1].value, nil) }
      return (Math(.product(Array(factors.dropFirst())), math.span), nil)
    default:
      return differential(math).map { ($0, nil) }
    }
  }
}
