// `name = …` and its relatives: live definitions, functions, stored values, assignments.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

extension Interpreter {
  /// Carries out a statement that gives a name a meaning.
  func define(_ head: StatementHead, _ value: Expression, muted: Bool) throws(Diagnostic) {
    switch head {
    case .definition(let name): try defineFormula(name, value, muted: muted)
    case .function(let name, let parameters):
      try defineFunction(name, parameters, value, muted: muted)
    case .stored(let name): try store(name, value, muted: muted)
    case .assignment(let target): try assign(target, value, muted: muted)
    case .command, .expression: break
    }
  }

  /// A name that may be given a meaning: no command's, no constant's.
  func checkDefinable(_ name: Identifier, asModel: Bool = false) throws(Diagnostic) {
    if !asModel, session.problem.model(name.name) != nil {
      throw Diagnostic(
        "name.taken", "\(name.name.pretty) is a model", at: name.span,
        help: "choose another name; model \(name.name.canonical) = … declares it anew")
    }
    let word = name.name.canonical
    if commands[word] != nil || word == "let" {
      let help =
        switch word {
        case "loss", "maximize": "type \(word) L = …"
        case "param": "type param w = …"
        case "model": "type model f = linear(2, 1)"
        case "data": "type data d = csv(\"file.csv\")"
        default: "choose another name; help \(word) says what the command does"
        }
      throw Diagnostic("name.reserved", "\(word) is a command", at: name.span, help: help)
    }
    if ["all", "rest", "true", "false", "none", "ans", "pi", "inf", "nan"].contains(word) {
      throw Diagnostic(
        "name.reserved", "\(word) means something already", at: name.span,
        help: "choose another name")
    }
  }

  /// A model's name is no layer's, no function's and no definition's, which would go with all that
  /// use it.
  func checkTaken(_ name: Identifier) throws(Diagnostic) {
    let pretty = name.name.pretty
    if LayerKind.named(name.name.canonical) != nil {
      throw Diagnostic(
        "name.layer", "\(pretty) is a layer", at: name.span, help: "choose another name")
    }
    let kind: String
    switch session.problem.definitions[name.name] {
    case .formula: kind = "a definition"
    case .value: kind = "a stored value"
    case .table, .bundle: kind = "a data set"
    case .function: kind = "a function"
    case nil:
      guard
        Function.named(name.name.canonical) != nil
          || ProblemScope.functions.contains(name.name.canonical)
      else { return }
      kind = "a function"
    }
    throw Diagnostic(
      "name.taken", "\(pretty) is \(kind)", at: name.span, help: "choose another name")
  }

  private func defineFormula(_ name: Identifier, _ value: Expression, muted: Bool)
    throws(Diagnostic)
  {
    if let parameter = session.problem.parameter(name.name) {
      return try assign(parameter, try session.evaluate(value), what: value, muted: muted)
    }
    try checkDefinable(name)
    if session.problem.objective(name.name) != nil {
      throw Diagnostic(
        "name.loss", "\(name.name.pretty) is a loss", at: name.span,
        help: "type loss \(name.name.canonical) = … to change it")
    }
    try session.changeProblem { (problem) throws(Diagnostic) in
      problem.definitions[name.name] = .formula(value)
    }
    try checkNotCircular(name, value)
    let affected = session.users(of: name.name)
    if isDataObject(value) { return try reply(.formula(name.name, value), muted) }
    guard let result = try session.evaluateIfStepped(Expression(.name(name.name), name.span)) else {
      return try reply(.formula(name.name, value), muted)
    }
    try reply(MessageReport.definition(name.name, result, affected: affected), muted)
  }

  private func isDataObject(_ value: Expression) -> Bool {
    if case .name(let other) = value.kind, case .function = session.problem.definitions[other] {
      return true
    }
    return session.dataObject(value) != nil
  }

