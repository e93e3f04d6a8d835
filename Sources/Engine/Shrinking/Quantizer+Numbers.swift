// Quantisation worked out in numbers: scale, zero point, integers, what they are read back as, and how
// far that is from what went in.
//
// The same arithmetic, in the same order, as the operation `quantize`, so that both give the same
// bits.

import Tensors

/// One scale's part of a quantised tensor: the whole, or one channel.
package struct QuantizedPart: Sendable {
  package let low: Double
  package let high: Double
  package let scale: Double
  /// The whole number that stands for 0.
  package let zeroPoint: Int
  package let integers: [Int]
  package let values: [Double]
  /// The largest difference between what went in and what comes back.
  package let largestError: Double
}

package struct QuantizedTensor: Sendable {
  package let quantizer: Quantizer
  package let original: Tensor
  /// One part, or one for each position of the first axis.
  package let parts: [QuantizedPart]

  /// What the integers are read back as.
  package var values: Tensor { Tensor(parts.flatMap(\.values), shape: original.shape) }

  package var integers: Tensor {
    Tensor(
      parts.flatMap { $0.integers.map(Double.init) }, shape: original.shape, type: .int64)
  }

  package var largestError: Double { parts.map(\.largestError).max() ?? 0 }
}

extension Quantizer {
  package static let bitRange = 2...24

  /// The smallest and largest whole number.
  package var integerRange: ClosedRange<Int> {
    isSymmetric ? -(1 << (bits - 1) - 1)...(1 << (bits - 1) - 1) : 0...(1 << bits - 1)
  }

  /// How it is written: `8 bits, symmetric, per tensor`.
  package var text: String {
    "\(bits) bits, \(isSymmetric ? "symmetric" : "affine"), per "
      + (isPerChannel ? "channel" : "tensor")
  }

  package func quantized(_ tensor: Tensor) -> QuantizedTensor {
    let channels = isPerChannel && tensor.shape.rank > 1 ? tensor.shape.dimensions[0] : 1
    let size = channels > 0 ? tensor.elements.count / channels : 0
    let parts = (0..<channels).map { channel in
      part(Array(tensor.elements[(channel * size)..<((channel + 1) * size)]))
    }
    return QuantizedTensor(quantizer: self, original: tensor, parts: parts)
  }

  private func part(_ x: [Double]) -> QuantizedPart {
    let low = x.min() ?? 0
    let high = x.max() ?? 0
    let scale: Double
    var zero = 0.0
    let levels: [Double]
    if isSymmetric {
      scale = (x.map(abs).max() ?? 0) / Double(1 << (bits - 1) - 1)
      levels = x.map { scale == 0 ? 0 : ($0 / scale).rounded(.toNearestOrEven) }
    } else {
      let top = Double(1 << bits - 1)
      let bottom = min(low, 0)
      scale = (max(high, 0) - bottom) / top
      zero = scale == 0 ? 0 : (bottom / scale).rounded(.toNearestOrEven)
      levels = x.map { value in
        guard scale != 0 else { return 0 }
        return min(max((value / scale).rounded(.toNearestOrEven) - zero, 0), top)
      }
    }
    let values = levels.map { scale == 0 ? 0 : ($0 + zero) * scale }
    return QuantizedPart(
      low: low, high: high, scale: scale, zeroPoint: Int(exactly: -zero) ?? 0,
      integers: levels.map { Int(exactly: $0) ?? 0 }, values: values,
      largestError: zip(x, values).map { abs($0 - $1) }.max() ?? 0)
  }
}
