// Lowering of the operations that have a loop of their own (`KernelLoop`): choices by index tensors
// and windows of images.

extension TensorLowering {
  /// nil where the operation's own kernel is to be called.
  mutating func indexing(
    _ loop: KernelLoop, _ operands: [NodeID], _ attributes: Attributes, _ node: Node
  ) -> Place? {
    guard operands.allSatisfy({ graph[$0].shape.count > 0 }), let first = operands.first else {
      return nil
    }
    let shape = graph[first].shape
    switch loop {
    case .gather, .scatterAdd:
      return indexed(loop, operands, loop.adds ? node.shape : shape, attributes, node)
    case .pick, .gatherAlong, .scatterAlong:
      guard operands.count == 2 else { return nil }
      let whole = loop.adds ? node.shape : shape
      let size = whole.size(-1) ?? 1
      let rows = whole.count / max(size, 1)
      let indices = dense(operands[1])
      return take(
        TakePlan(
          source: dense(first), indices: [indices], sizes: [size], leading: rows,
          count: loop == .pick ? 1 : graph[operands[1]].shape.size(-1) ?? 1, trailing: 1,
          along: true, adds: loop.adds), node)
    case .patches: return windows(operands[0], of: shape, attributes, adds: false, node)
    case .unpatches: return windows(operands[0], of: node.shape, attributes, adds: true, node)
    }
  }

  private mutating func indexed(
    _ loop: KernelLoop, _ operands: [NodeID], _ whole: Shape, _ attributes: Attributes,
    _ node: Node
  ) -> Place? {
    guard let axis = attributes.integers.first, axis < 0, whole.rank + axis >= 0 else {
      return nil
    }
    let axes = whole.dimensions[(whole.rank + axis)...]
    let indices = operands.dropFirst().map { dense($0) }
    return take(
      TakePlan(
        source: dense(operands[0]), indices: indices, sizes: Array(axes.prefix(indices.count)),
        leading: Shape(Array(whole.dimensions.dropLast(-axis))).count,
        count: graph[operands[1]].shape.count,
        trailing: Shape(Array(axes.dropFirst(indices.count))).count, along: false,
        adds: loop.adds), node)
  }

  private mutating func take(_ plan: TakePlan, _ node: Node) -> Place {
    let phase = ([plan.source] + plan.indices).map { items[$0].phase }.max() ?? .constant
    return arrayResult(add(.take(plan), count: node.shape.count, phase: phase), node)
  }

  private mutating func windows(
    _ operand: NodeID, of images: Shape, _ attributes: Attributes, adds: Bool, _ node: Node
  ) -> Place? {
    guard let window = Window(attributes), images.rank >= 3 else { return nil }
    let image = Array(images.dimensions.suffix(3))
    guard let places = try? window.places(over: image[1], image[2]) else { return nil }
    let source = dense(operand)
    let plan = WindowsPlan(
      source: source, images: Shape(images.dimensions.dropLast(3)).count, image: image,
      window: window, places: places, adds: adds)
    return arrayResult(
      add(.windows(plan), count: node.shape.count, phase: items[source].phase), node)
  }
}
