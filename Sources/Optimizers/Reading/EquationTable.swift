// The equations of a text by what they say: assignments, starts, constants, functions, the counter.
//
// Nothing is translated yet. What is neither is kept as a statement, which decides what the text is
// when it is no rule.

import Diagnostics
import Notation

/// `x = …`, one line of what may become a rule.
struct Assignment {
  var key: SymbolKey
  var time: TimeMark
  var value: Math
  /// Further forms behind a second equals sign.
  var isAssigned: Bool
  /// `+=`: the sign.
  var update: Unicode.Scalar?
  var span: Span
  var order: Int
  var isRemark: Bool
  /// What the left side adds up to when it is a difference: θ_{t+1} - θ_t = …
  var added: [MathTerm] = []

  /// The same line for a variable.
  func to(_ use: SymbolUse, _ added: [MathTerm] = []) -> Assignment {
    var copy = self
    copy.key = use.key
    copy.time = use.time
    copy.added = added
    return copy
  }
}

/// `f(x) = …`
struct FunctionDefinition {
  var arguments: [SymbolKey]
  var lower: [SymbolKey]
  var value: Math
  var span: Span
}

/// An equation that says something else.
struct Claim {
  enum Kind { case gradient, function, relation, argmin, other }
  var kind: Kind
  var text: String
  var span: Span
}

struct EquationTable {
  var assignments: [Assignment] = []
  /// θ_0 = …, with the number of the step.
  var starts: [(key: SymbolKey, step: Int?, value: Math, span: Span)] = []
  /// β = 0.9
  var constants: [(key: SymbolKey, value: Math, span: Span)] = []
  var functions: [SymbolKey: FunctionDefinition] = [:]
  var claims: [Claim] = []
  /// t = 1, 2, …
  var firstStep: (value: Int, span: Span)?
  /// ξ ~ N(0, 1)
  var distributed: Set<SymbolKey> = []
  private var startsAssigned = false
  /// Symbols whose square has a name of its own: σ² on a left side.
  var squared: Set<SymbolKey> = []
  var notes: [ReadingNote] = []
  /// Formulas of one symbol each: what the words around them speak of.
  var mentioned: [Math] = []

  init(_ items: [MathItem], reader: SymbolReader) throws(Diagnostic) {
    var order = 0
    for (place, item) in items.enumerated() {
      guard case .formula(let sides, let relations) = item.kind else { continue }
      if relations.isEmpty {
        mentioned.append(sides[0])
        try lone(
          sides[0], sharesFormula: place > 0 && hasEquation(items[place - 1], item.formula),
          reader: reader)
        continue
      }
      order += 1
      try read(item, sides, relations, order: order, reader: reader)
    }
  }

  /// Whether an item before, in the same formula, is an equation.
  private func hasEquation(_ item: MathItem, _ formula: Int) -> Bool {
    if case .formula(_, let relations) = item.kind {
      return !relations.isEmpty && item.formula == formula
    }
    return false
  }

  /// An expression that stands for itself.
  private mutating func lone(_ math: Math, sharesFormula: Bool, reader: SymbolReader)
    throws(Diagnostic)
  {
    switch math.kind {
    case .number, .symbol, .scripted, .accented, .ellipsis: return
    case .fenced where !sharesFormula, .gradient where !sharesFormula: return
    case .function(let call) where ["min", "max", "argmin", "argmax"].contains(call.name):
      claims.append(Claim(kind: .argmin, text: math.span.text, span: math.span))
    case .product(let factors) where factors.count == 2: return
    default:
      notes.append(
        ReadingNote(.left, "this stands for itself and is no equation", math.span))
    }
  }

  private mutating func read(
    _ item: MathItem, _ sides: [Math], _ relations: [TeXRelation], order: Int, reader: SymbolReader
  ) throws(Diagnostic) {
    let left = sides[0]
    if relations[0] == .becomes, left.isSymbolLike {
      // w → w′ = w - …, and w → w - …
      let isNamed = relations.count == 2 && relations[1].isDefining
      if isNamed || relations.count == 1 {
        try define(
          isNamed ? sides[1] : left, sides[sides.count - 1], item, .assign, order: order,
          reader: reader)
        return
      }
    }
    guard relations[0].isDefining else {
      // t ≥ 1
      if let use = reader.use(left), use.key.base == reader.index.letter, use.key.labels.isEmpty,
        case .greaterOrEqual = relations[0], let first = wholeNumber(sides[1])
      {
        firstStep = (first, item.span)
        return
      }
      if relations[0] == .distributed, let use = reader.use(left) { distributed.insert(use.key) }
      claims.append(Claim(kind: .relation, text: item.span.text, span: item.span))
      return
    }
    var value = sides[1]
    if sides.count > 2 {
      // m_0 = v_0 = 0
      if relations.allSatisfy({ $0.isDefining }),
        sides.dropLast().allSatisfy({ isStart($0, reader) })
      {
        for side in sides.dropLast() {
          try define(side, sides[sides.count - 1], item, relations[0], order: order, reader: reader)
        }
        return
      }
      let rest = sides[2].span.joined(with: sides[sides.count - 1].span)
      if relations[1] == .equals || relations[1] == .other {
        notes.append(
          ReadingNote(.left, "the first form is read; what it is said to equal is not", rest))
      } else {
        claims.append(Claim(kind: .relation, text: item.span.text, span: item.span))
        return
      }
      value = sides[1]
    }
    try define(left, value, item, relations[0], order: order, reader: reader)
  }

  private func isStart(_ math: Math, _ reader: SymbolReader) -> Bool {
    guard let use = reader.use(math) else { return false }
    if case .fixed = use.time { return true }
    return false
  }

  private mutating func define(
    _ left: Math, _ value: Math, _ item: MathItem, _ relation: TeXRelation, order: Int,
    reader: SymbolReader
  ) throws(Diagnostic) {
    var update: Unicode.Scalar?
    if case .update(let sign) = relation { update = sign }
    let plain = Assignment(
      key: SymbolKey(base: ""), time: .none, value: value, isAssigned: relation != .equals,
      update: update, span: left.span, order: order, isRemark: item.isRemark)
    if case .function(let call) = value.kind, ["argmin", "argmax"].contains(call.name) {
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
        if let (letter, offset) = indexLike(value), letter == use.key.base, offset == 1 {
          // t ← t + 1
          if let given = firstStep, !startsAssigned { firstStep = (given.value + 1, given.span) }
          return
        }
      }
      if IndexEvidence.counters.contains(use.key.base), use.key.labels.isEmpty,
        use.key.accents.isEmpty, reader.index.letter != use.key.base, wholeNumber(value) != nil
      {
        // i = 1, …, n
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

extension Math {
  /// A letter with accents and scripts.
  var isSymbolLike: Bool {
    switch kind {
    case .symbol: return true
    case .scripted(let base, _), .accented(_, let base): return base.isSymbolLike
    default: return false
    }
  }
}

extension IndexEvidence {
  /// Letters that count something in “i = 1, …, n”.
  static let counters: Set<String> = ["i", "j", "k", "l", "n", "t", "s", "tau", "epoch"]
}
