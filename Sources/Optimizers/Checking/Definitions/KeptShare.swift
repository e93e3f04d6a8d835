// What the words say of a dropout mask: whether p is the share that is kept or the share that is dropped.
//
// m ⊙ x/p and m ⊙ x/(1 - p) are both in print, and each is wrong with the other's mask.

import Notation

enum KeptShare: Equatable {
  /// The mask is 1 with probability p.
  case kept
  /// It is 0 with probability p.
  case dropped

  var opposite: KeptShare { self == .kept ? .dropped : .kept }

  /// What the first of some texts says that says anything, and its words; nil when none does, or one
  /// says both.
  static func said(in texts: [String], of symbol: String) -> (share: KeptShare, words: String)? {
    let name = symbol.lowercased()
    if name.contains("keep") { return (.kept, symbol) }
    if name.contains("drop") || name == "rate" { return (.dropped, symbol) }
    for text in texts {
      let found = statements(plain(text), name)
      guard let first = found.first else { continue }
      return found.allSatisfy({ $0.share == first.share }) ? first : nil
    }
    return nil
  }

  /// In small letters, without TeX's signs.
  private static func plain(_ text: String) -> [Character] {
    var result: [Character] = []
    var rest = Substring(text.lowercased())
    while let first = rest.first {
      if first == "\\" {
        let name = rest.dropFirst().prefix { $0.isASCII && $0.isLetter }
        switch name {
        case "mathrm", "text", "operatorname", "mathbf", "boldsymbol", "left", "right", "textrm",
          "mathcal", "mathsf", "textit", "mathit", "quad", "qquad":
          result.append(" ")
        default: result += Array(name)
        }
        rest = rest.dropFirst(name.count + 1)
        continue
      }
      if !"{}$".contains(first) {
        if first.isWhitespace, result.last == " " {
        } else {
          result.append(first.isWhitespace ? " " : first)
        }
      }
      rest = rest.dropFirst()
    }
    return result
  }

  // MARK: Statements

  private static func statements(_ text: [Character], _ name: String) -> [(
    share: KeptShare, words: String
  )] {
    var result: [(KeptShare, String)] = []
    for distribution in ["bernoulli", "bern", "ber"] {
      for place in places(of: distribution, in: text) {
        var end = place + distribution.count
        while end < text.count, text[end] == " " { end += 1 }
        guard end < text.count, text[end] == "(" || text[end] == "[" else { continue }
        let inner = text[(end + 1)...].prefix { $0 != ")" && $0 != "]" }.filter { $0 != " " }
        let parameter = String(inner).replacingPrefix("p=")
        if parameter == name { result.append((.kept, "Bernoulli(\(name))")) }
        if parameter == "1-\(name)" { result.append((.dropped, "Bernoulli(1 - \(name))")) }
      }
      if !result.isEmpty { break }
    }
    // P(m = 1) = p
    let bare = text.filter { $0 != " " }
    for (sign, share) in [("=1)=", KeptShare.kept), ("=0)=", .dropped)] {
      for place in places(of: sign, in: bare) {
        let rest = String(bare[(place + sign.count)...].prefix(name.count + 3))
        if rest.hasPrefix("1-" + name) {
          result.append((share.opposite, "P(m\(sign.prefix(3)) = 1 - \(name)"))
        } else if isWord(name, Array(rest), 0) {
          result.append((share, "P(m\(sign.prefix(3)) = \(name)"))
        }
      }
    }
    for (share, phrases) in phrases {
      for phrase in phrases {
        for place in places(of: phrase, in: text) where isApart(phrase, text, place) {
          guard let found = meant(phrase, place, text, name) else { continue }
          result.append(
            (found ? share : share.opposite, phrase + (found ? " \(name)" : " 1 - \(name)")))
        }
      }
    }
    return result
  }

  private static let phrases: [(KeptShare, [String])] = [
    (
      .kept,
      [
        "keep probability", "keep prob", "keep-probability", "keeping probability",
        "retention probability", "probability of keeping", "probability of retaining",
        "probability to keep", "kept with probability", "retained with probability",
        "survives with probability", "keeps each unit with probability", "keep each unit with",
        "one with probability", "1 with probability",
        "behaltewahrscheinlichkeit", "probabilité de garder", "保留概率", "保留的概率",
      ]
    ),
    (
      .dropped,
      [
        "drop probability", "drop prob", "dropout probability", "dropout rate", "drop rate",
        "drop-rate", "dropping probability", "probability of dropping", "probability to drop",
        "probability of being dropped", "dropped with probability", "dropped out with probability",
        "set to zero with probability", "zeroed with probability", "zeroed out with probability",
        "set to 0 with probability", "zero with probability", "0 with probability",
        "removed with probability", "switched off with probability",
        "dropout-rate", "ausfallwahrscheinlichkeit", "mit wahrscheinlichkeit p auf null",
        "丢弃概率", "丢弃率", "失活概率", "失活率", "丢弃的概率",
      ]
    ),
  ]

