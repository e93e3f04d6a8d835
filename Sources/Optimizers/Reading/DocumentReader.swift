// The formulas of a document, read: each by itself, and those of a section together where they are one
// rule that was written in several displays.

import Diagnostics
import Notation

package struct ReadFormula: Sendable {
  /// The formulas it was read from; several when a rule is spread over displays.
  package var formulas: [DocumentFormula]
  /// What it is; nil with the reason in `error` when it is not understood.
  package var reading: FormulaReading?
  package var error: Diagnostic?

  package var line: Int { formulas.first?.line ?? 1 }
}

package enum DocumentReader {
  /// Reads every display of a document, and every inline formula with an equation, in order.
  package static func read(_ document: FormulaDocument) -> [ReadFormula] {
    var result: [ReadFormula] = []
    let sections = Set(document.formulas.map(\.section)).sorted()
    for section in sections {
      let formulas = document.formulas.filter { $0.section == section }
      result += read(formulas, words: document.words.joined(separator: " "))
    }
    return result.sorted { $0.line < $1.line }
  }

  private static func read(_ formulas: [DocumentFormula], words: String) -> [ReadFormula] {
    let wanted = formulas.filter { $0.isDisplay || hasEquation($0.span) }
    var alone = wanted.map { read([$0]) }
    let open = alone.indices.filter {
      alone[$0].reading?.kind != .rule && (try? TeXText(formulas: [wanted[$0].span])) != nil
    }
    // What is no rule by itself may be one together with its neighbours.
    guard open.count > 1 else { return alone }
    let together = read(open.map { wanted[$0] })
    if together.reading?.kind == .rule {
      alone = alone.indices.filter { !open.contains($0) }.map { alone[$0] } + [together]
      return alone
    }
    return alone
  }

  private static func read(_ formulas: [DocumentFormula]) -> ReadFormula {
    do {
      let text = try TeXText(formulas: formulas.map(\.span))
      let whole = formulas[0].span.joined(with: formulas[formulas.count - 1].span)
      let reading = try FormulaReader.read(
        text, whole, name: Name(canonical: "printed"), nameSpan: whole)
      return ReadFormula(formulas: formulas, reading: reading, error: nil)
    } catch {
      return ReadFormula(formulas: formulas, reading: nil, error: error)
    }
  }

  private static func hasEquation(_ span: Span) -> Bool {
    let text = span.text
    return text.contains("=") || text.contains("\\leftarrow") || text.contains("\\gets")
      || text.contains("←")
  }
}
