// Writing a file so that a failure on the way never costs the old one.
//
// The bytes go to a new file in the same folder, which takes the old one's name only once it is
// complete and on the disk.

import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension FileAccess {
  /// Writes the bytes as the whole file, made anew or replaced in one step. A link is followed; an
  /// old file's permissions are kept.
  ///
  /// - Throws: `file.missing` when the folder is not there, `file.folder`, `file.special`,
  ///   `file.permission`, `file.write` (a full disk, for instance). The old file is then unchanged.
  package static func write(
    _ bytes: [UInt8], to path: String, at span: Span
  ) throws(Diagnostic) {
    let (target, mode) = try destination(path, at: span)
    let folder = split(target).folder
    let (descriptor, temporary) = try createTemporary(in: folder, for: path, at: span)
    var problem = writeAll(bytes, to: descriptor)
    if problem == 0, let mode, fchmod(descriptor, mode) != 0 { problem = errno }
    if problem == 0, fsync(descriptor) != 0, errno != EINVAL { problem = errno }
    if close(descriptor) != 0, problem == 0 { problem = errno }
    if problem == 0, rename(temporary, target) != 0 { problem = errno }
    guard problem == 0 else {
      unlink(temporary)
      throw failure("file.write", "\(path) cannot be written", problem, at: span)
    }
  }

  /// Writes a text as the whole file, in UTF-8.
  package static func write(
    _ text: String, to path: String, at span: Span
  ) throws(Diagnostic) {
    try write(Array(text.utf8), to: path, at: span)
  }

  /// Where to write, links followed, and the permissions of the file that is there now.
  static func destination(
    _ path: String, at span: Span
  ) throws(Diagnostic) -> (path: String, mode: mode_t?) {
    let expanded = try checked(path, at: span)
    guard let name = expanded.last, name != "/" else {
      throw Diagnostic("file.folder", "\(path) is a folder, not a file", at: span)
    }
    var status = stat()
    guard stat(expanded, &status) == 0 else {
      let code = errno
      guard code == ENOENT, !isLink(expanded) else {
        if isLink(expanded) {
          throw Diagnostic(
            "file.write", "\(path) is a link that leads nowhere", at: span)
        }
        throw openingFailed(path, expanded, code, at: span)
      }
      guard access(split(expanded).folder, F_OK) == 0 else {
        throw Diagnostic(
          "file.missing", "there is no folder \(split(path).folder)", at: span)
      }
      return (expanded, nil)
    }
    try refuseUnlessFile(path, status.st_mode, at: span)
    guard access(expanded, W_OK) == 0 else {
      throw Diagnostic(
        "file.permission", "\(path) may not be written: permission denied", at: span)
    }
    return (resolve(expanded) ?? expanded, status.st_mode & 0o777)
  }

  /// A new, empty file of a name not in use.
  private static func createTemporary(
    in folder: String, for path: String, at span: Span
  ) throws(Diagnostic) -> (descriptor: Int32, path: String) {
    for attempt in 0..<100 {
      let name = ".descent-\(getpid())-\(UInt32.random(in: 0...UInt32.max))-\(attempt)"
      let temporary = folder == "/" ? "/" + name : folder + "/" + name
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, temporary) }
      if errno == EEXIST || errno == EINTR { continue }
      if errno == EACCES || errno == EPERM || errno == EROFS {
        throw Diagnostic(
          "file.permission", "\(path) may not be written: its folder is read-only", at: span)
      }
      break
    }
    throw failure("file.write", "\(path) cannot be written", errno, at: span)
  }

  /// Writes all bytes; the system's error number, 0 when there was none.
  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer -> Int32 in
      var done = 0
      while done < buffer.count {
        let count = systemWrite(
          descriptor, UnsafeRawBufferPointer(rebasing: buffer[done...]))
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        done += count
      }
      return 0
    }
  }
}

/// The system's `write`, which `FileAccess.write` hides within its type.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, bytes.baseAddress, bytes.count)
  #elseif canImport(Musl)
    Musl.write(descriptor, bytes.baseAddress, bytes.count)
  #else
    Darwin.write(descriptor, bytes.baseAddress, bytes.count)
  #endif
}
