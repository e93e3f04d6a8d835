// From a graph to the work that a program on arrays does: which values are single numbers, which
// are arrays of their own, and which are only another way through an array that is there anyway.
//
// Nothing is ordered, fused or given memory here.

import CKernels

/// Something that computes an array, or holds one.
struct WorkItem {
  /// Where an elementwise operation finds an operand.
  enum Access: Hashable {
    /// One number for all elements.
    case number(ScalarCode.Value)
    /// The element at the same position of another item.
    case aligned(Int)
    /// An element at another position of another item.
    case walk(Int, IndexWalk)
  }

  enum Kind {
    /// Memory that is written from outside, or once at the start.
    case input
    case constant(Tensor)
    case elementwise(Int32, [Access], rounds: Bool)
    /// Folds all elements into a number.
    case total(Reduction, Access, into: ScalarCode.Value)
    /// [outer, count, inner] folded over the middle.
    case fold(Reduction, Int, outer: Int, count: Int, inner: Int, rounds: Bool)
    case product(ProductPlan)
    case gather(Int, IndexWalk)
    case runs([ElementRun])
    /// Copies the rows of `source`, `length` elements each, that the elements of `index` name.
    case rows(source: Int, index: Int, length: Int)
    case call(@Sendable (KernelCall) -> Void, [Int], [Shape], Shape, Attributes)
    /// Holds a number for those that read memory.
    case spill(ScalarCode.Value)
  }

  var kind: Kind
  var count: Int
  var phase: Phase
}

/// Neighbours that stay neighbours when they are moved; no item stands for zeros.
struct ElementRun {
  var item: Int?
  var from: Int
  var to: Int
  var count: Int
}

