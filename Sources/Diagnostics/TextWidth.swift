// How many terminal columns text takes: combining accents none, East Asian letters two.
//
// The C library's `wcwidth` answers by the person's locale (-1 for all but ASCII under LC_ALL=C), so
// the answer is made here, from Unicode's general category and the blocks of wide characters, and is
// the same everywhere. It never fails: what is not known counts one column.

package enum TextWidth {
  /// The columns a terminal needs for the text; a control character counts one, since it is shown
  /// as a dot.
  package static func columns(of text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
  }

  /// The columns of one character.
  package static func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return isWide(scalar.value) ? 2 : 1
    }
  }

  /// Pads with blanks on the right, or on the left for numbers in a column.
  package static func padded(_ text: String, to columns: Int, left: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, columns - self.columns(of: text)))
    return left ? blanks + text : text + blanks
  }

  /// Unicode's East Asian Wide and Fullwidth, by block.
  private static let wideBlocks: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x2E80...0x303E, 0x3041...0x4DBF,
    0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
    0x20000...0x3FFFD,
  ]

  private static func isWide(_ value: UInt32) -> Bool {
    value >= 0x1100 && wideBlocks.contains { $0.contains(value) }
  }
}
