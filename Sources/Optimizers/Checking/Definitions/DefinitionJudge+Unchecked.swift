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
          ?? "the text speaks of \(family.title); which symbol would be which of its inputs is not"
          + " found, so it is not compared")
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

  static let letterWords = letters.flatMap { $0.words.map(\.unaccented) }

  private static let letters: [(letter: String, family: String, words: [String])] = [
    ("sigma", "sigmoid", ["sigmoid"]),
    ("P", "precision", ["precision", "prazision", "精确率", "查准率"]),
    ("R", "recall", ["recall", "sensitivity", "trefferquote", "sensitivitat", "召回率", "查全率"]),
    ("D", "kl", ["kl divergence", "kl-divergen", "kullback"]),
  ]

  /// The family of which the left side is the usual letter, where the words name it: P of precision.
  /// - Parameter known: what it is; nil is answered where that goes by the name, too.
  func lettered(_ definition: FormulaDefinition, but known: KnownDefinition) -> DefinitionFamily? {
    let key = DefinitionCandidate.plain(definition.key)
    // H(p, q) is no divergence, though a loss called cross-entropy may be one.
    let of: Set<String> = ["p", "q", "P", "Q", "y", "y_hat"]
    let isEntropy =
      key == "H" && definition.arguments.count == 2 && of.isSuperset(of: definition.arguments)
    let id =
      isEntropy
      ? "cross-entropy"
      : DefinitionJudge.letters.first { entry in
        entry.letter == key && naming.names(entry.words)
      }?.family
    // The words name what it is; with a letter of its own, that is another formula.
    if spoken.contains(known.family),
      isEntropy || !DefinitionJudge.letters.contains(where: { $0.family == known.family.id })
    {
      return nil
    }
    guard let family = KnownDefinitions.families.first(where: { $0.id == id }),
      family.id != known.family.id,
      isEntropy || family.isStrict || !family.admits.contains(known.family.id)
    else { return nil }
    return isComparable(known, family) ? family : nil
  }

  /// Whether a family has a definition of the same inputs as one of another.
  private func isComparable(_ known: KnownDefinition, _ family: DefinitionFamily) -> Bool {
    KnownDefinitions.all.contains { other in
      other.family == family && other.slip == nil
        && other.inputs.map(\.shape) == known.inputs.map(\.shape)
    }
  }

  /// Whether a name holds another one, and says more: leaky ReLU.
  static func isNarrower(_ family: DefinitionFamily, _ other: DefinitionFamily) -> Bool {
    !family.isDerivative
      && family.words.contains { longer in
        other.words.contains { longer.count > $0.count && longer.contains($0) }
      }
  }

  /// The names that a left side bears, in small letters: of L_{BCE} both the whole and the label.
  static func names(on definition: FormulaDefinition) -> Set<String> {
    let key = DefinitionCandidate.plain(definition.key).lowercased()
    let parts = key.split { "_^,()[] ".contains($0) }.map(String.init)
    guard let base = parts.first else { return [] }
    // J_S is J of S; JS is a name.
    let isLetters =
      parts.count == 2 && parts.allSatisfy { $0.count == 1 && $0.first?.isLetter == true }
    var names: Set<String> = isLetters ? [] : [parts.joined(), key.filter { $0 != "_" }]
    if definition.isSquare { names.insert(key + "^2") }
    if parts.count == 1 || DefinitionJudge.lossLetters.contains(base) {
      names.formUnion(parts.dropFirst())
    }
    if DefinitionJudge.lossLetters.contains(base), parts.count > 1 {
      names.insert(parts.dropFirst().joined())
      // L_1 and L_2 may be two losses.
      names.remove("l1")
      names.remove("l2")
    }
    return names
  }

  /// The families whose name the left side bears.
  func families(claimedBy definition: FormulaDefinition) -> [DefinitionFamily] {
    let names = DefinitionJudge.names(on: definition)
    let key = DefinitionCandidate.plain(definition.key).lowercased()
    // L_δ under “pseudo-Huber” is not the plain one; ReLU is, whatever stands above it.
    return KnownDefinitions.families.filter { family in
      !family.names.isDisjoint(with: names)
        && (family.words.contains(where: key.contains) || spoken.contains(family)
          || !spoken.contains { DefinitionJudge.isNarrower($0, family) })
    }
  }
}
