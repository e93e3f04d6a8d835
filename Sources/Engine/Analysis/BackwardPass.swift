// Backpropagation as in a textbook: each operation with its value, then from the loss backwards each
// ∂L/∂value as a formula of the one before it.
//
// The formulas are local: the derivative of one line, times what came from above. The numbers are
// those of the one gradient everything else uses.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct BackwardPass {
  package struct Line {
    /// `r`, `a₁`, or `∂L/∂r`.
    package let name: Name
    /// nil where it would be too long to read.
    package let formula: Formula?
    package let value: Tensor
    /// What the names in the formula stand for.
    package var operands: [Name: Tensor]
    /// The layer that the line belongs to: `f.0 linear(2→3)`; nil outside models.
    package var layer: String?
  }

  /// The loss's name, or `L` when an expression was given.
  package let loss: Name
  /// What the data are, where one sample was asked for.
  package var sample: BackpropSample?
  package var forward: [Line] = []
  package var backward: [Line] = []
  /// Whether only definitions are listed, there being too many operations.
  package var isSummary = false

  /// More operations than this are not listed one by one.
  static let mostLines = 40
  static let mostDefinitions = 200

  /// What ∂L/∂r is called in a formula.
  package static func adjoint(of name: Name, loss: Name) -> Name {
    Name(canonical: "∂\(loss.pretty)/∂\(name.pretty)")
  }
}

extension Moment {
  /// The forward and backward pass of a loss.
  /// - Parameters:
  ///   - sample: the one row of the data to take; all of them, or those of the coming step, when nil.
  ///   - takesAll: all rows, whatever the coming step takes.
  package func backwardPass(of loss: Expression, sample: Int? = nil, takesAll: Bool = false)
    throws(Diagnostic) -> BackwardPass
  {
    let chosen: (Moment, BackpropSample)?
    if let sample {
      chosen = try taking(sample: sample, of: loss)
    } else {
      chosen = takesAll ? nil : try takingComingRows()
    }
    guard let (moment, rows) = chosen else { return try passHere(of: loss) }
    var pass = try moment.passHere(of: loss)
    pass.sample = rows
    return pass
  }

  /// On the data as they stand here.
  private func passHere(of loss: Expression) throws(Diagnostic) -> BackwardPass {
    let (moment, lowering, scope, nodes) = try lowerNamed([loss], pass: .train)
    let node = nodes[0]
    guard lowering.graph[node].shape.count == 1 else {
      throw LoweringError.tensor(
        .notScalar(lowering.graph[node].shape), loss.span, operands: []
      ).diagnostic
    }
    var lossName = Name(canonical: session.knows("L") ? "loss" : "L")
    if case .name(let name) = loss.kind { lossName = name }
    var labels = scope.labels
    labels[node] = lossName
    // Those of this session; the moment's may include numbers with a name.
    let inputs = session.problem.parameters.map {
      lowering.graph.input($0.path, shape: $0.initial.shape)
    }
    var builder = BackwardPassBuilder(
      lowering: lowering, loss: node, lossName: lossName, labels: labels, parameters: inputs,
      layers: LayerNames(scope.applications, labels: labels, in: lowering.graph), span: loss.span)
    return try builder.build(at: moment)
  }
}
