// What a text of formulas turned out to be: a rule with the readings that were chosen, or something
// else with the reason why it is no rule.

import Diagnostics
import Notation

package struct FormulaReading: Sendable {
  package enum Kind: String, Sendable {
    case rule, definition, gradient, objective, other
  }

  package var kind: Kind
  /// Why it is that, in a few words.
  package var reason: String
  /// For a rule.
  package var rule: RuleReading?
  package var notes: [ReadingNote]
  /// What an update reads of the step before, u_{t-1}, and no formula gives a value.
  package var unborn: Span?
  /// Formulas of another section that say what its symbols are, where its own does not.
  var borrowed: [Span] = []

  package init(
    kind: Kind, reason: String, rule: RuleReading?, notes: [ReadingNote], unborn: Span? = nil
  ) {
    self.kind = kind
    self.reason = reason
    self.rule = rule
    self.notes = notes
    self.unborn = unborn
  }
}

package struct RuleReading: Sendable {
  package var declaration: RuleDeclaration
  /// What the text calls the parameter, without its index: `θ`.
  package var parameter: String
  /// The hyperparameters with what each is for, in the order of the declaration.
  package var roles: [(name: Name, role: HyperRole)]
  /// Those of them that a person or the words have said, whatever their places show.
  package var said: [Name: HyperRole] = [:]
  /// Those to which the text gives their values: `ρ = 0.9`.
  package var valued: Set<Name> = []
  /// Which of its symbols every name of the rule is.
  package var symbols: [Name: String]
  /// States of which the text does not say where they start: 0 is taken.
  package var assumed: Set<Name> = []
}

/// What a hyperparameter does in the rule, as its structure shows.
package enum HyperRole: String, Sendable {
  case learningRate = "learning rate"
  case firstDecay = "decay of the average"
  case secondDecay = "decay of the average of squares"
  case epsilon = "added to the denominator"
  case weightDecay = "weight decay"
  case constant = "given in the text"
  case other = "constant"
}

/// Something about the reading that a person should know.
package struct ReadingNote: Sendable {
  package enum Kind: String, Sendable {
    /// A convention was applied.
    case convention
    /// What is printed is not what TeX makes of it, or cannot be meant.
    case slip
    /// Two readings are possible.
    case ambiguity
    /// Read past knowingly.
    case left
  }
  package var kind: Kind
  package var text: String
  package var span: Span
  /// How the other reading is introduced, where its numbers can be compared.
  var other: String?
  /// The form of an equation that is read, where `span` is another that has other numbers.
  package var contradicts: Span?

  package init(_ kind: Kind, _ text: String, _ span: Span, other: String? = nil) {
    self.kind = kind
    self.text = text
    self.span = span
    self.other = other
  }
}

extension Diagnostic {
  /// An error in the meaning of a formula.
  static func reading(_ id: String, _ message: String, _ span: Span?, help: String? = nil)
    -> Diagnostic
  {
    Diagnostic("latex." + id, message, at: span, help: help)
  }
}
