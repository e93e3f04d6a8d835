// How a layer's parameters begin: a law for the first values, and its formula with the numbers in it.
//
// The fans are PyTorch's: of a weight [out, in, …] fan_in is in times the sizes after it, fan_out is
// out times them. Values come from the session's seed and the parameter's path, so the same model
// typed again begins the same.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct Initialiser: Sendable {
  /// Where the numbers are drawn from.
  package enum Law: Sendable, Equatable {
    case constant(Double)
    case uniform(low: Double, high: Double)
    case normal(mean: Double, deviation: Double)
    /// Rows or columns, whichever are fewer, are orthogonal and of length `gain`.
    case orthogonal(gain: Double)
  }

  /// Which number of a layer its standard start depends on.
  package enum Reach: Sendable, Equatable {
    case fanIn(Int)
    case hidden(Int)
  }

  package enum Kind: Sendable {
    case zeros, ones, constant, uniform, normal
    case xavierUniform, xavierNormal, heUniform, heNormal, orthogonal
    /// U(-a, a) with a = 1/√n: what PyTorch begins most layers with.
    case torchUniform(Reach)

    var isRandom: Bool {
      switch self {
      case .zeros, .ones, .constant: false
      default: true
      }
    }
  }

  package let kind: Kind
  /// The numbers given, or their defaults, in the order of the kind's parameters.
  let numbers: [Double]
  let seed: Int

  init(_ kind: Kind, _ numbers: [Double] = [], seed: Int = 0) {
    self.kind = kind
    self.numbers = numbers
    self.seed = seed
  }

  static let zeros = Initialiser(.zeros)
  static let ones = Initialiser(.ones)
  static let standardNormal = Initialiser(.normal, [0, 1])
  static let xavier = Initialiser(.xavierUniform, [1])
  static func torchUniform(_ reach: Reach) -> Initialiser { Initialiser(.torchUniform(reach)) }

  private func number(_ place: Int, _ standard: Double) -> Double {
    place < numbers.count ? numbers[place] : standard
  }

  /// The fans of a weight; nil for a vector, which has none.
  static func fans(_ shape: Shape) -> (in: Int, out: Int)? {
    guard shape.rank >= 2 else { return nil }
    let field = Shape(Array(shape.dimensions.dropFirst(2))).count
    return (shape.dimensions[1] * field, shape.dimensions[0] * field)
  }

  /// What it comes to for a shape; nil where it needs a matrix and this is none.
  package func law(for shape: Shape) -> Law? {
    switch kind {
    case .zeros: return .constant(0)
    case .ones: return .constant(1)
    case .constant: return .constant(number(0, 0))
    case .uniform: return .uniform(low: number(0, -0.1), high: number(1, 0.1))
    case .normal: return .normal(mean: number(0, 0), deviation: number(1, 1))
    case .orthogonal: return shape.rank >= 2 ? .orthogonal(gain: number(0, 1)) : nil
    case .torchUniform(.fanIn(let n)), .torchUniform(.hidden(let n)):
      let bound = 1 / Double(max(1, n)).squareRoot()
      return .uniform(low: -bound, high: bound)
    case .xavierUniform, .xavierNormal, .heUniform, .heNormal:
      guard let fans = Initialiser.fans(shape) else { return nil }
      let gain = number(0, isHe ? 2.0.squareRoot() : 1)
      let total = Double(isHe ? max(1, fans.in) : max(1, fans.in + fans.out))
      let deviation = gain * ((isHe ? 1 : 2) / total).squareRoot()
      guard isUniform else { return .normal(mean: 0, deviation: deviation) }
      let bound = 3.0.squareRoot() * deviation
      return .uniform(low: -bound, high: bound)
    }
  }

  private var isHe: Bool {
    switch kind {
    case .heUniform, .heNormal: true
    default: false
    }
  }

  private var isUniform: Bool {
    switch kind {
    case .xavierUniform, .heUniform: true
    default: false
    }
  }

  /// Its name as it is typed; `torch` for a layer's own.
  package var name: String {
    switch kind {
    case .zeros: "zeros"
    case .ones: "ones"
    case .constant: "constant"
    case .uniform: "uniform"
    case .normal: "normal"
    case .xavierUniform: "xavier"
    case .xavierNormal: "xavier_normal"
    case .heUniform: "he_uniform"
    case .heNormal: "he"
    case .orthogonal: "orthogonal"
    case .torchUniform: "default"
    }
  }

  /// The law with the numbers of a shape: `w ~ N(0, 2/fan_in), std = √(2/10) = 0.447214`.
  /// - Parameter format: a number as it is to be shown.
  package func formula(of name: String, for shape: Shape, _ format: (Double) -> String) -> String {
    guard let law = law(for: shape) else { return "needs a matrix" }
    let fans = Initialiser.fans(shape) ?? (1, 1)
    let gain = number(0, isHe ? 2.0.squareRoot() : 1)
    switch kind {
    case .zeros, .ones, .constant:
      if case .constant(let value) = law { return "\(name) = \(format(value))" }
    case .uniform:
      if case .uniform(let low, let high) = law {
        return "\(name) ~ U(\(format(low)), \(format(high)))"
      }
    case .normal:
      if case .normal(let mean, let deviation) = law {
        return "\(name) ~ N(\(format(mean)), \(format(deviation))²)"
      }
    case .torchUniform(let reach):
      guard case .uniform(_, let bound) = law else { break }
      let (word, n) =
        switch reach {
        case .fanIn(let n): ("fan_in", n)
        case .hidden(let n): ("hidden", n)
        }
      return "\(name) ~ U(-a, a), a = 1/√\(word) = 1/√\(n) = \(format(bound))"
    case .xavierUniform:
      guard case .uniform(_, let bound) = law else { break }
      return "\(name) ~ U(-a, a), a = \(factor(gain, format))√(6/(fan_in + fan_out))"
        + " = \(factor(gain, format))√(6/(\(fans.in) + \(fans.out))) = \(format(bound))"
    case .xavierNormal:
      guard case .normal(_, let deviation) = law else { break }
      return "\(name) ~ N(0, std²), std = \(factor(gain, format))√(2/(fan_in + fan_out))"
        + " = \(factor(gain, format))√(2/(\(fans.in) + \(fans.out))) = \(format(deviation))"
    case .heUniform:
      guard case .uniform(_, let bound) = law else { break }
      let top = format(3 * gain * gain)
      return "\(name) ~ U(-a, a), a = √(\(top)/fan_in) = √(\(top)/\(fans.in)) = \(format(bound))"
    case .heNormal:
      guard case .normal(_, let deviation) = law else { break }
      let top = format(gain * gain)
      return "\(name) ~ N(0, \(top)/fan_in), std = √(\(top)/\(fans.in)) = \(format(deviation))"
    case .orthogonal:
      let sizes = [shape.dimensions[0], shape.count / max(1, shape.dimensions[0])]
      let product = sizes[0] >= sizes[1] ? "\(name)ᵀ·\(name)" : "\(name)·\(name)ᵀ"
      return "\(name) = \(factor(gain, format))Q, Q R = N(0, 1) draws; "
        + "\(product) = \(gain == 1 ? "" : format(gain * gain) + "·")I"
    }
    return name
  }

  private func factor(_ gain: Double, _ format: (Double) -> String) -> String {
    gain == 1 ? "" : format(gain) + "·"
  }
}
