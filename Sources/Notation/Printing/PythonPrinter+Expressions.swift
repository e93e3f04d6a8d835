// An expression of a rule as Python, with the library's names of functions.

import Diagnostics

extension PythonPrinter {
  func text(_ expression: Expression) throws(Diagnostic) -> String {
    try write(expression, at: 0)
  }

  /// - Parameter level: 0 comparison, 1 sum, 2 product, 3 sign, 4 power, 5 operand.
  private func write(_ expression: Expression, at level: Int) throws(Diagnostic) -> String {
    switch expression.kind {
    case .number(_, let spelling): return spelling
    case .string(let text): return "\"" + text + "\""
    case .name(let name): return self.name(name)
    case .list(let items):
      let parts = try items.map { (item) throws(Diagnostic) -> String in try text(item) }
      return "\(library == .numpy ? "np.array" : "torch.tensor")([" + parts.joined(separator: ", ")
        + "])"
    case .unary(.negate, let inner):
      return bracketed("-" + (try write(inner, at: 3)), if: level > 1)
    case .unary(.squareRoot, let inner):
      return try call("sqrt", [Expression.Argument(value: inner)], expression.span)
    case .unary(.transpose, let inner): return try write(inner, at: 5) + ".T"
    case .unary(.not, let inner):
      return "\(prefix).logical_not(" + (try text(inner)) + ")"
    case .binary(let operation, let left, let right):
      return try binary(operation, left, right, at: level)
    case .call(let callee, let arguments):
      return try call(
        callee.path.map(\.canonical).joined(separator: "."), arguments, expression.span)
    default:
      throw Diagnostic("python.part", "this has no counterpart in Python", at: expression.span)
    }
  }

  private func bracketed(_ text: String, if condition: Bool) -> String {
    condition ? "(" + text + ")" : text
  }

  private func binary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, at level: Int
  ) throws(Diagnostic) -> String {
    func infix(_ sign: String, _ own: Int) throws(Diagnostic) -> String {
      bracketed(
        try write(left, at: own) + sign + (try write(right, at: own + 1)), if: level > own)
    }
    switch operation {
    case .add: return try infix(" + ", 1)
    case .subtract: return try infix(" - ", 1)
    case .multiply: return try infix("*", 2)
    case .divide: return try infix("/", 2)
    case .modulo: return try infix(" % ", 2)
    case .matmul: return try infix(" @ ", 2)
    case .power:
      return bracketed(try write(left, at: 5) + "**" + (try write(right, at: 4)), if: level > 4)
    case .less: return try infix(" < ", 0)
    case .lessOrEqual: return try infix(" <= ", 0)
    case .greater: return try infix(" > ", 0)
    case .greaterOrEqual: return try infix(" >= ", 0)
    case .equal: return try infix(" == ", 0)
    case .notEqual: return try infix(" != ", 0)
    case .and: return "\(prefix).logical_and(\(try text(left)), \(try text(right)))"
    case .or: return "\(prefix).logical_or(\(try text(left)), \(try text(right)))"
    }
  }

  private func call(_ name: String, _ arguments: [Expression.Argument], _ span: Span)
    throws(Diagnostic) -> String
  {
    var parts: [String] = []
    for argument in arguments {
      let value = try text(argument.value)
      let label = argument.label.map { keyword($0.canonical) + "=" } ?? ""
      parts.append(label + value)
    }
    let list = parts.joined(separator: ", ")
    let two = arguments.count == 2 && arguments.allSatisfy { $0.label == nil }
    let isTorch = library == .torch
    // PyTorch's elementwise functions want tensors, also where a rule has numbers.
    func tensors() -> String { parts.map { "torch.as_tensor(\($0))" }.joined(separator: ", ") }
    switch name {
    case "grad", "loss", "hessian": return "\(name)(\(list))"
    case "max" where two, "min" where two:
      return isTorch ? "torch.\(name)imum(\(tensors()))" : "np.\(name)imum(\(list))"
    case "max", "min", "sum", "mean", "outer", "eye", "zeros_like", "ones_like", "where", "trace":
      if name == "where", isTorch, parts.count == 3 {
        return "torch.where(torch.as_tensor(\(parts[0])), \(parts[1]), \(parts[2]))"
      }
      return "\(prefix).\(name)(\(list))"
    case "sqrt", "exp", "log", "tanh", "sin", "cos", "sign", "floor", "round", "ceil":
      return isTorch ? "torch.\(name)(\(tensors()))" : "np.\(name)(\(list))"
    case "abs": return "abs(\(list))"
    case "solve": return "\(prefix).linalg.solve(\(list))"
    case "norm": return "\(prefix).linalg.norm(\(list))"
    case "clip": return isTorch ? "torch.clamp(\(list))" : "np.clip(\(list))"
    case "dot": return two ? "\(prefix).sum(\(parts[0])*\(parts[1]))" : "\(prefix).dot(\(list))"
    case "size", "count": return isTorch ? "\(list).numel()" : "np.size(\(list))"
    case "rank": return isTorch ? "\(list).dim()" : "np.ndim(\(list))"
    default:
      throw Diagnostic(
        "python.function", "\(name) has no counterpart in \(isTorch ? "PyTorch" : "NumPy") here",
        at: span)
    }
  }

  private func keyword(_ label: String) -> String {
    library == .torch ? ["axis": "dim", "keepdims": "keepdim"][label] ?? label : label
  }
}
