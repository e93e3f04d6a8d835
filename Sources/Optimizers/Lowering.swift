// Expression → graph: names looked up in a scope, operators and functions applied.
//
// One lowering builds one graph. It never evaluates anything, except small constant subgraphs where
// a fixed number is needed (an axis, a size).

import Diagnostics
import Notation
import Tensors

package final class Lowering {
  package var graph = Graph()
  /// Things a person should know though nothing is wrong.
  package private(set) var notes: [Diagnostic] = []
  /// What the columns of a node are called in the data they are from.
  package var columnNames: [NodeID: [String]] = [:]
  /// Asked while a fixed number is worked out that takes long.
  package var interrupted: () -> Bool = { false }
  private var depth = 0
  private var visits = 0

  /// How deep expressions and the definitions they use may nest together. A level takes up to 17 kB
  /// of stack in a debug build, so this keeps the whole walk inside 8 MB with room to spare.
  package static let maximumDepth = 350
  /// How many parts of expressions may be visited. Functions that call functions twice, thirty deep,
  /// would visit a thousand million.
  package static let maximumVisits = 1 << 18

  package init() {}

  /// The node an expression stands for.
  package func lower(_ expression: Expression, in scope: any Scope) throws(Diagnostic) -> NodeID {
    switch try meaning(of: expression, in: scope) {
    case .node(let node): return node
    case .text, .decoded: throw LoweringError.textNotExpected(expression.span).diagnostic
    case .object(_, let what):
      throw LoweringError.notATensor(what: what, expression.span).diagnostic
    }
  }

  /// What an expression stands for, which need not be a tensor.
  package func meaning(of expression: Expression, in scope: any Scope) throws(Diagnostic) -> Meaning
  {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Lowering.maximumDepth else {
      throw LoweringError.tooDeep(expression.span).diagnostic
    }
    visits += 1
    guard visits <= Lowering.maximumVisits else {
      throw LoweringError.tooManyParts(expression.span).diagnostic
    }
    switch expression.kind {
    case .number(let value, _): return .node(graph.constant(Tensor(value)))
    case .string(let text): return .text(text)
    case .name(let name): return try lookUp(name, at: expression.span, in: scope)
    case .list(let items): return .node(try list(items, at: expression.span, in: scope))
    case .unary(let op, let operand):
      let node = try lower(operand, in: scope)
      return .node(
        try apply(op.operation, [node], operands: [operand], at: expression.span))
    case .binary(let op, let left, let right):
      return .node(try binary(op, left, right, at: expression.span, in: scope))
    case .call(let callee, let arguments):
      return try call(callee, arguments, at: expression.span, in: scope)
    case .index(let base, let subscripts):
      return .node(try index(base, subscripts, at: expression.span, in: scope))
    case .member(let base, let field):
      if let found = try scope.meaning(of: field, in: base, at: expression.span, in: self) {
        return found
      }
      if field.canonical == "T" {
        let node = try lower(base, in: scope)
        return .node(try apply(.transpose, [node], operands: [base], at: expression.span))
      }
      throw LoweringError.unknownField(
        field, of: base.text(.pretty), expression.span, known: []
      ).diagnostic
    case .gradient(let of):
      if let found = try scope.gradient(of: of, at: expression.span, in: self) { return found }
      throw Diagnostic(
        "gradient.scope", "∇ has no meaning here", at: expression.span,
        help: "define a loss first: loss L = …")
    }
  }

  private func lookUp(_ name: Name, at span: Span, in scope: any Scope) throws(Diagnostic)
    -> Meaning
  {
    if let found = try scope.meaning(of: name, at: span, in: self) { return found }
    if let constant = Lowering.constants[name.canonical] { return .node(graph.constant(constant)) }
    if Function.named(name.canonical) != nil {
      return .object(name, what: "\(name.canonical), a function")
    }
    throw LoweringError.unknownName(name, span, known: scope.knownNames).diagnostic
  }

  /// The names that mean the same everywhere. Nothing is predefined as `e`.
  package static let constants: [String: Tensor] = [
    "pi": Tensor(Double.pi), "true": Tensor(1, type: .bool), "false": Tensor(0, type: .bool),
    "inf": Tensor(Double.infinity), "nan": Tensor(Double.nan),
  ]

  private func binary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, at span: Span,
    in scope: any Scope
  ) throws(Diagnostic) -> NodeID {
    let a = try lower(left, in: scope)
    let b = try lower(right, in: scope)
    noteColumnWithVector(op, left, graph[a].shape, right, graph[b].shape)
    do {
      return try graph.apply(op.operation, [a, b])
    } catch .shapeMismatch {
      throw LoweringError.shapes(op, left, graph[a].shape, right, graph[b].shape).diagnostic
    } catch {
      throw LoweringError.tensor(error, span, operands: []).diagnostic
    }
  }

  /// [n, 1] with [n] makes a whole matrix, which is rarely meant.
  private func noteColumnWithVector(
    _ op: BinaryOperator, _ left: Expression, _ a: Shape, _ right: Expression, _ b: Shape
  ) {
    func isColumn(_ shape: Shape, beside vector: Shape) -> Bool {
      shape.rank == 2 && vector.rank == 1 && shape.dimensions[1] == 1
        && shape.dimensions[0] == vector.dimensions[0] && vector.dimensions[0] > 1
    }
    guard op != .matmul, isColumn(a, beside: b) || isColumn(b, beside: a) else { return }
    let n = max(a.dimensions[0], b.dimensions[0])
    notes.append(
      Diagnostic(
        "shape.column", "\(a) \(op.sign) \(b) makes a tensor of shape [\(n), \(n)]",
        at: LoweringError.sign(between: left, and: right),
        marks: [.init(left.span, "\(a)"), .init(right.span, "\(b)")],
        help: "if elements were to be paired, take the column out first: x[:, 0]", severity: .note))
  }

  /// Applies an operation and gives its errors their place.
  package func apply(
    _ operation: Operation, _ inputs: [NodeID], _ attributes: Attributes = .none,
    operands: [Expression], at span: Span
  ) throws(Diagnostic) -> NodeID {
    do {
      return try graph.apply(operation, inputs, attributes)
    } catch {
      throw LoweringError.tensor(
        error, span, operands: zip(operands, inputs).map { ($0, graph[$1].shape) }
      ).diagnostic
    }
  }
}

extension UnaryOperator {
  var operation: Operation {
    switch self {
    case .negate: .negate
    case .not: .not
    case .squareRoot: .squareRoot
    case .transpose: .transpose
    }
  }
}

extension BinaryOperator {
  var operation: Operation {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .matmul: .matmul
    case .power: .power
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .equal: .equal
    case .notEqual: .notEqual
    case .and: .and
    case .or: .or
    case .modulo: .modulo
    }
  }
}

extension BinaryOperator {
  /// How a message writes it.
  var sign: String {
    switch self {
    case .add: "+"
    case .subtract: "−"
    case .multiply: "·"
    case .divide: "/"
    case .matmul: "@"
    case .power: "^"
    case .less: "<"
    case .lessOrEqual: "≤"
    case .greater: ">"
    case .greaterOrEqual: "≥"
    case .equal: "=="
    case .notEqual: "≠"
    case .and: "and"
    case .or: "or"
    case .modulo: "mod"
    }
  }
}
