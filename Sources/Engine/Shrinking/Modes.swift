// What is done to parameters besides stepping: some stand still, some have elements that stay 0, some
// are kept within bounds, some are rounded on the way into the loss.
//
// Part of a snapshot, so that going back reverts it. A compiled step depends on it.

import Tensors

/// The modes in force, by parameter path.
package struct Modes: Sendable, Equatable {
  /// Parameters that steps leave alone.
  package var frozen: Set<String> = []
  /// Parameters with a mask of elements that stay 0; the masks are in the snapshot.
  package var masked: Set<String> = []
  /// The bound that a parameter's elements are brought back to after every step.
  package var bounds: [String: Double] = [:]
  /// How a parameter is rounded wherever a loss or a model reads it.
  package var quantizers: [String: Quantizer] = [:]

  package init() {}

  /// Whether steps or losses treat this parameter in any way of their own.
  package func touches(_ path: String) -> Bool {
    masked.contains(path) || bounds[path] != nil || quantizers[path] != nil
  }
}

extension Quantizer {
  /// As the operation takes it.
  func attributes(for shape: Shape) -> Attributes {
    let hasAxes = isPerChannel && shape.rank > 1
    return Attributes(integers: [bits, hasAxes ? -shape.rank : 0], flag: isSymmetric)
  }
}

/// A way to round numbers to what whole numbers of a few bits can tell apart.
package struct Quantizer: Sendable, Equatable {
  package let bits: Int
  /// Levels evenly on both sides of 0, so that no zero point is needed.
  package let isSymmetric: Bool
  /// A scale for each position of the first axis, rather than one for the whole tensor.
  package let isPerChannel: Bool

  package init(bits: Int, isSymmetric: Bool, isPerChannel: Bool) {
    self.bits = bits
    self.isSymmetric = isSymmetric
    self.isPerChannel = isPerChannel
  }
}