  /// Whether a phrase speaks of p, true, or of 1 - p, false; nil when of neither.
  private static func meant(_ phrase: String, _ place: Int, _ text: [Character], _ name: String)
    -> Bool?
  {
    let end = place + phrase.count
    let clause = text[end...].prefix { !".;。；".contains($0) }.prefix(24).filter { $0 != " " }
    // Behind it: “keep probability p”, “dropped with probability 1 - p”.
    var behind = Array(clause)
    for word in ["is", "of", "to", "by", "equalto", "=", "(", ":", "为", "是"]
    where starts(behind, word) {
      behind.removeFirst(word.count)
    }
    if starts(behind, "1-" + name) { return false }
    if isWord(name, behind, 0) { return true }
    // Before it: “p is the keep probability”, “p 是保留概率”.
    let before = Array(text[max(0, place - 24)..<place])
    var last: Int?
    for start in before.indices where isWord(name, before, start) { last = start }
    guard let last else { return nil }
    let between = String(before[(last + name.count)...]).split(separator: " ").map(String.init)
    let links: Set<String> = [
      "is", "be", "the", "a", "=", ":", "denotes", "as", "for", "being", "ist", "die", "est", "la",
      ",",
      "为", "是", "表示", "(", "unit's", "each", "called", "stands",
    ]
    guard between.allSatisfy({ links.contains($0) }) else { return nil }
    let isComplement = last >= 2 && String(before[..<last].filter { $0 != " " }.suffix(2)) == "1-"
    return !isComplement
  }

  private static func starts(_ text: [Character], _ word: String) -> Bool {
    text.starts(with: Array(word))
  }

  /// Whether a name stands at a place by itself.
  private static func isWord(_ name: String, _ text: [Character], _ start: Int) -> Bool {
    let end = start + name.count
    guard start >= 0, end <= text.count, text[start...].starts(with: Array(name)) else {
      return false
    }
    func joins(_ character: Character) -> Bool {
      character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }
    return (start == 0 || !joins(text[start - 1])) && (end == text.count || !joins(text[end]))
  }

  /// Whether a phrase begins where it stands: “0 with probability” is none in “10 with probability”.
  private static func isApart(_ phrase: String, _ text: [Character], _ place: Int) -> Bool {
    guard place > 0, let first = phrase.first, first.isASCII else { return true }
    let before = text[place - 1]
    if first.isNumber, ".,-−".contains(before) { return false }
    return !(before.isASCII && (before.isLetter || before.isNumber || before == "_"))
  }

  private static func places(of word: String, in text: [Character]) -> [Int] {
    let word = Array(word)
    guard word.count <= text.count else { return [] }
    return (0...(text.count - word.count)).filter { text[$0...].starts(with: word) }
  }
}

extension String {
  /// `p=1-p` in a call is what p is given.
  fileprivate func replacingPrefix(_ prefix: String) -> String {
    hasPrefix(prefix) && count > prefix.count ? String(dropFirst(prefix.count)) : self
  }
}

// MARK: - In a finding

extension DefinitionJudge {
  /// What a formula of dropout takes p for, and what the words say of it.
  struct MaskShare {
    var symbol: String
    var needed: KeptShare
    var said: (share: KeptShare, words: String)?

    /// Divided by the wrong one of p and 1 - p.
    func wrong(_ match: Match, _ candidate: DefinitionCandidate) -> Finding? {
      guard let said, said.share != needed else { return nil }
      let share = said.share == .kept ? symbol : "1 - \(symbol)"
      let other = said.share == .kept ? "1 - \(symbol)" : symbol
      return Finding(
        .wrong, "≠ \(match.known.family.title)",
        details: [
          "the mask keeps a value with probability \(share) (“\(said.words)”), and \(other) stands where"
            + " \(share) belongs: the mean changes by the factor "
            + (said.share == .kept ? "\(symbol)/(1 - \(symbol))" : "(1 - \(symbol))/\(symbol)")
        ], mistake: "complement", span: candidate.definition.value.span,
        reference: match.known.builtin)
    }

    var remarks: [String] {
      guard said == nil else { return [] }
      return [
        "nothing here says so: were \(symbol) the share that is "
          + (needed == .kept ? "dropped" : "kept") + ", it would be the other way round"
      ]
    }
  }

  /// nil for what is no dropout with a share.
  func share(of match: Match) -> MaskShare? {
    let needed: KeptShare
    switch match.known.id {
    case "dropout_keep", "dropout_test": needed = .kept
    case "dropout_inverted", "dropout_test_rate": needed = .dropped
    default: return nil
    }
    guard let key = match.assignment.inputs.first(where: { $0.value.name == "p" })?.key else {
      return nil
    }
    return MaskShare(
      symbol: pretty(key), needed: needed,
      said: KeptShare.said(in: around, of: DefinitionCandidate.plain(key)))
  }
}
