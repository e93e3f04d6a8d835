// When a matrix product is left to the system's library (OpenBLAS, Accelerate), and whether one was
// missed.
//
// The choice depends on the sizes of a product and on the machine, never on how its operands lie in
// memory or on what else a program does: so the same node gives the same bits. Products that are
// left to no library give the same bits on every machine.

import CKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package enum MatrixLibrary {
  enum Policy: Sendable {
    /// Where the processor gains by it.
    case automatic
    case always
    case never
  }

  /// From so many multiplications on a library is worth being loaded.
  static let operations = 1 << 26
  /// A matrix narrower than this is read as fast as it is multiplied.
  static let narrowest = 32

  /// `DESCENT_BLAS=never` has every machine compute the same bits; `always` is for comparison.
  static let standard: Policy =
    switch getenv("DESCENT_BLAS").map({ String(cString: $0) }) {
    case "always": .always
    case "never": .never
    default: .automatic
    }

  private static let missed = Atomic<Bool>(false)

  /// Whether a product was large enough for a library and none was found: it is computed all the
  /// same, more slowly.
  package static var isMissed: Bool { missed.load(ordering: .relaxed) }

  static func takes(rows: Int, inner: Int, columns: Int, policy: Policy) -> Bool {
    guard min(rows, inner, columns) >= narrowest,
      Double(rows) * Double(inner) * Double(columns) >= Double(operations)
    else { return false }
    switch policy {
    case .never: return false
    case .automatic where dk_blas_gains() == 0: return false
    case .automatic, .always: break
    }
    if dk_load_blas() != 0 { return true }
    missed.store(true, ordering: .relaxed)
    return false
  }
}
