// What is no rule, given to the checkers one after the other: numbers, layers, derivatives, definitions.

import Diagnostics
import Notation

extension FormulaChecker {
  /// What looks like a rule and is a step worked out in numbers; in a rule, only numbers that are wrong.
  func calculation(_ read: ReadFormula) -> Finding? {
    guard let text = try? TeXText(formulas: read.formulas.map(\.span), given: definitions),
      WorkedNumber.isWorked(text.items)
    else { return nil }
    var context = context
    context.add([], section: read.formulas.first?.section)
    let finding = NumberCheck.finding(text.items, in: context, isStopped: isStopped)
    return finding?.verdict == .wrong || WorkedNumber.isAll(text.items) ? finding : nil
  }

  static let writtenOut = "a parameter is moved by a gradient that is written out"

  /// Gradient descent with its gradient written out, which the reader of rules does not know as one.
  func descent(_ read: ReadFormula, _ words: CheckedWords) -> Finding? {
    guard let text = try? TeXText(formulas: read.formulas.map(\.span), given: definitions) else {
      return nil
    }
    var context = context
    context.add([], section: read.formulas.first?.section)
    let finding = DescentCheck.finding(
      text.items, in: context,
      words: DescentWords(near: words.all, section: words.section, rest: words.rest),
      isStopped: isStopped)
    // Δw = ηδz: what δ is tells the sign, where its layers or units are printed.
    if finding?.verdict == .unchecked,
      let layers = LayerCheck.finding(text.items, in: context, isStopped: isStopped),
      layers.verdict != .unchecked
    {
      return nil
    }
    return finding
  }

  /// What is no rule: a definition of something known, a claim about a derivative or a number. The
  /// first that can be compared decides.
  func finding(_ read: ReadFormula, _ words: CheckedWords, _ result: inout CheckedFormula)
    -> Finding?
  {
    guard let text = try? TeXText(formulas: read.formulas.map(\.span), given: definitions) else {
      return nil
    }
    var unchecked: Finding?
    func decides(_ finding: Finding?) -> Finding? {
      if finding?.verdict == .unchecked { unchecked = unchecked ?? finding }
      return finding?.verdict == .unchecked ? nil : finding
    }
    var context = context
    context.add([], section: read.formulas.first?.section)
    if let (calculation, left) = NumberCheck.result(
      text.items, in: context, isStopped: isStopped)
    {
      (result.kind, result.why) = (.other, "it is a calculation")
      if let left { result.title = FormulaTitle.shortened(ClaimText.pretty(left.span.text)) }
      if calculation.verdict == .wrong, let word = OtherArithmetic.word(in: words) {
        return Finding(
          .unchecked, calculation.headline,
          details: ["the words speak of another arithmetic (\(word)), which is not calculated"])
      }
      return calculation
    }
    // The order of factors shows in the shapes of layers, whatever the loss is.
    let layers = LayerCheck.finding(text.items, in: context, isStopped: isStopped)
    if let layers, layers.verdict == .wrong {
      (result.kind, result.why) = (.gradient, FormulaChecker.gradient)
      return layers
    }
    let derivative =
      decides(
        DerivativeCheck.finding(
          text.items, in: context,
          // Where the order of factors matters, it is no matter of the loss.
          guesses: layers?.verdict == .unchecked ? .losses : .losses.union(.anyLoss),
          isStopped: isStopped)) ?? layers
    if var derivative {
      if derivative.verdict == .right,
        let other = DefinitionCheck.otherDerivative(
          text.items, words: words.nearest, naming: words.naming)
      {
        derivative.details.append(other)
      }
      // dz = a - y: it looks like a definition.
      if result.kind != .gradient {
        (result.kind, result.why) = (.gradient, FormulaChecker.gradient)
      }
      return derivative
    }
    let definition = decides(
      DefinitionCheck.finding(
        text: text, reading: read.reading, words: words.nearest,
        around: [words.after, words.before, words.section, words.rest],
        naming: words.naming, isStopped: isStopped))
    guard var definition else { return unchecked }
    // Of a derivative and the definition beside it, the definition alone was compared.
    if definition.verdict == .right, let unchecked {
      let reason = unchecked.details.first.map { ": " + $0 } ?? ""
      definition.details.append("not checked: \(unchecked.headline)\(reason)")
      if let first = text.items.first(where: { $0.definesNoDerivative }) {
        result.title = FormulaTitle.leftSide(
          read.formulas.map(\.span), definitions, at: first.span)
      }
    }
    return definition
  }

  private static let gradient = "it says what a gradient is and assigns nothing"

  // MARK: What is said behind

  /// A gradient with what its sentence says next: “∇J̃ = ∇J + λw, where J̃ = …”. nil where that tells
  /// nothing new.
  func checkWithBehind(
    _ read: ReadFormula, _ words: CheckedWords, _ document: FormulaDocument
  ) -> CheckedFormula? {
    guard let place = read.places.last, let section = read.formulas.last?.section else {
      return nil
    }
    var items: [MathItem] = []
    for next in document.formulas.indices.dropFirst(place + 1).prefix(6) {
      let formula = document.formulas[next]
      guard formula.section == section else { break }
      if formula.isDisplay, !FormulaChecker.goesOn(document.text(before: next)) { break }
      if let text = try? TeXText(formula.span, given: definitions) { items += text.items }
      if formula.isDisplay { break }
    }
    guard !items.isEmpty else { return nil }
    var other = self
    other.context = context.told(behind: items, section: section)
    let result = other.check(read, words)
    return result.finding?.verdict == .unchecked ? nil : result
  }

  /// “where”, “with”: the sentence is not over.
  private static func goesOn(_ words: String) -> Bool {
    let words = words.lowercased().drop { !$0.isLetter }
    let openers = ["where", "with", "for ", "here", "wobei", "mit ", "où ", "avec", "donde", "其中"]
    return words.utf8.count < 120 && openers.contains { words.hasPrefix($0) }
  }
}
