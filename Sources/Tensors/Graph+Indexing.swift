// Subscripts: x[0], x[1:3], x[:, -1], x[i] with a tensor of indices, and a copy with such a part
// replaced. Zero-based and half-open, as in NumPy.

/// What stands between the brackets for one axis.
package enum AxisSubscript: Sendable, Equatable {
  /// One position, which takes the axis away; negative ones count from the end.
  case at(Int)
  /// from:to:by, any of them left out.
  case range(from: Int?, to: Int?, by: Int?)
  /// A tensor of positions, whose axes stand in place of this one.
  case tensor(NodeID)
}

extension Graph {
  /// The part of a tensor that subscripts name, one for each of its first axes. Several tensors of
  /// positions stand side by side and are read together, as x[rows, columns].
  /// - Throws: `indexOutOfRange`, `wrongRank` for too many subscripts, `invalid`.
  package mutating func index(
    _ x: NodeID, _ subscripts: [AxisSubscript]
  ) throws(TensorError) -> NodeID {
    let slices = try axisSlices(subscripts, of: self[x].shape)
    let part = try apply(.slice, [x], AxisSlice.encode(slices, of: self[x].shape))
    var indices: [NodeID] = []
    // The axis that each tensor of positions is for, in the part that is left.
    var axes: [Int] = []
    var axis = 0
    for (place, given) in subscripts.enumerated() {
      switch given {
      case .at: continue
      case .range: break
      case .tensor(let index):
        try check(index, size: self[x].shape.dimensions[place])
        indices.append(index)
        axes.append(axis)
      }
      axis += 1
    }
    guard let first = axes.first, let last = axes.last else { return part }
    guard last - first == axes.count - 1 else {
      throw .invalid(
        operation: "[ ]", message: "tensors of positions are to stand side by side",
        help: "take the other part first: x[:, 0][i]")
    }
    guard let common = Shape.broadcast(indices.map { self[$0].shape }) else {
      throw .shapeMismatch(operation: "[ ]", self[indices[0]].shape, self[indices[1]].shape)
    }
    var operands = [part]
    for index in indices {
      operands.append(try apply(.broadcast, [index], Attributes(integers: common.dimensions)))
    }
    return try apply(.gather, operands, Attributes(integers: [first - self[part].shape.rank]))
  }

  /// A copy of a tensor with the part that positions and ranges name replaced by a value, which is
  /// broadcast to it.
  package mutating func replace(
    _ x: NodeID, _ subscripts: [AxisSubscript], with value: NodeID
  ) throws(TensorError) -> NodeID {
    for given in subscripts {
      if case .tensor = given {
        throw .invalid(
          operation: "[ ] =", message: "tensors of positions cannot be assigned to",
          help: "use where(condition, new, old)")
      }
    }
    let shape = self[x].shape
    let slices = try axisSlices(subscripts, of: shape)
    let settings = AxisSlice.encode(slices, of: shape)
    let part = try apply(.slice, [x], settings)
    let whole = Attributes(integers: self[part].shape.dimensions)
    let placed = try apply(.pad, [apply(.broadcast, [value], whole)], settings)
    let isPlaced = try apply(.pad, [apply(.broadcast, [constant(1)], whole)], settings)
    return try apply(.select, [isPlaced, placed, x])
  }

  /// A slice for every axis; those that a tensor of positions is for stay whole.
  private func axisSlices(
    _ subscripts: [AxisSubscript], of shape: Shape
  ) throws(TensorError) -> [AxisSlice] {
    guard subscripts.count <= shape.rank else {
      throw .wrongRank(
        operation: "[ ]", shape,
        expected: "at least \(subscripts.count) axes, one for each subscript")
    }
    var result = shape.dimensions.map { AxisSlice(start: 0, count: $0) }
    for (axis, given) in subscripts.enumerated() {
      let size = shape.dimensions[axis]
      switch given {
      case .at(let index):
        guard index >= -size, index < size else {
          throw .indexOutOfRange(index: index, size: size)
        }
        result[axis] = AxisSlice(
          start: index < 0 ? index + size : index, count: 1, dropsAxis: true)
      case .range(let from, let to, let by):
        result[axis] = try range(from, to, by ?? 1, size)
      case .tensor: break
      }
    }
    return result
  }

  /// As Python reads from:to:by.
  private func range(
    _ from: Int?, _ to: Int?, _ by: Int, _ size: Int
  ) throws(TensorError) -> AxisSlice {
    guard by != 0, by.magnitude < UInt(Int.max) else {
      throw .invalid(operation: "[ ]", message: "a step of \(by) leads nowhere", help: nil)
    }
    let lowest = by > 0 ? 0 : -1
    let highest = by > 0 ? size : size - 1
    func bounded(_ index: Int) -> Int {
      min(max(index < 0 ? index + size : index, lowest), highest)
    }
    let start = from.map(bounded) ?? (by > 0 ? lowest : highest)
    let end = to.map(bounded) ?? (by > 0 ? highest : lowest)
    let distance = by > 0 ? end - start : start - end
    let step = Int(by.magnitude)
    let count = distance <= 0 ? 0 : (distance - 1) / step + 1
    return AxisSlice(start: count == 0 ? 0 : start, count: count, step: count <= 1 ? 1 : by)
  }

  /// Constant indices are checked now; others read NaN when they are out of range.
  private func check(_ index: NodeID, size: Int) throws(TensorError) {
    if self[index].elementType == .bool {
      throw .invalid(
        operation: "[ ]", message: "how many elements a condition chooses is not known beforehand",
        help: "use where(condition, x, 0)")
    }
    guard case .constant(let tensor) = self[index].kind else { return }
    for position in tensor.elements {
      guard let whole = Int(exactly: position) else {
        throw .invalid(operation: "[ ]", message: "\(position) is not a position", help: nil)
      }
      if whole < -size || whole >= size { throw .indexOutOfRange(index: whole, size: size) }
    }
  }
}
