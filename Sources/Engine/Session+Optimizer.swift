// Choosing an optimizer: rules found by name, groups of parameters, what becomes of the state.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension Session {
  /// A rule of the session or of the catalogue.
  package func rule(named name: String) throws(Diagnostic) -> Rule? {
    if let own = problem.rules[name] { return own }
    return try RuleLibrary.rule(named: name)
  }

  /// The groups that the text behind `optimizer` describes.
  package func groups(_ parser: inout Parser) throws(Diagnostic) -> [OptimizerGroup] {
    var groups: [OptimizerGroup] = []
    do {
      repeat {
        let chain = try parser.parseChain()
        var parameters: [Name]?
        if parser.accept(word: "for") != nil { parameters = try targets(&parser) }
        groups.append(OptimizerGroup(stages: try stages(of: chain), parameters: parameters))
      } while parser.accept(.comma) != nil
      try parser.expectEnd()
    } catch let error as any DiagnosticConvertible {
      throw error.diagnostic
    } catch {
      throw Diagnostic("internal", "\(error)")
    }
    try check(groups)
    return groups
  }

  /// `w`, `[w, b]`, `rest`, `all`.
  private func targets(_ parser: inout Parser) throws -> [Name]? {
    if parser.accept(word: "rest") != nil || parser.accept(word: "all") != nil { return nil }
    let bracketed = parser.accept(.leftBracket) != nil
    var names = try parameters(at: try parser.expectPath()).map(\.name)
    while bracketed, parser.accept(.comma) != nil {
      names += try parameters(at: try parser.expectPath()).map(\.name)
    }
    if bracketed { try parser.expect(.rightBracket) }
    return names
  }

  /// The rules that a chain such as `clip_norm(1) |> adam(lr=0.1)` names.
  package func stages(of chain: [Expression]) throws(Diagnostic) -> [ChosenRule] {
    var stages: [ChosenRule] = []
    for (i, expression) in chain.enumerated() {
      let stage = try chosenRule(expression)
      let isLast = i == chain.count - 1
      if stage.rule.isStage, isLast {
        throw Diagnostic(
          "optimizer.stage", "\(stage.rule.name) changes the gradient but moves no parameter",
          at: expression.span,
          help: "end the chain with a rule: \(stage.rule.name)(…) |> sgd(lr=0.1)")
      }
      if !stage.rule.isStage, !isLast {
        throw Diagnostic(
          "optimizer.chain", "\(stage.rule.name) moves the parameter, so nothing can follow it",
          at: expression.span, help: "stages such as clip_norm(1) come first")
      }
      stages.append(stage)
    }
    return stages
  }

  private func chosenRule(_ expression: Expression) throws(Diagnostic) -> ChosenRule {
    var path: [Name] = []
    var place = expression.span
    var arguments: [Expression.Argument] = []
    switch expression.kind {
    case .call(let callee, let given):
      path = callee.path
      place = callee.span
      arguments = given
    case .name(let name): path = [name]
    case .member(let base, let field):
      if case .name(let name) = base.kind { path = [name, field] }
    default: break
    }
    guard !path.isEmpty else {
      throw Diagnostic(
        "optimizer.rule", "an optimizer is named here", at: expression.span,
        help: "for example adam(lr=0.1)")
    }
    let name = path.map(\.canonical).joined(separator: ".")
    guard let rule = try rule(named: name) else {
      let known = RuleLibrary.names + RuleLibrary.aliases.keys + problem.rules.keys
      throw Diagnostic(
        "optimizer.unknown", "there is no optimizer \(name)", at: place,
        help: path.count == 1 && problem.parameter(path[0]) != nil
          ? "several parameters go in brackets: for [w, b]"
          : didYouMean(name, in: known.sorted()) ?? "help optimizers lists them")
    }
    return try ChosenRule(rule, arguments: arguments, at: expression.span)
  }

  private func check(_ groups: [OptimizerGroup]) throws(Diagnostic) {
    var seen = Set<Name>()
    var rests = 0
    for group in groups {
      guard let names = group.parameters else {
        rests += 1
        continue
      }
      for name in names where !seen.insert(name).inserted {
        throw Diagnostic("optimizer.twice", "\(name.pretty) is in two groups")
      }
    }
    if rests > 1 {
      throw Diagnostic(
        "optimizer.groups", "several optimizers, and no parameters named for them",
        help: "optimizer adam(lr=0.1) for w, sgd(lr=0.01) for rest")
    }
  }

  /// Makes these groups the optimizer, after checking that a step can be built with them.
  package mutating func choose(_ groups: [OptimizerGroup]) throws(Diagnostic) {
    try changeProblem { (problem) throws(Diagnostic) in problem.optimizer = groups }
    // With everything in place a step is built now, so that a mistake shows here and not later.
    if !problem.parameters.isEmpty, !problem.objectives.isEmpty,
      problem.parameters.contains(where: { problem.group(for: $0.name) != nil })
    {
      do {
        _ = try stepper()
      } catch  where error.id == "step.nothing" {
        // Everything is frozen for now.
      }
    }
  }

  /// The parameters whose state and t go on under the present optimizer.
  package var parametersThatKeepState: [Name] {
    problem.parameters.filter { parameter in
      guard let owner = snapshot.owners[parameter.path] else { return false }
      return owner == problem.group(for: parameter.name)?.stateKey
    }.map(\.name)
  }
}
