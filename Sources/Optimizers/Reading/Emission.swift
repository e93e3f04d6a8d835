// Writes the lines with their final names, keeping old values where a later line still reads them.

import Diagnostics
import Notation

struct Emission {
  private let assembler: RuleAssembler
  private let ordered: [TranslatedLine]
  private var draft = RuleDraft()
  /// Variables assigned so far.
  private var done: Set<Int> = []
  /// Old values that were put aside.
  private var copies: [Int: Name] = [:]
  private var older: [Int: Name] = [:]
  private var states: Set<Int> = []
  private var oldGradient: Name?
  /// Hyperparameters met, by final name.
  private(set) var hyper: [Name: Int] = [:]
  private let assigned: Set<Int>
  private let parameterName: Name

  init(_ assembler: RuleAssembler, _ ordered: [TranslatedLine]) {
    self.assembler = assembler
    self.ordered = ordered
    assigned = Set(ordered.map(\.key))
    parameterName = assembler.finalNames[assembler.parameter] ?? Name(canonical: "w")
    done = Set(assembler.aliases.keys)
  }

  mutating func run() throws(Diagnostic) -> RuleDraft {
    try findStates()
    for (place, line) in ordered.enumerated() {
      try putAside(before: place, line)
      var value = try finished(line.value, in: line)
      if let given = try firstValue(line) {
        let t = Build.name("t", line.span)
        let after = Build.binary(.greater, t, Build.number(1, line.span))
        value = Build.call("where", [after, value, given], line.span)
      }
      draft.lines.append((name(line.key), value, line.span))
      done.insert(line.key)
    }
    if let oldGradient {
      draft.lines.append(
        (oldGradient, Build.name("g", ordered[0].span), ordered[0].span))
    }
    return draft
  }

  private func name(_ key: Int) -> Name {
    assembler.finalNames[key] ?? Name(canonical: assembler.keys[key].plainName)
  }

  // MARK: States

  /// Variables read before they are assigned, with their starts.
  private mutating func findStates() throws(Diagnostic) {
    var seen = Set(assembler.aliases.keys)
    var order: [Int] = []
    var previous: [(key: Int, span: Span)] = []
    for line in ordered {
      for (reference, span) in line.value.references where assigned.contains(reference.key) {
        switch try assembler.age(reference, span) {
        case .before: if !order.contains(reference.key) { order.append(reference.key) }
        case .beforeThat:
          if !order.contains(reference.key) { order.append(reference.key) }
          if !previous.contains(where: { $0.key == reference.key }) {
            previous.append((reference.key, span))
          }
        case .current:
          let isEarlier = seen.contains(reference.key)
          if !isEarlier, assembler.isProgram || reference.key == line.key,
            !order.contains(reference.key)
          {
            order.append(reference.key)
          }
        case .now: break
        }
      }
      seen.insert(line.key)
    }
    for key in order { try inlineOrKeep(key) }
    for (key, span) in previous { try keepOlder(key, span) }
  }

  private mutating func inlineOrKeep(_ key: Int) throws(Diagnostic) {
    if key == assembler.parameter {
      states.insert(key)
      return
    }
    if shiftable(key) != nil { return }
    states.insert(key)
    let span = assembler.place(key) ?? ordered[0].span
    var start: Expression?
    for given in try assembler.starts(of: key) {
      if case .before(let value) = given { start = try startValue(value) }
      if case .firstValue = given, start == nil { start = Build.number(0, span) }
    }
    if let start {
      draft.states.append((name(key), start, span))
    } else if isMultiplied(key) {
      // From 0 it would never move.
      let given = assembler.names.take(name(key).canonical + "0")
      hyper[given] = key
      assembler.note(
        .convention, "\(assembler.pretty(key)) starts at \(given.pretty), which has to be given",
        span)
      draft.states.append((name(key), Build.name(given, span), span))
    } else if isLikeParameter(key) {
      assembler.note(
        .convention, "\(assembler.pretty(key)) starts where the parameter does", span)
      draft.states.append((name(key), Build.name(parameterName, span), span))
    } else {
      assembler.note(.convention, "\(assembler.pretty(key)) starts at 0", span)
      draft.states.append((name(key), Build.number(0, span), span))
    }
  }

