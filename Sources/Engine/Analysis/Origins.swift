// Which event of the branch a number came from, and formulas of definitions as they stand.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// What gave a parameter its value.
package enum ParameterOrigin: Equatable {
  /// The declaration.
  case declared
  /// A change by hand, as it was typed.
  case changed(String)
  /// The step that is event number `event`.
  case step(event: Int)
}

extension Session {
  /// What gave a parameter the value it has after the first `events` events.
  /// - Parameter indices: an element of it; changes by hand to others do not count.
  package func origin(of parameter: Name, _ indices: [Int] = [], at events: Int) -> ParameterOrigin
  {
    func value(_ snapshot: Snapshot) -> [Double] {
      guard let tensor = snapshot[parameter.canonical] else { return [] }
      guard indices.count == tensor.shape.rank, let place = tensor.shape.offset(of: indices) else {
        return tensor.elements
      }
      return [tensor.elements[place]]
    }
    var events = events
    while let (index, offset) = timeline.locate(events) {
      let stretch = timeline.branch.stretches[index]
      switch stretch.kind {
      case .change(let what, let after):
        if value(stretch.checkpoints.start) != value(after) { return .changed(what) }
        events -= 1
      case .steps(let stepper), .given(let stepper, _):
        if stepper.plan.parameters.contains(where: { $0.parameter.name == parameter }) {
          return .step(event: events)
        }
        events -= offset
      }
    }
    return .declared
  }

  /// The last event among the first `events` that was a step which moved the parameter.
  package func lastStep(of parameter: Name, at events: Int) -> Int? {
    var events = events
    while let (index, offset) = timeline.locate(events) {
      switch timeline.branch.stretches[index].kind {
      case .change: events -= 1
      case .steps(let stepper), .given(let stepper, _):
        if stepper.plan.parameters.contains(where: { $0.parameter.name == parameter }) {
          return events
        }
        events -= offset
      }
    }
    return nil
  }

  /// The last event among the first `events` that was a step.
  package func lastStep(at events: Int) -> Int? {
    var events = events
    while let (index, _) = timeline.locate(events) {
      guard case .change = timeline.branch.stretches[index].kind else { return events }
      events -= 1
    }
    return nil
  }
}

/// A value with its formula at some place of it.
package struct ReadValue {
  package let formula: Formula?
  package let operationCount: Int
  /// All of it, whatever the place.
  package let value: Tensor
  package let operands: [Name: Tensor]
}

extension Moment {
  /// An expression or a part of it as a formula, read from its graph: an index moves to the operands.
  package func read(_ expression: Expression, at indices: [Int]) throws(Diagnostic) -> ReadValue {
    let (moment, lowering, scope, nodes) = try lowerNamed([expression])
    let node = nodes[0]
    let rank = lowering.graph[node].shape.rank
    let pattern: [Int?] = indices + [Int?](repeating: nil, count: max(0, rank - indices.count))
    let reader = Readback(lowering.graph, names: scope.labels)
    let formula = reader.formula(of: node, at: pattern)
    return ReadValue(
      formula: formula, operationCount: reader.operationCount(of: node),
      value: try moment.values(of: [node], in: lowering)[0],
      operands: try moment.operands(of: formula, names: scope.labels, in: lowering))
  }

  /// What the names in an expression stand for, where that is a tensor.
  package func operands(of expression: Expression) -> [Name: Tensor] {
    var found: [Name: Tensor] = [:]
    for name in expression.names {
      let value = try? evaluate([Expression(.name(name), expression.span)])
      if let value { found[name] = value[0] }
    }
    return found
  }
}