  private func checkNotCircular(_ name: Identifier, _ value: Expression) throws(Diagnostic) {
    guard value.names.contains(name.name) || session.expression(value, uses: name.name) else {
      return
    }
    if value.names.contains(name.name) {
      throw Diagnostic(
        "definition.circular",
        "this definition is circular: \(name.name.pretty) → \(name.name.pretty)", at: name.span,
        help: "let \(name.name.canonical) = … stores a value instead of a formula")
    }
  }

  private func defineFunction(
    _ name: Identifier, _ parameters: [StatementHead.Parameter], _ body: Expression, muted: Bool
  ) throws(Diagnostic) {
    try checkDefinable(name)
    if session.problem.parameter(name.name) != nil || session.problem.objective(name.name) != nil {
      throw Diagnostic(
        "name.taken", "\(name.name.pretty) is a parameter or a loss", at: name.span,
        help: "choose another name")
    }
    try session.changeProblem { (problem) throws(Diagnostic) in
      problem.definitions[name.name] = .function(
        parameters: parameters.map(\.name.name), defaults: parameters.map(\.value), body: body)
    }
    try reply(
      .function(name.name, parameters, body, affected: session.users(of: name.name)), muted)
  }

  private func store(_ name: Identifier, _ value: Expression, muted: Bool) throws(Diagnostic) {
    try checkDefinable(name)
    if session.problem.parameter(name.name) != nil || session.problem.objective(name.name) != nil {
      throw Diagnostic(
        "name.taken", "\(name.name.pretty) is a parameter or a loss", at: name.span,
        help: "\(name.name.canonical) = … assigns to a parameter")
    }
    let tensor = try session.evaluate(value, as: name.name)
    let affected = session.users(of: name.name)
    try session.changeProblem { (problem) throws(Diagnostic) in
      problem.definitions[name.name] = .value(tensor)
    }
    try reply(MessageReport.definition(name.name, tensor, affected: affected), muted)
  }

  /// `w[0] = 3`, `w[:, 1] = [1, 2]`
  private func assign(_ target: Expression, _ value: Expression, muted: Bool) throws(Diagnostic) {
    if let path = target.path,
      case .parameter(let parameter) = session.problem.part(at: path.map(\.canonical))
    {
      return try assign(parameter, try session.evaluate(value), what: value, muted: muted)
    }
    guard case .index(let base, let subscripts) = target.kind,
      let parameter = session.problem.parameter(meant: base)
    else {
      throw Diagnostic(
        "assign.target", "only a parameter or its elements can be assigned to", at: target.span,
        help: "let name = … stores a value under a name of its own")
    }
    let new = try session.evaluate(value)
    let old = session.value(of: parameter)
    let result = try session.replacing(subscripts, of: old, with: new, at: target.span, value.span)
    let held = session.assign(
      parameter, result, what: "\(target.text(.pretty)) = \(value.text(.pretty))")
    try reply(MessageReport.assigned(parameter.name, held), muted)
  }

  private func assign(_ parameter: Engine.Parameter, _ value: Tensor, what: Expression, muted: Bool)
    throws(Diagnostic)
  {
    let shape = parameter.initial.shape
    guard value.shape.broadcast(with: shape) == shape else {
      throw Diagnostic(
        "assign.shape",
        "\(parameter.name.pretty) has shape \(shape); this value has \(value.shape)", at: what.span,
        help: "param \(parameter.path) = … declares it anew")
    }
    let full = value.broadcast(to: shape)
    let held = session.assign(
      parameter, full, what: "\(parameter.name.pretty) = \(what.text(.pretty))")
    try reply(MessageReport.assigned(parameter.name, held), muted)
  }

  /// Shows a reply unless the statement ended in `;`.
  func reply(_ report: MessageReport, _ muted: Bool) throws(Diagnostic) {
    if !muted { surface.show(report) }
  }

  func reply(with report: any Report, _ muted: Bool) throws(Diagnostic) {
    if !muted { surface.show(report) }
  }
}
