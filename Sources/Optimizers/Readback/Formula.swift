// What a graph's node reads as: an expression, and the lines it leans on where it is long.

import Notation
import Tensors

/// A node as a person would write it.
package struct Formula: Sendable {
  /// A line `a₁ = …` above the formula.
  package struct Part: Sendable {
    package let name: Name
    /// nil for a constant too large to be written out.
    package var expression: Expression?
    package let node: NodeID
    package let shape: Shape
  }

  /// In the order they are to be read.
  package var parts: [Part]
  package var expression: Expression
  /// Whether reshapes that only add or drop an axis of size 1 were left out: read as it stands, the
  /// formula may then broadcast where the graph does not.
  package var hidesUnitAxes: Bool
}
