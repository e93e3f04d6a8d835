// Lowering of reductions: to a number, or to folds over the middle of [outer, count, inner].

import CKernels

extension TensorLowering {
  mutating func reduce(
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
}
