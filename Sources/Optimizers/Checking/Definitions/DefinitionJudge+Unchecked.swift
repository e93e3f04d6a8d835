// What is neither right nor wrong, and why; and the names that left sides bear.

import Diagnostics
import Notation

extension DefinitionJudge {
  func unchecked(_ candidate: DefinitionCandidate, _ families: [DefinitionFamily])
    -> Finding
  {
    var details: [String] = []
    // Why it could not be worked out, if it could not.
    let evaluator = DefinitionEvaluator(candidate.notation, values: probe(candidate))
    evaluator.vectorProduct = .elementwise
    var definition = candidate.definition
    definition.indices += evaluator.freeLetters(definition.value)
      .filter { !definition.indices.contains($0) }
    var span: Span?
    do {
      _ = try evaluator.array(definition.value, over: definition.indices[...])
    } catch {
      details.append(error.text)
      span = error.span
    }
    let headline =
      details.isEmpty
      ? "a definition of its own: nothing that is known has its numbers"
      : "a definition that is not worked out here"
    if let family = families.first, details.isEmpty {
      let compared = families.first { hasInputs(candidate, of: $0) }
      details.append(
        compared.map {
          "the text speaks of \($0.title), and this has other numbers; nothing shows that it is"
            + " meant to be that, or which mistake it would be"
        }
          ?? "the text speaks of \(family.title), but this does not have its inputs, so it is not"
          + " compared")
    }
    return Finding(.unchecked, headline, details: details, span: span)
  }

  /// Whether its symbols can be the inputs of one of a family's definitions.
  private func hasInputs(_ candidate: DefinitionCandidate, of family: DefinitionFamily) -> Bool {
    KnownDefinitions.all.contains { known in
      known.family == family && known.slip == nil && !candidate.assignments(to: known).isEmpty
    }
  }

  /// Some values for all symbols, to see whether the formula can be worked out at all.
  func probe(_ candidate: DefinitionCandidate) -> [String: FormulaValue] {
    var draw = Draw(seed: 99)
    var values: [String: FormulaValue] = [:]
    for symbol in candidate.shape.symbols {
      let dimensions =
        symbol.axes.isEmpty ? (symbol.isWhole ? [3] : []) : symbol.axes.map { _ in 3 }
      values[symbol.key] =
        symbol.classAxis != nil
        ? FormulaValue(
          [Double](repeating: 1, count: dimensions.reduce(1, *)), dimensions: dimensions)
        : draw.value(.unit, dimensions)
    }
    for key in candidate.shape.lengths.keys { values[key] = FormulaValue(3) }
    return values
  }

  // MARK: Names

  private static let lossLetters: Set<String> = [
    "l", "j", "e", "c", "ell", "loss", "d", "h", "f", "g", "r", "cost",
  ]

  /// The families whose name the left side bears.
  func families(claimedBy definition: FormulaDefinition) -> [DefinitionFamily] {
    let key = DefinitionCandidate.plain(definition.key).lowercased()
    let parts = key.split { "_^,()[] ".contains($0) }.map(String.init)
    guard let base = parts.first else { return [] }
    var names: Set<String> = [parts.joined(), key.filter { $0 != "_" }]
    if parts.count == 1 || DefinitionJudge.lossLetters.contains(base) {
      names.formUnion(parts.dropFirst())
    }
    if DefinitionJudge.lossLetters.contains(base), parts.count > 1 {
      names.insert(parts.dropFirst().joined())
      // L_1 and L_2 may be two losses.
      names.remove("l1")
      names.remove("l2")
    }
    return KnownDefinitions.families.filter { !$0.names.isDisjoint(with: names) }
  }
}
