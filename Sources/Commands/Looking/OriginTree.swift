// The tree behind `why`: a number, the line that made it, what went into that line, back to the
// gradient and the numbers before the step.
//
// It reads records of steps; nothing is stored for it. Its size is bounded, and what occurs twice is
// written out once.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

struct OriginTree {
  let session: Session
  /// How many steps back it goes.
  let steps: Int
  private var seen: Set<String> = []
  private var count = 0
  private var nesting = 0

  /// More entries than this are no explanation.
  private static let mostNodes = 300
  private static let mostNesting = 50

  init(_ session: Session, steps: Int) {
    self.session = session
    self.steps = steps
  }

  private typealias Node = TreeReport.Node

  /// The tree of a target at a place of it.
  mutating func root(_ target: LookTarget, _ expression: Expression, at indices: [Int])
    throws(Diagnostic) -> TreeReport.Node
  {
    let now = session.timeline.position
    switch target {
    case .parameter(let parameter):
      return try self.parameter(parameter.name, indices, at: now, stepsLeft: steps)
    case .line(let record, let line, let event):
      return try self.line(record, line, indices, event: event, stepsLeft: steps)
    case .formula(let name, let formula):
      return try definition(name, formula, indices, at: session.now, stepsLeft: steps + 1)
    case .hyperparameter(let name, let value, let rule):
      let tensor = try session.evaluate(expression)
      return Node(
        .name(name), formula: value.isLiteral ? nil : .formula(value), value: tensor,
        note: "a hyperparameter of \(rule)")
    case .value(let what):
      return Node(.formula(expression), value: try session.evaluate(expression), note: what)
    case .expression:
      return try self.expression(expression, at: session.now, stepsLeft: steps + 1)
    }
  }

  /// Whether there is room for one more entry with entries below it.
  private mutating func enter() -> Bool {
    count += 1
    return count <= OriginTree.mostNodes && nesting < OriginTree.mostNesting
  }

  /// Whether something is written out for the first time.
  private mutating func isNew(_ name: String, _ indices: [Int], _ events: Int) -> Bool {
    seen.insert("\(name) \(indices) \(events)").inserted
  }

  // MARK: Parameters

  /// A parameter's value after some events.
  private mutating func parameter(
    _ name: Name, _ indices: [Int], at events: Int, stepsLeft: Int
  ) throws(Diagnostic) -> TreeReport.Node {
    let label = Piece.formula(Expression(.name(name), Span(Source(""))).indexed(at: indices))
    let tensor = try session.snapshot(at: events)[name.canonical]
    let value = (tensor ?? session.problem.parameter(name)?.initial)?.part(at: indices)
    switch session.origin(of: name, indices, at: events) {
    case .declared: return Node(label, value: value, note: "as declared")
    case .changed(let what): return Node(label, value: value, note: "set by hand: \(what)")
    case .step(let event):
      let step = session.timeline.steps(at: event)
      guard stepsLeft > 0, enter() else {
        return Node(label, value: value, note: "after step \(step)")
      }
      guard isNew(name.canonical, indices, event) else {
        return Node(label, value: value, note: "after step \(step), see above")
      }
      guard let record = try session.record(at: event),
        let own = record.parameters.first(where: { $0.name == name }),
        let line = own.lines.lastIndex(where: \.isParameter),
        own.lines[line].value.shape == value.flatMap({ _ in tensor?.shape })
      else { return Node(label, value: value, note: "after step \(step)") }
      return try self.line(own, line, indices, event: event, stepsLeft: stepsLeft)
    }
  }

  // MARK: Lines

