// f(X): a model applied in a graph, and the paths of its parameters as values.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// One use of a model or a part of it in a graph.
package struct ModelApplication {
  /// One stage of it: what went in and what came out.
  package struct Entry {
    package let stage: Stage
    package let input: NodeID
    package let output: NodeID
  }

  package let path: String
  package let pass: Pass
  package let input: NodeID
  package let output: NodeID
  package let span: Span
  /// The stages in order; those of a skip and of a model used as a layer come before it.
  package let entries: [Entry]
}

extension ProblemScope {
  /// The node a model, or a stage of one, makes of its argument.
  func apply(
    _ part: ModelPart, path: String, _ arguments: [Expression.Argument], from caller: any Scope,
    at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> NodeID {
    var pass = pass
    var inputs: [Expression] = []
    for argument in arguments {
      switch argument.label?.canonical {
      case nil: inputs.append(argument.value)
      case "train":
        let node = try lowering.lower(argument.value, in: caller)
        let value = try lowering.constant(node, what: "train", at: argument.value.span)
        guard let flag = value.scalar, flag == 0 || flag == 1 else {
          throw Diagnostic("model.train", "train is true or false", at: argument.value.span)
        }
        pass = flag != 0 ? .train : .eval
      case let label?:
        throw Diagnostic(
          "model.argument", "\(path) has no argument \(label)",
          at: argument.labelSpan ?? argument.value.span, help: "usage: \(path)(X, train=true)")
      }
    }
    guard let first = inputs.first, inputs.count == 1 else {
      throw Diagnostic(
        "model.arguments", "\(path) takes one argument, its input", at: span,
        help: "usage: \(path)(X), or \(path)(X, train=true)")
    }
    let x = try lowering.lower(first, in: caller)
    do {
      return try apply(part, path: path, to: x, pass: pass, at: span, in: lowering)
    } catch {
      guard error.id == "model.shape", error.marks.isEmpty else { throw error }
      var error = error
      error.marks = [.init(first.span, "\(lowering.graph[x].shape)")]
      throw error
    }
  }

  /// The same for a node. Applied to the same node in the same mode again, it is the same node: a
  /// formula that says f(X) twice means one value.
  package func apply(
    _ part: ModelPart, path: String, to x: NodeID, pass: Pass, at span: Span,
    in lowering: Lowering
  ) throws(Diagnostic) -> NodeID {
    remember(lowering)
    let key = ModelUse(path: path, input: x, isTraining: pass.isTraining)
    if let known = modelUses[key] { return known }
    let ordinal = modelUses.keys.count { $0.path == path && $0.isTraining == pass.isTraining }
    let stages: [Stage]
    switch part {
    case .model(let model): stages = model.stages
    case .stage(let stage): stages = [stage]
    case .parameter, .buffer:
      throw Diagnostic("model.not", "\(path) is no model and no layer", at: span)
    }
    var run = ModelRun(scope: self, lowering: lowering, pass: pass, span: span, ordinal: ordinal)
    let output = try run.apply(stages, to: x)
    modelUses[key] = output
    applications.append(
      ModelApplication(
        path: path, pass: pass, input: x, output: output, span: span, entries: run.entries))
    return output
  }

  /// The node of a parameter by its path.
  func modelParameter(_ path: String, in lowering: Lowering, at span: Span) throws(Diagnostic)
    -> NodeID
  {
    guard let parameter = problem.parameter(Name(canonical: path)) else {
      throw Diagnostic("model.parameter", "there is no parameter \(path)", at: span)
    }
    return try read(parameter, isModel: true, in: lowering)
  }

  /// The present node of a buffer by its path.
  func modelBuffer(_ path: String, in lowering: Lowering, at span: Span) throws(Diagnostic)
    -> NodeID
  {
    if let now = bufferUpdates.last(where: { $0.path == path }) { return now.node }
    guard let buffer = problem.buffers.first(where: { $0.path == path }) else {
      throw Diagnostic("model.buffer", "there is no \(path)", at: span)
    }
    return leaves.buffer(buffer, in: lowering)
  }

  func setBuffer(_ path: String, to node: NodeID) {
    bufferUpdates.removeAll { $0.path == path }
    bufferUpdates.append((path, node))
  }

  /// The node that counts steps, which keys what is drawn anew at each.
  package func clock(in lowering: Lowering) -> NodeID {
    usesClock = true
    return leaves.clock(in: lowering)
  }

  /// A layer's formula, read once.
  func parsedFormula(_ text: String) throws(Diagnostic) -> Expression {
    if let known = formulas[text] { return known }
    do {
      var parser = try Parser(Source(text))
      let expression = try parser.parseExpression()
      try parser.expectEnd()
      formulas[text] = expression
      return expression
    } catch {
      throw error.diagnostic
    }
  }

  // MARK: Paths

  /// What `f.0.weight`, `f.0.weight.m` or `f.0` means; nil when the root is no model.
  func modelMember(_ path: [Name], at span: Span, in lowering: Lowering) throws(Diagnostic)
    -> Meaning?
  {
    guard path.count > 1, problem.model(path[0]) != nil else { return nil }
    let words = path.map(\.canonical)
    switch problem.part(at: words) {
    case .parameter(let parameter): return .node(try read(parameter, in: lowering))
    case .buffer(let buffer): return .node(try modelBuffer(buffer.path, in: lowering, at: span))
    case .stage(let stage): return .object(stage.path, what: "\(stage.path), a layer")
    case .model(let model): return .object(model.name, what: "\(model.name.canonical), a model")
    case nil: break
    }
    let owner = Array(words.dropLast())
    let field = path[path.count - 1]
    if case .parameter(let parameter) = problem.part(at: owner) {
      if field.canonical == "T" { return nil }
      if let node = try leaves.stepValue(field, owner: parameter.name, at: span, in: lowering) {
        return .node(node)
      }
      throw LoweringError.unknownField(
        field, of: parameter.path, span, known: leaves.stepNames
      ).diagnostic
    }
    if case .buffer = problem.part(at: owner), field.canonical == "T" { return nil }
    if ["weights", "biases"].contains(field.canonical), problem.part(at: owner) != nil {
      let text = words.joined(separator: ".")
      throw Diagnostic(
        "value.not-a-tensor", "\(text) is several parameters", at: span,
        help: "l2(\(text)) adds up their squares")
    }
    // The longest part of the path that means something says what there is.
    var known = owner
    while known.count > 1, problem.part(at: known) == nil { known.removeLast() }
    throw LoweringError.unknownField(
      Name(canonical: words[known.count]), of: known.joined(separator: "."), span,
      known: problem.fields(of: known)
    ).diagnostic
  }

  /// l1(f), l2(f.0), l2(f.weights): the arguments with parameters in the place of models; nil when
  /// none is one.
  func expandingModels(_ arguments: [Expression.Argument]) throws(Diagnostic)
    -> [Expression.Argument]?
  {
    var result: [Expression.Argument] = []
    var found = false
    for argument in arguments {
      guard let path = argument.value.path,
        let parameters = try parametersMeant(path, argument.value.span)
      else {
        result.append(argument)
        continue
      }
      found = true
      for parameter in parameters {
        result.append(
          Expression.Argument(value: Expression(.name(parameter.name), argument.value.span)))
      }
    }
    return found ? result : nil
  }

  private func parametersMeant(_ path: [Name], _ span: Span) throws(Diagnostic) -> [Parameter]? {
    var words = path.map(\.canonical)
    guard problem.model(path[0]) != nil else { return nil }
    var isBias: Bool?
    if words.count > 1, let last = words.last, ["weights", "biases"].contains(last) {
      isBias = last == "biases"
      words.removeLast()
    }
    var parameters: [Parameter]
    switch problem.part(at: words) {
    case .model(let model): parameters = problem.parameters(of: model)
    case .stage(let stage): parameters = problem.parameters(of: stage)
    default: return nil
    }
    if let isBias {
      parameters = parameters.filter { problem.layerParameter($0.name)?.isBias == isBias }
    }
    guard !parameters.isEmpty else {
      throw Diagnostic(
        "model.no-parameters",
        "\(path.map(\.pretty).joined(separator: ".")) has no parameters", at: span)
    }
    return parameters
  }
}

/// What makes two uses of a model one.
struct ModelUse: Hashable {
  let path: String
  let input: NodeID
  let isTraining: Bool
}

extension Expression {
  /// `f`, `f.0`, `f.0.weight` as its parts; nil for anything else.
  package var path: [Name]? {
    switch kind {
    case .name(let name): return [name]
    case .member(let base, let field): return base.path.map { $0 + [field] }
    default: return nil
    }
  }
}

/// Stages applied one after the other.
private struct ModelRun {
  let scope: ProblemScope
  let lowering: Lowering
  let pass: Pass
  let span: Span
  let ordinal: Int
  var entries: [ModelApplication.Entry] = []
  private var depth = 0

