// One way to read a formula of units: which layer a letter stands for, what a symbol is before or behind
// the activation, and what the whole should be.

import Diagnostics
import Notation

struct UnitReading {
  enum Meaning {
    /// It has the network's numbers or it has not.
    case fixed
    /// With a minus it is right, too, where δ has one: times this the sign of δ.
    case signed(Int)
  }

  /// In the names of the layers' model.
  var formula: Math
  let target: LayerQuantity
  /// The letters of the target's places.
  let letters: [String]
  let convention: LayerConvention
  /// δ is written for what it is of, or what it is made of.
  let hasError: Bool
  /// A weight is moved against its gradient.
  let isStep: Bool
  let meaning: Meaning
  /// By what the error at the end is the gradient.
  let ends: [LayerQuantity.Kind]
  /// The layer of every letter.
  let layers: [String: Int]
  /// How a unit's output is printed, for what is missing.
  let outputs: Set<String>

  /// Letters for what goes into a unit and what comes out of it.
  private static let usual: Set<String> = [
    "a", "z", "o", "h", "x", "y", "s", "u", "v", "net", "in", "out",
  ]

  /// Whether there is more to it than numbers with subscripts: an error, or a weight.
  var isSure: Bool {
    if case .signed = meaning { return true }
    func hasWeight(_ math: Math) -> Bool {
      if let symbol = ClaimSymbol(math) {
        return LayerCheck.quantity(symbol.base)?.kind == .weight
      }
      return math.children.contains(where: hasWeight)
    }
    return hasError || target.kind == .weight || hasWeight(formula)
  }

  /// All readings, the likeliest first; empty where something is no unit's quantity.
  static func all(_ claim: Math, _ target: UnitTarget, _ names: LayerNames) -> [UnitReading] {
    let isAtEnd = hasTarget(claim, target)
    let bases = openBases(claim, target, names)
    guard bases.count <= 3,
      bases.allSatisfy({ base in
        // A letter that the document uses for something else is no unit's.
        names.units.role(base) != nil
          || usual.contains(base.split(separator: "_").first.map(String.init) ?? base)
            && !names.defined.contains(base)
      })
    else { return [] }
    var choices: [[String: LayerQuantity.Kind]] = [[:]]
    for base in bases {
      let called = isCalled(base, claim)
      let kinds: [LayerQuantity.Kind] =
        // What is compared with the target is what the network gives.
        isAtEnd && !called
        ? [.after]
        : names.units.role(base).map { [$0] } ?? (called ? [.before] : [.after, .before])
      choices = choices.flatMap { choice in
        kinds.map { kind in
          var next = choice
          next[base] = kind
          return next
        }
      }
    }
    var result: [UnitReading] = []
    for roles in choices {
      for convention in [LayerConvention.columns, .columnsTransposed] {
        if let reading = made(claim, target, names, roles, convention, isAtEnd: isAtEnd) {
          result.append(reading)
        }
      }
    }
    return result
  }

