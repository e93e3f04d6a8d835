// The graphs that are measured, built as a session builds them: from single operations, with no
// knowledge of which optimizer they are.

import Tensors

/// A graph under construction.
struct Formulas {
  var graph = Graph()

  mutating func input(_ name: String, _ shape: Shape) -> NodeID { graph.input(name, shape: shape) }
  mutating func number(_ value: Double) -> NodeID { graph.constant(value) }

  mutating func apply(_ operation: Tensors.Operation, _ inputs: NodeID...) throws -> NodeID {
    try graph.apply(operation, inputs)
  }
  mutating func add(_ a: NodeID, _ b: NodeID) throws -> NodeID { try apply(.add, a, b) }
  mutating func subtract(_ a: NodeID, _ b: NodeID) throws -> NodeID { try apply(.subtract, a, b) }
  mutating func multiply(_ a: NodeID, _ b: NodeID) throws -> NodeID { try apply(.multiply, a, b) }
  mutating func divide(_ a: NodeID, _ b: NodeID) throws -> NodeID { try apply(.divide, a, b) }

  mutating func element(_ x: NodeID, _ index: Int) throws -> NodeID {
    try graph.apply(.slice, [x], Attributes(integers: [index, 1, 1, 1, graph[x].shape.count]))
  }

  /// Adam as in its paper, line by line; the carries of one step.
  mutating func adam(w: NodeID, g: NodeID) throws -> Optimizer {
    let carries = try adam(weights: [w], gradients: [g]).carries
    return Optimizer(m: carries[1].to, v: carries[2].to, t: carries[3].to, carries: carries)
  }

  /// The carries are those of w, m and v of each parameter, and of t.
  mutating func adam(weights: [NodeID], gradients: [NodeID]) throws -> (
    carries: [Program.Carry], t: NodeID
  ) {
    let t = input("t", [])
    let lr = number(0.001)
    let beta1 = number(0.9)
    let beta2 = number(0.999)
    let epsilon = number(1e-8)
    let one = number(1)
    var carries: [Program.Carry] = []
    for (index, (w, g)) in zip(weights, gradients).enumerated() {
      let shape = graph[w].shape
      let m = input("m\(index)", shape)
      let v = input("v\(index)", shape)
      let m1 = try add(multiply(beta1, m), multiply(subtract(one, beta1), g))
      let v1 = try add(multiply(beta2, v), multiply(subtract(one, beta2), apply(.square, g)))
      let mHat = try divide(m1, subtract(one, apply(.power, beta1, t)))
      let vHat = try divide(v1, subtract(one, apply(.power, beta2, t)))
      let w1 = try subtract(
        w, divide(multiply(lr, mHat), add(apply(.squareRoot, vHat), epsilon)))
      carries += [.init(from: w1, to: w), .init(from: m1, to: m), .init(from: v1, to: v)]
    }
    carries.append(.init(from: try add(t, one), to: t))
    return (carries, t)
  }
}

struct Optimizer {
  var m: NodeID
  var v: NodeID
  var t: NodeID
  var carries: [Program.Carry]
}

/// Something to run again and again: a program and its start.
struct Subject {
  var program: Program
  var start: [(Tensor, NodeID)]
  /// Read at the end, so that the C version's result can be compared.
  var result: NodeID

  func reset() { for (value, id) in start { program.write(value, to: id) } }
}

/// Adam on Rosenbrock's function from (-1.2, 1).
func rosenbrock() throws -> Subject {
  var f = Formulas()
  let w = f.input("w", [2])
  let x = try f.element(w, 0)
  let y = try f.element(w, 1)
  let one = f.number(1)
  let left = try f.apply(.square, f.subtract(one, x))
  let right = try f.apply(.square, f.subtract(y, f.apply(.square, x)))
  let loss = try f.add(left, f.multiply(f.number(100), right))
  let g = try f.graph.gradient(of: loss, withRespectTo: [w])[0]
  let adam = try f.adam(w: w, g: g)
  return Subject(
    program: try Program(graph: f.graph, outputs: [], carries: adam.carries),
    start: [
      (Tensor([-1.2, 1], shape: [2]), w), (Tensor([0, 0], shape: [2]), adam.m),
      (Tensor([0, 0], shape: [2]), adam.v), (Tensor(1), adam.t),
    ], result: w)
}

/// Gradient descent on a line through 100 points, all of them at each step.
func linearRegression() throws -> Subject {
  let count = 100
  var f = Formulas()
  let x = f.input("x", [count, 1])
  let y = f.input("y", [count])
  let w = f.input("w", [1])
  let b = f.input("b", [])
  let residual = try f.subtract(f.add(f.apply(.matmul, x, w), b), y)
  let loss = try f.divide(
    f.apply(.sum, f.apply(.square, residual)), f.number(Double(count)))
  let g = try f.graph.gradient(of: loss, withRespectTo: [w, b])
  let lr = f.number(0.01)
  let newW = try f.subtract(w, f.multiply(lr, g[0]))
  let newB = try f.subtract(b, f.multiply(lr, g[1]))
  let points = (0..<count).map { Double($0) / Double(count) }
  return Subject(
    program: try Program(
      graph: f.graph, outputs: [], carries: [.init(from: newW, to: w), .init(from: newB, to: b)]),
    start: [
      (Tensor(points, shape: [count, 1]), x),
      (Tensor(points.map { 3 * $0 + 1 }, shape: [count]), y), (Tensor([0], shape: [1]), w),
      (Tensor(0), b),
    ], result: w)
}

/// Adam with gradients that are given.
func adamUpdate(_ precision: Program.Precision, threads: Int, count: Int) throws -> Subject {
  var f = Formulas()
  let w = f.input("w", [count])
  let g = f.input("g", [count])
  let adam = try f.adam(w: w, g: g)
  func values(_ value: (Int) -> Double) -> Tensor {
    Tensor((0..<count).map(value), shape: [count])
  }
  return Subject(
    program: try Program(
      graph: f.graph, outputs: [], carries: adam.carries, precision: precision, threads: threads),
    start: [
      (values { 0.01 * Double($0 % 101 - 50) }, w), (values { 0.01 * Double($0 % 101 - 50) }, g),
      (values { 0.01 * Double($0 % 101 - 50) }, adam.m), (values { _ in 1e-3 }, adam.v),
      (Tensor(1), adam.t),
    ], result: w)
}
