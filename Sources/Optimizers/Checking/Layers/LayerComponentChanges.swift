// What may put a formula of back-propagation right, unit by unit: the subscripts of a weight the other way
// round, another layer, the activation's slope, a factor that is missing, an index, a sign.

import Diagnostics
import Notation

extension LayerComponentCheck {
  /// The likeliest first.
  static func changes(_ formula: Math, _ target: LayerReading) -> [MathChange] {
    swapped(formula) + exchanged(formula, target.letters) + LayerCheck.neighbours(formula)
      + LayerCheck.slopes(formula) + slopeLeftOut(formula, target) + weightLeftOut(formula)
      + ClaimMutation.all(formula)
  }

  /// The same where letters stand for layers.
  static func unitChanges(_ reading: UnitReading) -> [MathChange] {
    let formula = reading.formula
    var target = LayerReading(quantity: reading.target)
    target.places = reading.letters.map { Math(.symbol(MathSymbol($0)), formula.span) }
    return LayerCheck.slopes(formula) + swapped(formula) + exchangedUnits(reading)
      + indices(reading) + weightLeftOut(formula) + slopeLeftOut(formula, target)
      + outputLeftOut(reading) + ClaimMutation.all(formula)
  }

  private static func times(_ formula: Math, _ factor: Math) -> Math {
    let whole = Math(.fenced(.parenthesis, [formula]), formula.span)
    return Math(
      .product([
        MathFactor(sign: .times, value: whole), MathFactor(sign: .times, value: factor),
      ]), formula.span)
  }

  private static func other(_ id: String, _ says: String, _ part: Math, _ math: Math) -> MathChange
  {
    MathChange(kind: .other(id: id, says: says), part: part, span: part.span, math: math)
  }

  // MARK: Factors

  private static func slopeLeftOut(_ formula: Math, _ target: LayerReading) -> [MathChange] {
    guard let slope = target.ofItself.slope else { return [] }
    return [
      other(
        "missing-chain-factor",
        "with the activation's slope at this unit as a factor, σ′(z)", formula,
        times(formula, slope.symbol(formula.span)))
    ]
  }

  /// With the weight in a sum over the errors behind: Σ_k w_{kj} δ_k for Σ_k δ_k.
  private static func weightLeftOut(_ formula: Math) -> [MathChange] {
    var result: [MathChange] = []
    func visit(_ math: Math) {
      if case .big("sum", let scripts, let body) = math.kind,
        let letter = scripts.lower.first.flatMap(UnitSymbol.letter),
        let error = gradient(at: letter, in: body), !hasWeight(body)
      {
        for own in places(in: formula) where own != letter {
          for order in [[letter, own], [own, letter]] {
            let reading = LayerReading(
              quantity: LayerQuantity(kind: .weight, layer: error.layer),
              places: order.map { Math(.symbol(MathSymbol($0)), math.span) })
            let sum = Math(.big("sum", scripts, times(body, reading.symbol(math.span))), math.span)
            result.append(
              other(
                "factor-left-out",
                "with the weight between \(own) and \(letter) as a factor in the sum", math,
                MathRewrite.topDown(formula) { part in
                  if case .big = part.kind, part.span.start == math.span.start { sum } else { nil }
                }))
          }
        }
      }
      math.children.forEach(visit)
    }
    visit(formula)
    return result
  }

  /// The gradient with a letter's place.
  private static func gradient(at letter: String, in math: Math) -> LayerQuantity? {
    if let symbol = ClaimSymbol(math), let quantity = LayerCheck.quantity(symbol.base) {
      return quantity.isGradient && symbol.lower.compactMap(UnitSymbol.letter) == [letter]
        ? quantity : nil
    }
    return math.children.lazy.compactMap { gradient(at: letter, in: $0) }.first
  }

  private static func hasWeight(_ math: Math) -> Bool {
    if let symbol = ClaimSymbol(math) { return LayerCheck.quantity(symbol.base)?.kind == .weight }
    return math.children.contains(where: hasWeight)
  }

  private static func places(in math: Math) -> [String] {
    var result: Set<String> = []
    func visit(_ math: Math) {
      if let symbol = ClaimSymbol(math) {
        result.formUnion(symbol.lower.compactMap(UnitSymbol.letter))
      }
      math.children.forEach(visit)
    }
    visit(math)
    return result.sorted()
  }

  /// With the unit's output, or 1 minus it, as a factor: what is missing of o(1 - o).
  private static func outputLeftOut(_ reading: UnitReading) -> [MathChange] {
    let formula = reading.formula
    return reading.letters.flatMap { letter -> [MathChange] in
      guard let layer = reading.layers[letter] else { return [] }
      let place = Math(.symbol(MathSymbol(letter)), formula.span)
      let output = LayerReading(
        quantity: LayerQuantity(kind: .after, layer: layer), places: [place]
      ).symbol(formula.span)
      let name = reading.outputs.sorted().first ?? "o"
      let text = ClaimText.pretty("\(name)_\(letter)")
      let one = Math(.number("1"), formula.span)
      let complement = Math(
        .sum([
          MathTerm(isNegative: false, value: one), MathTerm(isNegative: true, value: output),
        ]), formula.span)
      return [
        other("factor-left-out", "with \(text) as a factor", formula, times(formula, output)),
        other(
          "factor-left-out", "with (1 - \(text)) as a factor", formula,
          times(formula, complement)),
      ]
    }
  }

