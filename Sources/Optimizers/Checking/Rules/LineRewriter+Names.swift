// What a name in a line may have been meant to be: another decay, another state, the old or the new
// value, the gradient ahead, or itself with something that was left out.

import Diagnostics
import Notation

extension LineRewriter {
  func names(_ name: Name, _ part: Expression, _ place: Place) -> [Change] {
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
      // Elsewhere than in βᵗ the count is a convention.
      guard place.isExponent else { return result }
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
}