  /// η_t = 0.9 η_{t-1}: every term has its older self as a factor.
  private func isMultiplied(_ key: Int) -> Bool {
    let own = ordered.filter { $0.key == key }
    return !own.isEmpty
      && own.allSatisfy { line in
        TermList(line.value).terms.allSatisfy { term in
          FactorList(term.value).above.contains {
            if case .name(let name) = $0.kind { return Reference(name)?.key == key }
            return false
          }
        }
      }
  }

  /// A second sequence of points: the gradient is taken there, or it lies between parameters.
  private func isLikeParameter(_ key: Int) -> Bool {
    if assembler.translator.gradientPoints.contains(where: { $0.reference.key == key }) {
      return true
    }
    // x = βx + (1 - β)z: z is a point as x is.
    let isAveraged = ordered.filter { $0.key == assembler.parameter }.contains { line in
      let terms = TermList(line.value).terms
      func holds(_ wanted: Int, _ isPart: (Expression) -> Bool) -> Bool {
        terms.contains { term in
          let above = FactorList(term.value).above
          return !term.isNegative && above.count > 1 && above.contains(where: isPart)
            && above.contains {
              if case .name(let name) = $0.kind { return Reference(name)?.key == wanted }
              return false
            }
        }
      }
      return holds(key) { isOneMinus($0) } && holds(assembler.parameter) { _ in true }
        || holds(assembler.parameter) { isOneMinus($0) } && holds(key) { _ in true }
    }
    if isAveraged { return true }
    return ordered.filter { $0.key == key }.contains { line in
      TermList(line.value).terms.contains { term in
        let factors = FactorList(term.value)
        guard !term.isNegative, factors.below.isEmpty else { return false }
        let holds = factors.above.contains {
          if case .name(let name) = $0.kind { return Reference(name)?.key == assembler.parameter }
          return false
        }
        return holds && (factors.above.count == 1 || factors.above.contains { isOneMinus($0) })
      }
    }
  }

  private func isOneMinus(_ expression: Expression) -> Bool {
    if case .binary(.subtract, let one, _) = expression.kind, case .number(1, _) = one.kind {
      return true
    }
    return false
  }

  private mutating func keepOlder(_ key: Int, _ span: Span) throws(Diagnostic) {
    let previous = assembler.names.take(name(key).canonical + "_prev")
    let copy = assembler.names.take(name(key).canonical + "_older")
    var start: Expression?
    for given in try assembler.starts(of: key) {
      if case .beforeThat(let value) = given { start = try startValue(value) }
    }
    if start == nil {
      let isPoint = key == assembler.parameter || isLikeParameter(key)
      start = isPoint ? Build.name(parameterName, span) : Build.number(0, span)
      assembler.note(
        .convention,
        isPoint
          ? "\(assembler.pretty(key)) before the start is taken to be the start"
          : "\(assembler.pretty(key)) before the start is taken to be 0", span)
    }
    if let start { draft.states.append((previous, start, span)) }
    older[key] = copy
    let old = Build.name(previous, span)
    draft.lines.append((copy, old, span))
    draft.lines.append((previous, Build.name(name(key), span), span))
  }

  /// A start's value: the parameter's start is the parameter.
  private mutating func startValue(_ value: Expression) throws(Diagnostic) -> Expression {
    var met: [Name: Int] = [:]
    let result = try value.mapped { (part) throws(Diagnostic) -> Expression? in
      guard case .name(let name) = part.kind, let reference = Reference(name) else { return nil }
      if reference.key == assembler.parameter { return Build.name(parameterName, part.span) }
      if assigned.contains(reference.key) || assembler.gradientKeys.contains(reference.key) {
        throw .reading(
          "start", "a start may use hyperparameters and the parameter's start alone", part.span)
      }
      let final = try hyperName(reference, part.span, &met)
      return Build.name(final, part.span)
    }
    for (name, key) in met { hyper[name] = key }
    return result
  }

