// What one line may have been meant to be: every part of it replaced by what is easily confused with
// it, one part at a time.

import Diagnostics
import Notation

struct LineRewriter {
  struct Change {
    var value: Expression
    var mistake: String
    var doubt: Int
    var printed: Expression?
    var meant: Expression?
    var says: String?
    var span: Span
  }

  /// Where in the line a part stands.
  struct Place {
    var isBelow = false
    var isUnderRoot = false
    var isInGradient = false
    var isExponent = false
    /// A factor of a product or a term that is a product.
    var isFactor = false
  }

  let repairs: Repairs
  let line: RuleStatement.Line
  /// Names with a value where the line stands.
  private let known: [Name]
  private let isParameterLine: Bool
  private let isStateLine: Bool

  init(_ repairs: Repairs, _ line: RuleStatement.Line, _ place: Int) {
    self.repairs = repairs
    self.line = line
    isParameterLine = Rule.parameterNames.contains(line.name.canonical)
    isStateLine = repairs.states.contains(line.name)
    var known: [Name] = []
    for (index, statement) in repairs.declaration.body.enumerated() {
      switch statement {
      case .state(let state): known.append(state.name)
      case .assign(let earlier) where index < place:
        if !known.contains(earlier.name) { known.append(earlier.name) }
      default: break
      }
    }
    self.known = known.filter { !Rule.given.contains($0.canonical) }
  }

  func changes() -> [Change] {
    changes(line.value, Place()) + wholeLine()
  }

  // MARK: Parts

  private func changes(_ part: Expression, _ place: Place) -> [Change] {
    var result = here(part, place)
    func inside(_ child: Expression, _ place: Place, _ rebuild: (Expression) -> Expression) {
      for var change in changes(child, place) {
        change.value = rebuild(change.value)
        result.append(change)
      }
    }
    switch part.kind {
    case .binary(let operation, let left, let right):
      var first = place
      var second = place
      first.isFactor = operation == .multiply || operation == .divide
      second.isFactor = operation == .multiply
      if operation == .divide { second.isBelow = true }
      if operation == .power {
        second.isExponent = true
        if case .unary(.negate, _) = right.kind { first.isBelow = true }
      }
      inside(left, first) { Expression(.binary(operation, $0, right), part.span) }
      inside(right, second) { Expression(.binary(operation, left, $0), part.span) }
    case .unary(let operation, let operand):
      var next = place
      if operation == .squareRoot { next.isUnderRoot = true }
      inside(operand, next) { Expression(.unary(operation, $0), part.span) }
    case .call(let callee, let arguments):
      var next = place
      if callee.path.first?.canonical == "grad" { next.isInGradient = true }
      for index in arguments.indices {
        inside(arguments[index].value, next) { value in
          var changed = arguments
          changed[index].value = value
          return Expression(.call(callee, changed), part.span)
        }
      }
    default: break
    }
    return result
  }

  private func here(_ part: Expression, _ place: Place) -> [Change] {
    switch part.kind {
    case .name(let name): names(name, part, place)
    case .unary(let operation, let operand): unary(operation, operand, part, place)
    case .binary(let operation, let left, let right):
      binary(operation, left, right, part, place)
    case .call(let callee, let arguments):
      calls(callee.path.first?.canonical ?? "", callee, arguments, part)
    default: []
    }
  }

  private func change(
    _ part: Expression, _ meant: Expression, _ mistake: String, _ doubt: Int, _ says: String? = nil
  ) -> Change {
    Change(
      value: meant, mistake: mistake, doubt: doubt, printed: part, meant: meant, says: says,
      span: part.span)
  }

  // MARK: Names

