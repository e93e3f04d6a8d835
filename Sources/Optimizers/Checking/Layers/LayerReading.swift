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

  /// How z_j = Σₖ w_{jk} aₖ takes its weights, with the weight and the bias; nil for what is no layer.
  func unitwise(_ left: Math, _ value: Math) -> (LayerConvention, weight: Math, bias: Math?)? {
    guard let output = component(left), !output.quantity.isGradient,
      let unit = output.letters.first, output.quantity.kind != .weight
    else { return nil }
    let (inner, _) = LayerForward.unwrapped(value)
    var terms = [inner]
    if case .sum(let parts) = inner.kind { terms = parts.map(\.value) }
    var found: (LayerConvention, Math)?
    var bias: Math?
    for term in terms {
      guard case .big("sum", _, let body) = term.kind, case .product(let factors) = body.kind
      else {
        if component(term)?.quantity.kind == .bias { bias = term }
        continue
      }
      guard factors.count == 2, found == nil,
        let weight = factors.first(where: { isComponent($0.value, .weight) })?.value,
        let input = factors.first(where: { isComponent($0.value, .after) })?.value,
        let from = component(input)?.letters.first, let letters = component(weight)?.letters
      else { return nil }
      if letters == [unit, from] {
        found = (.columns, weight)
      } else if letters == [from, unit] {
        found = (.columnsTransposed, weight)
      } else {
        return nil
      }
    }
    return found.map { ($0.0, $0.1, bias) }
  }

  private func isComponent(_ math: Math, _ kind: LayerQuantity.Kind) -> Bool {
    component(math)?.quantity.kind == kind
  }

  /// What δ is said to be: a gradient by itself, or with a minus; nil for a formula of it.
  func errorSaid(_ left: Math, _ value: Math) -> LayerQuantity.Kind?? {
    guard let symbol = ClaimSymbol(left), symbol.base.hasPrefix("delta") else { return nil }
    var bare = value
    var isNegative = false
    if case .sum(let terms) = value.kind, terms.count == 1 {
      bare = terms[0].value
      isNegative = terms[0].isNegative
    }
    guard gradientVariable(bare) != nil, let quantity = (component(bare) ?? whole(bare))?.quantity
    else { return nil }
    return .some(isNegative ? nil : quantity.kind)
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

  static func withoutSubscripts(_ math: Math) -> Math? {
    guard case .scripted(let base, var scripts) = math.kind else { return math }
    guard let inner = withoutSubscripts(base) else { return nil }
    scripts.lower = []
    guard scripts.upper != nil || scripts.primes > 0 else { return inner }
    return Math(.scripted(inner, scripts), math.span)
  }
}