  /// ṽ_1 = v_1: what a variable is at the first step.
  private mutating func firstValue(_ line: TranslatedLine) throws(Diagnostic) -> Expression? {
    guard ordered.last(where: { $0.key == line.key })?.order == line.order else { return nil }
    for given in try assembler.starts(of: line.key) {
      guard case .firstValue(let value) = given else { continue }
      if line.key == assembler.parameter { continue }
      var met: [Name: Int] = [:]
      let done = self.done
      let result = try value.mapped { (part) throws(Diagnostic) -> Expression? in
        guard case .name(let name) = part.kind, let reference = Reference(name) else { return nil }
        if assembler.gradientKeys.contains(reference.key) { return Build.name("g", part.span) }
        if assigned.contains(reference.key) {
          guard done.contains(reference.key) else {
            throw .reading("start", "this start needs a value that is not there yet", part.span)
          }
          return Build.name(self.name(reference.key), part.span)
        }
        return Build.name(try hyperName(reference, part.span, &met), part.span)
      }
      for (name, key) in met { hyper[name] = key }
      return result
    }
    return nil
  }

  // MARK: Old values

  /// Puts an old value aside that a later line reads.
  private mutating func putAside(before place: Int, _ line: TranslatedLine) throws(Diagnostic) {
    guard !done.contains(line.key), states.contains(line.key) else { return }
    var isRead = false
    for later in ordered[(place + 1)...] {
      for (reference, span) in later.value.references where reference.key == line.key {
        if try assembler.age(reference, span) == .before, !isGradientPoint(reference, later.value) {
          isRead = true
        }
      }
    }
    guard isRead else { return }
    let copy = assembler.names.take(name(line.key).canonical + "_old")
    copies[line.key] = copy
    draft.lines.append((copy, Build.name(name(line.key), line.span), line.span))
  }

  /// Whether a reference to the parameter only stands in ∇f(θ), which is g.
  private func isGradientPoint(_ reference: Reference, _ value: Expression) -> Bool {
    guard reference.key == assembler.parameter else { return false }
    var outside = false
    func visit(_ expression: Expression) {
      if case .call(let callee, let arguments) = expression.kind,
        callee.path.first?.canonical == "grad", arguments.count == 1,
        case .name(let name) = arguments[0].value.kind, Reference(name) == reference
      {
        return
      }
      if case .name(let name) = expression.kind, Reference(name) == reference { outside = true }
      for child in expression.children { visit(child) }
    }
    visit(value)
    return !outside
  }

  /// The formula of a variable that is read one step before and can be written out there.
  private func shiftable(_ key: Int) -> Expression? {
    let own = ordered.filter { $0.key == key }
    guard own.count == 1, let line = own.first, key != assembler.parameter else { return nil }
    guard !line.value.usesGradient,
      !line.value.contains({
        if case .name(let name) = $0.kind { name == counterName } else { false }
      })
    else { return nil }
    for (reference, _) in line.value.references {
      if reference.key == key || assembler.gradientKeys.contains(reference.key) { return nil }
      guard assigned.contains(reference.key) else { continue }
      guard case .step(let step) = reference.time, step == assembler.now[reference.key],
        ordered.contains(where: { other in
          other.key == reference.key
            && other.value.references.contains { $0.0.key == reference.key }
        })
      else { return nil }
    }
    return line.value
  }

  // MARK: Finishing a line

  private mutating func finished(_ value: Expression, in line: TranslatedLine) throws(Diagnostic)
    -> Expression
  {
    switch value.kind {
    case .name(let name): return try finished(name, value.span, in: line)
    case .binary(let operation, let left, let right):
      if operation == .add || operation == .subtract, let folded = foldedCounter(value) {
        return folded
      }
      return Expression(
        .binary(operation, try finished(left, in: line), try finished(right, in: line)), value.span)
    case .unary(let operation, let operand):
      return Expression(.unary(operation, try finished(operand, in: line)), value.span)
    case .call(let callee, let arguments):
      if callee.path.first?.canonical == "grad", arguments.count == 1 {
        return try gradient(arguments[0].value, value.span, in: line)
      }
      var finishedArguments: [Expression.Argument] = []
      for var argument in arguments {
        argument.value = try finished(argument.value, in: line)
        finishedArguments.append(argument)
      }
      return Expression(.call(callee, finishedArguments), value.span)
    default: return value
    }
  }

  /// The step's letter plus a number: Descent's t counts from 1.
  private func foldedCounter(_ value: Expression) -> Expression? {
    guard let offset = counterOffset(value) else { return nil }
    return counter(offset, value.span)
  }

