// One use of a layer in a graph: its parameters' nodes, the mode, and its formulas made into nodes.
//
// A layer says what it computes as formulas of the language, so that what runs and what is printed
// are the same. It changes no state: new values of buffers are handed to the scope.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// Whether a model is being trained: dropout draws, and batch normalisation looks at the batch.
package struct Pass: Sendable, Equatable {
  package let isTraining: Bool

  package static let eval = Pass(isTraining: false)
  package static let train = Pass(isTraining: true)
}

package final class LayerPass {
  package let lowering: Lowering
  package let pass: Pass
  /// The application `f(X)` that this is part of.
  package let span: Span
  /// `f.0`
  let path: String
  let title: String
  private let scope: ProblemScope
  /// Which application of the model this is, from 0.
  private let ordinal: Int

  init(
    scope: ProblemScope, lowering: Lowering, pass: Pass, span: Span, path: String, title: String,
    ordinal: Int
  ) {
    self.scope = scope
    self.lowering = lowering
    self.pass = pass
    self.span = span
    self.path = path
    self.title = title
    self.ordinal = ordinal
  }

  func shape(_ node: NodeID) -> Shape { lowering.graph[node].shape }

  /// One of the layer's parameters.
  func parameter(_ name: String) throws(Diagnostic) -> NodeID {
    try scope.modelParameter("\(path).\(name)", in: lowering, at: span)
  }

  /// The present value of one of the layer's buffers.
  func buffer(_ name: String) throws(Diagnostic) -> NodeID {
    try scope.modelBuffer("\(path).\(name)", in: lowering, at: span)
  }

  /// What a buffer is after this.
  func setBuffer(_ name: String, to node: NodeID) {
    scope.setBuffer("\(path).\(name)", to: node)
  }

  /// The node of a formula of the language in which the names stand for nodes.
  func formula(_ text: String, _ bindings: [String: NodeID]) throws(Diagnostic) -> NodeID {
    let expression = try scope.parsedFormula(text)
    do {
      return try lowering.lower(expression, in: FormulaScope(bindings))
    } catch {
      throw located(error)
    }
  }

  func apply(
    _ operation: Operation, _ inputs: [NodeID], _ attributes: Attributes = .none
  ) throws(Diagnostic) -> NodeID {
    do {
      return try lowering.apply(operation, inputs, attributes, operands: [], at: span)
    } catch {
      throw located(error)
    }
  }

  func constant(_ value: Double) -> NodeID { lowering.graph.constant(value) }

  /// Numbers drawn evenly from 0 to 1, anew at every step, and others for each use of the layer.
  func draws(_ shape: Shape, seed: Int) throws(Diagnostic) -> NodeID {
    let words = [scope.problem.seed, seed, stableHash(path), ordinal]
    let key = Int(Int64(bitPattern: RandomStream.key(words)))
    let node = try apply(
      .uniform, [scope.clock(in: lowering)], Attributes(integers: [key] + shape.dimensions))
    // In a formula: f.1.u < 0.5, which says whose draws they are.
    scope.name(node, Name(canonical: "\(path).u"))
    return node
  }

  /// What is said of an input that does not fit.
  func refuse(_ shape: Shape, takes what: String, help: String? = nil) -> Diagnostic {
    Diagnostic(
      "model.shape", "\(path), \(title), takes \(what); it got \(shape)", at: span, help: help)
  }

  /// An error from inside a formula, at the application.
  private func located(_ error: Diagnostic) -> Diagnostic {
    var error = error
    error.span = span
    error.marks = []
    error.message = "\(path), \(title): \(error.message)"
    return error
  }
}

/// The names of a layer's formula, and nothing else.
private final class FormulaScope: Scope {
  let bindings: [Name: NodeID]

  init(_ bindings: [String: NodeID]) {
    self.bindings = Dictionary(
      bindings.map { (Name(spelling: $0), $1) }, uniquingKeysWith: { a, _ in a })
  }

  func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic) -> Meaning? {
    bindings[name].map(Meaning.node)
  }

  var knownNames: [String] { [] }
}
