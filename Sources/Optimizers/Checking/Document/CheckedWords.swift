// The words round a formula, and the methods that they name: the heading's, the sentence's, a chapter's.

import Notation

/// The words round a formula.
struct CheckedWords {
  var before = ""
  /// What stands before the last of several displays.
  var beforeLast = ""
  /// The heading it stands under and those above.
  var headings: [String] = []
  /// What an algorithm is called.
  var caption: String?
  /// What follows, up to the next display.
  var after = ""
  /// The section up to here and from here on, displays and all.
  var section = ""
  var rest = ""
  var roles: SymbolRoles?

  /// All that a rule's finding takes from the words.
  var meaning: [String] {
    let names = [meant, sentenceNames, heading, meantAbove].map {
      $0.map(\.id).joined(separator: ",")
    }
    let claims = (roles?.claims ?? [:]).sorted { $0.key.canonical < $1.key.canonical }.map {
      "\($0.key.canonical) \($0.value.role.rawValue)"
    }
    return names + [
      "\(Goal(all))", "\(headingIsPlain)", "\(headingIsDecay)", "\(OtherRules.isMotion(self))",
      "\(SpokenDecays(all))",
    ] + claims
  }

  /// The methods that the words announce: an algorithm's caption, the sentence before the formula,
  /// the heading, the text before it.
  var meant: [NamedMethod] {
    let named = called
    guard named.contains(where: { $0.id == "adam" }),
      NamedMethods.leaveCorrectionsOut(last(beforeLast))
        || NamedMethods.leaveCorrectionsOut(lastSentence)
    else { return named }
    return named.compactMap { $0.id == "adam" ? .named("adam-uncorrected") : $0 }
  }

  private var called: [NamedMethod] {
    if let caption {
      let named = NamedMethods.find(in: caption)
      if !named.isEmpty { return named }
    }
    let sentence = heading.isEmpty ? sentenceNames : NamedMethods.find(in: last(beforeLast))
    // “Unlike SGD, Adam …” under the heading Adam is about Adam.
    if !heading.isEmpty, sentence.isEmpty || heading.contains(where: { sentence.contains($0) }) {
      return heading
    }
    return sentence.isEmpty ? NamedMethods.find(in: before) : sentence
  }

  /// The methods that the sentence right before the formula names.
  var sentenceNames: [NamedMethod] {
    let names = NamedMethods.find(in: last(beforeLast))
    return names.isEmpty ? NamedMethods.find(in: lastSentence) : names
  }

  /// The methods that the heading names.
  var heading: [NamedMethod] { headings.first.map { NamedMethods.find(in: $0) } ?? [] }

  /// Whether the heading is the name of one method and nothing else is said of it.
  var headingIsPlain: Bool { headings.first.map(NamedMethods.isPlainName) ?? false }

  /// Whether the heading is weight decay and nothing else, by any of its names.
  var headingIsDecay: Bool {
    guard let heading = headings.first else { return false }
    let letters = heading.lowercased().filter { $0.isLetter || $0.isNumber }
    return CheckedWords.decays.contains { name in
      letters == name || CheckedWords.decays.contains { letters == name + $0 }
    }
  }

  private static let decays = [
    "weightdecay", "l2", "l2regularization", "l2regularisation", "l2weightdecay", "l2penalty",
    "权重衰减", "l2正则化", "l2正则", "gewichtsverfall", "l2regularisierung",
  ]

  /// The methods that a heading above names.
  var meantAbove: [NamedMethod] {
    headings.dropFirst().lazy.map { NamedMethods.find(in: $0) }.first { !$0.isEmpty } ?? []
  }

  /// The heading and what stands just before.
  var nearest: String { (headings.first ?? "") + " " + (caption ?? "") + " " + lastSentence }

  /// The same, each by itself.
  var naming: DefinitionNaming {
    DefinitionNaming(
      headings: [headings.first, caption].compactMap { $0 }, sentence: lastSentence)
  }

  var all: String { headings.joined(separator: " ") + " " + (caption ?? "") + " " + before }

  /// What stands just before the formula.
  private var lastSentence: String { last(before) }

  private func last(_ words: String) -> String {
    var text = words[...]
    while let last = text.last, last.isWhitespace || ".。:：".contains(last) { text.removeLast() }
    let stops: Set<Character> = [".", "。", "!", "?", "！", "？"]
    if let cut = text.lastIndex(where: { stops.contains($0) }) {
      return String(text[text.index(after: cut)...])
    }
    return String(text)
  }
}
