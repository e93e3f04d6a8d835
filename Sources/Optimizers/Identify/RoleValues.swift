// What the hyperparameters of a rule are for, and numbers that tell those of different kinds apart.

import Notation

/// How the numbers for a trial run are chosen.
enum ProbeRegime {
  /// Short memories, ε of the size of small gradients.
  case plain
  /// Long memories and a large ε.
  case large
  /// Constants of the size of t within a run: 1 - t/T is no zero, and t > T comes to pass.
  case late
  /// Limits that are far from what they limit: whether a number is at one hides what else is done to it.
  case unlimited
}

struct RoleValues: Sendable {
  let names: [Name]
  let roles: [Name: HyperRole]
  /// What they are when nothing is said.
  let defaults: [Name: Double]
  /// Those that something is never to be below, and those that nothing is to be above.
  private let limits: (lower: Set<Name>, upper: Set<Name>)

  init(names: [Name], roles: [Name: HyperRole], defaults: [Name: Double], lines: [Expression]) {
    self.names = names
    self.roles = roles
    self.defaults = defaults
    limits = RoleValues.limits(lines, among: roles)
  }

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
    limits = RoleValues.limits(lines.map(\.value), among: roles)
  }

  /// clip(s, smallest, largest), max(s, smallest), min(largest, s)
  private static func limits(
    _ lines: [Expression], among roles: [Name: HyperRole]
  ) -> (lower: Set<Name>, upper: Set<Name>) {
    var lower: Set<Name> = []
    var upper: Set<Name> = []
    func limit(_ value: Expression) -> Name? {
      value.name.flatMap { name in
        roles[name].map { constants.contains($0) ? name : nil } ?? nil
      }
    }
    func visit(_ part: Expression) {
      if case .call(let callee, let arguments) = part.kind {
        let values = arguments.map(\.value)
        switch callee.path.first?.canonical {
        case "max": lower.formUnion(values.compactMap(limit))
        case "min": upper.formUnion(values.compactMap(limit))
        case "clip" where values.count == 3:
          lower.formUnion([limit(values[1])].compactMap { $0 })
          upper.formUnion([limit(values[2])].compactMap { $0 })
        default: break
        }
      }
      for child in part.children { visit(child) }
    }
    for line in lines { visit(line) }
    return (lower, upper)
  }

  func role(_ name: Name) -> HyperRole { roles[name] ?? .other }

  func names(_ role: HyperRole) -> [Name] { names.filter { self.role($0) == role } }

  func names(_ roles: Set<HyperRole>) -> [Name] { names.filter { roles.contains(role($0)) } }

  static let constants: Set<HyperRole> = [.constant, .other]

  /// Numbers that tell hyperparameters of different kinds apart.
  var probing: [Name: Double] { values(.plain) }

  /// The same with constants of the size of t within a run; nil where there are none.
  var probingLate: [Name: Double]? {
    names(RoleValues.constants).isEmpty ? nil : values(.late)
  }

  /// The same with limits that are far away; nil where there are none.
  var probingUnlimited: [Name: Double]? { hasLimits ? values(.unlimited) : nil }

  var hasLimits: Bool { !limits.lower.isEmpty || !limits.upper.isEmpty }

  /// - Parameter fixed: those that have one value, and are not counted among those for the same.
  func values(_ regime: ProbeRegime, fixed: [Name: Double] = [:]) -> [Name: Double] {
    var values = values(fixed: fixed) { role, place in role.probing(place, regime) }
    guard case .unlimited = regime else { return values }
    for name in limits.lower where fixed[name] == nil { values[name] = 1e-9 }
    for name in limits.upper where fixed[name] == nil { values[name] = 1e6 }
    return values
  }

  /// Numbers that a person would take.
  var usual: [Name: Double] {
    values(fixed: [:]) { role, place in
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

  private func values(fixed: [Name: Double], _ value: (HyperRole, Int) -> Double) -> [Name: Double]
  {
    var result = fixed
    var counts: [HyperRole: Int] = [:]
    for name in names where fixed[name] == nil {
      // What is given in the text and what is none of the rest are counted together.
      let role = role(name) == .constant ? .other : role(name)
      result[name] = value(role, counts[role, default: 0])
      counts[role, default: 0] += 1
    }
    return result
  }
}

extension HyperRole {
  /// The number that the hyperparameter at a place among those for the same has in a trial run.
  fileprivate func probing(_ place: Int, _ regime: ProbeRegime) -> Double {
    let place = Double(place)
    return switch (self, regime) {
    case (.learningRate, .plain), (.learningRate, .late), (.learningRate, .unlimited):
      0.07 + 0.02 * place
    case (.learningRate, .large): 0.11 + 0.02 * place
    case (.firstDecay, .plain), (.firstDecay, .late), (.firstDecay, .unlimited): 0.7 + 0.11 * place
    case (.firstDecay, .large): 0.9 - 0.07 * place
    case (.secondDecay, .plain), (.secondDecay, .late), (.secondDecay, .unlimited):
      0.85 + 0.08 * place
    case (.secondDecay, .large): 0.97 - 0.02 * place
    case (.epsilon, .plain), (.epsilon, .late), (.epsilon, .unlimited): 0.003 * (place + 1)
    case (.epsilon, .large): 0.6 + 0.1 * place
    case (.weightDecay, .plain), (.weightDecay, .late), (.weightDecay, .unlimited):
      0.2 + 0.1 * place
    case (.weightDecay, .large): 0.05 + 0.02 * place
    case (.constant, .plain), (.other, .plain): 0.55 + 0.07 * place
    case (.constant, .large), (.other, .large): 0.31 + 0.05 * place
    case (.constant, .late), (.other, .late): 12 + 1.5 * place
    case (.constant, .unlimited), (.other, .unlimited): 0.55 + 0.32 * place
    }
  }
}
