// One formula after the other: its kind, its title, its checker.
//
// Formulas that say the same under the same words are checked once.

import Diagnostics
import Notation

struct FormulaChecker {
  let definitions: TeXDefinitions
  let given: [Name: HyperRole]
  let isStopped: Stopping
  /// What the document has said so far, and how many of its formulas that is.
  var context = ClaimContext()
  private var told = 0
  private var isPrepared = false
  /// Definitions that were found wrong; nothing else is measured by them.
  private var wrong: Set<Int> = []
  private var known: [String: CheckedFormula] = [:]
  /// Of the document, once they are asked for.
  var letters: DocumentLetters?

  /// - Parameter habits: how the whole document prints its numbers.
  init(
    definitions: TeXDefinitions, given: [Name: HyperRole], habits: PrintedHabits = PrintedHabits(),
    isStopped: Stopping = .never
  ) {
    context.habits = habits
    self.definitions = definitions
    self.given = given
    self.isStopped = isStopped
  }

  // MARK: In a document

  mutating func check(_ read: ReadFormula, in document: FormulaDocument) -> CheckedFormula {
    let before = read.places.first.map { document.text(before: $0) } ?? ""
    let after = read.places.last.map { document.text(after: $0) } ?? ""
    let section = read.formulas.first?.section ?? 0
    // A heading that is longer is none.
    let headings = document.headings(above: section).map {
      FormulaTitle.plain(String($0.text.prefix(400)))
    }
    if !isPrepared { prepare(document) }
    tell(upTo: read.places.first ?? 0, of: document)
    context.around = document.sections(around: section)
    let words = CheckedWords(
      before: before,
      // Of a rule that is spread over displays, the first words often speak of a part.
      beforeLast: read.places.last.map { document.text(before: $0) } ?? before, headings: headings,
      caption: FormulaTitle.caption(read.formulas), after: after,
      section: read.places.first.map { document.section(before: $0) } ?? "",
      rest: read.places.last.map { document.section(after: $0) } ?? "",
      roles: SymbolRoles(document, read.places))
    // Rules take longest, and what is said of one is used again where the words mean the same.
    let key =
      read.reading?.rule == nil
      ? nil
      : (words.meaning + headings
        + ["\(PrintedCondition.first(in: conditions(words, read)) ?? 0)"]
        + read.formulas.map(\.span.text)).joined(separator: "\u{1F}")
    if let key, var same = known[key], let reading = read.reading, let rule = reading.rule {
      same.formulas = read.formulas
      same.line = read.line
      same.notes = reading.notes + (words.roles?.applied(to: rule).remarks ?? [])
      return same
    }
    var read = read
    settleUnborn(in: &read, document, words)
    var result = check(read, words)
    if result.kind == .gradient, result.finding?.verdict == .unchecked,
      let behind = checkWithBehind(read, words, document)
    {
      result = behind
    }
    if result.title.isEmpty {
      result.title =
        (result.kind == .rule ? FormulaTitle.heading(document, section: section) : nil)
        ?? title(read, result.finding)
    }
    if result.kind != .rule, result.finding?.verdict == .wrong, result.finding?.reference != nil {
      wrong.formUnion(read.places)
    }
    let isPlain = read.reading?.notes.allSatisfy { $0.contradicts == nil } ?? false
    if let key, result.kind == .rule, result.finding?.span == nil, isPlain {
      known[key] = result
    }
    return result
  }

  /// Takes in what holds for all of a document, wherever it stands.
  private mutating func prepare(_ document: FormulaDocument) {
    isPrepared = true
    var formulas: [(items: [MathItem], section: Int)] = []
    for formula in document.formulas where !isStopped() {
      guard formula.isDisplay || DocumentReader.isEquation(formula.span),
        let text = try? TeXText(formula.span, given: definitions)
      else { continue }
      formulas.append((text.items, formula.section))
    }
    context.learnLayers(formulas)
  }

