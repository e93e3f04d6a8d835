// A rule applied on trial, to find out the shapes of its states.

import Diagnostics
import Notation
import Tensors

/// Stands in while shapes are found out: the right shapes, no gradients.
final class TrialSurroundings: RuleSurroundings {
  let real: any RuleSurroundings

  init(_ real: any RuleSurroundings) { self.real = real }

  func gradients(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic)
    -> [NodeID]
  {
    points.enumerated().map { i, point in
      lowering.graph.input("grad\(i)", shape: lowering.graph[point].shape, type: .float64)
    }
  }

  func loss(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID {
    lowering.graph.input("loss", shape: .scalar, type: .float64)
  }

  func hessian(at point: NodeID, span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID {
    let n = lowering.graph[point].shape.count
    return lowering.graph.input("hessian", shape: [n, n], type: .float64)
  }

  func hyperparameter(_ value: Expression, t: NodeID, in lowering: Lowering) throws(Diagnostic)
    -> Meaning
  {
    try real.hyperparameter(value, t: t, in: lowering)
  }
}
