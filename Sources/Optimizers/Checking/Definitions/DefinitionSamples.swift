// Inputs to compare on: the same every time, of changing lengths, so that n for n - 1 or a swapped
// index shows.

import Tensors

struct DefinitionSample: Sendable {
  /// What the formula is given, by the input's name.
  var given: [String: FormulaValue] = [:]
  /// What the reference is given: classes one-hot.
  var reference: [String: FormulaValue] = [:]
  /// The number of samples and of classes.
  var lengths: [String: Int]
}

enum DefinitionSamples {
  /// How many inputs are compared.
  static let count = 40
  private static let samples = [4, 3, 5, 2, 6]
  private static let classes = [3, 4, 2, 5, 3]

  /// The sample of a number. With `isVector`, elementwise inputs are vectors.
  static func sample(_ number: Int, of definition: KnownDefinition, isVector: Bool)
    -> DefinitionSample
  {
    var draw = Draw(seed: UInt64(number) &* 7919 &+ 17)
    let n = samples[number % samples.count]
    let k = classes[number % classes.count]
    var sample = DefinitionSample(lengths: ["n": n, "k": k])
    for input in definition.inputs {
      let dimensions: [Int]
      switch input.shape {
      case .scalar: dimensions = []
      case .elementwise: dimensions = isVector ? [n] : []
      case .vector(let length): dimensions = [length == "n" ? n : k]
      case .matrix: dimensions = [n, k]
      case .oneOf: dimensions = []
      case .eachOneOf: dimensions = [n]
      }
      switch input.shape {
      case .oneOf:
        let place = draw.whole(1, k)
        sample.given[input.name] = FormulaValue(Double(place))
        sample.reference[input.name] = FormulaValue((1...k).map { $0 == place ? 1 : 0 })
      case .eachOneOf:
        let places = (0..<n).map { _ in draw.whole(1, k) }
        sample.given[input.name] = FormulaValue(places.map(Double.init))
        sample.reference[input.name] = FormulaValue(
          rows: places.map { place in (1...k).map { $0 == place ? 1 : 0 } })
      default:
        var value = draw.value(input.domain, dimensions)
        // Far out now and then, where a bound shows.
        if case .apart = input.domain, number % 5 == 4 { value = value.map { $0 * 6 } }
        sample.given[input.name] = value
        sample.reference[input.name] = value
      }
    }
    return sample
  }

  /// An ordinary sample with some inputs replaced; nil when the lengths do not go together.
  static func sample(_ awkward: AwkwardInput, of definition: KnownDefinition, isVector: Bool)
    -> DefinitionSample?
  {
    var result = sample(1, of: definition, isVector: isVector)
    var lengths: [String: Int] = [:]
    for input in definition.inputs {
      guard let value = awkward.values[input.name] else { continue }
      switch (input.shape, value.dimensions.count) {
      case (.vector(let name), 1): lengths[name] = value.dimensions[0]
      case (.matrix, 2):
        lengths["n"] = value.dimensions[0]
        lengths["k"] = value.dimensions[1]
      case (.elementwise, 0) where !isVector: break
      case (.elementwise, 0):
        let many = FormulaValue([Double](repeating: value.elements[0], count: 4))
        result.given[input.name] = many
        result.reference[input.name] = many
        continue
      case (.scalar, 0): break
      default: return nil
      }
      result.given[input.name] = value
      result.reference[input.name] = value
    }
    // Others of the same lengths are drawn anew.
    if !lengths.isEmpty {
      var draw = Draw(seed: 4711)
      result.lengths.merge(lengths) { _, new in new }
      for input in definition.inputs where awkward.values[input.name] == nil {
        let k = result.lengths["k"] ?? 1
        switch input.shape {
        case .vector(let name):
          let value = draw.value(input.domain, [result.lengths[name] ?? 1])
          result.given[input.name] = value
          result.reference[input.name] = value
        case .matrix:
          let value = draw.value(input.domain, [result.lengths["n"] ?? 1, k])
          result.given[input.name] = value
          result.reference[input.name] = value
        case .oneOf:
          result.given[input.name] = FormulaValue(1)
          result.reference[input.name] = FormulaValue((1...max(1, k)).map { $0 == 1 ? 1 : 0 })
        default: break
        }
      }
    }
    return result
  }
}
