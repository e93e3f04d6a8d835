// Formulas as they are printed are read as rules that give the numbers they mean.

import Diagnostics
import Foundation
import Notation
import Optimizers
import Tensors
import Testing

/// A rule read from TeX, run with hyperparameters given by their symbols.
struct PrintedRule {
  let reading: RuleReading
  let rule: Rule

  init(_ latex: String) throws {
    let reading = try FormulaReader.read(Span(Source(latex)), name: Name(canonical: "printed"))
    guard let rule = reading.rule else {
      throw Diagnostic("test", "no rule but \(reading.kind): \(reading.reason)")
    }
    self.reading = rule
    self.rule = try Rule(rule.declaration)
  }

  /// The rule with values for its hyperparameters.
  func chosen(_ values: [(name: Name, value: Double)]) throws -> ChosenRule {
    let nowhere = Span(Source(""), 0, 0)
    return try ChosenRule(
      rule,
      arguments: values.filter { pair in
        reading.declaration.parameters.contains { $0.name == pair.name }
      }.map { pair in
        Expression.Argument(
          label: pair.name,
          value: Expression(.number(pair.value, spelling: "\(pair.value)"), nowhere))
      }, at: nowhere)
  }
}

@Suite struct PrintedFormulaTests {
  static let entries: [JSON] = (try? Recorded.lines("printed-formulas.jsonl")) ?? []

  static func name(_ latex: String) throws -> Name {
    try #require(Name(latex: latex), "\(latex) is no symbol")
  }

  /// The parameter after each step.
  static func run(_ entry: JSON, _ printed: PrintedRule) throws -> [Tensor] {
    let problem = RecordedProblem(
      .object([
        "start": entry["theta0"] ?? .null, "grads": entry["grads"] ?? .null,
        "objective": entry["objective"] ?? .null,
      ]))
    let steps = Int(entry["steps"]?.number ?? 0)
    let hyper = entry["hyper"]
    let symbols = entry["symbols"]?.members ?? []
    var isSchedule = false
    func values(_ step: Int) throws -> [(name: Name, value: Double)] {
      var values: [(Name, Double)] = []
      for (symbol, role) in symbols {
        guard let given = hyper?[role.text ?? ""] else { continue }
        let name = try Self.name(symbol)
        #expect(
          printed.reading.declaration.parameters.contains { $0.name == name },
          "\(name) of \(symbol) is no hyperparameter of the rule")
        if let list = given.list {
          isSchedule = true
          values.append((name, list[step].number ?? .nan))
        } else {
          values.append((name, given.number ?? .nan))
        }
      }
      return values
    }
    var live = try RuleRun(
      [try printed.chosen(try values(0))], start: problem.start, source: problem.source)
    var parameters: [Tensor] = []
    for step in 0..<steps {
      if isSchedule, step > 0 {
        let next = try RuleRun(
          [try printed.chosen(try values(step))], start: problem.start, source: problem.source)
        next.snapshot = live.snapshot
        live = next
      }
      live.step(problem.tape?[step])
      parameters.append(live.parameter)
    }
    return parameters
  }

  /// Largest difference from what is recorded, relative, absolute near zero.
  static func distance(_ entry: JSON, _ parameters: [Tensor]) -> Double {
    var worst = 0.0
    for (step, recorded) in entry["expected"]?.members ?? [] {
      let place = step == "last" ? parameters.count - 1 : (Int(step) ?? 0) - 1
      guard parameters.indices.contains(place) else { return .infinity }
      for (seen, expected) in zip(parameters[place].elements, recorded.tensor.elements) {
        let apart = abs(seen - expected)
        worst = max(worst, apart < 1e-14 ? 0 : apart / abs(expected))
        if !apart.isFinite { return .infinity }
      }
    }
    return worst
  }

  @Test(arguments: entries.indices) func readsAsMeant(_ place: Int) throws {
    let entry = Self.entries[place]
    let id = entry["id"]?.text ?? ""
    let latex = try #require(entry["latex"]?.text)
    if entry["executable"]?.flag == false {
      #expect(throws: Diagnostic.self, "\(id)") { try PrintedRule(latex) }
      return
    }
    guard entry["kind"]?.text == "rule" else {
      let reading = try FormulaReader.read(Span(Source(latex)))
      #expect(reading.kind != .rule, "\(id) is read as a rule")
      #expect(reading.kind.rawValue == entry["kind"]?.text, "\(id)")
      #expect(!reading.reason.isEmpty)
      return
    }
    let printed = try PrintedRule(latex)
    let apart = Self.distance(entry, try Self.run(entry, printed))
    #expect(
      apart <= 1e-12,
      "\(id) is \(apart) away:\n\(RulePrinter(.ascii).text(printed.reading.declaration))")
    let source = RulePrinter(.ascii).text(printed.reading.declaration)
    let again = try RuleDeclaration.parse(Source(source))
    #expect(again.count == 1 && RulePrinter(.ascii).text(again[0]) == source)
    let pretty = RulePrinter(.pretty).text(printed.reading.declaration)
    let fromPretty = try RuleDeclaration.parse(Source(pretty))
    #expect(fromPretty.count == 1 && RulePrinter(.ascii).text(fromPretty[0]) == source)
  }
}
