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
      var numbers: [Int: String] = [:]
      for (i, operand) in operands.enumerated() {
        if let literal = graph.scalar(operand) {
          numbers[i] = literal.short
          continue
        }
        guard let whole = values[operand] else { continue }
        let isWhole = whole.shape == value.shape && !value.shape.isScalar
        guard isWhole || whole.shape.isScalar else { continue }
        let index = isWhole ? value.shape.indexText(of: place) : ""
        let number = whole.elements[isWhole ? place : 0]
        numbers[i] = NumberFormat.text(number, digits: session.settings.digits)
        // What simplifies to a number says nothing of itself.
        guard let name = readback.shortText(of: operand, isIndexed: isWhole) else { continue }
        let complaint = operation.domain.complaint(number, i)
        parts.append("\(name)\(index) = \(numbers[i] ?? "")\(complaint)")
        if !complaint.isEmpty { complaints += parts.suffix(1) }
      }
      if !complaints.isEmpty { parts = complaints }
      var what = readback.shortText(of: node)
      if what == nil || operands.contains(where: { readback.shortText(of: $0) == what }),
        case .infix(let symbol) = operation.notation, let a = numbers[0], let b = numbers[1]
      {
        what = "\(a)\(symbol)\(b)"
      }
      let result = NumberFormat.text(value.elements[place], digits: session.settings.digits)
      return "\(what ?? operation.name) is \(result)"
        + (parts.isEmpty ? "" : ", since " + parts.joined(separator: " and "))
    }
    return nil
  }
}

extension Readback {
  /// A formula of no more than 40 characters; nil for a longer one, and for a mere number.
  fileprivate func shortText(of node: NodeID, isIndexed: Bool = false) -> String? {
    guard let formula = formula(of: node), formula.parts.isEmpty else { return nil }
    if case .number = formula.expression.kind { return nil }
    let text = formula.expression.text(.pretty)
    guard text.count <= 40 else { return nil }
    switch formula.expression.kind {
    case .unary where isIndexed, .binary where isIndexed: return "(\(text))"
    default: return text
    }
  }
}

extension Double {
  /// `2` rather than `2.0`, and never `-nan`.
  fileprivate var short: String {
    if isNaN { return "nan" }
    let text = "\(self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
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
