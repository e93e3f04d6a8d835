// Compiles a tiny graph element by element: every element of every value becomes one number of the
// scalar code. Indexing, broadcasting, reshaping and joining then cost nothing; sums and products
// of matrices are written out in their canonical order.
//
// It gives up (returns nil) as soon as the graph turns out not to be tiny.

import CKernels

struct Scalarizer {
  /// More work than this a step is left to loops over arrays.
  static let maximumInstructions = 480
  static let maximumValues = 4096

  private let graph: Graph
  private let plan: ProgramOutline
  private(set) var code = ScalarCode()
  /// For each node, where its elements start in `elements`; -1 if it has none.
  private var start: [Int]
  private var elements: [ScalarCode.Value] = []

  /// The values of a node, row-major.
  func values(_ id: NodeID) -> ArraySlice<ScalarCode.Value> {
    let first = start[id.index]
    return first < 0 ? [] : elements[first..<first + graph[id].shape.count]
  }

  init?(_ graph: Graph, _ plan: ProgramOutline) {
    guard Scalarizer.isTiny(graph, plan) else { return nil }
    self.graph = graph
    self.plan = plan
    start = [Int](repeating: -1, count: graph.nodes.count)
    for id in plan.live {
      guard let values = lower(id), code.instructions.count <= Scalarizer.maximumInstructions,
        elements.count + values.count <= Scalarizer.maximumValues
      else { return nil }
      start[id.index] = elements.count
      elements += values
    }
  }

  /// A bound on the work, before any of it is done.
  private static func isTiny(_ graph: Graph, _ plan: ProgramOutline) -> Bool {
    var work = 0
    var size = 0
    for id in plan.live {
      let node = graph[id]
      guard node.shape.count <= maximumValues else { return false }
      size += node.shape.count
      guard size <= maximumValues else { return false }
      guard case .apply(let operation, let operands, _) = node.kind, plan.phase(id) == .step
      else { continue }
      switch operation.kernel {
      case .elementwise: work += node.shape.count
      case .reduce: work += graph[operands[0]].shape.count
      case .matmul:
        let inner = graph[operands[0]].shape.dimensions.last ?? 1
        guard inner <= maximumValues else { return false }
        work += 2 * node.shape.count * inner
      case .view, .rearrange: break
      case .general, .composite: return false
      }
      guard work <= maximumInstructions else { return false }
    }
    return true
  }

  private mutating func lower(_ id: NodeID) -> [ScalarCode.Value]? {
    let node = graph[id]
    let count = node.shape.count
    switch node.kind {
    case .constant(let tensor):
      return tensor.elements.map { code.constant(plan.rounded($0, node.elementType)) }
    case .input:
      return (0..<count).map { _ in code.input(plan.phase(id)) }
    case .apply(let operation, let operands, let attributes):
      guard operands.allSatisfy({ start[$0.index] >= 0 }) else { return nil }
      let rounds = plan.rounds(node.elementType)
      switch operation.kernel {
      case .elementwise(let opcode):
        return elementwise(opcode, operands, node.shape, rounds: rounds)
      case .reduce(let reduction):
        return reduce(reduction, operands[0], attributes, node, rounds: rounds)
      case .matmul: return matmul(operands, node)
      case .view: return Array(values(operands[0]))
      case .rearrange(let body): return rearrange(body, operands, node, attributes)
      case .general(let body):
        // The loop on arrays rounds each sum.
        if plan.roundsSteps, operation.loop?.adds == true { return nil }
        return general(body, operands, node, attributes)
      case .composite: return nil
      }
    }
  }

  private mutating func elementwise(
    _ opcode: Opcode, _ operands: [NodeID], _ shape: Shape, rounds: Bool
  ) -> [ScalarCode.Value] {
    var result: [ScalarCode.Value] = []
    result.reserveCapacity(shape.count)
    let starts = operands.map { start[$0.index] }
    if operands.allSatisfy({ graph[$0].shape.count == shape.count }) {
      for index in 0..<shape.count {
        result.append(
          code.apply(
            opcode, elements[starts[0] + index],
            starts.count > 1 ? elements[starts[1] + index] : -1,
            starts.count > 2 ? elements[starts[2] + index] : -1, rounds: rounds))
      }
      return result
    }
    let strides = operands.map { Layout.strides(of: graph[$0].shape, broadcastTo: shape) }
    Odometer(shape).forEach(strides) { _, offsets in
      result.append(
        code.apply(
          opcode, elements[starts[0] + offsets[0]],
          starts.count > 1 ? elements[starts[1] + offsets[1]] : -1,
          starts.count > 2 ? elements[starts[2] + offsets[2]] : -1, rounds: rounds))
    }
    return result
  }

