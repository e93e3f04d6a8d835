// Several symbols that are one: Δθ, E[g²]_t, r(w, t), and the names of functions.

import Diagnostics
import Notation

extension SymbolReader {
  static let statistics: Set<String> = ["E", "RMS", "MS", "Var", "rms", "Mean"]

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
      var use = use(factors[place + 1].value),
      use.key.labels.allSatisfy({ $0.hasPrefix("(") }) || isCapital(use.key)
    {
      use.key.base = "d" + use.key.base
      use.span = factors[place].value.span.joined(with: use.span)
      return (use, 2)
    }
    if let use = argumentIndexed(factors, at: place) { return (use, 2) }
    return nil
  }

  /// A capital letter is a matrix, W_l that of a layer: nobody multiplies a matrix by a d.
  private func isCapital(_ key: SymbolKey) -> Bool {
    key.base.utf8.count == 1 && key.base.utf8.allSatisfy { (0x41...0x5A).contains($0) }
  }

  func applyStatistic(_ scripts: MathScripts, to use: inout SymbolUse) -> Bool {
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
  func withoutTime(_ math: Math) -> Math {
    guard case .scripted(let base, var scripts) = math.kind else { return math }
    scripts.lower = scripts.lower.filter { indexLike($0).map { !isTime($0.letter) } ?? true }
    return scripts.isEmpty ? base : Math(.scripted(base, scripts), math.span)
  }

  /// `r(w, t)`, `x[k+1]`: the step is an argument.
  func argumentIndexed(_ factors: [MathFactor], at place: Int) -> SymbolUse? {
    guard place + 1 < factors.count, factors[place + 1].sign == .implicit,
      var use = use(factors[place].value), index.positions[use.key.stem] == .argument
    else { return nil }
    // g(t)²: the power is of g.
    var bracket = factors[place + 1].value
    var power: Math?
    if let raised = bracket.raisedBracket {
      guard use.power == nil else { return nil }
      (bracket, power) = raised
    }
    guard case .fenced(_, let items) = bracket.kind else { return nil }
    var found: TimeMark?
    for item in items {
      if let (letter, offset) = indexLike(item), isTime(letter) { found = .step(offset) }
    }
    if found == nil, items.count == 1, let number = wholeNumber(items[0]) { found = .fixed(number) }
    guard let found else { return nil }
    use.time = found
    if let power { use.power = power }
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
}

extension Math {
  /// (t)² or [k]²: the bracket and its power.
  var raisedBracket: (bracket: Math, power: Math)? {
    guard case .scripted(let base, let scripts) = kind, case .fenced(let fence, _) = base.kind,
      fence == .parenthesis || fence == .bracket, scripts.lower.isEmpty, scripts.primes == 0,
      let upper = scripts.upper
    else { return nil }
    return (base, upper)
  }
}
