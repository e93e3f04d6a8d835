// Which equation defines a symbol, and for which indices and arguments.

import Diagnostics
import Notation

extension FormulaNotation {
  func definition(_ sides: [Math], isRemark: Bool) -> FormulaDefinition? {
    let value = value(of: sides)
    var head = sides[0]
    var arguments: [String] = []
    var outer: MathScripts?
    // `\mathrm{softmax}(z)_i`: the script stands on the brackets.
    if case .product(let factors) = head.kind, factors.count == 2, factors[1].sign == .implicit {
      var brackets = factors[1].value
      if case .scripted(let inner, let scripts) = brackets.kind {
        brackets = inner
        outer = scripts
      }
      guard case .fenced(let fence, let items) = brackets.kind,
        fence == .parenthesis || fence == .bracket
      else { return nil }
      arguments = items.compactMap { reference($0)?.key }
      head = factors[0].value
    }
    if case .function(let call) = head.kind {
      arguments = call.arguments.compactMap { reference($0)?.key }
      return FormulaDefinition(
        key: call.name + String(repeating: "'", count: min(call.scripts?.primes ?? 0, 3)),
        indices: [], arguments: arguments, isSquare: false, left: sides[0],
        value: value, isRemark: isRemark)
    }
    // `F1`: a letter and a digit are one name.
    if case .product(let factors) = head.kind, factors.count == 2,
      let letter = FormulaNotation.letter(factors[0].value),
      case .number(let digits) = factors[1].value.kind
    {
      head = Math(.symbol(MathSymbol(letter + digits)), head.span)
    }
    guard var reference = reference(head) else { return nil }
    // g ← … g: the new value of what is on the right the old one.
    if arguments.isEmpty, uses(reference.key, value) {
      reference.key += "^new"
    }
    var indices = reference.indices
    if let outer {
      indices += outer.lower
      if let upper = outer.upper { indices.append(upper) }
    }
    var isSquare = false
    if let power = reference.power {
      guard case .number("2") = power.kind else { return nil }
      isSquare = true
    }
    return FormulaDefinition(
      key: reference.key + String(repeating: "'", count: min(reference.primes, 3)),
      indices: indices.compactMap(FormulaNotation.letter),
      arguments: arguments, isSquare: isSquare, left: sides[0], value: value, isRemark: isRemark)
  }

  /// The last of several sides that is of no more indices than the left: in
  /// L = -Σ yₖ log ŷₖ = -log ŷₖ the last one is of the class that is true.
  private func value(of sides: [Math]) -> Math {
    let last = sides[sides.count - 1]
    guard sides.count > 2 else { return last }
    let own = openIndices(sides[0])
    return sides.dropFirst().last { openIndices($0).isSubset(of: own) } ?? last
  }

  /// Index letters that no sum in it binds.
  private func openIndices(_ math: Math, bound: Set<String> = []) -> Set<String> {
    if let reference = reference(math) {
      return Set(reference.indices.compactMap(FormulaNotation.letter)).subtracting(bound)
    }
    var bound = bound
    if case .big(_, let scripts, _) = math.kind {
      bound.formUnion(scripts.lower.flatMap(FormulaNotation.boundLetters))
    }
    return math.children.reduce(into: []) { $0.formUnion(openIndices($1, bound: bound)) }
  }
}
