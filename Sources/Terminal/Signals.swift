// Signals turned into bytes on a pipe, which the prompt polls beside the keyboard: the only
// safe way to act on one. The handler touches atomics and the pipe, nothing else, and every
// global it needs is initialised before it is installed.

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package enum Signals {
  private static let readEnd = Atomic<Int32>(-1)
  private static let writeEnd = Atomic<Int32>(-1)
  private static let termination = Atomic<Int32>(0)
  private static let editing = Atomic<Bool>(false)

  /// The termination signal that has arrived and was not yet obeyed; nil when none.
  package static var pendingTermination: Int32? {
    let signal = termination.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// Ends the process as `signal` would have without a handler, so that whoever started it
  /// sees the true cause. Restore the terminal and save before.
  package static func die(of signal: Int32) -> Never {
    restoreDefault(signal)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, signal)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(signal)
    exit(128 + signal)
  }

  /// Creates the pipe and touches every global the handler uses.
  static func prepare() {
    _ = termination.load(ordering: .relaxed)
    _ = isEditing
    _ = Interrupt.isSet
    guard readEnd.load(ordering: .relaxed) < 0 else { return }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends {
      _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    readEnd.store(ends[0], ordering: .relaxed)
    writeEnd.store(ends[1], ordering: .relaxed)
  }

  /// The descriptor to poll; -1 when there is no pipe.
  static var descriptor: Int32 { readEnd.load(ordering: .relaxed) }

  /// Whether the prompt is up, where Ctrl-C is answered however often it is pressed.
  static var isEditing: Bool {
    get { editing.load(ordering: .relaxed) }
    set { editing.store(newValue, ordering: .relaxed) }
  }

  /// The signals that arrived since the last call, in order.
  static func take() -> [Int32] {
    let end = descriptor
    guard end >= 0 else { return [] }
    var result: [Int32] = []
    var buffer = [UInt8](repeating: 0, count: 64)
    while true {
      let count = read(end, &buffer, buffer.count)
      if count > 0 {
        result += buffer[..<count].map { Int32($0) }
      } else if count < 0, errno == EINTR {
        continue
      } else {
        return result
      }
    }
  }

  /// Sends `signal` through the pipe from now on. No SA_RESTART: a blocked read must return.
  /// One that was ignored when the process began (`nohup`) stays ignored.
  static func handle(_ signal: Int32) {
    if !isIgnored(signal) { set(signal, deliverSignal) }
  }

  static func ignore(_ signal: Int32) { set(signal, SIG_IGN) }

  static func restoreDefault(_ signal: Int32) { set(signal, SIG_DFL) }

  static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(signal, nil, &action) == 0 else { return false }
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static func set(_ signal: Int32, _ handler: (@convention(c) (Int32) -> Void)?) {
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = handler
    #else
      action.__sigaction_handler.sa_handler = handler
    #endif
    sigemptyset(&action.sa_mask)
    action.sa_flags = 0
    sigaction(signal, &action, nil)
  }

  /// The handler's work.
  fileprivate static func deliver(_ signal: Int32) {
    let savedError = errno
    defer { errno = savedError }
    switch signal {
    case SIGINT:
      // A run that does not look at the flag must still be stoppable.
      if Interrupt.note() >= 3, !editing.load(ordering: .relaxed) { _exit(128 + SIGINT) }
    case SIGTERM, SIGHUP:
      if termination.exchange(signal, ordering: .relaxed) != 0 { _exit(128 + signal) }
      _ = Interrupt.note()
    default:
      break
    }
    let end = writeEnd.load(ordering: .relaxed)
    if end >= 0 {
      var byte = UInt8(truncatingIfNeeded: signal)
      _ = write(end, &byte, 1)
    }
  }
}

private func deliverSignal(_ signal: Int32) { Signals.deliver(signal) }
