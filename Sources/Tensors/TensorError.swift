// What can be wrong with tensors. This layer knows no source text: an error names operands by their
// position, and the layer above points at them.

package enum TensorError: Error, Sendable, Equatable {
  /// Operands that do not broadcast or multiply.
  case shapeMismatch(operation: String, Shape, Shape)
  /// Predictions and targets, which never broadcast.
  case unequalPair(operation: String, Shape, Shape)
  /// Logits or log-probabilities, and targets that are neither class indices nor rows beside them.
  case classShape(operation: String, Shape, Shape)
  case wrongRank(operation: String, Shape, expected: String)
  case axisOutOfRange(axis: Int, Shape)
  case indexOutOfRange(index: Int, size: Int)
  case ragged(row: Int, length: Int, expected: Int)
  case tooLarge(Shape)
  case notDifferentiable(operation: String)
  /// Something is wrong with one column of an operand, counted from 0: what it does, and what to do.
  case column(operation: String, of: NodeID, column: Int, message: String, help: String?)
  /// The gradient of something that is not one number.
  case notScalar(Shape)
  /// Somebody asked to break off.
  case interrupted
  /// Anything specific to one operation: a sentence, and what to do about it.
  case invalid(operation: String, message: String, help: String?)
}
