// Slips that concern a line as a whole: weights exchanged, one decay for another throughout, two states
// exchanged, a correction applied once more, a state that is worked out for nothing.

import Diagnostics
import Notation

extension LineRewriter {
  func wholeLine() -> [Change] {
    exchangedWeights() + otherDecay() + exchangedNames() + withoutTime() + unusedStates()
  }

  private func whole(
    _ value: Expression, _ mistake: String, _ doubt: Int, _ says: String? = nil
  ) -> Change {
    Change(
      value: value, mistake: mistake, doubt: doubt, printed: line.value, meant: value, says: says,
      span: line.value.span)
  }

  /// (1 - β)·v + β·g² for β·v + (1 - β)·g².
  private func exchangedWeights() -> [Change] {
    repairs.decays.compactMap { decay in
      guard line.value.names.contains(decay) else { return nil }
      var seen = 0
      let value = line.value.replacing { part in
        if case .binary(.subtract, let one, let inner) = part.kind, one.isOne,
          case .name(decay) = inner.kind
        {
          seen += 1
          return inner
        }
        if case .name(decay) = part.kind {
          seen += 1
          return .binary(.subtract, .whole(1, part.span), part)
        }
        return nil
      }
      guard seen > 1 else { return nil }
      return whole(
        value, "swapped-weights", 0,
        "\(decay.pretty) weighs what is new in \(line.name.pretty), and 1 - \(decay.pretty) what is old: they are exchanged"
      )
    }
  }

  /// One decay in all of the line where the other one is meant.
  private func otherDecay() -> [Change] {
    var result: [Change] = []
    for decay in repairs.decays where line.value.names.contains(decay) {
      for other in repairs.decays where other != decay {
        let value = line.value.replacing { part in
          if case .name(decay) = part.kind { return .name(other, part.span) }
          return nil
        }
        let isSecond = decay > other
        result.append(
          whole(
            value, isSecond ? "beta2-for-beta1" : "beta1-for-beta2", 0,
            "\(line.name.pretty) uses \(decay.pretty) where \(other.pretty) is meant"))
      }
    }
    return result
  }

  /// m̂ and v̂ each in the other's place.
  private func exchangedNames() -> [Change] {
    let used = line.value.names.filter {
      repairs.assigned.contains($0) && !Rule.given.contains($0.canonical)
    }
    var result: [Change] = []
    for (place, first) in used.enumerated() {
      for second in used[(place + 1)...] {
        let value = line.value.replacing { part in
          if case .name(first) = part.kind { return .name(second, part.span) }
          if case .name(second) = part.kind { return .name(first, part.span) }
          return nil
        }
        result.append(
          whole(
            value, "index-swapped", 0,
            "\(first.pretty) and \(second.pretty) stand in each other's place"))
      }
    }
    return result
  }

  /// Every factor with t left out: a correction that another line makes already.
  private func withoutTime() -> [Change] {
    func stripped(_ part: Expression) -> Expression {
      switch part.kind {
      case .binary(.multiply, let a, let b):
        if isTimely(a) { return stripped(b) }
        if isTimely(b) { return stripped(a) }
        return Expression(.binary(.multiply, stripped(a), stripped(b)), part.span)
      case .binary(.divide, let a, let b):
        if isTimely(b) { return stripped(a) }
        return Expression(.binary(.divide, stripped(a), stripped(b)), part.span)
      case .binary(let operation, let a, let b):
        return Expression(.binary(operation, stripped(a), stripped(b)), part.span)
      case .unary(let operation, let inner):
        return Expression(.unary(operation, stripped(inner)), part.span)
      default: return part
      }
    }
    let value = stripped(line.value)
    guard !value.isSame(as: line.value) else { return [] }
    return [
      whole(
        value, "double-correction", 1,
        "\(line.name.pretty) corrects what is corrected in another line already")
    ]
  }

  private func isTimely(_ part: Expression) -> Bool {
    holdsTime(part)
      && part.names.allSatisfy { repairs.hyper.contains($0) || $0.canonical == "t" }
  }

  /// w - η·g where w - v is meant and v is worked out for nothing.
  private func unusedStates() -> [Change] {
    guard Rule.parameterNames.contains(line.name.canonical) else { return [] }
    let idle = repairs.assigned.filter { repairs.idle.contains($0) }
    var result: [Change] = []
    for state in idle {
      for operation in [BinaryOperator.subtract, .add] {
        let value = Expression(
          .binary(
            operation, .name(line.name, line.nameSpan), .name(state, line.value.span)),
          line.value.span)
        result.append(
          whole(
            value, "unused-state", 0,
            "\(state.pretty) is worked out and never used: \(line.name.pretty) = \(value.text(.pretty)) is meant"
          ))
      }
    }
    return result
  }
}

extension Repairs {
  /// m̂ = m/(1 - β₁ᵗ)
  func isCorrection(_ name: Name, of other: Name) -> Bool {
    declaration.body.contains { statement in
      guard case .assign(let line) = statement, line.name == name else { return false }
      let names = line.value.names
      return names.contains(other) && names.contains { $0.canonical == "t" }
        && !states.contains(name)
        && names.allSatisfy { $0 == other || hyper.contains($0) || $0.canonical == "t" }
    }
  }

  /// v_old = v
  func isCopy(_ name: Name, of other: Name) -> Bool {
    declaration.body.contains { statement in
      guard case .assign(let line) = statement, line.name == name,
        case .name(other) = line.value.kind
      else { return false }
      return true
    }
  }
}