  /// Takes in what stands before a formula; values may be given in passing.
  private mutating func tell(upTo place: Int, of document: FormulaDocument) {
    while told < place {
      let formula = document.formulas[told]
      if !wrong.contains(told),
        formula.isDisplay || DocumentReader.isEquation(formula.span),
        let text = try? TeXText(formula.span, given: definitions)
      {
        context.add(text.items, section: formula.section)
      }
      told += 1
    }
  }

  // MARK: By itself

  mutating func check(_ span: Span) -> CheckedFormula {
    let formula = DocumentFormula(
      span: span, whole: span, isDisplay: true, line: span.source.firstLine, section: 0)
    var read = ReadFormula(formulas: [formula], places: [])
    var words = CheckedWords()
    do {
      let text = try TeXText(span, given: definitions)
      // Words inside of a formula speak of its parts.
      words.before = text.items.prefix { item in
        if case .formula = item.kind { false } else { true }
      }.map { item in
        if case .words(let words) = item.kind { words } else { "" }
      }.joined(separator: " ")
      let reading = try FormulaReader.read(
        text, span, name: Name(canonical: "printed"), nameSpan: span, given: given)
      if let unborn = reading.unborn, words.before.isEmpty {
        read.error = RuleCheck.unborn(unborn)
      } else {
        read.reading = reading
      }
    } catch {
      read.error = error
    }
    var result = check(read, words)
    if result.title.isEmpty { result.title = title(read, result.finding) }
    return result
  }

  /// A rule that is there; called like a method, it is meant as that method.
  /// - Parameter isOwn: it is one of the session's, not the catalogue's.
  func check(_ rule: Rule, isOwn: Bool) -> CheckedFormula {
    var result = CheckedFormula(
      formulas: [], line: 1, kind: .rule, why: "it is a rule", title: rule.name, finding: nil,
      error: nil, notes: [], rule: rule.declaration)
    guard isOwn else {
      result.finding = Finding(
        .right, "the catalogue's own",
        measure: rule.source.map { "after " + $0 }, reference: rule.name)
      return result
    }
    let meant = NamedMethod.catalogue.filter { $0.rules.contains(rule.name) }
    var reading: FormulaReading?
    if !given.isEmpty {
      reading = FormulaReading(
        kind: .rule, reason: result.why,
        rule: RuleReading(
          declaration: rule.declaration, parameter: "w", roles: [], said: given, symbols: [:]),
        notes: [])
    }
    result.finding = RuleCheck.finding(
      for: rule, reading: reading, meant: meant, isStopped: isStopped)
    return result
  }

  private func title(_ read: ReadFormula, _ finding: Finding? = nil) -> String {
    if let parameter = read.reading?.rule?.parameter { return parameter }
    // Of several definitions the one that is wrong.
    let wrong = finding?.verdict == .wrong ? finding?.span : nil
    return FormulaTitle.leftSide(read.formulas.map(\.span), definitions, at: wrong)
  }

  // MARK: Any

  /// Where it may be said for which steps it holds.
  private func conditions(_ words: CheckedWords, _ read: ReadFormula) -> String {
    ([words.before, words.after] + read.formulas.map(\.span.text)).joined(separator: " ")
  }

