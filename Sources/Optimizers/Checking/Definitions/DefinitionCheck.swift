// Is a printed definition right? It is held against every definition that is known, by numbers.
//
// A formula that has the numbers of a known definition is right, and which one and which convention is
// said. One that claims a name and has other numbers is wrong. What nothing claims and nothing matches
// is left unchecked: a formula is never wrong for being unknown.

import Diagnostics
import Notation

package enum DefinitionCheck {
  /// - Parameters:
  ///   - words: the heading and the words just before the formula.
  ///   - around: what stands round it, the nearest first.
  ///   - naming: the heading and the sentence before it, each by itself; without it the words are one.
  ///   - isStopped: ends the search; what is found by then is no verdict.
  /// - Returns: nil when the text defines nothing.
  package static func finding(
    text: TeXText, reading: FormulaReading? = nil, words: String = "", around: [String] = [],
    naming: DefinitionNaming? = nil, isStopped: Stopping = .never
  ) -> Finding? {
    let own = text.items.map(\.span.text).joined(separator: " ")
    return finding(
      items: text.items, reading: reading, words: words + " " + text.words,
      around: [own] + (around.isEmpty ? [words] : around),
      naming: naming ?? DefinitionNaming(headings: [words]), isStopped: isStopped)
  }

  package static func finding(
    items: [MathItem], reading: FormulaReading? = nil, words: String = "", around: [String] = [],
    naming: DefinitionNaming? = nil, isStopped: Stopping = .never
  ) -> Finding? {
    if let kind = reading?.kind, kind == .rule || kind == .gradient { return nil }
    var notation = FormulaNotation(PrintedForms.named(items, words: words))
    notation.work = FormulaWork(isStopped)
    let definitions = notation.definitions
    guard !definitions.isEmpty else {
      return approximation(
        items, words: words, around: around, naming: naming, isStopped: isStopped)
    }
    let used = Set(definitions.flatMap { keys(used: $0, in: notation) })
    var roots = definitions.filter { !used.contains($0.key) && !$0.isRemark }
    if roots.isEmpty { roots = definitions.filter { !$0.isRemark }.suffix(1) }
    let judge = DefinitionJudge(
      words: words, around: around, naming: naming, isStopped: isStopped)
    let shown = Array(roots.prefix(12))
    let found = joined(
      shown.map { finding(DefinitionCandidate(notation, $0), judge) },
      of: shown.map { ClaimText.pretty($0.left.span.text) })
    guard found?.verdict == .right else { return found }
    for earlier in EarlierForms.all(items) {
      let other = finding(
        items: earlier, reading: reading, words: words, around: around, naming: naming,
        isStopped: isStopped)
      guard var other, other.verdict == .wrong, let mistake = other.mistake,
        mistake != "wrong-name"
      else { continue }
      other.details.append("the last form is right: the two are not equal")
      return other
    }
    return found
  }

  /// GELU(x) ≈ …: right where it is an approximation that is known, wrong where one slip makes it that;
  /// any other may be as rough as it likes.
  private static func approximation(
    _ items: [MathItem], words: String, around: [String], naming: DefinitionNaming?,
    isStopped: Stopping
  ) -> Finding? {
    var isOne = false
    let equations = items.map { item in
      guard case .formula(let sides, [.other]) = item.kind, sides.count == 2,
        case .product(let factors) = sides[0].kind, factors.count == 2,
        case .symbol(let name) = factors[0].value.kind, name.isWord,
        case .fenced(.parenthesis, _) = factors[1].value.kind
      else { return item }
      let sign = Span(sides[0].span.source, sides[0].span.end, sides[1].span.start).text
      guard ["\\approx", "≈", "\\simeq"].contains(where: { sign.contains($0) }) else { return item }
      isOne = true
      var item = item
      item.kind = .formula(sides, [.equals])
      return item
    }
    guard isOne,
      let found = finding(
        items: equations, words: words, around: around, naming: naming, isStopped: isStopped)
    else { return nil }
    // softplus(x) ≈ max(0, x) is another function, as it says itself.
    let isSlip = found.mistake != nil && found.mistake != "wrong-name"
    return found.verdict == .right || isSlip ? found : nil
  }

  /// What is to be said of the derivative of one activation where the words speak of another's: σ' under
  /// “tanh”.
  package static func otherDerivative(
    _ items: [MathItem], words: String, naming: DefinitionNaming
  ) -> String? {
    let judge = DefinitionJudge(words: words, naming: naming)
    let kinds = ["sigmoid", "tanh", "relu"]
    guard judge.spoken.count == 1, let family = judge.spoken.first,
      kinds.contains(where: { family.id == $0 || family.id == $0 + "-derivative" })
    else { return nil }
    let notation = FormulaNotation(items)
    guard notation.definitions.count == 1, let definition = notation.definitions.first else {
      return nil
    }
    guard let finding = judge.recognised(DefinitionCandidate(notation, definition)),
      finding.verdict == .right
    else { return nil }
    let title = finding.headline.dropFirst(2)
    guard title.hasPrefix("the derivative of"), !title.contains(family.title) else { return nil }
    return "the text speaks of \(family.title); these are the numbers of \(title)"
  }

  /// One definition with all that it uses: as a whole, else each part by itself.
  private static func finding(_ whole: DefinitionCandidate, _ judge: DefinitionJudge) -> Finding {
    let parts = whole.others.filter { !$0.isRemark }.prefix(12)
    guard !parts.isEmpty else { return judge.finding(whole) }
    let together = judge.recognised(whole)
    if let together, together.verdict == .right { return together }
    let each = (parts.reversed() + [whole.definition]).map {
      DefinitionCandidate(whole.notation, $0).alone
    }
    let apart = each.map { judge.recognised($0) }
    if apart.allSatisfy({ $0?.verdict == .right }) {
      return joined(apart.compactMap { $0 }, of: each.map { $0.definition.key })
        ?? judge.finding(whole)
    }
    if let together, together.verdict == .wrong { return together }
    // One that is not what it is called, beside others that are right.
    let wrong = apart.filter { $0?.verdict == .wrong }
    if wrong.count == 1, apart.allSatisfy({ $0 != nil && $0?.verdict != .unchecked }) {
      return joined(apart.compactMap { $0 }, of: each.map { $0.definition.key })
        ?? judge.finding(whole)
    }
    var result = judge.finding(whole)
    guard result.verdict == .unchecked else { return result }
    // A part may bear a name and not be what it says.
    let isNamed = apart.contains { $0?.verdict == .right }
    for (part, finding) in zip(each, apart) {
      if let finding, finding.verdict == .right {
        result.details.append("a part of it: " + finding.headline)
      } else if let wrong = judge.accused(part, isNamed: isNamed) {
        return wrong
      }
    }
    return result
  }

  /// Symbols that a definition uses.
  private static func keys(used definition: FormulaDefinition, in notation: FormulaNotation)
    -> [String]
  {
    var result: [String] = []
    func visit(_ math: Math) {
      if let reference = notation.reference(math), reference.key != definition.key {
        result.append(reference.key)
      }
      for child in math.children { visit(child) }
    }
    visit(definition.value)
    return result
  }

  /// Several definitions of one text as one finding.
  /// - Parameter names: their left sides.
  private static func joined(_ findings: [Finding], of names: [String]) -> Finding? {
    guard findings.count > 1 else { return findings.first }
    if var wrong = findings.first(where: { $0.verdict == .wrong }) {
      wrong.details += findings.filter { $0.verdict == .right }.map { "right: " + $0.headline }
      return wrong
    }
    let right = findings.filter { $0.verdict == .right }
    guard var result = right.last else { return findings.last }
    for other in right.dropLast() { result.headline = other.headline + ", " + result.headline }
    result.details = findings.flatMap(\.details)
    for (finding, name) in zip(findings, names) where finding.verdict == .unchecked {
      result.details.append("not checked: \(name), \(finding.headline)")
    }
    return result
  }
}