  private func counterOffset(_ value: Expression) -> Int? {
    switch value.kind {
    case .name(let name): return name == counterName ? 0 : nil
    case .number: return nil
    case .binary(let operation, let left, let right):
      if let offset = counterOffset(left), let number = whole(right) {
        return operation == .add ? offset + number : operation == .subtract ? offset - number : nil
      }
      if operation == .add, let number = whole(left), let offset = counterOffset(right) {
        return offset + number
      }
      return nil
    default: return nil
    }
  }

  private func whole(_ value: Expression) -> Int? {
    if case .number(let number, _) = value.kind { return Int(exactly: number) }
    return nil
  }

  private func counter(_ offset: Int, _ span: Span) -> Expression {
    let shift = assembler.first - 1 + offset
    let t = Build.name("t", span)
    if shift == 0 { return t }
    return Expression(
      .binary(shift > 0 ? .add : .subtract, t, Build.number(abs(shift), span)), span)
  }

  private mutating func finished(_ name: Name, _ span: Span, in line: TranslatedLine)
    throws(Diagnostic) -> Expression
  {
    if name == counterName { return counter(0, span) }
    if name == gradientName { return Build.name("g", span) }
    guard let reference = Reference(name) else { return Build.name(name, span) }
    if assembler.gradientKeys.contains(reference.key) {
      return try gradientSymbol(reference, span, in: line)
    }
    guard assigned.contains(reference.key) else {
      return Build.name(try hyperName(reference, span, &hyper), span)
    }
    let plain = Build.name(self.name(reference.key), span)
    switch try assembler.age(reference, span) {
    case .now:
      guard done.contains(reference.key) else {
        throw .reading(
          "not-yet", "\(assembler.pretty(reference.key)) of this step is read before it is there",
          span,
          help: "on the right, a state stands one step before")
      }
      return plain
    case .current:
      guard done.contains(reference.key) || states.contains(reference.key) else {
        throw .reading(
          "not-yet", "\(assembler.pretty(reference.key)) is read before it is there", span)
      }
      return plain
    case .before:
      if !states.contains(reference.key), let formula = shiftable(reference.key) {
        return try finished(try shifted(formula), in: line)
      }
      if done.contains(reference.key) {
        guard let copy = copies[reference.key] else {
          throw .reading(
            "not-kept", "the old value of \(assembler.pretty(reference.key)) is not kept", span)
        }
        return Build.name(copy, span)
      }
      return plain
    case .beforeThat:
      guard let older = older[reference.key] else {
        throw .reading(
          "not-kept", "the older value of \(assembler.pretty(reference.key)) is not kept", span)
      }
      return Build.name(older, span)
    }
  }

  /// A formula with every variable one step earlier.
  private func shifted(_ value: Expression) throws(Diagnostic) -> Expression {
    let assigned = self.assigned
    return try value.mapped { part in
      guard case .name(let name) = part.kind, let reference = Reference(name),
        assigned.contains(reference.key), case .step(let step) = reference.time
      else { return nil }
      return Build.name(Reference(reference.key, .step(step - 1)).name, part.span)
    }
  }

  // MARK: Gradients

  private mutating func gradientSymbol(
    _ reference: Reference, _ span: Span, in line: TranslatedLine
  )
    throws(Diagnostic) -> Expression
  {
    if case .step(let step) = reference.time {
      let newest = newestGradient(reference.key)
      if newest - step == 1 {
        if oldGradient == nil {
          let name = assembler.names.take("g_prev")
          oldGradient = name
          draft.states.append((name, Build.number(0, span), span))
          assembler.note(.convention, "the gradient before the first step is taken to be 0", span)
        }
        return Build.name(oldGradient ?? Name(canonical: "g"), span)
      }
      guard newest == step else {
        throw .reading("old-index", "a gradient more than one step old", span)
      }
    }
    return Build.name("g", span)
  }

  private func newestGradient(_ key: Int) -> Int {
    var newest = Int.min
    for line in ordered {
      for (reference, _) in line.value.references where reference.key == key {
        if case .step(let step) = reference.time { newest = max(newest, step) }
      }
    }
    if let alias = assembler.aliases[key], case .step(let step) = alias.time {
      newest = max(newest, step)
    }
    return newest
  }

