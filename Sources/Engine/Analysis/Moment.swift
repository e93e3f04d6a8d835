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

  var scope: ProblemScope { session.promptScope(at: events) }

  /// The values of nodes of a graph built in this moment's scope.
  func values(of nodes: [NodeID], in lowering: Lowering) throws(Diagnostic) -> [Tensor] {
    try session.evaluate(nodes, in: lowering, snapshot: snapshot)
  }

  /// The values of expressions.
  package func evaluate(_ expressions: [Expression]) throws(Diagnostic) -> [Tensor] {
    try session.evaluate(expressions, snapshot: snapshot, at: events)
  }
}

extension Session {
  /// Now.
  package var now: Moment { Moment(self, events: timeline.position, snapshot: snapshot) }

  /// After the first `events` events of the branch, under the present definitions.
  package func moment(at events: Int) throws(Diagnostic) -> Moment {
    Moment(self, events: events, snapshot: try snapshot(at: events))
  }

  /// Before event number `events` (counted from 1), under the definitions that event ran with.
  package func momentBefore(event events: Int) throws(Diagnostic) -> Moment {
    let moment = try moment(at: events - 1)
    guard let problem = problem(ofEvent: events) else { return moment }
    return moment.with(problem)
  }

  /// The definitions that a step ran with; nil for an event that was no step.
  func problem(ofEvent events: Int) -> Problem? {
    guard let (index, _) = timeline.locate(events) else { return nil }
    switch timeline.branch.stretches[index].kind {
    case .steps(let stepper), .given(let stepper, _): return stepper.problem
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
