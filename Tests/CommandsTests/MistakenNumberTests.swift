// `predict` names the slip behind a number. The numbers come from wrong formulas written out in Python
// (OptimizersTests/Data/make/mistaken.py), not from the mistakes it looks through.

import Diagnostics
import Foundation
import Testing

@testable import Commands
@testable import Engine
@testable import Notation
@testable import Optimizers

@Suite struct MistakenNumberTests {
  struct Slip: CustomTestStringConvertible {
    let optimizer: String
    let steps: Int
    let asked: String
    let number: String
    let names: Set<String>

    init?(_ line: Substring) {
      let parts = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard parts.count == 5, let steps = Int(parts[1]) else { return nil }
      (optimizer, self.steps, asked, number) = (parts[0], steps, parts[2], parts[3])
      names = Set(parts[4].split(separator: " ").map(String.init))
    }

    var testDescription: String { "\(optimizer): \(asked) = \(number)" }

    static let all: [Slip] = {
      let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "Data/mistaken-numbers.txt")
      let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
      return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { Slip($0) }
    }()
  }

  @Test func thereAreNumbers() {
    #expect(Slip.all.count > 75)
    #expect(Set(Slip.all.flatMap(\.names)).count > 25)
  }

  @Test(arguments: Slip.all)
  func namesTheSlip(_ slip: Slip) throws {
    let interpreter = Interpreter(surface: Surface(show: { _ in }))
    for line in [
      "param w = [1.5, -2]", "loss L = sum([0.5, 1.5]*(w - [3, 1])^2)",
      "optimizer \(slip.optimizer)", "step \(slip.steps)",
    ] {
      interpreter.run(Source(line))
    }
    let session = interpreter.session
    let prediction = try Prediction(
      formula(slip.asked), formula(slip.number), in: session, ahead: session.afterComingStep())
    let causes = prediction.diagnosis.causes
    #expect(!prediction.diagnosis.isRightSoFar)
    #expect(
      causes.contains { slip.names.contains($0.id) },
      "\(slip.names) → \(causes.map { "\($0.id): \($0.says)" })")
    #expect(causes.count <= 4, "\(causes.map(\.says))")
  }
}
