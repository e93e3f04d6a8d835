// What a printed symbol is in a network of layers, and the ways in which a layer is printed.
//
// z = W a takes samples as columns; z = a W as rows; either may have its weights the other way round.
// All four are in use, and each has its own order of factors in back-propagation.

import Notation

/// W of the second layer, or the loss's gradient by it.
struct LayerQuantity: Hashable, Sendable {
  enum Kind: String, Sendable {
    case weight, bias
    /// z, before the activation.
    case before
    /// a, after it; of layer 0 the input.
    case after
    /// σ′(z)
    case slope
  }

  var kind: Kind
  var layer: Int
  var isGradient = false

  /// How many layers there are to have numbers for.
  static let most = 4

  /// What it is called in a formula to be evaluated.
  var key: String { "layer \(isGradient ? "gradient " : "")\(kind.rawValue) \(layer)" }

  var gradient: LayerQuantity {
    LayerQuantity(kind: kind, layer: layer, isGradient: true)
  }

  /// The same of the layer next to it; nil where there is none.
  func shifted(by offset: Int) -> LayerQuantity? {
    let next = layer + offset
    guard next <= LayerQuantity.most, next > 0 || next == 0 && kind == .after else { return nil }
    return LayerQuantity(kind: kind, layer: next, isGradient: isGradient)
  }
}

/// How z comes from W and a.
enum LayerConvention: Int, CaseIterable, Comparable, Sendable {
  case columns, columnsTransposed, rows, rowsTransposed

  static func < (a: LayerConvention, b: LayerConvention) -> Bool { a.rawValue < b.rawValue }

  init(isWeightFirst: Bool, isTransposed: Bool) {
    self =
      isWeightFirst
      ? isTransposed ? .columnsTransposed : .columns : isTransposed ? .rowsTransposed : .rows
  }

  var formula: String {
    switch self {
    case .columns: "z = W a"
    case .columnsTransposed: "z = Wᵀ a"
    case .rows: "z = a W"
    case .rowsTransposed: "z = a Wᵀ"
    }
  }

  /// W is [outputs, inputs].
  var isOutputsFirst: Bool { self == .columns || self == .rowsTransposed }

  /// Samples, and the weights' shape.
  var says: String {
    let isColumns = self == .columns || self == .columnsTransposed
    return "samples are \(isColumns ? "columns" : "rows") and W is "
      + (isOutputsFirst ? "[outputs, inputs]" : "[inputs, outputs]")
  }
}

/// A symbol with the label that says its layer: `W^{[l]}`, `\delta^{l+1}`, `h_2`.
struct LayerSymbol {
  enum Label: Equatable {
    case none
    /// l, l - 1, as a distance from l.
    case letter(Int)
    /// L, the last one.
    case last(Int)
    /// Above or in brackets.
    case number(Int)
    /// A small number below may be a component's place.
    case below(String)
  }

  var base: String
  var label: Label
  var isTransposed: Bool
  /// By base and label, for tables.
  var name: String

  /// nil for components, powers and what is no symbol.
  init?(_ math: Math) {
    var math = math
    var isTransposed = false
    if case .scripted(let base, let scripts) = math.kind, case .fenced(_, let items) = base.kind,
      items.count == 1, scripts.lower.isEmpty, scripts.primes == 0,
      let upper = scripts.upper, upper.isTranspose
    {
      math = items[0]
      isTransposed = true
    }
    if case .fenced(.parenthesis, let items) = math.kind, items.count == 1 { math = items[0] }
    guard let symbol = ClaimSymbol(math), symbol.primes == 0, symbol.letters.count < 2 else {
      return nil
    }
    base = symbol.base
    self.isTransposed = isTransposed != symbol.isTransposed
    switch (symbol.upperPlaces.count, symbol.power, symbol.lower.count) {
    case (0, nil, 0): label = .none
    case (1, nil, 0):
      guard let found = LayerSymbol.label(symbol.upperPlaces[0]) else { return nil }
      label = found
    case (0, let power?, 0):
      // a² is a square; δˡ is none.
      guard let found = LayerSymbol.label(power), !found.isNumber else { return nil }
      label = found
    case (0, nil, 1):
      let item = symbol.lower[0]
      if let found = LayerSymbol.label(item), !found.isNumber {
        label = found
      } else if let index = indexLike(item), ["i", "j", "k"].contains(index.letter) {
        return nil
      } else {
        label = .below(labelText(item))
      }
    default: return nil
    }
    guard symbol.marks.isEmpty else { return nil }
    name = base + "|" + label.text
  }

  private static func label(_ item: Math) -> Label? {
    if let number = wholeNumber(item) { return .number(number) }
    guard let (letter, offset) = indexLike(item), abs(offset) <= 2 else { return nil }
    switch letter {
    case "l", "ell", "k": return .letter(offset)
    case "L": return .last(offset)
    default: return nil
    }
  }
}

extension LayerSymbol.Label {
  var isNumber: Bool { if case .number = self { true } else { false } }

  var text: String {
    switch self {
    case .none: ""
    case .letter(let offset): "l\(offset)"
    case .last(let offset): "L\(offset)"
    case .number(let number): "\(number)"
    case .below(let text): text
    }
  }

  /// Which of the layers it is; nil for what only a table knows.
  var layer: Int? {
    switch self {
    case .letter(let offset): 2 + offset
    case .last(let offset): offset <= 0 ? LayerQuantity.most + offset : nil
    case .number(let number): (0...LayerQuantity.most).contains(number) ? number : nil
    case .none, .below: nil
    }
  }
}
