// A graph's node as a formula: the way back from what is computed to what can be read.
//
// Reading stops at nodes that have a name. Lowering the formula again gives the same numbers up to
// rounding. A part used several times, or too long for a line, becomes a line of its own; a formula of
// more than `maximumOperations` is refused, so nothing here grows without bound. The walk over a whole
// formula is a loop; only reading single elements recurses, and no deeper than `maximumDepth`.

import Notation
import Tensors

package final class Readback {
  /// More operations than this are no formula anyone reads.
  package static let maximumOperations = 400
  /// A formula up to this size stands on one line, whatever occurs twice in it.
  static let inlineSize = 64
  /// How long a line may get before a part of it gets a name.
  static let lineSize = 48
  static let maximumParts = 60
  static let maximumDepth = 120
  /// How many single elements may be looked up for one formula.
  static let maximumElements = 4000
  /// Vectors up to this size are written out element by element where that reads best.
  static let listSize = 6

  /// A formula and how many signs it takes, all told.
  struct Written {
    var expression: Expression
    var size: Int
  }

  struct ElementKey: Hashable {
    let node: NodeID
    let pattern: [Int?]
  }

  let graph: Graph
  let names: [NodeID: Name]
  /// Whether reshapes by axes of size 1 are left out.
  let omitsUnitAxes: Bool
  /// The node being read, whose own name is of no use in its formula.
  var root: NodeID?
  var written: [NodeID: Written] = [:]
  var elements: [ElementKey: Written?] = [:]
  var elementCount = 0
  var depth = 0
  var hidesUnitAxes = false
  private var parts: [Formula.Part] = []
  private var shared: Set<NodeID> = []
  /// Nodes whose value has zeros put in, which only a list of elements shows well.
  private var padded: Set<NodeID> = []
  private var stems = PartNames(taken: [])

  /// - Parameters:
  ///   - names: what nodes are called; where several names would do, the caller has chosen.
  ///   - omitsUnitAxes: false keeps every reshape, so that the formula lowers to the same shapes.
  package init(_ graph: Graph, names: [NodeID: Name], omitsUnitAxes: Bool = true) {
    self.graph = graph
    self.names = names
    self.omitsUnitAxes = omitsUnitAxes
  }

  /// How many operations lie between a node and the named ones.
  package func operationCount(of node: NodeID) -> Int {
    root = node
    return unnamed(from: node).count
  }

  /// The formula of a node, or of a part of it; nil when it is too large.
  /// - Parameters:
  ///   - pattern: for each axis an index, or nil for all of it. Indices are in range.
  ///   - expanding: whether the node is written out even if it has a name.
  package func formula(of node: NodeID, at pattern: [Int?]? = nil, expanding: Bool = true)
    -> Formula?
  {
    reset()
    root = expanding ? node : nil
    let unnamed = unnamed(from: node)
    guard unnamed.count <= Readback.maximumOperations else { return nil }
    let result: Written
    if let pattern, pattern.contains(where: { $0 != nil }) {
      let element = element(node, pattern) ?? Written(expression: .made(0), size: 1)
      if element.size <= Readback.inlineSize {
        result = element
      } else {
        // Too long in one piece: the whole in lines, then the place.
        reset()
        findShared(in: unnamed, root: node)
        let whole = whole(node)
        result = Written(
          expression: subscripted(whole.expression, pattern), size: whole.size + 1)
      }
    } else {
      findShared(in: unnamed, root: node)
      result = whole(node)
    }
    guard parts.count <= Readback.maximumParts, result.size <= 4 * Readback.inlineSize else {
      return nil
    }
    return Formula(
      parts: needed(by: result.expression), expression: result.expression,
      hidesUnitAxes: hidesUnitAxes)
  }

  private func reset() {
    written = [:]
    elements = [:]
    parts = []
    shared = []
    padded = []
    elementCount = 0
    depth = 0
    hidesUnitAxes = false
    stems = PartNames(taken: takenNames)
  }

  /// The parts that a formula leans on; others were made on the way and came to nothing.
  private func needed(by expression: Expression) -> [Formula.Part] {
    var names = Set(expression.names)
    var kept: [Formula.Part] = []
    for part in parts.reversed() where names.contains(part.name) {
      kept.append(part)
      names.formUnion(part.expression?.names ?? [])
    }
    return kept.reversed()
  }

  /// Whether a node has a line of its own.
  func isShared(_ node: NodeID) -> Bool { shared.contains(node) }

  // MARK: Names

  /// What a node is called, if its name is to be used.
  func name(of node: NodeID) -> Name? {
    if node == root { return nil }
    switch graph[node].kind {
    case .input(let path): return names[node] ?? Name(canonical: path)
    case .constant(let tensor):
      // A 2 stays a 2, whatever definition happens to be 2.
      if let value = tensor.scalar, tensor.shape.isScalar, value == value.rounded(),
        abs(value) <= 10
      {
        return nil
      }
      return names[node]
    case .apply: return names[node]
    }
  }

  private var takenNames: Set<String> {
    var taken = Set(names.values.map(\.canonical))
    for node in graph.nodes { if case .input(let path) = node.kind { taken.insert(path) } }
    return taken
  }

  /// Gives a node a line of its own and returns the name that stands for it.
  func addPart(_ node: NodeID, _ expression: Expression?) -> Written {
    let name = expression == nil ? stems.nextConstant() : stems.next()
    parts.append(
      Formula.Part(name: name, expression: expression, node: node, shape: graph[node].shape))
    return Written(expression: .made(name), size: 1)
  }

  // MARK: Whole nodes

  /// The operations a node depends on up to named ones, operands first, itself included.
  private func unnamed(from node: NodeID) -> [NodeID] {
    var found: Set<NodeID> = []
    var pending = [node]
    while let next = pending.popLast() {
      guard case .apply(_, let operands, _) = graph[next].kind, name(of: next) == nil,
        found.insert(next).inserted
      else { continue }
      pending += operands
    }
    return found.sorted()
  }

  /// Marks what gets a line of its own. Nothing does where all of it fits on one.
  private func findShared(in order: [NodeID], root: NodeID) {
    var sizes: [NodeID: Int] = [:]
    var uses: [NodeID: Int] = [:]
    for node in order {
      let operands = graph.operands(of: node)
      sizes[node] = operands.reduce(1) { min(1 << 20, $0 + (sizes[$1] ?? 1)) }
      for operand in operands { uses[operand, default: 0] += 1 }
    }
    guard let total = sizes[root], total > Readback.inlineSize else { return }
    for node in order where node != root {
      if uses[node, default: 0] > 1, sizes[node, default: 0] >= 5, !isPlain(node) {
        shared.insert(node)
      }
    }
  }

  /// Only another view of one thing: no line of its own is worth it.
  private func isPlain(_ node: NodeID) -> Bool {
    guard case .apply(let operation, _, _) = graph[node].kind else { return true }
    switch operation.kernel {
    case .view, .rearrange: return true
    default: return false
    }
  }

  /// The formula of a whole node.
  func whole(_ node: NodeID) -> Written {
    if let known = written[node] { return known }
    for part in unnamed(from: node) where written[part] == nil {
      var result = compose(part)
      if part != node, shared.contains(part) || result.size > Readback.lineSize,
        parts.count <= Readback.maximumParts
      {
        result = addPart(part, result.expression)
      }
      written[part] = result
    }
    if let known = written[node] { return known }
    let leaf = leaf(node)
    written[node] = leaf
    return leaf
  }

  /// An operand that is already written.
  private func operand(_ node: NodeID) -> Written {
    if let known = written[node] { return known }
    let leaf = leaf(node)
    written[node] = leaf
    return leaf
  }

  /// A named node, an input or a constant.
  private func leaf(_ node: NodeID) -> Written {
    if let name = name(of: node) { return Written(expression: .made(name), size: 1) }
    switch graph[node].kind {
    case .input(let path):
      return Written(expression: .made(Name(canonical: path)), size: 1)
    case .constant(let tensor): return constant(tensor, node)
    case .apply:
      // A node that only has a name as the root of what is read.
      return Written(expression: .made(names[node] ?? Name(canonical: "?")), size: 1)
    }
  }

  private func constant(_ tensor: Tensor, _ node: NodeID) -> Written {
    guard tensor.shape.count <= 2 * Readback.listSize, tensor.shape.count > 0 else {
      return addPart(node, nil)
    }
    return Written(
      expression: .literal(tensor.elements, tensor.shape.dimensions[...]), size: tensor.shape.count)
  }

  /// One operation, its operands being written already.
  private func compose(_ node: NodeID) -> Written {
    guard case .apply(let operation, let operands, let attributes) = graph[node].kind else {
      return leaf(node)
    }
    if isPadded(node, operation, operands) {
      padded.insert(node)
      if let list = listed(node) { return list }
    }
    if operation == .slice, let picked = pickedFromPadded(operands[0], attributes) { return picked }
    let inputs = operands.map { operand($0) }
    let size = inputs.reduce(1) { min(1 << 20, $0 + $1.size) }
    let expression = expression(
      node, operation, inputs.map(\.expression), operands: operands, attributes)
    return Written(expression: expression, size: size)
  }

  private func isPadded(_ node: NodeID, _ operation: Operation, _ operands: [NodeID]) -> Bool {
    if operation == .pad { return true }
    guard case .elementwise = operation.kernel else { return false }
    return operands.contains { padded.contains($0) }
  }

  /// One element of what has zeros put in: the element itself, or 0.
  private func pickedFromPadded(_ operand: NodeID, _ attributes: Attributes) -> Written? {
    let slices = AxisSlice.decode(attributes)
    guard padded.contains(operand), slices.allSatisfy(\.dropsAxis),
      slices.count == graph[operand].shape.rank
    else { return nil }
    return element(operand, slices.map(\.start)) ?? Written(expression: .made(0), size: 1)
  }

  /// A small vector element by element: `[2·w[0], 0]`.
  private func listed(_ node: NodeID) -> Written? {
    let shape = graph[node].shape
    guard shape.rank == 1, shape.count > 0, shape.count <= Readback.listSize else { return nil }
    var items: [Expression] = []
    var size = 1
    for i in 0..<shape.count {
      let item = element(node, [i]) ?? Written(expression: .made(0), size: 1)
      items.append(item.expression)
      size = min(1 << 20, size + item.size)
    }
    guard size <= 3 * Readback.inlineSize else { return nil }
    return Written(expression: .made(.list(items)), size: size)
  }
}

extension Expression {
  /// `[[1, 2], [3, 4]]`
  static func literal(_ elements: [Double], _ dimensions: ArraySlice<Int>) -> Expression {
    guard let first = dimensions.first else { return .made(elements.first ?? 0) }
    let size = elements.count / max(1, first)
    return .made(
      .list(
        (0..<first).map {
          literal(Array(elements[$0 * size..<($0 + 1) * size]), dimensions.dropFirst())
        }))
  }
}
