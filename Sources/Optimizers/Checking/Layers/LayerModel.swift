// Numbers for a network of four layers of different sizes, forward and back, as a convention prints
// them.
//
// The gradient at the end is any; what back-propagation says holds for each. The few models that there
// are, are made once. There is one of single units, too, in which all are numbers.

import Notation

struct LayerModel: Sendable {
  /// By their names in `FormulaFunctions`.
  enum Activation: String, CaseIterable, Sendable {
    case sigmoid, tanh
    case relu = "ReLU"

    private var function: FormulaFunction? { FormulaFunctions.named(rawValue) }

    func value(_ x: Double) -> Double { function?.scalar?(x) ?? .nan }
    func slope(_ x: Double) -> Double { function?.derivative?(x) ?? .nan }

    /// Those that a document's functions may be.
    static func named(_ names: Set<String>) -> [Activation] {
      let known = names.map { name in
        allCases.first { $0.rawValue.lowercased() == name.lowercased() }
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

  /// How many models there are of each kind.
  static let seeds = 2

  private struct Kind: Hashable {
    var convention: LayerConvention
    var activation: Activation
    var isBatch: Bool
    var seed: Int
  }

  private static let all: [Kind: LayerModel] = {
    var result: [Kind: LayerModel] = [:]
    for convention in LayerConvention.allCases {
      for activation in Activation.allCases {
        for isBatch in [false, true] {
          for seed in 0..<seeds {
            let kind = Kind(
              convention: convention, activation: activation, isBatch: isBatch, seed: seed)
            result[kind] = LayerModel(kind, sizes: sizes)
          }
        }
      }
    }
    return result
  }()

  private static let singles: [Kind: LayerModel] = {
    var result: [Kind: LayerModel] = [:]
    for activation in Activation.allCases {
      for seed in 0..<seeds {
        let kind = Kind(convention: .columns, activation: activation, isBatch: false, seed: seed)
        var model = LayerModel(kind, sizes: sizes.map { _ in 1 })
        model.values = model.values.mapValues { FormulaValue($0.elements[0]) }
        result[kind] = model
      }
    }
    return result
  }()

  /// - Parameter seed: below `seeds`.
  static func made(
    _ convention: LayerConvention, _ activation: Activation, isBatch: Bool, seed: Int
  ) -> LayerModel? {
    all[Kind(convention: convention, activation: activation, isBatch: isBatch, seed: seed)]
  }

  /// The model of one unit a layer.
  static func single(_ activation: Activation, seed: Int) -> LayerModel? {
    singles[Kind(convention: .columns, activation: activation, isBatch: false, seed: seed)]
  }

  private init(_ kind: Kind, sizes: [Int]) {
    isBatch = kind.isBatch
    let convention = kind.convention
    var draw = Draw(seed: 31 + UInt64(kind.seed.magnitude))
    // A ReLU of one unit must not be shut, or all gradients are zero and any formula is right.
    let isSingle = sizes.allSatisfy { $0 == 1 }
    func drawn(_ rows: Int, _ columns: Int) -> Grid {
      let elements = (0..<(rows * columns)).map { _ in
        let number = ((draw.next() * 2.4 - 1.2) * 100).rounded() / 100
        return isSingle ? 0.3 + abs(number) : number
      }
      return Grid(rows: rows, columns: columns, elements: elements)
    }
    let isRows = convention == .rows || convention == .rowsTransposed
    let isFlipped = convention == .columnsTransposed || convention == .rows
    func set(_ kind: LayerQuantity.Kind, _ layer: Int, _ grid: Grid, isGradient: Bool) {
      let isFlipped = kind == .weight ? isFlipped : isRows
      values[LayerQuantity(kind: kind, layer: layer, isGradient: isGradient).key] =
        isFlipped ? grid.value.transposed : grid.value
    }
    let width = isBatch ? LayerModel.samples : 1
    let count = LayerQuantity.most
    var weights: [Grid] = []
    var outputs = [drawn(sizes[0], width)]
    var slopes: [Grid] = []
    set(.after, 0, outputs[0], isGradient: false)
    for layer in 1...count {
      let weight = drawn(sizes[layer], sizes[layer - 1])
      let before = weight.times(outputs[layer - 1])
      weights.append(weight)
      outputs.append(before.map(kind.activation.value))
      slopes.append(before.map(kind.activation.slope))
      set(.weight, layer, weight, isGradient: false)
      set(.bias, layer, drawn(sizes[layer], 1), isGradient: false)
      set(.before, layer, before, isGradient: false)
      set(.after, layer, outputs[layer], isGradient: false)
      set(.slope, layer, slopes[layer - 1], isGradient: false)
    }
    var gradient = drawn(sizes[count], width)
    for layer in (1...count).reversed() {
      set(.after, layer, gradient, isGradient: true)
      let before = gradient.eachTimes(slopes[layer - 1])
      set(.before, layer, before, isGradient: true)
      set(.weight, layer, before.times(outputs[layer - 1].transposed), isGradient: true)
      set(.bias, layer, before.summed, isGradient: true)
      gradient = weights[layer - 1].transposed.times(before)
    }
    set(.after, 0, gradient, isGradient: true)
  }

  /// A matrix of the model, row-major; one column is a vector. Its sizes fit by construction.
  private struct Grid {
    var rows: Int
    var columns: Int
    var elements: [Double]

    var value: FormulaValue {
      FormulaValue(elements, dimensions: columns == 1 ? [rows] : [rows, columns])
    }

    var transposed: Grid {
      var moved: [Double] = []
      for column in 0..<columns {
        for row in 0..<rows { moved.append(elements[row * columns + column]) }
      }
      return Grid(rows: columns, columns: rows, elements: moved)
    }

    /// Over the samples.
    var summed: Grid {
      let sums = (0..<rows).map { row in
        elements[(row * columns)..<((row + 1) * columns)].reduce(0, +)
      }
      return Grid(rows: rows, columns: 1, elements: sums)
    }

    func map(_ function: (Double) -> Double) -> Grid {
      Grid(rows: rows, columns: columns, elements: elements.map(function))
    }

    func eachTimes(_ other: Grid) -> Grid {
      Grid(rows: rows, columns: columns, elements: zip(elements, other.elements).map { $0 * $1 })
    }

    func times(_ other: Grid) -> Grid {
      var products: [Double] = []
      for row in 0..<rows {
        for column in 0..<other.columns {
          var sum = 0.0
          for place in 0..<columns {
            sum += elements[row * columns + place] * other.elements[place * other.columns + column]
          }
          products.append(sum)
        }
      }
      return Grid(rows: rows, columns: other.columns, elements: products)
    }
  }
}
