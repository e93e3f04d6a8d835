// Backpropagation as in a textbook: each operation with its value, then from the loss backwards each
// ∂L/∂value as a formula of the one before it.
//
// The formulas are local: the derivative of one line, times what came from above. The numbers are
// those of the one gradient everything else uses.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct BackwardPass {
  package struct Line {
    /// `r`, `a₁`, or `∂L/∂r`.
    package let name: Name
    /// nil where it would be too long to read.
    package let formula: Formula?
    package let value: Tensor
    /// What the names in the formula stand for.
    package var operands: [Name: Tensor]
  }

  /// The loss's name, or nil when an expression was given.
  package let loss: Name
  package var forward: [Line] = []
  package var backward: [Line] = []
  /// Whether only definitions are listed, there being too many operations.
  package var isSummary = false

  /// More operations than this are not listed one by one.
  static let mostLines = 40
  static let mostDefinitions = 200

  /// What ∂L/∂r is called in a formula.
  package static func adjoint(of name: Name, loss: Name) -> Name {
    Name(canonical: "∂\(loss.pretty)/∂\(name.pretty)")
  }
}

extension Moment {
  /// The forward and backward pass of a loss.
  package func backwardPass(of loss: Expression) throws(Diagnostic) -> BackwardPass {
    let (moment, lowering, scope, nodes) = try lowerNamed([loss], pass: .train)
    let node = nodes[0]
    guard lowering.graph[node].shape.count == 1 else {
      throw LoweringError.tensor(
        .notScalar(lowering.graph[node].shape), loss.span, operands: []
      ).diagnostic
    }
    var lossName = Name(canonical: session.knows("L") ? "loss" : "L")
    if case .name(let name) = loss.kind { lossName = name }
    var labels = scope.labels
    labels[node] = lossName
    // Those of this session; the moment's may include numbers with a name.
    let inputs = session.problem.parameters.map {
      lowering.graph.input($0.path, shape: $0.initial.shape)
    }
    var builder = BackwardPassBuilder(
      lowering: lowering, loss: node, lossName: lossName, labels: labels, parameters: inputs,
      span: loss.span)
    return try builder.build(at: moment)
  }
}

private struct BackwardPassBuilder {
  let lowering: Lowering
  let loss: NodeID
  let lossName: Name
  var labels: [NodeID: Name]
  let parameters: [NodeID]
  let span: Span
  /// The nodes with a line of their own, operands first.
  private var stations: [NodeID] = []
  private var isSummary = false

  init(
    lowering: Lowering, loss: NodeID, lossName: Name, labels: [NodeID: Name],
    parameters: [NodeID], span: Span
  ) {
    self.lowering = lowering
    self.loss = loss
    self.lossName = lossName
    self.labels = labels
    self.parameters = parameters
    self.span = span
  }

  private var graph: Graph { lowering.graph }

  mutating func build(at moment: Moment) throws(Diagnostic) -> BackwardPass {
    try chooseStations()
    let used = parameters.filter { Set(graph.reachable(from: [loss])).contains($0) }
    guard !used.isEmpty else {
      throw Diagnostic(
        "backprop.constant", "\(span.text) depends on no parameter", at: span)
    }
    let moving = dependents(of: used)
    let targets = stations.filter { moving.contains($0) } + used
    let slopes = try lowering.gradients(of: loss, by: targets, at: span)
    let values = try moment.values(of: stations + used + slopes, in: lowering)
    var known: [Name: Tensor] = [:]
    for (node, value) in zip(stations + used, values) { known[name(of: node)] = value }
    for (node, value) in zip(targets, values.dropFirst(stations.count + used.count)) {
      known[BackwardPass.adjoint(of: name(of: node), loss: lossName)] = value
    }
    for (name, value) in try constants(at: moment) { known[name] = value }

    var pass = BackwardPass(loss: lossName)
    pass.isSummary = isSummary
    for node in stations { pass.forward.append(line(name(of: node), node, known)) }
    let adjoints = try adjointNodes(moving: moving, used: used)
    for node in backwardOrder(moving: moving, used: used) {
      guard let adjoint = adjoints[node] else { continue }
      let name = BackwardPass.adjoint(of: name(of: node), loss: lossName)
      pass.backward.append(line(name, adjoint, known))
    }
    return pass
  }

  private func name(of node: NodeID) -> Name {
    if case .input(let path) = graph[node].kind { return Name(canonical: path) }
    return labels[node] ?? lossName
  }

  // MARK: Which operations are listed

  private mutating func chooseStations() throws(Diagnostic) {
    let order = graph.reachable(from: [loss])
    let moving = dependents(of: parameters)
    var uses: [NodeID: Int] = [:]
    for node in order { for operand in graph.operands(of: node) { uses[operand, default: 0] += 1 } }
    var inlined: Set<NodeID> = []
    for node in order { inlined.formUnion(partOf(node, uses)) }
    inlined = inlined.filter { labels[$0] == nil }
    let operations = order.filter { node in
      guard case .apply = graph[node].kind, moving.contains(node) else { return false }
      return node == loss || labels[node] != nil
        || !(isPlain(node, moving) || inlined.contains(node))
    }
    if operations.count <= BackwardPass.mostLines {
      stations = operations
    } else {
      isSummary = true
      stations = operations.filter { labels[$0] != nil }
      guard stations.count <= BackwardPass.mostDefinitions else {
        throw Diagnostic(
          "backprop.size", "\(lossName.pretty) takes \(operations.count) operations", at: span,
          help: "choose a part of it: backprop takes any single number")
      }
    }
    var names = PartNames(taken: Set(labels.values.map(\.canonical) + inputNames))
    for node in stations where labels[node] == nil { labels[node] = names.next() }
  }

