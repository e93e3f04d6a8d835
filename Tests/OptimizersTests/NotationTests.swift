// The same rule in many notations gives the numbers of the catalogue's rule.

import Diagnostics
import Foundation
import Notation
import Optimizers
import Tensors
import Testing

/// One entry of `Data/notations.txt`.
struct NotationEntry: Sendable, CustomTestStringConvertible {
  var title: String
  /// The catalogue's rule, or a rule written out.
  var rule: String
  /// The rule as a program, where the catalogue has none.
  var program: String?
  /// Hyperparameter of the catalogue → symbol of the text, or a number.
  var symbols: [(role: String, text: String)]
  var latex: String
  var testDescription: String { title }

  static let all: [NotationEntry] = {
    let path = Recorded.folder.appendingPathComponent("notations.txt")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
    return text.components(separatedBy: "\n## ").dropFirst().compactMap { block in
      let lines = block.components(separatedBy: "\n")
      guard lines.count > 2 else { return nil }
      var head = lines[1]
      var program: String?
      if head.hasPrefix("program "), let end = head.lastIndex(of: "}") {
        program = String(head[..<end].dropFirst(8)) + "}"
        head = "rule r" + head[head.index(after: end)...]
      }
      let words = head.split(separator: " ").map(String.init)
      guard words.count >= 2, words[0] == "rule" else { return nil }
      return NotationEntry(
        title: lines[0], rule: words[1], program: program,
        symbols: words.dropFirst(2).compactMap { word in
          guard let sign = word.firstIndex(of: "=") else { return nil }
          return (String(word[..<sign]), String(word[word.index(after: sign)...]))
        }, latex: lines.dropFirst(2).joined(separator: "\n"))
    }
  }()
}

/// One entry of `Data/no-rules.txt`: what looks like a rule and is none, or none that can be run.
struct NoRuleEntry: Sendable, CustomTestStringConvertible {
  var title: String
  var latex: String
  var testDescription: String { title }

  static let all: [NoRuleEntry] = {
    let path = Recorded.folder.appendingPathComponent("no-rules.txt")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
    return text.components(separatedBy: "\n## ").dropFirst().map { block in
      let lines = block.components(separatedBy: "\n")
      return NoRuleEntry(title: lines[0], latex: lines.dropFirst().joined(separator: "\n"))
    }
  }()
}

