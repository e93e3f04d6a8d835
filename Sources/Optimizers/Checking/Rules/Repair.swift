// One change to a rule's lines that may put a mistake right: what is printed, what would have to be
// printed, and what the mistake is called.
//
// A repair claims nothing. It is a mistake only if the repaired rule has the numbers of a known one.

import Diagnostics
import Notation

struct Repair {
  /// The mistake's identifier, as in `Mistakes`.
  var mistake: String
  /// How readily it is believed: 0 is a slip that is often seen, 2 is far-fetched.
  var doubt: Int
  /// The line it is in.
  var line: Name
  /// What is printed there and what is meant; nil where a whole line is concerned.
  var printed: Expression?
  var meant: Expression?
  /// What is wrong, when that is more than one thing instead of another.
  var says: String?
  var span: Span
  var body: [RuleStatement]
  /// Where the one statement that it changes stands; nil when it changes several.
  var place: Int?
}

/// Every repair of a rule.
struct Repairs {
  let declaration: RuleDeclaration
  let roles: RoleValues
  let hyper: Set<Name>
  let states: Set<Name>
  /// Names that lines give a value to.
  let assigned: [Name]
  /// States and lines that no line after them leads to the parameter.
  let idle: Set<Name>
  let parameter: Name

  init(_ declaration: RuleDeclaration) {
    self.declaration = declaration
    roles = RoleValues(declaration)
    hyper = Set(declaration.parameters.map(\.name))
    var states: Set<Name> = []
    var assigned: [Name] = []
    for statement in declaration.body {
      switch statement {
      case .state(let line): states.insert(line.name)
      case .assign(let line): if !assigned.contains(line.name) { assigned.append(line.name) }
      case .let, .when, .repeat: break
      }
    }
    self.states = states
    self.assigned = assigned
    parameter =
      assigned.last { Rule.parameterNames.contains($0.canonical) } ?? Name(canonical: "w")
    idle = Repairs.idle(declaration.body)
  }

  /// What the parameter does not depend on.
  static func idle(_ body: [RuleStatement]) -> Set<Name> {
    var uses: [Name: Set<Name>] = [:]
    var all: Set<Name> = []
    for case let line? in body.map(\.line) {
      uses[line.name, default: []].formUnion(line.value.names)
      all.insert(line.name)
    }
    var live: Set<Name> = []
    var waiting = all.filter { Rule.parameterNames.contains($0.canonical) }
    while let next = waiting.popFirst() {
      guard live.insert(next).inserted else { continue }
      waiting.formUnion(uses[next] ?? [])
    }
    return all.subtracting(live)
  }

  /// No known rule has nearly as many hyperparameters or lines: what is longer is no slip away from
  /// one, and its repairs would be without end.
  private static let mostHyperparameters = 16
  private static let mostLines = 40
  /// How many repairs are made at most; the printed rules have some hundreds.
  private static let limit = 6000

  /// All, each with the body it makes; none for a rule that is longer than any that is known.
  func all() -> [Repair] {
    guard hyper.count <= Repairs.mostHyperparameters, declaration.body.count <= Repairs.mostLines
    else { return [] }
    var result: [Repair] = []
    for place in declaration.body.indices where result.count < Repairs.limit {
      result += all(at: place)
    }
    return result + reorderings() + everywhere() + gatherings()
  }

  /// The repairs of one statement of the body.
  func all(at place: Int) -> [Repair] {
    guard declaration.body.indices.contains(place),
      case .assign(let line) = declaration.body[place]
    else { return [] }
    return LineRewriter(self, line, place).changes().map { change in
      var body = declaration.body
      var changed = line
      changed.value = change.value
      body[place] = .assign(changed)
      return Repair(
        mistake: change.mistake, doubt: change.doubt, line: line.name, printed: change.printed,
        meant: change.meant, says: change.says, span: change.span, body: body, place: place)
    }
  }

  private func repair(
    _ mistake: String, _ doubt: Int, _ line: RuleStatement.Line, _ says: String,
    _ body: [RuleStatement]
  ) -> Repair {
    Repair(
      mistake: mistake, doubt: doubt, line: line.name, printed: nil, meant: nil, says: says,
      span: line.value.span, body: body)
  }

  // MARK: The order of lines

  /// A state's line before or after a line that reads it.
  private func reorderings() -> [Repair] {
    var result: [Repair] = []
    let body = declaration.body
    for (place, statement) in body.enumerated() {
      guard case .assign(let line) = statement, states.contains(line.name) else { continue }
      for (other, reading) in body.enumerated() where other != place {
        guard case .assign(let reader) = reading, reader.name != line.name,
          reader.value.names.contains(line.name)
        else { continue }
        var moved = body
        moved.remove(at: place)
        moved.insert(statement, at: other)
        let name = line.name.pretty
        result.append(
          other < place
            ? repair(
              isBelow(line.name, reader.value) ? "old-accumulator" : "old-moment", 0, reader,
              "\(reader.name.pretty) is worked out with \(name) of the step before; \(name) has to be brought up to date first",
              moved)
            : repair(
              "new-for-old", 1, reader,
              "\(reader.name.pretty) is worked out with the new \(name); \(name) of the step before is meant",
              moved))
      }
    }
    return result
  }

