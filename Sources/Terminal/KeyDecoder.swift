// Bytes from the keyboard turned into keys: UTF-8, combining accents, pastes and the escape
// sequences of cursor keys. A pure value fed with bytes; it waits for nothing and reads
// nothing, so it says when it needs more.

struct KeyDecoder {
  enum Key: Equatable {
    case scalar(Unicode.Scalar)
    /// A whole bracketed paste, line ends as `\n`, other control characters taken out.
    case paste(String)
  }

  enum Need: Equatable {
    case nothing
    /// More of a sequence that should already be on its way; if it does not come soon, what is
    /// there stands for itself.
    case soon
    /// The rest of a paste, however long it takes.
    case restOfPaste
  }

  /// Longest escape sequence looked at, in bytes.
  private static let longestSequence = 32

  private var bytes: [UInt8] = []
  private var position = 0
  private var ready: [Unicode.Scalar] = []
  private var previous: Unicode.Scalar?
  private var isPasting = false
  /// Bytes of the paste already known to hold no end mark.
  private var searchedPaste = 0
  private(set) var need = Need.nothing

  mutating func feed(_ more: some Sequence<UInt8>) {
    if position > 0 {
      bytes.removeSubrange(..<position)
      position = 0
    }
    bytes.append(contentsOf: more)
  }

  /// Forgets everything not yet taken, as Ctrl-C does.
  mutating func discard() { self = KeyDecoder() }

  /// The next key, or nil when more bytes are needed. `isFinal` takes an unfinished sequence
  /// as it stands.
  mutating func next(isFinal: Bool = false) -> Key? {
    need = .nothing
    while true {
      if isPasting { return takePaste() }
      if !ready.isEmpty { return .scalar(ready.removeFirst()) }
      guard position < bytes.count else { return nil }
      switch bytes[position] {
      case 0x1B:
        guard takeEscape(isFinal: isFinal) else { return nil }
      case 0x00, 0x1D...0x1F:
        position += 1  // NUL means nothing here; the others are the editor's own signals.
      case 0..<0x80:
        let byte = bytes[position]
        position += 1
        emit(Unicode.Scalar(byte))
      default:
        guard takeMultibyte(isFinal: isFinal) else { return nil }
      }
    }
  }

  // MARK: characters

  private mutating func emit(_ scalar: Unicode.Scalar) {
    if let word = Accents.word(for: scalar) {
      if let previous, Accents.mayCarry(previous) {
        ready.append(contentsOf: word.unicodeScalars)
        self.previous = word.unicodeScalars.last
        return
      }
    }
    ready.append(scalar)
    previous = scalar.value < 0x20 || scalar.value == 0x7F ? nil : scalar
  }

  /// False when the sequence is cut short and more may come.
  private mutating func takeMultibyte(isFinal: Bool) -> Bool {
    let lead = bytes[position]
    let length: Int
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default:
      position += 1
      emit("\u{FFFD}")
      return true
    }
    let available = bytes[position...].prefix(length)
    let continued = available.dropFirst().prefix { $0 & 0xC0 == 0x80 }.count
    if continued + 1 < length {
      if available.count == continued + 1, !isFinal {
        need = .soon
        return false
      }
      position += continued + 1
      emit("\u{FFFD}")
      return true
    }
    position += length
    let text = String(decoding: available, as: UTF8.self)
    for scalar in text.unicodeScalars { emit(scalar) }
    return true
  }

  // MARK: escape sequences

  /// The cursor keys the editor knows, without their ESC. Anything else is dropped rather than
  /// typed into the line as junk.
  private static let known: Set<String> = [
    "[A", "[B", "[C", "[D", "[H", "[F", "[1~", "[3~", "[4~", "[7~", "[8~",
    "[1;5C", "[1;5D", "[1;3C", "[1;3D", "[5C", "[5D",
  ]

  /// After ESC: repeat counts (`ESC 9 9 9 9 x` types ten thousand letters) and the library's own
  /// command line (`ESC x`).
  private static func isRefused(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || byte == 0x78 || byte == 0x58
  }

  /// False when more bytes are needed.
  private mutating func takeEscape(isFinal: Bool) -> Bool {
    let start = position
    guard start + 1 < bytes.count else {
      if !isFinal {
        need = .soon
        return false
      }
      position += 1
      pass([0x1B])
      return true
    }
    guard bytes[start + 1] == 0x5B else {  // [
      position += 2
      if KeyDecoder.isRefused(bytes[start + 1]) {
        previous = nil
      } else if bytes[start + 1] < 0x80, bytes[start + 1] != 0x1B {
        pass([0x1B, bytes[start + 1]])
      } else {
        position -= 1
        pass([0x1B])
      }
      return true
    }
    var end = start + 2
    while end < bytes.count, end - start < KeyDecoder.longestSequence,
      (0x20...0x3F).contains(bytes[end])
    {
      end += 1
    }
    guard end < bytes.count else {
      if !isFinal {
        need = .soon
        return false
      }
      position = end
      return true
    }
    guard (0x40...0x7E).contains(bytes[end]) else {
      position = end  // Not a sequence after all: drop its beginning.
      return true
    }
    let sequence = String(decoding: bytes[(start + 1)...end], as: UTF8.self)
    position = end + 1
    previous = nil
    if sequence == "[200~" {
      isPasting = true
      searchedPaste = 0
    } else if KeyDecoder.known.contains(sequence) {
      pass(bytes[start...end])
    }
    return true
  }

  private mutating func pass(_ sequence: some Sequence<UInt8>) {
    previous = nil
    ready.append(contentsOf: sequence.map { Unicode.Scalar($0) })
  }

  // MARK: pastes

  private static let pasteEnd: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]  // ESC [201~

  private mutating func takePaste() -> Key? {
    guard let end = endOfPaste() else {
      need = .restOfPaste
      return nil
    }
    let text = KeyDecoder.cleaned(bytes[position..<end])
    position = end + KeyDecoder.pasteEnd.count
    isPasting = false
    previous = nil
    return .paste(text)
  }

  private mutating func endOfPaste() -> Int? {
    let mark = KeyDecoder.pasteEnd
    var start = position + searchedPaste
    while let escape = bytes[start...].firstIndex(of: 0x1B) {
      searchedPaste = escape - position
      guard escape + mark.count <= bytes.count else { return nil }
      if bytes[escape..<(escape + mark.count)].elementsEqual(mark) { return escape }
      start = escape + 1
    }
    searchedPaste = bytes.count - position
    return nil
  }

  /// Line ends as `\n`, tabs kept, accents spelt out, other control characters dropped.
  static func cleaned(_ bytes: some Collection<UInt8>) -> String {
    var result = String.UnicodeScalarView()
    var before: Unicode.Scalar?
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      defer { before = scalar }
      if scalar == "\n", before == "\r" { continue }
      if scalar == "\r" || scalar == "\n" {
        result.append("\n")
      } else if let word = Accents.word(for: scalar), let last = before, Accents.mayCarry(last) {
        result.append(contentsOf: word.unicodeScalars)
      } else if scalar == "\t" || (scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)) {
        result.append(scalar)
      }
    }
    return String(result)
  }
}

/// Combining accents, which a line editor draws wrongly: in the line they are spelt out, as the
/// names they make are (`m̂` is `m_hat`).
enum Accents {
  static func word(for scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\u{302}": "_hat"
    case "\u{304}", "\u{305}": "_bar"
    case "\u{303}": "_tilde"
    default: nil
    }
  }

  static func mayCarry(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic }
}
