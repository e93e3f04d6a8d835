// A place in a session's history to look at: the definitions in force and the numbers there.
//
// Looking never moves the session. A step of the past is looked at with the definitions it ran with.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct Moment {
  package let session: Session
  /// How many events of the branch have happened.
  package let events: Int
  package let snapshot: Snapshot

  init(_ session: Session, events: Int, snapshot: Snapshot) {
    self.session = session
    self.events = events
    self.snapshot = snapshot
  }

  /// The same place under other definitions.
  func with(_ problem: Problem) -> Moment {
    var session = session
    session.problem = problem
    return Moment(session, events: events, snapshot: snapshot)
  }

  /// - Parameter pass: what a gradient is looked at in is the mode of the coming step.
  func scope(_ pass: Pass = .eval) -> ProblemScope {
    session.promptScope(at: events, modes: snapshot.modes, pass: pass)
  }

  /// The same place with the names of a batch standing for these rows of theirs; nil means all.
  func onRows(_ rows: BatchRows?) throws(Diagnostic) -> Moment {
    guard let rows else { return self }
    var problem = session.problem
    for name in rows.batching.names {
      let value = try evaluate([Expression(.name(name), noSpan)])[0]
      problem.definitions[name] = .value(value.rows(rows.indices))
    }
    return with(problem)
  }

  /// The values of nodes of a graph built in this moment's scope.
  func values(of nodes: [NodeID], in lowering: Lowering) throws(Diagnostic) -> [Tensor] {
    try session.evaluate(nodes, in: lowering, snapshot: snapshot)
  }

  /// The values of expressions.
  package func evaluate(_ expressions: [Expression]) throws(Diagnostic) -> [Tensor] {
    try session.evaluate(expressions, snapshot: snapshot, at: events)
  }
}

// MARK: - Formulas that keep their names

extension Moment {
  /// Lowers expressions so that the numbers a person gave names keep them: with `k = 0.01`, a
  /// gradient reads 2·k·w and not 0.02·w.
  /// - Returns: the moment in which the nodes are to be evaluated.
  func lowerNamed(_ expressions: [Expression], pass: Pass = .eval) throws(Diagnostic) -> (
    moment: Moment, lowering: Lowering, scope: ProblemScope, nodes: [NodeID]
  ) {
    if let named = withNamedNumbers(), let result = try? named.lower(expressions, pass) {
      return result
    }
    return try lower(expressions, pass)
  }

  private func lower(_ expressions: [Expression], _ pass: Pass) throws(Diagnostic) -> (
    moment: Moment, lowering: Lowering, scope: ProblemScope, nodes: [NodeID]
  ) {
    let lowering = Lowering()
    let scope = scope(pass)
    var nodes: [NodeID] = []
    for expression in expressions { nodes.append(try lowering.lower(expression, in: scope)) }
    return (self, lowering, scope, nodes)
  }

  /// The same place with single numbers as inputs under their names; nil when there are none. A
  /// number that must be known while a graph is built (an axis, a size) makes the lowering fail, and
  /// an exponent as an input would make a clumsy derivative, so that one stays a number.
  private func withNamedNumbers() -> Moment? {
    var problem = session.problem
    var exponents: Set<Name> = []
    for definition in problem.definitions.values {
      switch definition {
      case .formula(let formula): formula.collectExponents(into: &exponents)
      case .function(_, _, let body): body.collectExponents(into: &exponents)
      case .value, .table, .bundle: break
      }
    }
    for objective in problem.objectives {
      objective.expression.collectExponents(into: &exponents)
    }
    var found = false
    for name in problem.definitions.keys.sorted() where !exponents.contains(name) {
      let value: Double?
      switch problem.definitions[name] {
      case .formula(let formula): value = formula.number
      case .value(let tensor): value = tensor.shape.isScalar ? tensor.scalar : nil
      default: value = nil
      }
      guard let value else { continue }
      problem.definitions[name] = nil
      problem.parameters.append(Parameter(name: name, initial: Tensor(value)))
      found = true
    }
    return found ? with(problem) : nil
  }
}

