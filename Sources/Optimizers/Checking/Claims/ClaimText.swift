// A piece of TeX as a person reads it in a sentence: `\hat m_1` is m̂₁, `\frac{a}{b}` is a/b.
//
// For names and short formulas; what it does not know stays as it was typed, but for the digits of
// numbers that have too many.

import Notation

enum ClaimText {
  static func pretty(_ tex: String) -> String {
    var text = matrices(withShortNumbers(TeXSpelling.plain(tex)))
    for (from, to) in [
      ("\\left", ""), ("\\right", ""), ("\\cdot", "·"), ("\\times", "×"), ("\\odot", "⊙"),
      ("\\approx", "≈"), ("\\partial", "∂"), ("\\nabla", "∇"), ("\\top", "ᵀ"), ("\\sum", "Σ"),
      ("\\mathcal", ""), ("\\mathbf", ""), ("\\boldsymbol", ""), ("\\mathrm", ""), ("\\text", ""),
      ("\\operatorname", ""), ("\\,", " "), ("\\;", " "), ("\\!", ""), ("\\dfrac", "\\frac"),
      ("\\tfrac", "\\frac"), ("&", ""), ("\\ell", "ℓ"), ("\\log", "log"), ("\\exp", "exp"),
      ("\\ln", "ln"), ("\\bmod", "mod"), ("\\tanh", "tanh"), ("\\%", "%"),
      ("\\cap", "∩"), ("\\cup", "∪"),
    ] {
      text = replaced(text, from, to)
    }
    text = text.split(separator: "∂", omittingEmptySubsequences: false).enumerated().map {
      $0.offset == 0 ? String($0.element) : String($0.element.drop { $0 == " " })
    }.joined(separator: "∂")
    text = greek(text)
    for (command, mark) in [
      ("\\hat", "\u{302}"), ("\\widehat", "\u{302}"), ("\\bar", "\u{304}"),
      ("\\tilde", "\u{303}"), ("\\overline", "\u{304}"), ("\\vec", ""),
    ] {
      text = accented(text, command, mark)
    }
    text = binomials(fractions(text))
    text = roots(text)
    text = subscripts(text)
    return text.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }

  /// The most digits of a number that are worth reading.
  private static let mostDigits = 24

  /// 0.33333333333333333333…: a number with very many digits, cut.
  private static func withShortNumbers(_ tex: String) -> String {
    guard tex.utf8.count > mostDigits else { return tex }
    var result = ""
    var run = 0
    for character in tex {
      let isDigit = character.isASCII && character.isNumber
      run = isDigit ? run + 1 : 0
      if run <= mostDigits {
        result.append(character)
      } else if run == mostDigits + 1 {
        result.append("…")
      }
    }
    return result
  }

  /// `\begin{pmatrix} 1 \\ 2 \end{pmatrix}` is [1; 2].
  private static func matrices(_ tex: String) -> String {
    guard tex.contains("matrix}") else { return tex }
    var text = tex
    for name in ["pmatrix", "bmatrix", "smallmatrix", "Bmatrix", "matrix"] {
      text = replaced(text, "\\begin{\(name)}", "[")
      text = replaced(text, "\\end{\(name)}", "]")
    }
    return replaced(replaced(text, "\\\\", ";"), "&", ",")
  }

  /// A symbol without the scripts that are places, powers and transposes.
  static func name(_ symbol: ClaimSymbol, letters: [String]) -> String {
    let pretty =
      symbol.letters.isEmpty && letters.isEmpty && symbol.power == nil
      && !symbol.isTransposed
      && symbol.span.text.unicodeScalars.contains(where: { $0 == "_" || $0 == "^" || $0 == "{" })
    if pretty { return symbol.pretty }
    var parts = symbol.base.split(separator: "_").map(String.init)
    let stem = parts.isEmpty ? symbol.base : parts.removeFirst()
    var text = GreekLetters.letter(named: stem).map { String($0) } ?? stem
    for accent in parts {
      switch accent {
      case "hat": text += "\u{302}"
      case "bar": text += "\u{304}"
      case "tilde": text += "\u{303}"
      case "cal", "bb": break
      default: text += "_" + accent
      }
    }
    let labels = symbol.lower.filter { indexLike($0).map { !letters.contains($0.letter) } ?? true }
    for label in labels { text += ClaimText.pretty("_{" + label.span.text + "}") }
    return text
  }

  private static func replaced(_ text: String, _ from: String, _ to: String) -> String {
    guard text.contains(from) else { return text }
    var result = ""
    var rest = Substring(text)
    while let place = rest.range(of: from) {
      let next = rest[place.upperBound...].first
      // \left is not the beginning of \leftarrow.
      if from.count > 2, let next, next.isASCII, next.isLetter {
        result += rest[..<place.upperBound]
      } else {
        result += rest[..<place.lowerBound] + to
      }
      rest = rest[place.upperBound...]
    }
    return result + rest
  }

