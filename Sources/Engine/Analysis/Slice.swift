// Expressions as functions of one or two numbers: free names, or elements of parameters, which take
// other values while all else stays as it is now.
//
// The formulas are compiled once; the session is not touched.

import Diagnostics
import Notation
import Optimizers
import Tensors

package final class Slice {
  /// What takes other values.
  package struct Variable {
    package let name: String
    fileprivate let path: String
    fileprivate let element: Int
    /// Its value now; nil for a free name.
    package let present: Double?

    package func isSame(as other: Variable) -> Bool {
      path == other.path && element == other.element
    }
  }

  private let program: Program
  private let nodes: [NodeID]
  private let inputs: [NodeID]
  private let variables: [Variable]
  /// The parameters that variables belong to, as they are now.
  private var tensors: [String: Tensor]
  private let interrupted: () -> Bool
  /// About how many numbers one evaluation makes.
  package let cost: Int

  /// - Parameter expressions: each must have a single value.
  package init(_ session: Session, _ expressions: [Expression], by variables: [Variable])
    throws(Diagnostic)
  {
    var session = session
    var tensors: [String: Tensor] = [:]
    for variable in variables {
      if let parameter = session.problem.parameters.first(where: { $0.path == variable.path }) {
        tensors[variable.path] = session.value(of: parameter)
      } else {
        let name = Name(canonical: variable.path)
        tensors[variable.path] = Tensor(0)
        session.problem.definitions[name] = nil
        session.problem.parameters.append(Parameter(name: name, initial: Tensor(0)))
      }
    }
    let lowering = Lowering()
    let scope = session.promptScope()
    var nodes: [NodeID] = []
    for expression in expressions {
      let node: NodeID
      do throws(Diagnostic) {
        node = try lowering.lower(expression, in: scope)
      } catch {
        throw error.noting(variables)
      }
      guard lowering.graph[node].shape.count == 1 else {
        throw Diagnostic(
          "plot.shape",
          "\(expression.text(.pretty)) has shape \(lowering.graph[node].shape) where a single "
            + "number is needed",
          at: expression.span, help: "take an element, or norm(…), sum(…) or mean(…) of it"
        ).noting(variables)
      }
      nodes.append(node)
    }
    do {
      program = try Program(
        graph: lowering.graph, outputs: nodes, precision: session.problem.precision,
        interrupted: session.interrupted)
    } catch {
      throw TensorProse(error).diagnostic
    }
    session.problem.write(session.snapshot, to: program, of: &lowering.graph)
    var inputs: [String: NodeID] = [:]
    for parameter in session.problem.parameters {
      inputs[parameter.path] = lowering.graph.input(
        parameter.path, shape: parameter.initial.shape, type: .float64)
    }
    var cost = 0
    for node in lowering.graph.reachable(from: nodes) {
      cost = min(1 << 40, cost + min(lowering.graph[node].shape.count, 1 << 30))
    }
    self.cost = max(1, cost)
    self.nodes = nodes
    self.variables = variables
    self.tensors = tensors
    self.inputs = variables.compactMap { inputs[$0.path] }
    interrupted = session.interrupted
  }

  /// The expressions' values where the variables have these; nil when it was broken off.
  package func values(at point: [Double]) -> [Double]? {
    for (variable, value) in zip(variables, point) {
      guard let old = tensors[variable.path] else { continue }
      var elements = old.elements
      guard elements.indices.contains(variable.element) else { continue }
      elements[variable.element] = value
      tensors[variable.path] = Tensor(elements, shape: old.shape, type: old.elementType)
    }
    for (variable, input) in zip(variables, inputs) {
      if let tensor = tensors[variable.path] { program.write(tensor, to: input) }
    }
    if program.run(steps: 1, interrupted: interrupted).reason == .interrupted { return nil }
    return nodes.map { program.read($0).scalar ?? .nan }
  }
}

extension Session {
  /// The parameter element that an expression such as `w`, `w[0]` or `f.0.weight[2, 1]` points at;
  /// nil when it does not begin with a parameter.
  package func element(_ expression: Expression) throws(Diagnostic) -> Slice.Variable? {
    var base = expression
    while case .index(let inner, _) = base.kind { base = inner }
    let text = base.text(.ascii)
    guard let parameter = problem.parameters.first(where: { $0.path == text }) else { return nil }
    // Its place is found by taking the element out of the numbers 0, 1, 2, …
    var places = snapshot
    let count = min(parameter.initial.shape.count, Tensor.maximumCount)
    places[parameter.path] = Tensor((0..<count).map(Double.init), shape: parameter.initial.shape)
    let found = try evaluate([expression], snapshot: places, at: timeline.position)[0]
    guard let place = found.scalar, let index = Int(exactly: place) else {
      let shape = parameter.initial.shape
      throw Diagnostic(
        "plot.element", "\(expression.text(.pretty)) is \(found.elements.count) numbers",
        at: expression.span,
        help:
          "name one of them: \(parameter.path)[\(shape.dimensions.map { _ in "0" }.joined(separator: ", "))]"
      )
    }
    let value = value(of: parameter)
    return Slice.Variable(
      name: expression.text(.pretty), path: parameter.path, element: index,
      present: value.elements.indices.contains(index) ? value.elements[index] : nil)
  }

  /// A name as a variable: that of a parameter with one element, else a free one.
  package func variable(_ expression: Expression) throws(Diagnostic) -> Slice.Variable {
    if let element = try element(expression) { return element }
    guard case .name(let name) = expression.kind else {
      throw Diagnostic(
        "plot.variable", "\(expression.text(.pretty)) is neither a name nor part of a parameter",
        at: expression.span, help: "plot x^2 for x from -2 to 2")
    }
    return Slice.Variable(name: name.pretty, path: name.canonical, element: 0, present: nil)
  }
}

extension Diagnostic {
  /// With a word on the names that have another meaning in a slice than elsewhere.
  fileprivate func noting(_ variables: [Slice.Variable]) -> Diagnostic {
    guard let free = variables.first(where: { $0.present == nil }) else { return self }
    var error = self
    error.help =
      (help.map { $0 + "; " } ?? "") + "\(free.name) stands for a single number here"
    return error
  }
}