  /// ∇f at a point: g at the parameter's old value, grad(…) elsewhere.
  private mutating func gradient(_ at: Expression, _ span: Span, in line: TranslatedLine)
    throws(Diagnostic) -> Expression
  {
    if case .name(let name) = at.kind, let reference = Reference(name) {
      if reference.key == assembler.parameter {
        switch try assembler.age(reference, at.span) {
        case .before: return Build.name("g", span)
        case .current where !done.contains(reference.key): return Build.name("g", span)
        case .now where !done.contains(reference.key):
          throw .reading(
            "implicit",
            "the gradient at the new \(assembler.pretty(reference.key)), which it makes",
            at.span, help: "take it one step before")
        default: break
        }
      } else if !assigned.contains(reference.key), !assembler.gradientKeys.contains(reference.key) {
        // ∇f(x) with x in no line: the parameter under another name.
        throw .reading(
          "point", "the gradient is taken at \(at.span.text), which no line defines", at.span)
      }
    }
    return Build.call("grad", [try finished(at, in: line)], span)
  }

  // MARK: Hyperparameters

  private func hyperName(_ reference: Reference, _ span: Span, _ met: inout [Name: Int])
    throws(Diagnostic) -> Name
  {
    let key = assembler.keys[reference.key]
    try assembler.checkHyper(key, reference, span)
    let name = self.name(reference.key)
    met[name] = reference.key
    return name
  }
}

extension RuleAssembler {
  /// Letters that mean something kept or computed, never a constant.
  static let neverConstant: Set<String> = [
    "m", "v", "u", "M", "V", "S", "U", "x", "y", "z", "w", "W", "r", "q", "G", "E", "RMS", "Delta",
    "theta", "X", "Y", "Z", "H", "D", "f", "J", "L", "d",
  ]

  /// Averages that a text has to define: E[g²], RMS[g].
  static let statistics: Set<String> = ["E", "RMS", "MS", "Var", "rms", "Mean"]

  /// - Throws: when a symbol that no line defines cannot be a constant.
  func checkHyper(_ key: SymbolKey, _ reference: Reference, _ span: Span) throws(Diagnostic) {
    let isGreek =
      GreekLetters.letter(named: key.plainBase).map { $0.properties.isLowercase } ?? false
    var isStepped = false
    if case .step = reference.time { isStepped = true }
    let isWord = key.base.count > 1 && !isGreek
    let isConstantLabel = !key.labels.isEmpty && !isStepped
    if table.constants.contains(where: { $0.key == key }) { return }
    if table.distributed.contains(key) {
      throw .reading(
        "random",
        "\(Name(canonical: key.plainName).pretty) is drawn at random; a rule has no noise", span)
    }
    let fails: Bool
    if !key.accents.isEmpty {
      fails = !isGreek || isStepped
    } else if isGreek {
      fails = key.base == "theta" || key.base == "delta" && isStepped
    } else if RuleAssembler.statistics.contains(key.base) {
      fails = true
    } else if key.base == "Delta" {
      fails = isStepped || !key.labels.allSatisfy { ["max", "min"].contains($0) || Int($0) != nil }
    } else if RuleAssembler.neverConstant.contains(key.base) {
      fails = !isConstantLabel && !isDecay(reference) || isStepped
    } else {
      fails = isStepped && !isWord && key.base != "a" && key.base != "s" && key.base != "h"
    }
    guard fails else {
      if isStepped {
        note(
          .convention,
          "\(Name(canonical: key.plainName).pretty) is given for each step: a schedule", span)
      }
      return
    }
    throw .reading(
      "undefined",
      "no formula here says what \(Name(canonical: key.plainName).pretty) is", span,
      help: "add its equation; constants have other letters")
  }
}

extension RuleAssembler {
  /// Whether a symbol multiplies the older self of a state: the m of v_{t+1} = m v_t + ….
  private func isDecay(_ reference: Reference) -> Bool {
    lines.contains { line in
      line.key != parameter
        && TermList(line.value).terms.contains { term in
          let factors = FactorList(term.value)
          func holds(_ key: Int) -> Bool {
            factors.above.contains {
              if case .name(let name) = $0.kind { return Reference(name)?.key == key }
              return false
            }
          }
          return holds(line.key) && holds(reference.key)
        }
    }
  }
}

extension SymbolKey {
  /// The Greek letter without its variant.
  var plainBase: String {
    switch base {
    case "epsilon", "varepsilon": "eps"
    case "varphi": "phi"
    case "vartheta": "theta"
    case "varrho": "rho"
    case "varsigma": "sigma"
    default: base
    }
  }
}
