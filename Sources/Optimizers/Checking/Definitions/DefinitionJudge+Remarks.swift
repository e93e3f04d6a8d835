// What a finding says beside the verdict: how well the numbers agree, the built-in for it, and inputs
// that the formula stumbles over.

import Diagnostics
import Notation

extension DefinitionJudge {
  /// How well the numbers agree, in words.
  func measure(_ match: Match) -> String {
    let inputs = "same on \(DefinitionSamples.count) inputs, to"
    if match.gap == 0 { return inputs + " the last bit" }
    return inputs + (match.gap < 1e-12 ? " rounding" : " \(DefinitionJudge.short(match.gap))")
  }

  /// The built-in with the formula's own symbols.
  func builtin(_ match: Match) -> String {
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

  func pretty(_ key: String) -> String { FormulaNotation.pretty(key) }

  /// Inputs that the formula stumbles over and the built-in does not.
  func remarks(_ match: Match, _ candidate: DefinitionCandidate) -> [String] {
    var result: [String] = []
    var advised: Set<String> = []
    for awkward in match.known.awkward where !advised.contains(awkward.advice) {
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
      advised.insert(awkward.advice)
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
}
