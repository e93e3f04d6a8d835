// A reader for as much of Python's literals as .npy headers use.
//
// One dictionary with string keys, whose values are a string, True, False, a tuple of whole numbers,
// or a list, which is skipped. Nothing nests in anything it reads, so it needs no recursion.

struct PythonLiteral {
  enum Value: Equatable {
    case string(String)
    case boolean(Bool)
    case tuple([Int])
    /// A list of whatever; its contents are not kept.
    case list
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// The whole text as one dictionary.
  mutating func dictionary() throws(NumPyHeaderError) -> [String: Value] {
    var entries: [String: Value] = [:]
    guard take("{") else { throw .malformed("it is not a dictionary") }
    while !take("}") {
      guard let key = try string() else { throw .malformed("a key is not a string") }
      guard take(":") else { throw .malformed("a colon is missing after \(key)") }
      guard entries[key] == nil else { throw .malformed("\(key) is given twice") }
      entries[key] = try value(of: key)
      if take(",") { continue }
      guard take("}") else { throw .malformed("a comma is missing after \(key)") }
      break
    }
    skipBlanks()
    guard position == bytes.endIndex else { throw .malformed("text follows the dictionary") }
    return entries
  }

  private mutating func value(of key: String) throws(NumPyHeaderError) -> Value {
    if let text = try string() { return .string(text) }
    if take("True") { return .boolean(true) }
    if take("False") { return .boolean(false) }
    if take("(") { return .tuple(try tuple()) }
    if take("[") {
      try skipList()
      return .list
    }
    throw .malformed("the value of \(key) is not understood")
  }

  /// What stands between a tuple's brackets, and the closing one.
  private mutating func tuple() throws(NumPyHeaderError) -> [Int] {
    var sizes: [Int] = []
    while !take(")") {
      guard let size = wholeNumber() else { throw .malformed("a size is not a whole number") }
      sizes.append(size)
      guard sizes.count <= NumPyHeader.maximumRank else {
        throw .malformed("it has too many dimensions")
      }
      if take(",") { continue }
      // `(3)` is a number and no tuple.
      guard sizes.count > 1, take(")") else { throw .malformed("shape is not a tuple") }
      break
    }
    return sizes
  }

  /// Without a sign. Python 2 wrote some with an `L` behind them.
  private mutating func wholeNumber() -> Int? {
    skipBlanks()
    var value: Int?
    while position < bytes.endIndex, case let digit = bytes[position] &- 0x30, digit < 10 {
      let (tens, over) = (value ?? 0).multipliedReportingOverflow(by: 10)
      let (sum, overToo) = tens.addingReportingOverflow(Int(digit))
      guard !over, !overToo else { return nil }
      value = sum
      position += 1
    }
    if value != nil { _ = take("L") }
    return value
  }

  /// A string in single or double quotes, without escapes; nil when none begins here.
  private mutating func string() throws(NumPyHeaderError) -> String? {
    skipBlanks()
    guard position < bytes.endIndex else { return nil }
    let quote = bytes[position]
    guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    let start = position + 1
    guard let end = bytes[start...].firstIndex(of: quote) else {
      throw .malformed("a string is not closed")
    }
    position = end + 1
    guard !bytes[start..<end].contains(UInt8(ascii: "\\")) else {
      throw .malformed("a string holds an escape")
    }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// Up to the bracket that closes a list whose opening one is taken; strings are stepped over.
  private mutating func skipList() throws(NumPyHeaderError) {
    var depth = 1
    while depth > 0 {
      if try string() != nil { continue }
      guard position < bytes.endIndex else { throw .malformed("a list is not closed") }
      if bytes[position] == UInt8(ascii: "[") { depth += 1 }
      if bytes[position] == UInt8(ascii: "]") { depth -= 1 }
      position += 1
    }
  }

  /// Whether the word comes next; it is then behind us.
  private mutating func take(_ word: String) -> Bool {
    skipBlanks()
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func skipBlanks() {
    while position < bytes.endIndex, bytes[position] == 0x20 || (0x09...0x0D) ~= bytes[position] {
      position += 1
    }
  }
}
