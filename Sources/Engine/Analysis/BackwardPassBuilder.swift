// Which operations a backward pass lists, under which names, with which numbers.

import Diagnostics
import Notation
import Optimizers
import Tensors

struct BackwardPassBuilder {
  let lowering: Lowering
  let loss: NodeID
  let lossName: Name
  var labels: [NodeID: Name]
  let parameters: [NodeID]
  let layers: LayerNames
  let span: Span
  /// The nodes with a line of their own, operands first.
  var stations: [NodeID] = []
  var isSummary = false

  init(
    lowering: Lowering, loss: NodeID, lossName: Name, labels: [NodeID: Name],
    parameters: [NodeID], layers: LayerNames, span: Span
  ) {
    self.lowering = lowering
    self.loss = loss
    self.lossName = lossName
    self.labels = labels.merging(layers.names) { own, _ in own }
    self.parameters = parameters
    self.layers = layers
    self.span = span
  }

  var graph: Graph { lowering.graph }

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
    for node in stations {
      pass.forward.append(line(name(of: node), node, known, in: layers.layer(of: node)))
    }
    let adjoints = try adjointNodes(moving: moving, used: used)
    for node in backwardOrder(moving: moving, used: used) {
      guard let adjoint = adjoints[node] else { continue }
      let name = BackwardPass.adjoint(of: name(of: node), loss: lossName)
      pass.backward.append(line(name, adjoint, known, in: layer(of: node)))
    }
    return pass
  }

  func name(of node: NodeID) -> Name {
    if case .input(let path) = graph[node].kind { return Name(canonical: path) }
    return labels[node] ?? lossName
  }

  // MARK: Which operations are listed

  mutating func chooseStations() throws(Diagnostic) {
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
    let taken = Set(labels.values.map(\.canonical) + inputNames)
    var names = PartNames(taken: taken, stems: ["a", "r", "u", "s"])
    var sums = PartNames(taken: taken, stems: ["z", "n", "s", "q"])
    let preactivations = Set(stations.filter(isPreactivation))
    for node in stations where labels[node] == nil {
      labels[node] = preactivations.contains(node) ? sums.next() : names.next()
    }
  }

  var inputNames: [String] {
    graph.nodes.compactMap { node in
      if case .input(let path) = node.kind { return path }
      return nil
    }
  }

  /// A change of sign, of scale or of shape is no step of its own.
  func isPlain(_ node: NodeID, _ moving: Set<NodeID>) -> Bool {
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
  func partOf(_ node: NodeID, _ uses: [NodeID: Int]) -> [NodeID] {
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

  /// A product with a matrix, to which other terms may be added: W @ x + b.
  func isPreactivation(_ node: NodeID) -> Bool {
    guard case .apply(let operation, let operands, _) = graph[node].kind else { return false }
    if operation == .matmul { return true }
    guard operation == .add || operation == .subtract else { return false }
    return operands.contains { labels[$0] == nil && isPreactivation($0) }
  }

  /// Everything in the graph that changes when these do.
  func dependents(of roots: [NodeID]) -> Set<NodeID> {
    var found = Set(roots)
    for (index, node) in graph.nodes.enumerated() {
      guard case .apply(_, let operands, _) = node.kind else { continue }
      if operands.contains(where: { found.contains($0) }) { found.insert(NodeID(index)) }
    }
    return found
  }

  // MARK: Lines

  func layer(of node: NodeID) -> String? {
    if case .input(let path) = graph[node].kind { return layers.layer(ofParameter: path) }
    return layers.layer(of: node)
  }

  func line(
    _ name: Name, _ node: NodeID, _ known: [Name: Tensor], in layer: String?
  ) -> BackwardPass.Line {
    let formula = Readback(graph, names: labels).formula(of: node)?.textbook
    var operands: [Name: Tensor] = [:]
    for part in formula?.expression.names ?? [] { operands[part] = known[part] }
    return BackwardPass.Line(
      name: name, formula: formula, value: known[name] ?? Tensor(.nan), operands: operands,
      layer: layer)
  }

  /// Small named constants, so that their numbers can be put in.
  func constants(at moment: Moment) throws(Diagnostic) -> [(Name, Tensor)] {
    let small = labels.keys.sorted().filter { node in
      guard graph[node].shape.count <= 64, !stations.contains(node) else { return false }
      if case .input = graph[node].kind { return true }
      return graph.isConstant(node)
    }
    let values = try moment.values(of: small, in: lowering)
    return zip(small, values).map { (labels[$0] ?? lossName, $1) }
  }
}
