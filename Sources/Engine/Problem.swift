// What there is to minimise, and how: the definitions, parameters, losses and the optimizer in force.
//
// A value. A stretch of history keeps the one it ran with, so replaying it never depends on what was
// typed later.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// What a name was defined as.
package enum Definition {
  /// Live: means the formula, evaluated when asked.
  case formula(Expression)
  case function(parameters: [Name], defaults: [Expression?], body: Expression)
  /// `let`: a stored value.
  case value(Tensor)
  case table(DataTable)
  case bundle(DataBundle)
}

/// A trainable tensor and the value it was declared with.
package struct Parameter {
  package let name: Name
  package let initial: Tensor
  package var path: String { name.canonical }

  package init(name: Name, initial: Tensor) {
    self.name = name
    self.initial = initial
  }
}

/// A loss, or with `maximize` an objective to climb.
package struct Objective {
  package let name: Name
  package let expression: Expression
  package let maximize: Bool
  /// The parameters it trains; nil means all.
  package let parameters: [Name]?

  package init(name: Name, expression: Expression, maximize: Bool, parameters: [Name]? = nil) {
    self.name = name
    self.expression = expression
    self.maximize = maximize
    self.parameters = parameters
  }
}

/// Rules for some of the parameters; gradient stages come before the rule that moves them.
package struct OptimizerGroup {
  package var stages: [ChosenRule] {
    didSet { stateKey = OptimizerGroup.stateKey(of: stages) }
  }
  /// nil means the rest.
  package var parameters: [Name]?

  package init(stages: [ChosenRule], parameters: [Name]? = nil) {
    self.stages = stages
    self.parameters = parameters
    stateKey = OptimizerGroup.stateKey(of: stages)
  }

  package var rule: ChosenRule? { stages.last }

  /// How reports call it: `clip_norm |> adam`.
  package var title: String { stages.map(\.rule.name).joined(separator: " |> ") }

  /// Identifies the state it keeps: the rules' lines, whatever the hyperparameters. A rule typed anew
  /// under an old name is another rule.
  package private(set) var stateKey: String

  private static func stateKey(of stages: [ChosenRule]) -> String {
    stages.flatMap { RulePrinter(.ascii).lines($0.rule.declaration) }.joined(separator: "\n")
  }
}

package struct Problem {
  package var definitions: [Name: Definition] = [:]
  package var parameters: [Parameter] = []
  package var models: [Model] = []
  package var objectives: [Objective] = []
  package var optimizer: [OptimizerGroup] = []
  /// Rules typed in this session.
  package var rules: [String: Rule] = [:]
  /// How steps take the data; nil where nobody has said, and they see all of it.
  package var batching: Batching?
  package var precision: Program.Precision = .float64
  package var seed = 0
  /// How data sets and tensors are divided into parts, by name.
  package var splits: [Name: Split] = [:]

  package init() {}

  package func parameter(_ name: Name) -> Parameter? { parameters.first { $0.name == name } }
  package func objective(_ name: Name) -> Objective? { objectives.first { $0.name == name } }

  /// The group that moves a parameter: the one that names it, else the one for the rest.
  package func group(for parameter: Name) -> OptimizerGroup? {
    optimizer.first { $0.parameters?.contains(parameter) == true }
      ?? optimizer.first { $0.parameters == nil }
  }

  /// The objective whose gradient a parameter follows.
  package func objective(for parameter: Name) -> Objective? {
    objectives.last { $0.parameters?.contains(parameter) == true }
      ?? objectives.last { $0.parameters == nil }
  }

  /// Everything that could have been meant by a mistyped name.
  package var knownNames: [String] {
    (definitions.keys.map(\.canonical) + parameters.map(\.path) + models.map(\.name.canonical)
      + objectives.map(\.name.canonical)).sorted()
  }
}
