// The rule's text: states with their starts, the lines in order, the hyperparameters with values.

import Diagnostics
import Notation

/// The rule being put together.
struct RuleDraft {
  var states: [(name: Name, start: Expression, span: Span)] = []
  var lines: [(name: Name, value: Expression, span: Span)] = []
}

extension RuleAssembler {
  func rule(named name: Name, nameSpan: Span, whole: Span) throws(Diagnostic) -> RuleReading {
    let ordered = try self.ordered()
    try settleFirst(ordered)
    if let zero = divisionByZero(ordered) {
      throw .reading(
        "zero-count", "this is zero at the first step (\(index.letter ?? "t") = \(first))",
        zero,
        help: "say where the count begins, for example \(index.letter ?? "t") = 1, 2, \\ldots")
    }
    try checkFunctions()
    chooseNames()
    var emission = Emission(self, ordered)
    let draft = try emission.run()
    try FirstStep(draft, parameter: finalNames[parameter] ?? Name(canonical: "w")).check()
    return try declaration(draft, emission, named: name, nameSpan: nameSpan, whole: whole)
  }

  /// A gradient of L and one of R in the same rule would be read as the same.
  private func checkFunctions() throws(Diagnostic) {
    let functions = translator.gradientFunctions
    guard let first = functions.first,
      let other = functions.first(where: { $0.name != first.name })
    else { return }
    throw .reading(
      "two-functions", "the gradients of two functions, \(first.span.text) and \(other.span.text)",
      other.span, help: "a rule has the gradient of one loss; give the other one as a formula")
  }

  /// Names for every variable that is used; the parameter is w or theta.
  private func chooseNames() {
    let base = keys[parameter].base
    let isGreek = GreekLetters.letter(named: base) != nil
    finalNames[parameter] = Name(canonical: base == "w" || !isGreek ? "w" : "theta")
    if finalNames[parameter]?.canonical != keys[parameter].plainName, let span = place(parameter) {
      note(
        .convention,
        "\(pretty(parameter)) is the parameter, written \(finalNames[parameter]?.pretty ?? "w") in the rule",
        span)
    }
    for key in gradientKeys { finalNames[key] = Name(canonical: "g") }
    let assigned = Set(lines.map(\.key))
    // Hyperparameters keep their plain names before lines do.
    var order: [Int] = []
    for line in lines {
      for (reference, _) in line.value.references where !order.contains(reference.key) {
        order.append(reference.key)
      }
      if !order.contains(line.key) { order.append(line.key) }
    }
    var bearers: [String: Int] = [:]
    for key in order { bearers[keys[key].plainName, default: 0] += 1 }
    for key in order.filter({ !assigned.contains($0) }) + order.filter({ assigned.contains($0) }) {
      guard finalNames[key] == nil else { continue }
      if keys[key].base == "g", keys[key].accents.isEmpty, keys[key].labels.isEmpty {
        // What is done to the gradient gives the gradient its new value, unless it is kept or the
        // gradient itself is read as well.
        if isGradientChanged(key) {
          finalNames[key] = Name(canonical: "g")
        } else {
          finalNames[key] = names.take("g_avg")
        }
        continue
      }
      var wanted = keys[key].plainName
      let isShared = bearers[wanted, default: 0] > 1
      if isShared, assigned.contains(key) { wanted += "_" + (index.letter ?? "t") }
      finalNames[key] = names.take(wanted)
    }
    for key in keys.indices where finalNames[key] == nil && !order.contains(key) {
      finalNames[key] = names.take(keys[key].plainName)
    }
  }

