// A recurrent network written out over its steps, for the time that building, differentiating and
// compiling a large graph takes.

import Tensors

struct Unrolled {
  let length: Int

  /// Seconds for the formula, its gradient and the program, how many nodes, and seconds a step.
  func measure() throws -> (
    build: Double, gradient: Double, compile: Double, nodes: Int, step: Double
  ) {
    let began = seconds()
    var f = Formulas()
    let (batch, inputs, hidden) = (8, 16, 32)
    let x = f.input("x", [batch, length, inputs])
    let wx = f.input("wx", [hidden, inputs])
    let wh = f.input("wh", [hidden, hidden])
    let b = f.input("b", [hidden])
    var h = try f.graph.apply(
      .broadcast, [f.number(0)], Attributes(integers: [batch, hidden]))
    for place in 0..<length {
      let part = try f.graph.apply(
        .slice, [x],
        Attributes(integers: [place, 1, 1, 1, length, 0, inputs, 1, 0, inputs]))
      let sum = try f.add(
        f.apply(.matmul, part, f.apply(.transpose, wx)),
        f.apply(.matmul, h, f.apply(.transpose, wh)))
      h = try f.apply(.tanh, f.add(sum, b))
    }
    let loss = try f.apply(.sum, f.apply(.square, h))
    let built = seconds()
    let weights = [wx, wh, b]
    let gradients = try f.graph.gradient(of: loss, withRespectTo: weights)
    let differentiated = seconds()
    let adam = try f.adam(weights: weights, gradients: gradients)
    let program = try Program(
      graph: f.graph, outputs: [loss], carries: adam.carries, guards: [loss])
    let compiled = seconds()
    _ = program.run(steps: 1)
    let step = best(0.3) { _ = program.run(steps: 1) }
    return (
      built - began, differentiated - built, compiled - differentiated, f.graph.nodes.count, step
    )
  }
}
