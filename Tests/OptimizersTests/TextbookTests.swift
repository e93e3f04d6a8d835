// The textbook rules give the numbers they claim: those of the libraries they equal, of chains of
// optax transformations, and of programs evaluated with 50 digits.

import Foundation
import Notation
import Optimizers
import Tensors
import Testing

@Suite struct TextbookTests {
  private static func call(_ entry: JSON) -> String {
    let hyper = (entry["hyper"]?.members ?? []).map { "\($0.key)=\($0.value.argument)" }
    return (entry["rule"]?.text ?? "") + "(" + hyper.joined(separator: ", ") + ")"
  }

  private static func distance(
    of calls: [String], on problem: RecordedProblem, to params: [JSON]
  ) throws -> Double {
    let live = try RuleRun(calls, start: problem.start, source: problem.source)
    var worst = params.isEmpty ? Double.infinity : 0
    for (step, recorded) in params.enumerated() {
      live.step(problem.tape?[step])
      worst = max(worst, relativeDifference(live.parameter, recorded.tensor))
    }
    return worst
  }

  @Test func rulesEqualTheLibrariesTheyName() throws {
    let problems = try RecordedProblem.all()
    var oracles: [String: JSON] = [:]
    for run in try Recorded.lines("oracles.jsonl") + Recorded.lines("oracles-more.jsonl") {
      oracles[try #require(run["id"]?.text)] = run
    }
    var worst = WorstCases()
    for pair in try Recorded.lines("equals.jsonl") {
      let run = try #require(oracles[pair["oracle"]?.text ?? ""])
      let problem = try #require(problems[run["problem"]?.text ?? ""])
      let call = Self.call(pair)
      let library = (run["library"]?.text ?? "") + "." + (run["optimizer"]?.text ?? "")
      let apart = try Self.distance(of: [call], on: problem, to: run["params"]?.list ?? [])
      worst.note(pair["rule"]?.text ?? "", apart, in: "\(run["id"]?.text ?? "") \(library)")
      #expect(
        apart <= OracleTests.tolerance,
        "\(call) is \(apart) away from \(run["id"]?.text ?? "") of \(library)")
    }
    print(worst.printed("equals.jsonl"))
  }

  @Test func chainsEqualCompositionsOfTransformations() throws {
    let problems = try RecordedProblem.all()
    var worst = WorstCases()
    for run in try Recorded.lines("textbook.jsonl") {
      let problem = try #require(problems[run["problem"]?.text ?? ""])
      let calls = (run["chain"]?.list ?? []).map(Self.call)
      let apart = try Self.distance(of: calls, on: problem, to: run["params"]?.list ?? [])
      let chain = (run["chain"]?.list ?? []).compactMap { $0["rule"]?.text }
      worst.note(chain.joined(separator: " |> "), apart, in: run["id"]?.text ?? "")
      #expect(
        apart <= OracleTests.tolerance,
        "\(calls.joined(separator: " |> ")) is \(apart) away from \(run["equals"]?.text ?? "")")
    }
    print(worst.printed("textbook.jsonl"))
  }

  @Test func rulesEqualProgramsOfFiftyDigits() throws {
    var worst = WorstCases()
    for formula in try Recorded.lines("formulas.jsonl") {
      let problem = RecordedProblem(formula)
      let call = Self.call(formula)
      let live = try RuleRun([call], start: problem.start, source: problem.source)
      let steps = Int(formula["steps"]?.number ?? 0)
      let expected = formula["params"]
      var apart = steps > 0 ? 0 : Double.infinity
      for step in 1...max(steps, 1) {
        live.step(problem.tape?[step - 1])
        guard let recorded = expected?["\(step)"] ?? (step == steps ? expected?["last"] : nil)
        else {
          continue
        }
        apart = max(apart, relativeDifference(live.parameter, recorded.tensor))
      }
      worst.note(formula["rule"]?.text ?? "", apart, in: formula["id"]?.text ?? "")
      #expect(
        apart <= OracleTests.tolerance, "\(call) is \(apart) away (\(formula["id"]?.text ?? ""))")
    }
    print(worst.printed("formulas.jsonl"))
  }
}
