// Lowering of matrix products: operands are read where they lie, transposed or not, and copied only
// when no kernel can read them so.

extension TensorLowering {
  mutating func product(_ operands: [NodeID], _ node: Node) throws(TensorError) -> Place {
    let shapes = operands.map { graph[$0].shape }
    guard let sizes = MatrixProduct(shapes[0], shapes[1]) else {
      throw .shapeMismatch(operation: "@", shapes[0], shapes[1])
    }
    if sizes.inner == 0 { return Place(value: code.constant(0)) }
    let rounds = outline.rounds(node.elementType) && !outline.roundsSteps
    var rows = sizes.rows
    var left = matrix(operands[0], isLeft: true)
    var right = matrix(operands[1], isLeft: false)
    var batch = Shape(
      Array(
        node.shape.dimensions.dropLast(
          (shapes[0].rank > 1 ? 1 : 0) + (shapes[1].rank > 1 ? 1 : 0))))
    // Many matrices by one are one matrix with all their rows; but for a single row, whose sums have
    // another order.
    let isOneRight = shapes[1].rank <= 2 && shapes[0].rank > 2 && sizes.rows > 1
    let usesLibrary =
      !sizes.foldsInLanes && !rounds
      && MatrixLibrary.takes(
        rows: isOneRight ? sizes.rows * batch.count : sizes.rows, inner: sizes.inner,
        columns: sizes.columns, policy: outline.library)
    if usesLibrary {
      if !left.isPlain || (isOneRight && left.withAllRows == nil) {
        left = denseMatrix(operands[0], isLeft: true)
      }
      if !right.isPlain { right = denseMatrix(operands[1], isLeft: false) }
    }
    if isOneRight, let all = left.withAllRows {
      left = all
      rows *= batch.count
      batch = []
    }
    // The kernels for vectors read the vector, and the matrix in one direction, without gaps.
    if sizes.columns == 1 {
      if right.row != 1, sizes.inner > 1 { right = denseMatrix(operands[1], isLeft: false) }
      if left.row != 1, left.column != 1 {
        left = denseMatrix(operands[0], isLeft: true)
        if batch.isScalar, let all = left.withAllRows { left = all }
      }
      if rows == 1 {
        if left.column != 1, sizes.inner > 1 { left = denseMatrix(operands[0], isLeft: true) }
        left.row = 0
      }
    } else if rows == 1 {
      if left.column != 1, sizes.inner > 1 { left = denseMatrix(operands[0], isLeft: true) }
      if right.row != 1, right.column != 1 { right = denseMatrix(operands[1], isLeft: false) }
    }
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
      left: left.item, right: right.item, rows: rows, inner: sizes.inner,
      columns: sizes.columns, leftStrides: (left.row, left.column),
      rightStrides: (right.row, right.column), places: places,
      rounds: rounds, usesLibrary: usesLibrary)
    let phase = max(items[left.item].phase, items[right.item].phase)
    return arrayResult(add(.product(plan), count: node.shape.count, phase: phase), node)
  }

  fileprivate struct Matrix {
    var item: Int
    var base: Int
    var sizes: (rows: Int, columns: Int)
    /// How far apart neighbouring rows are, and neighbouring columns.
    var row: Int
    var column: Int
    var batchSizes: [Int] = []
    var batchStrides: [Int] = []

    /// The rows of all matrices as one, if they follow each other evenly.
    var withAllRows: Matrix? {
      let walk = IndexWalk(
        base: base, sizes: batchSizes + [sizes.rows], strides: batchStrides + [row]
      ).collapsed
      guard walk.sizes.count == 1 else { return nil }
      return Matrix(
        item: item, base: base, sizes: (walk.sizes[0], sizes.columns),
        row: walk.sizes[0] == 1 ? row : walk.strides[0], column: column)
    }

    /// Whether rows or columns lie one after the other without overlap.
    var isPlain: Bool {
      (column == 1 && row >= sizes.columns) || (row == 1 && column >= sizes.rows)
    }
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
        item: item, base: walk.base, sizes: isLeft ? (1, walk.sizes[0]) : (walk.sizes[0], 1),
        row: isLeft ? 0 : stride, column: isLeft ? stride : 1)
    }
    // The stride of an axis of size 1 is free; what a dense matrix would have suits the kernels.
    let columns = walk.sizes[rank - 1]
    let column = columns == 1 ? 1 : walk.strides[rank - 1]
    let row = walk.sizes[rank - 2] == 1 ? columns : walk.strides[rank - 2]
    return Matrix(
      item: item, base: walk.base, sizes: (walk.sizes[rank - 2], columns), row: row,
      column: column, batchSizes: Array(walk.sizes.dropLast(2)),
      batchStrides: Array(walk.strides.dropLast(2)))
  }
}
