// Whether a text that arrives piece by piece still has something open.
//
// It looks at brackets, braces, quotes, formulas between $$ and $$ and comments only, one byte at a
// time, so following a long stream costs no more than reading it.

package struct CompletenessTracker {
  private(set) var depth = 0
  private(set) var inString = false
  private(set) var inComment = false

  /// Between `$$` and `$$`.
  private(set) var inFormula = false
  private var sawDollar = false

  package init() {}

  package var isIncomplete: Bool { depth > 0 || inString || inFormula }

  package mutating func feed(_ byte: UInt8) {
    if !inString, !inComment, byte == UInt8(ascii: "$") {
      if sawDollar { inFormula.toggle() }
      sawDollar.toggle()
      return
    }
    sawDollar = false
    if inFormula { return }
    if inString {
      // `""` leaves and enters again, which comes to the same.
      if byte == UInt8(ascii: "\"") { inString = false }
      return
    }
    if inComment {
      if byte == 0x0A || byte == 0x0D { inComment = false }
      return
    }
    switch byte {
    case UInt8(ascii: "#"): inComment = true
    case UInt8(ascii: "\""): inString = true
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
    default: break
    }
  }
}
