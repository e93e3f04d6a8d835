// Where data a formula uses holds a nan: such a place makes the formula nan from the beginning, and
// no other starting values would help.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension Session {
  /// `column 2, bmi, of X holds nan in row 7, counted from 0`; nil when all data the formula uses is
  /// there. Values are meant, not single numbers that say nan on purpose.
  package func missingNumber(in expression: Expression) -> String? {
    let lowering = Lowering()
    let scope = promptScope(pass: .train)
    guard let root = try? lowering.lower(expression, in: scope) else { return nil }
    return lowering.missingNumber(under: root, labels: scope.labels)
  }
}

extension Lowering {
  func missingNumber(under root: NodeID, labels: [NodeID: Name]) -> String? {
    for node in graph.reachable(from: [root]) {
      guard case .constant(let tensor) = graph[node].kind, tensor.shape.rank > 0,
        let place = tensor.elements.firstIndex(where: \.isNaN)
      else { continue }
      let columns = max(1, tensor.elements.count / max(1, tensor.shape.dimensions.first ?? 1))
      let column = place % columns
      let name = columnNames[node].flatMap { $0.indices.contains(column) ? $0[column] : nil }
      let label = labels[node]?.pretty
      var owner = tensor.shape.rank == 1 ? name ?? label ?? "the data" : "column \(column)"
      if tensor.shape.rank > 1 {
        if let name { owner += ", \(name)," }
        if let label { owner += " of \(label)" }
      }
      return "\(owner) holds nan in row \(place / columns), counted from 0"
    }
    return nil
  }
}
