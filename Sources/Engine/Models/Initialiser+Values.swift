// The first values of a parameter.

import Optimizers
import Tensors

extension Initialiser {
  /// Whether the values for a shape are found in seconds.
  func isAffordable(for shape: Shape) -> Bool {
    guard case .orthogonal = kind, let rows = shape.dimensions.first, rows > 0 else { return true }
    let columns = Double(shape.count) / Double(rows)
    return Double(shape.count) * min(Double(rows), columns) <= 4e9
  }

  /// Values for a shape. The same key gives the same values.
  func values(for shape: Shape, key: [Int]) -> Tensor? {
    guard shape.count <= Tensor.maximumCount, let law = law(for: shape) else { return nil }
    switch law {
    case .constant(let value):
      return Tensor([Double](repeating: value, count: shape.count), shape: shape)
    case .uniform(let low, let high):
      return drawn(.uniform, shape, key).map { unit in
        Tensor(unit.map { low + (high - low) * $0 }, shape: shape)
      }
    case .normal(let mean, let deviation):
      return drawn(.normal, shape, key).map { unit in
        Tensor(unit.map { mean + deviation * $0 }, shape: shape)
      }
    case .orthogonal(let gain):
      let rows = shape.dimensions[0]
      let columns = shape.count / max(1, rows)
      guard let unit = drawn(.normal, shape, key) else { return nil }
      let orthogonal = Orthogonal.basis(unit, rows: rows, columns: columns)
      return Tensor(orthogonal.map { gain * $0 }, shape: shape)
    }
  }

  private func drawn(_ operation: Operation, _ shape: Shape, _ key: [Int]) -> [Double]? {
    var graph = Graph()
    let word = Int(Int64(bitPattern: RandomStream.key(key)))
    let start = graph.constant(Double(seed))
    guard
      let node = try? graph.apply(
        operation, [start], Attributes(integers: [word] + shape.dimensions)),
      let program = try? Program(graph: graph, outputs: [node])
    else { return nil }
    _ = program.run(steps: 1, interrupted: { false })
    return program.read(node).elements
  }
}
