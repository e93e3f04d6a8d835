// Numbers for a network of four layers of different sizes, forward and back, as a convention prints
// them.
//
// The gradient at the end is any; what back-propagation says holds for each.

import Notation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct LayerModel {
  enum Activation: CaseIterable {
    case sigmoid, tanh, relu

    func value(_ x: Double) -> Double {
      switch self {
      case .sigmoid: FormulaFunctions.sigmoid(x)
      case .tanh: LayerModel.tanh(x)
      case .relu: max(0, x)
      }
    }

    func slope(_ x: Double) -> Double {
      switch self {
      case .sigmoid: FormulaFunctions.sigmoid(x) * (1 - FormulaFunctions.sigmoid(x))
      case .tanh: 1 - LayerModel.tanh(x) * LayerModel.tanh(x)
      case .relu: x > 0 ? 1 : 0
      }
    }

    /// Those that a document's functions may be.
    static func named(_ names: Set<String>) -> [Activation] {
      let known = names.map { name -> Activation? in
        switch name.lowercased() {
        case "tanh": .tanh
        case "relu": .relu
        case "sigmoid": .sigmoid
        default: nil
        }
      }
      guard !known.isEmpty, known.allSatisfy({ $0 != nil }) else { return allCases }
      return allCases.filter { known.contains($0) }
    }
  }

  /// Inputs, then the outputs of each layer: no two alike.
  static let sizes = [3, 2, 4, 5, 6]
  static let samples = 7

  private(set) var values: [String: FormulaValue] = [:]
  /// Many samples at once.
  let isBatch: Bool

  private static func tanh(_ x: Double) -> Double {
    #if canImport(Glibc)
      Glibc.tanh(x)
    #else
      Darwin.tanh(x)
    #endif
  }

  /// nil never happens: the sizes fit.
  init?(_ convention: LayerConvention, _ activation: Activation, isBatch: Bool, seed: UInt64) {
    self.isBatch = isBatch
    var draw = Draw(seed: 31 + seed)
    func drawn(_ rows: Int, _ columns: Int) -> FormulaValue {
      let elements = (0..<(rows * columns)).map { _ in
        ((draw.next() * 2.4 - 1.2) * 100).rounded() / 100
      }
      return FormulaValue(elements, dimensions: columns == 1 ? [rows] : [rows, columns])
    }
    let isRows = convention == .rows || convention == .rowsTransposed
    let isFlipped = convention == .columnsTransposed || convention == .rows
    func set(_ kind: LayerQuantity.Kind, _ layer: Int, _ value: FormulaValue, isGradient: Bool) {
      let isFlipped = kind == .weight ? isFlipped : isRows
      values[LayerQuantity(kind: kind, layer: layer, isGradient: isGradient).key] =
        isFlipped ? value.transposed : value
    }
    let width = isBatch ? LayerModel.samples : 1
    let count = LayerQuantity.most
    var weights: [FormulaValue] = []
    var outputs = [drawn(LayerModel.sizes[0], width)]
    var slopes: [FormulaValue] = []
    set(.after, 0, outputs[0], isGradient: false)
    for layer in 1...count {
      let weight = drawn(LayerModel.sizes[layer], LayerModel.sizes[layer - 1])
      guard let before = weight.matrixProduct(outputs[layer - 1]) else { return nil }
      weights.append(weight)
      outputs.append(before.map(activation.value))
      slopes.append(before.map(activation.slope))
      set(.weight, layer, weight, isGradient: false)
      set(.bias, layer, drawn(LayerModel.sizes[layer], 1), isGradient: false)
      set(.before, layer, before, isGradient: false)
      set(.after, layer, outputs[layer], isGradient: false)
      set(.slope, layer, slopes[layer - 1], isGradient: false)
    }
    var gradient = drawn(LayerModel.sizes[count], width)
    for layer in (1...count).reversed() {
      set(.after, layer, gradient, isGradient: true)
      guard let before = gradient.combined(with: slopes[layer - 1], *),
        let weight = before.matrixProduct(outputs[layer - 1].transposed),
        let next = weights[layer - 1].transposed.matrixProduct(before)
      else { return nil }
      set(.before, layer, before, isGradient: true)
      set(.weight, layer, weight, isGradient: true)
      set(.bias, layer, LayerModel.summed(before), isGradient: true)
      gradient = next
    }
    set(.after, 0, gradient, isGradient: true)
  }

  /// Over the samples.
  private static func summed(_ value: FormulaValue) -> FormulaValue {
    guard value.dimensions.count == 2 else { return value }
    let columns = value.dimensions[1]
    return FormulaValue(
      (0..<value.dimensions[0]).map { row in
        value.elements[(row * columns)..<((row + 1) * columns)].reduce(0, +)
      })
  }
}
