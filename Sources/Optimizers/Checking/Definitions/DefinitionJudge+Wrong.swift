// Accusations: which one mistake a formula differs by from what it claims to be.
//
// Nothing is accused for being unknown. A formula is called wrong when its left side or the words name
// a definition, its symbols are that definition's inputs one to one, and undoing one mistake gives the
// definition's numbers.

import Diagnostics
import Notation

extension DefinitionJudge {
  /// Wrong by what its own left side claims; nil when nothing can be said against it.
  /// - Parameter isNamed: the words speak of it, and something beside it is what they say. Without
  ///   that both may follow another convention: a zero point that is taken off, and added back.
  func accused(_ candidate: DefinitionCandidate, isNamed: Bool) -> Finding? {
    let claimed = families(claimedBy: candidate.definition)
    if let figure = counted(candidate, claimed) { return figure.verdict == .wrong ? figure : nil }
    return explained(candidate, claimed: claimed, named: isNamed ? named : [])
      ?? unexplained(candidate, claimed)
  }

  func explained(
    _ candidate: DefinitionCandidate, claimed: [DefinitionFamily], named: [DefinitionFamily]
  ) -> Finding? {
    // LogSigmoid is not what "sigmoid" in the words means.
    let left = DefinitionCandidate.plain(candidate.definition.key).lowercased()
    let meant = named.filter { family in
      GreekLetters.letter(named: left) != nil || family.names.contains(left)
        || !family.names.contains(where: left.contains)
    }
    .filter { family in
      // Nor is ReLU meant by “leaky ReLU”; and x' is made of x, whatever the words speak of.
      spoken.contains(family) && (!left.contains("'") || naming.names(family.words))
    }
    // Var and its like say which number of something is meant; the words say of what.
    var families =
      claimed.isEmpty
      ? meant
      : claimed
        + meant.filter { family in
          family.names.isEmpty && claimed.contains { $0.admits.contains(family.id) }
        }
    if families.isEmpty, DefinitionJudge.looksLikeSoftmax(candidate) {
      families = KnownDefinitions.families.filter { $0.id == "softmax" }
    }
    guard !families.isEmpty else { return nil }
    // A likelihood is no mistaken loss, though its sign is the other one.
    var known = KnownDefinitions.all.filter {
      families.contains($0.family) && !$0.id.hasPrefix("likelihood") && $0.slip == nil
        && !$0.isOnlyRecognised
    }
    // log L - λ‖w‖² is what is made large.
    if isMadeLarge(candidate) { known.removeAll { $0.family.id == "regularised" } }
    // RMSE is one of the squared errors, and no other.
    if let exact = ExactName(candidate.definition) { known.removeAll { !exact.fits($0) } }
    let mistakes = FormulaMistakes.all(of: candidate)
    // What is a variant with numbers of its own is hardly what is meant where the plain one is near.
    return wrong(candidate, mistakes, among: known.filter { !$0.isVariant }, claimed)
      ?? wrong(candidate, mistakes, among: known.filter(\.isVariant), claimed)
  }

  /// The first mistake that makes it something else than one of some definitions.
  func wrong(
    _ candidate: DefinitionCandidate, _ mistakes: [FormulaMistake],
    among known: [KnownDefinition], _ claimed: [DefinitionFamily]
  ) -> Finding? {
    guard !known.isEmpty else { return nil }
    let symbols = candidate.inputKeys
    for mistake in mistakes {
      if isStopped() { return nil }
      let changed = candidate.with(mistake)
      // A mistake loses and invents no symbol: what has others is something else.
      guard changed.inputKeys == symbols else { continue }
      // A mask may be of what is kept or of what is not: only a name on the left tells.
      if claimed.isEmpty, mistake.id == "condition-swapped" { continue }
      // Nor is x + ε a mistaken mask.
      if claimed.isEmpty, mistake.id == "plus-for-times", symbols.count < 3 { continue }
      for known in known {
        let assignments = changed.assignments(to: known).prefix(4).filter { assignment in
          assignment.conflict == nil && (!claimed.isEmpty || assignment.isUsual)
        }
        guard !assignments.isEmpty, isSlip(mistake, of: known, candidate, claimed),
          let match = match(changed, known, Array(assignments), readings: [.init()])
        else { continue }
        // What cannot be worked out as it is printed may be something else altogether.
        guard mistake.id == "index-swapped" || works(candidate, match),
          !isOtherConvention(mistake, match, candidate), turned(match, changed) == nil
        else { continue }
        return wrong(candidate, match, mistake)
      }
    }
    return nil
  }

