// A printed rule is called right or wrong by its numbers, and the mistake in a wrong one is named.

import Diagnostics
import Foundation
import Notation
import Optimizers
import Testing

@Suite struct RuleCheckTests {
  /// What a reader of the text would hold it for.
  static func finding(_ latex: String, _ heading: String) throws -> Finding {
    let meant = NamedMethods.find(in: heading)
    do {
      let reading = try FormulaReader.read(Span(Source(latex)))
      guard let rule = reading.rule else {
        throw Diagnostic("test", "no rule but \(reading.kind): \(reading.reason)")
      }
      return RuleCheck.finding(
        for: try Rule(rule.declaration), reading: reading, meant: meant, words: heading)
    } catch let error as Diagnostic {
      guard let finding = RuleCheck.finding(for: error, meant: meant) else { throw error }
      return finding
    }
  }

  static func text(_ finding: Finding) -> String {
    ([
      "\(finding.verdict.rawValue) \(finding.headline) [\(finding.mistake ?? "")] \(finding.measure ?? "")"
    ] + finding.details.map { "    " + $0 }).joined(separator: "\n")
  }

  // MARK: The printed formulas of the corpus

  /// What the corpus calls a mistake, and the identifiers that say the same.
  static let mistakes: [String: Set<String>] = [
    "swapped_weights": ["swapped-weights"],
    "missing_one_minus_beta": ["missing-complement"],
    "velocity_unused": ["unused-state"],
    "min_for_max": ["min-for-max"],
    "both_corrections_under_one_root": ["both-corrections-under-root"],
    "future_index": ["future-index"],
    "plus_sign": ["sign"],
    "lookahead_sign": ["lookahead-sign"],
    "missing_square": ["missing-square"],
    "missing_parentheses": ["epsilon-outside-fraction"],
    "double_correction": ["double-correction"],
    "old_accumulator": ["old-accumulator"],
    "beta1_in_v_correction": ["beta1-for-beta2"],
    "bias_correction_off_by_one": ["time-off-by-one"],
    "decay_sign": ["decay-sign"],
  ]

  /// What a heading over an entry would say.
  static func heading(_ entry: JSON) -> String {
    let variant = entry["variant"]
    func isFalse(_ key: String) -> Bool {
      if case .flag(false)? = variant?[key] { return true }
      return false
    }
    switch entry["name"]?.text ?? "" {
    case "adam":
      if isFalse("m_corrected") || isFalse("v_corrected") { return "Adam without bias correction" }
      return variant?["weight_decay"]?.text == "l2" ? "Adam with L2 regularization" : "Adam"
    case "sgd": return "Stochastic gradient descent"
    case "momentum_heavy_ball", "momentum_ema": return "Momentum"
    case "nesterov": return "Nesterov accelerated gradient"
    case let name: return name.replacingOccurrences(of: "_", with: " ")
    }
  }

  static let rules = PrintedFormulaTests.entries.filter { $0["kind"]?.text == "rule" }

  @Test(arguments: [false, true]) func judgesTheCorpus(_ isNamed: Bool) throws {
    for entry in Self.rules {
      let id = entry["id"]?.text ?? ""
      let latex = entry["latex"]?.text ?? ""
      let start = ContinuousClock.now
      let finding = try Self.finding(latex, isNamed ? Self.heading(entry) : "")
      let time = ContinuousClock.now - start
      if ProcessInfo.processInfo.environment["SHOW"] != nil { print("\(id) \(Self.heading(entry)) \(time)\n  \(Self.text(finding))") }
      if let error = entry["wrong"]?["error"]?.text {
        #expect(finding.verdict == .wrong, "\(id): \(Self.text(finding))")
        let expected = Self.mistakes[error] ?? []
        #expect(expected.contains(finding.mistake ?? ""), "\(id) \(error): \(Self.text(finding))")
      } else {
        #expect(finding.verdict != .wrong, "\(id): \(Self.text(finding))")
        if isNamed { #expect(finding.verdict == .right, "\(id): \(Self.text(finding))") }
      }
    }
  }
}
