// The lines of a CSV file: where each record begins and ends, and how many cells it has.
//
// A record may run over lines within quotes, so its line number is counted here, before the cells
// are read. This is the stricter of two readers: what it lets through is whole, balanced and
// bounded, which makes it safe to hand to the parser that reads the cells.

/// One record: a row of cells, or a blank line.
struct CSVRecord: Equatable {
  /// The bytes, without the line's end.
  var bytes: Range<Int>
  /// The number, from 1, of the line it begins on.
  var line: Int
  /// How many cells it has; 0 for a blank line.
  var cells: Int
}

/// What is wrong with the text of a CSV file, and on which line.
enum CSVTextError: Error, Equatable {
  /// A quote that is opened on this line is never closed.
  case unclosedQuote(line: Int)
  /// Something other than a delimiter follows a closing quote.
  case textAfterQuote(line: Int)
  /// A quote within a cell that does not begin with one.
  case strayQuote(line: Int)
  /// A record longer than `CSVRecords.maximumLength`.
  case tooLong(line: Int)
}

/// Reads records one after another.
struct CSVRecords {
  /// No record may have more bytes than this (16 MiB).
  static let maximumLength = 1 << 24

  let bytes: [UInt8]
  let delimiter: UInt8
  private(set) var position: Int
  private(set) var line = 1

  init(_ bytes: [UInt8], delimiter: UInt8, from position: Int = 0) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.position = position
  }

  /// The next record, blank ones included; nil at the end.
  mutating func next() throws(CSVTextError) -> CSVRecord? {
    guard position < bytes.count else { return nil }
    var scan = Scan(line: line, position: position)
    scan = try bytes.withUnsafeBufferPointer { (buffer) throws(CSVTextError) in
      try Self.scan(buffer, delimiter: delimiter, from: scan)
    }
    let record = CSVRecord(
      bytes: position..<scan.end, line: line, cells: scan.isBlank ? 0 : scan.cells)
    position = scan.position
    line = scan.line
    return record
  }

  private struct Scan {
    var line: Int
    var position: Int
    var end = 0
    var cells = 1
    var isBlank = true
  }

  private enum State { case start, plain, quoted, closed }

  private static func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8, from begin: Scan
  ) throws(CSVTextError) -> Scan {
    let quote = UInt8(ascii: "\"")
    var scan = begin
    var state = State.start
    var openedOn = scan.line
    var index = scan.position
    let limit = index + maximumLength
    while index < bytes.count {
      let byte = bytes[index]
      guard index < limit else { throw CSVTextError.tooLong(line: begin.line) }
      let isLineEnd = byte == 0x0A || byte == 0x0D
      let next = byte == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 2 : 1
      if isLineEnd { scan.line += 1 }
      if state == .quoted {
        if byte == quote {
          if index + 1 < bytes.count, bytes[index + 1] == quote {
            index += 1
          } else {
            state = .closed
          }
        }
      } else if byte == delimiter {
        scan.cells += 1
        scan.isBlank = false
        state = .start
      } else if isLineEnd {
        scan.end = index
        scan.position = index + next
        return scan
      } else if byte == 0x20 || (0x09...0x0C).contains(byte) {
        // Blanks before a cell and after a closing quote don't count.
      } else if byte == quote {
        scan.isBlank = false
        switch state {
        case .start:
          state = .quoted
          openedOn = scan.line
        case .plain:
          // Doubled, it stands for one; alone, nobody can tell what was meant.
          guard index + 1 < bytes.count, bytes[index + 1] == quote else {
            throw CSVTextError.strayQuote(line: scan.line)
          }
          index += 1
        default: throw CSVTextError.textAfterQuote(line: scan.line)
        }
      } else if state == .closed {
        throw CSVTextError.textAfterQuote(line: scan.line)
      } else {
        scan.isBlank = false
        state = .plain
      }
      index += next
    }
    guard state != .quoted else { throw CSVTextError.unclosedQuote(line: openedOn) }
    scan.end = bytes.count
    scan.position = bytes.count
    return scan
  }
}
