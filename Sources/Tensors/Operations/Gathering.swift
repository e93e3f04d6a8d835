// Elements chosen by index tensors, and the sums that are the gradients of such choices. An index
// counts from 0, or from the end if it is negative; one that is out of range reads NaN.

extension Operation {
  static let gathering = [gather, scatterAdd, pick, gatherAlong, scatterAlong, sort, argsort]

  /// Inputs: x and k index tensors of one shape, for k neighbouring axes of x, which that shape
  /// replaces. Attributes: the first of these axes.
  package static let gather: Operation = Operation(
    "gather", arity: variadic, summary: "The elements or rows at the positions that indices name.",
    notation: .index,
    kernel: .general { call in
      let places = IndexedBlocks(call.inputShapes[0], call)
      places.visit { place, source in
        for i in 0..<places.trailing {
          call.output[place + i] = source.map { call.inputs[0][$0 + i] } ?? .nan
        }
      }
    }, loop: .gather,
    shape: { inputs, settings throws(TensorError) in
      let indices = Array(inputs.dropFirst())
      let (leading, _, trailing) = try indexedAxes(inputs[0], indices, settings)
      return Shape(leading + indices[0].dimensions + trailing)
    },
    type: { $0[0] }, domain: .each([.real, .integers(below: 2)]), linearInputs: 1,
    pullback: { f, operand throws(TensorError) in
      guard operand == 0 else { return nil }
      let settings = Attributes(integers: f.attributes.integers.prefix(1) + f.a.shape.dimensions)
      return try f.dy.builder.apply(.scatterAdd, [f.dy] + f.inputs.dropFirst(), settings)
    })

  /// The gradient of a gather: zeros of a shape, to which the elements are added where they were
  /// taken. Attributes: the gather's axis, then the sizes of the result.
  package static let scatterAdd: Operation = Operation(
    "scatter_add", arity: variadic,
    summary: "Zeros, to which elements are added at the positions that indices name.",
    kernel: .general { call in
      for i in call.output.indices { call.output[i] = 0 }
      let places = IndexedBlocks(call.outputShape, call)
      places.visit { place, target in
        guard let target else { return }
        for i in 0..<places.trailing { call.output[target + i] += call.inputs[0][place + i] }
      }
    }, loop: .scatterAdd,
    shape: { inputs, settings throws(TensorError) in
      let indices = Array(inputs.dropFirst())
      let whole = Shape(Array(settings.integers.dropFirst()))
      let (leading, _, trailing) = try indexedAxes(whole, indices, settings)
      guard inputs[0].dimensions == leading + indices[0].dimensions + trailing else {
        throw .shapeMismatch(operation: "scatter_add", inputs[0], whole)
      }
      return whole
    },
    type: { $0[0] }, domain: .each([.real, .integers(below: 2)]), linearInputs: 1,
    pullback: { f, operand throws(TensorError) in
      guard operand == 0 else { return nil }
      let settings = Attributes(integers: Array(f.attributes.integers.prefix(1)))
      return try f.dy.builder.apply(.gather, [f.dy] + f.inputs.dropFirst(), settings)
    })

  /// What lies before, in and after the axes that are indexed.
  private static func indexedAxes(
    _ shape: Shape, _ indices: [Shape], _ settings: Attributes
  ) throws(TensorError) -> (leading: [Int], indexed: [Int], trailing: [Int]) {
    guard let axis = settings.integers.first, let first = indices.first else {
      throw .invalid(operation: "[ ]", message: "there is no index", help: nil)
    }
    for other in indices where other != first {
      throw .shapeMismatch(operation: "[ ]", first, other)
    }
    guard axis < 0, -axis <= shape.rank, indices.count <= -axis else {
      throw .wrongRank(
        operation: "[ ]", shape, expected: "an axis for each of \(indices.count) subscripts")
    }
    let start = shape.rank + axis
    return (
      Array(shape.dimensions[..<start]),
      Array(shape.dimensions[start..<start + indices.count]),
      Array(shape.dimensions[(start + indices.count)...])
    )
  }

  /// Where each block of a gathered tensor lies in the whole one.
  private struct IndexedBlocks {
    let trailing: Int
    private let leading: Int
    private let sizes: [Int]
    private let indices: [UnsafeBufferPointer<Double>]

    init(_ whole: Shape, _ call: KernelCall) {
      let axis = call.attributes.integers.first ?? -1
      indices = Array(call.inputs.dropFirst())
      let start = max(0, whole.rank + axis)
      leading = Shape(Array(whole.dimensions[..<start])).count
      sizes = Array(whole.dimensions[start...].prefix(indices.count))
      trailing = Shape(Array(whole.dimensions[start...].dropFirst(indices.count))).count
    }

    /// Calls `body` with the offset of each block of `trailing` elements and its offset in the whole
    /// tensor, nil when an index is out of range.
    func visit(_ body: (Int, Int?) -> Void) {
      let span = Shape(sizes).count
      let count = indices.first?.count ?? 0
      for block in 0..<leading {
        for i in 0..<count {
          var offset: Int? = 0
          for (size, index) in zip(sizes, indices) {
            offset = offset.flatMap { sum in
              position(index[i], in: size).map { sum * size + $0 }
            }
          }
          body((block * count + i) * trailing, offset.map { (block * span + $0) * trailing })
        }
      }
    }
  }

  /// An index as a position from 0; nil when it is out of range or not whole.
  private static func position(_ index: Double, in size: Int) -> Int? {
    guard let whole = Int(exactly: index), whole >= -size, whole < size else { return nil }
    return whole < 0 ? whole + size : whole
  }

