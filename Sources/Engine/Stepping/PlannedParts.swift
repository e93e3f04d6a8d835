// What a step is planned from: where its gradients come from, and each parameter, state and buffer with
// its place in the graph before the step and after it.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// Where a step's gradients come from.
package enum GradientSource: Hashable, Sendable {
  /// The objectives of the problem.
  case objectives
  /// One objective alone.
  case objective(Name)
  /// Given by hand for the named parameters; the others stand still.
  case given([Name])
}

extension GradientSource {
  var isGiven: Bool {
    if case .given = self { return true }
    return false
  }
}

/// A parameter in a step: what goes in, the lines that run, what comes out.
package struct PlannedParameter {
  package let parameter: Parameter
  package let group: OptimizerGroup
  /// The loss it follows; nil when its gradient is given.
  package let objective: Objective?
  /// Inputs: its value and the number of updates it has had.
  package let w: NodeID
  package let count: NodeID
  /// This update's number: `count + 1`.
  package let t: NodeID
  /// The gradient as it comes in.
  package var rawGradient: NodeID
  /// The gradient as the stages of a chain leave it.
  package var g: NodeID
  package var newW: NodeID
  package var constants: [AppliedLine] = []
  package var lines: [AppliedLine] = []
}

/// A state tensor carried from step to step under a path such as `w.m`.
package struct PlannedState {
  package let path: String
  package let owner: String
  package let state: AppliedState
}

/// What a step carries over that no optimizer moves: a running mean, the count of steps.
package struct PlannedBuffer {
  package let path: String
  package let initial: Tensor
  package let input: NodeID
  package let output: NodeID
}
