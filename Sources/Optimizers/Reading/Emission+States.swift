// Which variables last from step to step, what they start at, and old values put aside for later lines.

import Diagnostics
import Notation

extension Emission {
  /// Variables read before they are assigned, with their starts.
  mutating func findStates() throws(Diagnostic) {
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

  mutating func inlineOrKeep(_ key: Int) throws(Diagnostic) {
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
    } else if assembler.translator.products.contains(where: { $0.key == key }) {
      draft.states.append((name(key), Build.number(1, span), span))
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
      assembler.assumed.insert(name(key))
    }
  }

  /// η_t = 0.9 η_{t-1}: every term has its older self as a factor, in every case, within limits or not.
  func isMultiplied(_ key: Int) -> Bool {
    func isOwn(_ part: Expression) -> Bool {
      if case .name(let name) = part.kind { return Reference(name)?.key == key }
      guard case .call(let callee, let arguments) = part.kind else { return false }
      let values = arguments.map(\.value)
      return switch callee.path.first?.canonical {
      case "where": values.count == 3 && values.dropFirst().allSatisfy(isScaled)
      // Beside limits, which nothing of the rule moves.
      case "min", "max":
        // Each is looked at once: they may stand within one another.
        isAnyScaled(values.map { ($0, isScaled($0)) })
      case "clip": values.first.map(isScaled) ?? false
      default: false
      }
    }
    func isAnyScaled(_ values: [(value: Expression, isScaled: Bool)]) -> Bool {
      values.contains { $0.isScaled } && values.allSatisfy { $0.isScaled || isLimit($0.value) }
    }
    func isLimit(_ value: Expression) -> Bool {
      !value.usesGradient
        && value.references.allSatisfy { reference, _ in
          !assigned.contains(reference.key) && !assembler.gradientKeys.contains(reference.key)
        }
    }
    func isScaled(_ value: Expression) -> Bool {
      TermList(value).terms.allSatisfy { FactorList($0.value).above.contains(where: isOwn) }
    }
    let own = ordered.filter { $0.key == key }
    return !own.isEmpty && own.allSatisfy { isScaled($0.value) }
  }

  /// A second sequence of points: the gradient is taken there, or it lies between parameters.
  func isLikeParameter(_ key: Int) -> Bool {
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

  func isOneMinus(_ expression: Expression) -> Bool {
    if case .binary(.subtract, let one, _) = expression.kind, case .number(1, _) = one.kind {
      return true
    }
    return false
  }

  mutating func keepOlder(_ key: Int, _ span: Span) throws(Diagnostic) {
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
  mutating func startValue(_ value: Expression) throws(Diagnostic) -> Expression {
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
  mutating func firstValue(_ line: TranslatedLine) throws(Diagnostic) -> Expression? {
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
  mutating func putAside(before place: Int, _ line: TranslatedLine) throws(Diagnostic) {
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
  func isGradientPoint(_ reference: Reference, _ value: Expression) -> Bool {
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
  func shiftable(_ key: Int) -> Expression? {
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
}
