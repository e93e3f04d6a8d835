// The derivative of a value by a parameter, a definition or a symbol, as a formula and as numbers.
//
// A definition that is differentiated by counts as a variable of its own: ∂L/∂r holds r fixed as a
// whole. Names nobody defined are symbols when the derivative is taken by one of them.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct Derivative {
  /// What is differentiated, as it was given.
  package let subject: Expression
  /// By what: `w`, `w[0]`.
  package let variable: Expression
  /// Without its place: `w`.
  package let base: Expression
  package let indices: [Int]
  /// nil when it would be too long to read.
  package let formula: Formula?
  package let operationCount: Int
  /// Whether the subject depends on the variable at all.
  package let depends: Bool
  /// The derivative's value by the whole of `base`; nil when it holds symbols.
  package let value: Tensor?
  /// What the names in the formula stand for.
  package let operands: [Name: Tensor]
}

extension Moment {
  /// The derivatives of a value by each of several variables.
  /// - Parameter negated: -J instead of J, for an objective to climb.
  /// - Throws: when the value is not a single number, and for variables nobody knows.
  package func derivatives(
    of subject: Expression, by variables: [Expression], negated: Bool = false
  ) throws(Diagnostic) -> [Derivative] {
    let places = try variables.map { (variable) throws(Diagnostic) in
      try session.place(in: variable)
    }
    let (plain, hasSymbols) = try treatingAsVariables(places.map(\.base), in: subject)
    let (moment, lowering, scope, nodes) = try plain.lowerNamed(
      [subject] + places.map(\.base))
    let value = nodes[0]
    let bases = Array(nodes.dropFirst())
    let needed = Set(lowering.graph.reachable(from: [value]))
    var gradients = try lowering.gradients(of: value, by: bases, at: subject.span)
    if negated {
      for i in gradients.indices {
        gradients[i] = try lowering.apply(
          .negate, [gradients[i]], operands: [], at: subject.span)
      }
    }
    var names = scope.labels
    // σ(z)·(1 - σ(z)) reads best as a·(1 - a); a loss in its own gradient helps nobody.
    if case .name(let name) = subject.kind, session.problem.objective(name) == nil {
    } else {
      names[value] = nil
    }
    var results: [Derivative] = []
    for (i, place) in places.enumerated() {
      let shape = lowering.graph[bases[i]].shape
      let indices = try place.indices(in: shape, at: self)
      let pattern: [Int?] =
        indices + [Int?](repeating: nil, count: shape.rank - indices.count)
      let reader = Readback(lowering.graph, names: names)
      let formula = reader.formula(of: gradients[i], at: pattern)
      let number = hasSymbols ? nil : try moment.values(of: [gradients[i]], in: lowering)[0]
      results.append(
        Derivative(
          subject: subject, variable: variables[i], base: place.base, indices: indices,
          formula: formula, operationCount: reader.operationCount(of: gradients[i]),
          depends: needed.contains(bases[i]), value: number,
          operands: hasSymbols
            ? [:] : try moment.operands(of: formula, names: names, in: lowering)))
    }
    return results
  }

  /// What the names of a formula stand for, as far as they are small enough to be shown.
  func operands(of formula: Formula?, names: [NodeID: Name], in lowering: Lowering)
    throws(Diagnostic) -> [Name: Tensor]
  {
    guard let formula, formula.parts.isEmpty else { return [:] }
    var nodes: [NodeID] = []
    var found: [Name] = []
    let wanted = Set(formula.expression.names)
    for (index, node) in lowering.graph.nodes.enumerated() {
      let id = NodeID(index)
      var name = names[id]
      if name == nil, case .input(let path) = node.kind { name = Name(canonical: path) }
      guard let name, wanted.contains(name), !found.contains(name) else { continue }
      nodes.append(id)
      found.append(name)
    }
    guard !nodes.isEmpty else { return [:] }
    let values = try values(of: nodes, in: lowering)
    return Dictionary(zip(found, values), uniquingKeysWith: { a, _ in a })
  }

  /// The moment in which the variables are parameters, whatever they were.
  private func treatingAsVariables(_ bases: [Expression], in subject: Expression)
    throws(Diagnostic) -> (moment: Moment, hasSymbols: Bool)
  {
    var problem = session.problem
    var hasSymbols = false
    for base in bases {
      guard case .name(let name) = base.kind, problem.parameter(name) == nil else { continue }
      if session.knows(name.canonical) {
        guard problem.definitions[name] != nil || problem.objective(name) != nil else {
          throw Diagnostic(
            "derive.variable", "\(name.pretty) is nothing to differentiate by", at: base.span,
            help: "parameters and definitions are: " + variableNames(problem))
        }
        let value = try evaluate([base])[0]
        problem.definitions[name] = nil
        problem.objectives.removeAll { $0.name == name }
        problem.parameters.append(Parameter(name: name, initial: value))
      } else {
        guard subject.names.contains(name) else {
          throw Diagnostic(
            "name.unknown", "nothing is called \(name.pretty)", at: base.span,
            help: didYouMean(name.canonical, in: problem.knownNames)
              ?? "parameters and definitions are: " + variableNames(problem))
        }
        hasSymbols = true
        for symbol in subject.names
        where !session.knows(symbol.canonical) && problem.parameter(symbol) == nil {
          problem.parameters.append(Parameter(name: symbol, initial: Tensor(0)))
        }
      }
    }
    return (with(problem), hasSymbols)
  }

  private func variableNames(_ problem: Problem) -> String {
    let names = problem.parameters.map(\.path) + problem.definitions.keys.map(\.canonical).sorted()
    return names.isEmpty
      ? "none yet; param w = [1, -2] declares one" : names.joined(separator: ", ")
  }
}
