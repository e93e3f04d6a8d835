// Every line of every optimizer can be explained, and goes back to where it came from.

import Diagnostics
import Optimizers
import Testing

@testable import Commands
@testable import Engine

@Suite("Looking at every rule")
struct LookingRulesTests {
  private final class Errors {
    var texts: [String] = []
  }

  @Test(arguments: RuleLibrary.names)
  func everyLineIsExplained(_ rule: String) throws {
    let errors = Errors()
    var line = ""
    let interpreter = Interpreter(
      surface: Surface(show: { report in
        if let error = report as? ErrorReport { errors.texts.append(error.diagnostic.message) }
        for text in report.text(Format(width: 70)) { _ = text.plain }
        _ = report.json()
      }))
    func run(_ text: String) {
      line = text
      interpreter.run(Source(text))
    }
    run("param w = [1, -2]; param b = 0.5")
    run("loss L = sum((w - [3, 1])^2) + (b - w[0])^2")
    // Some rules have no lr, stages need a rule behind them.
    for choice in [
      "\(rule)(lr=0.01)", rule, "\(rule) |> sgd(lr=0.01)", "\(rule)(1) |> sgd(lr=0.01)",
    ] {
      errors.texts = []
      run("optimizer \(choice)")
      if errors.texts.isEmpty { break }
    }
    if rule == "torch.Muon" { return }  // It is for matrices only.
    run("step 3")
    let record = try #require(try interpreter.session.record(), "\(errors.texts)")
    for parameter in record.parameters {
      for number in parameter.lines.indices where parameter.lines[number].value.shape.rank > 0 {
        let name = parameter.lines[number].isParameter ? "" : ".\(parameter.lines[number].name)"
        run("explain \(parameter.name)\(name)[0]")
        if parameter.lines[number].isParameter { run("why \(parameter.name)[0] depth=2") }
      }
      run("explain \(parameter.name)")
      run("why \(parameter.name)")
    }
    run("table t, L, w, b")
    #expect(errors.texts.isEmpty, "\(line): \(errors.texts)")
  }
}
