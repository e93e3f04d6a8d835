// A program on arrays.

import CKernels

final class TensorProgram: ProgramBackend {
  private let graph: Graph
  private let outline: ProgramOutline
  private var values: [[Double]]

  init(_ graph: Graph, _ outline: ProgramOutline, threads: Int) throws(TensorError) {
    self.graph = graph
    self.outline = outline
    values = [[Double]](repeating: [], count: graph.nodes.count)
    for id in outline.live {
      if case .constant(let tensor) = graph[id].kind {
        values[id.index] = rounded(tensor.elements, id)
      } else {
        values[id.index] = [Double](repeating: 0, count: graph[id].shape.count)
      }
    }
  }

  private func rounded(_ elements: [Double], _ id: NodeID) -> [Double] {
    elements.map { outline.rounded($0, graph[id].elementType) }
  }

  func write(_ elements: [Double], to input: NodeID) {
    if values[input.index].count == elements.count {
      values[input.index] = rounded(elements, input)
    }
  }

  func read(_ id: NodeID) -> [Double]? { values[id.index] }
  func shares(_ output: NodeID, with input: NodeID) -> Bool { false }

  func run(_ steps: Int) -> (completed: Int, notes: UInt32) {
    for step in 1...steps {
      for id in outline.live { compute(id) }
      var notes: UInt32 = 0
      for id in outline.guards where !values[id.index].allSatisfy(\.isFinite) {
        notes |= dk_note_not_finite.rawValue
      }
      if let stop = outline.stop, values[stop.index].first ?? 0 != 0 {
        notes |= dk_note_stop.rawValue
      }
      let carried = outline.carries.map { values[$0.from.index] }
      for (carry, value) in zip(outline.carries, carried) { values[carry.to.index] = value }
      if notes != 0 { return (step, notes) }
    }
    return (steps, 0)
  }

  private func compute(_ id: NodeID) {
    let node = graph[id]
    guard case .apply(let operation, let operands, let attributes) = node.kind else { return }
    let shapes = operands.map { graph[$0].shape }
    var result = values[id.index]
    func round(_ x: Double) -> Double {
      outline.roundsSteps ? outline.rounded(x, node.elementType) : x
    }
    switch operation.kernel {
    case .elementwise(let opcode):
      let strides = shapes.map { Layout.strides(of: $0, broadcastTo: node.shape) }
      Odometer(node.shape).forEach(strides) { index, offsets in
        func operand(_ i: Int) -> Double {
          i < operands.count ? values[operands[i].index][offsets[i]] : 0
        }
        result[index] = dk_apply(Int32(opcode.rawValue), operand(0), operand(1), operand(2))
      }
    case .reduce(let reduction):
      var members = [[Double]](repeating: [], count: result.count)
      let strides = Layout.strides(reducing: shapes[0], axes: attributes.integers)
      Odometer(shapes[0]).forEach([strides]) { index, offsets in
        members[offsets[0]].append(values[operands[0].index][index])
      }
      result = members.map { members in
        members.isEmpty
          ? reduction.identity
          : CanonicalOrder.fold(members.count, { members[$0] }) {
            round(dk_apply(Int32(reduction.opcode.rawValue), $0, $1, 0))
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
                values[operands[0].index][batch.left + row * product.inner + k]
                  * values[operands[1].index][batch.right + k * product.columns + column])
            }
            if terms.isEmpty {
              result.append(0)
            } else if product.foldsInLanes {
              result.append(CanonicalOrder.fold(terms.count, { terms[$0] }) { round($0 + $1) })
            } else {
              result.append(terms.dropFirst().reduce(terms[0]) { round($0 + $1) })
            }
          }
        }
      }
    case .view:
      result = values[operands[0].index]
    case .rearrange(let body), .general(let body):
      result = Scalarizer.call(
        body, operands.map { values[$0.index] }, shapes, node, attributes)
    }
    values[id.index] = rounded(result, id)
  }
}
