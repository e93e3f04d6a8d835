// Everything numeric that a step changes, at one moment.
//
// A snapshot together with the session's statements determines all that follows, bit for bit, which
// is what makes going back in time exact. Definitions are not in it: going back never changes them.

import Tensors

/// The numbers of a session: parameters, optimizer state, counters, buffers, by path (`w`, `w.m`,
/// `w.t`, `f.1.running_mean`).
package struct Snapshot: Sendable, Equatable {
  package var values: [String: Tensor] = [:]
  /// Which optimizer a parameter's state belongs to. A state found under another optimizer's key is
  /// not used: that optimizer starts afresh.
  package var owners: [String: String] = [:]
  /// Parameters that steps leave alone.
  package var frozen: Set<String> = []

  package init() {}

  /// Where the number of steps counted is kept, once something is drawn anew at every step. No name
  /// can be typed so.
  package static let clockPath = "step clock"

  package subscript(path: String) -> Tensor? {
    get { values[path] }
    set { values[path] = newValue }
  }

  /// How many bytes its tensors take.
  package var byteCount: Int { values.values.reduce(0) { $0 + 8 * $1.elements.count + 64 } }

  /// Forgets the optimizer state of a parameter, so that its next step is its first.
  package mutating func forgetState(of parameter: String) {
    owners[parameter] = nil
    let prefix = parameter + "."
    values = values.filter { !$0.key.hasPrefix(prefix) }
  }
}
