// The numbers of a printed formula, and how far they are from those of a definition.

import Notation

extension DefinitionCandidate {
  /// How a formula is read where it can be read in two ways.
  struct Reading: Equatable {
    var vectorProduct = FormulaEvaluator.VectorProduct.elementwise
    var distributesSign = false
  }

  func value(_ sample: DefinitionSample, _ assignment: InputAssignment, _ reading: Reading)
    throws(FormulaFailure) -> (value: FormulaValue, notes: [ReadingNote])
  {
    var values: [String: FormulaValue] = [:]
    for (key, input) in assignment.inputs { values[key] = sample.given[input.name] }
    for (key, length) in assignment.counts {
      values[key] = FormulaValue(Double(sample.lengths[length] ?? 0))
    }
    let evaluator = DefinitionEvaluator(notation, values: values)
    evaluator.vectorProduct = reading.vectorProduct
    evaluator.distributesSign = reading.distributesSign
    var definition = definition
    let free = evaluator.freeLetters(definition.value)
    definition.indices += free.filter { !definition.indices.contains($0) }
    var value = try evaluator.array(definition.value, over: definition.indices[...])
    if definition.isSquare, definition.indices.isEmpty { value.isRow = false }
    return (value, evaluator.notes)
  }

  /// Whether the numbers agree on all ordinary inputs; the largest difference relative to the values.
  func agreement(
    with reference: DefinitionReference, _ assignment: InputAssignment, _ reading: Reading,
    on count: Int = DefinitionSamples.count
  ) -> Double? {
    var worst = 0.0
    for number in 0..<count {
      let (sample, expected) = reference.sample(number, isVector: assignment.isVector)
      guard let expected, let found = try? value(sample, assignment, reading).value,
        let gap = DefinitionCandidate.gap(found, expected), gap < 1e-9
      else { return nil }
      worst = max(worst, gap)
    }
    return worst
  }

  /// The largest difference relative to the largest value; nil when the shapes differ or a number is
  /// missing on one side only.
  static func gap(_ found: FormulaValue, _ expected: FormulaValue) -> Double? {
    guard found.elements.count == expected.elements.count, !found.elements.isEmpty else {
      return nil
    }
    var worst = 0.0
    for (a, b) in zip(found.elements, expected.elements) {
      if a.isFinite, b.isFinite {
        let size = max(abs(a), abs(b))
        worst = max(worst, size == 0 ? 0 : abs(a - b) / max(size, 1e-3))
      } else if !(a.isNaN && b.isNaN || a == b) {
        return nil
      }
    }
    return worst
  }
}
