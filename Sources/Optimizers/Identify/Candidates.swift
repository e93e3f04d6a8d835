// The catalogue's rules, ready to be run beside another: compiled when first needed and kept for the
// life of the process. A program is scratch space, so nothing lasts from one comparison to the next.

import Diagnostics
import Notation
import Synchronization
import Tensors

final class Candidate {
  let plain: PlainRule
  /// The rules it is made of: gradient stages first.
  let parts: [Part]

  struct Part {
    var name: String
    /// The part's hyperparameters as the whole calls them.
    var slots: [PlainRule.Slot]
    var settings: [(name: Name, value: String)]
  }

  /// The name of the rule itself, without stages.
  var name: String { parts.last?.name ?? plain.rule.name }

  private var compiled: RuleProbe??
  private var matrix: RuleProbe??

  init(_ plain: PlainRule, parts: [Part]? = nil) {
    self.plain = plain
    self.parts =
      parts ?? [Part(name: plain.origin.name, slots: plain.slots, settings: plain.settings)]
  }

  /// A library's call.
  private(set) lazy var isCall = name.contains(".")
  private(set) lazy var features = FeatureReader(plain).features()
  private(set) lazy var asksLoss = plain.asksLoss
  /// Quicker than `probe` by far; nil for rules that are more than elementwise.
  private(set) lazy var quick = QuickRule(plain.rule)

  var probe: RuleProbe? {
    if let compiled { return compiled }
    let made = RuleProbe(plain.rule, traced: true)
    compiled = .some(made)
    return made
  }

  /// How its first step depends on the gradient.
  private(set) lazy var stepKind: StepKind =
    quick.map { StepKind(plain, $0) } ?? probe.map { StepKind(plain, $0) } ?? .other

  /// The lines in the order they run.
  private(set) lazy var lines: [(name: Name, expression: Expression)] =
    quick == nil ? probe?.lines ?? [] : plain.steps

  /// The value of every line at every step, by line and then by step.
  func trace(_ values: ProbeValues, _ tape: ProbeTape) -> [[[Double]]] {
    quick?.trace(values, QuickTape(tape)) ?? probe?.trace(values, tape) ?? []
  }

  /// For a parameter that is a matrix.
  var matrixProbe: RuleProbe? {
    if let matrix { return matrix }
    let made = plain.reshaped(Candidates.matrix).flatMap {
      RuleProbe($0.rule, shape: Candidates.matrix)
    }
    matrix = .some(made)
    return made
  }
}

final class Candidates {
  static let shared = Mutex(Candidates())

  static let matrix: Shape = [2, 3]

  /// The catalogue's own rules, sorted by name.
  private(set) lazy var rules: [Candidate] = RuleLibrary.names.filter { !$0.contains(".") }
    .compactMap { name in
      guard let rule = try? RuleLibrary.rule(named: name), !rule.isStage else { return nil }
      return PlainRule(rule).map { Candidate($0) }
    }

  /// Gradient stages followed by the simplest rules.
  private(set) lazy var staged: [Candidate] = {
    var found: [Candidate] = []
    for base in ["gradient_descent", "momentum", "momentum_ema", "momentum_velocity", "adam"] {
      guard let rule = try? RuleLibrary.rule(named: base), let plain = PlainRule(rule) else {
        continue
      }
      for name in RuleLibrary.names where !name.contains(".") {
        guard let stage = try? RuleLibrary.rule(named: name), stage.isStage,
          let first = PlainRule(stage)
        else { continue }
        if let candidate = Candidates.chain(first, plain) { found.append(candidate) }
      }
    }
    return found
  }()

  /// The calls of libraries, sorted by name.
  private(set) lazy var calls: [LibraryCall] = RuleLibrary.names.filter { $0.contains(".") }
    .compactMap { name in
      guard let rule = try? RuleLibrary.rule(named: name), !rule.isStage else { return nil }
      return LibraryCall(rule)
    }

  /// The rule that was looked at last, since several things are asked of it.
  private var last: (id: Int, subject: Subject?)?

  /// The rule with this number; made where another was looked at last.
  func subject(_ id: Int, _ make: () -> Subject?) -> Subject? {
    if let last, last.id == id { return last.subject }
    let subject = make()
    last = (id, subject)
    return subject
  }

  func candidate(named name: String) -> Candidate? {
    let known = RuleLibrary.aliases[name] ?? name
    return rules.first { $0.name == known }
      ?? calls.first { $0.name == known }?.candidates.first
  }

  private static func chain(_ stage: PlainRule, _ rule: PlainRule) -> Candidate? {
    var declaration = rule.rule.declaration
    let taken = Set(rule.rule.names)
    var names: [Name: Name] = [:]
    for parameter in stage.rule.declaration.parameters
    where taken.contains(parameter.name.canonical) {
      names[parameter.name] = Name(canonical: "stage_" + parameter.name.canonical)
    }
    let body = stage.rule.declaration.body.map { statement -> RuleStatement in
      guard case .assign(var line) = statement else { return statement }
      line.value = line.value.replacing { part in
        guard case .name(let name) = part.kind, let other = names[name] else { return nil }
        return Expression(.name(other), part.span)
      }
      return .assign(line)
    }
    declaration.parameters =
      stage.rule.declaration.parameters.map { parameter in
        var parameter = parameter
        parameter.name = names[parameter.name] ?? parameter.name
        return parameter
      } + declaration.parameters
    declaration.body = body + declaration.body
    guard let whole = try? Rule(declaration), let plain = PlainRule(whole) else { return nil }
    let stageSlots = stage.slots.map { slot in
      PlainRule.Slot(
        name: names[slot.name] ?? slot.name, argument: slot.argument, place: slot.place,
        defaultValue: slot.defaultValue)
    }
    return Candidate(
      plain,
      parts: [
        Candidate.Part(name: stage.origin.name, slots: stageSlots, settings: []),
        Candidate.Part(name: rule.origin.name, slots: rule.slots, settings: []),
      ])
  }
}

/// A library's call with its flags settled every way, the fewest settings first; each is made when it is
/// asked for.
final class LibraryCall {
  let rule: Rule
  private lazy var settings = LibraryFlags.settings(of: rule)
  private var made: [Candidate?] = []

  init(_ rule: Rule) { self.rule = rule }

  var name: String { rule.name }

  var candidates: some Collection<Candidate> {
    settings.indices.lazy.compactMap { self.candidate($0) }
  }

  private func candidate(_ place: Int) -> Candidate? {
    while made.count <= place {
      made.append(PlainRule(rule, settings: settings[made.count]).map { Candidate($0) })
    }
    return made[place]
  }
}
