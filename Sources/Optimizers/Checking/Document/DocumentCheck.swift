// A document's formulas, each with what it is, why, and what its numbers say.
//
//   FormulaDocument → DocumentReader → the checker of each kind → CheckedFormula
//
// The words of the document are evidence for names: which method a heading or a sentence announces,
// which symbol they call the learning rate. Nothing is judged by them.

import Diagnostics
import Notation

package struct DocumentCheck: Sendable {
  package var formulas: [CheckedFormula] = []
  /// Inline formulas that say nothing to be checked: symbols that the text speaks of, with or without
  /// a value.
  package var symbols = 0
  /// How many there would have been, when it was stopped before the end.
  package var unread = 0

  /// How many formulas were read, each display counted.
  package var count: Int { formulas.reduce(0) { $0 + $1.formulas.count } }

  package func count(_ outcome: CheckedFormula.Outcome) -> Int {
    formulas.count { $0.outcome == outcome }
  }

  package var rules: Int { formulas.count { $0.kind == .rule } }

  package init() {}

  /// Checks a Markdown or TeX document.
  /// - Parameters:
  ///   - given: what some hyperparameters are for, in place of what their places show.
  ///   - isStopped: asked before each formula and within; what was checked by then is answered.
  package init(
    _ source: Source, given: [Name: HyperRole] = [:],
    isStopped: @escaping () -> Bool = { false }
  ) {
    let document = FormulaDocument(source)
    let read = DocumentReader.read(document, given: given, isStopped: isStopped)
    symbols = document.formulas.count { !$0.isDisplay && !DocumentReader.isEquation($0.span) }
    let definitions = TeXDefinitions(document.definitions)
    var checker = FormulaChecker(
      definitions: definitions, given: given,
      habits: PrintedHabits(
        document.formulas.lazy.filter { $0.span.end - $0.span.start < 20_000 }.map(\.span.text)),
      isStopped: Stopping(isStopped))
    for formula in read {
      guard !isStopped() else { break }
      let checked = checker.check(formula, in: document)
      // What was broken off has no verdict.
      guard !isStopped() else { break }
      if checked.isAside(definitions) { symbols += 1 } else { formulas.append(checked) }
    }
    nameRulesBeside()
    unread = max(0, document.formulas.count - symbols - count)
  }

  /// A section on Adam that begins with momentum: a rule of another method is no mistake where the
  /// method's own rule stands too, or a formula of which nobody knows what it is.
  private mutating func nameRulesBeside() {
    for place in formulas.indices {
      guard let own = formulas[place].underItsOwnName, let first = formulas[place].formulas.first
      else { continue }
      let accepted = Set(formulas[place].meant.flatMap(\.rules))
      let isBeside = formulas.indices.contains { other in
        guard other != place, formulas[other].underItsOwnName == nil,
          formulas[other].formulas.first?.section == first.section
        else { return false }
        if formulas[other].outcome == .notUnderstood {
          return formulas[other].formulas.contains(where: \.isDisplay)
        }
        return formulas[other].kind == .rule
          && formulas[other].finding?.reference.map(accepted.contains) ?? false
      }
      guard isBeside else { continue }
      formulas[place].finding = own
      formulas[place].title = own.reference ?? formulas[place].title
    }
  }

  /// Checks a text that is formulas as a whole, with or without words between them.
  /// - Parameter isStopped: ends the check; there is nothing in it then.
  package init(
    formulas span: Span, given: [Name: HyperRole] = [:], isStopped: Stopping = .never
  ) {
    var checker = FormulaChecker(
      definitions: TeXDefinitions(), given: given, isStopped: isStopped)
    let checked = checker.check(span)
    if isStopped() { unread = 1 } else { formulas = [checked] }
  }

  /// Checks a rule as it stands in a session or the catalogue.
  /// - Parameter isStopped: ends the check; there is nothing in it then.
  package init(
    rule: Rule, isOwn: Bool, given: [Name: HyperRole] = [:], isStopped: Stopping = .never
  ) {
    let checker = FormulaChecker(
      definitions: TeXDefinitions(), given: given, isStopped: isStopped)
    let checked = checker.check(rule, isOwn: isOwn)
    if isStopped() { unread = 1 } else { formulas = [checked] }
  }
}
