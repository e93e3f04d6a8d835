// One update of one parameter with all its numbers, in which lines can be worked out again with
// something else in their place.
//
// It is worked out as with a calculator, from the numbers of the record; nothing of a session is
// needed, but for gradients at other points.

import Diagnostics
import Notation
import Tensors

package struct WorkedStep {
  package struct Line {
    package var name: Name
    /// The right side; nil for what cannot be worked out again, as the gradient.
    package var expression: Expression?
    /// What each name on the right stood for.
    package var operands: [Name: Tensor]
    package var value: Tensor
    package var isState: Bool
    package var isParameter: Bool

    package init(
      name: Name, expression: Expression?, operands: [Name: Tensor], value: Tensor,
      isState: Bool = false, isParameter: Bool = false
    ) {
      self.name = name
      self.expression = expression
      self.operands = operands
      self.value = value
      self.isState = isState
      self.isParameter = isParameter
    }
  }

  package var lines: [Line]
  package var constants: [(name: Name, value: Tensor)]
  /// What the parameter is called.
  package var parameter: Name
  package var before: Tensor
  package var t: Int
  /// `grad(at)`, `loss(at)` and the like; nil where they cannot be asked.
  package var surroundings: ((String, Tensor) -> Tensor?)?
  /// The values that names had in the step before.
  package var previous: [Name: Tensor] = [:]
  /// The indices of the elements in the tensors they are from, where only some are here.
  var elementIndices: [[Int]]?
  /// How much is worked out before a search gives up.
  private let budget = Budget()

  private final class Budget {
    var graphs = 300
    var elements = 4_000_000
  }

  package init(
    lines: [Line], constants: [(name: Name, value: Tensor)], parameter: Name, before: Tensor,
    t: Int, surroundings: ((String, Tensor) -> Tensor?)? = nil
  ) {
    self.lines = lines
    self.constants = constants
    self.parameter = parameter
    self.before = before
    self.t = t
    self.surroundings = surroundings
  }

  /// What a name's value of the step before is called in a line that takes it.
  static func previousName(of name: Name) -> Name {
    Name(canonical: name.canonical + "_of_the_step_before")
  }

  /// What a value that cannot be worked out again is called in its own line.
  static func rightName(of name: Name) -> Name {
    Name(canonical: name.canonical + "_as_it_is")
  }

  /// Under which the lines may read the parameter.
  private var parameterNames: Set<Name> {
    guard let own = lines.last(where: \.isParameter)?.name else { return [parameter] }
    let names = Set(Rule.parameterNames.map { Name(canonical: $0) })
    return names.contains(own) ? names : [own]
  }

  /// The lines as mistakes see them. A line that cannot be worked out again stands for itself, so
  /// that places agree with those in `lines`.
  var ruleLines: RuleLines {
    RuleLines(
      lines: lines.map { ($0.name, $0.expression ?? .of($0.name)) },
      states: Set(lines.filter(\.isState).map(\.name)),
      parameter: lines.last { $0.isParameter }?.name ?? Name(canonical: "w"),
      hyper: constants.map(\.name))
  }

  /// What names mean for the line at `place`, those included that the line itself does not read.
  func environment(at place: Int) -> [Name: Tensor] {
    var known: [Name: Tensor] = [:]
    for (name, value) in constants { known[name] = value }
    known[Name(canonical: "t")] = Tensor(Double(t))
    for name in parameterNames { known[name] = before }
    // A state's value before its line is what the lines up to it read.
    for (number, line) in lines.enumerated() {
      for (name, value) in line.operands where known[name] == nil {
        if lines[..<number].contains(where: { $0.name == name }) { continue }
        known[name] = value
      }
    }
    for (name, value) in previous { known[WorkedStep.previousName(of: name)] = value }
    for line in lines where line.isState || line.isParameter {
      if let old = known[line.name], known[RuleLines.oldName(of: line.name)] == nil {
        known[RuleLines.oldName(of: line.name)] = old
      }
    }
    for line in lines[..<place] {
      if line.name.canonical == "g", known[RuleLines.oldName(of: line.name)] == nil {
        known[RuleLines.oldName(of: line.name)] = line.value
      }
      known[line.name] = line.value
      if line.isParameter {
        for name in parameterNames { known[name] = line.value }
      }
    }
    for (name, value) in lines[place].operands { known[name] = value }
    if lines[place].expression == nil {
      known[WorkedStep.rightName(of: lines[place].name)] = lines[place].value
    }
    return known
  }

  /// The lines above one that it depends on and that can be worked out again, in order.
  func lines(neededFor target: Int) -> [Int] {
    var needed: Set<Int> = []
    func visit(_ place: Int) {
      for name in lines[place].expression?.names ?? [] {
        let isParameter = parameterNames.contains(name)
        guard
          let earlier = lines[..<place].lastIndex(where: {
            $0.name == name || (isParameter && $0.isParameter)
          }), needed.insert(earlier).inserted
        else { continue }
        visit(earlier)
      }
    }
    visit(target)
    return needed.sorted()
  }

  /// The value of the line at `target` when other lines, or itself, read otherwise.
  /// - Returns: nil when something in between cannot be worked out.
  func value(ofLine target: Int, with changes: [Int: Expression]) -> Tensor? {
    guard let first = changes.keys.min(), first <= target else { return lines[target].value }
    var changed: [Int: Tensor] = [:]
    for place in first...target {
      let line = lines[place]
      // Names whose last line before this one has another value now.
      var others: [Name: Tensor] = [:]
      for (earlier, value) in changed.sorted(by: { $0.key < $1.key }) {
        let name = lines[earlier].name
        guard lines[..<place].lastIndex(where: { $0.name == name }) == earlier else { continue }
        others[name] = value
        if lines[earlier].isParameter {
          for name in parameterNames { others[name] = value }
        }
      }
      let expression = changes[place] ?? line.expression
      guard let expression else { continue }
      if changes[place] == nil {
        guard expression.names.contains(where: { others[$0] != nil }) else { continue }
      }
      guard let value = value(of: expression, at: place, others) else { return nil }
      guard let fitting = value.fitting(line.value.shape) else { return nil }
      // Nobody goes on with what is divided by 0.
      if place < target, !fitting.elements.allSatisfy(\.isFinite),
        line.value.elements.allSatisfy(\.isFinite)
      {
        return nil
      }
      changed[place] = fitting
    }
    return changed[target] ?? lines[target].value
  }

  /// The value of a line worked out anew in float64 from what the step began with: what a
  /// calculator gives where the step's own numbers were rounded to fewer digits.
  package func exactValue(ofLine target: Int) -> Tensor? {
    guard lines.indices.contains(target) else { return nil }
    var anew: [Int: Expression] = [:]
    for place in lines(neededFor: target) + [target] {
      if let expression = lines[place].expression { anew[place] = expression }
    }
    return anew.isEmpty ? nil : value(ofLine: target, with: anew)
  }

  /// What an expression comes to for the line at `place`.
  func value(of expression: Expression, at place: Int, _ others: [Name: Tensor] = [:]) -> Tensor? {
    var known = lines[place].operands
    if expression.names.contains(where: { known[$0] == nil }) { known = environment(at: place) }
    known.merge(others) { _, new in new }
    guard budget.elements > 0 else { return nil }
    return Recomputation.value(
      of: expression, other: { part, operands in self.other(part, operands) },
      leaves: { leaf in
        switch leaf.kind {
        case .name(let name):
          let value = known[name] ?? Lowering.constants[name.canonical]
          budget.elements -= value?.elements.count ?? 0
          return value
        case .index(let base, let subscripts):
          guard let whole = base.name.flatMap({ known[$0] }) else { return nil }
          return whole.element(subscripts) ?? other(leaf, [whole])
        default: return nil
        }
      })
  }

  /// What is beyond a calculator: asked of the problem, or run as a graph.
  private func other(_ expression: Expression, _ operands: [Tensor]) -> Tensor? {
    if let call = expression.plainCall, ["grad", "loss", "hessian"].contains(call.function) {
      guard let at = operands.first, budget.graphs > 0 else { return nil }
      budget.graphs -= 1
      return surroundings?(call.function, at)
    }
    guard budget.graphs > 0 else { return nil }
    budget.graphs -= 1
    let lowering = Lowering()
    let names = operands.indices.map { Name(canonical: "operand\($0)") }
    let scope = OperandScope(
      zip(names, operands).map { ($0, lowering.graph.input($0.canonical, shape: $1.shape)) })
    var place = -1
    let stand = expression.withOperands { _ in
      place += 1
      return names.indices.contains(place) ? .of(names[place]) : .number(0)
    }
    guard let node = try? lowering.lower(stand, in: scope),
      let program = try? Program(graph: lowering.graph, outputs: [node], threads: 1)
    else { return nil }
    for ((_, input), value) in zip(scope.inputs, operands) { program.write(value, to: input) }
    _ = program.run(steps: 1)
    return program.read(node)
  }
}

