// Where what a scope cannot know comes from: at the prompt inputs, inside a step the nodes of that step.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// Where a scope's parameters and step values come from.
package protocol ScopeLeaves: AnyObject {
  func parameter(_ parameter: Parameter, in lowering: Lowering) -> NodeID
  /// A value of the last step (`m`, `t`, `lr`); `owner` is set for `w.m`.
  func stepValue(_ name: Name, owner: Name?, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID?
  var stepNames: [String] { get }
  /// A number or tensor that steps change and no optimizer moves, such as a running mean.
  func buffer(_ buffer: LayerBuffer, in lowering: Lowering) -> NodeID
  /// How many steps were counted; what is drawn anew at each step is keyed by it.
  func clock(in lowering: Lowering) -> NodeID
  /// How parameters are rounded wherever a loss or a model reads them.
  var quantizers: [String: Quantizer] { get }
  /// Whether what is lowered directly is what a person typed, who means a parameter's own value.
  var isPrompt: Bool { get }
  /// A scope of one step earlier; nil where there is none.
  func scopeBefore() throws(Diagnostic) -> ProblemScope?
  /// The loss's gradients by all the parameters that the step moves; nil where there is no step.
  func gradients(at span: Span, in lowering: Lowering) throws(Diagnostic)
    -> [(owner: Name, node: NodeID)]?
}

extension ScopeLeaves {
  package var quantizers: [String: Quantizer] { [:] }
  package var isPrompt: Bool { false }
  package func scopeBefore() throws(Diagnostic) -> ProblemScope? { nil }

  package func gradients(at span: Span, in lowering: Lowering) throws(Diagnostic)
    -> [(owner: Name, node: NodeID)]?
  { nil }

  package func buffer(_ buffer: LayerBuffer, in lowering: Lowering) -> NodeID {
    lowering.graph.input(buffer.path, shape: buffer.initial.shape, type: .float64)
  }

  package func clock(in lowering: Lowering) -> NodeID {
    lowering.graph.input(Snapshot.clockPath, shape: .scalar, type: .float64)
  }
}
