// A plateau lowers the rate once an epoch, by what a loop written out in full says, and a run that
// goes back and on again comes to the same rates.

import Diagnostics
import Foundation
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct PlateauTests {
  private static let start = """
    X = randn(40, 3, seed=1); y = X @ [1, -2, 3] + 0.5*randn(40, seed=2)
    model f = linear(3, 4) |> batchnorm(4) |> relu |> dropout(0.3) |> linear(4, 1)
    loss L = mse(f(X), y)
    optimizer sgd(lr=0.1)
    """

  private func rate(_ live: Interpreter) throws -> Double {
    let record = try #require(try live.session.record())
    return try #require(record.parameters.first?.value(of: Name(canonical: "lr"))?.scalar)
  }

  private func value(_ text: String, _ live: Interpreter) throws -> Double {
    var parser = try Parser(Source(text))
    return try #require(try live.session.evaluate(parser.parseExpression()).scalar)
  }

  /// PyTorch's ReduceLROnPlateau in its own words.
  private struct Scheduler {
    var rate: Double
    var isMax = false
    var isAbsolute = false
    var factor = 0.1
    var patience = 2
    var threshold = 1e-4
    var bad = 0
    var best: Double?

    mutating func step(_ value: Double) {
      let old = best ?? (isMax ? -Double.infinity : .infinity)
      let margin = isAbsolute ? threshold : old * threshold
      if isMax ? value > old + margin : value < old - margin || best == nil {
        (best, bad) = (value, 0)
      } else {
        bad += 1
      }
      if bad > patience {
        (rate, bad) = (rate * factor, 0)
      }
    }
  }

  @Test(arguments: [
    // Batches in an epoch: four of 9 and a short one; four even ones; one alone; one that averages.
    ("batch 9 of X, y seed=1", 5), ("batch 10 of X, y", 4), ("batch 40 of X, y", 1),
    ("batch 9 of X, y last=drop", 4), ("batch 9 of X, y; accumulate 2", 3), ("batch all", 1),
  ])
  func onceAnEpochOnAllTheData(_ batch: String, updates: Int) throws {
    let live = session(
      Self.start, batch, "schedule lr = plateau(0.1, L, factor=0.5, patience=1)")
    var expected = Scheduler(rate: 0.1)
    (expected.factor, expected.patience) = (0.5, 1)
    var rates: [Double] = []
    for epoch in 0..<25 {
      for _ in 0..<updates {
        live.run(Source("step;"))
        #expect(try abs(rate(live) - expected.rate) < 1e-15, "\(batch), epoch \(epoch)")
      }
      rates.append(try rate(live))
      // At the prompt L is that of all the data, without dropout.
      expected.step(try value("L", live))
    }
    #expect(Set(rates).count > 2, "\(batch): \(rates)")
    // The same in one run, and again from the middle of an epoch.
    let end = live.session.snapshot
    for lines in ["goto 0\nstep \(25 * updates);", "goto 13\nstep \(25 * updates - 13);"] {
      live.run(Source(lines))
      #expect(live.session.snapshot.values == end.values, "\(batch): \(lines)")
    }
  }

  @Test func everyStepSeesTheBatch() throws {
    let live = session(
      """
      X = arange(6)/6; y = 2*X + randn(6, seed=3)
      param w = 0
      loss L = mse(X*w, y)
      optimizer sgd(lr=0.1)
      batch 2 of X, y
      """, "schedule lr = plateau(0.1, L, factor=0.5, patience=0, every=step)")
    var expected = Scheduler(rate: 0.1)
    (expected.factor, expected.patience) = (0.5, 0)
    for step in 1...20 {
      live.run(Source("step;"))
      let record = try #require(try live.session.record())
      if step > 1 { expected.step(try #require(record.objectives.first?.before)) }
      #expect(try abs(rate(live) - expected.rate) < 1e-15, "step \(step)")
    }
  }

  @Test(arguments: [
    ("mode=\"max\"", true, false), ("mode=max, threshold_mode=abs, threshold=0.05", true, true),
    ("mode=min, threshold_mode=\"abs\", threshold=0.05", false, true),
  ])
  func torchsNamesAndModes(_ arguments: String, _ isMax: Bool, _ isAbsolute: Bool) throws {
    let watched = [0.5, 0.6, 0.61, 0.612, 0.58, 0.7, 0.69, 0.4, 0.41, 0.39, 0.38, 0.9, 0.2, 0.2]
    let live = session(
      "m = \(watched)", "param w = 1", "loss L = w^2", "optimizer sgd(lr=0.1)",
      "schedule lr = torch.ReduceLROnPlateau(0.2, m[max(t - 2, 0)], factor=0.5, patience=1, "
        + "min_lr=0, \(arguments))")
    var expected = Scheduler(rate: 0.2, isMax: isMax, isAbsolute: isAbsolute)
    (expected.factor, expected.patience) = (0.5, 1)
    if isAbsolute { expected.threshold = 0.05 }
    for step in 1...watched.count {
      live.run(Source("step;"))
      #expect(try abs(rate(live) - expected.rate) < 1e-15, "step \(step)")
      expected.step(watched[step - 1])
    }
    #expect(expected.rate < 0.1)
  }

  @Test func mistakesAreSaid() {
    for (call, words) in [
      ("plateau(L, 0.1)", "the rate comes first: plateau(0.1, L)"),
      ("plateau(0.1, 5)", "plateau watches 5, which never changes"),
      ("plateau(0.1)", "plateau needs watch"), ("plateau(0.1, L, factor=1)", "factor of plateau"),
      ("plateau(0.1, L, patience=-1)", "patience of plateau"),
      ("plateau(0.1, L, mode=up)", "mode is min or max"),
      ("plateau(0.1, L, every=3)", "every is epoch or step"),
      ("plateau(0.1, L, speed=3)", "plateau has no such argument"),
      ("torch.ReduceLROnPlateau(0.1, L, min=3)", "torch.ReduceLROnPlateau has no such argument"),
    ] {
      let reply =
        replies("param w = 1", "loss L = w^2", "optimizer sgd(lr=0.1)", "schedule lr = \(call)")
        .last ?? ""
      #expect(
        reply.hasPrefix("error: ") && reply.contains(words) && reply.contains(" at "),
        "\(call): \(reply)")
    }
  }
}