/// Operands by name.
private final class OperandScope: Scope {
  let inputs: [(name: Name, node: NodeID)]

  init(_ inputs: [(name: Name, node: NodeID)]) { self.inputs = inputs }

  func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic) -> Meaning? {
    inputs.first { $0.name == name }.map { .node($0.node) }
  }

  var knownNames: [String] { [] }
}

extension Expression {
  /// The same operation on other operands.
  fileprivate func withOperands(_ replace: (Expression) -> Expression) -> Expression {
    let new: Kind
    switch kind {
    case .unary(let operation, let inner): new = .unary(operation, replace(inner))
    case .binary(let operation, let a, let b):
      let left = replace(a)
      new = .binary(operation, left, replace(b))
    case .call(let callee, let arguments):
      new = .call(
        callee,
        arguments.map { argument in
          // An axis has to stay the number that it is.
          let value = replace(argument.value)
          return Argument(
            label: argument.label, labelSpan: argument.labelSpan,
            value: argument.label == nil ? value : argument.value)
        })
    case .index(let base, let subscripts): new = .index(replace(base), subscripts)
    default: return self
    }
    return Expression(new, span)
  }
}

extension Tensor {
  /// Broadcast to a shape; nil when it does not fit.
  func fitting(_ target: Shape) -> Tensor? {
    if shape == target { return self }
    guard shape.broadcast(with: target) == target else { return nil }
    let source = broadcastIndices(to: target)
    return Tensor((0..<target.count).map { elements[source($0)] }, shape: target)
  }

  /// The element at whole numbers; nil for anything else.
  fileprivate func element(_ subscripts: [Expression.Subscript]) -> Tensor? {
    var indices: [Int] = []
    for entry in subscripts {
      guard case .at(let place) = entry, case .number(let number, _) = place.kind,
        let index = Int(exactly: number)
      else { return nil }
      indices.append(index)
    }
    guard indices.count == shape.rank, let offset = shape.offset(of: indices),
      elements.indices.contains(offset)
    else { return nil }
    return Tensor(elements[offset])
  }
}