  private var inputNames: [String] {
    graph.nodes.compactMap { node in
      if case .input(let path) = node.kind { return path }
      return nil
    }
  }

  /// A change of sign, of scale or of shape is no step of its own.
  private func isPlain(_ node: NodeID, _ moving: Set<NodeID>) -> Bool {
    guard case .apply(let operation, let operands, _) = graph[node].kind else { return true }
    switch operation.kernel {
    case .view, .rearrange: return true
    default: break
    }
    if operation == .negate { return true }
    return (operation == .multiply || operation == .divide)
      && operands.contains { graph[$0].shape.isScalar && !moving.contains($0) }
  }

  /// The sum inside a mean belongs to it, and so do the parts of a sum X @ w + b - y.
  private func partOf(_ node: NodeID, _ uses: [NodeID: Int]) -> [NodeID] {
    guard case .apply(let operation, let operands, _) = graph[node].kind else { return [] }
    if operation == .divide, graph.scalar(operands[1]) != nil,
      case .apply(.sum, _, _) = graph[operands[0]].kind, uses[operands[0]] == 1
    {
      return [operands[0]]
    }
    guard operation == .add || operation == .subtract else { return [] }
    return operands.filter { operand in
      guard uses[operand] == 1, case .apply(let inner, _, _) = graph[operand].kind else {
        return false
      }
      return inner == .add || inner == .subtract || inner == .matmul
    }
  }

  /// Everything in the graph that changes when these do.
  private func dependents(of roots: [NodeID]) -> Set<NodeID> {
    var found = Set(roots)
    for (index, node) in graph.nodes.enumerated() {
      guard case .apply(_, let operands, _) = node.kind else { continue }
      if operands.contains(where: { found.contains($0) }) { found.insert(NodeID(index)) }
    }
    return found
  }

  // MARK: Lines

  private func line(_ name: Name, _ node: NodeID, _ known: [Name: Tensor]) -> BackwardPass.Line {
    let formula = Readback(graph, names: labels).formula(of: node)
    var operands: [Name: Tensor] = [:]
    for part in formula?.expression.names ?? [] { operands[part] = known[part] }
    return BackwardPass.Line(
      name: name, formula: formula, value: known[name] ?? Tensor(.nan), operands: operands)
  }

  /// Small named constants, so that their numbers can be put in.
  private func constants(at moment: Moment) throws(Diagnostic) -> [(Name, Tensor)] {
    let small = labels.keys.sorted().filter { node in
      guard graph[node].shape.count <= 64, !stations.contains(node) else { return false }
      if case .input = graph[node].kind { return true }
      return graph.isConstant(node)
    }
    let values = try moment.values(of: small, in: lowering)
    return zip(small, values).map { (labels[$0] ?? lossName, $1) }
  }

  // MARK: Backwards

  /// For each station and parameter the sum of what its users hand back, as formulas of the users'
  /// own derivatives.
  private mutating func adjointNodes(moving: Set<NodeID>, used: [NodeID]) throws(Diagnostic)
    -> [NodeID:
    NodeID]
  {
    var result: [NodeID: NodeID] = [:]
    result[loss] = lowering.graph.constant(Tensor(1))
    for station in stations.reversed() where moving.contains(station) {
      let operands = stationOperands(of: station, used: used).filter { moving.contains($0) }
      var standIns: [NodeID: NodeID] = [:]
      for operand in operands where !used.contains(operand) {
        standIns[operand] = lowering.graph.input(
          name(of: operand).canonical, shape: graph[operand].shape,
          type: graph[operand].elementType)
      }
      let local = try lowering.substitute([station], standIns, at: span)[0]
      // The first ∂L/∂L is 1, and a factor 1 is not written.
      let upstream =
        station == loss
        ? lowering.graph.constant(Tensor(1).broadcast(to: graph[loss].shape))
        : lowering.graph.input(
          BackwardPass.adjoint(of: name(of: station), loss: lossName).canonical,
          shape: graph[station].shape)
      // The station's own value may occur in its derivative: a·(1 - a).
      if labels[local] == nil { labels[local] = name(of: station) }
      let parts = try pullback(local, upstream, operands.map { standIns[$0] ?? $0 })
      for (operand, part) in zip(operands, parts) {
        if let sum = result[operand] {
          result[operand] = try lowering.apply(.add, [sum, part], operands: [], at: span)
        } else {
          result[operand] = part
        }
      }
    }
    return result
  }

  private func pullback(_ value: NodeID, _ upstream: NodeID, _ variables: [NodeID])
    throws(Diagnostic) -> [NodeID]
  {
    do {
      return try lowering.graph.gradient(
        of: value, upstream: upstream, withRespectTo: variables)
    } catch {
      throw LoweringError.tensor(error, span, operands: []).diagnostic
    }
  }

  /// The stations and parameters that a station is computed from, without others between.
  private func stationOperands(of station: NodeID, used: [NodeID]) -> [NodeID] {
    let stops = Set(stations + used)
    var found: Set<NodeID> = []
    var seen: Set<NodeID> = []
    var pending = graph.operands(of: station)
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      if stops.contains(next) { found.insert(next) } else { pending += graph.operands(of: next) }
    }
    return found.sorted()
  }

  /// From the loss down; a parameter as soon as all its users are done.
  private func backwardOrder(moving: Set<NodeID>, used: [NodeID]) -> [NodeID] {
    var lastUser: [NodeID: NodeID] = [:]
    for station in stations.reversed() where moving.contains(station) {
      for operand in stationOperands(of: station, used: used) { lastUser[operand] = station }
    }
    var order: [NodeID] = []
    for station in stations.reversed() where moving.contains(station) {
      order.append(station)
      order += used.filter { lastUser[$0] == station }
    }
    return order
  }
}
