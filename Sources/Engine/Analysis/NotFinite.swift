// Where a value that is not finite comes from: the first operation that makes one out of operands
// that are.
//
// Only an explanation beside an error, so whatever keeps it from being found leaves it out.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension Moment {
  /// `log(p) is nan, since p[1] = -0.1`; nil when there is no such place.
  package func causeOfNotFinite(_ expression: Expression) -> String? {
    try? cause(expression)
  }

  /// No more numbers than this are looked at.
  private static let mostNumbers = 4_000_000

  private func cause(_ expression: Expression) throws(Diagnostic) -> String? {
    let lowering = Lowering()
    let scope = scope(.train)
    let root = try lowering.lower(expression, in: scope)
    if let missing = lowering.missingNumber(under: root, labels: scope.labels) { return missing }
    let graph = lowering.graph
    let nodes = graph.reachable(from: [root])
    guard nodes.reduce(0, { $0 + graph[$1].shape.count }) <= Self.mostNumbers else { return nil }
    let values = Dictionary(
      zip(nodes, try self.values(of: nodes, in: lowering)), uniquingKeysWith: { a, _ in a })
    let readback = Readback(graph, names: scope.labels)
    for node in nodes {
      guard case .apply(let operation, let operands, _) = graph[node].kind,
        let value = values[node],
        let place = value.elements.firstIndex(where: { !$0.isFinite }),
        operands.allSatisfy({ values[$0]?.elements.allSatisfy(\.isFinite) == true })
      else { continue }
      var parts: [String] = []
      var complaints: [String] = []
      for (i, operand) in operands.enumerated() where !graph.isLiteral(operand) {
        guard let whole = values[operand] else { continue }
        let isWhole = whole.shape == value.shape && !value.shape.isScalar
        guard isWhole || whole.shape.isScalar else { continue }
        let name = readback.shortText(of: operand) ?? "operand \(i + 1)"
        let index = isWhole ? value.shape.indexText(of: place) : ""
        let number = whole.elements[isWhole ? place : 0]
        let complaint = operation.domain.complaint(number, i)
        parts.append("\(name)\(index) = \(number)\(complaint)")
        if !complaint.isEmpty { complaints += parts.suffix(1) }
      }
      if !complaints.isEmpty { parts = complaints }
      let what = readback.shortText(of: node) ?? operation.name
      let result = value.elements[place].isNaN ? "nan" : "\(value.elements[place])"
      return "\(what) is \(result)"
        + (parts.isEmpty ? "" : ", since " + parts.joined(separator: " and "))
    }
    return nil
  }
}

extension Readback {
  fileprivate func shortText(of node: NodeID) -> String? {
    guard let formula = formula(of: node), formula.parts.isEmpty else { return nil }
    let text = formula.expression.text(.pretty)
    return text.count <= 40 ? text : nil
  }
}

extension Graph {
  fileprivate func isLiteral(_ node: NodeID) -> Bool { scalar(node) != nil }
}

extension Shape {
  /// `[1, 0]` for the place of an element in row-major order.
  fileprivate func indexText(of place: Int) -> String {
    var rest = place
    var indices: [Int] = []
    for size in dimensions.reversed() where size > 0 {
      indices.insert(rest % size, at: 0)
      rest /= size
    }
    return "[" + indices.map(String.init).joined(separator: ", ") + "]"
  }
}

extension SamplingDomain {
  /// A few words for a number that the operation is not meant for.
  fileprivate func complaint(_ number: Double, _ operand: Int) -> String {
    switch self {
    case .each(let domains):
      domains.isEmpty ? "" : domains[min(operand, domains.count - 1)].complaint(number, 0)
    case .unitInterval: number < 0 || number > 1 ? ", which is not from 0 to 1" : ""
    case .positive: number < 0 ? ", which is below 0" : ""
    case .real, .realExcept, .integers: ""
    }
  }
}