  private mutating func line(
    _ record: StepRecord.ParameterRecord, _ number: Int, _ indices: [Int], event: Int,
    stepsLeft: Int
  ) throws(Diagnostic) -> TreeReport.Node {
    nesting += 1
    defer { nesting -= 1 }
    let line = record.lines[number]
    let names = LineNames(record)
    let label = Piece.formula(names.name(of: line).indexed(at: indices))
    let value = line.value.part(at: indices) ?? line.value
    let step = session.timeline.steps(at: event)
    let note = "step \(step)" + (line.remark.map { " · \($0)" } ?? "")
    guard let expression = line.expression else {
      return try gradient(record, line, indices, label, value, event: event, stepsLeft: stepsLeft)
    }
    let element = indices.isEmpty ? expression : expression.element(at: indices, of: line.operands)
    let shown = element ?? expression
    var node = Node(label, formula: .formula(names.formula(shown)), value: value, note: note)
    guard enter() else {
      node.children = [Node("…")]
      return node
    }
    for name in shown.names {
      guard let operand = line.operands[name], name.canonical != "t",
        !record.constants.contains(where: { $0.name == name })
      else { continue }
      let places = element == nil ? [] : OriginTree.aligned(indices, to: operand.shape)
      node.children.append(
        try self.operand(
          name, operand, places, of: record, before: number, event: event, stepsLeft: stepsLeft))
    }
    return node
  }

  /// The index into an operand that is broadcast to the result.
  private static func aligned(_ indices: [Int], to shape: Shape) -> [Int] {
    guard shape.rank <= indices.count else { return indices }
    return zip(indices.suffix(shape.rank), shape.dimensions).map { $1 == 1 ? 0 : $0 }
  }

  /// What a name stood for when a line ran.
  private mutating func operand(
    _ name: Name, _ value: Tensor, _ indices: [Int], of record: StepRecord.ParameterRecord,
    before number: Int, event: Int, stepsLeft: Int
  ) throws(Diagnostic) -> TreeReport.Node {
    let isParameter = Rule.parameterNames.contains(name.canonical)
    let earlier = record.lines[..<number].lastIndex { line in
      line.isParameter ? isParameter : line.name == name
    }
    if let earlier {
      guard isNew("\(record.name.canonical).\(name.canonical) line \(earlier)", indices, event)
      else {
        let names = LineNames(record)
        return Node(
          .formula(names.name(of: record.lines[earlier]).indexed(at: indices)),
          value: value.part(at: indices) ?? value, note: "see above")
      }
      return try line(record, earlier, indices, event: event, stepsLeft: stepsLeft)
    }
    let shown = value.part(at: indices) ?? value
    if isParameter, value.shape == record.before.shape {
      return try parameter(record.name, indices, at: event - 1, stepsLeft: stepsLeft - 1)
    }
    let label = Piece.formula(
      LineNames(record).formula(Expression(.name(name), Span(Source("")))).indexed(at: indices))
    let isState = record.lines.contains { $0.isState && $0.name == name }
    guard isState else { return Node(label, value: shown) }
    guard record.t > 1, let previous = session.lastStep(of: record.name, at: event - 1) else {
      return Node(label, value: shown, note: "its start")
    }
    let step = session.timeline.steps(at: previous)
    guard stepsLeft > 1, let before = try session.record(at: previous),
      let own = before.parameters.first(where: { $0.name == record.name }),
      let line = own.lines.lastIndex(where: { $0.name == name })
    else { return Node(label, value: shown, note: "after step \(step)") }
    guard isNew("\(record.name.canonical).\(name.canonical)", indices, previous) else {
      return Node(label, value: shown, note: "after step \(step), see above")
    }
    return try self.line(own, line, indices, event: previous, stepsLeft: stepsLeft - 1)
  }

  // MARK: Gradients

  private mutating func gradient(
    _ record: StepRecord.ParameterRecord, _ line: StepRecord.Line, _ indices: [Int],
    _ label: Piece, _ value: Tensor, event: Int, stepsLeft: Int
  ) throws(Diagnostic) -> TreeReport.Node {
    let step = session.timeline.steps(at: event)
    guard line.kind == .gradient,
      let slope = try session.gradientOfStep(event, by: record.name, at: indices)
    else { return Node(label, value: value, note: "given, step \(step)") }
    let sign = line.formula?.hasPrefix("-") == true ? "-" : ""
    var node = Node(
      label, formula: .text(sign + slope.derivative.name), value: value, note: "step \(step)")
    guard let formula = slope.derivative.formula, formula.parts.isEmpty else { return node }
    node.formula = .formula(formula.expression)
    node.note = "\(sign)\(slope.derivative.name), step \(step)"
    guard enter() else { return node }
    node.children = try children(
      of: formula.expression, at: slope.moment, events: event - 1, stepsLeft: stepsLeft - 1)
    return node
  }

