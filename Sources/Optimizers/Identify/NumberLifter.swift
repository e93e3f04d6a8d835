// The numbers that a rule prints, turned into hyperparameters with a fixed value, so that 0.9 in one
// rule can answer to β in another.
//
// Small whole numbers and halves belong to a formula's form and stay, and so do exponents and indices.

import Notation

struct NumberLifter {
  let taken: Set<String>
  private(set) var values: [Name: Double] = [:]
  private var names: [Double: Name] = [:]

  init(taken: Set<String>) { self.taken = taken }

  /// Numbers that are part of a formula's form.
  private static let plain: Set<Double> = [0, 0.5, 1, 2, 3, 4]

  mutating func lift(_ body: [RuleStatement]) -> [RuleStatement] {
    var result: [RuleStatement] = []
    for statement in body {
      switch statement {
      case .assign(var line):
        line.value = lift(line.value)
        result.append(.assign(line))
      case .let(var line):
        if case .number = line.value.kind {} else { line.value = lift(line.value) }
        result.append(.let(line))
      case .state, .when, .repeat: result.append(statement)
      }
    }
    return result
  }

  private mutating func lift(_ expression: Expression) -> Expression {
    // `replacing` takes a closure that cannot change this value.
    var found: [Double] = []
    func collect(_ part: Expression) {
      switch part.kind {
      case .number(let value, _):
        if value > 0, value < 100, !NumberLifter.plain.contains(value) { found.append(value) }
      case .binary(.power, let base, _): collect(base)
      case .index, .list: break
      default: for child in part.children { collect(child) }
      }
    }
    collect(expression)
    for value in found where names[value] == nil {
      var number = names.count + 1
      var name = Name(canonical: "const\(number)")
      while taken.contains(name.canonical) || values[name] != nil {
        number += 1
        name = Name(canonical: "const\(number)")
      }
      names[value] = name
      values[name] = value
    }
    func replaced(_ part: Expression) -> Expression {
      part.replacing { inner in
        switch inner.kind {
        case .number(let value, _):
          guard found.contains(value), let name = names[value] else { return nil }
          return Expression(.name(name), inner.span)
        case .binary(.power, let base, let exponent):
          return Expression(.binary(.power, replaced(base), exponent), inner.span)
        case .index, .list: return inner
        default: return nil
        }
      }
    }
    return found.isEmpty ? expression : replaced(expression)
  }
}