  func check(_ read: ReadFormula, _ words: CheckedWords) -> CheckedFormula {
    var result = CheckedFormula(
      formulas: read.formulas, line: read.line, kind: read.reading?.kind,
      why: read.reading?.reason ?? "", title: "",
      finding: nil, error: read.error, notes: read.reading?.notes ?? [])
    guard var reading = read.reading, var rule = reading.rule else {
      if let error = read.error {
        result.finding = RuleCheck.finding(
          for: error, meant: words.meant, words: conditions(words, read))
        result.isBroken = result.finding != nil || FormulaChecker.isBrokenTeX(error, read.formulas)
        if result.isBroken { return result }
      }
      let several = read.error.flatMap { parameters(read, $0, words) }
      if let descent = several ?? descent(read, words) {
        result.finding = descent
        (result.kind, result.why) =
          (.rule, several == nil ? FormulaChecker.writtenOut : FormulaChecker.eachByItself)
        result.error = nil
        result.notes.removeAll { $0.kind == .left }
        let own = NamedMethod.catalogue.first { method in
          descent.reference.map(method.rules.contains) ?? false
        }
        result.title = (words.meant.first ?? own)?.title ?? "gradient descent"
        result.meant = words.meant
        return result
      }
      result.finding = finding(read, words, &result)
      if read.error != nil, result.finding?.verdict == .unchecked { result.finding = nil }
      if result.finding == nil, let error = read.error,
        let matrices = OtherRules.matrices(error, read.formulas.map(\.span.text))
      {
        result.finding = matrices
        (result.kind, result.why) = (.rule, "a parameter is moved by its gradient")
      }
      if result.finding != nil {
        // A calculation or a definition need not be one that could be a rule. What the reader of
        // rules left aside is what was checked.
        result.error = nil
        result.kind = result.kind ?? .other
        result.notes.removeAll { $0.kind == .left }
      }
      return result
    }
    if let calculation = calculation(read) {
      result.finding = calculation
      (result.kind, result.why) = (.other, "it is a calculation")
      return result
    }
    result.rule = rule.declaration
    let (roles, remarks) = words.roles?.applied(to: rule) ?? ([:], [])
    for place in rule.roles.indices {
      let name = rule.roles[place].name
      guard let role = roles[name], role != rule.roles[place].role else { continue }
      rule.roles[place].role = role
      rule.said[name] = role
    }
    reading.rule = rule
    result.roles = rule.roles
    result.notes += remarks
    do {
      let checked = try Rule(rule.declaration)
      let compared = ComparedRule(checked, given: rule.said, isStopped: isStopped)
      func finding(_ meant: [NamedMethod]) -> Finding {
        RuleCheck.finding(
          for: compared, reading: reading, meant: meant, words: words.all,
          conditions: conditions(words, read))
      }
      var meant = words.meant
      result.finding = finding(meant)
      // The name of what is added to any method; alone, gradient descent is meant.
      if meant.isEmpty, checked.stateNames.isEmpty, words.headingIsDecay {
        if result.finding?.reference == "gradient_descent", result.finding?.verdict == .right {
          result.finding?.details.append(
            "the weight decay that the heading speaks of is not printed: nothing decays, unless the loss has"
              + " a penalty")
        } else if result.finding?.verdict != .right {
          meant = [.named("gradient-descent-l2")].compactMap { $0 }
          result.finding = finding(meant)
        }
      }
      // What it is called is the method whose numbers it has.
      if let first = meant.first {
        let finding = result.finding
        let own = meant.first { method in finding.map(method.accepts) ?? false }
        result.title = (own ?? first).title
      }
      result.meant = meant
      passUnderItsOwnName(&result, words) { finding([]) }
      nameTheOther(&result, words, compared) { finding([]) }
      // A chapter's name says what most of it is about, not what each formula of it is.
      if meant.isEmpty, result.finding?.verdict != .right, let first = words.meantAbove.first {
        // It explains a mistake, and accuses of none by itself.
        let above = finding(words.meantAbove)
        if above.verdict == .right || above.mistake != nil {
          result.finding = above
          result.title = first.title
        }
      }
      if let motion = OtherRules.motion(result.finding, words, read.formulas.map(\.span.text)) {
        result.finding = motion
        (result.kind, result.why) = (.other, "it follows a motion; nothing is minimised")
      }
      if let quasi = OtherRules.quasiNewton(result.finding, words, reading.notes) {
        result.finding = quasi
        result.notes.removeAll { $0.text.hasSuffix(FormulaTranslator.asHessian) }
      }
      result.finding = FormsCheck.finding(reading.notes, result.finding)
      if let finding = result.finding, finding.verdict == .wrong, let span = finding.span,
        reading.borrowed.contains(where: { $0.start <= span.start && span.end <= $0.end })
      {
        result.finding = FormulaChecker.elsewhere(span, finding)
      }
      result.notes.removeAll { $0.contradicts != nil }
    } catch {
      result.error = error
      result.isBroken = true
    }
    return result
  }
}
