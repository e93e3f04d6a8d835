// Rule + parameters → graph: the lines of one update, for several parameters in lock-step.
//
// All parameters finish a line before any starts the next, so that `grad(at)` can ask for the
// gradient with every parameter at its own point.

import Diagnostics
import Notation
import Tensors

/// One tensor that a rule is applied to.
package struct RuleTarget {
  /// What the record calls it: the parameter's path.
  package var path: String
  package var w: NodeID
  package var g: NodeID
  /// The number of this update, from 1.
  package var t: NodeID

  package init(path: String, w: NodeID, g: NodeID, t: NodeID) {
    self.path = path
    self.w = w
    self.g = g
    self.t = t
  }
}

/// What a rule can ask of the problem it is applied to.
package protocol RuleSurroundings: AnyObject {
  /// The gradient of the objective for each target, with every target at its own point.
  func gradients(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic)
    -> [NodeID]
  func loss(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID
  /// [n, n] for a single flat target of n numbers.
  func hessian(at point: NodeID, span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID
  /// A hyperparameter's node; it may use t and the session's definitions.
  func hyperparameter(_ value: Expression, t: NodeID, in lowering: Lowering) throws(Diagnostic)
    -> Meaning
}

/// A line as it ran for one parameter.
package struct AppliedLine {
  package let name: Name
  package let expression: Expression
  package let remark: String?
  /// The line's value.
  package let node: NodeID
  /// What each name on the right stood for when the line ran.
  package let operands: [Name: NodeID]
  package let isState: Bool
  package let isParameter: Bool

  package init(
    name: Name, expression: Expression, remark: String?, node: NodeID, operands: [Name: NodeID],
    isState: Bool, isParameter: Bool
  ) {
    self.name = name
    self.expression = expression
    self.remark = remark
    self.node = node
    self.operands = operands
    self.isState = isState
    self.isParameter = isParameter
  }
}

/// A state of a parameter: where it comes in, how it starts, what it becomes.
package struct AppliedState {
  package let name: Name
  package let input: NodeID
  package let start: NodeID
  package let output: NodeID

  package init(name: Name, input: NodeID, start: NodeID, output: NodeID) {
    self.name = name
    self.input = input
    self.start = start
    self.output = output
  }
}

package struct Application {
  package var constants: [AppliedLine] = []
  package var lines: [AppliedLine] = []
  package var states: [AppliedState] = []
  /// The parameter's new value; its old one for a stage.
  package var w: NodeID
  /// The gradient as this rule leaves it, for the next stage of a chain.
  package var g: NodeID
}

package struct RuleApplier {
  let chosen: ChosenRule
  let targets: [RuleTarget]
  let lowering: Lowering
  let surroundings: (any RuleSurroundings)?

  package init(
    _ chosen: ChosenRule, to targets: [RuleTarget], in lowering: Lowering,
    surroundings: any RuleSurroundings
  ) {
    self.chosen = chosen
    self.targets = targets
    self.lowering = lowering
    self.surroundings = surroundings
  }

  private init(trialOf other: RuleApplier, targets: [RuleTarget], in lowering: Lowering) {
    chosen = other.chosen
    self.targets = targets
    self.lowering = lowering
    surroundings = other.surroundings.map(TrialSurroundings.init)
  }

  /// Builds the update.
  package func apply() throws(Diagnostic) -> [Application] {
    var settled: [SettledRule] = []
    var shapes: [[Shape]] = []
    for target in targets {
      let rule = try chosen.settled(for: lowering.graph[target.w].shape)
      settled.append(rule)
      shapes.append(try stateShapes(of: rule, for: target))
    }
    return try build(settled, stateShapes: shapes)
  }

  /// The fixed point of each state's update line: a scalar start becomes a tensor of the gradient's
  /// shape when its line makes it one, and stays a scalar otherwise.
  private func stateShapes(of rule: SettledRule, for target: RuleTarget) throws(Diagnostic)
    -> [Shape]
  {
    var shapes: [Shape] = []
    for round in 0..<4 {
      let trial = Lowering()
      let shape = lowering.graph[target.w].shape
      let w = trial.graph.input("w", shape: shape, type: .float64)
      let g = trial.graph.input("g", shape: shape, type: .float64)
      let t = trial.graph.input("t", shape: .scalar, type: .float64)
      let trialTarget = RuleTarget(path: target.path, w: w, g: g, t: t)
      let applier = RuleApplier(trialOf: self, targets: [trialTarget], in: trial)
      let application = try applier.build([rule], stateShapes: round == 0 ? nil : [shapes])[0]
      let next = application.states.map { state in
        let start = trial.graph[state.start].shape
        let output = trial.graph[state.output].shape
        return start.broadcast(with: output) ?? output
      }
      if next == shapes { break }
      shapes = next
    }
    return shapes
  }

  private func build(_ rules: [SettledRule], stateShapes: [[Shape]]?) throws(Diagnostic)
    -> [Application]
  {
    var scopes: [RuleScope] = []
    var applications: [Application] = []
    for (i, target) in targets.enumerated() {
      let scope = RuleScope(rule: chosen.rule, target: target)
      var application = Application(w: target.w, g: target.g)
      for (name, value) in chosen.hyperparameters {
        guard ChosenRule.setting(of: value) != .none else { continue }
        scope.bind(name, try hyperparameter(value, t: target.t))
      }
      for line in rules[i].constants {
        let node = try lowering.lower(line.expression, in: scope)
        application.constants.append(scope.applied(line, node: node))
        scope.bind(line.name, .node(node))
      }
      for (j, state) in rules[i].states.enumerated() {
        var start = try lowering.lower(state.start, in: scope)
        let shape = stateShapes.map { $0[i][j] } ?? lowering.graph[start].shape
        if lowering.graph[start].shape != shape {
          start = try lowering.broadcast(start, to: shape, at: state.start.span)
        }
        let input = lowering.graph.input(
          "\(target.path).\(state.name.canonical)", shape: shape, type: .float64)
        scope.bind(state.name, .node(input))
        application.states.append(
          AppliedState(name: state.name, input: input, start: start, output: input))
      }
      scopes.append(scope)
      applications.append(application)
    }
    try runLines(rules, scopes: scopes, into: &applications)
    return applications
  }

  private func runLines(
    _ rules: [SettledRule], scopes: [RuleScope], into applications: inout [Application]
  ) throws(Diagnostic) {
    let longest = rules.map(\.lines.count).max() ?? 0
    for row in 0..<longest {
      var results: [(Int, RuleLine, NodeID)] = []
      for (i, rule) in rules.enumerated() where row < rule.lines.count {
        let line = rule.lines[row]
        // The other parameters' points for grad(at) are the same expression in their own scopes.
        scopes[i].surroundings = surroundings.map {
          LockStep(applier: self, scopes: scopes, index: i, surroundings: $0)
        }
        results.append((i, line, try lowering.lower(line.expression, in: scopes[i])))
      }
      for (i, line, node) in results {
        try finish(line, node: node, target: i, scope: scopes[i], application: &applications[i])
      }
    }
  }

  private func finish(
    _ line: RuleLine, node: NodeID, target i: Int, scope: RuleScope,
    application: inout Application
  ) throws(Diagnostic) {
    var node = node
    let isParameter = Rule.parameterNames.contains(line.name.canonical)
    let state = application.states.firstIndex { $0.name == line.name }
    if isParameter || line.name.canonical == "g" {
      let shape = lowering.graph[targets[i].w].shape
      if lowering.graph[node].shape != shape {
        guard lowering.graph[node].shape.broadcast(with: shape) == shape else {
          throw Diagnostic(
            "rule.shape",
            "this line makes \(line.name.pretty) a tensor of shape \(lowering.graph[node].shape); "
              + "the parameter has \(shape)", at: line.expression.span)
        }
        node = try lowering.broadcast(node, to: shape, at: line.expression.span)
      }
    }
    if let state {
      let shape = lowering.graph[application.states[state].input].shape
      if lowering.graph[node].shape != shape,
        lowering.graph[node].shape.broadcast(with: shape) == shape
      {
        node = try lowering.broadcast(node, to: shape, at: line.expression.span)
      }
      let old = application.states[state]
      application.states[state] = AppliedState(
        name: old.name, input: old.input, start: old.start, output: node)
    }
    application.lines.append(
      scope.applied(line, node: node, isState: state != nil, isParameter: isParameter))
    scope.bind(line.name, .node(node))
    if isParameter { application.w = node }
    if line.name.canonical == "g" { application.g = node }
  }

  private func hyperparameter(_ value: Expression, t: NodeID) throws(Diagnostic) -> Meaning {
    if case .string(let text) = value.kind { return .text(text) }
    if let surroundings { return try surroundings.hyperparameter(value, t: t, in: lowering) }
    return try lowering.meaning(of: value, in: EmptyScope())
  }
}
