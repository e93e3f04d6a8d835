// A graph compiled to be run many times: buffers for every value, steps in order, carries that feed
// each iteration's results to the next.
//
// It never parses, looks up a name or decides a shape while it runs.

import CKernels

/// What a call of `Program.run` did.
package struct RunResult: Sendable, Equatable {
  package enum Reason: Sendable { case finished, stopped, notFinite, interrupted }
  /// Iterations done, the one that ended the run included.
  package var completed: Int
  package var reason: Reason
}

package final class Program {
  /// After each iteration the value of `from` becomes input `to`. All carries of an iteration
  /// happen at once: one may read an input that another replaces.
  package struct Carry: Sendable {
    package var from: NodeID
    package var to: NodeID

    package init(from: NodeID, to: NodeID) {
      self.from = from
      self.to = to
    }
  }

  package enum Precision: Sendable { case float64, float32 }

  /// As many threads as the machine has processors.
  package static let automatic = 0

  private let graph: Graph
  private let live: [NodeID]
  private let outputs: [NodeID]
  private let carries: [Carry]
  private let guards: [NodeID]
  private let stop: NodeID?
  private let precision: Precision
  private var values: [[Double]]

  /// - Parameters:
  ///   - outputs: what `read` can be asked for.
  ///   - guards: a run stops after the iteration in which one of them has a NaN or an infinity.
  ///   - stop: a run stops after the iteration in which this one-element value is not 0.
  ///   - precision: `.float32` rounds the result of every operation to float32.
  /// - Throws: `tooLarge` when a value, or all of them together, would not fit in memory.
  package init(
    graph: Graph, outputs: [NodeID], carries: [Carry] = [], guards: [NodeID] = [],
    stop: NodeID? = nil, precision: Precision = .float64, threads: Int = Program.automatic
  ) throws(TensorError) {
    self.graph = graph
    self.outputs = outputs
    self.carries = carries
    self.guards = guards
    self.stop = stop
    self.precision = precision
    var needed = [Bool](repeating: false, count: graph.nodes.count)
    for id in outputs + guards + carries.flatMap({ [$0.from, $0.to] }) + (stop.map { [$0] } ?? []) {
      needed[id.index] = true
    }
    for index in graph.nodes.indices.reversed() where needed[index] {
      if case .apply(_, let operands, _) = graph.nodes[index].kind {
        for operand in operands { needed[operand.index] = true }
      }
    }
    live = graph.nodes.indices.filter { needed[$0] }.map(NodeID.init)
    values = [[Double]](repeating: [], count: graph.nodes.count)
    for id in live {
      let shape = graph[id].shape
      guard shape.count <= Tensor.maximumCount else { throw .tooLarge(shape) }
      if case .constant(let tensor) = graph[id].kind {
        values[id.index] = rounded(tensor.elements)
      } else {
        values[id.index] = [Double](repeating: 0, count: shape.count)
      }
    }
  }

  private func rounded(_ elements: [Double]) -> [Double] {
    precision == .float32 ? elements.map { Double(Float($0)) } : elements
  }

  /// The caller has checked the shape; an input that the program does not use is ignored.
  package func write(_ tensor: Tensor, to input: NodeID) {
    guard case .input = graph[input].kind, tensor.shape.count == values[input.index].count
    else { return }
    values[input.index] = rounded(tensor.elements)
  }

  /// The value of an output in the last iteration, or the value that an input has now.
  package func read(_ node: NodeID) -> Tensor {
    Tensor(values[node.index], shape: graph[node].shape, type: graph[node].elementType)
  }

  /// Runs up to `steps` iterations. Ends early after an iteration in which a guard is not finite or
  /// `stop` is not 0 (its carries are done and it counts as completed), or when `interrupted`,
  /// asked about every millisecond, says so.
  package func run(steps: Int, interrupted: () -> Bool = { false }) -> RunResult {
    var completed = 0
    while completed < steps {
      if interrupted() { return RunResult(completed: completed, reason: .interrupted) }
      for id in live { compute(id) }
      let carried = carries.map { values[$0.from.index] }
      for (carry, value) in zip(carries, carried) { values[carry.to.index] = value }
      completed += 1
      for id in guards where !values[id.index].allSatisfy(\.isFinite) {
        return RunResult(completed: completed, reason: .notFinite)
      }
      if let stop, values[stop.index].first ?? 0 != 0 {
        return RunResult(completed: completed, reason: .stopped)
      }
    }
    return RunResult(completed: completed, reason: .finished)
  }

  private func compute(_ id: NodeID) {
    let node = graph[id]
    guard case .apply(let operation, let operands, let attributes) = node.kind else { return }
    let shapes = operands.map { graph[$0].shape }
    var result = values[id.index]
    switch operation.kernel {
    case .elementwise(let opcode):
      let places = shapes.map { Layout.strides(of: $0, broadcastTo: node.shape) }
      let odometer = Odometer(node.shape)
      odometer.forEach(places) { index, offsets in
        var x = (0.0, 0.0, 0.0)
        if offsets.count > 0 { x.0 = values[operands[0].index][offsets[0]] }
        if offsets.count > 1 { x.1 = values[operands[1].index][offsets[1]] }
        if offsets.count > 2 { x.2 = values[operands[2].index][offsets[2]] }
        result[index] = dk_apply(Int32(opcode.rawValue), x.0, x.1, x.2)
      }
    case .reduce(let reduction):
      let places = Layout.strides(
        reducing: shapes[0], axes: attributes.integers)
      let start: Double =
        switch reduction {
        case .sum: 0
        case .product: 1
        case .max: -.infinity
        case .min: .infinity
        }
      for i in result.indices { result[i] = start }
      Odometer(shapes[0]).forEach([places]) { index, offsets in
        let x = values[operands[0].index][index]
        let old = result[offsets[0]]
        result[offsets[0]] =
          switch reduction {
          case .sum: old + x
          case .product: old * x
          case .max: dk_apply(Int32(Opcode.maximum.rawValue), old, x, 0)
          case .min: dk_apply(Int32(Opcode.minimum.rawValue), old, x, 0)
          }
      }
    case .matmul:
      multiply(operands[0], operands[1], into: &result, shape: node.shape)
    case .view:
      result = values[operands[0].index]
    case .rearrange(let body), .general(let body):
      var inputs: [UnsafeBufferPointer<Double>] = []
      for operand in operands {
        let copy = UnsafeMutableBufferPointer<Double>.allocate(
          capacity: values[operand.index].count)
        _ = copy.initialize(from: values[operand.index])
        inputs.append(UnsafeBufferPointer(copy))
      }
      result.withUnsafeMutableBufferPointer { output in
        body(
          KernelCall(
            inputs: inputs, inputShapes: shapes, output: output, outputShape: node.shape,
            attributes: attributes))
      }
      for input in inputs { input.deallocate() }
    }
    values[id.index] = rounded(result)
  }

  private func multiply(
    _ left: NodeID, _ right: NodeID, into result: inout [Double], shape: Shape
  ) {
    // A vector on the left is a row, on the right a column.
    var a = graph[left].shape.dimensions
    var b = graph[right].shape.dimensions
    if a.count == 1 { a = [1] + a }
    if b.count == 1 { b += [1] }
    guard a.count >= 2, b.count >= 2 else { return }
    let rows = a[a.count - 2]
    let inner = a[a.count - 1]
    let columns = b[b.count - 1]
    guard rows > 0, columns > 0 else { return }
    let batch = Shape(Array(a.dropLast(2))).broadcast(with: Shape(Array(b.dropLast(2)))) ?? .scalar
    let places = [a, b].map {
      Layout.strides(of: Shape(Array($0.dropLast(2))), broadcastTo: batch)
    }
    Odometer(batch).forEach(places) { index, offsets in
      let x = offsets[0] * rows * inner
      let y = offsets[1] * inner * columns
      for i in 0..<rows {
        for j in 0..<columns {
          var total = 0.0
          for k in 0..<inner {
            total +=
              values[left.index][x + i * inner + k]
              * values[right.index][y + k * columns + j]
          }
          result[(index * rows + i) * columns + j] = total
        }
      }
    }
  }
}
