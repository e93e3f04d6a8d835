// Where a number came from, as a tree: each value with its formula, below it what went in.
//
//   w[0] = w[0] - lr·m̂[0]/(√v̂[0] + ε) = 1.1
//   ├─ w[0] = 1                     before the step
//   └─ m̂[0] = m[0]/(1 - β₁ᵗ) = -4

import Diagnostics
import Notation
import Tensors

package struct TreeReport: Report {
  package struct Node: Sendable {
    package var name: Piece
    /// Between the name and the value; nil for an input.
    package var formula: Piece?
    package var value: Tensor?
    /// A few words: `before the step`, `given`.
    package var note: String?
    package var children: [Node]

    package init(
      _ name: Piece, formula: Piece? = nil, value: Tensor? = nil, note: String? = nil,
      children: [Node] = []
    ) {
      self.name = name
      self.formula = formula
      self.value = value
      self.note = note
      self.children = children
    }
  }

  package let roots: [Node]

  /// Deeper trees are cut off with dots: no screen is that wide.
  private static let mostLevels = 60

  package init(_ roots: [Node]) { self.roots = roots }

  package init(_ root: Node) { roots = [root] }

  package var kind: String { "tree" }

  package func text(_ format: Format) -> [StyledText] {
    roots.flatMap { lines($0, first: "", rest: "", level: 0, format) }
  }

  private func lines(
    _ node: Node, first: String, rest: String, level: Int, _ format: Format
  ) -> [StyledText] {
    let hasChildren = !node.children.isEmpty
    let bar = format.ascii ? "|" : "│"
    let below = rest + (hasChildren ? bar + "    " : "     ")
    var lines: [StyledText] = []
    for part in folded(node, room: max(16, format.width - first.count - 5), format) {
      lines.append(StyledText(lines.isEmpty ? first : below, .dim) + part)
    }
    guard level < Self.mostLevels else {
      return hasChildren ? lines + [StyledText(rest + format.signs.dots, .dim)] : lines
    }
    for (i, child) in node.children.enumerated() {
      let isLast = i == node.children.count - 1
      let branch = isLast ? (format.ascii ? "`- " : "└─ ") : (format.ascii ? "|- " : "├─ ")
      lines += self.lines(
        child, first: rest + branch, rest: rest + (isLast ? "   " : bar + "  "), level: level + 1,
        format)
    }
    return lines
  }

  /// `name = formula = value  note`, in as many lines as it takes.
  private func folded(_ node: Node, room: Int, _ format: Format) -> [StyledText] {
    var line = node.name.styled(format)
    if let formula = node.formula { line.append(" = \(formula.text(format))") }
    if let value = node.value {
      line.append(" = ")
      line.append(TensorFormat(format).line(value), .result)
    }
    if let note = node.note { line.append("   \(format.signs.plain(note))", .dim) }
    return line.folded(to: room, hanging: 0)
  }

  package func json() -> [String: JSONValue] {
    ["roots": .array(roots.map { json($0, level: 0) })]
  }

  private func json(_ node: Node, level: Int) -> JSONValue {
    var fields: [String: JSONValue] = ["name": node.name.json]
    if let formula = node.formula { fields["formula"] = formula.json }
    if let value = node.value { fields["value"] = JSONValue(value) }
    if let note = node.note { fields["note"] = .string(note) }
    if !node.children.isEmpty, level < Self.mostLevels {
      fields["children"] = .array(node.children.map { json($0, level: level + 1) })
    }
    return .object(fields)
  }
}
