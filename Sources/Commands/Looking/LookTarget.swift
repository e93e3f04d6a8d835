// What a person points at with `explain` or `why`: a parameter, a line of the last step, a definition.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

enum LookTarget {
  case parameter(Engine.Parameter)
  /// A line of a step, by its number among the parameter's lines; `event` is the step.
  case line(StepRecord.ParameterRecord, Int, event: Int)
  /// A definition or a loss.
  case formula(Name, Expression)
  case hyperparameter(Name, Expression, of: String)
  /// A number with nothing behind it, and what it is.
  case value(String)
  /// Anything else.
  case expression
}

extension Session {
  /// What an expression without its place means, in the order in which names are looked up.
  func target(of base: Expression) throws(Diagnostic) -> LookTarget {
    if let parameter = problem.parameter(meant: base) { return .parameter(parameter) }
    switch base.kind {
    case .name(let name): return try target(of: name)
    case .member(let owner, let field):
      guard let parameter = problem.parameter(meant: owner) else { return .expression }
      return try stepTarget(field, owner: parameter.name) ?? .expression
    default: return .expression
    }
  }

  private func target(of name: Name) throws(Diagnostic) -> LookTarget {
    if let objective = problem.objective(name) { return .formula(name, objective.expression) }
    switch problem.definitions[name] {
    case .formula(let formula): return .formula(name, formula)
    case .value: return .value("a stored value")
    case .table, .bundle, .function: return .expression
    case nil: break
    }
    return try stepTarget(name, owner: nil) ?? .expression
  }

  /// A name of the last step.
  private func stepTarget(_ name: Name, owner: Name?) throws(Diagnostic) -> LookTarget? {
    let present = timeline.position
    let event: Int?
    if let owner {
      event = lastStep(of: owner, at: present)
    } else {
      event = lastStep(at: present)
    }
    if let event, let record = try record(at: event) {
      let candidates = record.parameters.filter { owner == nil || $0.name == owner }
      for parameter in candidates
      where parameter.optimizer != problem.group(for: parameter.name)?.title {
        if parameter.constants.contains(where: { $0.name == name }) {
          return .value("a hyperparameter of \(parameter.optimizer) in step \(record.step)")
        }
      }
      for parameter in candidates {
        guard let line = parameter.lines.lastIndex(where: { $0.name == name && !$0.isParameter })
        else { continue }
        // Several parameters may have one; evaluating the name says so.
        if owner == nil, candidates.count > 1 {
          _ = try evaluate(Expression(.name(name), Span(Source(name.canonical))))
        }
        return .line(parameter, line, event: event)
      }
    }
    for group in problem.optimizer {
      for stage in group.stages {
        if let entry = stage.hyperparameters.first(where: { $0.name == name }) {
          return .hyperparameter(name, entry.value, of: stage.rule.name)
        }
      }
    }
    return name.canonical == "t" && step > 0 ? .value("the number of the last update") : nil
  }

  /// The loss a command without one means.
  /// - Parameter model: what the loss has to read, where that is known.
  func lossOrDefault(_ given: Expression?, reading model: Name? = nil, for command: String)
    throws(Diagnostic) -> Expression
  {
    if let given { return given }
    var losses = problem.objectives
    if let model {
      let readers = losses.filter { read($0, model) }
      if !readers.isEmpty { losses = readers }
    }
    guard let objective = losses.last else {
      throw Diagnostic(
        "look.no-loss", "there is no loss yet", help: "loss L = sum((w - 1)^2), then \(command) L")
    }
    guard losses.count == 1 else {
      let names = losses.map(\.name.canonical)
      throw Diagnostic(
        "look.which-loss", "there are several losses",
        help: "say which: " + names.map { "\(command) \($0)" }.joined(separator: ", "))
    }
    return Expression(.name(objective.name), objective.expression.span)
  }

  /// Whether a loss applies a model or another that it is a part of.
  private func read(_ objective: Objective, _ model: Name) -> Bool {
    var names: Set<Name> = [model]
    var count = 0
    while names.count > count {
      count = names.count
      for other in problem.models where !names.isDisjoint(with: other.parts) {
        names.insert(other.name)
      }
    }
    return names.contains { expression(objective.expression, uses: $0) }
  }
}

extension Expression {
  /// Whether it is a number or a list of numbers: its value stands there already.
  var isLiteral: Bool {
    switch kind {
    case .number: true
    case .unary(.negate, let operand): operand.isLiteral
    case .list(let elements): elements.allSatisfy(\.isLiteral)
    default: false
    }
  }

  /// Whether putting numbers in for names makes sense: ∇12.5 would not.
  var takesNumbers: Bool {
    switch kind {
    case .gradient, .string: false
    case .call(let callee, _) where ["grad", "hessian"].contains(callee.path.first?.canonical):
      false
    default: children.allSatisfy(\.takesNumbers)
    }
  }
}
