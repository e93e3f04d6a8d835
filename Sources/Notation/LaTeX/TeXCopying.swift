// What was done to a formula on its way into a document: a quotation's marks before its lines, every
// backslash doubled as a program's text has it. Such a formula is read as it was before; a formula with
// one backslash that is single was not doubled.

struct TeXCopying {
  /// Each line begins with the `>` of a quotation.
  let isQuoted: Bool
  /// `\\beta_1` for `\beta_1`.
  let isDoubled: Bool

  init(_ bytes: ArraySlice<UInt8>) {
    isQuoted = TeXCopying.areQuoted(bytes)
    isDoubled = TeXCopying.areDoubled(bytes)
  }

  /// The first line is empty, as between marks on lines of their own, and all others are quoted.
  private static func areQuoted(_ bytes: ArraySlice<UInt8>) -> Bool {
    var next = bytes.startIndex
    var lines = 0
    func skipBlanks() {
      while next < bytes.endIndex, [0x20, 0x09, 0x0D].contains(bytes[next]) { next += 1 }
    }
    skipBlanks()
    guard next < bytes.endIndex, bytes[next] == 0x0A else { return false }
    while next < bytes.endIndex {
      next += 1
      skipBlanks()
      guard next < bytes.endIndex else { break }
      guard bytes[next] == UInt8(ascii: ">") else { return false }
      lines += 1
      while next < bytes.endIndex, bytes[next] != 0x0A { next += 1 }
    }
    return lines > 0
  }

  /// Every run of backslashes is even, and one of two stands before a command's name.
  private static func areDoubled(_ bytes: ArraySlice<UInt8>) -> Bool {
    var next = bytes.startIndex
    var isDoubled = false
    while next < bytes.endIndex {
      guard bytes[next] == UInt8(ascii: "\\") else {
        next += 1
        continue
      }
      let start = next
      while next < bytes.endIndex, bytes[next] == UInt8(ascii: "\\") { next += 1 }
      guard (next - start).isMultiple(of: 2) else { return false }
      guard next - start == 2 else { continue }
      var end = next
      while end < bytes.endIndex, (0x61...0x7A).contains(bytes[end] | 0x20) { end += 1 }
      guard end - next > 1 else { continue }
      if isName(String(decoding: bytes[next..<end], as: UTF8.self)) { isDoubled = true }
    }
    return isDoubled
  }

  /// A name that no row begins with: not `max`, which people type without its backslash.
  private static func isName(_ word: String) -> Bool {
    names.contains(word) || TeXCommands.letters.contains(word)
      || TeXCommands.faces[word] != nil || TeXCommands.accents[word] != nil
  }

  private static let names: Set<String> = [
    "frac", "dfrac", "tfrac", "nabla", "left", "right", "begin", "end", "cdot", "odot",
    "leftarrow", "gets", "mathrm", "operatorname", "text", "quad", "sum",
  ]
}
