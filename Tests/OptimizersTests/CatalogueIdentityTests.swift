// Laws of identify over the whole catalogue: a rule is itself whatever its names are, rules that differ
// are told apart, and those that are the same are called so.

import Diagnostics
import Notation
import Optimizers
import Testing

@Suite(.serialized) struct CatalogueIdentityTests {
  static let rules: [Rule] = RuleLibrary.names.filter { !$0.contains(".") }.compactMap { name in
    guard let rule = try? RuleLibrary.rule(named: name), !rule.isStage else { return nil }
    return rule
  }

  /// Rules that give the same parameters with their hyperparameters as they are, as long as the
  /// learning rate is constant.
  static let whileConstant: Set<Set<String>> = [
    ["momentum", "momentum_velocity"], ["momentum", "heavy_ball"],
    ["nesterov", "nesterov_velocity"],
  ]
  /// And those that do so always. asgd's parameter is the last iterate; its answer is the average.
  static let always: Set<Set<String>> = [
    ["heavy_ball", "momentum_velocity"], ["asgd", "gradient_descent"],
  ]

  /// The rule with every name of its own changed.
  static func renamed(_ rule: Rule) throws -> Rule {
    var declaration = rule.declaration
    declaration.path = [Name(canonical: "renamed")]
    var names: [Name: Name] = [:]
    for name in rule.names where name != "g" && names[Name(canonical: name)] == nil {
      names[Name(canonical: name)] = Name(canonical: "q\(names.count + 1)")
    }
    func changed(_ expression: Expression) -> Expression {
      expression.replacing { part in
        guard case .name(let name) = part.kind, let other = names[name] else { return nil }
        return Expression(.name(other), part.span)
      }
    }
    func changed(_ line: RuleStatement.Line) -> RuleStatement.Line {
      var line = line
      line.name = names[line.name] ?? line.name
      line.value = changed(line.value)
      return line
    }
    func changed(_ body: [RuleStatement]) -> [RuleStatement] {
      body.map { statement in
        switch statement {
        case .let(let line): .let(changed(line))
        case .state(let line): .state(changed(line))
        case .assign(let line): .assign(changed(line))
        case .when(let branches, let otherwise):
          .when(
            branches.map {
              RuleStatement.Branch(condition: changed($0.condition), body: changed($0.body))
            }, otherwise: changed(otherwise))
        case .repeat(let count, let inner): .repeat(changed(count), changed(inner))
        }
      }
    }
    declaration.parameters = declaration.parameters.map { parameter in
      var parameter = parameter
      parameter.name = names[parameter.name] ?? parameter.name
      return parameter
    }
    declaration.body = changed(declaration.body)
    return try Rule(declaration)
  }

  @Test func everyRuleIsItselfAndNoOther() throws {
    var constant: Set<Set<String>> = []
    var always: Set<Set<String>> = []
    var plain: [String: Set<String>] = [:]
    var plainConstant: [String: Set<String>] = [:]
    for rule in Self.rules {
      let found = Identification.of(try Self.renamed(rule))
      let itself = found.matches.first { $0.name == rule.name && $0.stages.isEmpty }
      #expect(
        itself?.isEqual == true && itself?.needsConstantRate == false,
        "\(rule.name) is not itself but \(found.matches.prefix(3).map(\.call)): \(itself?.distance ?? .nan)"
      )
      for match in found.matches
      where match.isEqual && match.name != rule.name && match.isPlain && match.stages.isEmpty {
        if match.needsConstantRate {
          plainConstant[rule.name, default: []].insert(match.name)
        } else {
          plain[rule.name, default: []].insert(match.name)
        }
      }
    }
    // Where each is the other with all of its hyperparameters, they are the same rule.
    for (name, others) in plain {
      for other in others where plain[other]?.contains(name) == true {
        always.insert([name, other])
      }
    }
    for (name, others) in plainConstant {
      for other in others where plainConstant[other]?.contains(name) == true {
        constant.insert([name, other])
      }
    }
    #expect(always == Self.always, "\(always.map { $0.sorted() }.sorted { $0[0] < $1[0] })")
    #expect(
      constant == Self.whileConstant, "\(constant.map { $0.sorted() }.sorted { $0[0] < $1[0] })")
  }
}