  private static func made(
    _ claim: Math, _ target: UnitTarget, _ names: LayerNames,
    _ roles: [String: LayerQuantity.Kind], _ convention: LayerConvention, isAtEnd: Bool
  ) -> UnitReading? {
    var layers: [String: Int] = [:]
    let quantity: LayerQuantity
    let own = isAtEnd ? LayerQuantity.most : 2
    var isStep = false
    let symbol: UnitSymbol?
    switch target.kind {
    case .error: symbol = nil
    case .gradient(let of): symbol = of
    case .step(let of):
      symbol = of
      isStep = true
    }
    if let symbol, symbol.letters.count == 2 {
      guard symbol.isWeight else { return nil }
      let (to, from) = convention.isOutputsFirst ? (0, 1) : (1, 0)
      layers[symbol.letters[to]] = own
      layers[symbol.letters[from]] = own - 1
      quantity = LayerQuantity(kind: .weight, layer: own)
    } else {
      layers[target.letters[0]] = own
      let kind =
        symbol.map { symbol in
          UnitSymbol.biases.contains(symbol.base) ? .bias : roles[symbol.base] ?? .before
        } ?? .before
      quantity = LayerQuantity(kind: kind, layer: own)
    }
    // Behind the units in question.
    for letter in bound(claim) where layers[letter] == nil { layers[letter] = own + 1 }
    var usesError = false
    var usesOther = false
    var outputs: Set<String> = []
    func read(_ math: Math) -> LayerReading? {
      let by = names.gradientVariable(math)
      guard let symbol = UnitSymbol(by ?? math) else { return nil }
      func quantity(_ kind: LayerQuantity.Kind, _ letter: String) -> LayerQuantity? {
        layers[letter].map { LayerQuantity(kind: kind, layer: $0, isGradient: by != nil) }
      }
      let result: LayerQuantity?
      var letters = symbol.letters
      if by == nil, symbol.isError {
        result = quantity(.before, letters[0]).map(\.gradient)
      } else if symbol.isWeight {
        let pair = letters.compactMap { layers[$0] }
        result =
          pair.count == 2 && abs(pair[0] - pair[1]) == 1
          ? LayerQuantity(kind: .weight, layer: max(pair[0], pair[1]), isGradient: by != nil) : nil
      } else if letters.count == 2, by == nil, !symbol.isWeight {
        // x_{ji} is what comes from i into j.
        letters = letters.filter { layers[$0] == own - 1 }
        result = letters.count == 1 ? quantity(.after, letters[0]) : nil
        if letters.count == 1 { outputs.insert(symbol.base) }
      } else if letters.count == 1, let kind = roles[symbol.base] {
        if kind == .after, by == nil { outputs.insert(symbol.base) }
        result = quantity(kind, letters[0])
      } else {
        result = nil
      }
      guard let result else { return nil }
      return LayerReading(
        quantity: result, places: letters.map { Math(.symbol(MathSymbol($0)), math.span) })
    }
    let wanted = targetBase(claim, target)
    let prepared = withoutRates(claim, isStep: isStep)
    let formula = LayerRewriting(
      read: { math in
        if let symbol = UnitSymbol(math), isAtEnd, symbol.base == wanted { return nil }
        return read(math)
      }, isTarget: { _ in false }, isActivation: { _ in true },
      met: { reading in
        if reading?.quantity.isGradient ?? false { usesError = true } else { usesOther = true }
      }
    ).rewritten(prepared)
    let whole =
      isAtEnd
      ? MathRewrite.topDown(formula) { part in
        guard let symbol = UnitSymbol(part), symbol.base == wanted else { return nil }
        var scripts = MathScripts()
        scripts.lower = symbol.letters.map { Math(.symbol(MathSymbol($0)), part.span) }
        return Math(
          .scripted(
            Math(.symbol(MathSymbol(LayerCheck.targetKey, isWord: true)), part.span), scripts),
          part.span)
      } : formula
    guard usesError || isAtEnd && usesOther, isKnown(whole) else { return nil }
    let isError: Bool
    if case .error = target.kind { isError = true } else { isError = false }
    let hasDelta = UnitReading.hasError(claim)
    let meaning: Meaning =
      isError ? (isAtEnd ? .signed(1) : .fixed) : hasDelta ? .signed(1) : .fixed
    return UnitReading(
      formula: whole, target: quantity.gradient, letters: target.letters, convention: convention,
      hasError: isError || hasDelta, isStep: isStep, meaning: meaning,
      ends: isAtEnd ? [.before, .after] : [.after],
      layers: layers, outputs: outputs)
  }

  // MARK: What stands in it

  private static func visit(_ math: Math, _ run: (UnitSymbol) -> Void) {
    if let symbol = UnitSymbol(math) { return run(symbol) }
    for child in math.children { visit(child, run) }
  }