  /// A zero point that is taken off, where nothing shows that it is taken off again: it may be added back.
  private func isOtherConvention(
    _ mistake: FormulaMistake, _ match: Match, _ candidate: DefinitionCandidate
  ) -> Bool {
    guard match.known.family.id == "quantise", mistake.id == "sign",
      let zero = match.assignment.inputs.first(where: { $0.value.name == "z" })?.key
    else { return false }
    func bare(_ text: String) -> String {
      var text = DefinitionJudge.bare(text)
      for sign in ["\\left", "\\right", "\\,", "\\!"] { text = text.replacing(sign, with: "") }
      return text
    }
    let back = bare(candidate.definition.left.span.text) + "-" + bare(zero)
    return !around.contains { bare($0).contains(back) }
  }

  /// Whether the formula as it is printed has a value for the definition's inputs.
  private func works(_ candidate: DefinitionCandidate, _ match: Match) -> Bool {
    let sample = reference(match.known).sample(0, isVector: match.assignment.isVector).sample
    return (try? candidate.value(sample, match.assignment, match.reading)) != nil
  }

  /// Exponentials divided by a sum of exponentials can hardly be anything else.
  static func looksLikeSoftmax(_ candidate: DefinitionCandidate) -> Bool {
    guard case .fraction(let above, let below) = candidate.definition.value.kind else {
      return false
    }
    func isExponential(_ math: Math) -> Bool {
      if case .function(let call) = math.kind { return call.name == "exp" }
      return candidate.notation.reference(math)?.key == "e"
    }
    guard case .big("sum", _, let body) = below.kind else { return false }
    return isExponential(above) && isExponential(body)
  }

  /// A sum over a number of terms that is printed, as from 1 to 2: other lengths it has not.
  static func hasFixedLength(_ math: Math) -> Bool {
    if case .big("sum", let scripts, _) = math.kind {
      if case .number? = scripts.upper?.kind { return true }
      if scripts.upper == nil, case .relation(let sides, _)? = scripts.lower.first?.kind,
        case .fenced(.brace, let items)? = sides.last?.kind,
        items.allSatisfy({ wholeNumber($0) != nil })
      {
        return true
      }
    }
    return math.children.contains(where: hasFixedLength)
  }

  func wrong(
    _ candidate: DefinitionCandidate, _ match: Match, _ mistake: FormulaMistake
  ) -> Finding {
    var details = [mistake.says]
    if let example = example(candidate, match) { details.append(example) }
    details.append("compared with \(builtin(match)): \(match.known.says)")
    return Finding(
      .wrong, "≠ \(match.known.family.title)", measure: nil, details: details,
      mistake: mistake.id, span: mistake.span, reference: builtin(match))
  }

  /// The first input where the numbers differ, with both.
  func example(_ candidate: DefinitionCandidate, _ match: Match) -> String? {
    for number in 0..<8 {
      let (sample, expected) = reference(match.known).sample(
        number, isVector: match.assignment.isVector)
      guard let expected else { continue }
      let found = try? candidate.value(sample, match.assignment, match.reading).value
      if let found, let gap = DefinitionCandidate.gap(found, expected), gap < 1e-9 { continue }
      let input = match.assignment.inputs.sorted { $0.key < $1.key }.compactMap { key, input in
        sample.given[input.name].map { "\(pretty(key)) = \(DefinitionJudge.short($0))" }
      }.joined(separator: ", ")
      let outcome = found.map { DefinitionJudge.short($0) } ?? "nothing"
      return "for \(input) the formula gives \(outcome), \(match.known.family.title)"
        + " \(DefinitionJudge.short(expected))"
    }
    return nil
  }

  /// A definition whose left side is a name, with inputs of the usual names, and other numbers.
  func unexplained(_ candidate: DefinitionCandidate, _ claimed: [DefinitionFamily])
    -> Finding?
  {
    guard !claimed.isEmpty, !DefinitionJudge.hasFixedLength(candidate.definition.value) else {
      return nil
    }
    let exact = ExactName(candidate.definition)
    for known in KnownDefinitions.all
    where claimed.contains(known.family) && known.slip == nil && !known.isOnlyRecognised
      && !known.mayBeTransposed
      && !isStopped()
      && exact?.fits(known) ?? true
    {
      guard
        let assignment = candidate.assignments(to: known).first(where: { assignment in
          assignment.conflict == nil
            && assignment.isUsual
        })
      else { continue }
      // Any doubt about how it is read, or anything not understood, and it is not called wrong.
      let sample = reference(known).sample(0, isVector: assignment.isVector).sample
      guard let outcome = try? candidate.value(sample, assignment, .init()), outcome.notes.isEmpty
      else { continue }
      let match = Match(known: known, assignment: assignment, reading: .init(), gap: 0)
      guard let example = example(candidate, match) else { continue }
      return Finding(
        .wrong, "≠ \(known.family.title)",
        details: [example, "compared with \(builtin(match)): \(known.says)"],
        span: candidate.definition.value.span, reference: builtin(match))
    }
    return nil
  }
}
