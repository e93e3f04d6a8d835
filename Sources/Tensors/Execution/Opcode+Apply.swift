// The scalar functions, applied once: the definition that every loop agrees with.

import CKernels

extension Opcode {
  /// Operands that the function does not have are ignored.
  package func apply(_ a: Double, _ b: Double = 0, _ c: Double = 0) -> Double {
    dk_apply(Int32(rawValue), a, b, c)
  }
}
