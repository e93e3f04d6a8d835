// When a text begins to count, how its variables start, and what a name means at a place in the order.

import Diagnostics
import Notation

extension RuleAssembler {
  /// Settles the number of the first step from “t = 1, 2, …”, the starts given, or the indices.
  func settleFirst(_ ordered: [TranslatedLine]) throws(Diagnostic) {
    if let given = table.firstStep {
      first = given.value
      // “at t = 0 it is zero” says when it starts, not that the first step is step 0.
      if first == 0, table.firstStepIsAlone, let zero = divisionByZero(ordered) {
        first = 1
        guard divisionByZero(ordered) == nil else {
          first = 0
          return
        }
        note(
          .convention,
          "\(index.letter ?? "t") counts from 1: from 0 this would divide by zero at the first step",
          zero)
      }
      return
    }
    for start in table.starts {
      guard let step = start.step, let key = keys.firstIndex(of: start.key), let newest = now[key],
        lines.contains(where: { $0.key == key })
      else { continue }
      if case .some(let other) = fixedSelf(start.value, key) {
        // x_{-1} = x_0
        first = max(step, other) - newest + 1
        return
      }
      // ṽ_1 = v_1 says what the first step gives.
      let isFirstValue = step == 1 && now.values.contains(0) && newest == 0
      first = isFirstValue ? 1 : step - newest + 1
      return
    }
    var lasting: Set<Int> = []
    for line in lines {
      for (reference, _) in line.value.references {
        if case .step(let step) = reference.time {
          if step < now[reference.key] ?? step { lasting.insert(reference.key) }
        } else if reference.time == .none, reference.key == line.key {
          lasting.insert(reference.key)
        }
      }
    }
    let newest = Set(lines.filter { lasting.contains($0.key) }.compactMap { now[$0.key] })
    first = newest.isEmpty || newest.contains(0) ? 1 : 0
    if newest.isEmpty { return }
    if first == 0, let zero = divisionByZero(ordered) {
      first = 1
      if divisionByZero(ordered) == nil {
        note(
          .convention,
          "\(index.letter ?? "t") counts from 1: from 0 this would divide by zero at the first step",
          zero)
      } else {
        first = 0
      }
    } else if first == 0,
      lines.contains(where: { line in
        now[line.key] == 0
          && line.value.contains { if case .name(counterName) = $0.kind { true } else { false } }
          || countsOutsideOfPowers(line.value)
      })
    {
      note(
        .convention, "\(index.letter ?? "t") counts from 0, since nothing says otherwise",
        place(parameter) ?? lines[0].span)
    }
  }

  /// 1/(t + 1) and the like, whose numbers depend on where the count begins.
  private func countsOutsideOfPowers(_ value: Expression) -> Bool {
    switch value.kind {
    case .name(let name): return name == counterName
    case .binary(.power, let base, _): return countsOutsideOfPowers(base)
    default: return value.children.contains { countsOutsideOfPowers($0) }
    }
  }

  private func fixedSelf(_ value: Math, _ key: Int) -> Int? {
    guard let use = translator.symbols.use(value), use.key == keys[key],
      case .fixed(let step) = use.time
    else { return nil }
    return step
  }

  /// A denominator that is zero at the first step whatever the hyperparameters are.
  func divisionByZero(_ ordered: [TranslatedLine]) -> Span? {
    for line in ordered {
      var found: Span?
      func visit(_ expression: Expression) {
        if found != nil { return }
        if case .binary(.divide, _, let below) = expression.kind, let value = atFirstStep(below),
          abs(value) < 1e-13
        {
          found = below.span
        }
        for child in expression.children { visit(child) }
      }
      visit(line.value)
      if let found { return found }
    }
    return nil
  }

  /// The value of a part that depends on the step and on hyperparameters alone.
  private func atFirstStep(_ expression: Expression) -> Double? {
    switch expression.kind {
    case .number(let value, _): return value
    case .name(let name):
      if name == counterName { return Double(first) }
      guard let reference = Reference(name) else { return nil }
      if gradientKeys.contains(reference.key) || lines.contains(where: { $0.key == reference.key })
      {
        return nil
      }
      return 0.55 + 0.37 / Double(reference.key + 2)
    case .unary(.negate, let inner): return atFirstStep(inner).map { -$0 }
    case .unary(.squareRoot, let inner): return atFirstStep(inner).map { $0.squareRoot() }
    case .binary(let operation, let a, let b):
      guard let x = atFirstStep(a), let y = atFirstStep(b) else { return nil }
      switch operation {
      case .add: return x + y
      case .subtract: return x - y
      case .multiply: return x * y
      case .divide: return x / y
      case .power:
        guard y == y.rounded(), abs(y) < 1000 else { return nil }
        var result = 1.0
        for _ in 0..<Int(abs(y)) { result *= x }
        return y < 0 ? 1 / result : result
      default: return nil
      }
    default: return nil
    }
  }

  // MARK: Starts

  enum Start {
    case before(Expression)
    case beforeThat(Expression)
    case firstValue(Expression)
  }

  /// What the text says of the beginning of a variable.
  func starts(of key: Int) throws(Diagnostic) -> [Start] {
    var found: [Start] = []
    for start in table.starts where start.key == keys[key] {
      let value = try translator.translate(start.value, 0)
      guard let step = start.step else {
        found.append(.before(value))
        continue
      }
      let begin = first + (now[key] ?? 0) - 1
      if step == begin {
        found.append(.before(value))
      } else if step == begin + 1 {
        found.append(.firstValue(value))
      } else if step == begin - 1 {
        found.append(.beforeThat(value))
      } else {
        note(
          .left,
          "this start is at no step that is read: the first update makes "
            + "\(pretty(key)) at \(begin + 1)", start.span)
      }
    }
    for constant in table.constants where constant.key == keys[key] {
      found.append(.before(try translator.translate(constant.value, 0)))
    }
    return found
  }

  /// How a name stands to the newest of its variable.
  enum Age { case now, before, beforeThat, current }

  func age(_ reference: Reference, _ span: Span) throws(Diagnostic) -> Age {
    switch reference.time {
    case .none, .new, .old: return .current
    case .fixed:
      throw .reading(
        "fixed-index", "\(pretty(reference.key)) at a fixed step can only be a start", span)
    case .step(let step):
      guard let newest = now[reference.key] else { return .current }
      switch newest - step {
      case ...0: return .now
      case 1: return .before
      case 2: return .beforeThat
      default:
        throw .reading(
          "old-index",
          "\(pretty(reference.key)) is read \(newest - step) steps before its newest; a rule keeps two",
          span, help: "keep the older value in a variable of its own")
      }
    }
  }
}
