// Characters that do something to a terminal instead of being shown on it.
//
// Text of a file or of a foreign message may hold any of them; newlines and tabs are left alone, as
// layouts handle them.

package enum ControlCharacters {
  /// `text` with control characters written as `^[`, `^G`, those above ASCII and those that turn the
  /// direction of writing as `^?`; newlines and tabs are kept.
  package static func visible(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    guard text.unicodeScalars.contains(where: commands) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if !commands(scalar) {
        result.append(scalar)
      } else if scalar.value < 0x20, let letter = Unicode.Scalar(scalar.value + 0x40) {
        result.append("^")
        result.append(letter)
      } else {
        result.append(contentsOf: "^?".unicodeScalars)
      }
    }
    return String(result)
  }

  private static func commands(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F...0x9F: true
    case 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
