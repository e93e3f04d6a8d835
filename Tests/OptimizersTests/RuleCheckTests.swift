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

  // MARK: The printed formulas

  /// What the data calls a mistake, and the identifiers that say the same.
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
      let corrections = [isFalse("m_corrected"), isFalse("v_corrected")]
      if corrections == [true, true] { return "Adam without bias correction" }
      // One moment corrected and the other not has no name.
      if corrections.contains(true) { return "" }
      return variant?["weight_decay"]?.text == "l2" ? "Adam with L2 regularization" : "Adam"
    case "sgd": return "Stochastic gradient descent"
    case "momentum_heavy_ball", "momentum_ema": return "Momentum"
    case "nesterov": return "Nesterov accelerated gradient"
    case let name: return name.replacingOccurrences(of: "_", with: " ")
    }
  }

  static let rules = PrintedFormulaTests.entries.filter { $0["kind"]?.text == "rule" }

  @Test(arguments: [false, true]) func judgesPrintedFormulas(_ isNamed: Bool) throws {
    for entry in Self.rules {
      let id = entry["id"]?.text ?? ""
      let latex = entry["latex"]?.text ?? ""
      let heading = isNamed ? Self.heading(entry) : ""
      let finding = try Self.finding(latex, heading)
      if let error = entry["wrong"]?["error"]?.text {
        #expect(finding.verdict == .wrong, "\(id): \(Self.text(finding))")
        let expected = Self.mistakes[error] ?? []
        #expect(expected.contains(finding.mistake ?? ""), "\(id) \(error): \(Self.text(finding))")
      } else {
        #expect(finding.verdict != .wrong, "\(id): \(Self.text(finding))")
        if !heading.isEmpty, NamedMethods.find(in: heading).contains(where: { !$0.isWide }) {
          #expect(finding.verdict == .right, "\(id): \(Self.text(finding))")
        }
      }
    }
  }

  // MARK: Further formulas, as papers, notes and blogs print them

  struct Printed: Sendable, CustomTestStringConvertible {
    var heading: String
    var verdict: String
    /// The mistake of a wrong one, the rule that a right one is; nil for any.
    var expected: String?
    /// A line of its details.
    var says: String?
    var latex: String
    var testDescription: String { "\(heading): \(latex)" }
  }

  static let printed: [Printed] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Data/checked-formulas.txt")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.components(separatedBy: "\n=== ").dropFirst().map { block in
      let lines = block.components(separatedBy: "\n")
      let head = lines[0].components(separatedBy: " | ")
        .map { $0.trimmingCharacters(in: .whitespaces) }
      return Printed(
        heading: head[0] == "-" ? "" : head[0], verdict: head.count > 1 ? head[1] : "",
        expected: head.count > 2 && head[2] != "-" ? head[2] : nil,
        says: head.count > 3 ? head[3] : nil,
        latex: lines.dropFirst().joined(separator: "\n")
          .trimmingCharacters(in: .whitespacesAndNewlines))
    }
  }()

  @Test func judgesFormulasInOtherNotations() throws {
    #expect(Self.printed.count > 200)
    for printed in Self.printed {
      // What is not understood is not accused.
      guard printed.verdict != "not wrong" else {
        if let finding = try? Self.finding(printed.latex, printed.heading) {
          #expect(finding.verdict != .wrong, "\(printed.latex)\n\(Self.text(finding))")
        }
        continue
      }
      let finding = try Self.finding(printed.latex, printed.heading)
      let note = Comment(rawValue: "\(printed.heading): \(printed.latex)\n\(Self.text(finding))")
      #expect(finding.verdict.rawValue == printed.verdict, note)
      // Nothing is meant to be what it is.
      let isEmpty = finding.details.contains { detail in
        let sides = detail.dropFirst("meant: ".count).components(separatedBy: " = ")
        return detail.hasPrefix("meant: ") && sides.count == 2 && sides[0] == sides[1]
      }
      #expect(!isEmpty, note)
      if let says = printed.says { #expect(finding.details.contains(says), note) }
      guard let expected = printed.expected else { continue }
      #expect((finding.verdict == .wrong ? finding.mistake : finding.reference) == expected, note)
    }
  }

  @Test func saysWhatIsMissing() throws {
    let latex =
      #"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t, v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2, \hat v_t = v_t/(1-\beta_2^t), \theta_{t+1} = \theta_t - \alpha m_t/(\sqrt{\hat v_t} + \epsilon)"#
    let finding = try Self.finding(latex, "### 3.1 Adam")
    #expect(finding.headline == "≠ adam")
    #expect(
      finding.details == [
        "= adam with bias correction of v but not of m   same for 200 steps",
        "first differs from adam at step 1: θ 0.99 vs 0.9",
        "what is missing: m̂ = m/(1 - β₁ᵗ)",
      ])
  }

  @Test func pointsAtThePlace() throws {
    let latex =
      #"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t, v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2, \hat m_t = \frac{m_t}{1-\beta_1^t}, \hat v_t = \frac{v_t}{1-\beta_1^{t}}, \theta_{t+1} = \theta_t - \alpha \hat m_t/(\sqrt{\hat v_t} + \epsilon)"#
    let finding = try Self.finding(latex, "")
    #expect(finding.mistake == "beta1-for-beta2")
    let span = try #require(finding.span)
    #expect(span.text.contains(#"\beta_1"#))
    // The second of its kind, that in v̂.
    #expect(span.start > (latex as NSString).range(of: #"\hat v_t ="#).location)
  }
}

