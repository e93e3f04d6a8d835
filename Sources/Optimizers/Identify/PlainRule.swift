// A rule as a list of plain lines: flags settled one way, blocks unrolled for one shape, numbers that
// it prints turned into hyperparameters with a fixed value.
//
// What a plain rule computes is what the rule computes; only how it is called differs.

import Diagnostics
import Notation
import Tensors

struct PlainRule {
  /// How a hyperparameter of the plain rule is given in a call of the rule it comes from.
  struct Slot {
    /// The name in the plain rule.
    var name: Name
    /// The argument of the call, and the place in it where that is a list.
    var argument: Name
    var place: Int?
    var defaultValue: Double?
  }

  let rule: Rule
  /// The rule as it was written, and how its flags were settled.
  let origin: Rule
  private let originSettings: [(name: Name, value: Expression)]
  private let isLifted: Bool
  var slots: [Slot]
  /// Arguments that settle flags, as the call has them: `amsgrad=true`.
  var settings: [(name: Name, value: String)]
  /// Numbers that the rule prints, as hyperparameters.
  var printed: [Name: Double]
  /// Its lines depend on the parameter's shape.
  let dependsOnShape: Bool
  let roles: [Name: HyperRole]

  var lines: [(name: Name, value: Expression)] {
    rule.declaration.body.compactMap { statement in
      switch statement {
      case .let(let line), .assign(let line): (line.name, line.value)
      case .state, .when, .repeat: nil
      }
    }
  }

  /// The lines that run at every step.
  var steps: [(name: Name, expression: Expression)] {
    rule.declaration.body.compactMap { statement in
      if case .assign(let line) = statement { (line.name, line.value) } else { nil }
    }
  }

  /// Its lines ask for the loss or its second derivatives.
  var asksLoss: Bool {
    lines.contains { line in
      line.value.contains { part in
        if case .call(let callee, _) = part.kind {
          ["loss", "hessian"].contains(callee.path.first?.canonical ?? "")
        } else {
          false
        }
      }
    }
  }

  var states: [(name: Name, start: Expression)] {
    rule.declaration.body.compactMap { statement in
      if case .state(let line) = statement { (line.name, line.value) } else { nil }
    }
  }

  /// Its hyperparameters, printed numbers last.
  var hyper: RoleValues {
    var defaults: [Name: Double] = [:]
    for slot in slots { defaults[slot.name] = slot.defaultValue }
    return RoleValues(
      names: rule.declaration.parameters.map(\.name), roles: roles, defaults: defaults,
      lines: lines.map(\.value))
  }

  /// What the rule calls its parameter.
  var parameter: Name {
    lines.last { Rule.parameterNames.contains($0.name.canonical) }?.name ?? Name(canonical: "w")
  }

