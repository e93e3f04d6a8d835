// What has the numbers of a known definition: right, unless it bears the name of another one, or has
// symbols in each other's place.

import Diagnostics
import Notation

extension DefinitionJudge {
  func right(
    _ match: Match, _ candidate: DefinitionCandidate, _ claimed: [DefinitionFamily]
  ) -> Finding {
    let known = match.known
    if let conflict = match.assignment.conflict {
      return swapped(match, candidate, conflict.symbol, claimed)
    }
    let family = known.family
    if let slip = known.slip ?? epsilonOutside(match, candidate, claimed) {
      return Finding(
        .wrong, "≠ \(family.title)", details: [slip.says],
        mistake: slip.id, span: candidate.definition.value.span, reference: family.title)
    }
    if let turned = turned(match, candidate) { return turned }
    let levels = levels(match, candidate)
    if let levels, levels.verdict == .wrong { return levels }
    if match.factor == nil, let claim = claimed.first, !claimed.contains(family),
      !claimed.contains(where: {
        $0.lends(DefinitionJudge.names(on: candidate.definition), to: family)
      }), !isAnnounced(family, by: claim)
    {
      return Finding(
        .wrong, "≠ \(claim.title)", measure: measure(match),
        details: ["it is called \(claim.title), but it is \(known.says): \(known.builtin)"]
          + difference(match, claim),
        mistake: "wrong-name", span: candidate.definition.left.span, reference: known.builtin)
    }
    if let letter = lettered(candidate.definition, but: known) {
      return Finding(
        .wrong, "≠ \(letter.title)", measure: measure(match),
        details: ["it is called \(letter.title), but it is \(known.says): \(known.builtin)"]
          + difference(match, letter),
        mistake: "wrong-name", span: candidate.definition.left.span, reference: known.builtin)
    }
    // A mean that is none, or a root, by the name it has itself.
    if let exact = ExactName(candidate.definition), exact.excludes(known),
      var wrong = explained(
        candidate, claimed: claimed.contains(family) ? claimed : claimed + [family], named: [])
        ?? unexplained(candidate, claimed)
    {
      wrong.details.insert("it is called \(exact.title), but it is \(known.says)", at: 0)
      return wrong
    }
    let deviation = deviation(match, candidate)
    if let deviation, deviation.verdict == .wrong { return deviation }
    var details = [known.says] + (levels?.details ?? []) + (deviation?.details ?? [])
    if let share = share(of: match) {
      if let wrong = share.wrong(match, candidate) { return wrong }
      details += share.remarks
    }
    if let claim = claimed.first, !claimed.contains(family), isAnnounced(family, by: claim) {
      details.append("its left side is called \(claim.title), of which it is a kind")
    }
    details += remarks(match, candidate)
    if match.reading.vectorProduct == .inner {
      details.append("the product of two vectors is read as their inner product")
    }
    // What the words speak of may be another formula; that this is not it is said.
    if claimed.isEmpty, spoken.count == 1, let other = spoken.first, other.id != family.id,
      !other.admits.contains(family.id),
      !family.admits.contains(other.id) || DefinitionJudge.isNarrower(other, family)
    {
      details.append(
        "the text speaks of \(other.title); these are the numbers of \(family.title)")
    }
    return Finding(
      .right, "= \(family.title)", measure: measure(match), details: details,
      reference: builtin(match))
  }

  /// Whether the words that stand nearest name it, a kind of what the left side is called: ReLU(x)
  /// under “Leaky ReLU”.
  private func isAnnounced(_ family: DefinitionFamily, by claim: DefinitionFamily) -> Bool {
    guard !family.isDerivative, !DefinitionJudge.isKind(claim, of: family),
      claim.admits.contains(family.id) || DefinitionJudge.isKind(family, of: claim)
    else { return false }
    for text in [naming.sentence] + naming.headings {
      let spoken = DefinitionJudge.spoken(in: text)
      // Where both are named, the text further off tells.
      if spoken.contains(family) != spoken.contains(claim) { return spoken.contains(family) }
    }
    return false
  }

