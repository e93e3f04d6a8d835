// A program on the far side of a pseudo-terminal: typed to, read from, resized and signalled as
// a person's terminal would. Started with posix_spawn, so that nothing runs in a forked copy
// of the test process. Every wait has a deadline.

import Testing

@testable import Terminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

final class PseudoTerminal {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private let master: Int32
  let process: pid_t
  private var isReaped = false
  /// Everything the program has written and no `expect` has consumed.
  private(set) var pending = ""

  /// Starts the probe in a window of the size given.
  init(columns: UInt16 = 60, rows: UInt16 = 15, environment: [String: String] = [:]) throws {
    var near: Int32 = -1
    var far: Int32 = -1
    guard openpty(&near, &far, nil, nil, nil) == 0, let name = ttyname(far) else {
      throw Failure(description: "no pseudo-terminal: \(systemMessage(errno))")
    }
    let device = String(cString: name)
    close(far)
    master = near
    PseudoTerminal.setSize(master, columns: columns, rows: rows)
    _ = fcntl(master, F_SETFD, FD_CLOEXEC)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, device, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Test threads run with signals blocked, which the program would inherit.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    posix_spawnattr_setflags(&attributes, Int16(flags) | PseudoTerminal.newSession)

    var variables = ["TERM": "xterm", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
    variables.merge(environment) { $1 }
    let path = try Probe.path()
    var child: pid_t = 0
    let code = withCStrings([path]) { arguments in
      withCStrings(variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }) {
        posix_spawn(&child, path, &actions, &attributes, arguments, $0)
      }
    }
    guard code == 0 else {
      close(master)
      throw Failure(description: "cannot start \(path): \(systemMessage(code))")
    }
    process = child
  }

  deinit {
    if !isReaped {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(master)
  }

  func send(_ text: String) { writeNow(master, text) }

  func resize(columns: UInt16, rows: UInt16 = 15) {
    PseudoTerminal.setSize(master, columns: columns, rows: rows)
  }

  /// Reads until `text` has appeared and returns everything up to its end.
  @discardableResult
  func expect(_ text: String, seconds: Double = 20) throws -> String {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      if let range = pending.firstRange(of: text) {
        let seen = String(pending[..<range.upperBound])
        pending.removeSubrange(..<range.upperBound)
        return seen
      }
      guard ContinuousClock.now < deadline, readMore() else {
        throw Failure(description: "no \(text.debugDescription) in \(pending.debugDescription)")
      }
    }
  }

  /// Everything that arrives within a short pause.
  func settle(milliseconds: Int = 150) -> String {
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while ContinuousClock.now < deadline, readMore(milliseconds: 30, atEnd: true) {}
    defer { pending = "" }
    return pending
  }

  /// The wait status, once the program has ended.
  func waitForEnd(seconds: Double = 20) throws -> Ending {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
      var status: Int32 = 0
      if waitpid(process, &status, WNOHANG) == process {
        isReaped = true
        let signal = status & 0x7F
        return signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
      }
      _ = readMore(milliseconds: 10, atEnd: true)
      usleep(1000)
    }
    throw Failure(description: "still running; last saw \(pending.debugDescription)")
  }

  enum Ending: Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  /// Whether the terminal's modes are the ordinary ones: lines, with echo.
  var isCooked: Bool {
    var modes = termios()
    guard tcgetattr(master, &modes) == 0 else { return false }
    return modes.c_lflag & tcflag_t(ICANON) != 0 && modes.c_lflag & tcflag_t(ECHO) != 0
  }

  private func readMore(milliseconds: Int32 = 100, atEnd: Bool = false) -> Bool {
    var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, milliseconds) > 0 else { return true }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(master, &buffer, buffer.count)
    guard count > 0 else { return false }
    pending += String(decoding: buffer[..<count], as: UTF8.self)
    return true
  }

  private static func setSize(_ descriptor: Int32, columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
  }

  #if canImport(Darwin)
    private static let newSession = Int16(POSIX_SPAWN_SETSID)
  #else
    private static let newSession = Int16(0x80)  // POSIX_SPAWN_SETSID, a GNU extension
  #endif
}

/// Where the probe was built: beside the test program.
enum Probe {
  static func path() throws -> String {
    var candidates: [String] = []
    #if canImport(Glibc)
      if let own = realpath("/proc/self/exe", nil) {
        candidates.append(folder(of: String(cString: own)) + "/TerminalProbe")
        free(own)
      }
    #endif
    // Under another test runner: Tests/TerminalTests/PseudoTerminal.swift is three below the root.
    let root = folder(of: folder(of: folder(of: #filePath)))
    candidates += ["debug", "release"].map { "\(root)/.build/\($0)/TerminalProbe" }
    for candidate in candidates where access(candidate, X_OK) == 0 { return candidate }
    throw PseudoTerminal.Failure(description: "no probe at \(candidates)")
  }

  private static func folder(of path: String) -> String {
    path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
  }
}

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/descent-test-XXXXXX\0".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw PseudoTerminal.Failure(description: "no temporary folder: \(systemMessage(errno))")
    }
    path = String(cString: made)
  }

  deinit { TemporaryFolder.remove(path) }

  private static func remove(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { remove(path + "/" + name) }
      }
      closedir(folder)
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}

/// Calls `body` with a NULL-terminated array of C strings.
func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies + [nil])
}
