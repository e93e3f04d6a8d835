// The formulas of a document, read: each by itself, or a display together with those of its section
// that say what its symbols are, where they are one rule that was written in several displays.

import Diagnostics
import Notation

package struct ReadFormula: Sendable {
  /// The formulas it was read from; several when a rule is spread over displays.
  package var formulas: [DocumentFormula]
  /// Their numbers in the document.
  package var places: [Int]
  /// What it is; nil with the reason in `error` when it is not understood.
  package var reading: FormulaReading?
  package var error: Diagnostic?
  /// Where it begins; what an earlier rule needs as well is passed by.
  package var line: Int

  init(formulas: [DocumentFormula], places: [Int]) {
    self.formulas = formulas
    self.places = places
    line = formulas.first?.line ?? 1
  }
}

package enum DocumentReader {
  /// Reads every display of a document, and every inline formula with an equation, in order.
  /// - Parameters:
  ///   - given: what some hyperparameters are for, in place of what their places show.
  ///   - isStopped: asked now and then; what was read by then is answered.
  package static func read(
    _ document: FormulaDocument, given: [Name: HyperRole] = [:],
    isStopped: () -> Bool = { false }
  ) -> [ReadFormula] {
    let definitions = TeXDefinitions(document.definitions)
    var result: [ReadFormula] = []
    var earlier = EarlierDefinitions()
    var place = 0
    while place < document.formulas.count, !isStopped() {
      let section = document.formulas[place].section
      var end = place
      while end < document.formulas.count, document.formulas[end].section == section { end += 1 }
      var reader = SectionReader(document, place..<end, definitions, given)
      result += reader.read(earlier, isStopped)
      earlier.add(reader.equations)
      place = end
    }
    return result
  }

  /// Whether an inline formula says something; the others are symbols that a text speaks of.
  package static func isEquation(_ span: Span) -> Bool {
    let text = span.text
    return text.contains("=") || text.contains("\\leftarrow") || text.contains("\\gets")
      || text.contains("←") || text.contains("\\coloneqq") || text.contains("\\mapsto")
  }
}
