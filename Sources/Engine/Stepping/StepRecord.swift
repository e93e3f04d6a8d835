// What happened in one step, line by line, as values: formulas with the numbers that went in and
// came out. It is recomputed on request from the snapshot before the step, never stored along a run.

import Notation
import Tensors

package struct StepRecord {
  /// A loss before and after the step.
  package struct ObjectiveRecord {
    package let name: Name
    package let before: Double
    package let after: Double
  }

  /// One line of the update of one parameter.
  package struct Line {
    package enum Kind {
      /// The gradient of a loss; `expression` is nil and `formula` says of what: `∇L`.
      case gradient
      /// A gradient given by hand.
      case given
      /// A line of the rule.
      case rule
    }
    package let kind: Kind
    package let name: Name
    /// The line's right side; nil for the gradient.
    package let expression: Expression?
    /// How the gradient line is written: `∇L`, `-∇J`, `given`; nil for a rule's line.
    package let formula: String?
    /// What each name in `expression` stood for.
    package let operands: [Name: Tensor]
    package let value: Tensor
    package let isState: Bool
    /// Whether the line moves the parameter: written `w ← …` under the parameter's own name.
    package let isParameter: Bool
    package let remark: String?
  }

  package struct ParameterRecord {
    package let name: Name
    /// The rule's name, `adam`, or a chain's.
    package let optimizer: String
    /// The number of this update of the parameter, from 1.
    package let t: Int
    /// Hyperparameters and constants as they were in this step.
    package let constants: [(name: Name, value: Tensor)]
    package let lines: [Line]
    package let before: Tensor
    package let after: Tensor

    /// The last value a name had in this step.
    package func value(of name: Name) -> Tensor? {
      if let line = lines.last(where: { $0.name == name }) { return line.value }
      return constants.first { $0.name == name }?.value
    }
  }

  /// The session's number of the step, from 1.
  package let step: Int
  /// The rows it took; nil where it saw all of the data.
  package var batch: BatchRows?
  /// Whether the losses are other numbers than at the prompt, since models were being trained:
  /// something was left out at random, or normalised by its batch.
  package var isTraining = false
  package let objectives: [ObjectiveRecord]
  package let parameters: [ParameterRecord]
}
