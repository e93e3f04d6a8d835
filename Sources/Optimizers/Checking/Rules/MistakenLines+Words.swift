// What a mistake in a printed rule is, in words: as a clause in the printed rule's names, or beside the
// known rule's line where the printed lines are cut otherwise.

import Diagnostics
import Notation

extension MistakenLines {
  /// What is wrong, as a clause in the printed rule's names.
  var says: String {
    let isTurned = mistake.mutant.changedLines.contains { place, expression in
      right.indices.contains(place)
        && ([right[place].name] + right[place].value.names + expression.names).contains(
          where: negated.contains)
    }
    let says = (renamed ?? (known.rule, mistake.mutant)).1.says
    guard isTurned else { return says.naming(own) }
    // Which of two is added and which subtracted is another thing with other signs.
    let isOfSigns = mistake.mutant.mistake.hasSuffix("sign")
    let words = says.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    guard isOfSigns || words.contains(where: { word in negated.contains { $0.pretty == word } }),
      let title = Mistakes.catalogue.first(where: { $0.id == mistake.mutant.mistake })?.title
    else { return says.naming(own) }
    return title
  }

  /// The known rule's line, and what it is here: for a printed rule whose lines are cut otherwise.
  var comparison: [String] {
    let (rule, mutant) = renamed ?? (known.rule, mistake.mutant)
    let lines = rule.declaration.lines
    return mutant.changedLines.compactMap { place, expression in
      guard lines.indices.contains(place) else { return nil }
      let name = lines[place].name.pretty
      return "\(known.name) has \(name) = \(lines[place].value.text(.pretty)), "
        + "which is \(name) = \(expression.text(.pretty)) here"
    }
  }

  private var renamed: (Rule, Mutant)? {
    if let made = renaming.made { return made }
    let made = renamedAnew()
    renaming.made = .some(made)
    return made
  }

  /// The known rule with the printed rule's names as far as they do not clash, and the mistake in it.
  private func renamedAnew() -> (Rule, Mutant)? {
    var all: [Name: Name] = [:]
    for (name, form) in match.forms {
      if let other = form.name { all[name] = other }
    }
    let hyper = all
    for (name, value) in names where all[name] == nil {
      if let other = value.name { all[name] = other }
    }
    return renamed(all) ?? renamed(hyper)
  }

  private func renamed(_ names: [Name: Name]) -> (Rule, Mutant)? {
    let declaration = known.rule.declaration
    var before = Set(declaration.parameters.map(\.name))
    for statement in declaration.body { if let line = statement.line { before.insert(line.name) } }
    let after = before.map { names[$0] ?? $0 }
    guard Set(after).count == before.count,
      let rule = try? Rule(declaration.renamed(names))
    else { return nil }
    let variants = Mistakes.variants(of: rule)
    guard variants.indices.contains(mistake.place),
      variants[mistake.place].0.mistake == mistake.mutant.mistake,
      variants[mistake.place].0.line == mistake.mutant.line
    else { return nil }
    return (rule, variants[mistake.place].0)
  }
}

extension RuleDeclaration {
  /// The same rule with other names.
  fileprivate func renamed(_ names: [Name: Name]) -> RuleDeclaration {
    func changed(_ line: RuleStatement.Line) -> RuleStatement.Line {
      var line = line
      line.name = names[line.name] ?? line.name
      line.value = line.value.replacing { part in
        guard case .name(let name) = part.kind, let other = names[name] else { return nil }
        return Expression(.name(other), part.span)
      }
      return line
    }
    var result = self
    for place in parameters.indices {
      let name = parameters[place].name
      result.parameters[place].name = names[name] ?? name
    }
    result.body = body.map { statement in
      switch statement {
      case .let(let line): .let(changed(line))
      case .state(let line): .state(changed(line))
      case .assign(let line): .assign(changed(line))
      case .when, .repeat: statement
      }
    }
    return result
  }
}

extension String {
  /// A sentence that begins with what a printed line works out, with that line's name in its place.
  fileprivate func naming(_ lines: [RuleLines.Line]) -> String {
    for line in lines where !Rule.parameterNames.contains(line.name.canonical) {
      let formula = line.value.text(.pretty)
      guard formula.count > 3, hasPrefix(formula + " is ") else { continue }
      return line.name.pretty + dropFirst(formula.count)
    }
    return self
  }
}
