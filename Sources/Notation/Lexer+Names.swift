// Names: letters, digits, `_`, accents, subscripts, as far as they are one name.
//
// A Greek letter is a whole stem, so `βm` is no name: it is most likely a product, which is never
// written without a sign here, and the error says so.

extension Lexer {
  /// How many bytes a name may have.
  static let longestName = 256

  func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter: true
    default: GreekLetters.name(of: scalar) != nil
    }
  }

  /// Whether the character at a place would be part of the name before it.
  func continuesName(at place: Int) -> Bool {
    guard let (raw, _) = decode(at: place) else { return false }
    let scalar = ComposedLetters.plain(raw)
    return scalar == "_" || isDigit(scalar) || isNameStart(scalar) || isMark(scalar)
      || Scripts.lowered(scalar) != nil
  }

  mutating func readName() {
    var length = 0
    while isNameByte(byte(length)) { length += 1 }
    if byte(length) < 0x80 {
      guard length <= Self.longestName else { return fail(.nameTooLong, length: length) }
      let name = Name(spelling: text(from: place, to: place + length))
      return add(.name(name), length: length, operand: true)
    }
    readLongName()
  }

  /// A name with at least one character beyond ASCII.
  private mutating func readLongName() {
    var next = place
    var previous: Letter?
    var subscripted = false
    while let (raw, length) = decode(at: next) {
      let scalar = ComposedLetters.plain(raw)
      if Scripts.lowered(scalar) != nil {
        subscripted = true
        previous = nil
      } else if isMark(scalar) {
        // On the letter before it.
      } else if scalar == "_" || isDigit(scalar) || isNameStart(scalar) {
        // After a subscript only `_` goes on: `x₁y` is a product.
        if subscripted, scalar != "_" { break }
        subscripted = false
        let letter = Letter(scalar, at: next)
        if let before = previous, let letter, before.isGreek || letter.isGreek {
          return failOnJoinedLetters(at: letter.place)
        }
        previous = letter
      } else if Self.computingSubscripts.contains(scalar) {
        return failOnComputedSubscript(from: next)
      } else {
        break
      }
      next += length
    }
    guard next - place <= Self.longestName else {
      return fail(.nameTooLong, length: next - place)
    }
    let name = Name(spelling: text(from: place, to: next))
    add(.name(name), length: next - place, operand: true)
  }

  /// A letter within a name; nil for digits and `_`, which separate.
  private struct Letter {
    var isGreek: Bool
    var place: Int

    init?(_ scalar: Unicode.Scalar, at place: Int) {
      guard scalar != "_", scalar.properties.numericType == nil else { return nil }
      isGreek = GreekLetters.name(of: scalar) != nil
      self.place = place
    }
  }

  private static let computingSubscripts: Set<Unicode.Scalar> = ["₊", "₋", "₌", "₍", "₎"]

  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }

  private func isMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x300 && scalar.properties.generalCategory == .nonspacingMark
  }

  private mutating func failOnComputedSubscript(from sign: Int) {
    var last = sign
    while let (raw, length) = decode(at: last),
      Scripts.lowered(raw) != nil || Self.computingSubscripts.contains(raw)
    {
      last += length
    }
    fail(.computedSubscript(text(from: place, to: last)), length: last - place)
  }

  private mutating func failOnJoinedLetters(at second: Int) {
    var last = second
    while continuesName(at: last), let (_, length) = decode(at: last) { last += length }
    guard last - place <= Self.longestName else {
      return fail(.nameTooLong, length: last - place)
    }
    let left = text(from: place, to: second)
    let right = text(from: second, to: last)
    fail(
      .joinedLetters(
        left + right, product: left + "*" + right,
        name: Name(spelling: left).canonical + "_" + Name(spelling: right).canonical),
      length: last - place)
  }
}
