// A printed symbol as a quantity of a layer, whole or one number of it: `W^{[l]}`, `w^{l}_{jk}`.

import Diagnostics
import Notation

struct LayerReading {
  var quantity: LayerQuantity
  /// The subscripts that say which number of it; empty for the whole.
  var places: [Math] = []
  var isTransposed = false

  /// A formula's name for it, to be evaluated.
  func symbol(_ span: Span) -> Math {
    let symbol = Math(.symbol(MathSymbol(quantity.key, isWord: true)), span)
    guard isTransposed || !places.isEmpty else { return symbol }
    var scripts = MathScripts()
    scripts.lower = places
    if isTransposed { scripts.upper = Math(.mark("T"), span) }
    return Math(.scripted(symbol, scripts), span)
  }

  /// The same place of the layer's slope; nil for what no activation follows.
  var slope: LayerReading? { behind(.slope) }

  /// σ(z)
  var activated: LayerReading? { behind(.after) }

  private func behind(_ kind: LayerQuantity.Kind) -> LayerReading? {
    guard quantity.kind == .before, !quantity.isGradient else { return nil }
    var reading = self
    reading.quantity = LayerQuantity(kind: kind, layer: quantity.layer)
    return reading
  }
}

extension LayerNames {
  /// A matrix or vector of a layer.
  func whole(_ math: Math) -> LayerReading? {
    guard let quantity = quantity(math) else { return nil }
    let printed = LayerSymbol(Differential.variable(math) ?? math)
    return LayerReading(quantity: quantity, isTransposed: printed?.isTransposed ?? false)
  }

  /// ∇ₐC beside δᴸ: by what the last layer gives.
  func atEnd(_ math: Math, of target: LayerQuantity, printed left: Math) -> LayerReading? {
    guard LayerSymbol(left)?.label == .last(0), let by = gradientVariable(math),
      let symbol = LayerSymbol(by), symbol.label == .none, !symbol.isTransposed,
      quantity(by)?.kind == .after
    else { return nil }
    return LayerReading(quantity: LayerQuantity(kind: .after, layer: target.layer).gradient)
  }

  /// How z_j = Σₖ w_{jk} aₖ takes its weights; nil for what is no layer.
  func unitwise(_ left: Math, _ value: Math) -> LayerConvention? {
    guard let output = component(left), !output.quantity.isGradient,
      let unit = output.letters.first, output.quantity.kind != .weight
    else { return nil }
    let (inner, _) = LayerNames.unwrapped(value)
    var terms = [inner]
    if case .sum(let parts) = inner.kind { terms = parts.map(\.value) }
    for term in terms {
      guard case .big("sum", _, let body) = term.kind, case .product(let factors) = body.kind
      else { continue }
      let readings = factors.compactMap { component($0.value) }
      guard readings.count == 2, factors.count == 2,
        let weight = readings.first(where: { $0.quantity.kind == .weight }),
        let input = readings.first(where: { $0.quantity.kind == .after })?.letters.first
      else { return nil }
      if weight.letters == [unit, input] { return .columns }
      if weight.letters == [input, unit] { return .columnsTransposed }
      return nil
    }
    return nil
  }

  /// One number of it: the layer stands above, the places below.
  func component(_ math: Math) -> LayerReading? {
    if let by = gradientVariable(math) {
      guard var reading = component(by), !reading.quantity.isGradient else { return nil }
      reading.quantity = reading.quantity.gradient
      return reading
    }
    guard let symbol = ClaimSymbol(math), (1...2).contains(symbol.lower.count),
      let plain = LayerReading.withoutSubscripts(math), let label = LayerSymbol(plain)?.label,
      label.layer != nil,
      // With k as a place it is no layer.
      (symbol.upperPlaces + [symbol.power].compactMap { $0 })
        .allSatisfy({ indexLike($0)?.letter != "k" }),
      symbol.lower.allSatisfy({ LayerReading.letter($0) != nil }), let quantity = quantity(plain)
    else { return nil }
    let isMatrix = quantity.kind == .weight
    guard symbol.lower.count == (isMatrix ? 2 : 1), !symbol.isTransposed else { return nil }
    return LayerReading(quantity: quantity, places: symbol.lower)
  }
}

extension LayerReading {
  /// The letter of a place, nil for what is none.
  static func letter(_ place: Math) -> String? {
    guard let (letter, offset) = indexLike(place), offset == 0,
      ["i", "j", "k", "m", "n", "p", "q", "r"].contains(letter)
    else { return nil }
    return letter
  }

  var letters: [String] { places.compactMap(LayerReading.letter) }

  fileprivate static func withoutSubscripts(_ math: Math) -> Math? {
    guard case .scripted(let base, var scripts) = math.kind else { return math }
    guard let inner = withoutSubscripts(base) else { return nil }
    scripts.lower = []
    guard scripts.upper != nil || scripts.primes > 0 else { return inner }
    return Math(.scripted(inner, scripts), math.span)
  }
}
