// The hyperparameters of one rule as those of another that does the same: by what each is for, by
// place among equals, switched off where there is no counterpart.

import Notation

/// What the hyperparameters of a rule are for, and numbers that tell them apart.
struct RoleValues: Sendable {
  let names: [Name]
  let roles: [Name: HyperRole]
  /// What they are when nothing is said.
  let defaults: [Name: Double]

  /// - Parameter given: what some are for, in place of what their places show.
  init(_ declaration: RuleDeclaration, given: [Name: HyperRole] = [:]) {
    names = declaration.parameters.map(\.name)
    var defaults: [Name: Double] = [:]
    for parameter in declaration.parameters {
      if let value = parameter.defaultValue {
        defaults[parameter.name] = ScalarFormula.value(of: value) { _ in nil }
      }
    }
    self.defaults = defaults
    var lines: [(name: Name, value: Expression)] = []
    var states: Set<Name> = []
    for statement in declaration.body {
      switch statement {
      case .state(let line): states.insert(line.name)
      case .let(let line), .assign(let line): lines.append((line.name, line.value))
      case .when, .repeat: break
      }
    }
    let parameter =
      lines.last { Rule.parameterNames.contains($0.name.canonical) }?.name ?? Name(canonical: "w")
    roles = HyperRoles(
      lines: lines, states: states, parameter: parameter, hyper: Set(names)
    ).roles(given: given)
  }

  func names(_ role: HyperRole) -> [Name] { names.filter { (roles[$0] ?? .other) == role } }

  /// Numbers that tell hyperparameters of different kinds apart.
  var probing: [Name: Double] {
    values { role, place in
      switch role {
      case .learningRate: 0.07 + 0.02 * Double(place)
      case .firstDecay: 0.7 + 0.11 * Double(place)
      case .secondDecay: 0.85 + 0.08 * Double(place)
      case .epsilon: 0.003 * Double(place + 1)
      case .weightDecay: 0.2 + 0.1 * Double(place)
      case .constant, .other: 0.55 + 0.07 * Double(place)
      }
    }
  }

  /// The same with constants of the size of t within a run; nil where there are none.
  var probingLate: [Name: Double]? {
    let constants = names(.constant) + names(.other)
    guard !constants.isEmpty else { return nil }
    var values = probing
    for (place, name) in constants.enumerated() { values[name] = 12 + 1.5 * Double(place) }
    return values
  }

  /// Numbers that a person would take.
  var usual: [Name: Double] {
    values { role, place in
      switch role {
      case .learningRate: 0.1
      case .firstDecay: place == 0 ? 0.9 : 0.99
      case .secondDecay: place == 0 && !names(.firstDecay).isEmpty ? 0.999 : 0.9
      case .epsilon: 1e-8
      case .weightDecay: 0.01
      case .constant, .other: 0.5
      }
    }
  }

  private func values(_ value: (HyperRole, Int) -> Double) -> [Name: Double] {
    var result: [Name: Double] = [:]
    var counts: [HyperRole: Int] = [:]
    for name in names {
      let role = roles[name] ?? .other
      result[name] = value(role, counts[role, default: 0])
      counts[role, default: 0] += 1
    }
    return result
  }
}

/// One way to give a candidate's hyperparameters as the rule's own.
struct RoleMatch {
  enum Form {
    case same(Name)
    case complement(Name)
    /// lr·(1 - β), lr/(1 - β)
    case scaled(Name, by: Name, divided: Bool)
    case number(Double)
  }

  var forms: [(name: Name, form: Form)] = []
  /// How far from name for name it is.
  var effort = 0

  func values(_ own: [Name: Double]) -> [Name: Double] {
    var result: [Name: Double] = [:]
    for (name, form) in forms {
      switch form {
      case .same(let other): result[name] = own[other]
      case .complement(let other): result[name] = own[other].map { 1 - $0 }
      case .scaled(let rate, let decay, let divided):
        guard let rate = own[rate], let decay = own[decay] else { continue }
        result[name] = divided ? rate / (1 - decay) : rate * (1 - decay)
      case .number(let value): result[name] = value
      }
    }
    return result
  }

  /// `lr = α`, as far as a hyperparameter is not switched off.
  var arguments: [(name: Name, value: String)] {
    forms.map { name, form in
      switch form {
      case .same(let other): (name, other.pretty)
      case .complement(let other): (name, "1 - \(other.pretty)")
      case .scaled(let rate, let decay, let divided):
        (name, "\(rate.pretty)\(divided ? "/" : "·")(1 - \(decay.pretty))")
      case .number(let value):
        (name, value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)")
      }
    }
  }

  /// The ways, the plainest first.
  static func all(from own: RoleValues, to candidate: RoleValues) -> [RoleMatch] {
    var matches = [RoleMatch()]
    var used: [HyperRole: Int] = [:]
    for name in candidate.names {
      let role = candidate.roles[name] ?? .other
      let place = used[role, default: 0]
      used[role, default: 0] += 1
      var next: [RoleMatch] = []
      for match in matches {
        for (form, effort) in options(role, place, own) {
          // Without its decay it would be another rule.
          if case .number(0) = form, isDecay(name) { continue }
          var extended = match
          extended.forms.append((name, form))
          extended.effort += effort
          next.append(extended)
        }
      }
      matches = Array(next.sorted { $0.effort < $1.effort }.prefix(limit))
    }
    return matches.filter { match in
      // A hyperparameter of the rule that nothing answers to would make other numbers.
      let named = Set(
        match.forms.flatMap { form -> [Name] in
          switch form.form {
          case .same(let name), .complement(let name): [name]
          case .scaled(let rate, let decay, _): [rate, decay]
          case .number: []
          }
        })
      return own.names.allSatisfy { named.contains($0) }
    }
  }

  static func isDecay(_ name: Name) -> Bool {
    ["beta", "rho", "momentum", "nu"].contains { name.canonical.hasPrefix($0) }
  }

  private static let limit = 60

  private static func options(_ role: HyperRole, _ place: Int, _ own: RoleValues) -> [(Form, Int)] {
    let same = own.names(role)
    var result: [(Form, Int)] = []
    if place < same.count { result.append((.same(same[place]), 0)) }
    switch role {
    case .learningRate:
      for decay in own.names(.firstDecay) {
        guard let rate = same.first else { continue }
        result.append((.scaled(rate, by: decay, divided: false), 2))
        result.append((.scaled(rate, by: decay, divided: true), 2))
      }
      if same.isEmpty { result.append((.number(1), 1)) }
    case .firstDecay, .secondDecay:
      let others: [HyperRole] = [.firstDecay, .secondDecay, .constant, .other]
      for other in others.flatMap({ own.names($0) })
      where !(place < same.count && same[place] == other) { result.append((.same(other), 2)) }
      for other in same.prefix(2) { result.append((.complement(other), 3)) }
    case .epsilon, .weightDecay:
      for other in own.names(.other) + own.names(.constant) { result.append((.same(other), 2)) }
      result.append((.number(0), place < same.count ? 4 : 1))
    case .constant, .other:
      for other in own.names
      where own.roles[other] != .learningRate && !same.contains(other) {
        result.append((.same(other), 2))
      }
      result.append((.number(0), 2))
    }
    if result.isEmpty { result.append((.number(0), 2)) }
    return result
  }
}
