// What the words near a rule say of its decays: that they are small, or how large they are.
//
//   SpokenDecays("with a decay rate β = 0.1").allow(0.1)
//
// A value counts where a decay's symbol or name stands right before it: a weight decay and a learning
// rate are none.

struct SpokenDecays: Equatable {
  /// A short memory is spoken of.
  let areSmall: Bool
  let values: [Double]

  init(_ words: String) {
    let plain = words.unaccented.filter { !$0.isWhitespace && !"$\\{}_()".contains($0) }
    areSmall = [
      "smallβ", "smallbeta", "smalldecay", "shortmemory", "kleinesβ", "kleinesbeta", "forgetsfast",
      "forgetsquickly",
    ].contains(where: plain.contains)
    let tokens = SpokenDecays.tokens(words)
    values = tokens.indices.compactMap { place in
      guard case .number(let value) = tokens[place], value > 0, value < 1,
        SpokenDecays.isOfDecay(tokens[..<place])
      else { return nil }
      return value
    }
  }

  /// Whether an average is meant to keep this much of itself.
  func allow(_ kept: Double) -> Bool {
    areSmall || values.contains { abs($0 - kept) < 1e-9 }
  }

  // MARK: Words and numbers

  private enum Token: Equatable {
    case word(String)
    case number(Double)
    case stop
  }

  private static func tokens(_ words: String) -> [Token] {
    var tokens: [Token] = []
    var run = ""
    func end() {
      defer { run = "" }
      guard let first = run.first else { return }
      if first.isASCII, first.isNumber || first == "." || first == "," {
        let digits = run.replacing(",", with: ".")
        let hasStop = digits.last == "."
        if let value = Double(hasStop ? String(digits.dropLast()) : digits) {
          tokens.append(.number(value))
        }
        if hasStop || run == "," { tokens.append(.stop) }
      } else {
        tokens.append(.word(run))
      }
    }
    for character in words.unaccented {
      let isNumeric =
        run.first.map { $0.isASCII && ($0.isNumber || $0 == "." || $0 == ",") } ?? true
      switch character {
      case "_", "{", "}": continue
      case ".", ",":
        if !isNumeric { end() }
        run.append(character)
      case _ where character.isNumber: run.append(character)
      case _ where character.isLetter:
        if isNumeric { end() }
        run.append(character)
      case ";", ":", "!", "?", "\n":
        end()
        tokens.append(.stop)
      default: end()
      }
    }
    end()
    return tokens
  }

  private static let links: Set<String> = ["of", "is", "at", "to", "von", "ist", "de", "um"]
  private static let symbols: Set<String> = ["beta", "β", "rho", "ρ", "gamma", "γ"]
  private static let others: Set<String> = [
    "learning", "step", "weight", "lernrate", "schrittweite",
  ]
  private static let kinds: Set<String> = [
    "rate", "factor", "constant", "parameter", "coefficient",
  ]
  private static let decays: Set<String> = ["decay", "smoothing", "forgetting", "discounting"]

  /// Whether what stands before a number is what a decay is called.
  private static func isOfDecay(_ before: ArraySlice<Token>) -> Bool {
    var words: [String] = []
    for token in before.reversed() {
      guard case .word(let word) = token, words.count < 7 else { break }
      words.append(word)
    }
    var rest = words.drop { links.contains($0) }
    guard let last = rest.first else { return false }
    if symbols.contains(last.filter { !$0.isNumber }) {
      return others.isDisjoint(with: rest.dropFirst().prefix(4))
    }
    if kinds.contains(last) { rest = rest.dropFirst() }
    guard let name = rest.first, decays.contains(name) else { return false }
    return rest.dropFirst().first.map { !["weight", "learning", "rate", "l2"].contains($0) } ?? true
  }
}
