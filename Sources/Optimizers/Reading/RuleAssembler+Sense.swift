// What cannot be meant: noise added at every step, a gradient minus a parameter, a gradient that is not
// there yet. Each is an error at its place, since the reading would have numbers that nobody meant.

import Diagnostics
import Notation

extension RuleAssembler {
  /// Whether the parameter depends on its old value other than through the gradient: x = g(x) does not.
  func keepsValue() -> Bool {
    var seen: Set<Int> = []
    var waiting = [parameter]
    while let next = waiting.popLast() {
      for line in lines where line.key == next {
        for key in valueKeys(line.value) {
          if key == parameter { return true }
          if seen.insert(key).inserted { waiting.append(key) }
        }
      }
    }
    return false
  }

  /// The variables of a line, those inside grad(…) left out.
  private func valueKeys(_ expression: Expression) -> Set<Int> {
    switch expression.kind {
    case .name(let name): return Reference(name).map { [$0.key] } ?? []
    case .call(let callee, _) where callee.path.first?.canonical == "grad": return []
    default: return expression.children.reduce(into: []) { $0.formUnion(valueKeys($1)) }
    }
  }

  func checkSense() throws(Diagnostic) {
    let graph = LineGraph(lines: lines, keys: keys, gradientKeys: gradientKeys)
    for line in lines where line.key == parameter || graph.dependsOnGradient(line.key) {
      try checkTerms(line.value, of: line, isTop: true)
    }
  }

  /// Sums through products and signs; what is under a root, in a function or in a denominator is its
  /// own affair.
  private func checkTerms(_ value: Expression, of line: TranslatedLine, isTop: Bool)
    throws(Diagnostic)
  {
    let terms = TermList(value).terms
    // f(x) - f^*: the loss and the least there is of it.
    let isLoss = terms.contains { $0.value.plainCall?.function == "loss" }
    if terms.count > 1, !isLoss, terms.contains(where: { moves($0.value) }) {
      for term in terms where !moves(term.value) { try checkAdded(term.value, to: line) }
      if !isTop, let gradient = terms.first(where: { !$0.isNegative && isBareGradient($0.value) }),
        terms.contains(where: { $0.isNegative && isBareParameter($0.value) })
      {
        throw .reading(
          "gradient-minus-parameter",
          "a gradient minus the parameter: is \(gradient.value.span.text) something else here?",
          value.span, help: "another letter than g says that it is no gradient")
      }
    }
    for term in terms {
      for factor in FactorList(term.value).above {
        if case .binary(let operation, _, _) = factor.kind,
          operation == .add || operation == .subtract
        {
          try checkTerms(factor, of: line, isTop: false)
        }
      }
    }
  }

  private func moves(_ value: Expression) -> Bool {
    value.usesGradient
      || value.references.contains { reference, _ in
        gradientKeys.contains(reference.key) || lines.contains { $0.key == reference.key }
      }
  }

  /// A constant added to what moves: a random number, as a rule.
  private func checkAdded(_ term: Expression, to line: TranslatedLine) throws(Diagnostic) {
    let references = term.references
    for (reference, span) in references where table.distributed.contains(keys[reference.key]) {
      try checkHyper(keys[reference.key], reference, span)
    }
    if line.key == parameter, case .name(let name) = term.kind, let reference = Reference(name),
      ["eps", "delta"].contains(keys[reference.key].plainBase), reference.time == .none
    {
      // Brackets left out: m/√v + ε.
      note(
        .ambiguity,
        "\(pretty(reference.key)) is added to \(pretty(parameter)) itself at every step",
        term.span)
      return
    }
    let stepped = references.first { reference, _ in
      if case .step = reference.time { true } else { false }
    }
    guard let (reference, span) = stepped ?? (line.key == parameter ? references.last : nil) else {
      return
    }
    throw .reading(
      "added",
      "\(pretty(reference.key)) is added at every step, and no formula here says what it is", span,
      help: "a rule has no noise; a constant multiplies what moves")
  }

  private func isBareGradient(_ value: Expression) -> Bool {
    guard case .name(let name) = value.kind else { return false }
    return name == gradientName || Reference(name).map { gradientKeys.contains($0.key) } ?? false
  }

  private func isBareParameter(_ value: Expression) -> Bool {
    guard case .name(let name) = value.kind else { return false }
    return Reference(name)?.key == parameter
  }

  /// m_t = βm_{t-1} + g_{t+1}: the gradient of a step to come.
  func checkFutureGradients() throws(Diagnostic) {
    for line in lines {
      guard case .step(let own) = line.time else { continue }
      for (reference, span) in line.value.references
      where gradientKeys.contains(reference.key) && aliases[reference.key] == nil {
        guard case .step(let step) = reference.time, step > own else { continue }
        throw .reading(
          "future-index",
          "the gradient of a step to come: \(pretty(line.key)) is at an earlier one", span)
      }
    }
  }
}
