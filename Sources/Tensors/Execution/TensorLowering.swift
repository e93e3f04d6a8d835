// From a graph to the work that a program on arrays does: which values are single numbers, which
// are arrays of their own, and which are only another way through an array that is there anyway.
//
// Nothing is ordered, fused or given memory here.

import CKernels

struct TensorLowering {
  /// What comes to be in an order in which operands come first.
  enum Event {
    case instruction(Int)
    case item(Int)
  }

  /// Where a node's elements are.
  struct Place {
    /// The one number of all its elements.
    var value: ScalarCode.Value?
    /// The array that holds its elements, in their order or by `walk`.
    var item: Int?
    var walk: IndexWalk?
  }

  let graph: Graph
  let outline: ProgramOutline
  var code = ScalarCode()
  private(set) var items: [WorkItem] = []
  private(set) var events: [Event] = []
  var places: [Place]

  init(_ graph: Graph, _ outline: ProgramOutline) throws(TensorError) {
    self.graph = graph
    self.outline = outline
    places = [Place](repeating: Place(), count: graph.nodes.count)
    for id in outline.live { places[id.index] = try lower(id) }
    keepOldValues()
    // What is read from memory at the end must be in memory, in its own order.
    for id in outline.outputs + outline.guards + outline.carries.map(\.from)
    where graph[id].shape.count > 1 {
      _ = dense(id)
    }
    repeatCheapWork()
  }

  /// What is known before the first iteration is computed once a run; but where cheap elementwise
  /// work is only read by more such work of each iteration, doing it again there costs less than
  /// reading its result from memory.
  private mutating func repeatCheapWork() {
    var staysEarly = [Bool](repeating: false, count: items.count)
    var isRead = staysEarly
    for instruction in code.instructions where instruction.isLoad {
      staysEarly[instruction.buffer] = true
    }
    for id in outline.outputs + outline.guards + outline.carries.map(\.from) {
      if let item = places[id.index].item { staysEarly[item] = true }
    }
    for index in items.indices.reversed() {
      if case .elementwise(let operation, _, _) = items[index].kind, items[index].phase == .run,
        isRead[index], !staysEarly[index], Opcode.isCheap(operation)
      {
        items[index].phase = .step
      }
      let isLate = items[index].phase == .step
      for access in items[index].kind.accesses {
        switch access {
        case .number: break
        case .aligned(let source):
          isRead[source] = true
          if !isLate { staysEarly[source] = true }
        case .walk(let source, _): staysEarly[source] = true
        }
      }
      for source in items[index].kind.wholeOperands { staysEarly[source] = true }
    }
  }

  func place(_ id: NodeID) -> Place { places[id.index] }

  // MARK: Adding work

  mutating func add(_ kind: WorkItem.Kind, count: Int, phase: Phase) -> Int {
    items.append(WorkItem(kind: kind, count: count, phase: phase))
    events.append(.item(items.count - 1))
    return items.count - 1
  }

  mutating func note(_ body: (inout ScalarCode) -> ScalarCode.Value) -> ScalarCode.Value {
    let before = code.instructions.count
    let value = body(&code)
    for index in before..<code.instructions.count { events.append(.instruction(index)) }
    return value
  }

  func phase(_ access: WorkItem.Access) -> Phase {
    switch access {
    case .number(let value): code.phase(value)
    case .aligned(let item), .walk(let item, _): items[item].phase
    }
  }

  mutating func elementwise(
    _ operation: Int32, _ operands: [WorkItem.Access], count: Int, rounds: Bool = false
  ) -> Int {
    let phase = operands.map { self.phase($0) }.max() ?? .constant
    return add(.elementwise(operation, operands, rounds: rounds), count: count, phase: phase)
  }

  /// The item that holds the node's elements in their own order; made if there is none.
  mutating func dense(_ id: NodeID) -> Int {
    let place = places[id.index]
    let count = graph[id].shape.count
    if let item = place.item, place.walk == nil { return item }
    let item: Int
    if let source = place.item, let walk = place.walk {
      item = add(.gather(source, walk.collapsed), count: count, phase: items[source].phase)
      places[id.index].walk = nil
    } else if let value = place.value {
      item =
        count == 1
        ? add(.spill(value), count: 1, phase: code.phase(value))
        : elementwise(Int32(dk_move.rawValue), [.number(value)], count: count)
    } else {
      // No elements at all.
      item = add(.input, count: count, phase: .constant)
    }
    places[id.index].item = item
    return item
  }