  // MARK: Places

  /// With the target's two subscripts exchanged throughout.
  private static func exchanged(_ formula: Math, _ letters: [String]) -> [MathChange] {
    guard letters.count == 2 else { return [] }
    let changed = MathRewrite.topDown(formula) { part in
      guard case .scripted(let base, var scripts) = part.kind, !scripts.lower.isEmpty else {
        return nil
      }
      scripts.lower = scripts.lower.map { place in
        guard let at = LayerReading.letter(place).flatMap({ letters.firstIndex(of: $0) }) else {
          return place
        }
        return Math(.symbol(MathSymbol(letters[1 - at])), formula.span)
      }
      return Math(.scripted(base, scripts), part.span)
    }
    return [
      other("index-swapped", "with \(letters[0]) and \(letters[1]) exchanged", formula, changed)
    ]
  }

  /// The same where the letters are of different layers.
  private static func exchangedUnits(_ reading: UnitReading) -> [MathChange] {
    guard reading.letters.count == 2 else { return [] }
    let (a, b) = (reading.letters[0], reading.letters[1])
    let changed = MathRewrite.topDown(reading.formula) { part in
      moved(part, reading) { $0 == a ? b : $0 == b ? a : $0 }
    }
    return [other("index-swapped", "with \(a) and \(b) exchanged", reading.formula, changed)]
  }

  /// With another letter at one symbol.
  private static func indices(_ reading: UnitReading) -> [MathChange] {
    var symbols: [Math] = []
    func visit(_ math: Math) {
      if let symbol = ClaimSymbol(math) {
        if symbol.lower.count == 1 { symbols.append(math) }
        return
      }
      math.children.forEach(visit)
    }
    visit(reading.formula)
    let letters = reading.layers.keys.sorted()
    return symbols.flatMap { symbol -> [MathChange] in
      guard let old = ClaimSymbol(symbol)?.lower.first.flatMap(UnitSymbol.letter) else { return [] }
      return letters.filter { $0 != old }.map { letter in
        // All of one letter's places in a factor that is no sum: σ′ of a unit has two of them.
        let all = MathRewrite.topDown(reading.formula) { part in
          if case .big = part.kind { return part }
          return moved(part, reading) { $0 == old ? letter : $0 }
        }
        let one = MathRewrite.topDown(reading.formula) { part in
          guard part.span.start == symbol.span.start else { return nil }
          return moved(part, reading) { $0 == old ? letter : $0 }
        }
        let says =
          "with the subscript \(letter) in place of \(old) at "
          + ClaimText.pretty(symbol.span.text)
        return [
          other("index-swapped", says, symbol, one), other("index-swapped", says, symbol, all),
        ]
      }.flatMap { $0 }
    }
  }

  /// A symbol at another unit, of that unit's layer.
  private static func moved(_ math: Math, _ reading: UnitReading, _ letter: (String) -> String)
    -> Math?
  {
    guard case .scripted(let base, var scripts) = math.kind, scripts.lower.count == 1,
      scripts.upper == nil, let old = UnitSymbol.letter(scripts.lower[0]), letter(old) != old,
      case .symbol(let symbol) = base.kind
    else { return nil }
    let new = letter(old)
    scripts.lower = [Math(.symbol(MathSymbol(new)), scripts.lower[0].span)]
    guard var quantity = LayerCheck.quantity(symbol.name), let layer = reading.layers[new] else {
      return Math(.scripted(base, scripts), math.span)
    }
    quantity.layer = layer
    return Math(
      .scripted(Math(.symbol(MathSymbol(quantity.key, isWord: true)), base.span), scripts),
      math.span)
  }

  /// With the subscripts of one weight the other way round.
  private static func swapped(_ formula: Math) -> [MathChange] {
    var weights: [Math] = []
    func visit(_ math: Math) {
      if let symbol = ClaimSymbol(math), symbol.lower.count == 2 { weights.append(math) }
      math.children.forEach(visit)
    }
    visit(formula)
    return weights.compactMap { weight -> MathChange? in
      guard case .scripted(let base, var scripts) = weight.kind else { return nil }
      scripts.lower.reverse()
      let other = Math(.scripted(base, scripts), weight.span)
      return MathChange(
        kind: .other(
          id: "index-swapped",
          says: "with the subscripts of \(ClaimText.pretty(weight.span.text)) the other way round"),
        part: weight, span: weight.span,
        math: MathRewrite.topDown(formula) { part in
          guard case .scripted(_, let scripts) = part.kind, scripts.lower.count == 2,
            part.span.start == weight.span.start
          else { return nil }
          return other
        })
    }
  }
}
