// Everything printed goes through here: buffered, written whole whatever the kernel takes
// at a time, and quiet once whoever was reading has gone. It decides nothing about style.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A buffered descriptor. Not Sendable: one owner, on one thread.
package final class Output {
  /// Why writing stopped; what comes after is dropped.
  package enum Failure: Sendable, Equatable {
    /// The reader closed the pipe, as `| head` does. Nothing to report.
    case closed
    /// Anything else, such as a full disk, with the system's reason.
    case failed(String)
  }

  package private(set) var failure: Failure?
  private let descriptor: Int32
  private let limit: Int
  private var buffer: [UInt8] = []

  /// `descriptor` 1 is standard output, 2 standard error. Holds up to `limit` bytes back.
  package init(descriptor: Int32 = 1, limit: Int = 1 << 16) {
    self.descriptor = descriptor
    self.limit = max(limit, 1)
  }

  package func write(_ text: String) {
    guard failure == nil else { return }
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= limit { flush() }
  }

  package func writeLine(_ text: String = "") {
    write(text)
    write("\n")
  }

  package func write(bytes: some Sequence<UInt8>) {
    guard failure == nil else { return }
    buffer.append(contentsOf: bytes)
    if buffer.count >= limit { flush() }
  }

  /// Hands everything held back to the system. Call before reading input and before ending.
  package func flush() {
    guard failure == nil, !buffer.isEmpty else { return }
    let code = buffer.withUnsafeBytes { writeAll(descriptor, $0) }
    buffer.removeAll(keepingCapacity: buffer.capacity <= 4 * limit)
    if code == EPIPE {
      failure = .closed
    } else if code != 0 {
      failure = .failed(systemMessage(code))
    }
  }

  /// What the process should end with if nothing else went wrong: 0, or 141 after a closed
  /// pipe (what dying of SIGPIPE looks like to a shell), or 1 when output was lost.
  package var exitStatus: Int32 {
    switch failure {
    case nil: 0
    case .closed: 128 + SIGPIPE
    case .failed: 1
    }
  }
}

/// Gives the standard streams that are closed a descriptor on which reading and writing fail. Else
/// the next file opened, or the pipe that signals come through, would take their numbers. Call before
/// anything is opened.
package func reserveStandardStreams() {
  for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
    // The lowest free number is this one: those below are open.
    _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
  }
}

/// Writes all of `bytes`, waiting where the descriptor would block. 0, or the error number.
func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
  var offset = 0
  while offset < bytes.count {
    let count = write(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
    if count > 0 {
      offset += count
    } else if count == 0 {
      return EIO
    } else if errno == EAGAIN || errno == EWOULDBLOCK {
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&entry, 1, 1000)
    } else if errno != EINTR {
      return errno
    }
  }
  return 0
}

/// Writes `text` at once; for the editor's few escapes.
func writeNow(_ descriptor: Int32, _ text: String) {
  var text = text
  _ = text.withUTF8 { writeAll(descriptor, UnsafeRawBufferPointer($0)) }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String {
  guard let text = strerror(code) else { return "error \(code)" }
  return String(cString: text)
}
