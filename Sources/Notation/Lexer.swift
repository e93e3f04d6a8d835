// From bytes to tokens, in one pass and without ever failing on the way.
//
// What is no token becomes one `.invalid` token that holds its error, after which nothing more is
// read: whoever reaches it reports it. Newlines inside parentheses and square brackets are blank
// space; inside braces and outside brackets they are tokens. Comments are kept aside, since a rule's
// are shown with its lines.

import Diagnostics

/// The tokens of a text, the last one always `.end`.
struct LexedText: Sendable {
  /// A `#` comment and the number of tokens before it.
  struct Comment: Sendable {
    var start: Int
    var end: Int
    var tokensBefore: Int
  }

  var tokens: [Token] = []
  var comments: [Comment] = []
  var failures: [SyntaxError] = []
}

struct Lexer {
  let source: Source
  let bytes: [UInt8]
  let end: Int
  var place: Int
  var output = LexedText()
  /// The open brackets, as bytes.
  private var brackets: [UInt8] = []
  private var spaced = false
  /// Whether the last token ended an operand, so that `.5` or `'` cannot begin one.
  private(set) var afterOperand = false
  /// Whether the last token was a member's dot, so that digits are a name.
  var afterDot = false

  private init(_ span: Span) {
    let inside = span.clamped
    source = inside.source
    bytes = inside.source.bytes
    place = inside.start
    end = inside.end
  }

  static func lex(_ span: Span) -> LexedText {
    var lexer = Lexer(span)
    lexer.run()
    return lexer.output
  }

  private mutating func run() {
    if byte(0) == 0xEF, byte(1) == 0xBB, byte(2) == 0xBF { place += 3 }
    while output.failures.isEmpty {
      skipBlanks()
      guard place < end else { break }
      readToken()
    }
    while case .newline? = output.tokens.last?.kind { output.tokens.removeLast() }
    output.tokens.append(Token(kind: .end, start: place, end: place, spaced: spaced))
  }

  /// The byte so many places on, 0 beyond the end.
  func byte(_ ahead: Int) -> UInt8 {
    place + ahead < end ? bytes[place + ahead] : 0
  }

  // MARK: Output

  mutating func add(_ kind: Token.Kind, length: Int, operand: Bool = false) {
    output.tokens.append(Token(kind: kind, start: place, end: place + length, spaced: spaced))
    place += length
    spaced = false
    afterOperand = operand
    afterDot = false
  }

  /// Ends the reading: the error stands where the token would have.
  mutating func fail(_ kind: SyntaxError.Kind, length: Int) {
    output.tokens.append(
      Token(
        kind: .invalid(output.failures.count), start: place, end: place + length, spaced: spaced))
    output.failures.append(SyntaxError(kind, Span(source, place, place + length)))
  }

  func text(from start: Int, to end: Int) -> String {
    String(decoding: bytes[start..<end], as: UTF8.self)
  }

  // MARK: Blank space

  private mutating func skipBlanks() {
    while place < end {
      switch bytes[place] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0B, 0x0C:
        place += 1
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        readNewline()
      case UInt8(ascii: "#"):
        readComment()
      case 0xC2...0xEF:
        guard let (scalar, length) = decode(at: place), isBlank(scalar) else { return }
        place += length
      default:
        return
      }
      spaced = true
    }
  }

  private mutating func readNewline() {
    let length = byte(0) == 0x0D && byte(1) == 0x0A ? 2 : 1
    let inner = brackets.last
    let matters = inner == nil || inner == UInt8(ascii: "{")
    if case .newline? = output.tokens.last?.kind {
      place += length
    } else if matters, !output.tokens.isEmpty {
      add(.newline, length: length)
    } else {
      place += length
    }
  }

  private mutating func readComment() {
    let start = place
    while place < end, bytes[place] != 0x0A, bytes[place] != 0x0D { place += 1 }
    output.comments.append(
      LexedText.Comment(start: start, end: place, tokensBefore: output.tokens.count))
  }

  /// Spaces of every width, and marks that show nothing.
  private func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xA0, 0x1680, 0x2000...0x200D, 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF:
      true
    default: false
    }
  }

  // MARK: Tokens

  private mutating func readToken() {
    let first = bytes[place]
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      afterDot ? readPathDigits() : readNumber()
    case UInt8(ascii: "."):
      readDot()
    case UInt8(ascii: "\""):
      readString()
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
      brackets.append(first)
      addBracket(first)
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
      _ = brackets.popLast()
      addBracket(first)
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      readName()
    case 0x21..<0x7F:
      readASCIISign()
    case 0x80...:
      readUnicode()
    default:
      fail(.controlCharacter(UInt32(first)), length: 1)
    }
  }

  private mutating func addBracket(_ byte: UInt8) {
    let symbol: Symbol =
      switch byte {
      case UInt8(ascii: "("): .leftParenthesis
      case UInt8(ascii: ")"): .rightParenthesis
      case UInt8(ascii: "["): .leftBracket
      case UInt8(ascii: "]"): .rightBracket
      case UInt8(ascii: "{"): .leftBrace
      default: .rightBrace
      }
    let closes = symbol == .rightParenthesis || symbol == .rightBracket
    add(.symbol(symbol), length: 1, operand: closes)
  }

  /// A member's dot, `.T`, or a number such as `.5`.
  private mutating func readDot() {
    let digitFollows = byte(1) >= 0x30 && byte(1) <= 0x39
    if digitFollows, !afterOperand || spaced { return readNumber() }
    if byte(1) == UInt8(ascii: "T"), afterOperand, byte(2) != UInt8(ascii: "("),
      !continuesName(at: place + 2)
    {
      return add(.symbol(.transposed), length: 2, operand: true)
    }
    for (sign, instead) in [("...", ":"), (".*", "*"), ("./", "/"), (".^", "^")]
    where hasPrefix(sign) {
      return fail(.foreign(sign, instead: instead), length: sign.utf8.count)
    }
    let isMember = afterOperand
    add(.symbol(.dot), length: 1)
    afterDot = isMember
  }

  private mutating func readPathDigits() {
    var length = 0
    while (0x30...0x39).contains(byte(length)) { length += 1 }
    let digits = text(from: place, to: place + length)
    add(.name(Name(canonical: digits)), length: length, operand: true)
  }

  /// `"…"`, in which `""` is one quote and a backslash is a backslash.
  private mutating func readString() {
    var content: [UInt8] = []
    var next = place + 1
    while next < end {
      if bytes[next] != UInt8(ascii: "\"") {
        content.append(bytes[next])
        next += 1
      } else if next + 1 < end, bytes[next + 1] == UInt8(ascii: "\"") {
        content.append(UInt8(ascii: "\""))
        next += 2
      } else {
        if let bad = firstInvalidByte(from: place, to: next) {
          place = bad
          return fail(.invalidByte(bytes[bad]), length: 1)
        }
        let string = String(decoding: content, as: UTF8.self)
        return add(.string(string), length: next + 1 - place, operand: true)
      }
    }
    fail(.unterminatedString, length: 1)
  }

  func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  func hasPrefix(_ sign: String) -> Bool {
    var ahead = 0
    for expected in sign.utf8 {
      if byte(ahead) != expected { return false }
      ahead += 1
    }
    return true
  }
}