  /// Whether a name holds another one as words of its own: pseudo-Huber.
  private static func isKind(_ family: DefinitionFamily, of other: DefinitionFamily) -> Bool {
    func words(_ name: String) -> [Substring] { name.unaccented.split { !$0.isLetter } }
    return family.words.contains { longer in
      let parts = words(longer)
      return other.words.contains { name in
        let own = words(name)
        return own.count < parts.count && parts.suffix(own.count) == own[...]
      }
    }
  }

  /// How far the cross-entropy is from the divergence.
  private func difference(_ match: Match, _ claim: DefinitionFamily) -> [String] {
    if claim.id == "binary-cross-entropy", match.known.family.id == "cross-entropy" {
      return [
        "of two classes it has a term for each: the term (1 - y)·log(1 - p) is missing"
      ]
    }
    guard claim.id == "kl", match.known.family.id == "cross-entropy" else {
      return KnownDefinitions.all.first {
        $0.family == claim && $0.slip == nil && !$0.isVariant
      }.map { ["\(claim.title) is \($0.builtin): \($0.says)"] } ?? []
    }
    func symbol(_ name: String) -> String? {
      match.assignment.inputs.first { $0.value.name == name }.map { pretty($0.key) }
    }
    guard let p = symbol("y"), let q = symbol("p") ?? symbol("z") else { return [] }
    return [
      "the cross-entropy is the divergence plus the entropy of \(p), which is constant in \(q):"
        + " both have the same gradient with respect to \(q)"
    ]
  }

  /// √(σ²) + ε; σ + ε is a convention.
  private func epsilonOutside(
    _ match: Match, _ candidate: DefinitionCandidate, _ claimed: [DefinitionFamily]
  ) -> KnownSlip? {
    guard match.known.isVariant, candidate.printsRoot,
      (claimed + named).contains(match.known.family)
    else { return nil }
    return .epsilonOutsideRoot
  }

  /// KL(p ‖ q) of q from p is none of p from q.
  func turned(_ match: Match, _ candidate: DefinitionCandidate) -> Finding? {
    let arguments = candidate.definition.arguments
    guard ["kl", "kl_term", "distill_probabilities"].contains(match.known.id),
      arguments.count == 2,
      let p = match.assignment.inputs.first(where: { $0.value.name == "p" })?.key,
      let q = match.assignment.inputs.first(where: { $0.value.name == "q" })?.key,
      arguments == [q, p]
    else { return nil }
    return Finding(
      .wrong, "≠ \(match.known.family.title)",
      details: [
        "\(pretty(p)) and \(pretty(q)) have changed places: of \(pretty(q)) and \(pretty(p)) in this order"
          + " it is the mean of log(\(pretty(q))/\(pretty(p))) over \(pretty(q))"
      ], mistake: "arguments-swapped", span: candidate.definition.value.span,
      reference: match.known.builtin)
  }

  /// The numbers are those of a definition, with symbols in each other's place.
  private func swapped(
    _ match: Match, _ candidate: DefinitionCandidate, _ symbol: String,
    _ claimed: [DefinitionFamily]
  ) -> Finding {
    let known = match.known
    let swap = "\(pretty(symbol)) stands where another belongs: symbols have changed places"
    // Nothing says that it is meant to be this one.
    guard (claimed + named).contains(known.family) else {
      return Finding(
        .unchecked, "a definition of its own: nothing that is known has its numbers",
        details: [
          "it has the form of \(known.family.title) with other symbols in the usual ones' places"
        ])
    }
    if var wrong = explained(candidate, claimed: [known.family], named: []) {
      if wrong.mistake != "arguments-swapped" { wrong.details[0] += "; or " + swap }
      return wrong
    }
    return Finding(
      .wrong, "≠ \(known.family.title)", measure: measure(match),
      details: [swap, "compared with \(known.builtin), \(known.says)"],
      mistake: "arguments-swapped", span: candidate.definition.value.span,
      reference: known.builtin)
  }
}