  private func isBelow(_ name: Name, _ value: Expression) -> Bool {
    value.contains { part in
      if case .binary(.divide, _, let below) = part.kind { return below.names.contains(name) }
      if case .binary(.power, let base, let exponent) = part.kind,
        case .unary(.negate, _) = exponent.kind
      {
        return base.names.contains(name)
      }
      return false
    }
  }

  // MARK: The same slip in every line

  /// βᵗ⁺¹ for βᵗ wherever it stands, and the like. Elsewhere the count is a convention.
  private func everywhere() -> [Repair] {
    var result: [Repair] = []
    func changed(_ change: (Expression) -> Expression?) -> (body: [RuleStatement], at: Expression?)
    {
      var first: Expression?
      let body = declaration.body.map { statement -> RuleStatement in
        guard case .assign(var line) = statement else { return statement }
        line.value = line.value.replacing { power in
          guard case .binary(.power, let base, let exponent) = power.kind else { return nil }
          let counted = exponent.replacing { part in
            guard let new = change(part) else { return nil }
            if first == nil { first = part }
            return new
          }
          return Expression(.binary(.power, base, counted), power.span)
        }
        return .assign(line)
      }
      return (body, first)
    }
    func add(_ printed: String, _ meant: String, _ change: (Expression) -> Expression?) {
      let (body, first) = changed(change)
      guard let first else { return }
      let line = declaration.body.lazy.compactMap { statement -> Name? in
        guard case .assign(let line) = statement,
          line.value.contains({ $0.span.start == first.span.start })
        else { return nil }
        return line.name
      }.first
      result.append(
        Repair(
          mistake: "time-off-by-one", doubt: 0, line: line ?? parameter, printed: nil, meant: nil,
          says: "the step is counted as \(printed) where it is \(meant)", span: first.span,
          body: body))
    }
    add("t + 1", "t") { $0.isTime(plus: 1) ? .time($0.span) : nil }
    add("t - 1", "t") { $0.isTime(plus: -1) ? .time($0.span) : nil }
    add("t", "t + 1") { part in
      if part.isTime(plus: 1) || part.isTime(plus: -1) { return part }
      return part.isTime ? .binary(.add, .time(part.span), .whole(1, part.span)) : nil
    }
    add("t", "t - 1") { part in
      if part.isTime(plus: 1) || part.isTime(plus: -1) { return part }
      return part.isTime ? .binary(.subtract, .time(part.span), .whole(1, part.span)) : nil
    }
    return result
  }

  // MARK: What is not gathered

  /// v = g² where v = v + g² or v = βv + g² is meant.
  private func gatherings() -> [Repair] {
    var result: [Repair] = []
    let body = declaration.body
    for (place, statement) in body.enumerated() {
      guard case .assign(var line) = statement, !states.contains(line.name),
        !Rule.given.contains(line.name.canonical), line.value.names.contains(where: \.isGradient)
      else { continue }
      let own = Expression(.name(line.name), line.nameSpan)
      let zero = Expression.whole(0, line.nameSpan)
      let state = RuleStatement.state(
        RuleStatement.Line(
          name: line.name, nameSpan: line.nameSpan, value: zero, span: line.nameSpan))
      var olds = [own]
      for decay in decays { olds.append(.binary(.multiply, .name(decay, own.span), own)) }
      let value = line.value
      for old in olds {
        line.value = .binary(.add, old, value)
        var changed = body
        changed[place] = .assign(line)
        changed.insert(state, at: 0)
        result.append(
          repair(
            "not-gathered", 1, line,
            "\(line.name.pretty) forgets every step but the last; it is meant to be \(line.value.text(.pretty))",
            changed))
      }
    }
    return result
  }

  var decays: [Name] {
    roles.names.filter {
      [.firstDecay, .secondDecay, .other, .constant].contains(roles.roles[$0] ?? .other)
    }
  }
}

extension Name {
  static let time = Name(canonical: "t")

  var isGradient: Bool { canonical == "g" }
}

extension Expression {
  static func time(_ span: Span) -> Expression {
    Expression(.name(Name(canonical: "t")), span)
  }

  static func name(_ name: Name, _ span: Span) -> Expression { Expression(.name(name), span) }

  static func whole(_ value: Int, _ span: Span) -> Expression {
    Expression(.number(Double(value), spelling: "\(value)"), span)
  }

  static func binary(_ operation: BinaryOperator, _ a: Expression, _ b: Expression) -> Expression {
    Expression(.binary(operation, a, b), a.span.joined(with: b.span))
  }

  var isTime: Bool {
    if case .name(let name) = kind { return name.canonical == "t" }
    return false
  }

  /// t + 1, t - 1
  func isTime(plus offset: Int) -> Bool {
    guard case .binary(let operation, let a, let b) = kind, a.isTime,
      case .number(1, _) = b.kind
    else { return false }
    return operation == (offset > 0 ? .add : .subtract)
  }

  var isOne: Bool {
    if case .number(1, _) = kind { return true }
    return false
  }
}