  private static func greek(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let first = rest.first {
      guard first == "\\" else {
        result.append(first)
        rest = rest.dropFirst()
        continue
      }
      let name = rest.dropFirst().prefix { $0.isASCII && $0.isLetter }
      if let letter = GreekLetters.letter(named: String(name)) {
        result += String(letter)
        rest = rest.dropFirst(name.count + 1)
        // The blank behind a command only ends its name.
        if rest.first == " ", let after = rest.dropFirst().first, after.isLetter || after == "_" {
          rest = rest.dropFirst()
        }
      } else {
        result += rest.prefix(name.count + 1)
        rest = rest.dropFirst(name.count + 1)
      }
    }
    return result
  }

  /// The group or character a command takes, and what follows.
  private static func argument(_ text: Substring) -> (inner: Substring, rest: Substring)? {
    let trimmed = text.drop { $0 == " " }
    guard let first = trimmed.first else { return nil }
    guard first == "{" else { return (trimmed.prefix(1), trimmed.dropFirst()) }
    var depth = 0
    for place in trimmed.indices {
      if trimmed[place] == "{" { depth += 1 }
      if trimmed[place] == "}" {
        depth -= 1
        if depth == 0 {
          return (
            trimmed[trimmed.index(after: trimmed.startIndex)..<place],
            trimmed[trimmed.index(after: place)...]
          )
        }
      }
    }
    return nil
  }

  private static func accented(_ text: String, _ command: String, _ mark: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let place = rest.range(of: command),
      let (inner, after) = argument(rest[place.upperBound...]),
      !(rest[place.upperBound...].first.map { $0.isASCII && $0.isLetter } ?? false)
    {
      result += rest[..<place.lowerBound]
      result += inner.count == 1 ? inner + mark : "\(inner)"
      if inner.count > 1, !mark.isEmpty { result += mark }
      rest = after
    }
    return result + rest
  }

  private static func fractions(_ text: String) -> String {
    var text = text
    for _ in 0..<20 {
      guard let place = text.range(of: "\\frac", last: true),
        let (above, middle) = argument(text[place.upperBound...]),
        let (below, rest) = argument(middle)
      else { return text }
      text = text[..<place.lowerBound] + bracketed(above) + "/" + bracketed(below) + rest
    }
    return text
  }

  /// `\binom{5}{2}` is binom(5, 2).
  private static func binomials(_ text: String) -> String {
    var text = text
    for _ in 0..<20 {
      guard let place = text.range(of: "\\binom", last: true),
        let (above, middle) = argument(text[place.upperBound...]),
        let (below, rest) = argument(middle)
      else { return text }
      text = text[..<place.lowerBound] + "binom(\(above), \(below))" + rest
    }
    return text
  }

  private static func roots(_ text: String) -> String {
    var text = text
    for _ in 0..<20 {
      guard let place = text.range(of: "\\sqrt", last: true),
        let (inner, rest) = argument(text[place.upperBound...]), inner.first != "["
      else { return text }
      let isShort = inner.count == 1 || inner.allSatisfy { $0.isNumber || $0 == "." }
      text = text[..<place.lowerBound] + "√" + (isShort ? "\(inner)" : "(\(inner))") + rest
    }
    return text
  }

  private static func bracketed(_ text: Substring) -> String {
    text.contains { "+-".contains($0) || $0 == " " && !text.contains("∂") }
      ? "(\(text))" : "\(text)"
  }

  private static let lower: [Character: Character] = [
    "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈",
    "9": "₉", "i": "ᵢ", "j": "ⱼ", "t": "ₜ", "k": "ₖ", "n": "ₙ", "m": "ₘ",
  ]

  private static func subscripts(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let first = rest.first {
      if first == "_" || first == "^", let (inner, after) = argument(rest.dropFirst()) {
        let small = inner.compactMap { lower[$0] }
        if first == "_", small.count == inner.count {
          result += String(small)
        } else if first == "_", inner.contains(where: { !$0.isLetter && !$0.isNumber }) {
          result += "_{\(inner)}"
        } else if first == "^", inner.dropFirst().contains(where: { "+- ".contains($0) }),
          inner.first != "(", inner.first != "["
        {
          result += "^(\(inner))"
        } else if first == "^", inner == "2" {
          result += "²"
        } else if first == "^", inner == "ᵀ" || inner == "T" {
          result += "ᵀ"
        } else {
          result += "\(first)\(inner)"
        }
        rest = after
      } else {
        if first != "{", first != "}" { result.append(first) }
        rest = rest.dropFirst()
      }
    }
    return result
  }
}

extension StringProtocol {
  /// Where a text stands, the first or the last time.
  func range(of text: String, last: Bool = false) -> Range<Index>? {
    guard !text.isEmpty else { return nil }
    var found: Range<Index>?
    var place = startIndex
    while place < endIndex {
      if self[place...].hasPrefix(text) {
        found = place..<index(place, offsetBy: text.count)
        if !last { return found }
      }
      place = index(after: place)
    }
    return found
  }
}
