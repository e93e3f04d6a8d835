// Judges one definition: finds what it is, or what it claims to be and is not.

import Diagnostics
import Notation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct DefinitionJudge {
  let words: String
  /// The texts round the formula, its own first.
  let around: [String]
  /// The heading and the sentence that may name it.
  let naming: DefinitionNaming

  let isStopped: Stopping
  /// Families that the words before a formula name.
  let named: [DefinitionFamily]
  /// The same without those whose name is only a part of another: of leaky ReLU not ReLU.
  let spoken: [DefinitionFamily]

  private static let called = KnownDefinitions.families.map { family in
    (family, family.words.map(\.unaccented))
  }

  init(
    words: String, around: [String] = [], naming: DefinitionNaming? = nil,
    isStopped: Stopping = .never
  ) {
    self.naming = naming ?? DefinitionNaming(headings: [words])
    let words = words.unaccented
    self.words = words
    self.around = around
    named = DefinitionJudge.called.compactMap { family, names in
      names.contains { DefinitionJudge.holds(words, $0) } ? family : nil
    }
    spoken = DefinitionJudge.spoken(in: words)
    self.isStopped = isStopped
  }

  /// The families that unaccented words name by more than a part of another's name.
  static func spoken(in words: String) -> [DefinitionFamily] {
    let all = called.flatMap(\.1).filter { holds(words, $0) }
    guard !all.isEmpty else { return [] }
    return called.compactMap { family, names in
      names.contains { name in
        var rest = words
        for longer in all where longer.count > name.count && longer.contains(name) {
          rest = rest.replacing(longer, with: " ")
        }
        return holds(rest, name)
      } ? family : nil
    }
  }

  /// Whether words hold a name; one that begins with a short word only from a word's beginning: in “the
  /// initialisation” there is no “he init”.
  private static func holds(_ words: String, _ name: String) -> Bool {
    guard words.contains(name) else { return false }
    let first = name.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
    guard first.count < 4, first.count < name.count, name.first?.isASCII == true else {
      return true
    }
    var last: Character?
    var rest = words[...]
    while let character = rest.first {
      if last?.isLetter != true, rest.hasPrefix(name) { return true }
      last = character
      rest = rest.dropFirst()
    }
    return false
  }

  func reference(_ known: KnownDefinition) -> DefinitionReference { DefinitionReference(known) }

  private static let readings: [DefinitionCandidate.Reading] = [
    .init(), .init(vectorProduct: .inner), .init(distributesSign: true),
  ]

  func finding(_ candidate: DefinitionCandidate) -> Finding {
    let claimed = families(claimedBy: candidate.definition)
    if let right = recognised(candidate) { return right }
    if let figure = counted(candidate, claimed) { return figure }
    if let wrong = explained(candidate, claimed: claimed, named: named) { return wrong }
    if let wrong = misplaced(candidate) { return wrong }
    if let wrong = unexplained(candidate, claimed) { return wrong }
    if let wrong = wayBack(candidate.alone) { return wrong }
    return unchecked(candidate, claimed + spoken + named)
  }

  /// w₂ beside x₁ in a sum of weights times inputs.
  private func misplaced(_ candidate: DefinitionCandidate) -> Finding? {
    guard let (sum, odd) = PrintedForms.overIndex(candidate.definition.value), let odd else {
      return nil
    }
    let linear = candidate.with(sum)
    guard let match = match(linear, prefer: named.map(\.id), of: KnownDefinitions.models),
      match.assignment.conflict == nil, match.assignment.isUsual,
      named.contains(match.known.family)
        || ["z", "net", "y_hat"].contains(candidate.definition.key)
    else { return nil }
    return Finding(
      .wrong, "≠ \(match.known.family.title)",
      details: [
        "\(odd.0) stands beside \(odd.1): each weight belongs to the input of its own number"
      ], mistake: "index-swapped", span: candidate.definition.value.span,
      reference: match.known.builtin)
  }

  /// Whether the words hold one.
  func speaks(of word: String) -> Bool { words.contains(word) }

  /// What the formula is by its numbers; nil when nothing that is known has them.
  func recognised(_ candidate: DefinitionCandidate) -> Finding? {
    if let wrong = overfull(candidate) { return wrong }
    let claimed = families(claimedBy: candidate.definition)
    if let match = match(candidate, prefer: (claimed + named).map(\.id)) {
      return right(match, candidate, claimed)
    }
    // 0.95ᵗ is γᵗ with a number in the place of γ, max(0.2x, x) leaky ReLU with one of the slope.
    if let general = candidate.generalised(),
      let match = match(
        general, prefer: (claimed + named).map(\.id), of: KnownDefinitions.ofGivenNumbers),
      match.assignment.conflict == nil, match.isWithin
    {
      return right(match, general, claimed)
    }
    // (1 - t/T)² is polynomial decay with p = 2, where no line is announced.
    if let powered = candidate.withAnyPower(), !speaks(of: "linear"), !speaks(of: "线性"),
      let match = match(
        powered.generalised() ?? powered, prefer: named.map(\.id),
        of: KnownDefinitions.schedules.filter { $0.inputs.contains { $0.name == "p" } }),
      match.assignment.conflict == nil
    {
      return right(match, powered.generalised() ?? powered, claimed)
    }
    // w₁x₁ + w₂x₂ + b
    if let (sum, odd) = PrintedForms.overIndex(candidate.definition.value), odd == nil {
      let linear = candidate.with(sum)
      if let match = match(
        linear, prefer: (claimed + named).map(\.id), of: KnownDefinitions.models),
        match.assignment.conflict == nil, match.assignment.isUsual
      {
        return right(match, linear, claimed)
      }
    }
    return ofAnotherBase(candidate, claimed)
  }

  /// Logarithms of base 2 or 10 where the definition has natural ones: other units, no mistake.
  private func ofAnotherBase(_ candidate: DefinitionCandidate, _ claimed: [DefinitionFamily])
    -> Finding?
  {
    guard let (natural, base) = candidate.withNaturalLogarithms(),
      var match = match(natural, prefer: (claimed + named).map(\.id)),
      match.assignment.conflict == nil
    else { return nil }
    let factor = 1 / log(base)
    for number in 0..<8 {
      let (sample, expected) = reference(match.known).sample(
        number, isVector: match.assignment.isVector)
      guard let expected,
        let found = try? candidate.value(sample, match.assignment, match.reading).value
      else { return nil }
      if let gap = DefinitionCandidate.gap(found, expected), gap < 1e-9 {
        match.gap = max(match.gap, gap)
        continue
      }
      guard let gap = DefinitionCandidate.gap(found, expected.map { $0 * factor }), gap < 1e-9
      else { return nil }
      match.factor = factor
    }
    var finding = right(match, candidate, claimed)
    guard finding.verdict == .right, let factor = match.factor else { return finding }
    let unit = base == 2 ? ", in bits" : ""
    if let place = finding.details.first?.range(of: ", natural logarithm") {
      finding.details[0].removeSubrange(place)
    }
    finding.details.insert(
      "its logarithm has the base \(DefinitionJudge.short(base))\(unit): a convention of its own,"
        + " \(DefinitionJudge.short(factor)) times the natural one", at: 1)
    return finding
  }

  // MARK: Recognising

  struct Match {
    var known: KnownDefinition
    var assignment: InputAssignment
    var reading: DefinitionCandidate.Reading
    var gap: Double
    /// The formula's numbers are the known ones times this: logarithms of another base.
    var factor: Double?

    /// Whether the numbers that stand for inputs of an activation are of the size that these have.
    var isWithin: Bool {
      guard !known.isSchedule else { return true }
      return assignment.inputs.allSatisfy { key, input in
        guard let number = Double(key), case .between(let low, let high) = input.domain,
          high <= 2
        else { return true }
        return high < 1 ? number > 0 && number < 1 : number >= low && number <= high
      }
    }
  }

  private func match(
    _ candidate: DefinitionCandidate, prefer: [String],
    of definitions: [KnownDefinition] = KnownDefinitions.all
  ) -> Match? {
    var best: (rank: Int, Match)?
    let claimed = families(claimedBy: candidate.definition)
    for known in definitions {
      if isStopped() { break }
      let assignments = candidate.assignments(to: known)
      guard !assignments.isEmpty else { continue }
      let preference = prefer.contains(known.family.id) ? 1000 : 0
      if known.needsWords, preference == 0 { continue }
      if known.yieldsToNames, claimed.contains(where: { $0 != known.family }) { continue }
      if let slip = known.slip, !isMeant(slip, known.family, candidate) { continue }
      if let best, best.rank >= preference + 3 * known.inputs.count { continue }
      guard let match = match(candidate, known, assignments) else { continue }
      // Symbols of any names make a schedule only where the words speak of one.
      if known.isSchedule, preference == 0, !match.assignment.isUsual { continue }
      var rank = preference + match.assignment.score
      if match.assignment.conflict != nil { rank -= 500 }
      if best.map({ rank > $0.rank }) ?? true { best = (rank, match) }
    }
    return best?.1
  }

  /// Whether something shows that the definition is meant which a slip is one of.
  private func isMeant(
    _ slip: KnownSlip, _ family: DefinitionFamily, _ candidate: DefinitionCandidate
  ) -> Bool {
    let claimed = families(claimedBy: candidate.definition)
    switch slip.claims {
    case .left(let letters):
      return claimed.contains(family)
        || letters.contains(DefinitionCandidate.plain(candidate.definition.key))
    case .words(let words, let others):
      return words.contains { speaks(of: $0) } && !others.contains { speaks(of: $0) }
    case .minimised(let words):
      return !(claimed + named).contains(family) && words.contains { speaks(of: $0) }
        && isMadeSmall(candidate)
    case .printedRoot:
      return (claimed + named).contains(family) && candidate.printsRoot
    }
  }

  func match(
    _ candidate: DefinitionCandidate, _ known: KnownDefinition, _ assignments: [InputAssignment],
    readings: [DefinitionCandidate.Reading] = DefinitionJudge.readings
  ) -> Match? {
    let reference = reference(known)
    var found: Match?
    for assignment in assignments {
      if found != nil, assignment.conflict != nil { break }
      for reading in readings {
        guard candidate.agreement(with: reference, assignment, reading, on: 2) != nil,
          let gap = candidate.agreement(with: reference, assignment, reading)
        else { continue }
        let match = Match(known: known, assignment: assignment, reading: reading, gap: gap)
        if assignment.conflict == nil { return match }
        found = found ?? match
      }
    }
    return found
  }
}
