// A method that a text may name, and the rules of the catalogue that are right under that name.
//
// Where authors differ (ε inside or outside the root, the learning rate inside or outside the
// velocity) every form is right. What is left out on purpose, such as Adam's bias corrections, is a
// method of its own. Each is one value in `NamedMethod.catalogue`; nothing else lists them.

/// One method with what it is called.
package struct NamedMethod: Sendable {
  /// `adam`, `gradient-descent`
  package let id: String
  /// As a sentence calls it: “Adam”, “gradient descent”.
  package let title: String
  /// What texts call it, in lower case without accents and hyphens, in any language.
  let phrases: [String]
  /// The catalogue's rules that are right under the name, the usual one first.
  package let rules: [String]
  /// More than the name says, and still no mistake: momentum in a chapter on SGD.
  let looser: [String]
  /// A wide word: a rule that is none of these may still be one of its kind.
  package var isWide: Bool
  /// Authors differ in whether its moments are corrected.
  let variesInCorrections: Bool

  init(
    _ id: String, _ title: String, phrases: [String], rules: [String], looser: [String] = [],
    isWide: Bool = false, variesInCorrections: Bool = false
  ) {
    self.id = id
    self.title = title
    self.phrases = phrases
    self.rules = rules
    self.looser = looser
    self.isWide = isWide
    self.variesInCorrections = variesInCorrections
  }

  /// Whether what was found right is right under this name.
  func accepts(_ finding: Finding) -> Bool {
    finding.reference.map { rules.contains($0) } ?? false
  }

  /// The method of an identifier; nil when there is none.
  package static func named(_ id: String) -> NamedMethod? {
    catalogue.first { $0.id == id }
  }
}

extension NamedMethod: Equatable {
  package static func == (a: NamedMethod, b: NamedMethod) -> Bool { a.id == b.id }
}
