// The words of a Jupyter notebook, as Markdown: the text of its Markdown cells, every line of it on the
// line that it has in the file, so that a report names the lines that an editor shows. Code and what it
// printed are left out. A cell that is one string has all its lines on one of the file: what follows
// stands further down then, until the file has as many lines again.
//
// A notebook is JSON (nbformat 4: cells; nbformat 3: worksheets of cells). Depth is bounded; what is no
// notebook gives nil.

struct NotebookText {
  /// The Markdown; nil when the bytes are no notebook.
  static func markdown(_ bytes: [UInt8]) -> [UInt8]? {
    var reader = NotebookText(bytes: bytes)
    guard reader.object(depth: 0, of: .notebook), reader.sawCells else { return nil }
    reader.skipBlanks()
    return reader.place == bytes.count ? reader.output : nil
  }

  /// What an object is for.
  private enum Part { case notebook, worksheet, cell, other }

  private let bytes: [UInt8]
  private var place = 0
  /// The line of the file that is read, and that of the text that is written; from 1.
  private var line = 1
  private var written = 1
  private var output: [UInt8] = []
  private var sawCells = false

  private static let maximumDepth = 64

  private init(bytes: [UInt8]) {
    self.bytes = bytes
    // The mark that some editors put at the beginning.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
  }

  private mutating func skipBlanks() {
    while place < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[place]) {
      if bytes[place] == 0x0A { line += 1 }
      place += 1
    }
  }

  private mutating func accept(_ byte: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard place < bytes.count, bytes[place] == UInt8(ascii: byte) else { return false }
    place += 1
    return true
  }

  // MARK: Values

  /// Reads past any value.
  private mutating func skip(depth: Int) -> Bool {
    guard depth < NotebookText.maximumDepth else { return false }
    skipBlanks()
    guard place < bytes.count else { return false }
    switch bytes[place] {
    case UInt8(ascii: "{"): return object(depth: depth, of: .other)
    case UInt8(ascii: "["): return array { reader in reader.skip(depth: depth + 1) }
    case UInt8(ascii: "\""): return string() != nil
    default:
      let start = place
      while place < bytes.count, !",]} \n\r\t".utf8.contains(bytes[place]) { place += 1 }
      return place > start
    }
  }

  private mutating func array(_ item: (inout NotebookText) -> Bool) -> Bool {
    guard accept("[") else { return false }
    if accept("]") { return true }
    repeat {
      guard item(&self) else { return false }
    } while accept(",")
    return accept("]")
  }

  private mutating func object(depth: Int, of part: Part) -> Bool {
    guard depth < NotebookText.maximumDepth, accept("{") else { return false }
    if accept("}") { return true }
    var cell = Cell()
    repeat {
      skipBlanks()
      guard let key = string(), accept(":") else { return false }
      let isRead: Bool
      switch (part, key) {
      case (.notebook, "cells"), (.worksheet, "cells"):
        sawCells = true
        isRead = array { $0.object(depth: depth + 1, of: .cell) }
      case (.notebook, "worksheets"):
        isRead = array { $0.object(depth: depth + 1, of: .worksheet) }
      case (.cell, "cell_type"):
        skipBlanks()
        cell.kind = string()
        isRead = cell.kind != nil
      case (.cell, "source"):
        // What the cell is may stand behind it.
        skipBlanks()
        cell.source = (place, line)
        isRead = skip(depth: depth + 1)
      case (.cell, "level"):
        skipBlanks()
        if place < bytes.count, (0x31...0x36).contains(bytes[place]) {
          cell.level = Int(bytes[place] - 0x30)
        }
        isRead = skip(depth: depth + 1)
      default: isRead = skip(depth: depth + 1)
      }
      guard isRead else { return false }
    } while accept(",")
    return accept("}") && write(cell)
  }

  // MARK: Text

  /// What is known of a cell when it ends.
  private struct Cell {
    var kind: String?
    /// That of a heading, which has no # of its own.
    var level = 1
    var source: (place: Int, line: Int)?
  }

  private mutating func write(_ cell: Cell) -> Bool {
    guard let start = cell.source, cell.kind == "markdown" || cell.kind == "heading" else {
      return true
    }
    let behind = (place, line)
    (place, line) = start
    let isRead = source(
      behind: cell.kind == "heading" ? String(repeating: "#", count: cell.level) + " " : "")
    (place, line) = behind
    return isRead
  }

  /// A cell's text: one string, or one for each line.
  private mutating func source(behind mark: String) -> Bool {
    // An empty line before a cell ends the paragraph of the last one.
    if let last = output.last, last != 0x0A { write("\n") }
    write("\n")
    var mark = mark
    if place < bytes.count, bytes[place] == UInt8(ascii: "[") {
      return array { reader in
        reader.skipBlanks()
        defer { mark = "" }
        return reader.writeString(behind: mark)
      }
    }
    return writeString(behind: mark)
  }

  private mutating func writeString(behind mark: String) -> Bool {
    let own = line
    guard let text = string() else { return false }
    while written < own { write("\n") }
    write(mark + text)
    return true
  }

  private mutating func write(_ text: String) {
    for byte in text.utf8 {
      output.append(byte)
      if byte == 0x0A { written += 1 }
    }
  }

  /// A string, its escapes put in.
  private mutating func string() -> String? {
    guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { return nil }
    place += 1
    var text: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        text += Array(String(scalar).utf8)
      case 0x0A: return nil
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard place < bytes.count else { return nil }
    let byte = bytes[place]
    place += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "u"):
      guard let first = hexadecimal() else { return nil }
      guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
      // Two make one character.
      guard place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\"),
        bytes[place + 1] == UInt8(ascii: "u")
      else { return "\u{FFFD}" }
      place += 2
      guard let second = hexadecimal() else { return nil }
      guard (0xDC00..<0xE000).contains(second) else { return "\u{FFFD}" }
      return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    default: return nil
    }
  }

  private mutating func hexadecimal() -> UInt32? {
    guard place + 4 <= bytes.count else { return nil }
    let digits = String(decoding: bytes[place..<(place + 4)], as: UTF8.self)
    guard let value = UInt32(digits, radix: 16) else { return nil }
    place += 4
    return value
  }
}
