// Judges one definition: finds what it is, or what it claims to be and is not.

import Diagnostics
import Notation

final class DefinitionJudge {
  private let words: String
  private var references: [String: DefinitionReference] = [:]

  init(words: String) { self.words = words.lowercased() }

  private func reference(_ known: KnownDefinition) -> DefinitionReference {
    if let reference = references[known.id] { return reference }
    let reference = DefinitionReference(known)
    references[known.id] = reference
    return reference
  }

  private static let readings: [DefinitionCandidate.Reading] = [
    .init(), .init(vectorProduct: .inner), .init(distributesSign: true),
  ]

  func finding(_ candidate: DefinitionCandidate) -> Finding {
    let claimed = families(claimedBy: candidate.definition)
    let named = KnownDefinitions.families.filter { family in
      family.words.contains { words.contains($0.lowercased()) }
    }
    if let match = match(candidate, prefer: (claimed + named).map(\.id)) {
      return right(match, candidate, claimed)
    }
    // 0.95ᵗ is γᵗ with a number in the place of γ.
    if let general = candidate.generalised(),
      let match = match(general, prefer: named.map(\.id), of: KnownDefinitions.schedules),
      match.assignment.conflict == nil
    {
      return right(match, general, claimed)
    }
    if let wrong = explained(candidate, claimed: claimed, named: named) { return wrong }
    if let wrong = unexplained(candidate, claimed) { return wrong }
    return unchecked(candidate, claimed + named)
  }

  // MARK: Recognising

  struct Match {
    var known: KnownDefinition
    var assignment: InputAssignment
    var reading: DefinitionCandidate.Reading
    var gap: Double
    /// The formula's numbers are the known ones times this: logarithms of another base.
    var factor: (value: Double, says: String)?
  }

  private func match(
    _ candidate: DefinitionCandidate, prefer: [String],
    of definitions: [KnownDefinition] = KnownDefinitions.all
  ) -> Match? {
    var best: (rank: Int, Match)?
    for known in definitions {
      let assignments = candidate.assignments(to: known)
      guard !assignments.isEmpty else { continue }
      let preference = prefer.contains(known.family.id) ? 1000 : 0
      if let best, best.rank >= preference + 3 * known.inputs.count { continue }
      guard let match = match(candidate, known, assignments) else { continue }
      var rank = preference + match.assignment.score
      if match.assignment.conflict != nil { rank -= 500 }
      if best.map({ rank > $0.rank }) ?? true { best = (rank, match) }
    }
    return best?.1
  }

