// Lowering of what moves elements: to another way through the same array where there is one, else to
// a copy.

import CKernels

extension TensorLowering {
  mutating func view(_ operand: NodeID, _ shape: Shape) -> Place {
    let place = places[operand.index]
    guard let walk = place.walk, let item = place.item else { return place }
    var positions = [Int](repeating: 0, count: walk.count)
    walk.visit { positions[$0] = $1 }
    if let walk = IndexWalk(positions, shape: shape) { return Place(item: item, walk: walk) }
    return Place(item: dense(operand))
  }

  mutating func rearrange(
    _ body: (KernelCall) -> Void, _ path: Operation.Path?, _ operands: [NodeID], _ node: Node,
    _ attributes: Attributes
  ) -> Place {
    if let path, operands.count == 1 {
      let place = places[operands[0].index]
      if place.value != nil { return Place(value: place.value) }
      if let item = place.item {
        let walk = path(place.walk ?? IndexWalk(dense: graph[operands[0]].shape), attributes)
        if let result = walkPlace(walk, item) { return result }
      }
    }
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
    return walkPlace(walk, item)
  }

  private mutating func walkPlace(_ walk: IndexWalk, _ item: Int) -> Place? {
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
}
