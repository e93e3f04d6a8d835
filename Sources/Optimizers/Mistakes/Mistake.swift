// A mistake that people make in an update rule, as one value: what it does to a line, and the sentence
// that says so. A new one is a new value in Catalogue/ and its name in the list.

import Notation

/// A line with a mistake in it.
package struct Change {
  let expression: Expression
  /// A clause that stands alone or after “when”: “β₁ is taken for β₂”.
  let says: String

  init(_ expression: Expression, _ says: String) {
    self.expression = expression
    self.says = says
  }
}

package struct Mistake: Sendable {
  /// How readily a difference is believed to be this mistake, the readiest first.
  package enum Doubt: Int, Sendable, Comparable {
    /// Nobody means it.
    case slip
    /// A rule of one's own may have it; beside several states it is hardly meant.
    case odd
    /// Some do it on purpose: a mistake only where it is said which method is meant.
    case choice
    /// Many rules have it, of the same kind as well: a mistake only where one method is meant and no
    /// other rule is known that has these numbers.
    case variation

    package static func < (a: Doubt, b: Doubt) -> Bool { a.rawValue < b.rawValue }
  }

  /// Stable, in kebab-case: `beta1-for-beta2`.
  package let id: String
  /// A noun phrase: “β₁ for β₂”.
  package let title: String
  /// Who makes it in one line makes it in all that it fits, as t off by one: how several lines with
  /// it are summed up, before “, for m̂ and v̂”. Empty where the clause of a line serves.
  let habit: String?
  package let doubt: Doubt
  let changes: @Sendable (LineContext) -> [Change]

  /// What leaves nothing that anybody would print is no variation of a rule.
  func doubt(of change: Change, in line: LineContext) -> Doubt {
    doubt == .variation && line.isBereft(by: change.expression) ? .choice : doubt
  }

  init(
    _ id: String, _ title: String, habit: String? = nil, doubt: Doubt = .slip,
    _ changes: @escaping @Sendable (LineContext) -> [Change]
  ) {
    self.id = id
    self.title = title
    self.habit = habit
    self.doubt = doubt
    self.changes = changes
  }
}

/// One line of a rule with one mistake.
package struct Mutant: Sendable {
  /// The mistake's identifier.
  package let mistake: String
  /// A clause that stands alone or after “when”: “β₁ is taken for β₂”.
  package let says: String
  /// The line's place among the rule's lines.
  package let line: Int
  package let expression: Expression
  /// What several lines with it are summed up as; nil for what is made once.
  let habit: String?
  /// Further lines with the same mistake.
  package var also: [(line: Int, expression: Expression)] = []
  package var doubt: Mistake.Doubt = .variation
  /// It is told only where nothing else explains a number, though others of its name are told at once.
  var isFarFetched = false

  package var changedLines: [(line: Int, expression: Expression)] { [(line, expression)] + also }
}
