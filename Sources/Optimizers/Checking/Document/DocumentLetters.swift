// Which letters the formulas of a document have, in the words too: each document is looked through once.

import Notation

struct DocumentLetters {
  /// In how many formulas each stands.
  private var counts: [String: Int] = [:]

  init(_ document: FormulaDocument) {
    for formula in document.formulas {
      for letter in Set(DocumentLetters.letters(of: formula.span.text)) {
        counts[letter, default: 0] += 1
      }
    }
  }

  /// Whether a formula that stands at none of the places has the letter.
  func contains(_ letter: String, besides places: [Int], of document: FormulaDocument) -> Bool {
    let own = places.count { place in
      document.formulas.indices.contains(place)
        && DocumentLetters.letters(of: document.formulas[place].span.text).contains(letter)
    }
    return counts[letter, default: 0] > own
  }

  /// The letters of a formula in order: `u` of `\hat{\mathbf{u}}_t`, `δ` of `\delta`. Words are none.
  static func letters(of text: String) -> [String] {
    var found: [String] = []
    var rest = text[...]
    while let first = rest.first {
      guard first.isLetter || first == "\\" else {
        rest.removeFirst()
        continue
      }
      let isCommand = first == "\\"
      if isCommand { rest.removeFirst() }
      let name = String(rest.prefix { $0.isLetter })
      rest = rest.dropFirst(name.count)
      if isCommand {
        if name.isEmpty, !rest.isEmpty { rest.removeFirst() }
        if let greek = GreekLetters.letter(named: name) { found.append(String(greek)) }
      } else if name.count <= 2 {
        found += name.map { String($0) }
      }
    }
    return found
  }

  /// Whether words have the letter by itself, or by its name: “where u is a subgradient”.
  /// - Parameter atStep: u_t counts as well.
  static func areSpeaking(of letter: String, _ words: String, atStep: Bool) -> Bool {
    let names = [letter] + letter.unicodeScalars.compactMap { GreekLetters.name(of: $0) }
    for name in names {
      var before: Character = " "
      var rest = words[...]
      while !rest.isEmpty {
        if rest.hasPrefix(name), !before.isLetter, !"\\_^".contains(before) {
          let after = rest.dropFirst(name.count).first ?? " "
          if !after.isLetter, !after.isNumber, atStep || !"_^{}".contains(after) { return true }
        }
        before = rest.removeFirst()
      }
    }
    return false
  }
}