  /// One element of each row: x[i, index[i]].
  package static let pick: Operation = Operation(
    "pick", arity: 2, summary: "From each row the element at the index given for that row.",
    kernel: .general { call in
      let size = call.inputShapes[0].size(-1) ?? 1
      for row in call.output.indices {
        call.output[row] =
          position(call.inputs[1][row], in: size).map { call.inputs[0][row * size + $0] } ?? .nan
      }
    }, loop: .pick,
    shape: { inputs, _ throws(TensorError) in
      guard inputs[0].rank > 0, Shape(inputs[0].dimensions.dropLast()) == inputs[1] else {
        throw .shapeMismatch(operation: "pick", inputs[0], inputs[1])
      }
      return inputs[1]
    },
    type: { $0[0] }, domain: .each([.real, .integers(below: 3)]), linearInputs: 1,
    pullback: { f, operand throws(TensorError) in
      guard operand == 0, let size = f.a.shape.size(-1) else { return nil }
      return try f.b.then(.oneHot, Attributes(integers: [size])) * f.dy.withAxis(-1)
    })
}

// MARK: - Along the last axis

extension Operation {
  /// y[…, i] = x[…, index[…, i]]
  package static let gatherAlong: Operation = Operation(
    "gather_along", arity: 2, summary: "From each row the elements at the indices of that row.",
    kernel: .general { call in
      forEachAlong(call.inputShapes[0], call) { place, source in
        call.output[place] = source.map { call.inputs[0][$0] } ?? .nan
      }
    }, loop: .gatherAlong,
    shape: { inputs, _ throws(TensorError) in
      guard inputs[0].rank > 0, inputs[0].dimensions.dropLast() == inputs[1].dimensions.dropLast()
      else { throw .shapeMismatch(operation: "gather_along", inputs[0], inputs[1]) }
      return inputs[1]
    },
    type: { $0[0] }, domain: .each([.real, .integers(below: 3)]), linearInputs: 1,
    pullback: { f, operand throws(TensorError) in
      guard operand == 0, let size = f.a.shape.size(-1) else { return nil }
      return try f.dy.builder.apply(.scatterAlong, [f.dy, f.b], Attributes(integers: [size]))
    })

  /// Attributes: the size of the result's last axis.
  package static let scatterAlong: Operation = Operation(
    "scatter_along", arity: 2,
    summary: "For each row zeros, to which elements are added at the indices of that row.",
    kernel: .general { call in
      for i in call.output.indices { call.output[i] = 0 }
      forEachAlong(call.outputShape, call) { place, target in
        if let target { call.output[target] += call.inputs[0][place] }
      }
    }, loop: .scatterAlong,
    shape: { inputs, settings throws(TensorError) in
      guard inputs[0].rank > 0, inputs[0] == inputs[1] else {
        throw .shapeMismatch(operation: "scatter_along", inputs[0], inputs[1])
      }
      return Shape(inputs[0].dimensions.dropLast() + settings.integers.prefix(1))
    },
    type: { $0[0] }, domain: .each([.real, .integers(below: 3)]), linearInputs: 1,
    pullback: { f, operand throws(TensorError) in
      operand == 0 ? try f.dy.builder.apply(.gatherAlong, [f.dy, f.b]) : nil
    })

  private static func forEachAlong(
    _ whole: Shape, _ call: KernelCall, _ body: (Int, Int?) -> Void
  ) {
    let size = whole.size(-1) ?? 1
    let count = max(call.inputShapes[1].size(-1) ?? 1, 1)
    for place in call.inputs[1].indices {
      body(place, position(call.inputs[1][place], in: size).map { place / count * size + $0 })
    }
  }

  /// Attributes: flag for the largest first. NaN comes last.
  package static let sort: Operation = Operation(
    "sort", arity: 1, summary: "The elements of each row in ascending order.",
    kernel: .general { call in
      forEachOrder(call) { place, source in call.output[place] = call.inputs[0][source] }
    },
    shape: { inputs, _ in inputs[0] }, type: ElementType.same,
    pullback: { f, _ throws(TensorError) in
      let size = f.a.shape.size(-1) ?? 1
      let order = try f.a.then(.argsort, f.attributes)
      return try f.dy.builder.apply(.scatterAlong, [f.dy, order], Attributes(integers: [size]))
    })

  package static let argsort: Operation = Operation(
    "argsort", arity: 1, summary: "The indices that put the elements of each row in order.",
    kernel: .general { call in
      let size = max(call.inputShapes[0].size(-1) ?? 1, 1)
      forEachOrder(call) { place, source in call.output[place] = Double(source % size) }
    },
    shape: { inputs, _ in inputs[0] }, type: ElementType.whole, pullback: nil)

  /// Calls `body` with each place and the place of the element that belongs there; equal elements
  /// stay in order.
  private static func forEachOrder(_ call: KernelCall, _ body: (Int, Int) -> Void) {
    let x = call.inputs[0]
    let descending = call.attributes.flag
    let size = call.inputShapes[0].size(-1) ?? 1
    guard size > 0 else { return }
    var comparisons = 0
    for start in stride(from: 0, to: x.count, by: size) {
      let order = try? (start..<start + size).sorted { a, b throws(BrokenOff) in
        comparisons += 1
        if comparisons & 0xFFFF == 0, call.interrupted() { throw BrokenOff() }
        if x[a].isNaN || x[b].isNaN { return x[a].isNaN == x[b].isNaN ? a < b : x[b].isNaN }
        return x[a] == x[b] ? a < b : (x[a] < x[b]) != descending
      }
      guard let order else { return }
      for (place, source) in order.enumerated() { body(start + place, source) }
    }
  }

  /// Thrown where a person has asked for an end.
  private struct BrokenOff: Error {}
}
