// Named schedules give the libraries' learning rates, and SGD with them the libraries' parameters.

import Diagnostics
import Foundation
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct ScheduleTests {
  struct TorchRun: Decodable {
    let id: String
    let calls: [String]
    let momentumCall: String?
    let metrics: [Double]?
    let lr: [Double]
    let momentum: [Double]?
    let start: [Double]
    let params: [[Double]]
  }

  struct Tape: Decodable {
    let grads: RecordedTensor?
  }

  struct OptaxRates: Decodable {
    let id: String
    let call: String
    let values: [Double]
  }

  @Test func torchRunsOfThirtySteps() throws {
    let file = RecordedData.folder.appendingPathComponent(
      "../../OptimizersTests/Data/problems.json")
    let problems = try JSONDecoder().decode([String: Tape].self, from: Data(contentsOf: file))
    guard case .list(let gradients)? = problems["tape"]?.grads else {
      Issue.record("no tape")
      return
    }
    let runs = try RecordedData.lines("schedules-torch.jsonl", as: TorchRun.self)
    #expect(runs.count == 20)
    for run in runs {
      for call in run.calls {
        var lines = ["param w = \(run.start)"]
        if let metrics = run.metrics { lines.append("metrics = \(metrics)") }
        // The value a plateau watches is that of the step before.
        lines.append(
          run.momentum == nil
            ? "optimizer sgd(lr=0.1)" : "optimizer torch.SGD(lr=0.1, momentum=0.9)")
        lines.append(
          "schedule lr = "
            + call.replacingOccurrences(of: "metrics", with: "metrics[max(t - 2, 0)]"))
        if let momentum = run.momentumCall { lines.append("schedule momentum = \(momentum)") }
        let live = session(lines.joined(separator: "\n"))
        for (step, gradient) in gradients.enumerated() {
          live.run(Source("step g=\(gradient.literal);"))
          let rate = try #require(
            try live.session.record()?.parameters.first?.value(of: Name(canonical: "lr")))
          #expect(
            distance(rate.elements, [run.lr[step]]) < 1e-12, "\(run.id) \(call) step \(step + 1)")
          let now = live.session.snapshot["w"]?.elements ?? []
          #expect(
            distance(now, run.params[step]) < 1e-12, "\(run.id) \(call) step \(step + 1): \(now)")
        }
      }
    }
  }

  @Test func optaxRates() throws {
    for record in try RecordedData.lines("schedules-optax.jsonl", as: OptaxRates.self) {
      expect(record.call, record.values, record.id)
    }
  }

  /// From the formulas in Keras's source, which counts from 0.
  @Test func kerasRates() {
    let steps = (0..<30).map(Double.init)
    expect(
      "keras.ExponentialDecay(0.1, 10, 0.5)", steps.map { 0.1 * pow(0.5, $0 / 10) })
    expect(
      "keras.ExponentialDecay(0.1, 10, 0.5, staircase=true)",
      steps.map { 0.1 * pow(0.5, ($0 / 10).rounded(.down)) })
    expect("keras.InverseTimeDecay(0.1, 4, 0.5)", steps.map { 0.1 / (1 + 0.5 * $0 / 4) })
    expect(
      "keras.InverseTimeDecay(0.1, 4, 0.5, staircase=true)",
      steps.map { 0.1 / (1 + 0.5 * ($0 / 4).rounded(.down)) })
    // learning_rate = values[0] while step <= boundaries[0], and so on.
    expect(
      "keras.PiecewiseConstantDecay([5, 12], [0.1, 0.05, 0.01])",
      steps.map { $0 <= 5 ? 0.1 : $0 <= 12 ? 0.05 : 0.01 })
    expect(
      "keras.PolynomialDecay(0.1, 20, 0.01, power=2)",
      steps.map { 0.09 * pow(1 - min($0, 20) / 20, 2) + 0.01 })
    expect(
      "keras.PolynomialDecay(0.1, 8, 0.01, cycle=true)",
      steps.map { 0.09 * (1 - $0 / (8 * max(1, ($0 / 8).rounded(.up)))) + 0.01 })
    expect(
      "keras.CosineDecay(0.1, 20, alpha=0.1)",
      steps.map { 0.1 * (0.9 * 0.5 * (1 + cos(.pi * min($0, 20) / 20)) + 0.1) })
    expect(
      "keras.CosineDecay(0.01, 20, alpha=0.1, warmup_target=0.1, warmup_steps=5)",
      steps.map {
        $0 < 5
          ? 0.01 + 0.09 * $0 / 5
          : 0.1 * (0.9 * 0.5 * (1 + cos(.pi * min($0 - 5, 20) / 20)) + 0.1)
      })
    // Cycles of 4, 8, 16 steps that begin at 0, 4 and 12.
    expect(
      "keras.CosineDecayRestarts(0.1, 4, m_mul=0.5, alpha=0.1)",
      steps.map { step in
        let (n, start, length) =
          step < 4 ? (0.0, 0.0, 4.0) : step < 12 ? (1, 4, 8) : step < 28 ? (2, 12, 16) : (3, 28, 32)
        let height = 0.5 * pow(0.5, n) * (1 + cos(.pi * (step - start) / length))
        return 0.1 * (0.9 * height + 0.1)
      })
  }

  @Test func textbookRates() {
    let t = (1...30).map(Double.init)
    expect("noam(512, 4000)", t.map { pow(512, -0.5) * min(pow($0, -0.5), $0 * pow(4000, -1.5)) })
    expect("noam(64, 10, scale=2)", t.map { 0.25 * min(pow($0, -0.5), $0 * pow(10, -1.5)) })
    expect("inverse_time(0.1, 0.5, 4)", t.map { 0.1 / (1 + 0.5 * ($0 - 1) / 4) })
    expect("warmup(0.1, 10)", t.map { min(0.01 * $0, 0.1) })
    expect(
      "cyclic(0, 1, 2, 4)", t.map { [0, 0.5, 1, 0.75, 0.5, 0.25][(Int($0) - 1) % 6] })
  }

  private func expect(
    _ call: String, _ values: [Double], _ id: String = "",
    _ location: SourceLocation = #_sourceLocation
  ) {
    let live = session("param w = 1\noptimizer sgd(lr=0.1)").session
    do {
      for (i, value) in values.enumerated() {
        var parser = try Parser(Source("\(call.dropLast()), t=\(i + 1))"))
        let ours = try live.evaluate(parser.parseExpression()).elements
        #expect(
          distance(ours, [value]) < 1e-13, "\(id) \(call) t = \(i + 1): \(ours), not \(value)",
          sourceLocation: location)
      }
    } catch {
      Issue.record("\(call): \(error)", sourceLocation: location)
    }
  }
}