@Suite struct NotationTests {
  @Test(arguments: NoRuleEntry.all) func isNotReadAsARule(_ entry: NoRuleEntry) {
    do {
      let reading = try FormulaReader.read(Span(Source(entry.latex)))
      #expect(
        reading.rule == nil,
        "\(reading.rule.map { RulePrinter(.ascii).text($0.declaration) } ?? "")")
      #expect(!reading.reason.isEmpty)
    } catch {
      #expect(error.span != nil, "\(error.message) has no place")
    }
  }

  /// Values that tell hyperparameters apart.
  static let values: [String: Double] = [
    "lr": 0.04, "beta": 0.8, "beta1": 0.7, "beta2": 0.95, "eps": 0.01, "rho": 0.85,
    "weight_decay": 0.3, "nu": 0.6, "dampening": 0.25, "lambda": 0.2, "b0": 0.4, "trust": 0.3,
    "c": 0.6, "up": 1.3, "down": 0.45, "largest": 0.5, "smallest": 0.002, "mu": 0.8, "tau": 0.25,
    "lam": 0.3, "eta": 0.4, "alpha": 0.07, "k": 0.2, "s": 0.04, "gamma": 0.9, "wd": 0.05, "l": 0.02,
    "root": 0.004, "lipschitz": 9, "best": -1.5,
  ]

  /// Rules that the catalogue lacks.
  static let written: [String: String] = [
    "rmsprop_momentum_lr_inside":
      "rule r(lr, rho, beta, eps) { state s = 0, d = 0; s = rho*s + (1 - rho)*g^2; d = beta*d + lr*g/(√s + eps); w = w - d }",
    "nesterov_velocity_lookahead":
      "rule r(lr, beta) { state v = 0; v = beta*v - lr*grad(w + beta*v); w = w + v }",
    "nesterov_yx":
      "rule r(lr, beta) { state y = w; y_old = y; y = w - lr*g; w = y + beta*(y - y_old) }",
    "clip_value_interval": "rule r(lr, c) { w = w - lr*clip(g, -c, c) }",
    "primal_averaging":
      "rule r(lr, beta) { state z = w; z = z - lr*g; w = beta*w + (1 - beta)*z }",
    "adam_norm":
      "rule r(lr, beta1, beta2, eps, weight_decay) { state m = 0, v = 0; v = beta2*v + (1 - beta2)*sum(g^2); m = beta1*m + g/(√v + eps) + weight_decay*w; w = w - lr*m }",
    "gradient_descent_inverse": "rule r(lr, beta) { w = w - lr/(1 + beta*(t - 1))*g }",
    "gradient_descent_over_t": "rule r(lr) { w = w - lr/t*g }",
    "clip_cases": "rule r(lr, c) { w = w - lr*where(norm(g) <= c, g, c*g/norm(g)) }",
    "adam_v_only":
      "rule r(lr, beta1, beta2, eps) { state m = 0, v = 0; m = beta1*m + (1 - beta1)*g; v = beta2*v + (1 - beta2)*g^2; w = w - lr*m/(√(v/(1 - beta2^t)) + eps) }",
  ]

  static let objective = "0.5*(3*x0^2 + 0.4*x1^2) + 0.3*x0*x1 - x1 + 0.7*(x2 - 1)^2 + 0.1*x2^4"

  @Test(arguments: NotationEntry.all) func equalsTheCatalogue(_ entry: NotationEntry) throws {
    let printed = try PrintedRule(entry.latex)
    var given: [(name: Name, value: Double)] = []
    var arguments: [String] = []
    for (role, text) in entry.symbols {
      if let number = Double(text) {
        arguments.append("\(role)=\(number)")
        continue
      }
      let value = try #require(Self.values[role], "\(role)")
      let preamble = entry.latex.components(separatedBy: "\n").first {
        $0.hasPrefix("\\newcommand{\\aleph")
      }
      var name = try #require(Name(latex: (preamble ?? "") + text), "\(text)")
      // t is the number of the step in every rule.
      if name.canonical == "t" { name = Name(canonical: "t_value") }
      #expect(
        printed.reading.declaration.parameters.contains { $0.name == name },
        "\(name) is no hyperparameter of\n\(RulePrinter(.ascii).text(printed.reading.declaration))")
      given.append((name, value))
      arguments.append("\(role)=\(value)")
    }
    #expect(
      printed.reading.declaration.parameters.allSatisfy { parameter in
        given.contains { $0.name == parameter.name }
      }, "other hyperparameters: \(printed.rule.signature)")
    let start = Tensor([1.2, -0.7, 0.4], shape: [3])
    let source = GradientSource.objective(Self.objective)
    var calls = ["\(entry.rule)(\(arguments.joined(separator: ", ")))"]
    if entry.program == nil, entry.rule == "momentum_l2" {
      calls = [
        "weight_decay(wd=0.3)", "momentum(lr=0.04, beta=0.8)",
      ]
    }
    var stages = try (entry.program ?? Self.written[entry.rule]).map { text in
      let rule = try Rule(try #require(try RuleDeclaration.parse(Source(text)).first))
      let call = try expression("x(\(arguments.joined(separator: ", ")))")
      guard case .call(_, let values) = call.kind else { return [ChosenRule]() }
      return [try ChosenRule(rule, arguments: values, at: call.span)]
    }
    if stages == nil { stages = try calls.map(chosenRule) }
    let reference = try RuleRun(stages ?? [], start: start, source: source)
    let live = try RuleRun([try printed.chosen(given)], start: start, source: source)
    var worst = 0.0
    for _ in 0..<12 {
      reference.step()
      live.step()
      worst = max(worst, relativeDifference(live.parameter, reference.parameter))
    }
    #expect(
      worst <= 1e-12,
      "\(worst) away from \(calls):\n\(RulePrinter(.ascii).text(printed.reading.declaration))")
  }
}
