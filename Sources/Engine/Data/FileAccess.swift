// Reading and writing whole files.
//
// Every path a person types comes through here: what is not an ordinary file is refused before it
// is opened for long, sizes are bounded, and a file is replaced only once the new one is complete.
// Nothing here knows what the bytes mean.

import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

package enum FileAccess {
  /// No file larger than this is read (1 GiB).
  package static let maximumBytes = 1 << 30

  /// The bytes of an ordinary file.
  ///
  /// - Throws: `file.missing` with the nearest names in its folder, `file.folder`, `file.special`
  ///   for pipes and devices (they might never end), `file.tooLarge`, `file.permission`,
  ///   `file.read`.
  package static func read(
    _ path: String, limit: Int = maximumBytes, at span: Span
  ) throws(Diagnostic) -> [UInt8] {
    let expanded = try checked(path, at: span)
    // O_NONBLOCK: opening a pipe nobody writes to would wait for ever.
    let descriptor = open(expanded, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw openingFailed(path, expanded, errno, at: span)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw failure("file.read", "\(path) cannot be read", errno, at: span)
    }
    try refuseUnlessFile(path, status.st_mode, at: span)
    guard Int(status.st_size) <= limit else {
      throw tooLarge(path, Int(status.st_size), limit: limit, at: span)
    }
    return try readAll(descriptor, path, expecting: Int(status.st_size), limit: limit, at: span)
  }

  /// A file may grow while it is read, and some report size 0, so the end is where `read` says.
  private static func readAll(
    _ descriptor: Int32, _ path: String, expecting size: Int, limit: Int, at span: Span
  ) throws(Diagnostic) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size + 1)
    let blockSize = max(1 << 16, min(size + 1, 1 << 22))
    var problem: Int32 = 0
    while true {
      var count = 0
      let block = [UInt8](unsafeUninitializedCapacity: blockSize) { buffer, filled in
        repeat {
          count = systemRead(descriptor, buffer.baseAddress, buffer.count)
        } while count < 0 && errno == EINTR
        if count < 0 { problem = errno }
        filled = max(0, count)
      }
      guard count >= 0 else {
        throw failure("file.read", "\(path) cannot be read", problem, at: span)
      }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else {
        throw tooLarge(path, bytes.count + count, limit: limit, at: span)
      }
      bytes += block
    }
  }

  /// At most `count` bytes from the beginning of an ordinary file; nil when it cannot be read.
  static func beginning(of path: String, count: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    let length = bytes.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
    return length < 0 ? nil : Array(bytes.prefix(length))
  }

  // MARK: - Errors

  /// The path to open: not empty, without a NUL, `~` expanded.
  static func checked(_ path: String, at span: Span) throws(Diagnostic) -> String {
    guard !path.isEmpty else {
      throw Diagnostic("file.noName", "a file name is expected here", at: span)
    }
    guard !path.utf8.contains(0) else {
      throw Diagnostic("file.noName", "a file name cannot hold a NUL character", at: span)
    }
    return expand(path)
  }

  static func refuseUnlessFile(
    _ path: String, _ mode: mode_t, at span: Span
  ) throws(Diagnostic) {
    switch mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR:
      throw Diagnostic("file.folder", "\(path) is a folder, not a file", at: span)
    default:
      throw Diagnostic(
        "file.special", "\(path) is not an ordinary file", at: span,
        help: "pipes and devices are not read or written; copy the contents into a file first")
    }
  }

  static func openingFailed(
    _ path: String, _ expanded: String, _ code: Int32, at span: Span
  ) -> Diagnostic {
    switch code {
    case ENOENT, ENOTDIR:
      return missing(path, expanded, at: span)
    case EACCES, EPERM:
      return Diagnostic(
        "file.permission", "\(path) may not be opened: permission denied", at: span)
    case EISDIR:
      return Diagnostic("file.folder", "\(path) is a folder, not a file", at: span)
    case ENXIO:
      return Diagnostic("file.special", "\(path) is not an ordinary file", at: span)
    default:
      return failure("file.read", "\(path) cannot be opened", code, at: span)
    }
  }

  static func failure(
    _ id: String, _ what: String, _ code: Int32, at span: Span
  ) -> Diagnostic {
    Diagnostic(id, "\(what): \(String(cString: strerror(code)).lowercasedFirst)", at: span)
  }

  private static func tooLarge(
    _ path: String, _ size: Int, limit: Int, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "file.tooLarge", "\(path) is too large: files of up to \(limit >> 20) MiB are read",
      at: span, help: "take a part of its rows, or save it in fewer digits")
  }
}

extension String {
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}

/// The system's `read`, which `FileAccess.read` hides within its type.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int)
  -> Int
{
  #if canImport(Glibc)
    Glibc.read(descriptor, buffer, count)
  #elseif canImport(Musl)
    Musl.read(descriptor, buffer, count)
  #else
    Darwin.read(descriptor, buffer, count)
  #endif
}
