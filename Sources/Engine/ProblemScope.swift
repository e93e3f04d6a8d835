// What names mean at the prompt, in a loss and in a schedule: the session's definitions.
//
// Definitions are lowered once per graph and remembered, so a formula that is used twice is computed
// once. Where parameters and the record of the last step come from is left to `leaves`, since at the
// prompt they are inputs and inside a step the nodes of that step.

import Diagnostics
import Notation
import Optimizers
import Tensors

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
  var inProgress: [Name] = []
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

  func keep(_ meaning: Meaning, as name: Name) -> Meaning {
    lowered[name] = meaning
    if case .node(let node) = meaning, labels[node] == nil { labels[node] = name }
    return meaning
  }

  func expand(_ name: Name, _ expression: Expression, at span: Span, in lowering: Lowering)
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

  func isFunction(_ name: Name) -> Bool {
    if case .function = problem.definitions[name] { true } else { false }
  }

  func enter(_ name: Name, at span: Span) throws(Diagnostic) {
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
}

/// FNV-1a, which unlike `Hasher` gives the same number in every run.
func stableHash(_ text: String) -> Int {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  return Int(truncatingIfNeeded: hash >> 1)
}