  init(scope: ProblemScope, lowering: Lowering, pass: Pass, span: Span, ordinal: Int) {
    self.scope = scope
    self.lowering = lowering
    self.pass = pass
    self.span = span
    self.ordinal = ordinal
  }

  /// How deep models may stand in one another.
  private static let maximumDepth = 32
  /// How many stages all applications in a graph may come to, those of models in models and in
  /// functions included.
  private static let mostStages = 1 << 14

  mutating func apply(_ stages: [Stage], to x: NodeID) throws(Diagnostic) -> NodeID {
    depth += 1
    defer { depth -= 1 }
    guard depth <= ModelRun.maximumDepth else {
      throw Diagnostic("model.depth", "models stand too deep in one another", at: span)
    }
    var node = x
    for stage in stages {
      scope.stageCount += 1
      guard scope.stageCount <= ModelRun.mostStages else {
        throw Diagnostic(
          "model.stages", "this comes to more than \(ModelRun.mostStages) stages", at: span)
      }
      let input = node
      node = try apply(stage, to: input)
      entries.append(.init(stage: stage, input: input, output: node))
    }
    return node
  }

  private mutating func apply(_ stage: Stage, to x: NodeID) throws(Diagnostic) -> NodeID {
    switch stage.content {
    case .layer(let layer):
      let pass = LayerPass(
        scope: scope, lowering: lowering, pass: pass, span: span, path: stage.path,
        title: layer.title, ordinal: ordinal)
      return try layer.forward(pass, x)
    case .function(let expression): return try apply(expression, stage, to: x)
    case .model(let name):
      guard let model = scope.problem.model(name) else {
        throw Diagnostic("model.gone", "there is no model \(name.pretty) any more", at: span)
      }
      return try apply(model.stages, to: x)
    case .skip(let stages, let shortcut):
      let main = try apply(stages, to: x)
      let beside = try apply(shortcut, to: x)
      let (a, b) = (lowering.graph[beside].shape, lowering.graph[main].shape)
      guard a == b else {
        throw Diagnostic(
          "model.skip",
          "\(stage.path) adds \(a) and \(b): a skip needs equal shapes on both ways",
          at: span, help: "skip(…, shortcut=linear(…)) brings the input to the other shape")
      }
      return try lowering.apply(.add, [beside, main], operands: [], at: span)
    }
  }

  private func apply(_ expression: Expression, _ stage: Stage, to x: NodeID) throws(Diagnostic)
    -> NodeID
  {
    let input = Name(canonical: "input of \(stage.path)")
    var callee = Expression.Callee(path: [], span: expression.span)
    var rest: [Expression.Argument] = []
    switch expression.kind {
    case .name(let name): callee.path = [name]
    case .call(let called, let arguments):
      callee = called
      rest = arguments
    default: break
    }
    let first = Expression.Argument(value: Expression(.name(input), expression.span))
    let call = Expression(.call(callee, [first] + rest), expression.span)
    do {
      return try lowering.lower(
        call, in: BoundScope(bindings: [input: .node(x)], outer: scope, suggestsNames: false))
    } catch {
      if ["interrupted", "model.stages"].contains(error.id) { throw error }
      var error = error
      error.message = "\(stage.path), \(stage.text): \(error.message)"
      error.span = span
      error.marks = []
      throw error
    }
  }
}
