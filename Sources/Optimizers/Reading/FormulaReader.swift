// Reads a text of formulas as a textbook prints them: a rule, or what else it is and why.
//
//   let reading = try FormulaReader.read(span, name: Name(spelling: "mine"))
//
// Whatever is not understood is an error at its place. A convention that was applied, a slip that was
// read as meant and an ambiguity are notes.

import Diagnostics
import Notation

package enum FormulaReader {
  /// - Parameters:
  ///   - span: the TeX, with or without delimiters and words around it.
  ///   - name: what a rule is to be called.
  ///   - given: what some hyperparameters are for, in place of what their places show.
  /// - Throws: what is not understood, at its place.
  package static func read(
    _ span: Span, name: Name = Name(canonical: "rule"), nameSpan: Span? = nil,
    given: [Name: HyperRole] = [:]
  ) throws(Diagnostic) -> FormulaReading {
    let text = try TeXText(span)
    return try read(text, span, name: name, nameSpan: nameSpan ?? span, given: given)
  }

  package static func read(
    _ text: TeXText, _ span: Span, name: Name, nameSpan: Span, given: [Name: HyperRole] = [:]
  ) throws(Diagnostic) -> FormulaReading {
    var text = text
    text.items = EquationForms.joined(text.items)
    let forms = EquationForms(text.items)
    if forms.count > 1 {
      return try read(forms: forms) { items throws(Diagnostic) in
        var one = text
        one.items = items
        return try read(
          one: one, span, name: name, nameSpan: nameSpan, given: given)
      }
    }
    return try read(one: text, span, name: name, nameSpan: nameSpan, given: given)
  }

  /// A text whose equations have one right side each.
  private static func read(
    one text: TeXText, _ span: Span, name: Name, nameSpan: Span, given: [Name: HyperRole]
  ) throws(Diagnostic) -> FormulaReading {
    var reading = try read(
      text, span, name: name, nameSpan: nameSpan, given: given, literally: false)
    guard let rule = reading.rule else { return reading }
    let places = reading.notes.indices.filter {
      [.slip, .ambiguity].contains(reading.notes[$0].kind) && reading.notes[$0].other != nil
    }
    guard !places.isEmpty,
      let other = try? read(
        text, span, name: name, nameSpan: nameSpan, given: given, literally: true
      ).rule,
      let outcome = RuleProbe.comparison(rule.declaration, with: other.declaration)
    else { return reading }
    for place in places {
      reading.notes[place].text += "; " + (reading.notes[place].other ?? "") + outcome
    }
    return reading
  }

  /// - Parameter literally: slips by the letter and ambiguities the other way, to compare.
  private static func read(
    _ text: TeXText, _ span: Span, name: Name, nameSpan: Span, given: [Name: HyperRole],
    literally: Bool
  ) throws(Diagnostic) -> FormulaReading {
    var text = text
    let lists = ListReading.unpacked(text.items)
    text.items = lists.items
    var symbols = SymbolReader(index: IndexEvidence(text.items))
    symbols.splitRuns = RunEvidence.splits(text.items)
    var table = try EquationTable(text.items, reader: symbols)
    table.notes += lists.notes + diagonals(text) + signs(text)
    symbols.squared = table.squared
    // A second pass when the first one found `m_t-1`.
    var translator = FormulaTranslator(symbols, table)
    translator.takesSlipsLiterally = literally
    var lines = try translate(table, translator)
    if translator.minusOneIsIndex {
      let again = FormulaTranslator(symbols, table)
      again.minusOneIsIndex = true
      again.takesSlipsLiterally = literally
      lines = try translate(table, again)
      translator = again
    }
    let words = text.words
    let assembler = RuleAssembler(
      translator, table, lines.lines, words: words, hasWhere: saysWhere(text))
    assembler.givenRoles = given
    assembler.supplyAverages()
    assembler.supplyRoots()
    supplyCorrections(assembler, words)
    guard try assembler.prepare() else {
      if let failure = lines.failure, lines.isSerious { throw failure }
      if let failure = lines.failures.first(where: { assembler.isReadByUpdate($0.key) }) {
        throw failure.error
      }
      if let missing = assembler.missing() {
        return FormulaReading(
          kind: .other, reason: missing.reason, rule: nil, notes: table.notes,
          unborn: missing.unborn)
      }
      return notRule(text, table, translator, lines.failure)
    }
    if let failure = lines.failures.first(where: { failed in
      assembler.needs(failed.key)
    }) {
      throw failure.error
    }
    try checkConditions(text)
    let rule = try assembler.rule(named: name, nameSpan: nameSpan, whole: span)
    for claim in table.claims {
      switch claim.kind {
      case .relation, .other, .argmin:
        assembler.note(.left, "this is read past: it changes nothing", claim.span)
      case .gradient:
        assembler.note(
          .left, "this says what the gradient is; the rule takes the session's own", claim.span)
      case .function: break
      }
    }
    let notes = (table.notes + translator.notes + assembler.notes).sorted {
      $0.span.start < $1.span.start
    }
    return FormulaReading(
      kind: .rule,
      reason: "\(rule.parameter) depends on its older self and on the gradient", rule: rule,
      notes: notes)
  }

  /// Where G_{t,ii} is read as what coordinate i has gathered.
  private static func diagonals(_ text: TeXText) -> [ReadingNote] {
    func place(_ math: Math) -> Span? {
      if case .scripted(_, let scripts) = math.kind,
        scripts.lower.contains(where: SymbolReader.isDiagonal)
      {
        return math.span
      }
      return math.children.lazy.compactMap(place).first
    }
    for item in text.items {
      guard case .formula(let sides, _) = item.kind,
        let span = sides.lazy.compactMap(place).first
      else { continue }
      return [
        ReadingNote(
          .convention, "\(span.text) is the diagonal's element: what its coordinate has gathered",
          span)
      ]
    }
    return []
  }

  /// Signs that could be meant in another way.
  private static func signs(_ text: TeXText) -> [ReadingNote] {
    text.remarks.map { ReadingNote($0.kind == .slip ? .slip : .ambiguity, $0.text, $0.span) }
  }

  // MARK: Lines

  struct Translated {
    var lines: [TranslatedLine] = []
    var failures: [(key: SymbolKey, error: Diagnostic)] = []
    /// A line that fails speaks of its own older self or of a gradient: it was meant as part of a rule.
    var isSerious = false
    var failure: Diagnostic? { failures.first?.error }
  }

  private static func translate(_ table: EquationTable, _ translator: FormulaTranslator)
    throws(Diagnostic) -> Translated
  {
    var result = Translated()
    for assignment in table.assignments {
      let before = translator.history.count
      do {
        let line = try translator.line(assignment)
        for var made in translator.history[before...] {
          made.order = line.order
          result.lines.append(made)
        }
        result.lines.append(line)
      } catch {
        result.failures.append((assignment.key, error))
        if isSelfReferring(assignment, translator.symbols) { result.isSerious = true }
      }
    }
    // Symbols of starts and constants are met now, so that the numbering is complete.
    for start in table.starts {
      _ = translator.number(of: start.key)
      _ = try? translator.translate(start.value, 0)
    }
    for constant in table.constants {
      _ = translator.number(of: constant.key)
      _ = try? translator.translate(constant.value, 0)
    }
    return result
  }

  private static func isSelfReferring(_ assignment: Assignment, _ symbols: SymbolReader) -> Bool {
    var found = false
    func visit(_ math: Math) {
      if let use = symbols.use(math), use.key == assignment.key {
        // C = C_0 + …: the loss without its penalty, not at an earlier step.
        if case .fixed = use.time, assignment.time == .none {} else { found = true }
      }
      for child in math.children { visit(child) }
    }
    visit(assignment.value)
    return found
  }

  /// “where m = …”: what follows is a system of equations, not the next line of a program.
  private static func saysWhere(_ text: TeXText) -> Bool {
    let markers: Set<String> = ["where", "with", "wobei", "mit", "其中"]
    var sawFormula = false
    for item in text.items {
      switch item.kind {
      case .formula(_, let relations): if !relations.isEmpty { sawFormula = true }
      case .words(let words):
        guard sawFormula else { continue }
        let pieces = words.lowercased().split { !$0.isLetter }
        if let last = pieces.last, markers.contains(String(last)) { return true }
      case .control: break
      }
    }
    return false
  }

  /// “if ‖g‖ > c: …” steers lines that would be read as if they always ran.
  private static func checkConditions(_ text: TeXText) throws(Diagnostic) {
    let markers: Set<String> = ["if", "elif", "falls", "wenn", "unless", "while"]
    for item in text.items where !item.isRemark {
      guard case .words(let words) = item.kind,
        let last = words.lowercased().split(whereSeparator: { !$0.isLetter }).last,
        markers.contains(String(last))
      else { continue }
      throw .reading(
        "condition", "lines that run only under a condition are not read", item.span,
        help:
          "write the cases out: \\begin{cases} … & \\text{if } … \\\\ … & \\text{otherwise} \\end{cases}"
      )
    }
  }

  /// m̂ without a formula where the text calls it bias-corrected.
  private static func supplyCorrections(_ assembler: RuleAssembler, _ words: String) {
    let lowered = words.lowercased()
    let markers = ["bias-correct", "bias correct", "unbiased", "偏差修正", "偏差校正", "korrigiert"]
    guard markers.contains(where: { lowered.contains($0) }) else { return }
    assembler.supplyCorrections()
  }

  // MARK: What is no rule

  private static func notRule(
    _ text: TeXText, _ table: EquationTable, _ translator: FormulaTranslator, _ failure: Diagnostic?
  ) -> FormulaReading {
    let (kind, reason) = Classification.kind(text, table, translator)
    return FormulaReading(kind: kind, reason: reason, rule: nil, notes: table.notes)
  }
}