  private func isGradientChanged(_ key: Int) -> Bool {
    let own = lines.filter { $0.key == key }
    let keepsOld = own.contains { line in
      line.value.references.contains { reference, _ in
        guard reference.key == key else { return false }
        if reference.time == .none { return aliases[key] == nil && own.count == 1 }
        if case .step(let step) = reference.time { return step < now[key] ?? step }
        return true
      }
    }
    let isReadElsewhere = lines.contains { line in
      line.key != key
        && (line.value.usesGradient
          || line.value.references.contains { gradientKeys.contains($0.0.key) && $0.0.key != key })
    }
    let isReadBefore = lines.contains { line in
      line.key != key
        && line.value.references.contains { reference, _ in
          if reference.key == key, case .step(let step) = reference.time {
            return step < now[key] ?? step
          }
          return false
        }
    }
    return !keepsOld && !isReadElsewhere && !isReadBefore
  }

  /// A loss and a Hessian are those of all parameters together.
  private func isOverAll(_ draft: RuleDraft) -> Bool {
    draft.lines.contains { line in
      line.value.contains { ["loss", "hessian"].contains($0.plainCall?.function ?? "") }
    }
  }

  private func declaration(
    _ draft: RuleDraft, _ emission: Emission, named name: Name, nameSpan: Span, whole: Span
  ) throws(Diagnostic) -> RuleReading {
    let states = Set(draft.states.map(\.name))
    var used: [Name] = []
    for expression in draft.lines.map(\.value) + draft.states.map(\.start) {
      for name in expression.names where !used.contains(name) { used.append(name) }
    }
    let hyper = used.filter { emission.hyper[$0] != nil }
    let finder = HyperRoles(
      lines: draft.lines.map { ($0.name, $0.value) }, states: states,
      parameter: finalNames[parameter] ?? Name(canonical: "w"), hyper: Set(hyper))
    var roles = finder.roles(given: givenRoles)
    let ordered =
      hyper.filter { roles[$0] == .learningRate } + hyper.filter { roles[$0] != .learningRate }
    var parameters: [RuleDeclaration.Parameter] = []
    var symbols: [Name: String] = [:]
    var valued: Set<Name> = []
    for hyperName in ordered {
      guard let key = emission.hyper[hyperName] else { continue }
      let span = place(key) ?? whole
      symbols[hyperName] = translator.places[key]?.text ?? hyperName.canonical
      var value: Expression?
      if let start = table.starts.first(where: { start in
        guard let step = start.step else { return false }
        var constant = start.key
        constant.labels.append(String(step))
        return constant == keys[key] && translator.symbols.isPlainNumber(start.value)
      }) {
        value = try translator.translate(start.value, 0)
        valued.insert(hyperName)
      } else if let constant = table.constants.first(where: { $0.key == keys[key] }) {
        value = try translator.translate(constant.value, 0)
        valued.insert(hyperName)
        roles[hyperName] = roles[hyperName] == .other ? .constant : roles[hyperName]
      } else if let text = HyperRoles.value(
        of: hyperName, role: roles[hyperName] ?? .other, among: roles),
        let number = Double(text)
      {
        value = Expression(.number(number, spelling: text), span)
      }
      parameters.append(
        RuleDeclaration.Parameter(name: hyperName, defaultValue: value, span: span))
    }
    var body: [RuleStatement] = []
    for (place, state) in draft.states.enumerated() {
      body.append(
        .state(
          RuleStatement.Line(
            name: state.name, nameSpan: state.span, value: state.start, sharesLine: place > 0,
            span: state.span)))
    }
    for line in draft.lines {
      body.append(
        .assign(
          RuleStatement.Line(
            name: line.name, nameSpan: line.span, value: line.value,
            span: line.span.joined(with: line.value.span))))
    }
    let declaration = RuleDeclaration(
      path: [name], nameSpan: nameSpan, parameters: parameters, overAll: isOverAll(draft),
      body: body, span: whole)
    return RuleReading(
      declaration: declaration, parameter: pretty(parameter),
      roles: ordered.map { ($0, roles[$0] ?? .other) },
      said: givenRoles.filter { ordered.contains($0.key) }, valued: valued, symbols: symbols,
      assumed: assumed)
  }
}
