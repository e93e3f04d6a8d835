// The derivative that Descent itself takes of a claim's function, by the operations on a tape. What has no
// operation is not understood, and the caller has finite differences alone.

import Diagnostics
import Notation
import Tensors

struct ClaimGraph {
  private let evaluator: ClaimEvaluator
  private let tape = FormulaTape()

  private init(_ scope: ClaimScope) {
    evaluator = ClaimEvaluator(scope)
    evaluator.tape = tape
  }

  /// The derivative that a target names, in the order of its elements.
  static func derivative(_ kind: GradientTarget.Kind, _ scope: ClaimScope)
    throws(FormulaFailure) -> [Double]
  {
    switch kind {
    case .derivative(let of, let by):
      let graph = ClaimGraph(scope)
      let variable = try graph.bind(by)
      return try graph.slopes(of: try graph.node(of), by: variable, of.span)
    case .second(let of, let first, let second):
      let graph = ClaimGraph(scope)
      let (a, b) = (try graph.bind(first), try graph.bind(second))
      var all: [NodeID] = []
      for slope in try graph.tape.gradient(of: try graph.node(of), by: a, of.span) {
        all += try graph.tape.gradient(of: slope, by: b, of.span)
      }
      return try graph.tape.run(all, of.span)
    case .several(let of, let by):
      var all: [Double] = []
      for one in by { all += try derivative(.derivative(of: of, by: one), scope) }
      return all
    case .hessian(let of, let by):
      var all: [Double] = []
      for first in by {
        for second in by {
          all += try derivative(.second(of: of, first: first, second: second), scope)
        }
      }
      return all
    case .prime(let name, let argument):
      guard let argument else { throw .notUnderstood("no argument is written", Span(Source(name))) }
      let graph = ClaimGraph(scope)
      let x = graph.tape.variable(FormulaValue(try graph.evaluator.number(argument)))
      let y = try graph.evaluator.apply(name, [x], argument.span)
      guard let node = y.nodes?.first else {
        throw .notUnderstood("it does not depend on it", argument.span)
      }
      return try graph.slopes(of: node, by: x.nodes ?? [], argument.span)
    }
  }

  /// Makes a variable an input; which of its elements are asked for.
  private func bind(_ by: Math) throws(FormulaFailure) -> [NodeID] {
    guard ClaimSymbol(by)?.power == nil else {
      throw .notUnderstood("a derivative by a square is not taken here", by.span)
    }
    let (key, whole, offsets) = try evaluator.moved(by)
    if evaluator.scope.values[key]?.nodes == nil {
      // What is put in for an intermediate quantity is what everything behind it sees.
      evaluator.scope.values[key] = tape.variable(whole)
    }
    let nodes = evaluator.scope.values[key]?.nodes ?? []
    return offsets.compactMap { nodes.indices.contains($0) ? nodes[$0] : nil }
  }

  private func node(_ of: Math) throws(FormulaFailure) -> NodeID {
    let result = try evaluator.value(of).simplified
    guard result.isScalar, let node = result.nodes?.first else {
      throw .notUnderstood("it is no number that depends on it", of.span)
    }
    return node
  }

  private func slopes(of node: NodeID, by variables: [NodeID], _ span: Span)
    throws(FormulaFailure) -> [Double]
  {
    try tape.run(try tape.gradient(of: node, by: variables, span), span)
  }
}
