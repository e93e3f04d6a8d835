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
}

struct RoleValues: Sendable {
  let names: [Name]
  let roles: [Name: HyperRole]
  /// What they are when nothing is said.
  let defaults: [Name: Double]

  init(names: [Name], roles: [Name: HyperRole], defaults: [Name: Double]) {
    self.names = names
    self.roles = roles
    self.defaults = defaults
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

  /// - Parameter fixed: those that have one value, and are not counted among those for the same.
  func values(_ regime: ProbeRegime, fixed: [Name: Double] = [:]) -> [Name: Double] {
    values(fixed: fixed) { role, place in role.probing(place, regime) }
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
    case (.learningRate, .plain), (.learningRate, .late): 0.07 + 0.02 * place
    case (.learningRate, .large): 0.11 + 0.02 * place
    case (.firstDecay, .plain), (.firstDecay, .late): 0.7 + 0.11 * place
    case (.firstDecay, .large): 0.9 - 0.07 * place
    case (.secondDecay, .plain), (.secondDecay, .late): 0.85 + 0.08 * place
    case (.secondDecay, .large): 0.97 - 0.02 * place
    case (.epsilon, .plain), (.epsilon, .late): 0.003 * (place + 1)
    case (.epsilon, .large): 0.6 + 0.1 * place
    case (.weightDecay, .plain), (.weightDecay, .late): 0.2 + 0.1 * place
    case (.weightDecay, .large): 0.05 + 0.02 * place
    case (.constant, .plain), (.other, .plain): 0.55 + 0.07 * place
    case (.constant, .large), (.other, .large): 0.31 + 0.05 * place
    case (.constant, .late), (.other, .late): 12 + 1.5 * place
    }
  }
}
