// What to write differently so that a rule becomes one of the catalogue.
//
// Small changes are tried, the smallest first: one name for another, one line for another, a line that
// is missing, all lines that differ. Only a change after which the numbers are the same is shown.

import Diagnostics
import Notation

struct RuleChangeSearch {
  private let subject: Subject
  private let pairing: LinePairing
  private let body: [RuleStatement]
  private let known: Set<Name>

  init(_ subject: Subject, _ pairing: LinePairing) {
    self.subject = subject
    self.pairing = pairing
    body = subject.plain.rule.declaration.body
    var known = Set(subject.plain.rule.declaration.parameters.map(\.name))
    for statement in body { if let line = statement.line { known.insert(line.name) } }
    self.known = known.union(Rule.given.map { Name(canonical: $0) })
  }

  func change() -> RuleChange? {
    oneLine() ?? missingLine() ?? allLines()
  }

  // MARK: One line

  private func oneLine() -> RuleChange? {
    for i in pairing.unpairedOwn {
      guard let j = pairing.partner(i) else { continue }
      let mine = pairing.own[i]
      let its = pairing.translated(pairing.other[j].expression)
      guard its.names.allSatisfy(known.contains) else { continue }
      // A name for another keeps the line in its own form.
      let here = mine.expression.names
      for new in its.names where !here.contains(new) {
        for old in here where old != new && !its.names.contains(old) {
          let line = mine.expression.replacing { part in
            guard case .name(old) = part.kind else { return nil }
            return .of(new)
          }
          if let change = replacing([(i, line)]) { return change }
        }
      }
      for new in its.names {
        for old in here where old != new {
          let line = mine.expression.replacing { part in
            guard case .name(old) = part.kind else { return nil }
            return .of(new)
          }
          if let change = replacing([(i, line)]) { return change }
        }
      }
      if let change = replacing([(i, its)]) { return change }
    }
    return nil
  }

  private func replacing(_ lines: [(Int, Expression)]) -> RuleChange? {
    guard let body = body(replacing: lines), let rule = verified(body) else { return nil }
    let texts = lines.map { i, expression in
      let line = pairing.own[i]
      return
        "write \(pairing.text(line.name, expression)) in place of "
        + pairing.text(line.name, line.expression)
    }
    return RuleChange(text: texts.joined(separator: ", and "), rule: rule)
  }

  /// Lines of the plain body, counted as they run.
  private func body(replacing lines: [(Int, Expression)]) -> [RuleStatement]? {
    var result: [RuleStatement] = []
    var place = 0
    for statement in body {
      guard case .assign(var line) = statement else {
        result.append(statement)
        continue
      }
      if let new = lines.first(where: { $0.0 == place })?.1 { line.value = new }
      place += 1
      result.append(.assign(line))
    }
    return place == pairing.own.count ? result : nil
  }

  // MARK: A line that is missing

  private func missingLine() -> RuleChange? {
    for j in pairing.unpairedOther where !pairing.isParameter(pairing.other[j]) {
      let line = pairing.other[j]
      guard !isState(line.name) else { continue }
      let name = freeName(line.name)
      let value = pairing.translated(line.expression)
      guard value.names.allSatisfy(known.contains) else { continue }
      for old in value.names where isLine(old) {
        guard let (body, used) = inserting(name, value, inPlaceOf: old), let rule = verified(body)
        else { continue }
        return RuleChange(
          text:
            "add \(pairing.text(name, value)) and write \(name.pretty) in place of \(old.pretty) in "
            + pairing.text(used.name, used.value), rule: rule)
      }
    }
    return nil
  }

  private func isState(_ name: Name) -> Bool {
    pairing.candidate.plain.states.contains { $0.name == name }
  }

  private func isLine(_ name: Name) -> Bool {
    pairing.own.contains { $0.name == name } || name.canonical == "g"
  }

  private func freeName(_ name: Name) -> Name {
    guard known.contains(name) else { return name }
    for other in ["_hat", "_new", "_2"] {
      let next = Name(canonical: name.canonical + other)
      if !known.contains(next) { return next }
    }
    return Name(canonical: name.canonical + "_other")
  }

  /// The new line before the parameter's last one, which uses it.
  private func inserting(_ name: Name, _ value: Expression, inPlaceOf old: Name) -> (
    [RuleStatement], used: RuleStatement.Line
  )? {
    guard
      let last = body.lastIndex(where: { statement in
        if case .assign(let line) = statement {
          line.name == subject.plain.parameter
        } else {
          false
        }
      }), case .assign(var line) = body[last], line.value.names.contains(old)
    else { return nil }
    let before = line
    line.value = line.value.replacing { part in
      guard case .name(old) = part.kind else { return nil }
      return .of(name)
    }
    var result = body
    result[last] = .assign(line)
    result.insert(
      .assign(
        RuleStatement.Line(
          name: name, nameSpan: before.nameSpan, value: value, span: before.span)), at: last)
    return (result, before)
  }

  // MARK: All lines that differ

  /// More than so many changed lines are no change of a rule but another rule.
  private static let most = 3

  private func allLines() -> RuleChange? {
    var lines: [(Int, Expression)] = []
    var used: Set<Int> = []
    for i in pairing.unpairedOwn {
      guard let j = pairing.partner(i), used.insert(j).inserted else { continue }
      let its = pairing.translated(pairing.other[j].expression)
      guard its.names.allSatisfy(known.contains) else { return nil }
      lines.append((i, its))
    }
    guard lines.count >= 2, lines.count <= RuleChangeSearch.most else { return nil }
    return replacing(lines)
  }

  // MARK: Proof

  /// The changed rule, if it has the candidate's numbers.
  private func verified(_ body: [RuleStatement]) -> Rule? {
    guard !subject.isStopped() else { return nil }
    var declaration = subject.plain.rule.declaration
    declaration.body = body
    guard isQuicklyEqual(declaration), let rule = try? Rule(declaration),
      let probe = RuleProbe(rule), let other = pairing.candidate.probe
    else { return nil }
    for run in subject.runs[..<3] {
      let own = probe.run(run.values.own(), run.tape)
      var distance = RunDistance()
      other.run(run.values.candidate(pairing.forms), run.tape) { step, w in
        distance.add(step, own[step], w)
        return distance.parting == nil
      }
      guard distance.isEqual, distance.gap == nil else { return nil }
    }
    return rule
  }

  /// Whether quick runs see no difference; true where they cannot tell.
  private func isQuicklyEqual(_ declaration: RuleDeclaration) -> Bool {
    guard let other = pairing.candidate.quick, let own = QuickRule(declaration),
      let run = subject.runs.first
    else { return true }
    let values = own.parameters.map { run.values.base[$0] ?? .nan }
    var mine: [Lanes] = []
    own.run(values, run.quickTape) { step, w in
      mine.append(w)
      return true
    }
    var isEqual = true
    other.run(run.values.candidate(pairing.forms), run.quickTape) { step, w in
      isEqual = !RunDistance.parts(mine[step], w)
      return isEqual
    }
    return isEqual
  }
}
