// A small convolution net on 32 images of 8×8 numbers: conv 1→8, ReLU, conv 8→8, ReLU, max-pool,
// linear 128→10, cross-entropy, Adam.

import Tensors

func convolutional(_ precision: Program.Precision) throws -> Digits.Variant {
  var f = Formulas()
  let digits = Digits()
  let clock = f.input("clock", [])
  let shapes: [Shape] = [[8, 1, 3, 3], [8], [8, 8, 3, 3], [8], [10, 128], [10]]
  var weights: [(input: NodeID, start: Tensor)] = []
  for (index, shape) in shapes.enumerated() {
    let values = (0..<shape.count).map { 0.02 * Double(($0 * 37 + index) % 19 - 9) }
    weights.append((f.input("w\(index)", shape), Tensor(values, shape: shape)))
  }
  let images = Tensor(Array(digits.images.elements.prefix(2048)), shape: [32, 1, 8, 8])
  let labels = Tensor(Array(digits.labels.elements.prefix(32)), shape: [32], type: .int64)
  var x = f.graph.constant(images)
  for layer in 0..<2 {
    let patches = try f.graph.apply(.patches, [x], Attributes(integers: [3, 3, 1, 1, 1, 1]))
    let kernel = weights[2 * layer].input
    let flat = try f.graph.apply(
      .reshape, [kernel], Attributes(integers: [8, f.graph[kernel].shape.count / 8]))
    let sum = try f.add(
      f.apply(.matmul, patches, f.apply(.transpose, flat)), weights[2 * layer + 1].input)
    x = try f.apply(.relu, f.graph.apply(.permute, [sum], Attributes(integers: [-1, -3, -2])))
  }
  let wide = try f.graph.apply(.reshape, [x], Attributes(integers: [32, 8, 1, 8, 8]))
  let windows = try f.graph.apply(.patches, [wide], Attributes(integers: [2, 2, 2, 2, 0, 0]))
  let pooled = try f.graph.apply(.largest, [windows], Attributes(integers: [-1]))
  let row = try f.graph.apply(.reshape, [pooled], Attributes(integers: [32, 128]))
  let logits = try f.add(
    f.apply(.matmul, row, f.apply(.transpose, weights[4].input)), weights[5].input)
  let logs = try f.graph.apply(.logSoftmax, [logits], Attributes(integers: [-1]))
  let picked = try f.apply(.pick, logs, f.graph.constant(labels))
  let loss = try f.apply(.negate, f.divide(f.apply(.sum, picked), f.number(32)))
  let gradients = try f.graph.gradient(of: loss, withRespectTo: weights.map(\.input))
  let adam = try f.adam(weights: weights.map(\.input), gradients: gradients)
  let tick = Program.Carry(from: try f.add(clock, f.number(1)), to: clock)
  return Digits.Variant(
    program: try Program(
      graph: f.graph, outputs: [loss], carries: adam.carries + [tick], precision: precision),
    carried: weights + [(adam.t, Tensor(1))], loss: loss)
}
