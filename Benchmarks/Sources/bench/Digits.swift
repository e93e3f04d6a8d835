// Training of a network 64-128-10 on images of 8×8 numbers, 32 at a time, by Adam: the graph that a
// session makes of it, with the rows of a batch taken from the whole data inside of it.

import Tensors

/// Where the numbers of a network are kept from one batch to the next.
struct Digits {
  static let count = 1797
  static let sizes = (input: 64, hidden: 128, output: 10)

  enum Work { case loss, gradient, step }

  /// A program for batches of so many rows, and the inputs that carry over.
  struct Variant {
    let program: Program
    /// With the value each begins with.
    let carried: [(input: NodeID, start: Tensor)]
    let loss: NodeID
  }

  /// Weights and biases as PyTorch lays them out, [outputs, inputs].
  let start: [Tensor]
  let images: Tensor
  let labels: Tensor
  let order: Tensor

  init() {
    var state: UInt64 = 1
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24)
    }
    func uniform(_ shape: Shape, _ bound: Double) -> Tensor {
      Tensor((0..<shape.count).map { _ in bound * (2 * next() - 1) }, shape: shape)
    }
    let (inputs, hidden, outputs) = Digits.sizes
    start = [
      uniform([hidden, inputs], 0.125), uniform([hidden], 0.125),
      uniform([outputs, hidden], 0.088), uniform([outputs], 0.088),
    ]
    let count = Digits.count
    images = Tensor(
      (0..<count * inputs).map { _ in (16 * next()).rounded(.down) / 16 }, shape: [count, inputs])
    labels = Tensor(
      (0..<count).map { _ in (10 * next()).rounded(.down) }, shape: [count], type: .int64)
    var places = Array(0..<count)
    for i in places.indices.reversed() { places.swapAt(i, Int(next() * Double(i + 1))) }
    order = Tensor(places.map(Double.init), shape: [count], type: .int64)
  }

  func variant(
    rows: Int, _ work: Work = .step, precision: Program.Precision = .float64
  ) throws -> Variant {
    var f = Formulas()
    let clock = f.input("clock", [])
    let iota = f.graph.constant(
      Tensor((0..<rows).map(Double.init), shape: [rows], type: .int64))
    // In an epoch the number of the batch, and a place that is there for any number of batches.
    let batch = rows == 32 ? try f.apply(.modulo, clock, f.number(56)) : f.number(56)
    let first = try f.multiply(f.number(32), batch)
    let tick = Program.Carry(from: try f.add(clock, f.number(1)), to: clock)
    let positions = try f.graph.apply(
      .gather, [f.graph.constant(order), f.add(iota, first)], Attributes(integers: [-1]))
    let x = try f.graph.apply(
      .gather, [f.graph.constant(images), positions], Attributes(integers: [-2]))
    let y = try f.graph.apply(
      .gather, [f.graph.constant(labels), positions], Attributes(integers: [-1]))

    let weights = start.enumerated().map { f.input("w\($0)", $1.shape) }
    let hidden = try f.apply(
      .relu, f.add(f.apply(.matmul, x, f.apply(.transpose, weights[0])), weights[1]))
    let logits = try f.add(
      f.apply(.matmul, hidden, f.apply(.transpose, weights[2])), weights[3])
    let logs = try f.graph.apply(.logSoftmax, [logits], Attributes(integers: [-1]))
    let picked = try f.apply(.pick, logs, y)
    let mean = try f.divide(f.apply(.sum, picked), f.number(Double(rows)))
    let loss = try f.apply(.negate, mean)
    if work == .loss {
      return Variant(
        program: try Program(
          graph: f.graph, outputs: [loss], carries: [tick], precision: precision),
        carried: Array(zip(weights, start)), loss: loss)
    }
    let gradients = try f.graph.gradient(of: loss, withRespectTo: weights)
    if work == .gradient {
      return Variant(
        program: try Program(
          graph: f.graph, outputs: [loss] + gradients, carries: [tick], precision: precision),
        carried: Array(zip(weights, start)), loss: loss)
    }
    let adam = try f.adam(weights: weights, gradients: gradients)
    let carries = adam.carries + [tick]
    var carried: [(input: NodeID, start: Tensor)] = []
    for carry in carries {
      let shape = f.graph[carry.to].shape
      let value = carry.to == adam.t ? 1.0 : 0
      let first = weights.firstIndex(of: carry.to).map { start[$0] }
      carried.append(
        (
          carry.to,
          first ?? Tensor([Double](repeating: value, count: shape.count), shape: shape)
        ))
    }
    return Variant(
      program: try Program(
        graph: f.graph, outputs: [loss], carries: carries, guards: [loss], precision: precision),
      carried: carried, loss: loss)
  }
}

extension Digits.Variant {
  func reset() { for (input, start) in carried { program.write(start, to: input) } }

  /// Goes on from where another left off.
  func take(from other: Digits.Variant) {
    program.copyInputs(
      zip(other.carried, carried).map { ($0.input, $1.input) }, of: other.program)
  }
}

/// An epoch: 56 batches of 32 and one of 5.
struct Epoch {
  let whole: Digits.Variant
  let rest: Digits.Variant

  init(_ digits: Digits, _ precision: Program.Precision) throws {
    whole = try digits.variant(rows: 32, precision: precision)
    rest = try digits.variant(rows: 5, precision: precision)
    whole.reset()
  }

  func run() {
    _ = whole.program.run(steps: 56)
    rest.take(from: whole)
    _ = rest.program.run(steps: 1)
    whole.take(from: rest)
  }
}