  static func hasError(_ math: Math) -> Bool {
    var result = false
    visit(math) { if $0.isError { result = true } }
    return result
  }

  /// Letters that sums bind.
  private static func bound(_ math: Math) -> [String] {
    var result: [String] = []
    if case .big("sum", let scripts, _) = math.kind {
      result += scripts.lower.compactMap { indexLike($0)?.letter }
    }
    return result + math.children.flatMap(bound)
  }

  /// Letters with one subscript that may stand before or behind an activation.
  private static func openBases(_ claim: Math, _ target: UnitTarget, _ names: LayerNames)
    -> [String]
  {
    var result: Set<String> = []
    func note(_ symbol: UnitSymbol) {
      if symbol.letters.count == 1, !symbol.isError { result.insert(symbol.base) }
    }
    func look(_ math: Math) {
      if let by = names.gradientVariable(math) {
        if let symbol = UnitSymbol(by) { note(symbol) }
        return
      }
      if let symbol = UnitSymbol(math) { return note(symbol) }
      if case .product(let factors) = math.kind {
        for (place, factor) in factors.enumerated() {
          // f_j of f_j(net_j) is a function.
          if place + 1 < factors.count, factors[place + 1].sign == .implicit,
            case .fenced(_, let items) = factors[place + 1].value.kind, items.count == 1,
            UnitSymbol(items[0]) != nil
          {
            continue
          }
          look(factor.value)
        }
        return
      }
      math.children.forEach(look)
    }
    look(claim)
    if case .gradient(let symbol) = target.kind { note(symbol) }
    if let wanted = targetBase(claim, target) { result.remove(wanted) }
    return result.subtracting(["b"]).sorted()
  }

  /// Whether a symbol is what a function is applied to: h(a_j), f′(net_j).
  private static func isCalled(_ base: String, _ math: Math) -> Bool {
    if case .product(let factors) = math.kind {
      for (head, brackets) in zip(factors, factors.dropFirst()) where brackets.sign == .implicit {
        if ClaimSymbol(head.value) != nil, case .fenced(_, let items) = brackets.value.kind,
          items.count == 1, UnitSymbol(items[0])?.base == base
        {
          return true
        }
      }
    }
    if case .function(let call) = math.kind, call.arguments.count == 1,
      UnitSymbol(call.arguments[0])?.base == base
    {
      return true
    }
    return math.children.contains { isCalled(base, $0) }
  }

  /// What the network should give: t, d, or y beside another; nil where nothing is it.
  private static func targetBase(_ claim: Math, _ target: UnitTarget) -> String? {
    guard case .error = target.kind, bound(claim).isEmpty, !hasError(claim) else { return nil }
    var bases: Set<String> = []
    visit(claim) { if $0.letters == target.letters { bases.insert($0.base) } }
    guard bases.count > 1 else { return nil }
    return ["t", "d", "y"].first(where: bases.contains)
  }

  static func hasTarget(_ claim: Math, _ target: UnitTarget) -> Bool {
    targetBase(claim, target) != nil
  }

  private static let rates: Set<String> = [
    "eta", "alpha", "epsilon", "varepsilon", "gamma", "mu", "rho", "lambda", "lr",
  ]

  /// Δw = η δ x without η.
  private static func withoutRates(_ claim: Math, isStep: Bool) -> Math {
    guard isStep else { return claim }
    return MathRewrite.bottomUp(claim) { part in
      guard case .symbol(let symbol) = part.kind, rates.contains(symbol.name) else { return nil }
      return Math(.number("1"), part.span)
    }
  }

  /// Whether all symbols are the model's.
  private static func isKnown(_ math: Math) -> Bool {
    if let symbol = ClaimSymbol(math) {
      return symbol.base == LayerCheck.targetKey || LayerCheck.quantity(symbol.base) != nil
    }
    if case .big(_, _, let body) = math.kind { return isKnown(body) }
    return math.children.allSatisfy(isKnown)
  }
}