  /// The type's own rounding, when it is not that of every step of the fold.
  private mutating func finish(_ value: ScalarCode.Value, _ node: Node) -> ScalarCode.Value {
    !plan.roundsSteps && plan.rounds(node.elementType)
      ? code.apply(.roundToFloat, value, rounds: true) : value
  }

  private mutating func reduce(
    _ reduction: Reduction, _ operand: NodeID, _ attributes: Attributes, _ node: Node, rounds: Bool
  ) -> [ScalarCode.Value] {
    let source = graph[operand].shape
    let strides = Layout.strides(reducing: source, axes: attributes.integers)
    var members = [[ScalarCode.Value]](repeating: [], count: node.shape.count)
    let first = start[operand.index]
    Odometer(source).forEach([strides]) { index, offsets in
      members[offsets[0]].append(elements[first + index])
    }
    let rounds = plan.roundsSteps && rounds
    return members.map { members in
      guard !members.isEmpty else { return code.constant(reduction.identity) }
      let folded = CanonicalOrder.fold(members) { a, b in
        code.apply(reduction.opcode, a, b, rounds: rounds)
      }
      return finish(folded, node)
    }
  }

  private mutating func matmul(_ operands: [NodeID], _ node: Node) -> [ScalarCode.Value]? {
    guard let product = MatrixProduct(graph[operands[0]].shape, graph[operands[1]].shape)
    else { return nil }
    let rounds = plan.roundsSteps && plan.rounds(node.elementType)
    let left = start[operands[0].index]
    let right = start[operands[1].index]
    var result: [ScalarCode.Value] = []
    for batch in product.batches {
      for row in 0..<product.rows {
        for column in 0..<product.columns {
          guard product.inner > 0 else {
            result.append(code.constant(0))
            continue
          }
          func term(_ k: Int) -> ScalarCode.Value {
            code.apply(
              .multiply, elements[left + batch.left + row * product.inner + k],
              elements[right + batch.right + k * product.columns + column], rounds: rounds)
          }
          var total: ScalarCode.Value
          if product.foldsInLanes {
            let terms = (0..<product.inner).map { term($0) }
            total = CanonicalOrder.fold(terms) { a, b in
              code.apply(.add, a, b, rounds: rounds)
            }
          } else {
            total = term(0)
            for k in 1..<max(product.inner, 1) {
              total = code.apply(.add, total, term(k), rounds: rounds)
            }
          }
          result.append(finish(total, node))
        }
      }
    }
    return result
  }

  /// Lets the kernel move the numbers' own names, 1 above so that 0 stays nothing.
  private mutating func rearrange(
    _ body: (KernelCall) -> Void, _ operands: [NodeID], _ node: Node, _ attributes: Attributes
  ) -> [ScalarCode.Value]? {
    let names = operands.map { values($0).map { Double($0) + 1 } }
    let moved = Scalarizer.call(body, names, operands.map { graph[$0].shape }, node, attributes)
    let zero = code.constant(0)
    return moved.map { $0 >= 1 ? ScalarCode.Value($0) - 1 : zero }
  }

  /// Any other operation is carried out now, if its operands are known now.
  private mutating func general(
    _ body: (KernelCall) -> Void, _ operands: [NodeID], _ node: Node, _ attributes: Attributes
  ) -> [ScalarCode.Value]? {
    var inputs: [[Double]] = []
    for operand in operands {
      var numbers: [Double] = []
      for value in values(operand) {
        guard let number = code.number(value) else { return nil }
        numbers.append(number)
      }
      inputs.append(numbers)
    }
    let output = Scalarizer.call(body, inputs, operands.map { graph[$0].shape }, node, attributes)
    return output.map { code.constant(plan.rounded($0, node.elementType)) }
  }

  static func call(
    _ body: (KernelCall) -> Void, _ inputs: [[Double]], _ shapes: [Shape], _ node: Node,
    _ attributes: Attributes
  ) -> [Double] {
    let buffers = inputs.map { input in
      let buffer = UnsafeMutableBufferPointer<Double>.allocate(capacity: input.count)
      _ = buffer.initialize(from: input)
      return buffer
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    var output = [Double](repeating: 0, count: node.shape.count)
    output.withUnsafeMutableBufferPointer { output in
      body(
        KernelCall(
          inputs: buffers.map { UnsafeBufferPointer($0) }, inputShapes: shapes, output: output,
          outputShape: node.shape, attributes: attributes))
    }
    return output
  }
}