  /// The parameters and definitions that occur in a formula.
  private mutating func children(
    of formula: Expression, at moment: Moment, events: Int, stepsLeft: Int
  ) throws(Diagnostic) -> [TreeReport.Node] {
    var nodes: [TreeReport.Node] = []
    for (name, indices) in formula.namedPlaces {
      let problem = moment.session.problem
      if problem.parameter(name) != nil {
        nodes.append(try parameter(name, indices, at: events, stepsLeft: stepsLeft))
      } else if case .value(let rows)? = problem.definitions[name],
        problem.batching?.names.contains(name) == true
      {
        nodes.append(
          Node(
            .formula(Expression(.name(name), Span(Source(""))).indexed(at: indices)),
            value: rows.part(at: indices) ?? rows, note: "rows of the step's batch"))
      } else if case .formula(let definition)? = problem.definitions[name] {
        nodes.append(
          try self.definition(name, definition, indices, at: moment, stepsLeft: stepsLeft + 1))
      } else if let objective = problem.objective(name) {
        nodes.append(
          try self.definition(
            name, objective.expression, indices, at: moment, stepsLeft: stepsLeft + 1))
      }
    }
    return nodes
  }

  /// A definition at a moment. Data, which depends on no parameter, is no cause of anything.
  private mutating func definition(
    _ name: Name, _ formula: Expression, _ indices: [Int], at moment: Moment, stepsLeft: Int
  ) throws(Diagnostic) -> TreeReport.Node {
    nesting += 1
    defer { nesting -= 1 }
    let base = Expression(.name(name), formula.span)
    let label = Piece.formula(base.indexed(at: indices))
    let read = try moment.read(base, at: indices)
    let value = read.value.part(at: indices) ?? read.value
    let isMoving = moment.session.problem.parameters.contains {
      moment.session.expression(formula, uses: $0.name)
    }
    guard isMoving else {
      let isLarge = value.elements.count > TensorFormat.mostInLine
      return Node(
        label, formula: formula.isLiteral ? nil : .formula(formula),
        value: isLarge ? nil : value, note: isLarge ? "data \(value.shape)" : nil)
    }
    var node = Node(label, value: value)
    let shown =
      indices.isEmpty ? formula : read.formula.flatMap { $0.parts.isEmpty ? $0.expression : nil }
    node.formula = .formula(shown ?? formula)
    guard isNew(name.canonical, indices, moment.events), enter() else {
      node.formula = nil
      node.note = "see above"
      return node
    }
    node.children = try children(
      of: shown ?? formula, at: moment, events: moment.events, stepsLeft: stepsLeft - 1)
    return node
  }

  private mutating func expression(
    _ expression: Expression, at moment: Moment, stepsLeft: Int
  ) throws(Diagnostic) -> TreeReport.Node {
    let value = try moment.evaluate([expression])[0]
    var children: [TreeReport.Node] = []
    for (name, indices) in expression.namedPlaces {
      let part = Expression(.name(name), expression.span)
      let target = try session.target(of: part)
      if case .expression = target { continue }
      children.append(try root(target, part.indexed(at: indices), at: indices))
    }
    return Node(.formula(expression), value: value, children: children)
  }
}

extension Expression {
  /// The names that occur as values, with the place where only an element is meant; each once.
  fileprivate var namedPlaces: [(Name, [Int])] {
    var found: [(Name, [Int])] = []
    func visit(_ part: Expression) {
      if let (name, indices) = part.element {
        if !found.contains(where: { $0.0 == name && $0.1 == indices }) {
          found.append((name, indices))
        }
        return
      }
      for child in part.children { visit(child) }
    }
    visit(self)
    return found
  }

  /// `w`, or `w[1]` with literal indices.
  private var element: (Name, [Int])? {
    switch kind {
    case .name(let name): return (name, [])
    case .index(let base, let subscripts):
      guard case .name(let name) = base.kind else { return nil }
      var indices: [Int] = []
      for entry in subscripts {
        guard case .at(let place) = entry, case .number(let value, _) = place.kind,
          let index = Int(exactly: value)
        else { return nil }
        indices.append(index)
      }
      return (name, indices)
    default: return nil
    }
  }
}
