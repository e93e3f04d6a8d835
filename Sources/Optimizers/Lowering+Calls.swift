// Calls: arguments matched to a function's parameters and evaluated as each parameter asks.

import Diagnostics
import Notation
import Tensors

extension Lowering {
  func call(
    _ callee: Expression.Callee, _ arguments: [Expression.Argument], at span: Span,
    in scope: any Scope
  ) throws(Diagnostic) -> Meaning {
    if let found = try scope.meaning(of: callee, arguments: arguments, at: span, in: self) {
      return found
    }
    let name = callee.path.map(\.canonical).joined(separator: ".")
    if let count = try shapeQuestion(name, arguments, in: scope) { return .node(count) }
    guard let function = Function.named(name) else {
      throw try unknown(callee, name, in: scope)
    }
    let (bound, values) = try bind(
      function, arguments, at: callee.span, randomKey: { scope.randomKey() },
      step: try stepCounter(of: function, at: span, in: scope), in: scope)
    do {
      return .node(try function.build(&graph, bound))
    } catch {
      throw misfit(error, values: values, arguments: arguments, at: span)
    }
  }

  /// The arguments of a call, evaluated as a function's parameters ask and bound to them.
  package func bind(
    _ function: Function, _ arguments: [Expression.Argument], at callee: Span,
    randomKey: () -> [Int] = { [] }, step: NodeID? = nil, in scope: any Scope
  ) throws(Diagnostic) -> (bound: FunctionArguments, values: [ArgumentValue]) {
    func located(_ error: FunctionError) -> Diagnostic {
      FunctionProse(error, function, callee, arguments).diagnostic
    }
    let places: [Int]
    do {
      places = try function.match(labels: arguments.map { $0.label?.canonical })
    } catch {
      throw located(error)
    }
    var values: [ArgumentValue] = []
    for (argument, place) in zip(arguments, places) {
      values.append(
        try value(of: argument.value, as: function.parameters[place].kind, of: function, in: scope))
    }
    do {
      let key = function.isRandom ? randomKey() : []
      return (
        try function.arguments(values, places: places, randomKey: key, step: step), values
      )
    } catch {
      throw located(error)
    }
  }

  /// A function such as a schedule whose t was left out means the t at hand.
  private func stepCounter(of function: Function, at span: Span, in scope: any Scope)
    throws(Diagnostic) -> NodeID?
  {
    guard function.parameters.contains(where: { $0.value == .step }) else { return nil }
    let t = Name(canonical: "t")
    guard case .node(let node)? = try scope.meaning(of: t, at: span, in: self) else { return nil }
    return node
  }

  /// An argument as a parameter of this kind takes it.
  private func value(
    of expression: Expression, as kind: Tensors.Parameter.Kind, of function: Function,
    in scope: any Scope
  ) throws(Diagnostic) -> ArgumentValue {
    switch kind {
    case .tensor, .tensors: return .node(try lower(expression, in: scope))
    case .integer, .axes, .shape, .number, .flag:
      let node = try lower(expression, in: scope)
      let tensor = try constant(
        node, what: "an argument of \(function.name)", at: expression.span)
      if kind == .number, let number = tensor.scalar { return .number(number) }
      var integers: [Int] = []
      for element in tensor.elements {
        guard let integer = Int(exactly: element) else {
          throw Diagnostic(
            "function.whole",
            element == element.rounded()
              ? "this number is too large" : "\(function.name) needs whole numbers here",
            at: expression.span)
        }
        integers.append(integer)
      }
      return .integers(integers)
    }
  }

  /// The value of a node that depends on no input.
  package func constant(_ node: NodeID, what: String, at span: Span) throws(Diagnostic) -> Tensor {
    if case .constant(let tensor) = graph[node].kind { return tensor }
    guard graph.isConstant(node) else {
      throw LoweringError.notConstant(what: what, span).diagnostic
    }
    do throws(TensorError) {
      let program = try Program(graph: graph, outputs: [node], interrupted: interrupted)
      guard program.run(steps: 1, interrupted: interrupted).reason != .interrupted else {
        throw TensorError.interrupted
      }
      return program.read(node)
    } catch {
      throw LoweringError.tensor(error, span, operands: []).diagnostic
    }
  }

