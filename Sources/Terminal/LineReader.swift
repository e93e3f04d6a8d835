// Lines of a pipe or a file, read through a buffer: what takes the editor's place where
// there is no terminal. It prints nothing and never holds more than one line's limit.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Not Sendable: one owner, on one thread.
package final class LineReader {
  package enum Event: Sendable, Equatable {
    /// One line without its ending (`\n` or `\r\n`). NUL and other control bytes are passed
    /// on. `isValid` is false when bytes that are not UTF-8 were replaced by U+FFFD.
    case line(String, isValid: Bool)
    /// A line longer than the limit, in bytes; it was skipped to its end.
    case tooLong(limit: Int)
    /// Ctrl-C arrived while waiting.
    case interrupted
    case endOfFile
    /// The system's reason why reading failed; the end of the input too.
    case failed(String)
  }

  private let descriptor: Int32
  private let limit: Int
  private var buffer: [UInt8] = []
  private var position = 0
  private var isSkipping = false
  private var isFinished = false
  private var isFirst = true

  /// `descriptor` 0 is standard input; `limit` bytes a line.
  package init(descriptor: Int32 = 0, limit: Int = 16 << 20) {
    self.descriptor = descriptor
    self.limit = max(limit, 1)
  }

  /// The next line, waiting for it.
  package func next() -> Event {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        let line = buffer[position..<end]
        position = end + 1
        if isSkipping || line.count > limit {
          isSkipping = false
          return .tooLong(limit: limit)
        }
        return event(line)
      }
      if buffer.count - position > limit {
        isSkipping = true
      }
      if isSkipping {
        buffer.removeAll(keepingCapacity: true)
        position = 0
      }
      if isFinished { return last() }
      buffer.removeSubrange(..<position)
      position = 0
      searched = buffer.count
      switch fill() {
      case .more: break
      case .end: isFinished = true
      case .interrupted: return .interrupted
      case .failed(let code):
        isFinished = true
        buffer.removeAll()
        return .failed(systemMessage(code))
      }
    }
  }

  private func last() -> Event {
    if isSkipping {
      isSkipping = false
      return .tooLong(limit: limit)
    }
    guard position < buffer.count else { return .endOfFile }
    let line = buffer[position...]
    position = buffer.count
    return event(line)
  }

  private func event(_ slice: ArraySlice<UInt8>) -> Event {
    var line = slice
    if line.last == 0x0D { line = line.dropLast() }
    if isFirst, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    isFirst = false
    if let text = String(validating: line, as: UTF8.self) { return .line(text, isValid: true) }
    return .line(String(decoding: line, as: UTF8.self), isValid: false)
  }

  private enum Filled {
    case more
    case end
    case interrupted
    case failed(Int32)
  }

  private func fill() -> Filled {
    let chunk = 1 << 16
    while true {
      var code: Int32 = 0
      let count = withUnsafeTemporaryAllocation(byteCount: chunk, alignment: 1) { space -> Int in
        let count = read(descriptor, space.baseAddress, chunk)
        if count > 0 { buffer.append(contentsOf: space[..<count]) }
        if count < 0 { code = errno }
        return count
      }
      if count > 0 { return .more }
      if count == 0 { return .end }
      switch code {
      case EINTR:
        if Interrupt.isSet { return .interrupted }
      case EAGAIN:
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&entry, 1, -1) < 0, Interrupt.isSet { return .interrupted }
      default: return .failed(code)
      }
    }
  }
}
