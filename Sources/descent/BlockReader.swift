// Lines of standard input gathered into blocks that can be run: one line, or several while a
// bracket, brace or quote is open.

import Diagnostics
import Notation

struct BlockReader {
  private(set) var lineNumber = 0
  private var pending: [UInt8] = []
  private var firstLine = 1
  private var tracker = CompletenessTracker()
  /// Decided by the first line with something on it: in a transcript only `> ` lines are input.
  private var isTranscript: Bool?

  /// A block never grows beyond this; an unclosed bracket would otherwise swallow a whole stream.
  private static let limit = 4 << 20

  /// Adds a line; returns the block it completes.
  mutating func add(_ bytes: [UInt8]) -> Source? {
    lineNumber += 1
    var line = bytes[...]
    let isPrompted = line.starts(with: [0x3E, 0x20])
    if isTranscript == nil, !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
      isTranscript = isPrompted
    }
    if isTranscript == true, pending.isEmpty {
      guard isPrompted else { return nil }
      line = line.dropFirst(2)
    }
    if pending.isEmpty {
      firstLine = lineNumber
    } else {
      pending.append(0x0A)
      tracker.feed(0x0A)
    }
    pending += line
    for byte in line { tracker.feed(byte) }
    return tracker.isIncomplete && pending.count < BlockReader.limit ? nil : finish()
  }

  /// What is left when the input ends.
  mutating func finish() -> Source? {
    guard !pending.isEmpty else { return nil }
    let source = Source(bytes: pending, name: "standard input", firstLine: firstLine)
    pending = []
    tracker = CompletenessTracker()
    return source
  }
}