@Suite struct NamedMethodTests {
  static let headings: [(text: String, methods: [String])] = [
    ("### 3.2 Adam", ["adam"]),
    ("AdamW", ["adamw"]),
    ("The AdamW optimizer", ["adamw"]),
    ("Adam (Adaptive Moment Estimation)", ["adam"]),
    ("2.1 随机梯度下降（SGD）", ["gradient-descent"]),
    ("小批量梯度下降", ["gradient-descent"]),
    ("动量法（Momentum）", ["momentum"]),
    ("带动量的随机梯度下降", ["momentum"]),
    ("SGD with momentum", ["momentum"]),
    ("Nesterov momentum", ["nesterov"]),
    ("SGD with Nesterov momentum", ["nesterov"]),
    ("Nesterov Accelerated Gradient (NAG)", ["nesterov"]),
    ("自适应矩估计", ["adam"]),
    ("RMSProp", ["rmsprop"]),
    ("RMSprop with momentum", ["rmsprop-momentum"]),
    ("Momentum vs. RMSprop", ["momentum", "rmsprop"]),
    ("Gradientenabstieg mit Momentum", ["momentum"]),
    ("Stochastischer Gradientenabstieg", ["gradient-descent"]),
    ("Descente de gradient stochastique", ["gradient-descent"]),
    ("Descenso del gradiente estocástico", ["gradient-descent"]),
    ("Adam without bias correction", ["adam-uncorrected"]),
    ("简化的 Adam（不做偏差修正）", ["adam-uncorrected"]),
    ("Adam with Nesterov momentum", ["nadam"]),
    ("AMSGrad", ["amsgrad"]), ("AdaMax", ["adamax"]), ("Ada-Delta", ["adadelta"]),
    ("Variants of Adam", []), ("Madame Bovary", []), ("Lambda and sigma", []),
    ("Loss functions", []),
  ]

  @Test(arguments: headings.indices) func findsWhatIsNamed(_ place: Int) {
    let (text, methods) = Self.headings[place]
    #expect(NamedMethods.find(in: text).map(\.id) == methods, "\(text)")
  }

  @Test func everyMethodHasItsRules() throws {
    for method in NamedMethod.catalogue {
      for name in method.rules {
        #expect(try RuleLibrary.rule(named: name) != nil, "\(method.id): \(name)")
      }
    }
  }
}
