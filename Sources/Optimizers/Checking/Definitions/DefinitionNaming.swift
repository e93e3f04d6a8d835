// Whether words name a definition or only speak of it: “The sigmoid is”, and not “other choices than the
// sigmoid”.
//
// Words in passing say what a formula may be. A formula is called wrong by its words only where they do
// nothing but name what it is meant to be.

package struct DefinitionNaming {
  /// The heading and the caption.
  var headings: [String]
  /// The sentence right before the formula.
  var sentence: String

  package init(headings: [String], sentence: String = "") {
    self.headings = headings.map(\.unaccented)
    self.sentence = sentence.unaccented
  }

  /// Whether a heading or the sentence is one of these names and says nothing else. A sentence that
  /// speaks of something known, or of another, counts for more than the heading.
  func names(_ words: [String]) -> Bool {
    if isName(sentence, words) { return true }
    return !speaksOfSomething && heads(words)
  }

  /// Whether the heading or the caption is one of these names and says nothing else.
  func heads(_ words: [String]) -> Bool { headings.contains { isName($0, words) } }

  /// Whether the sentence may be about something else than the heading.
  private var speaksOfSomething: Bool {
    DefinitionNaming.allNames.contains { sentence.contains($0) }
      || DefinitionNaming.others.contains { sentence.contains($0) }
  }

  /// Whether there is a sentence at all.
  var hasSentence: Bool { sentence.contains { $0.isLetter } }

  /// All names there are, the longer first: the hard sigmoid is no sigmoid.
  private static let allNames = Set(
    KnownDefinitions.families.flatMap { $0.words.map(\.unaccented) }
      + DefinitionJudge.letterWords
  ).sorted { ($1.count, $0) < ($0.count, $1) }

  /// Words that name something else than the heading does.
  private static let others = [
    "other", "instead", "alternativ", "unlike", "rather", " not ", "andere", "statt", "nicht",
    "autre", "au lieu", "otro", "otra", "en lugar", "outro", "outra", "其他", "另一", "而不是",
  ]

  /// What stands round a name in a heading or a short sentence, and adds nothing.
  private static let fillers: Set<String> = [
    "the", "a", "an", "der", "die", "das", "ein", "eine", "le", "la", "les", "l", "un", "une", "el",
    "los", "o", "is", "are", "ist", "est", "es", "and", "und", "et", "y", "e", "defined",
    "definiert", "given", "as", "by", "reads", "function", "funktion", "fonction", "funcion",
    "activation", "activations", "loss", "losses", "score", "penalty", "definition", "formula",
    "schedule", "scaling", "normalisation", "normalization", "decay", "rate", "metric", "函数", "定义为",
    "公式", "是", "为",
  ]

  private func isName(_ text: String, _ words: [String]) -> Bool {
    let own = Set(words.map(\.unaccented))
    var marked = text
    // Longer names first, so that one inside another is not taken for itself.
    let all =
      own.subtracting(DefinitionNaming.allNames).isEmpty
      ? DefinitionNaming.allNames
      : own.union(DefinitionNaming.allNames).sorted { ($1.count, $0) < ($0.count, $1) }
    for name in all where marked.contains(name) {
      marked = marked.replacing(name, with: own.contains(name) ? " \u{1}" : " \u{2}")
    }
    let parts = marked.split { !($0.isLetter || $0.isNumber || $0 == "\u{1}" || $0 == "\u{2}") }
    return parts.contains { $0.first == "\u{1}" }
      && parts.allSatisfy { part in
        part.first == "\u{1}" || part.first == "\u{2}" || part.allSatisfy(\.isNumber)
          || DefinitionNaming.fillers.contains(String(part))
      }
  }
}