  /// rank, rows, cols and count ask for a shape, which is known while the graph is built.
  private func shapeQuestion(
    _ name: String, _ arguments: [Expression.Argument], in scope: any Scope
  ) throws(Diagnostic) -> NodeID? {
    guard ["rank", "rows", "cols", "count"].contains(name), Function.named(name) == nil,
      arguments.count == 1
    else { return nil }
    let shape = graph[try lower(arguments[0].value, in: scope)].shape
    let sizes = shape.dimensions
    let number =
      switch name {
      case "rank": sizes.count
      case "count": shape.count
      case "rows": sizes.count >= 2 ? sizes[sizes.count - 2] : 1
      default: sizes.last ?? 1
      }
    return graph.constant(Tensor(Double(number)))
  }

  private func unknown(_ callee: Expression.Callee, _ name: String, in scope: any Scope)
    throws(Diagnostic) -> Diagnostic
  {
    if callee.path.count == 1,
      case .node? = try? scope.meaning(of: callee.path[0], at: callee.span, in: self)
    {
      return Diagnostic(
        "function.not", "\(callee.path[0].pretty) is a value, not a function", at: callee.span,
        help: "write \(name)*(…) for a product, \(name)[…] for an element")
    }
    if name == "print" {
      return Diagnostic(
        "function.print", "nothing needs printing here", at: callee.span,
        help: "an expression alone on a line shows its value: type x for print(x)")
    }
    if ["csv", "npy", "npz", "safetensors", "text"].contains(name) {
      return Diagnostic(
        "function.data", "\(name) reads a file once, into a data set", at: callee.span,
        help: "data d = \(name)(\"file.\(name == "text" ? "txt" : name)\")")
    }
    let known = Function.catalogue.map(\.name) + scope.knownNames
    return LoweringError.unknownFunction(name, callee.span, known: known).diagnostic
  }

  private func misfit(
    _ error: TensorError, values: [ArgumentValue], arguments: [Expression.Argument], at span: Span
  ) -> Diagnostic {
    var operands: [(Expression, Shape)] = []
    for (value, argument) in zip(values, arguments) {
      if case .node(let node) = value { operands.append((argument.value, graph[node].shape)) }
    }
    if case .column(let operation, let node, let column, let message, let help) = error {
      let argument = zip(values, arguments).first { $0.0 == .node(node) }?.1.value
      let isVector = graph[node].shape.rank < 2
      var place = isVector ? argument?.text(.pretty) ?? "it" : "column \(column)"
      if let names = columnNames[node], names.indices.contains(column) {
        place = isVector ? names[column] : "\(place), \(names[column]),"
      }
      return Diagnostic(
        "value.column", "\(operation): \(place) \(message)", at: argument?.span ?? span, help: help)
    }
    return LoweringError.tensor(error, span, operands: operands).diagnostic
  }
}

/// The words for a call that does not fit.
struct FunctionProse {
  let error: FunctionError
  let function: Function
  let callee: Span
  let arguments: [Expression.Argument]

  init(
    _ error: FunctionError, _ function: Function, _ callee: Span, _ arguments: [Expression.Argument]
  ) {
    self.error = error
    self.function = function
    self.callee = callee
    self.arguments = arguments
  }

  private func place(_ argument: Int, label: Bool = false) -> Span {
    guard arguments.indices.contains(argument) else { return callee }
    return label
      ? arguments[argument].labelSpan ?? arguments[argument].value.span
      : arguments[argument].value.span
  }

  var diagnostic: Diagnostic {
    let usage = "usage: \(function.signature)"
    switch error {
    case .unknownParameter(let name, let label, let argument, let known):
      return Diagnostic(
        "function.keyword", "\(name) has no argument \(label)", at: place(argument, label: true),
        help: didYouMean(label, in: known) ?? usage)
    case .tooManyArguments(let name, let argument, let maximum):
      return Diagnostic(
        "function.arguments",
        "\(name) takes \(maximum == 1 ? "one argument" : "at most \(maximum) arguments")",
        at: place(argument), help: usage)
    case .positionalAfterKeyword(_, let argument):
      return Diagnostic(
        "function.order", "an argument without a name cannot follow one with a name",
        at: place(argument), help: usage)
    case .givenTwice(_, let parameter, let argument):
      return Diagnostic(
        "function.twice", "\(parameter) is given twice", at: place(argument), help: usage)
    case .missing(let name, let parameter):
      return Diagnostic("function.missing", "\(name) needs \(parameter)", at: callee, help: usage)
    case .wrongKind(let name, let parameter, let argument, let expected):
      return Diagnostic(
        "function.kind", "\(parameter) of \(name) must be \(expected)", at: place(argument),
        help: usage)
    }
  }
}