  private func names(_ name: Name, _ part: Expression, _ place: Place) -> [Change] {
    var result: [Change] = []
    let span = part.span
    let decays = repairs.decays
    if repairs.hyper.contains(name) {
      for other in decays where other != name && decays.contains(name) {
        result.append(change(part, .name(other, span), swapped(name, other), 0))
      }
      if decays.contains(name), !place.isExponent {
        result.append(
          change(part, .binary(.subtract, .whole(1, span), part), "complement", 1))
        result.append(change(part, .binary(.power, part, .time(span)), "exponent-left-out", 0))
      }
      return result
    }
    if part.isTime {
      result.append(
        change(part, .binary(.add, part, .whole(1, span)), "time-off-by-one", 0))
      result.append(
        change(part, .binary(.subtract, part, .whole(1, span)), "time-off-by-one", 0))
      return result
    }
    let isParameter = Rule.parameterNames.contains(name.canonical)
    if !isParameter {
      for other in known where other != name {
        result.append(named(name, other, part, place))
        guard repairs.idle.contains(other) else { continue }
        // m is worked out, and m/(1 - βᵗ) is meant.
        for decay in decays {
          var change = named(name, other, part, place)
          change.value = .binary(.divide, change.value, correction(decay, span))
          result.append(change)
        }
      }
      if !name.isGradient {
        var back = change(part, .name(Name(canonical: "g"), span), "other-moment", 2)
        back.says = "\(line.name.pretty) uses \(name.pretty) where the gradient is meant"
        result.append(back)
      }
    }
    if name.isGradient {
      result.append(
        change(part, .binary(.power, part, .whole(2, span)), "missing-square", 0))
      if isStateLine {
        result.append(
          change(
            part, .call("abs", [part], span), "absolute-left-out", 1))
      }
      result += lookaheads(part)
    }
    if isStateLine, !name.isGradient, name != line.name, !isParameter {
      result.append(
        change(part, .binary(.power, part, .whole(2, span)), "missing-square", 0))
    }
    if !isParameter {
      if !isStateLine, !place.isBelow {
        result.append(change(part, .call("sign", [part], span), "sign-left-out", 0))
      }
      if place.isBelow, !place.isUnderRoot, !name.isGradient {
        result.append(change(part, .root(part), "missing-root", 0))
      }
      for decay in decays where !place.isExponent && !place.isInGradient && !isStateLine {
        result.append(
          change(part, .binary(.divide, part, correction(decay, span)), "no-correction", 0))
      }
      if place.isInGradient {
        for decay in decays {
          result.append(
            change(part, .binary(.multiply, .name(decay, span), part), "missing-decay", 0))
        }
      }
    }
    return result
  }

  /// 1 - βᵗ
  private func correction(_ decay: Name, _ span: Span) -> Expression {
    .binary(.subtract, .whole(1, span), .binary(.power, .name(decay, span), .time(span)))
  }

  private func swapped(_ name: Name, _ other: Name) -> String {
    let role = repairs.roles.roles
    if role[name] == .secondDecay && role[other] == .firstDecay { return "beta2-for-beta1" }
    return name > other ? "beta2-for-beta1" : "beta1-for-beta2"
  }

  /// Another state or line for the one that is printed.
  private func named(_ name: Name, _ other: Name, _ part: Expression, _ place: Place) -> Change {
    let meant = Expression.name(other, part.span)
    if repairs.isCorrection(other, of: name) {
      return change(part, meant, "no-correction", 0)
    }
    if repairs.isCorrection(name, of: other) {
      return change(part, meant, "double-correction", 1)
    }
    if repairs.isCopy(name, of: other) {
      let id = place.isBelow || place.isUnderRoot ? "old-accumulator" : "old-moment"
      return change(
        part, meant, id, 0,
        "\(line.name.pretty) uses \(other.pretty) of the step before, and \(other.pretty) of this step is meant"
      )
    }
    if repairs.isCopy(other, of: name) {
      return change(
        part, meant, "new-for-old", 1,
        "\(line.name.pretty) uses the new \(name.pretty), and \(name.pretty) of the step before is meant"
      )
    }
    if repairs.idle.contains(other) {
      return change(
        part, meant, "unused-state", 0,
        "\(other.pretty) is worked out and never used: \(line.name.pretty) takes \(name.pretty) where \(other.pretty) is meant"
      )
    }
    return change(
      part, meant, name.isGradient ? "gradient-for-moment" : "other-moment", 1,
      "\(line.name.pretty) uses \(name.pretty) where \(other.pretty) is meant")
  }