  /// - Parameters:
  ///   - settings: values for hyperparameters that decide which lines run.
  ///   - lifting: whether printed numbers become hyperparameters.
  ///   - given: roles that a person has said.
  init?(
    _ rule: Rule, settings: [(name: Name, value: Expression)] = [],
    shape: Shape = [ProbeTape.coordinates], lifting: Bool = false, given: [Name: HyperRole] = [:]
  ) {
    let nowhere = rule.declaration.nameSpan
    // Numbers stand for hyperparameters while blocks are settled, so that `momentum != 0` holds.
    let number = Expression(.number(0.37, spelling: "0.37"), nowhere)
    let arguments = rule.declaration.parameters.map { parameter in
      let set = settings.first { $0.name == parameter.name }?.value
      let free = PlainRule.isNumber(parameter.defaultValue) ? number : nil
      return Expression.Argument(
        label: parameter.name, value: set ?? free ?? parameter.defaultValue ?? number)
    }
    // A count such as Newton-Schulz's steps keeps its default.
    let counts = PlainRule.counts(rule)
    let kept = arguments.map { argument -> Expression.Argument in
      guard let label = argument.label, counts.contains(label),
        let value = rule.declaration.parameters.first(where: { $0.name == label })?.defaultValue
      else { return argument }
      return Expression.Argument(label: label, value: value)
    }
    guard let chosen = try? ChosenRule(rule, arguments: kept, at: nowhere),
      let settled = try? chosen.settled(for: shape)
    else { return nil }
    var body: [RuleStatement] = []
    var slots: [Slot] = []
    var gone: Set<Name> = counts
    for setting in settings { gone.insert(setting.name) }
    func line(_ name: Name, _ value: Expression, _ remark: String? = nil) -> RuleStatement.Line {
      RuleStatement.Line(name: name, nameSpan: nowhere, value: value, remark: remark, span: nowhere)
    }
    // `none` and flags that are not settled are bound as they are.
    for parameter in rule.declaration.parameters {
      if let set = settings.first(where: { $0.name == parameter.name })?.value {
        if case .number = set.kind { body.append(.let(line(parameter.name, set))) }
        continue
      }
      guard !gone.contains(parameter.name) else {
        if let value = parameter.defaultValue { body.append(.let(line(parameter.name, value))) }
        continue
      }
      switch parameter.defaultValue?.kind {
      case .list(let items)?:
        gone.insert(parameter.name)
        for constant in settled.constants {
          guard case .index(let base, let subscripts) = constant.expression.kind,
            case .name(parameter.name) = base.kind, subscripts.count == 1,
            case .at(let at) = subscripts[0], case .number(let place, _) = at.kind,
            place >= 0, place < Double(items.count)
          else { continue }
          slots.append(
            Slot(
              name: constant.name, argument: parameter.name, place: Int(place),
              defaultValue: ScalarFormula.value(of: items[Int(place)]) { _ in nil }))
          gone.insert(constant.name)
        }
      case _ where PlainRule.isNumber(parameter.defaultValue):
        slots.append(
          Slot(
            name: parameter.name, argument: parameter.name,
            defaultValue: parameter.defaultValue.flatMap { value in
              ScalarFormula.value(of: value) { _ in nil }
            }))
      default:
        gone.insert(parameter.name)
      }
    }
    for constant in settled.constants where !slots.contains(where: { $0.name == constant.name }) {
      body.append(.let(line(constant.name, constant.expression)))
    }
    for state in settled.states { body.append(.state(line(state.name, state.start))) }
    for item in settled.lines {
      body.append(.assign(line(item.name, item.expression, item.remark)))
    }
    var printed: [Name: Double] = [:]
    if lifting {
      var lifter = NumberLifter(taken: Set(rule.names).union(Rule.given))
      body = lifter.lift(body)
      printed = lifter.values
    }
    var declaration = rule.declaration
    declaration.parameters =
      (slots.map(\.name) + printed.keys.sorted()).map {
        RuleDeclaration.Parameter(name: $0, defaultValue: nil, span: nowhere)
      }
    declaration.body = body
    guard let plain = try? Rule(declaration) else { return nil }
    self.rule = plain
    origin = rule
    originSettings = settings
    isLifted = lifting
    self.slots = slots
    self.settings = settings.compactMap { setting in
      let usual = rule.declaration.parameters.first { $0.name == setting.name }?.defaultValue
      if let usual, usual.isSame(as: setting.value) { return nil }
      return (setting.name, setting.value.text(.ascii))
    }
    self.printed = printed
    // A rule over all parameters is given one vector, whatever their shapes are.
    dependsOnShape =
      !rule.declaration.overAll
      && (PlainRule.asksShape(rule) || body.contains { $0.line?.value.asksShape ?? false })
    var lines: [(name: Name, value: Expression)] = []
    for statement in body {
      switch statement {
      case .let(let line), .assign(let line): lines.append((line.name, line.value))
      case .state, .when, .repeat: break
      }
    }
    let parameter =
      lines.last { Rule.parameterNames.contains($0.name.canonical) }?.name ?? Name(canonical: "w")
    roles = HyperRoles(
      lines: lines, states: Set(settled.states.map(\.name)), parameter: parameter,
      hyper: Set(declaration.parameters.map(\.name))
    ).roles(given: given)
  }

  /// The same rule as it runs for a parameter of another shape.
  func reshaped(_ shape: Shape) -> PlainRule? {
    PlainRule(origin, settings: originSettings, shape: shape, lifting: isLifted, given: roles)
  }

  /// A hyperparameter without a default, or with a number or `none`, takes a number.
  private static func isNumber(_ value: Expression?) -> Bool {
    switch value?.kind {
    case nil, .number?, .unary(.negate, _)?: true
    case .name(let name)?: name.canonical == "none"
    default: false
    }
  }

  /// Hyperparameters that say how often a block is repeated.
  private static func counts(_ rule: Rule) -> Set<Name> {
    var found: Set<Name> = []
    Rule.visit(rule.declaration.body) { statement in
      if case .repeat(let count, _) = statement { found.formUnion(count.names) }
    }
    return found
  }

  private static func asksShape(_ rule: Rule) -> Bool {
    var found = false
    Rule.visit(rule.declaration.body) { statement in
      if case .when(let branches, _) = statement {
        found = found || branches.contains { $0.condition.asksShape }
      }
    }
    return found
  }

  /// The rule as it is called with these values: `torch.Adam(lr=α, betas=[β₁, β₂])`.
  static func call(
    _ slots: [Slot], _ settings: [(name: Name, value: String)], _ words: [Name: String]
  ) -> [(name: Name, value: String)] {
    var arguments: [(name: Name, value: String)] = []
    var lists: [Name: [Int: String]] = [:]
    for slot in slots {
      guard let word = words[slot.name] else { continue }
      guard let place = slot.place else {
        arguments.append((slot.argument, word))
        continue
      }
      if lists[slot.argument] == nil { arguments.append((slot.argument, "")) }
      lists[slot.argument, default: [:]][place] = word
    }
    for (index, argument) in arguments.enumerated() {
      guard let items = lists[argument.name] else { continue }
      arguments[index].value =
        "[" + items.sorted { $0.key < $1.key }.map(\.value).joined(separator: ", ") + "]"
    }
    return arguments + settings
  }
}

extension Expression {
  /// Holds a question about the parameter's shape, or a product of matrices.
  var asksShape: Bool {
    contains { part in
      switch part.kind {
      case .binary(.matmul, _, _), .unary(.transpose, _): true
      case .call(let callee, let arguments):
        ["rank", "rows", "cols"].contains(callee.path.first?.canonical ?? "")
          || arguments.contains { $0.label?.canonical == "axis" }
      default: false
      }
    }
  }
}
