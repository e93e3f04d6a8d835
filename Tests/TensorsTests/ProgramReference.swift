// The plainest evaluation of a graph, for programs to be compared with: every node computed whole,
// one after the other, from the definitions of the scalar functions and the canonical order of sums.

@testable import Tensors

struct ReferenceProgram {
  private(set) var graph: Graph
  var carries: [Program.Carry] = []
  var precision = Program.Precision.float64
  var values: [NodeID: [Double]] = [:]

  init(_ graph: Graph, carries: [Program.Carry] = [], precision: Program.Precision = .float64) {
    self.graph = graph
    self.carries = carries
    self.precision = precision
  }

  private func rounds(_ id: NodeID) -> Bool {
    switch graph[id].elementType {
    case .float64: precision == .float32
    case .float32: true
    case .int64, .bool: false
    }
  }

  private func rounded(_ x: Double, _ id: NodeID) -> Double { rounds(id) ? toFloat(x) : x }

  /// A float32 program has no numbers below the normal range.
  private func toFloat(_ x: Double) -> Double {
    let float = Float(x)
    return precision == .float32 && float.isSubnormal ? (x < 0 ? -0.0 : 0) : Double(float)
  }

  mutating func write(_ elements: [Double], to id: NodeID) {
    values[id] = elements.map { rounded($0, id) }
  }

  /// One iteration over everything the roots depend on; carried values are applied.
  mutating func step(_ roots: [NodeID]) {
    let roots = roots + carries.map(\.from)
    let images = (try? graph.expandComposites(in: roots)) ?? [:]
    for id in graph.reachable(from: roots.map { images[$0] ?? $0 }) { compute(id) }
    for (composite, image) in images { values[composite] = values[image] }
    let carried = carries.map { values[$0.from] ?? [] }
    for (carry, value) in zip(carries, carried) { values[carry.to] = value }
  }

  private mutating func compute(_ id: NodeID) {
    let node = graph[id]
    switch node.kind {
    case .input: return
    case .constant(let tensor): values[id] = tensor.elements.map { rounded($0, id) }
    case .apply(let operation, let operands, let attributes):
      let inputs = operands.map { values[$0] ?? [] }
      let shapes = operands.map { graph[$0].shape }
      let roundsEach = precision == .float32 && rounds(id)
      func round(_ x: Double) -> Double { roundsEach ? toFloat(x) : x }
      var result = [Double](repeating: 0, count: node.shape.count)
      switch operation.kernel {
      case .elementwise(let opcode):
        let strides = shapes.map { Layout.strides(of: $0, broadcastTo: node.shape) }
        Odometer(node.shape).forEach(strides) { index, offsets in
          let x = zip(inputs, offsets).map { $0[$1] } + [0, 0]
          result[index] = opcode.apply(x[0], x[1], x[2])
        }
      case .reduce(let reduction):
        var members = [[Double]](repeating: [], count: node.shape.count)
        let strides = Layout.strides(reducing: shapes[0], axes: attributes.integers)
        Odometer(shapes[0]).forEach([strides]) { index, offsets in
          members[offsets[0]].append(inputs[0][index])
        }
        result = members.map { members in
          members.isEmpty
            ? reduction.identity
            : CanonicalOrder.fold(members) {
              round(reduction.opcode.apply($0, $1))
            }
        }
      case .matmul:
        guard let product = MatrixProduct(shapes[0], shapes[1]) else { return }
        result = []
        for batch in product.batches {
          for row in 0..<product.rows {
            for column in 0..<product.columns {
              let terms = (0..<product.inner).map { k in
                round(
                  inputs[0][batch.left + row * product.inner + k]
                    * inputs[1][batch.right + k * product.columns + column])
              }
              if terms.isEmpty {
                result.append(0)
              } else if product.foldsInLanes {
                result.append(CanonicalOrder.fold(terms) { round($0 + $1) })
              } else {
                result.append(terms.dropFirst().reduce(terms[0]) { round($0 + $1) })
              }
            }
          }
        }
      case .view: result = inputs[0]
      case .general where roundsEach && operation.loop?.adds == true:
        result = addedInTurn(operation, inputs, node, attributes)
      case .rearrange(let body), .general(let body):
        result = Scalarizer.call(body, inputs, shapes, node, attributes)
      case .composite: return
      }
      values[id] = result.map { rounded($0, id) }
    }
  }
}

extension ReferenceProgram {
  /// What a kernel that adds gives when each sum is rounded: its elements are let through one at a
  /// time.
  private func addedInTurn(
    _ operation: Tensors.Operation, _ inputs: [[Double]], _ node: Node, _ attributes: Attributes
  ) -> [Double] {
    guard case .general(let body) = operation.kernel, case .apply(_, let operands, _) = node.kind
    else { return [] }
    let shapes = operands.map { graph[$0].shape }
    var result = [Double](repeating: 0, count: node.shape.count)
    for index in inputs[0].indices where inputs[0][index] != 0 {
      var single = inputs
      single[0] = [Double](repeating: 0, count: inputs[0].count)
      single[0][index] = inputs[0][index]
      let part = Scalarizer.call(body, single, shapes, node, attributes)
      for place in result.indices where part[place] != 0 {
        result[place] = toFloat(result[place] + part[place])
      }
    }
    return result
  }
}

/// A small reproducible generator; nothing in the tests depends on which.
struct TestGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

/// Equal bits, any NaN equal to any other.
func sameBits(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
}
