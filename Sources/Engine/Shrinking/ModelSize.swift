// How many bytes parameters take when they are stored: as float32, as what is not 0, as integers.

import Tensors

package struct ModelSize: Sendable {
  package private(set) var elements = 0
  package private(set) var nonZero = 0
  package private(set) var scales = 0

  /// - Parameter channels: how many scales each tensor has when it is quantised.
  package init(_ tensors: [(value: Tensor, channels: Int)]) {
    for (value, channels) in tensors {
      elements += value.elements.count
      nonZero += value.elements.count { $0 != 0 }
      scales += channels
    }
  }

  /// Every element as a float32.
  package var dense: Int { 4 * elements }

  /// The elements that are not 0 as float32, and a bit for each place that says whether it is.
  package var sparse: Int { 4 * nonZero + (elements + 7) / 8 }

  /// Every element as an integer of so many bits, and with each scale, a float32, its zero point
  /// where there is one.
  package func quantized(_ quantizer: Quantizer) -> Int {
    (elements * quantizer.bits + 7) / 8 + scales * (quantizer.isSymmetric ? 4 : 4 + 4)
  }

  /// As `quantized`, with only the integers that are not 0 and a bit for each place.
  package func sparseQuantized(_ quantizer: Quantizer) -> Int {
    (nonZero * quantizer.bits + 7) / 8 + (elements + 7) / 8
      + scales * (quantizer.isSymmetric ? 4 : 4 + 4)
  }
}
