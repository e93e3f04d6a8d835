// What names mean in a schedule: the session's definitions, t, and plateau with its memory.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// Inside a schedule `t` is the update's number, whatever the session calls t.
final class ScheduleScope: Scope {
  let t: NodeID
  let outer: ProblemScope
  let plan: StepPlan
  let owner: String

  init(t: NodeID, outer: ProblemScope, plan: StepPlan, owner: String) {
    self.t = t
    self.outer = outer
    self.plan = plan
    self.owner = owner
  }

  func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic) -> Meaning? {
    if name.canonical == "t" { return .node(t) }
    if name.canonical == "epoch", plan.problem.batching != nil {
      // While shapes are found out there is no step.
      return .node(
        lowering === plan.lowering
          ? plan.epoch ?? lowering.graph.constant(Tensor(0)) : lowering.graph.constant(Tensor(0)))
    }
    return try outer.meaning(of: name, at: span, in: lowering)
  }

  func meaning(of field: Name, in base: Expression, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> Meaning?
  { try outer.meaning(of: field, in: base, at: span, in: lowering) }

  func meaning(
    of callee: Expression.Callee, arguments: [Expression.Argument], at span: Span,
    in lowering: Lowering
  ) throws(Diagnostic) -> Meaning? {
    if let spelling = Plateau.spelling(callee.path) {
      return .node(try plateau(spelling, arguments, at: span, in: lowering))
    }
    return try outer.call(callee, arguments, from: self, at: span, in: lowering)
  }

  private func plateau(
    _ spelling: Plateau.Spelling, _ arguments: [Expression.Argument], at span: Span,
    in lowering: Lowering
  ) throws(Diagnostic) -> NodeID {
    let given = try matched(spelling, arguments)
    var result = Plateau.Arguments()
    for (role, value) in given {
      guard let words = Plateau.choices[role] else { continue }
      guard let word = value.word, words.contains(word) else {
        throw Diagnostic(
          "schedule.choice", "\(role) is \(words.joined(separator: " or "))", at: value.span,
          help: "usage: \(spelling.usage)")
      }
      result.words[role] = word
    }
    let isOfStep = result.rhythm == .step
    for (name, role) in spelling.arguments where Plateau.choices[role] == nil {
      guard let value = given.first(where: { $0.role == role })?.value else {
        guard let standard = Plateau.standard(role) else {
          throw Diagnostic(
            "schedule.missing", "\(spelling.callee) needs \(name)", at: span,
            help: "usage: \(spelling.usage)")
        }
        result.numbers[role] = lowering.graph.constant(Tensor(standard))
        continue
      }
      // Judged once an epoch, the watched value is that on all the data, as at the prompt.
      let node =
        role == "watch" && !isOfStep && lowering === plan.lowering
        ? try lowering.lower(value, in: wholeScope()) : try lowering.lower(value, in: self)
      guard lowering.graph[node].shape.count == 1 else {
        throw Diagnostic(
          "schedule.scalar", "\(name) of \(spelling.callee) must be a single number",
          at: value.span)
      }
      if let (words, holds) = Plateau.range(role), let number = known(node, in: lowering),
        !holds(number)
      {
        throw Diagnostic(
          "schedule.range",
          "\(name) of \(spelling.callee) is \(value.text(.pretty)); it has to be "
            + words, at: value.span, help: "usage: \(spelling.usage)")
      }
      result.numbers[role] = node
    }
    // While shapes are found out nothing is remembered.
    guard lowering === plan.lowering else {
      return result.numbers["start"] ?? lowering.graph.constant(Tensor(0))
    }
    if let watch = result.numbers["watch"], lowering.graph.isConstant(watch),
      let value = given.first(where: { $0.role == "watch" })?.value
    {
      let start = given.first { $0.role == "start" }?.value
      let isSwapped = result.numbers["start"].map { !lowering.graph.isConstant($0) } ?? false
      throw Diagnostic(
        "schedule.watch",
        "\(spelling.callee) watches \(value.text(.pretty)), which never changes", at: value.span,
        help: isSwapped
          ? "the rate comes first: \(spelling.callee)(\(value.text(.ascii)), "
            + "\(start?.text(.ascii) ?? "L"))"
          : "watch a loss or another value of the run: \(spelling.callee)(0.1, L)")
    }
    return try plan.plateau(result, owner: owner, t: t, at: span)
  }

  /// The value of a number that no step changes.
  private func known(_ node: NodeID, in lowering: Lowering) -> Double? {
    guard lowering.graph.isConstant(node),
      let program = try? Program(graph: lowering.graph, outputs: [node])
    else { return nil }
    _ = program.run(steps: 1)
    return program.read(node).scalar
  }

  private func matched(_ spelling: Plateau.Spelling, _ arguments: [Expression.Argument])
    throws(Diagnostic) -> [(role: String, value: Expression)]
  {
    var given: [(role: String, value: Expression)] = []
    for (i, argument) in arguments.enumerated() {
      let known = spelling.arguments
      guard let name = argument.label?.canonical ?? (i < known.count ? known[i].name : nil),
        let role = known.first(where: { Name(spelling: $0.name).canonical == name })?.role,
        !given.contains(where: { $0.role == role })
      else {
        throw Diagnostic(
          "schedule.argument", "\(spelling.callee) has no such argument",
          at: argument.labelSpan ?? argument.value.span, help: "usage: \(spelling.usage)")
      }
      given.append((role, argument.value))
    }
    return given
  }

  /// The data as a whole, in eval mode; t is the update's number here too.
  private func wholeScope() -> ScheduleScope {
    ScheduleScope(t: t, outer: plan.scopeOfWhole(), plan: plan, owner: owner)
  }

  func gradient(of expression: Expression, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> Meaning?
  { try outer.gradient(of: expression, at: span, in: lowering) }

  func randomKey() -> [Int] { outer.randomKey() }
  var knownNames: [String] { ["t"] + outer.knownNames }
}

extension Expression {
  /// A word, typed as a name or in quotes.
  fileprivate var word: String? {
    switch kind {
    case .name(let name): name.canonical
    case .string(let text): text
    default: nil
    }
  }
}