  private func match(
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

  // MARK: Right

  private func right(
    _ match: Match, _ candidate: DefinitionCandidate, _ claimed: [DefinitionFamily]
  ) -> Finding {
    let known = match.known
    if let conflict = match.assignment.conflict {
      let swap =
        "\(pretty(conflict.symbol)) stands where another belongs: symbols have changed places"
      if var wrong = explained(candidate, claimed: [known.family], named: []) {
        if wrong.mistake != "arguments-swapped" { wrong.details[0] += "; or " + swap }
        return wrong
      }
      return Finding(
        .wrong, "≠ \(known.family.title)", measure: measure(match),
        details: [
          swap, "compared with \(known.builtin), \(known.says)",
        ], mistake: "arguments-swapped", span: candidate.definition.value.span,
        reference: known.builtin)
    }
    let family = known.family
    if let claim = claimed.first, !claimed.contains(family),
      !claimed.contains(where: { $0.admits.contains(family.id) || family.admits.contains($0.id) })
    {
      return Finding(
        .wrong, "≠ \(claim.title)", measure: measure(match),
        details: ["it is called \(claim.title), but it is \(known.says): \(known.builtin)"],
        mistake: "wrong-name", span: candidate.definition.left.span, reference: known.builtin)
    }
    var details = [known.says]
    details += remarks(match, candidate)
    if match.reading.vectorProduct == .inner {
      details.append("the product of two vectors is read as their inner product")
    }
    return Finding(
      .right, "= \(family.title)", measure: measure(match), details: details,
      reference: builtin(match))
  }

  private func measure(_ match: Match) -> String {
    match.gap == 0
      ? "same on \(DefinitionSamples.count) inputs, to the last bit"
      : "same on \(DefinitionSamples.count) inputs, to \(DefinitionJudge.short(match.gap))"
  }

  /// The built-in with the formula's own symbols.
  private func builtin(_ match: Match) -> String {
    var names: [String: String] = [:]
    for (key, input) in match.assignment.inputs
    where key.allSatisfy({ $0 == "." || $0.isLetter || $0 == "_" || $0.isNumber }) {
      names[input.name] = pretty(key)
    }
    return DefinitionJudge.renamed(match.known.builtin, names)
  }

  static func renamed(_ text: String, _ names: [String: String]) -> String {
    var result = ""
    var word = ""
    func flush(_ next: Character?) {
      result += next == "(" || next == "=" ? word : names[word] ?? word
      word = ""
    }
    for character in text {
      if character.isLetter || character == "_" || character.isNumber && !word.isEmpty {
        word.append(character)
      } else {
        flush(character)
        result.append(character)
      }
    }
    flush(nil)
    return result
  }

  private func pretty(_ key: String) -> String { FormulaNotation.pretty(key) }

  /// Inputs that the formula stumbles over and the built-in does not.
  private func remarks(_ match: Match, _ candidate: DefinitionCandidate) -> [String] {
    var result: [String] = []
    for awkward in match.known.awkward {
      guard
        let sample = DefinitionSamples.sample(
          awkward, of: match.known, isVector: match.assignment.isVector),
        let expected = reference(match.known).value(sample)
      else { continue }
      let found = try? candidate.value(sample, match.assignment, match.reading).value
      let isFine =
        found.flatMap { DefinitionCandidate.gap($0, expected) }.map { $0 < 1e-6 } ?? false
      let isNumber = expected.elements.allSatisfy(\.isFinite)
      guard !isFine || !isNumber else { continue }
      let input = awkward.values.sorted { $0.key < $1.key }.compactMap { name, value in
        match.assignment.inputs.first { $0.value.name == name }.map {
          "\(pretty($0.key)) = \(DefinitionJudge.short(value))"
        }
      }.joined(separator: ", ")
      let outcome =
        found.map { "the formula gives \(DefinitionJudge.short($0))" } ?? "the formula has no value"
      result.append(
        "\(awkward.says) (\(input)): \(outcome)"
          + (isNumber ? ", the built-in \(DefinitionJudge.short(expected))" : "")
          + "; \(awkward.advice)")
      if result.count == 2 { break }
    }
    return result
  }

  // MARK: Wrong

  private func explained(
    _ candidate: DefinitionCandidate, claimed: [DefinitionFamily], named: [DefinitionFamily]
  ) -> Finding? {
    var families = claimed.isEmpty ? named : claimed
    if families.isEmpty, DefinitionJudge.looksLikeSoftmax(candidate) {
      families = KnownDefinitions.families.filter { $0.id == "softmax" }
    }
    guard !families.isEmpty else { return nil }
    // A likelihood is no mistaken loss, though its sign is the other one.
    let known = KnownDefinitions.all.filter {
      families.contains($0.family) && !$0.id.hasPrefix("likelihood")
    }
    for mistake in FormulaMistakes.all(of: candidate) {
      let changed = candidate.with(mistake)
      for known in known {
        let assignments = changed.assignments(to: known).prefix(4).filter { $0.conflict == nil }
        guard !assignments.isEmpty,
          let match = match(changed, known, Array(assignments), readings: [.init()])
        else { continue }
        return wrong(candidate, match, mistake)
      }
    }
    return nil
  }

  /// Exponentials divided by a sum of exponentials can hardly be anything else.
  private static func looksLikeSoftmax(_ candidate: DefinitionCandidate) -> Bool {
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

  private func wrong(
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
  private func example(_ candidate: DefinitionCandidate, _ match: Match) -> String? {
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
  private func unexplained(_ candidate: DefinitionCandidate, _ claimed: [DefinitionFamily])
    -> Finding?
  {
    guard !claimed.isEmpty else { return nil }
    for known in KnownDefinitions.all where claimed.contains(known.family) {
      guard
        let assignment = candidate.assignments(to: known).first(where: { assignment in
          assignment.conflict == nil
            && assignment.inputs.allSatisfy {
              $0.value.usual.contains(DefinitionCandidate.plain($0.key))
            }
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

  // MARK: Unchecked

  private func unchecked(_ candidate: DefinitionCandidate, _ families: [DefinitionFamily])
    -> Finding
  {
    var details: [String] = []
    // Why it could not be worked out, if it could not.
    let evaluator = FormulaEvaluator(candidate.notation, values: probe(candidate))
    evaluator.vectorProduct = .elementwise
    var definition = candidate.definition
    definition.indices += evaluator.freeLetters(definition.value)
      .filter { !definition.indices.contains($0) }
    var span: Span?
    do {
      _ = try evaluator.array(definition.value, over: definition.indices[...])
    } catch {
      details.append(error.message)
      span = error.span
    }
    let headline =
      details.isEmpty
      ? "a definition of its own: nothing that is known has its numbers"
      : "a definition that is not worked out here"
    if let family = families.first, details.isEmpty {
      details.append(
        "the text speaks of \(family.title), but this does not have its inputs, so it is not compared"
      )
    }
    return Finding(.unchecked, headline, details: details, span: span)
  }

  /// Some values for all symbols, to see whether the formula can be worked out at all.
  private func probe(_ candidate: DefinitionCandidate) -> [String: FormulaValue] {
    var draw = Draw(seed: 99)
    var values: [String: FormulaValue] = [:]
    for symbol in candidate.shape.symbols {
      let dimensions =
        symbol.axes.isEmpty ? (symbol.isWhole ? [3] : []) : symbol.axes.map { _ in 3 }
      values[symbol.key] =
        symbol.classAxis != nil
        ? FormulaValue(
          [Double](repeating: 1, count: dimensions.reduce(1, *)), dimensions: dimensions)
        : draw.value(.unit, dimensions)
    }
    for key in candidate.shape.lengths.keys { values[key] = FormulaValue(3) }
    return values
  }

  // MARK: Names

  private static let lossLetters: Set<String> = [
    "l", "j", "e", "c", "ell", "loss", "d", "h", "f", "g", "r", "cost",
  ]

  /// The families whose name the left side bears.
  private func families(claimedBy definition: FormulaDefinition) -> [DefinitionFamily] {
    let key = DefinitionCandidate.plain(definition.key).lowercased()
    let parts = key.split { "_^,()[] ".contains($0) }.map(String.init)
    guard let base = parts.first else { return [] }
    var names: Set<String> = [parts.joined(), key.filter { $0 != "_" }]
    if parts.count == 1 || DefinitionJudge.lossLetters.contains(base) {
      names.formUnion(parts.dropFirst())
    }
    if DefinitionJudge.lossLetters.contains(base), parts.count > 1 {
      names.insert(parts.dropFirst().joined())
      // L_1 and L_2 may be two losses.
      names.remove("l1")
      names.remove("l2")
    }
    return KnownDefinitions.families.filter { !$0.names.isDisjoint(with: names) }
  }

  // MARK: Numbers in words

  static func short(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number > 0 ? "∞" : "-∞" }
    if number == number.rounded(), abs(number) < 1e6 { return "\(Int(number))" }
    return digits(number)
  }

  /// Six significant digits, without zeros at the end.
  private static func digits(_ number: Double) -> String {
    var exponent = 0
    var size = abs(number)
    while size >= 10 {
      size /= 10
      exponent += 1
    }
    while size < 1, size > 0 {
      size *= 10
      exponent -= 1
    }
    var mantissa = (size * 100_000).rounded()
    if mantissa >= 1_000_000 {
      mantissa /= 10
      exponent += 1
    }
    let sign = number < 0 ? "-" : ""
    var text = String(Int(mantissa))
    func trimmed(_ text: String) -> String {
      var text = text
      while text.hasSuffix("0") { text.removeLast() }
      return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
    if exponent < -4 || exponent > 6 {
      text.insert(".", at: text.index(after: text.startIndex))
      return sign + trimmed(text) + "e" + String(exponent)
    }
    if exponent < 0 {
      return sign + trimmed("0." + String(repeating: "0", count: -exponent - 1) + text)
    }
    if exponent >= text.count - 1 {
      return sign + text + String(repeating: "0", count: exponent - text.count + 1)
    }
    text.insert(".", at: text.index(text.startIndex, offsetBy: exponent + 1))
    return sign + trimmed(text)
  }

  static func short(_ value: FormulaValue) -> String {
    if let number = value.scalar { return short(number) }
    if value.dimensions.count == 2, let rows = value.dimensions.first {
      return "["
        + (0..<rows).compactMap { value.part($0).map { short($0) } }.joined(separator: ", ") + "]"
    }
    return "[" + value.elements.map { short($0) }.joined(separator: ", ") + "]"
  }
}