  /// The gradient at the parameter where the gradient ahead is meant.
  private func lookaheads(_ part: Expression) -> [Change] {
    guard !line.value.contains({ $0.isCall("grad") }) else { return [] }
    let span = part.span
    let here = Expression.name(repairs.parameter, span)
    var result: [Change] = []
    for state in known where repairs.states.contains(state) {
      for decay in repairs.decays {
        let ahead = Expression.binary(.multiply, .name(decay, span), .name(state, span))
        for operation in [BinaryOperator.add, .subtract] {
          let point = Expression.binary(operation, here, ahead)
          result.append(
            change(
              part, .call("grad", [point], span), "lookahead-left-out", 0,
              "the gradient is taken at \(here.text(.pretty)), and at \(point.text(.pretty)) is meant"
            ))
        }
      }
    }
    return result
  }

  // MARK: Signs, roots, products

  private func unary(
    _ operation: UnaryOperator, _ operand: Expression, _ part: Expression, _ place: Place
  ) -> [Change] {
    switch operation {
    case .negate: return [change(part, operand, "sign", 0)]
    case .squareRoot:
      var result = [change(part, operand, "extra-root", 1)]
      if case .binary(.divide, let above, let below) = operand.kind {
        result.append(
          change(
            part, .binary(.divide, .root(above), below), "both-corrections-under-root", 0))
        result.append(
          change(
            part, .binary(.divide, above, .root(below)), "both-corrections-under-root", 0))
      }
      return result
    case .not, .transpose: return []
    }
  }

