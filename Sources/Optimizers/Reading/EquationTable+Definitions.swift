// What stands left of the sign decides what an equation is: a variable, the counter, a start, a constant,
// a function, a gradient.

import Diagnostics
import Notation

extension EquationTable {
  func isStart(_ math: Math, _ reader: SymbolReader) -> Bool {
    guard let use = reader.use(math) else { return false }
    if case .fixed = use.time { return true }
    return false
  }

  mutating func define(
    _ left: Math, _ value: Math, _ item: MathItem, _ relation: TeXRelation, order: Int,
    reader: SymbolReader
  ) throws(Diagnostic) {
    var update: Unicode.Scalar?
    if case .update(let sign) = relation { update = sign }
    let plain = Assignment(
      key: SymbolKey(base: ""), time: .none, value: value, isAssigned: relation != .equals,
      update: update, span: left.span, order: order, isRemark: item.isRemark)
    if value.namesMinimiser {
      claims.append(Claim(kind: .argmin, text: item.span.text, span: item.span))
      return
    }
    if let use = reader.use(left) {
      if use.key.base == reader.index.letter, use.key.labels.isEmpty, use.time == .none,
        use.power == nil
      {
        if let first = wholeNumber(value) {
          // `t ← 0` is counted up before it is used.
          firstStep = firstStep ?? (relation == .assign ? first + 1 : first, item.span)
          startsAssigned = startsAssigned || relation == .assign
          return
        }
        if reader.isPlainNumber(value) {
          throw .reading(
            "step-number", "\(value.span.text) is no number that a count of steps begins with",
            value.span)
        }
        if let (letter, offset) = indexLike(value), letter == use.key.base, offset == 1 {
          // t ← t + 1
          if let given = firstStep, !startsAssigned { firstStep = (given.value + 1, given.span) }
          return
        }
      }
      if IndexEvidence.counters.contains(use.key.base), use.key.labels.isEmpty,
        use.key.accents.isEmpty, reader.index.letter != use.key.base, wholeNumber(value) != nil
      {
        // i = 1, …, n; or k = 5, a constant like any other.
        constants.append((use.key, value, item.span))
        return
      }
      if let power = use.power {
        guard case .number("2") = power.kind else {
          claims.append(Claim(kind: .other, text: item.span.text, span: item.span))
          return
        }
        var use = use
        squared.insert(use.key)
        use.key.labels.append("sq")
        use.power = nil
        assignments.append(plain.to(use))
        return
      }
      if case .fixed(let step) = use.time {
        starts.append((use.key, step, value, item.span))
        return
      }
      if case .number = value.kind, use.time == .none, update == nil {
        constants.append((use.key, value, item.span))
        return
      }
      if use.time == .none, update == nil, reader.isPlainNumber(value) {
        constants.append((use.key, value, item.span))
        return
      }
      assignments.append(plain.to(use))
      return
    }
    try defineOther(left, value, item, plain, reader: reader)
  }

  private mutating func defineOther(
    _ left: Math, _ value: Math, _ item: MathItem, _ plain: Assignment, reader: SymbolReader
  ) throws(Diagnostic) {
    switch left.kind {
    case .sum(let terms):
      // `\theta_t+1`: the braces are missing.
      if terms.count == 2, !terms[0].isNegative, !terms[1].isNegative,
        let number = wholeNumber(terms[1].value), var use = reader.use(terms[0].value),
        case .step(let offset) = use.time
      {
        use.time = .step(offset + number)
        notes.append(
          ReadingNote(
            .slip,
            "\(left.span.text) is read as \(terms[0].value.span.text) at the step + \(number): "
              + "the braces round the index are missing", left.span))
        assignments.append(plain.to(use))
        return
      }
      // θ_t - θ_{t+1} = …
      if terms.count == 2, !terms[0].isNegative, terms[1].isNegative,
        let older = reader.use(terms[0].value), let newer = reader.use(terms[1].value),
        newer.key == older.key, newer.power == nil, older.power == nil,
        case .step(let before) = older.time, case .step(let after) = newer.time, after > before
      {
        var turned = plain
        turned.value = Math(
          .sum([MathTerm(isNegative: true, value: plain.value)]), plain.value.span)
        assignments.append(turned.to(newer, [terms[0]]))
        return
      }
      // θ_{t+1} - θ_t = …
      if terms.count == 2, !terms[0].isNegative, let use = reader.use(terms[0].value),
        use.power == nil, let other = reader.use(terms[1].value), other.key == use.key
      {
        assignments.append(
          plain.to(
            use, [MathTerm(isNegative: !terms[1].isNegative, value: terms[1].value)]))
        return
      }
    case .product(let factors):
      if let (use, count) = reader.compound(factors, at: 0), count == factors.count {
        if case .fixed(let step) = use.time {
          starts.append((use.key, step, value, item.span))
          return
        }
        if use.power == nil {
          assignments.append(plain.to(use))
          return
        }
      }
      if reader.gradient(of: factors, at: 0) != nil {
        claims.append(Claim(kind: .gradient, text: item.span.text, span: item.span))
        return
      }
      if factors.count == 2, factors[1].sign == .implicit {
        try defineFunction(factors, value, item, plain, reader: reader)
        return
      }
    case .gradient, .fraction, .evaluated:
      if reader.isGradient(left) {
        claims.append(Claim(kind: .gradient, text: item.span.text, span: item.span))
        return
      }
    case .function(let call) where ["min", "max", "argmin", "argmax"].contains(call.name):
      claims.append(Claim(kind: .argmin, text: item.span.text, span: item.span))
      return
    case .function:
      claims.append(Claim(kind: .function, text: item.span.text, span: item.span))
      return
    default: break
    }
    claims.append(Claim(kind: .other, text: item.span.text, span: item.span))
  }

  /// `f(x) = …`, and `r(w, t) = …`, a variable whose step is an argument.
  private mutating func defineFunction(
    _ factors: [MathFactor], _ value: Math, _ item: MathItem, _ plain: Assignment,
    reader: SymbolReader
  ) throws(Diagnostic) {
    var fenced = factors[1].value
    var isElement = false
    if case .scripted(let inner, _) = fenced.kind {
      fenced = inner
      isElement = true
    }
    guard case .fenced(_, let items) = fenced.kind else {
      claims.append(Claim(kind: .other, text: item.span.text, span: item.span))
      return
    }
    if let use = reader.argumentIndexed(factors, at: 0) {
      assignments.append(plain.to(use))
      return
    }
    guard let head = reader.functionHead(factors[0].value) else {
      claims.append(Claim(kind: .other, text: item.span.text, span: item.span))
      return
    }
    claims.append(Claim(kind: .function, text: item.span.text, span: item.span))
    var names: [SymbolKey] = []
    for argument in items {
      guard let use = reader.use(argument), use.time == .none, use.power == nil else { return }
      names.append(use.key)
    }
    if !isElement {
      functions[head.key] = FunctionDefinition(
        arguments: names, lower: head.lower, value: value, span: item.span)
    }
  }
}

extension IndexEvidence {
  /// Letters that count something in “i = 1, …, n”.
  static let counters: Set<String> = ["i", "j", "k", "l", "n", "t", "s", "tau", "epoch"]
}
