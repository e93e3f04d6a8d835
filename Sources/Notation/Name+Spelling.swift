// From any spelling of a name to its one canonical form.
//
//   x_1, x₁, x1                      → x1         trailing digits merge with their subscript
//   β₁, β1, beta_1                   → beta1      Greek only as a whole stem
//   epsilon, ε, ϵ                    → eps
//   m̂, m_hat                         → m_hat      accents follow the stem,
//   m̂₁, m_hat_1, m1_hat, m_1_hat     → m_hat1     before a simple subscript
//   x̂ᵢ, x_i_hat                      → x_hat_i
//   v̂_max, w1_2, x_max, loss         → v_hat_max, w1_2, x_max, loss
//
// It is total: any text gets a form, and a canonical form is its own. Which texts are names is the
// lexer's business.

extension Name {
  /// The name written so.
  package init(spelling: String) {
    self.init(canonical: Name.canonical(of: spelling))
  }

  private static func canonical(of spelling: String) -> String {
    // Most names are plain ASCII letters, and long texts hold many.
    if spelling.utf8.allSatisfy({ ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }) {
      return spelling == "epsilon" ? "eps" : spelling
    }
    let form = greekSpelledOut(plainForm(of: spelling))
    return accentMovedToStem(digitsMerged(epsilonShortened(form)))
  }

  private static func epsilonShortened(_ form: String) -> String {
    let rest = form.dropFirst(7)
    guard form.hasPrefix("epsilon"), rest.first.map({ !$0.isLetter }) ?? true else { return form }
    return "eps" + rest
  }

  /// Accents as words, subscripts as plain characters.
  private static func plainForm(of spelling: String) -> String {
    if spelling.utf8.allSatisfy({ $0 < 0x80 }) { return spelling }
    var form = ""
    var accents: [Accent] = []
    var afterLetter = false
    var inSubscript = false
    func closeLetters() {
      for accent in accents { form += "_" + accent.rawValue }
      accents = []
    }
    for raw in spelling.unicodeScalars {
      var scalar = ComposedLetters.plain(raw)
      if let accent = Accent(mark: scalar) {
        accents.append(accent)
        continue
      }
      if let (base, accent) = ComposedLetters.split(scalar) {
        accents.append(accent)
        scalar = base
      }
      if let lowered = Scripts.lowered(scalar) {
        closeLetters()
        let isDigit = lowered.utf8.first.map { $0 < 0x3A } ?? false
        // A subscript word is set off; digits stay with their letter.
        if !inSubscript, !isDigit, !form.isEmpty { form += "_" }
        form += lowered
        inSubscript = true
        afterLetter = false
        continue
      }
      inSubscript = false
      let isLetter = scalar.value >= 0x80 || scalar.properties.isAlphabetic
      if !isLetter, afterLetter { closeLetters() }
      form.unicodeScalars.append(scalar)
      afterLetter = isLetter
    }
    closeLetters()
    return form
  }

  /// Each part between `_` and digits that is one Greek letter becomes its name.
  private static func greekSpelledOut(_ form: String) -> String {
    if form.utf8.allSatisfy({ $0 < 0x80 }) { return form }
    var result = ""
    var letters: [Unicode.Scalar] = []
    func flush() {
      if letters.count == 1, let name = GreekLetters.name(of: letters[0]) {
        result += name
      } else {
        for letter in letters { result.unicodeScalars.append(letter) }
      }
      letters = []
    }
    for scalar in form.unicodeScalars {
      if scalar == "_" || ("0"..."9").contains(scalar) {
        flush()
        result.unicodeScalars.append(scalar)
      } else {
        letters.append(scalar)
      }
    }
    flush()
    return result
  }

  /// `x_1` → `x1`; only at the end, and only after a letter.
  private static func digitsMerged(_ form: String) -> String {
    let digits = form.utf8.reversed().prefix { isDigit($0) }.count
    let bytes = Array(form.utf8)
    let bar = bytes.count - digits - 1
    guard digits > 0, bar > 0, bytes[bar] == underscore,
      !isDigit(bytes[bar - 1]), bytes[bar - 1] != underscore
    else { return form }
    return String(decoding: bytes[..<bar] + bytes[(bar + 1)...], as: UTF8.self)
  }

  /// `m1_hat` → `m_hat1`, `x_i_hat` → `x_hat_i`.
  private static func accentMovedToStem(_ form: String) -> String {
    var core = Substring(form)
    var accents = ""
    while let accent = Accent.allCases.first(where: { core.hasSuffix("_" + $0.rawValue) }) {
      accents = "_" + accent.rawValue + accents
      core = core.dropLast(accent.rawValue.utf8.count + 1)
    }
    guard !accents.isEmpty else { return form }
    let stem = core.prefix { $0.isLetter }
    let rest = core.dropFirst(stem.count)
    guard !stem.isEmpty, !rest.isEmpty else { return form }
    let simple =
      rest.utf8.allSatisfy { isDigit($0) }
      || (rest.first == "_" && rest.count == 2 && rest.last.map { $0.isLetter } ?? false)
      || isDigitSubscript(rest)
    return simple ? digitsMerged(stem + accents + rest) : form
  }

  /// `_12`, before an accent that kept its digits from merging.
  private static func isDigitSubscript(_ rest: Substring) -> Bool {
    rest.first == "_" && rest.count > 1 && rest.dropFirst().utf8.allSatisfy { isDigit($0) }
  }

  private static let underscore = UInt8(ascii: "_")

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
