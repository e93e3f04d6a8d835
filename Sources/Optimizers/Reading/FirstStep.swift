// The first steps in numbers, as far as they are known: finds what divides by a zero that a start or
// the count makes.
//
// Hyperparameters stand for numbers above zero, no two alike; gradients and parameters are unknown.
// Only an exact zero counts, so an ε beside it is enough.

import Diagnostics
import Notation

struct FirstStep {
  private let states: [(name: Name, start: Expression)]
  private let lines: [(name: Name, value: Expression)]
  private let parameters: Set<Name>
  /// What hyperparameters stand for.
  private let chosen: [Name: Double]

  init(_ draft: RuleDraft, parameter: Name) {
    self.init(
      draft.states.map { ($0.name, $0.start) }, draft.lines.map { ($0.name, $0.value) }, [parameter]
    )
  }

  /// nil for a rule with branches or repetitions.
  init?(_ rule: RuleDeclaration) {
    var states: [(name: Name, start: Expression)] = []
    var lines: [(name: Name, value: Expression)] = []
    for statement in rule.body {
      guard let line = statement.line else { return nil }
      if case .state = statement {
        states.append((line.name, line.value))
      } else {
        lines.append((line.name, line.value))
      }
    }
    self.init(states, lines, Set(Rule.parameterNames.map { Name(canonical: $0) }))
  }

  private init(
    _ states: [(name: Name, start: Expression)], _ lines: [(name: Name, value: Expression)],
    _ parameters: Set<Name>
  ) {
    self.states = states
    self.lines = lines
    self.parameters = parameters
    let names = (states.map(\.start) + lines.map(\.value)).reduce(into: Set<String>()) {
      for name in $1.names { $0.insert(name.canonical) }
    }
    var chosen: [Name: Double] = [:]
    for (place, name) in names.sorted().enumerated() {
      let turn = 0.6180339887498949 * Double(place + 1)
      chosen[Name(canonical: name)] = 0.2 + 0.6 * (turn - turn.rounded(.down))
    }
    self.chosen = chosen
  }

  /// - Throws: at a denominator that is zero at the first step, whatever the gradient is.
  func check() throws(Diagnostic) {
    if let zero = zero(upTo: 1) { throw error(zero.below) }
  }

  /// The first denominator that is zero, whatever the gradients are, and at which step.
  func zero(upTo last: Int) -> (step: Int, below: Expression)? {
    var known: [Name: Double] = [:]
    var unknown = parameters.union([Name(canonical: "g")])
    for state in states {
      if let value = value(state.start, known, unknown) {
        known[state.name] = value
      } else {
        unknown.insert(state.name)
      }
    }
    for step in 1...max(1, last) {
      known[.time] = Double(step)
      for line in lines {
        if let zero = zero(line.value, known, unknown) { return (step, zero) }
        if let value = value(line.value, known, unknown) {
          known[line.name] = value
          unknown.remove(line.name)
        } else {
          known[line.name] = nil
          unknown.insert(line.name)
        }
      }
    }
    return nil
  }

  /// What makes a denominator zero is in the identifier: where the count begins, what a state starts
  /// at, or what the step before the first was, which texts leave to the reader.
  private func error(_ below: Expression) -> Diagnostic {
    let states = Set(states.map(\.name))
    var seen: Set<Name> = []
    var readsState = false
    var readsGradient = false
    var isReduced = false
    func visit(_ expression: Expression) {
      _ = expression.contains { part in
        if case .call(let callee, _) = part.kind,
          ["sum", "norm", "mean"].contains(callee.path.first?.canonical)
        {
          isReduced = true
        }
        return false
      }
      for name in expression.names where seen.insert(name).inserted {
        let lines = lines.filter { $0.name == name }
        guard states.contains(name) else {
          for line in lines { visit(line.value) }
          continue
        }
        readsState = true
        // g_{t-1}, kept for the next step.
        if lines.contains(where: { $0.value.names == [Name(canonical: "g")] }) {
          readsGradient = true
        }
      }
    }
    visit(below)
    guard readsState else {
      return .reading(
        "zero-count", "this is zero at the first step, where t = 1", below.span,
        help: "say where the count begins, for example t = 1, 2, \\ldots")
    }
    // g_{t-1}ᵀ g_{t-1}: conjugate gradients begin with a step of their own.
    // t_{k+1} = (1 + √(1 + 4t_k²))/2 is a sequence of its own; where it starts is said elsewhere.
    return .reading(
      isReduced || readsGradient || !seen.contains(where: movesByGradient)
        ? "step-before" : "division-by-zero",
      "this is zero at the first step, because of what its states start at", below.span,
      help: "give a start, for example v_0 = 1, or add \\epsilon")
  }

  private func movesByGradient(_ name: Name) -> Bool {
    parameters.contains(name)
      || lines.contains { line in
        line.name == name
          && (line.value.names.contains(.gradient) || line.value.usesGradient
            || line.value.contains { part in
              if case .call(let callee, _) = part.kind {
                ["grad", "loss"].contains(callee.path.first?.canonical)
              } else {
                false
              }
            })
      }
  }

  private func zero(_ expression: Expression, _ known: [Name: Double], _ unknown: Set<Name>)
    -> Expression?
  {
    if case .binary(.divide, _, let below) = expression.kind,
      value(below, known, unknown) == 0
    {
      return below
    }
    if case .call(let callee, let arguments) = expression.kind,
      callee.path.first?.canonical == "where", arguments.count == 3
    {
      guard let condition = value(arguments[0].value, known, unknown) else { return nil }
      return zero(arguments[condition != 0 ? 1 : 2].value, known, unknown)
    }
    for child in expression.children {
      if let found = zero(child, known, unknown) { return found }
    }
    return nil
  }

  private func value(_ expression: Expression, _ known: [Name: Double], _ unknown: Set<Name>)
    -> Double?
  {
    switch expression.kind {
    case .number(let value, _): return value
    case .name(let name):
      if let value = known[name] { return value }
      return unknown.contains(name) ? nil : chosen[name] ?? 0.37
    case .unary(.negate, let inner): return value(inner, known, unknown).map { -$0 }
    case .unary(.squareRoot, let inner): return value(inner, known, unknown).map { $0.squareRoot() }
    case .binary(let operation, let left, let right):
      let a = value(left, known, unknown)
      let b = value(right, known, unknown)
      if operation == .multiply, a == 0 || b == 0 { return 0 }
      guard let a, let b else { return nil }
      switch operation {
      case .add: return a + b
      case .subtract: return a - b
      case .multiply: return a * b
      case .divide: return b == 0 ? nil : a / b
      case .less: return a < b ? 1 : 0
      case .greater: return a > b ? 1 : 0
      case .lessOrEqual: return a <= b ? 1 : 0
      case .greaterOrEqual: return a >= b ? 1 : 0
      case .equal: return a == b ? 1 : 0
      case .notEqual: return a != b ? 1 : 0
      case .power:
        guard b == b.rounded(), abs(b) <= 64 else { return nil }
        var result = 1.0
        for _ in 0..<Int(abs(b)) { result *= a }
        return b < 0 ? (result == 0 ? nil : 1 / result) : result
      default: return nil
      }
    case .call(let callee, let arguments):
      guard arguments.count == 1,
        ["sum", "abs", "norm", "mean"].contains(callee.path.first?.canonical)
      else { return nil }
      return value(arguments[0].value, known, unknown) == 0 ? 0 : nil
    default: return nil
    }
  }
}
