// The history kept between sessions: a plain file, an entry a line, the newest last. Entries
// are appended as they are accepted, so sessions running side by side add to each other and
// a killed one loses nothing. Losing the file never stops a session; every failure is silent.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package struct HistoryFile: Sendable {
  /// Entries kept; older ones fall out when a session begins.
  package static let maximumEntries = 5000
  /// A longer entry is not kept on disk, in bytes.
  package static let maximumEntryLength = 1 << 16
  /// Only the end of a larger file is read, in bytes.
  static let maximumFileLength = 8 << 20

  package let path: String

  package init(path: String) { self.path = path }

  /// `$XDG_STATE_HOME/descent/history`, else `~/.local/state/descent/history`; nil without a
  /// home. A relative `XDG_STATE_HOME` is ignored, as its specification asks.
  package static func standard(
    environment: (String) -> String? = { Screen.environment($0) }
  ) -> HistoryFile? {
    if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") {
      return HistoryFile(path: state + "/descent/history")
    }
    guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
    return HistoryFile(path: home + "/.local/state/descent/history")
  }

  // MARK: reading and writing

  /// Every entry, oldest first, each once at its newest place. Rewrites the file when much of
  /// it is repeats or beyond the bound.
  package func load() -> [String] {
    guard let descriptor = open(creating: false) else { return [] }
    defer { close(descriptor) }
    let isLocked = lock(descriptor)
    let stored = HistoryFile.parse(readEnd(descriptor))
    let kept = HistoryFile.newest(of: stored.entries)
    let isGrown =
      stored.lineCount > kept.count + HistoryFile.maximumEntries / 4
      || fileLength(descriptor) > HistoryFile.maximumFileLength
    if isLocked, isGrown { rewrite(kept) }
    return kept
  }

  /// Adds one entry at the end. Creates the file (mode 0600) and its folder (0700) if needed.
  package func append(_ entry: String) {
    guard entry.utf8.count <= HistoryFile.maximumEntryLength, !entry.isEmpty else { return }
    createFolder()
    // Another session may put a rewritten file in this one's place while we wait for it.
    for _ in 0..<3 {
      guard let descriptor = open(creating: true) else { return }
      defer { close(descriptor) }
      let isLocked = lock(descriptor)
      if isLocked, !isStillNamed(descriptor) { continue }
      var text = HistoryFile.encode(entry) + "\n"
      if lacksFinalNewline(descriptor) { text = "\n" + text }
      writeNow(descriptor, text)
      return
    }
  }

  // MARK: the format

  /// An entry on one line: a backslash doubled, newline, return and NUL as `\n`, `\r`, `\0`.
  static func encode(_ entry: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case "\0": result.append(contentsOf: "\\0".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  static func decode(_ line: String) -> String {
    var result = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if !isEscaped, scalar == "\\" {
        isEscaped = true
        continue
      }
      switch (isEscaped, scalar) {
      case (true, "n"): result.append("\n")
      case (true, "r"): result.append("\r")
      case (true, "0"): result.append("\0")
      default: result.append(scalar)
      }
      isEscaped = false
    }
    if isEscaped { result.append("\\") }
    return String(result)
  }

  static func parse(_ bytes: [UInt8]) -> (entries: [String], lineCount: Int) {
    let lines = bytes.split(separator: 0x0A)
    let entries = lines.map { decode(String(decoding: $0, as: UTF8.self)) }
    return (entries, lines.count)
  }

  /// The newest entries up to the bound, repeats taken out, oldest first.
  static func newest(of entries: [String], limit: Int = maximumEntries) -> [String] {
    var seen: Set<String> = []
    var result: [String] = []
    for entry in entries.reversed() where result.count < limit {
      if seen.insert(entry).inserted { result.append(entry) }
    }
    return result.reversed()
  }

  // MARK: the file

  /// A regular file of this user, or nothing.
  private func open(creating: Bool) -> Int32? {
    let flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (creating ? O_CREAT : 0)
    #if canImport(Darwin)
      let descriptor = Darwin.open(path, flags, 0o600)
    #else
      let descriptor = Glibc.open(path, flags, 0o600)
    #endif
    guard descriptor >= 0 else { return nil }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG,
      facts.st_uid == geteuid()
    else {
      close(descriptor)
      return nil
    }
    if facts.st_mode & 0o077 != 0 { fchmod(descriptor, 0o600) }
    return descriptor
  }

  /// Waits a fifth of a second at most: a stuck lock must not hold up the prompt.
  private func lock(_ descriptor: Int32) -> Bool {
    for attempt in 0..<20 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      if errno != EWOULDBLOCK && errno != EINTR { return false }
      if attempt < 19 { usleep(10_000) }
    }
    return false
  }

  private func isStillNamed(_ descriptor: Int32) -> Bool {
    var open = stat()
    var named = stat()
    guard fstat(descriptor, &open) == 0, stat(path, &named) == 0 else { return false }
    return open.st_ino == named.st_ino && open.st_dev == named.st_dev
  }

  private func fileLength(_ descriptor: Int32) -> Int {
    var facts = stat()
    return fstat(descriptor, &facts) == 0 ? Int(facts.st_size) : 0
  }

  private func lacksFinalNewline(_ descriptor: Int32) -> Bool {
    let length = fileLength(descriptor)
    guard length > 0 else { return false }
    var byte: UInt8 = 0
    return pread(descriptor, &byte, 1, off_t(length - 1)) == 1 && byte != 0x0A
  }

  private func readEnd(_ descriptor: Int32) -> [UInt8] {
    let length = fileLength(descriptor)
    let wanted = min(length, HistoryFile.maximumFileLength)
    guard wanted > 0 else { return [] }
    let start = length - wanted
    var bytes = [UInt8](repeating: 0, count: wanted)
    var count = 0
    bytes.withUnsafeMutableBytes { space in
      while count < wanted, let base = space.baseAddress {
        let got = pread(descriptor, base + count, wanted - count, off_t(start + count))
        if got > 0 {
          count += got
        } else if got == 0 || errno != EINTR {
          break
        }
      }
    }
    bytes.removeSubrange(count...)
    if start > 0, let firstEnd = bytes.firstIndex(of: 0x0A) { bytes.removeSubrange(...firstEnd) }
    return bytes
  }

  /// Puts a file with `entries` in place of the old one, whole or not at all.
  private func rewrite(_ entries: [String]) {
    // A history kept as a symbolic link stays one.
    guard let resolved = realpath(path, nil) else { return }
    defer { free(resolved) }
    let target = String(cString: resolved)
    let temporary = target + ".\(getpid())"
    #if canImport(Darwin)
      let descriptor = Darwin.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    #else
      let descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    #endif
    guard descriptor >= 0 else { return }
    var text = entries.map { HistoryFile.encode($0) + "\n" }.joined()
    let code = text.withUTF8 { writeAll(descriptor, UnsafeRawBufferPointer($0)) }
    if close(descriptor) == 0, code == 0, rename(temporary, target) == 0 { return }
    unlink(temporary)
  }

  private func createFolder() {
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
      folder += "/" + part
      mkdir(folder, 0o700)
    }
  }
}