/// A matrix product on items, with the strides of each operand.
struct ProductPlan {
  var left: Int
  var right: Int
  var rows: Int
  var inner: Int
  var columns: Int
  var leftStrides: (row: Int, column: Int)
  var rightStrides: (row: Int, column: Int)
  var places: [Int]
  var rounds: Bool
}

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
  private(set) var code = ScalarCode()
  private(set) var items: [WorkItem] = []
  private(set) var events: [Event] = []
  private(set) var places: [Place]

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

  private mutating func add(_ kind: WorkItem.Kind, count: Int, phase: Phase) -> Int {
    items.append(WorkItem(kind: kind, count: count, phase: phase))
    events.append(.item(items.count - 1))
    return items.count - 1
  }

  private mutating func note(_ body: (inout ScalarCode) -> ScalarCode.Value) -> ScalarCode.Value {
    let before = code.instructions.count
    let value = body(&code)
    for index in before..<code.instructions.count { events.append(.instruction(index)) }
    return value
  }

  private func phase(_ access: WorkItem.Access) -> Phase {
    switch access {
    case .number(let value): code.phase(value)
    case .aligned(let item), .walk(let item, _): items[item].phase
    }
  }

  private mutating func elementwise(
    _ operation: Int32, _ operands: [WorkItem.Access], count: Int, rounds: Bool = false
  ) -> Int {
    let phase = operands.map { self.phase($0) }.max() ?? .constant
    return add(.elementwise(operation, operands, rounds: rounds), count: count, phase: phase)
  }

  /// The item that holds the node's elements in their own order; made if there is none.
  private mutating func dense(_ id: NodeID) -> Int {
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
  private mutating func load(_ item: Int, _ element: Int) -> ScalarCode.Value {
    let phase = items[item].phase
    let isFloat = outline.precision == .float32
    return note { $0.load(buffer: item, element: element, isFloat: isFloat, phase: phase) }
  }

  private func access(_ id: NodeID, in shape: Shape) -> WorkItem.Access {
    let place = places[id.index]
    if let value = place.value { return .number(value) }
    guard let item = place.item else { return .number(ScalarCode.none) }
    let own = place.walk ?? IndexWalk(dense: graph[id].shape)
    let walk = own.broadcast(to: shape)
    return walk.isDense ? .aligned(item) : .walk(item, walk.collapsed)
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
      switch operation.kernel {
      case .elementwise(let opcode): return elementwise(opcode, operands, node)
      case .reduce(let reduction): return reduce(reduction, operands[0], attributes, node)
      case .matmul: return try product(operands, node)
      case .view: return view(operands[0], node.shape)
      case .rearrange(let body): return rearrange(body, operands, node, attributes)
      case .general where operation == .gather && isOfRows(operands, attributes):
        let (source, index) = (dense(operands[0]), dense(operands[1]))
        let item = add(
          .rows(
            source: source, index: index, length: count / max(1, graph[operands[1]].shape.count)),
          count: count, phase: max(items[source].phase, items[index].phase))
        return arrayResult(item, node)
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

  /// Whether a gather takes whole rows, or blocks of rows, by one index tensor.
  private func isOfRows(_ operands: [NodeID], _ attributes: Attributes) -> Bool {
    operands.count == 2 && attributes.integers.first == -graph[operands[0]].shape.rank
  }

  /// A result that a step wrote to memory; a single one is also wanted as a number.
  private mutating func arrayResult(_ item: Int, _ node: Node) -> Place {
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

  private mutating func reduce(
    _ reduction: Reduction, _ operand: NodeID, _ attributes: Attributes, _ node: Node
  ) -> Place {
    let shape = graph[operand].shape
    if shape.count == 0 { return Place(value: code.constant(reduction.identity)) }
    if shape.count == 1 { return places[operand.index] }
    let rounds = outline.rounds(node.elementType) && !outline.roundsSteps
    if node.shape.count == 1 {
      var access = access(operand, in: shape)
      if case .number = access { access = .aligned(dense(operand)) }
      let phase = phase(access)
      var value = code.input(phase)
      _ = add(.total(reduction, access, into: value), count: shape.count, phase: phase)
      if rounds { value = note { [value] in $0.apply(.roundToFloat, value, rounds: true) } }
      return Place(value: value)
    }
    // The axes that matter, kept and folded ones in turn.
    let folded = Layout.folded(shape, axes: attributes.integers)
    var sizes: [(size: Int, isFolded: Bool)] = []
    for axis in folded.indices where shape.dimensions[axis] != 1 {
      if let last = sizes.last, last.isFolded == folded[axis] {
        sizes[sizes.count - 1].size *= shape.dimensions[axis]
      } else {
        sizes.append((shape.dimensions[axis], folded[axis]))
      }
    }
    guard sizes.contains(where: \.isFolded) else { return view(operand, node.shape) }
    var source = dense(operand)
    var outer = 1
    var inner = 1
    var count = 1
    if sizes.count(where: \.isFolded) == 1 {
      let middle = sizes.firstIndex(where: \.isFolded) ?? 0
      outer = sizes[..<middle].reduce(1) { $0 * $1.size }
      count = sizes[middle].size
      inner = sizes[(middle + 1)...].reduce(1) { $0 * $1.size }
    } else {
      // Bring the folded axes to the end first.
      let strides = Layout.strides(of: shape, broadcastTo: shape)
      let order = folded.indices.filter { !folded[$0] } + folded.indices.filter { folded[$0] }
      let walk = IndexWalk(
        base: 0, sizes: order.map { shape.dimensions[$0] }, strides: order.map { strides[$0] })
      source = add(.gather(source, walk.collapsed), count: shape.count, phase: items[source].phase)
      outer = node.shape.count
      count = shape.count / outer
    }
    let item = add(
      .fold(reduction, source, outer: outer, count: count, inner: inner, rounds: rounds),
      count: node.shape.count, phase: items[source].phase)
    return Place(item: item)
  }

  // MARK: Moving

  private mutating func view(_ operand: NodeID, _ shape: Shape) -> Place {
    let place = places[operand.index]
    guard let walk = place.walk, let item = place.item else { return place }
    var positions = [Int](repeating: 0, count: walk.count)
    walk.visit { positions[$0] = $1 }
    if let walk = IndexWalk(positions, shape: shape) { return Place(item: item, walk: walk) }
    return Place(item: dense(operand))
  }

  private mutating func rearrange(
    _ body: (KernelCall) -> Void, _ operands: [NodeID], _ node: Node, _ attributes: Attributes
  ) -> Place {
    let shapes = operands.map { graph[$0].shape }
    // One operand that is itself a walk is seen through: its positions are moved.
    if operands.count == 1, let item = places[operands[0].index].item,
      let walk = places[operands[0].index].walk
    {
      var names = [Double](repeating: 0, count: walk.count)
      walk.visit { names[$0] = Double($1) + 1 }
      let moved = Scalarizer.call(body, [names], shapes, node, attributes)
      if let place = walkPlace(moved, item, node) { return place }
    }
    var names: [[Double]] = []
    var total = 0
    for shape in shapes {
      names.append((0..<shape.count).map { Double(total + $0 + 1) })
      total += shape.count
    }
    let moved = Scalarizer.call(body, names, shapes, node, attributes)
    if operands.count == 1 {
      let place = places[operands[0].index]
      if let value = place.value, moved.allSatisfy({ $0 > 0 }) { return Place(value: value) }
      if let item = place.item, place.walk == nil, let result = walkPlace(moved, item, node) {
        return result
      }
    }
    if node.shape.count == 1 { return single(moved[0], operands) }
    return runs(moved, operands, node)
  }

  /// Elements of one item, by a walk or one by one.
  private mutating func walkPlace(_ moved: [Double], _ item: Int, _ node: Node) -> Place? {
    guard moved.allSatisfy({ $0 > 0 }) else { return nil }
    guard let walk = IndexWalk(moved.map { Int($0) - 1 }, shape: node.shape) else { return nil }
    if walk.isRepetition { return Place(value: load(item, walk.base)) }
    if walk.isDense, items[item].count == walk.count { return Place(item: item) }
    return walk.sizes.count <= Int(dk_maximum_rank.rawValue) ? Place(item: item, walk: walk) : nil
  }

  private mutating func single(_ name: Double, _ operands: [NodeID]) -> Place {
    var position = Int(name) - 1
    guard position >= 0 else { return Place(value: code.constant(0)) }
    for operand in operands {
      let count = graph[operand].shape.count
      if position < count {
        if let value = places[operand.index].value { return Place(value: value) }
        return Place(value: load(dense(operand), position))
      }
      position -= count
    }
    return Place(value: code.constant(0))
  }

  private mutating func runs(_ moved: [Double], _ operands: [NodeID], _ node: Node) -> Place {
    let sources = operands.map { graph[$0].shape.count > 0 ? dense($0) : -1 }
    let ends = operands.reduce(into: [0]) { $0.append(($0.last ?? 0) + graph[$1].shape.count) }
    var runs: [ElementRun] = []
    var operand = 0
    for (index, name) in moved.enumerated() {
      let position = Int(name) - 1
      if position < 0 {
        if let last = runs.last, last.item == nil {
          runs[runs.count - 1].count += 1
        } else {
          runs.append(ElementRun(item: nil, from: 0, to: index, count: 1))
        }
        continue
      }
      while position < ends[operand] { operand -= 1 }
      while position >= ends[operand + 1] { operand += 1 }
      let from = position - ends[operand]
      if let last = runs.last, last.item == sources[operand], last.from + last.count == from {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(ElementRun(item: sources[operand], from: from, to: index, count: 1))
      }
    }
    let phase = sources.map { $0 < 0 ? .constant : items[$0].phase }.max() ?? .constant
    return Place(item: add(.runs(runs), count: node.shape.count, phase: phase))
  }

  // MARK: Matrix products

  private mutating func product(_ operands: [NodeID], _ node: Node) throws(TensorError) -> Place {
    let shapes = operands.map { graph[$0].shape }
    guard let sizes = MatrixProduct(shapes[0], shapes[1]) else {
      throw .shapeMismatch(operation: "@", shapes[0], shapes[1])
    }
    if sizes.inner == 0 { return Place(value: code.constant(0)) }
    var left = matrix(operands[0], isLeft: true)
    var right = matrix(operands[1], isLeft: false)
    // The kernels for vectors read the vector, and the matrix in one direction, without gaps.
    if sizes.columns == 1 {
      if right.row != 1, sizes.inner > 1 { right = denseMatrix(operands[1], isLeft: false) }
      if left.row != 1, left.column != 1 { left = denseMatrix(operands[0], isLeft: true) }
      if sizes.rows == 1 {
        if left.column != 1, sizes.inner > 1 { left = denseMatrix(operands[0], isLeft: true) }
        left.row = 0
      }
    } else if sizes.rows == 1 {
      if left.column != 1, sizes.inner > 1 { left = denseMatrix(operands[0], isLeft: true) }
      if right.row != 1, right.column != 1 { right = denseMatrix(operands[1], isLeft: false) }
    }
    let batch = Shape(
      Array(
        node.shape.dimensions.dropLast(
          (shapes[0].rank > 1 ? 1 : 0) + (shapes[1].rank > 1 ? 1 : 0))))
    var places: [Int] = []
    let strides = [left, right].map { operand in
      IndexWalk(base: 0, sizes: operand.batchSizes, strides: operand.batchStrides)
        .broadcast(to: batch).strides
    }
    Odometer(batch).forEach(strides) { _, offsets in
      places.append(left.base + offsets[0])
      places.append(right.base + offsets[1])
    }
    let plan = ProductPlan(
      left: left.item, right: right.item, rows: sizes.rows, inner: sizes.inner,
      columns: sizes.columns, leftStrides: (left.row, left.column),
      rightStrides: (right.row, right.column), places: places,
      rounds: outline.rounds(node.elementType) && !outline.roundsSteps)
    let phase = max(items[left.item].phase, items[right.item].phase)
    return arrayResult(add(.product(plan), count: node.shape.count, phase: phase), node)
  }

  private struct Matrix {
    var item: Int
    var base: Int
    var row: Int
    var column: Int
    var batchSizes: [Int]
    var batchStrides: [Int]
  }

  private mutating func denseMatrix(_ id: NodeID, isLeft: Bool) -> Matrix {
    _ = dense(id)
    return matrix(id, isLeft: isLeft)
  }

  private mutating func matrix(_ id: NodeID, isLeft: Bool) -> Matrix {
    let place = places[id.index]
    let item = place.walk == nil ? dense(id) : place.item ?? dense(id)
    let walk = place.walk ?? IndexWalk(dense: graph[id].shape)
    let rank = walk.sizes.count
    if rank == 1 {
      let stride = walk.sizes[0] == 1 ? 1 : walk.strides[0]
      return Matrix(
        item: item, base: walk.base, row: isLeft ? 0 : stride, column: isLeft ? stride : 1,
        batchSizes: [], batchStrides: [])
    }
    // The stride of an axis of size 1 is free; what a dense matrix would have suits the kernels.
    let columns = walk.sizes[rank - 1]
    let column = columns == 1 ? 1 : walk.strides[rank - 1]
    let row = walk.sizes[rank - 2] == 1 ? columns : walk.strides[rank - 2]
    return Matrix(
      item: item, base: walk.base, row: row, column: column,
      batchSizes: Array(walk.sizes.dropLast(2)), batchStrides: Array(walk.strides.dropLast(2)))
  }
}
