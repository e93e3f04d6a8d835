// Calls that need to know the session: its functions and models, derivatives, changes over a step,
// columns of data.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension ProblemScope {
  /// A call made in `caller`, in which the arguments have their meaning.
  func call(
    _ callee: Expression.Callee, _ arguments: [Expression.Argument], from caller: any Scope,
    at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> Meaning? {
    if problem.model(callee.path[0]) != nil, problem.definitions[callee.path[0]] == nil {
      return .node(try applyModel(callee, arguments, from: caller, at: span, in: lowering))
    }
    guard callee.path.count == 1 else { return nil }
    let name = callee.path[0]
    if case .function(let parameters, let defaults, let body) = problem.definitions[name] {
      return try expand(
        name, parameters, defaults, body, arguments, from: caller, at: span, in: lowering)
    }
    switch name.canonical {
    case "grad", "hessian":
      return .node(try derivative(name.canonical, arguments, from: caller, at: span, in: lowering))
    case "columns": return .node(try columns(arguments, at: span, in: lowering))
    case "codes": return .node(try codes(arguments, at: span, in: lowering))
    case "encode": return .node(try encode(arguments, at: span, in: lowering))
    case "decode":
      return try decode(arguments, from: caller, at: span, in: lowering)
    case "l1", "l2", "elastic_net":
      guard let expanded = try expandingModels(arguments) else { return nil }
      return try lowering.meaning(of: Expression(.call(callee, expanded), span), in: caller)
    case "norm":
      guard let first = arguments.first, first.label == nil,
        (caller as? BoundScope)?.bindings[Name(canonical: "g")] == nil,
        let all = try gradients(first.value, in: lowering)
      else { return nil }
      let name = Name(canonical: "all gradients")
      let packed = Expression.Argument(value: Expression(.name(name), first.value.span))
      return try lowering.meaning(
        of: Expression(.call(callee, [packed] + arguments.dropFirst()), span),
        in: BoundScope(bindings: [name: .node(all)], outer: self))
    case "change": return .node(try change(arguments, at: span, in: lowering))
    case "full":
      // With more arguments it is the function that fills a shape.
      guard arguments.count == 1, arguments[0].label == nil else { return nil }
      return try lowering.meaning(of: arguments[0].value, in: rows?.whole ?? caller)
    default: return nil
    }
  }

  /// `f(X)`, `f.0(X)`
  private func applyModel(
    _ callee: Expression.Callee, _ arguments: [Expression.Argument], from caller: any Scope,
    at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> NodeID {
    let path = callee.path.map(\.canonical)
    let text = path.joined(separator: ".")
    switch problem.part(at: path) {
    case .model(let model):
      return try apply(.model(model), path: text, arguments, from: caller, at: span, in: lowering)
    case .stage(let stage):
      return try apply(.stage(stage), path: text, arguments, from: caller, at: span, in: lowering)
    case .parameter, .buffer:
      throw Diagnostic(
        "function.not", "\(text) is a value, not a layer", at: callee.span,
        help: "write \(text)*(…) for a product, \(text)[…] for an element")
    case nil:
      throw Diagnostic(
        "model.stage-unknown", "there is no \(text)", at: callee.span,
        help: "show \(path[0]) lists the layers")
    }
  }

  private func expand(
    _ name: Name, _ parameters: [Name], _ defaults: [Expression?], _ body: Expression,
    _ arguments: [Expression.Argument], from caller: any Scope, at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> Meaning {
    let usage = "\(name.pretty)(\(parameters.map(\.pretty).joined(separator: ", ")))"
    var bindings: [Name: Meaning] = [:]
    for (i, argument) in arguments.enumerated() {
      let place = argument.labelSpan ?? argument.value.span
      guard let parameter = argument.label ?? (i < parameters.count ? parameters[i] : nil) else {
        throw Diagnostic(
          "function.arguments",
          "\(usage) takes \(parameters.count == 1 ? "one argument" : "\(parameters.count) arguments")",
          at: place)
      }
      guard parameters.contains(parameter) else {
        throw Diagnostic(
          "function.keyword", "\(usage) has no argument \(parameter.pretty)", at: place,
          help: didYouMean(parameter.canonical, in: parameters.map(\.canonical)))
      }
      guard bindings[parameter] == nil else {
        throw Diagnostic("function.twice", "\(parameter.pretty) is given twice", at: place)
      }
      bindings[parameter] = try lowering.meaning(of: argument.value, in: caller)
    }
    try enter(name, at: span)
    defer { inProgress.removeLast() }
    for (parameter, value) in zip(parameters, defaults) where bindings[parameter] == nil {
      guard let value else {
        throw Diagnostic(
          "function.arguments", "\(usage) needs \(parameter.pretty)", at: span)
      }
      bindings[parameter] = try lowering.meaning(of: value, in: self)
    }
    return try lowering.meaning(of: body, in: BoundScope(bindings: bindings, outer: self))
  }

  private func derivative(
    _ word: String, _ arguments: [Expression.Argument], from caller: any Scope, at span: Span,
    in lowering: Lowering
  ) throws(Diagnostic) -> NodeID {
    guard arguments.count == 2 else {
      throw Diagnostic(
        "function.arguments", "\(word) takes a loss and what to differentiate by", at: span,
        help: "for example \(word)(L, w)")
    }
    let loss = try lowering.lower(arguments[0].value, in: caller)
    let by = try lowering.lower(arguments[1].value, in: caller)
    return word == "hessian"
      ? try lowering.hessian(of: loss, by: by, at: span)
      : try lowering.gradients(of: loss, by: [by], at: span)[0]
  }

  /// |x after the step - x before it|
  private func change(
    _ arguments: [Expression.Argument], at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> NodeID {
    guard arguments.count == 1, arguments[0].label == nil else {
      throw Diagnostic(
        "function.arguments", "change takes one value", at: span, help: "for example change(L)")
    }
    guard let before = try leaves.scopeBefore() else {
      throw Diagnostic(
        "step.none", "there is no step here that \(arguments[0].value.text(.pretty)) changes in",
        at: span, help: "change(x) is how much x changed in the last step")
    }
    let new = try lowering.lower(arguments[0].value, in: self)
    let old = try lowering.lower(arguments[0].value, in: before)
    let difference = try lowering.apply(.subtract, [new, old], operands: [], at: span)
    return try lowering.apply(.absolute, [difference], operands: [], at: span)
  }

  private func columns(_ arguments: [Expression.Argument], at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID
  {
    guard let first = arguments.first,
      case .object(let object, _) = try lowering.meaning(of: first.value, in: self),
      let table = object as? DataTable
    else {
      throw Diagnostic(
        "columns.data", "columns takes a data set and column names", at: span,
        help: "for example columns(d, \"age\", \"bmi\")")
    }
    var names: [(String, Span)] = []
    for argument in arguments.dropFirst() {
      guard case .string(let text) = argument.value.kind else {
        throw Diagnostic(
          "columns.name", "a column's name goes in quotes", at: argument.value.span)
      }
      names.append((text, argument.value.span))
    }
    let node = lowering.graph.constant(try table.matrix(of: names, at: span))
    var found: [String] = names.isEmpty ? table.numericNames : []
    for (name, place) in names { found.append(try table.find(name, at: place).name) }
    lowering.columnNames[node] = found
    return node
  }
}
