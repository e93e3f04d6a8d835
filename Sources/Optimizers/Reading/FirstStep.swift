// The first step in numbers, as far as they are known: finds what divides by a zero that a start made.
//
// Hyperparameters stand for numbers above zero, gradients and parameters are unknown. Only an exact
// zero counts, so an ε beside it is enough.

import Diagnostics
import Notation

struct FirstStep {
  private let draft: RuleDraft
  private let parameter: Name

  init(_ draft: RuleDraft, parameter: Name) {
    self.draft = draft
    self.parameter = parameter
  }

  /// - Throws: at a denominator that is zero at the first step, whatever the gradient is.
  func check() throws(Diagnostic) {
    var known: [Name: Double] = [Name(canonical: "t"): 1]
    var unknown: Set<Name> = [parameter, Name(canonical: "g")]
    for state in draft.states {
      if let value = value(state.start, known, unknown) {
        known[state.name] = value
      } else {
        unknown.insert(state.name)
      }
    }
    for line in draft.lines {
      if let zero = zero(line.value, known, unknown) {
        throw error(zero)
      }
      if let value = value(line.value, known, unknown) {
        known[line.name] = value
        unknown.remove(line.name)
      } else {
        known[line.name] = nil
        unknown.insert(line.name)
      }
    }
  }

  /// What makes a denominator zero is in the identifier: where the count begins, what a state starts
  /// at, or what the step before the first was, which texts leave to the reader.
  private func error(_ below: Expression) -> Diagnostic {
    let states = Set(draft.states.map(\.name))
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
        let lines = draft.lines.filter { $0.name == name }
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
    return .reading(
      isReduced || readsGradient ? "step-before" : "division-by-zero",
      "this is zero at the first step, because of what its states start at", below.span,
      help: "give a start, for example v_0 = 1, or add \\epsilon")
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
      return unknown.contains(name) ? nil : 0.37
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
