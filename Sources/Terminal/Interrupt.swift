// Ctrl-C as a flag. A signal handler sets it, a long run looks at it every step and stops
// where it stands, the prompt clears it. Nothing else happens in the handler, and nothing
// is killed by the first Ctrl-C; a run that never looks ends with the third.

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package enum Interrupt {
  private static let presses = Atomic<Int>(0)

  /// True from a Ctrl-C until `clear`. Cheap enough to ask at every step.
  @inline(__always)
  package static var isSet: Bool { presses.load(ordering: .relaxed) != 0 }

  package static func clear() { presses.store(0, ordering: .relaxed) }

  /// As Ctrl-C would: for tests, and for a run ended by a termination signal.
  package static func set() { _ = note() }

  /// Counts one press and returns how many there were since `clear`. Safe in a handler.
  static func note() -> Int {
    presses.add(1, ordering: .relaxed).newValue
  }

  /// From now on Ctrl-C sets the flag, and writing to a closed pipe is an error instead of
  /// a death. May be called again.
  package static func install() {
    clear()
    Signals.prepare()
    Signals.handle(SIGINT)
    Signals.ignore(SIGPIPE)
  }
}