  /// One element of an item, as a number.
  mutating func load(_ item: Int, _ element: Int) -> ScalarCode.Value {
    let phase = items[item].phase
    let isFloat = outline.precision == .float32
    return note { $0.load(buffer: item, element: element, isFloat: isFloat, phase: phase) }
  }

  func access(_ id: NodeID, in shape: Shape) -> WorkItem.Access {
    let place = places[id.index]
    if let value = place.value { return .number(value) }
    guard let item = place.item else { return .number(ScalarCode.none) }
    let own = place.walk ?? IndexWalk(dense: graph[id].shape)
    let walk = own.broadcast(to: shape)
    // The beginning of a larger array is walked as well: work of another size cannot be done together
    // with the work that makes it, so it has to come later.
    return walk.isDense && items[item].count == shape.count
      ? .aligned(item) : .walk(item, walk.collapsed)
  }

  /// An output that is the old value of a carried input would be gone after the carry.
  private mutating func keepOldValues() {
    let carried = Set(outline.carries.map { places[$0.to.index].item })
    for id in outline.outputs {
      if case .input = graph[id].kind { continue }
      let place = places[id.index]
      if let value = place.value,
        outline.carries.contains(where: { places[$0.to.index].value == value })
      {
        places[id.index].value = note { $0.copy(value) }
      } else if let item = place.item, place.walk == nil, carried.contains(item) {
        places[id.index].item = elementwise(
          Int32(dk_move.rawValue), [.aligned(item)], count: graph[id].shape.count)
      }
    }
  }

  // MARK: Nodes

  private mutating func lower(_ id: NodeID) throws(TensorError) -> Place {
    let node = graph[id]
    let count = node.shape.count
    if count == 0 { return Place() }
    switch node.kind {
    case .constant(let tensor): return constant(tensor, node)
    case .input:
      let phase = outline.phase(id)
      if count == 1 { return Place(value: code.input(phase)) }
      return Place(item: add(.input, count: count, phase: phase))
    case .apply(let operation, let operands, let attributes):
      if let loop = operation.loop,
        let place = indexing(loop, operands, attributes, node)
      {
        return place
      }
      switch operation.kernel {
      case .elementwise(let opcode): return elementwise(opcode, operands, node)
      case .reduce(let reduction): return reduce(reduction, operands[0], attributes, node)
      case .matmul: return try product(operands, node)
      case .view: return view(operands[0], node.shape)
      case .rearrange(let body):
        return rearrange(body, operation.path, operands, node, attributes)
      case .general(let body):
        let inputs = operands.map { dense($0) }
        let phase = inputs.map { items[$0].phase }.max() ?? .constant
        let item = add(
          .call(body, inputs, operands.map { graph[$0].shape }, node.shape, attributes),
          count: count, phase: phase)
        return arrayResult(item, node)
      case .composite: return Place()
      }
    }
  }

  /// A result that a step wrote to memory; a single one is also wanted as a number.
  mutating func arrayResult(_ item: Int, _ node: Node) -> Place {
    node.shape.count == 1 ? Place(value: load(item, 0), item: item) : Place(item: item)
  }

  private mutating func constant(_ tensor: Tensor, _ node: Node) -> Place {
    let first = tensor.elements.first ?? 0
    if tensor.elements.allSatisfy({ $0.bitPattern == first.bitPattern }) {
      return Place(value: code.constant(outline.rounded(first, node.elementType)))
    }
    return Place(item: add(.constant(tensor), count: node.shape.count, phase: .constant))
  }

  private mutating func elementwise(
    _ opcode: Opcode, _ operands: [NodeID], _ node: Node
  ) -> Place {
    let values = operands.compactMap { places[$0.index].value }
    let rounds = outline.rounds(node.elementType)
    if values.count == operands.count {
      let value = note {
        $0.apply(
          opcode, values[0], values.count > 1 ? values[1] : -1, values.count > 2 ? values[2] : -1,
          rounds: rounds)
      }
      return Place(value: value)
    }
    let item = elementwise(
      Int32(opcode.rawValue), operands.map { access($0, in: node.shape) }, count: node.shape.count,
      rounds: rounds && !outline.roundsSteps && opcode.canBeInexact)
    return Place(item: item)
  }
}
