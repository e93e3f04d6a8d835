// TeX's own rules for what a token is, and the characters that people type in place of commands.
//
// `\\` ends a row, `%` begins a comment, a command's name is all letters that follow, a script takes
// one token. Greek letters, accents on letters, subscript and superscript characters and signs such
// as √ · ∇ become the commands they stand for. Runs in time linear in the text.

import Diagnostics

package struct TeXLexer {
  let source: Source
  let end: Int
  var place: Int
  var spaced = false
  var tokens: [TeXToken] = []
  /// How the text was copied from where it stood.
  private let copying: TeXCopying

  /// The tokens of a piece of a source, an end token last.
  package static func tokens(_ span: Span) throws(Diagnostic) -> [TeXToken] {
    let inside = span.clamped
    guard inside.end - inside.start <= TeXLimits.length else {
      throw .tex(
        "too-long", "more than \(TeXLimits.length) bytes of TeX in one piece",
        Span(inside.source, inside.start, inside.start),
        help: "a formula to read is a few lines; cut it into pieces")
    }
    var lexer = TeXLexer(inside)
    try lexer.run()
    return lexer.tokens
  }

  private init(_ span: Span) {
    source = span.source
    place = span.start
    end = span.end
    copying = TeXCopying(source.bytes[span.start..<span.end])
  }

  private mutating func run() throws(Diagnostic) {
    while place < end {
      let byte = source.bytes[place]
      switch byte {
      case 0x20, 0x09, 0x0D:
        spaced = true
        place += 1
      case 0x0A: newline()
      case UInt8(ascii: "\\"): try backslash()
      case UInt8(ascii: "%"): comment()
      case UInt8(ascii: "{"): add(.beginGroup, 1)
      case UInt8(ascii: "}"): add(.endGroup, 1)
      case UInt8(ascii: "_"): add(.subscriptSign, 1)
      case UInt8(ascii: "^"): add(.superscriptSign, 1)
      case UInt8(ascii: "&"): ampersand()
      case UInt8(ascii: "'"): add(.prime, 1)
      case UInt8(ascii: "~"):
        spaced = true
        place += 1
      case UInt8(ascii: "$"):
        let double = place + 1 < end && source.bytes[place + 1] == byte
        add(.mathShift(double ? "$$" : "$"), double ? 2 : 1)
      case UInt8(ascii: "#"):
        if place + 1 < end, (0x31...0x39).contains(source.bytes[place + 1]) {
          add(.argument(Int(source.bytes[place + 1]) - 0x30), 2)
        } else {
          add(.sign("#"), 1)
        }
      case 0x30...0x39: add(.digit(Unicode.Scalar(byte)), 1)
      case 0x41...0x5A, 0x61...0x7A: add(.letter(Unicode.Scalar(byte)), 1)
      case 0x21...0x7E: add(.sign(Unicode.Scalar(byte)), 1)
      case 0x00..<0x20, 0x7F:
        throw .tex(
          "control-character", "a control character (code \(byte))",
          Span(source, place, place + 1), help: "delete it; it cannot be seen")
      default: try unicode()
      }
    }
    tokens.append(TeXToken(.end, end, end, spaced: spaced))
  }

  mutating func add(_ kind: TeXToken.Kind, _ length: Int) {
    tokens.append(TeXToken(kind, place, place + length, spaced: spaced))
    place += length
    spaced = false
  }

  /// One line break is blank space, an empty line ends a paragraph.
  private mutating func newline() {
    let start = place
    var breaks = 0
    while place < end {
      switch source.bytes[place] {
      case 0x0A: breaks += 1
      case 0x20, 0x09, 0x0D: break
      case UInt8(ascii: ">") where copying.isQuoted: break
      default:
        if breaks > 1 { tokens.append(TeXToken(.paragraph, start, place, spaced: true)) }
        spaced = true
        return
      }
      place += 1
    }
    spaced = true
  }

  private mutating func comment() {
    while place < end, source.bytes[place] != 0x0A { place += 1 }
    if place < end { place += 1 }
    spaced = true
  }

  /// `&`, or what a page's markup makes of a sign: `&amp;`, `&lt;`.
  private mutating func ampersand() {
    for (name, kind) in TeXLexer.entities
    where source.bytes[(place + 1)..<end].starts(with: name.utf8) {
      guard let kind else {
        spaced = true
        place += name.utf8.count + 1
        return
      }
      return add(kind, name.utf8.count + 1)
    }
    add(.alignment, 1)
  }

  /// nil for a blank.
  private static let entities: [(String, TeXToken.Kind?)] = [
    ("amp;", .alignment), ("lt;", .sign("<")), ("gt;", .sign(">")), ("space;", nil),
    ("nbsp;", nil), ("plus;", .sign("+")), ("minus;", .sign("-")),
  ]

  private mutating func backslash() throws(Diagnostic) {
    guard place + 1 < end else {
      throw .tex("backslash", "a backslash with nothing behind it", Span(source, place, end))
    }
    var next = source.bytes[place + 1]
    if copying.isDoubled, next == UInt8(ascii: "\\"), place + 2 < end {
      let behind = source.bytes[place + 2]
      if behind == next, place + 3 < end, source.bytes[place + 3] == next {
        return add(.rowBreak, 4)
      }
      if behind > 0x20, behind < 0x7F {
        // The first of the two is one too many.
        place += 1
        next = behind
      }
    }
    if isLetter(next) {
      var stop = place + 1
      while stop < end, isLetter(source.bytes[stop]) { stop += 1 }
      let name = String(decoding: source.bytes[(place + 1)..<stop], as: UTF8.self)
      if stop < end, source.bytes[stop] == UInt8(ascii: "*"), TeXLexer.starred.contains(name) {
        stop += 1
      }
      add(.command(name), stop - place)
      return
    }
    switch next {
    case UInt8(ascii: "\\"):
      // `\\*` ends a row as well.
      let star = place + 2 < end && source.bytes[place + 2] == UInt8(ascii: "*")
      add(.rowBreak, star ? 3 : 2)
    case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"):
      add(.mathShift("\\" + String(Unicode.Scalar(next))), 2)
    case 0x0A, 0x0D, 0x20, 0x09: add(.command(" "), 2)
    case 0x21..<0x7F: add(.command(String(Unicode.Scalar(next))), 2)
    default:
      throw .tex("backslash", "a backslash before no letter", Span(source, place, place + 1))
    }
  }

  /// Commands whose starred form means the same here.
  private static let starred: Set<String> = [
    "operatorname", "tag", "hspace", "vspace", "quad", "newcommand", "renewcommand",
    "providecommand", "DeclareMathOperator", "vb", "va", "norm", "abs", "qty", "dv", "pdv",
  ]

  private func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