  private func binary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ part: Expression,
    _ place: Place
  ) -> [Change] {
    switch operation {
    case .add, .subtract: return sums(operation, left, right, part, place)
    case .multiply: return products(left, right, part, place)
    case .divide: return quotients(left, right, part)
    case .power:
      guard case .number(2, _) = right.kind else { return [] }
      return [change(part, left, "extra-square", 0)]
    default: return []
    }
  }

  private func sums(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ part: Expression,
    _ place: Place
  ) -> [Change] {
    let span = part.span
    if part.isTime(plus: 1) || part.isTime(plus: -1) {
      return [change(part, .time(span), "time-off-by-one", 0)]
    }
    var result: [Change] = []
    if operation == .subtract, left.isOne {
      if case .name(let name) = right.kind, repairs.decays.contains(name) {
        result.append(change(part, right, "complement", 1))
        return result
      }
      if case .binary(.power, let base, let exponent) = right.kind,
        exponent.names.contains(where: {
          $0.canonical == "t"
        })
      {
        result.append(change(part, .binary(.subtract, left, base), "extra-time", 1))
        return result
      }
    }
    let other: BinaryOperator = operation == .add ? .subtract : .add
    var id = "sign"
    if place.isInGradient { id = "lookahead-sign" }
    if isDecayTerm(right) || isShrinking(left, right, place) { id = "decay-sign" }
    result.append(
      change(part, Expression(.binary(other, left, right), span), id, 0))
    // w - α·m/√v + ε
    if operation == .add, case .name(let name) = right.kind, repairs.hyper.contains(name) {
      for inside in [false, true] {
        if let meant = withAdded(right, below: left, underRoot: inside) {
          result.append(
            change(
              part, meant, "epsilon-outside-fraction", 0,
              "\(name.pretty) is added to the whole and not to the denominator: parentheses are missing"
            ))
        }
      }
    }
    // A gradient without its 1 - β, an older self without its β.
    if isStateLine || repairs.states.contains(where: { line.value.names.contains($0) }) {
      for decay in repairs.decays {
        let name = Expression.name(decay, span)
        let complement = Expression.binary(.subtract, .whole(1, span), name)
        for (term, isRight) in [(left, false), (right, true)] where !term.names.contains(decay) {
          let isNew = term.names.contains { $0.isGradient } || term.contains { $0.isCall("grad") }
          let factor = isNew ? complement : name
          let product = Expression.binary(.multiply, factor, term)
          var whole = change(
            term, product, isNew ? "missing-complement" : "missing-decay", isNew ? 0 : 1)
          whole.value = Expression(
            .binary(operation, isRight ? left : product, isRight ? product : right), span)
          result.append(whole)
        }
      }
    }
    return result
  }

  /// λ·θ
  private func isDecayTerm(_ term: Expression) -> Bool {
    let factors = FactorList(term).above
    let hasParameter = factors.contains {
      if case .name(let name) = $0.kind { return Rule.parameterNames.contains(name.canonical) }
      return false
    }
    return hasParameter && factors.count > 1
  }

  /// (1 - ηλ)·θ
  private func isShrinking(_ left: Expression, _ right: Expression, _ place: Place) -> Bool {
    left.isOne && place.isFactor && isParameterLine && isCoefficient(right)
      && !right.names.isEmpty
  }

  /// The expression with a term added in its denominators that hold a state.
  private func withAdded(_ epsilon: Expression, below value: Expression, underRoot: Bool)
    -> Expression?
  {
    var hasChanged = false
    let result = value.replacing { part in
      guard case .binary(.divide, let above, let below) = part.kind,
        below.names.contains(where: { known.contains($0) })
      else { return nil }
      if underRoot {
        guard case .unary(.squareRoot, let inner) = below.kind else { return nil }
        hasChanged = true
        return Expression(
          .binary(.divide, above, .root(.binary(.add, inner, epsilon))), part.span)
      }
      hasChanged = true
      return Expression(.binary(.divide, above, .binary(.add, below, epsilon)), part.span)
    }
    return hasChanged ? result : nil
  }

  /// Made of hyperparameters, numbers and t alone.
  private func isCoefficient(_ part: Expression) -> Bool {
    part.names.allSatisfy { repairs.hyper.contains($0) || $0.canonical == "t" }
      && !part.contains { $0.isCall("grad") }
  }

  /// βᵗ, as a bias correction has it and a schedule has not.
  func holdsTime(_ part: Expression) -> Bool {
    part.contains { inner in
      guard case .binary(.power, let base, let exponent) = inner.kind else { return false }
      return exponent.names.contains { $0.canonical == "t" }
        && base.names.contains { repairs.decays.contains($0) }
    }
  }

  private func products(
    _ left: Expression, _ right: Expression, _ part: Expression, _ place: Place
  ) -> [Change] {
    var result: [Change] = []
    for (dropped, kept, isLeft) in [(left, right, true), (right, left, false)]
    where isCoefficient(dropped) {
      if holdsTime(dropped) {
        result.append(change(part, kept, "double-correction", 1))
        result.append(
          change(part, .binary(.divide, kept, dropped), "inverted", 1))
      } else if case .number = dropped.kind {
        result.append(change(part, kept, "factor-two", 1))
      } else if case .binary(.subtract, let one, _) = dropped.kind, one.isOne {
        result.append(change(part, kept, "extra-complement", 1))
      } else if case .name(let name) = dropped.kind {
        if repairs.roles.roles[name] == .learningRate || repairs.roles.roles[name] == .other {
          result.append(
            change(
              part, kept, "learning-rate-twice", 1, "\(name.pretty) is multiplied in twice"))
        } else if repairs.decays.contains(name) {
          result.append(change(part, kept, "extra-decay", 1))
        }
      }
      _ = isLeft
    }
    return result
  }

  private func quotients(_ left: Expression, _ right: Expression, _ part: Expression) -> [Change] {
    var result: [Change] = []
    if isCoefficient(right), holdsTime(right) {
      result.append(change(part, left, "double-correction", 1))
      result.append(change(part, .binary(.multiply, left, right), "inverted", 1))
      if isCoefficient(left), holdsTime(left) {
        result.append(change(part, .binary(.divide, right, left), "inverted", 1))
      }
    }
    return result
  }

  private func calls(
    _ name: String, _ callee: Expression.Callee, _ arguments: [Expression.Argument],
    _ part: Expression
  ) -> [Change] {
    switch name {
    case "min", "max":
      let other = name == "min" ? "max" : "min"
      return [
        change(
          part, .call(other, arguments.map(\.value), part.span),
          name == "min" ? "min-for-max" : "max-for-min", 0)
      ]
    default: return []
    }
  }
}

extension Expression {
  static func call(_ name: String, _ arguments: [Expression], _ span: Span) -> Expression {
    Expression(
      .call(
        Callee(path: [Name(canonical: name)], span: span), arguments.map { Argument(value: $0) }),
      span)
  }

  func isCall(_ name: String) -> Bool {
    if case .call(let callee, _) = kind { return callee.path.first?.canonical == name }
    return false
  }
}
