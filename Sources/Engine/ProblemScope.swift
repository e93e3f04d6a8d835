// What names mean at the prompt, in a loss and in a schedule: the session's definitions.
//
// Definitions are lowered once per graph and remembered, so a formula that is used twice is computed
// once. Where parameters and the record of the last step come from is left to `leaves`, since at the
// prompt they are inputs and inside a step the nodes of that step.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// Where a scope's parameters and step values come from.
package protocol ScopeLeaves: AnyObject {
  func parameter(_ parameter: Parameter, in lowering: Lowering) -> NodeID
  /// A value of the last step (`m`, `t`, `lr`); `owner` is set for `w.m`.
  func stepValue(_ name: Name, owner: Name?, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID?
  var stepNames: [String] { get }
  /// A number or tensor that steps change and no optimizer moves, such as a running mean.
  func buffer(_ buffer: LayerBuffer, in lowering: Lowering) -> NodeID
  /// How many steps were counted; what is drawn anew at each step is keyed by it.
  func clock(in lowering: Lowering) -> NodeID
  /// How parameters are rounded wherever a loss or a model reads them.
  var quantizers: [String: Quantizer] { get }
  /// Whether what is lowered directly is what a person typed, who means a parameter's own value.
  var isPrompt: Bool { get }
  /// A scope of one step earlier; nil where there is none.
  func scopeBefore() throws(Diagnostic) -> ProblemScope?
  /// The loss's gradients by all the parameters that the step moves; nil where there is no step.
  func gradients(at span: Span, in lowering: Lowering) throws(Diagnostic)
    -> [(owner: Name, node: NodeID)]?
}

extension ScopeLeaves {
  package var quantizers: [String: Quantizer] { [:] }
  package var isPrompt: Bool { false }
  package func scopeBefore() throws(Diagnostic) -> ProblemScope? { nil }

  package func gradients(at span: Span, in lowering: Lowering) throws(Diagnostic)
    -> [(owner: Name, node: NodeID)]?
  { nil }

  package func buffer(_ buffer: LayerBuffer, in lowering: Lowering) -> NodeID {
    lowering.graph.input(buffer.path, shape: buffer.initial.shape, type: .float64)
  }

  package func clock(in lowering: Lowering) -> NodeID {
    lowering.graph.input(Snapshot.clockPath, shape: .scalar, type: .float64)
  }
}

package final class ProblemScope: Scope {
  let problem: Problem
  let leaves: any ScopeLeaves
  /// What random tensors are keyed by outside any definition: a statement's number.
  let statement: Int
  /// What they are keyed by instead, where the value is stored under a name.
  let owner: Name?
  /// Whether models are being trained here.
  package let pass: Pass
  /// Nodes that go by a name in a formula printed from the graph.
  package private(set) var labels: [NodeID: Name] = [:]

  /// What stands for the names of a batch; nil where they mean all of the data.
  var rows: BatchedRows?

  private var lowered: [Name: Meaning] = [:]
  private var quantized: [NodeID: NodeID] = [:]
  private var inProgress: [Name] = []
  private var ordinals: [String: Int] = [:]
  private weak var lowering: Lowering?

  /// Where models were applied, in order.
  package internal(set) var applications: [ModelApplication] = []
  /// What training passes have made of buffers, by path.
  package internal(set) var bufferUpdates: [(path: String, node: NodeID)] = []
  /// Whether anything here asked for the clock.
  package internal(set) var usesClock = false
  var modelUses: [ModelUse: NodeID] = [:]
  /// How many stages of models were applied.
  var stageCount = 0
  var formulas: [String: Expression] = [:]

  package init(
    _ problem: Problem, leaves: any ScopeLeaves, statement: Int = 0, owner: Name? = nil,
    pass: Pass = .eval
  ) {
    self.pass = pass
    self.problem = problem
    self.leaves = leaves
    self.statement = statement
    self.owner = owner
  }

  package func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic)
    -> Meaning?
  {
    remember(lowering)
    if let known = lowered[name] { return known }
    if let node = rows?.nodes[name] { return keep(.node(node), as: name) }
    if let parameter = problem.parameter(name) {
      guard leaves.quantizers[parameter.path] != nil else {
        return keep(.node(leaves.parameter(parameter, in: lowering)), as: name)
      }
      return .node(try read(parameter, in: lowering))
    }
    if let objective = problem.objective(name) {
      return keep(
        .node(try expand(name, objective.expression, at: span, in: lowering)), as: name)
    }
    switch problem.definitions[name] {
    case .formula(let expression):
      try enter(name, at: span)
      defer { inProgress.removeLast() }
      return keep(try lowering.meaning(of: expression, in: self), as: name)
    case .value(let tensor): return keep(.node(lowering.graph.constant(tensor)), as: name)
    case .table(let table): return .object(table, what: "\(name.pretty), a data set")
    case .bundle(let bundle): return .object(bundle, what: "\(name.pretty), a data set")
    case .function: return .object(name, what: "\(name.pretty), a function")
    case nil: break
    }
    if problem.model(name) != nil { return .object(name, what: "\(name.canonical), a model") }
    if let node = try comingStep(name, in: lowering) { return keep(.node(node), as: name) }
    if let node = try leaves.stepValue(name, owner: nil, at: span, in: lowering) {
      return .node(node)
    }
    return nil
  }

  /// In a loss that is being trained, t is the number of the step that is coming.
  private func comingStep(_ name: Name, in lowering: Lowering) throws(Diagnostic) -> NodeID? {
    guard name.canonical == "t", pass.isTraining, !(leaves is AfterStepLeaves) else { return nil }
    do {
      return try lowering.graph.apply(.add, [clock(in: lowering), lowering.graph.constant(1)])
    } catch {
      throw TensorProse(error).diagnostic
    }
  }

  package func meaning(
    of field: Name, in base: Expression, at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> Meaning? {
    remember(lowering)
    if let path = base.path,
      let found = try modelMember(path + [field], at: span, in: lowering)
    {
      return found
    }
    if let found = try dataMeaning(of: field, in: base, at: span, in: lowering) { return found }
    guard case .name(let owner) = base.kind else { return nil }
    guard field.canonical != "T", problem.parameter(owner) != nil else { return nil }
    if let node = try leaves.stepValue(field, owner: owner, at: span, in: lowering) {
      return .node(node)
    }
    throw LoweringError.unknownField(
      field, of: owner.pretty, span, known: leaves.stepNames
    ).diagnostic
  }

  package func meaning(
    of callee: Expression.Callee, arguments: [Expression.Argument], at span: Span,
    in lowering: Lowering
  ) throws(Diagnostic) -> Meaning? {
    try call(callee, arguments, from: self, at: span, in: lowering)
  }

  /// A call made in `caller`, in which the arguments have their meaning.
  func call(
    _ callee: Expression.Callee, _ arguments: [Expression.Argument], from caller: any Scope,
    at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> Meaning? {
    if problem.model(callee.path[0]) != nil, problem.definitions[callee.path[0]] == nil {
      return .node(try applyModel(callee, arguments, from: caller, at: span, in: lowering))
    }
    guard callee.path.count == 1 else { return nil }
    let name = callee.path[0]
    if case .function(let parameters, let defaults, let body) = problem.definitions[name] {
      return try expand(
        name, parameters, defaults, body, arguments, from: caller, at: span, in: lowering)
    }
    switch name.canonical {
    case "grad", "hessian":
      return .node(try derivative(name.canonical, arguments, from: caller, at: span, in: lowering))
    case "columns": return .node(try columns(arguments, at: span, in: lowering))
    case "codes": return .node(try codes(arguments, at: span, in: lowering))
    case "encode": return .node(try encode(arguments, at: span, in: lowering))
    case "decode":
      return try decode(arguments, from: caller, at: span, in: lowering)
    case "l1", "l2", "elastic_net":
      guard let expanded = try expandingModels(arguments) else { return nil }
      return try lowering.meaning(of: Expression(.call(callee, expanded), span), in: caller)
    case "norm":
      guard let first = arguments.first, first.label == nil,
        (caller as? BoundScope)?.bindings[Name(canonical: "g")] == nil,
        let all = try gradients(first.value, in: lowering)
      else { return nil }
      let name = Name(canonical: "all gradients")
      let packed = Expression.Argument(value: Expression(.name(name), first.value.span))
      return try lowering.meaning(
        of: Expression(.call(callee, [packed] + arguments.dropFirst()), span),
        in: BoundScope(bindings: [name: .node(all)], outer: self))
    case "change": return .node(try change(arguments, at: span, in: lowering))
    case "full":
      // With more arguments it is the function that fills a shape.
      guard arguments.count == 1, arguments[0].label == nil else { return nil }
      return try lowering.meaning(of: arguments[0].value, in: rows?.whole ?? caller)
    default: return nil
    }
  }

  /// `f(X)`, `f.0(X)`
  private func applyModel(
    _ callee: Expression.Callee, _ arguments: [Expression.Argument], from caller: any Scope,
    at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> NodeID {
    let path = callee.path.map(\.canonical)
    let text = path.joined(separator: ".")
    switch problem.part(at: path) {
    case .model(let model):
      return try apply(.model(model), path: text, arguments, from: caller, at: span, in: lowering)
    case .stage(let stage):
      return try apply(.stage(stage), path: text, arguments, from: caller, at: span, in: lowering)
    case .parameter, .buffer:
      throw Diagnostic(
        "function.not", "\(text) is a value, not a layer", at: callee.span,
        help: "write \(text)*(…) for a product, \(text)[…] for an element")
    case nil:
      throw Diagnostic(
        "model.stage-unknown", "there is no \(text)", at: callee.span,
        help: "show \(path[0]) lists the layers")
    }
  }

  package func gradient(of expression: Expression, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> Meaning?
  {
    let loss = try lowering.lower(expression, in: self)
    let trainable = problem.parameters
    guard trainable.count == 1, let parameter = trainable.first else {
      let example = trainable.first?.name.canonical ?? "w"
      throw Diagnostic(
        "gradient.which",
        trainable.isEmpty ? "there is no parameter yet" : "there are several parameters", at: span,
        help: trainable.isEmpty
          ? "declare one: param w = [1, -2]"
          : "say which: grad(\(expression.text(.ascii)), \(example))")
    }
    let w = leaves.parameter(parameter, in: lowering)
    return .node(try lowering.gradients(of: loss, by: [w], at: span)[0])
  }

  package func randomKey() -> [Int] {
    let owner = (inProgress.last ?? owner)?.canonical ?? "line \(statement)"
    let ordinal = ordinals[owner, default: 0]
    ordinals[owner] = ordinal + 1
    return [problem.seed, stableHash(owner), ordinal]
  }

  package var knownNames: [String] { problem.knownNames + leaves.stepNames }

  /// The functions that need to know the session.
  package static let functions = [
    "grad", "hessian", "columns", "codes", "change", "encode", "decode",
  ]

  func remember(_ lowering: Lowering) {
    if self.lowering !== lowering {
      self.lowering = lowering
      lowered = [:]
      labels = [:]
      applications = []
      quantized = [:]
      bufferUpdates = []
      usesClock = false
      modelUses = [:]
      stageCount = 0
    }
  }

  /// Lets a formula printed from the graph call a node by a name.
  func name(_ node: NodeID, _ name: Name) {
    if labels[node] == nil { labels[node] = name }
  }

  private func keep(_ meaning: Meaning, as name: Name) -> Meaning {
    lowered[name] = meaning
    if case .node(let node) = meaning, labels[node] == nil { labels[node] = name }
    return meaning
  }

  private func expand(_ name: Name, _ expression: Expression, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID
  {
    try enter(name, at: span)
    defer { inProgress.removeLast() }
    return try lowering.lower(expression, in: self)
  }

  /// A parameter as a loss or a model reads it: rounded, while it is trained for being rounded.
  func read(_ parameter: Parameter, isModel: Bool = false, in lowering: Lowering)
    throws(Diagnostic) -> NodeID
  {
    let node = leaves.parameter(parameter, in: lowering)
    guard let quantizer = leaves.quantizers[parameter.path],
      isModel || !inProgress.isEmpty || !leaves.isPrompt
    else {
      if labels[node] == nil { labels[node] = parameter.name }
      return node
    }
    if let known = quantized[node] { return known }
    let rounded = try lowering.apply(
      .quantize, [node], quantizer.attributes(for: lowering.graph[node].shape), operands: [],
      at: noSpan)
    quantized[node] = rounded
    return rounded
  }

  private func isFunction(_ name: Name) -> Bool {
    if case .function = problem.definitions[name] { true } else { false }
  }

  private func enter(_ name: Name, at span: Span) throws(Diagnostic) {
    if let first = inProgress.firstIndex(of: name) {
      let circle = (inProgress[first...] + [name]).map(\.pretty).joined(separator: " → ")
      throw Diagnostic(
        "definition.circular", "this definition is circular: \(circle)", at: span,
        help: isFunction(name)
          ? "a function cannot call itself: both branches of a where are computed"
          : "let \(name.canonical) = … stores a value instead of a formula")
    }
    inProgress.append(name)
  }

  private func expand(
    _ name: Name, _ parameters: [Name], _ defaults: [Expression?], _ body: Expression,
    _ arguments: [Expression.Argument], from caller: any Scope, at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> Meaning {
    let usage = "\(name.pretty)(\(parameters.map(\.pretty).joined(separator: ", ")))"
    var bindings: [Name: Meaning] = [:]
    for (i, argument) in arguments.enumerated() {
      let place = argument.labelSpan ?? argument.value.span
      guard let parameter = argument.label ?? (i < parameters.count ? parameters[i] : nil) else {
        throw Diagnostic(
          "function.arguments",
          "\(usage) takes \(parameters.count == 1 ? "one argument" : "\(parameters.count) arguments")",
          at: place)
      }
      guard parameters.contains(parameter) else {
        throw Diagnostic(
          "function.keyword", "\(usage) has no argument \(parameter.pretty)", at: place,
          help: didYouMean(parameter.canonical, in: parameters.map(\.canonical)))
      }
      guard bindings[parameter] == nil else {
        throw Diagnostic("function.twice", "\(parameter.pretty) is given twice", at: place)
      }
      bindings[parameter] = try lowering.meaning(of: argument.value, in: caller)
    }
    try enter(name, at: span)
    defer { inProgress.removeLast() }
    for (parameter, value) in zip(parameters, defaults) where bindings[parameter] == nil {
      guard let value else {
        throw Diagnostic(
          "function.arguments", "\(usage) needs \(parameter.pretty)", at: span)
      }
      bindings[parameter] = try lowering.meaning(of: value, in: self)
    }
    return try lowering.meaning(of: body, in: BoundScope(bindings: bindings, outer: self))
  }

  private func derivative(
    _ word: String, _ arguments: [Expression.Argument], from caller: any Scope, at span: Span,
    in lowering: Lowering
  ) throws(Diagnostic) -> NodeID {
    guard arguments.count == 2 else {
      throw Diagnostic(
        "function.arguments", "\(word) takes a loss and what to differentiate by", at: span,
        help: "for example \(word)(L, w)")
    }
    let loss = try lowering.lower(arguments[0].value, in: caller)
    let by = try lowering.lower(arguments[1].value, in: caller)
    return word == "hessian"
      ? try lowering.hessian(of: loss, by: by, at: span)
      : try lowering.gradients(of: loss, by: [by], at: span)[0]
  }

  /// |x after the step - x before it|
  private func change(
    _ arguments: [Expression.Argument], at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> NodeID {
    guard arguments.count == 1, arguments[0].label == nil else {
      throw Diagnostic(
        "function.arguments", "change takes one value", at: span, help: "for example change(L)")
    }
    guard let before = try leaves.scopeBefore() else {
      throw Diagnostic(
        "step.none", "there is no step here that \(arguments[0].value.text(.pretty)) changes in",
        at: span, help: "change(x) is how much x changed in the last step")
    }
    let new = try lowering.lower(arguments[0].value, in: self)
    let old = try lowering.lower(arguments[0].value, in: before)
    let difference = try lowering.apply(.subtract, [new, old], operands: [], at: span)
    return try lowering.apply(.absolute, [difference], operands: [], at: span)
  }

  private func columns(_ arguments: [Expression.Argument], at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID
  {
    guard let first = arguments.first,
      case .object(let object, _) = try lowering.meaning(of: first.value, in: self),
      let table = object as? DataTable
    else {
      throw Diagnostic(
        "columns.data", "columns takes a data set and column names", at: span,
        help: "for example columns(d, \"age\", \"bmi\")")
    }
    var names: [(String, Span)] = []
    for argument in arguments.dropFirst() {
      guard case .string(let text) = argument.value.kind else {
        throw Diagnostic(
          "columns.name", "a column's name goes in quotes", at: argument.value.span)
      }
      names.append((text, argument.value.span))
    }
    let node = lowering.graph.constant(try table.matrix(of: names, at: span))
    var found: [String] = names.isEmpty ? table.numericNames : []
    for (name, place) in names { found.append(try table.find(name, at: place).name) }
    lowering.columnNames[node] = found
    return node
  }
}

/// FNV-1a, which unlike `Hasher` gives the same number in every run.
func stableHash(_ text: String) -> Int {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  return Int(truncatingIfNeeded: hash >> 1)
}