extension Expression {
  /// A literal's value, with its sign.
  fileprivate var number: Double? {
    switch kind {
    case .number(let value, _): value
    case .unary(.negate, let operand): operand.number.map { -$0 }
    default: nil
    }
  }

  fileprivate func collectExponents(into names: inout Set<Name>) {
    if case .binary(.power, _, let exponent) = kind { names.formUnion(exponent.names) }
    for child in children { child.collectExponents(into: &names) }
  }
}

extension Session {
  /// Now.
  package var now: Moment { Moment(self, events: timeline.position, snapshot: snapshot) }

  /// After the first `events` events of the branch, under the present definitions.
  package func moment(at events: Int) throws(Diagnostic) -> Moment {
    Moment(self, events: events, snapshot: try snapshot(at: events))
  }

  /// Before event number `events` (counted from 1), under the definitions that event ran with; the
  /// names of a batch stand for the rows that the step took.
  package func momentBefore(event events: Int) throws(Diagnostic) -> Moment {
    let moment = try moment(at: events - 1)
    guard let stepper = stepper(ofEvent: events) else { return moment }
    return try moment.with(stepper.problem).onRows(stepper.rows(after: moment.snapshot))
  }

  /// The rows that a step took; nil where it saw all of the data, or for an event that was no step.
  package func rows(ofEvent events: Int) throws(Diagnostic) -> BatchRows? {
    try stepper(ofEvent: events)?.rows(after: snapshot(at: events - 1))
  }

  private func stepper(ofEvent events: Int) -> Stepper? {
    guard let (index, _) = timeline.locate(events) else { return nil }
    switch timeline.branch.stretches[index].kind {
    case .steps(let stepper), .given(let stepper, _): return stepper
    case .change: return nil
    }
  }

  /// What an expression with `[…]` at its end asks for: the thing and the place in it.
  /// - Returns: an index for each axis named, from the front; nil where it takes slices.
  package func place(in expression: Expression) throws(Diagnostic) -> Place {
    guard case .index(let base, let subscripts) = expression.kind else {
      return Place(base: expression, subscripts: [])
    }
    var places: [Expression] = []
    for entry in subscripts {
      guard case .at(let place) = entry else {
        return Place(base: expression, subscripts: [])
      }
      if case .string = place.kind { return Place(base: expression, subscripts: []) }
      places.append(place)
    }
    return Place(base: base, subscripts: places)
  }
}

/// `w[0, 1]` taken apart.
package struct Place {
  package let base: Expression
  package let subscripts: [Expression]

  /// The indices as numbers from 0, checked against a shape.
  package func indices(in shape: Shape, at moment: Moment) throws(Diagnostic) -> [Int] {
    guard subscripts.count <= shape.rank else {
      let name = base.text(.pretty)
      throw Diagnostic(
        "index.rank",
        shape.rank == 0
          ? "\(name) is a single number and has no elements"
          : "\(name) has shape \(shape), so at most \(shape.rank) indices",
        at: subscripts[shape.rank].span)
    }
    var indices: [Int] = []
    for (subscript_, size) in zip(subscripts, shape.dimensions) {
      let value = try moment.evaluate([subscript_])[0]
      guard let number = value.scalar, let whole = Int(exactly: number) else {
        throw Diagnostic("index.whole", "an index must be a whole number", at: subscript_.span)
      }
      let index = whole < 0 ? whole &+ size : whole
      guard index >= 0, index < size else {
        throw Diagnostic(
          "index.range",
          size == 0 ? "this axis is empty" : "index \(whole) is outside 0 … \(size - 1)",
          at: subscript_.span, help: "indices start at 0; negative ones count from the end")
      }
      indices.append(index)
    }
    return indices
  }
}
