// Rules that end runs: where they end them, by the counting of Keras and Lightning, and what is the
// best; and the settings of a search.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct BatchStoppingTests {
  static let problem = """
    X = randn(30, 20)
    y = X @ ones(20) + 4*randn(30)
    V = randn(30, 20)
    z = V @ ones(20) + 4*randn(30)
    param w = zeros(20)
    loss L = mse(X @ w, y)
    val_loss = mse(V @ w, z)
    optimizer sgd(lr=0.01)
    batch 7 of X, y

    """

  /// The value at the end of each epoch, or of each step.
  private func values(_ expression: String, per unit: String, count: Int) throws -> [Double] {
    let (interpreter, _) = session(after: Self.problem)
    var values: [Double] = []
    for _ in 0..<count {
      interpreter.run(Source("step 1 \(unit); \(expression)"))
      values.append(try #require(interpreter.session.answer?.scalar))
    }
    return values
  }

  /// Keras' EarlyStopping, with its names.
  private func keras(_ values: [Double], patience: Int, delta: Double = 0) -> (stop: Int, best: Int)
  {
    var best = 0
    var wait = 0
    for i in values.indices.dropFirst() {
      if values[i] < values[best] - delta {
        best = i
        wait = 0
      } else {
        wait += 1
        if wait >= patience { return (i + 1, best + 1) }
      }
    }
    return (values.count, best + 1)
  }

  @Test(arguments: [1, 2, 5, 8]) func patienceIsThatOfKeras(_ patience: Int) throws {
    let expected = keras(
      try values("val_loss", per: "epoch", count: 60), patience: patience)
    let (interpreter, errors) = session(
      after: Self.problem + "stop when val_loss rises for \(patience) epochs\nstep 60 epochs;")
    #expect(errors.isEmpty)
    #expect(interpreter.session.step == 5 * expected.stop)
    #expect(interpreter.session.trendProgress.best?.place.step == 5 * expected.best)
    interpreter.run(Source("goto best"))
    #expect(interpreter.session.step == 5 * expected.best)
    interpreter.run(Source("val_loss"))
    #expect(interpreter.session.answer?.scalar == interpreter.session.trendProgress.best?.value)
  }

  @Test func patienceCountsStepsToo() throws {
    let expected = keras(try values("val_loss", per: "step", count: 200), patience: 9, delta: 0.01)
    let (interpreter, errors) = session(
      after: Self.problem + "stop when val_loss rises by 0.01 for 9 steps\nstep 200;")
    #expect(errors.isEmpty)
    #expect(interpreter.session.step == expected.stop)
    #expect(interpreter.session.trendProgress.best?.place.step == expected.best)
  }

  @Test func whatShouldBeHighFalls() throws {
    let (low, _) = session(
      after: Self.problem + "stop when val_loss rises for 3 epochs\nstep 60 epochs;")
    let (high, _) = session(
      after: Self.problem + "stop when -val_loss falls for 3 epochs\nstep 60 epochs;")
    #expect(low.session.step == high.session.step)
    #expect(low.session.trendProgress.best?.place == high.session.trendProgress.best?.place)
  }

  @Test func stepsOneByOneAreTheSameRun() throws {
    let lines = Self.problem + "stop when val_loss rises for 4 epochs\n"
    let (fast, _) = session(after: lines + "step 60 epochs;")
    let (slow, _) = session(after: lines)
    for _ in 0..<fast.session.step { slow.run(Source("step;")) }
    #expect(slow.session.snapshot == fast.session.snapshot)
    #expect(slow.session.trendProgress.best?.value == fast.session.trendProgress.best?.value)
  }

  @Test func conditionsStopAtTheFirstStepTheyHold() throws {
    let (interpreter, _) = session(
      after: Self.problem + "batch all\nstop when norm(g) < 1\nstep 5000;\nnorm(g)")
    #expect(try #require(interpreter.session.answer?.scalar) < 1)
    interpreter.run(Source("back; norm(g)"))
    #expect(try #require(interpreter.session.answer?.scalar) >= 1)
    interpreter.run(Source("step; stop when change(L) < 1e-3; step 5000;"))
    let losses = try interpreter.session.losses()[0].value
    interpreter.run(Source("change(L)"))
    let change = try #require(interpreter.session.answer?.scalar)
    interpreter.run(Source("back"))
    let before = try interpreter.session.losses()[0].value
    #expect(abs(abs(losses - before) - change) < 1e-12)
    #expect(change < 1e-3)
    interpreter.run(Source("change(L)"))
    #expect(try #require(interpreter.session.answer?.scalar) >= 1e-3)
  }

  @Test func anUntilConditionComesFirst() throws {
    let shown = replies(
      "param w = 8", "loss L = w^2", "optimizer sgd(lr=0.25)", "stop when L < 1",
      "step until L < 10")
    #expect(shown.last?.hasPrefix("L < 10 holds at step 2") == true, "\(shown)")
  }

  @Test func rulesThatMakeNoSense() {
    func error(_ line: String) -> String {
      replies("param w = [1, 2]", "loss L = sum(w^2)", line)[0]
    }
    #expect(error("stop when L").hasPrefix("error: stop when needs a condition"))
    #expect(error("stop when w rises").hasPrefix("error: what rises must be a single number"))
    #expect(
      error("stop when L rises for 0 epochs").hasPrefix("error: the patience must be at least"))
    #expect(error("stop when L rises by -1").hasPrefix("error: by takes a number"))
    #expect(error("goto best").hasPrefix("error: no run has looked for a best step yet"))
  }

  // MARK: Searches

  static let search = """
    X = randn(24, 3)
    y = X @ [1, -2, 0] + 0.5*randn(24)
    param w = [0, 0, 0]
    let lambda = 0.1
    loss J = mse(X @ w, y) + lambda*l2(w)
    optimizer adam(lr=0.1)
    batch 8 of X, y

    """

  private func plan(_ axes: [(String, SearchAxis.Target, [Double])]) -> Search.Plan {
    Search.Plan(
      axes: axes.map { SearchAxis(name: Name(spelling: $0.0), target: $0.1, values: $0.2) })
  }

  @Test func aSearchIsTheRunsByHand() throws {
    let (interpreter, _) = session(after: Self.search + "step 7;")
    let before = interpreter.session.snapshot
    var search = plan([
      ("lr", .hyperparameter, [0.01, 0.3]), ("batch", .batch, [5, 24]),
      ("lambda", .definition, [0, 1]),
    ])
    search.length = .epochs(3)
    let found = try interpreter.session.search(
      search, interrupted: { false }, progress: { _, _ in })
    #expect(interpreter.session.snapshot == before)
    #expect(found.results.count == 8)
    let start = try #require(before["w"]).elements.map { "\($0)" }.joined(separator: ", ")
    for result in found.results {
      let lines = """
        param w = [\(start)]
        optimizer adam(lr=\(result.settings[0]))
        batch \(Int(result.settings[1])) of X, y
        let lambda = \(result.settings[2])
        step 3 epochs;
        J
        """
      let (byHand, _) = session(after: Self.search + lines)
      #expect(byHand.session.answer?.scalar == result.scores[0])
    }
    let best = try #require(found.best.first)
    #expect(found.results.allSatisfy { $0.mean >= found.results[best].mean })
  }

  @Test func drawnSettingsAreOfTheListsAndRepeatable() throws {
    var search = plan([("lr", .hyperparameter, (1...1000).map { Double($0) / 1000 })])
    search.draws = 20
    let settings = try Search.settings(search)
    #expect(settings.count == 20 && Set(settings).count == 20)
    #expect(try Search.settings(search) == settings)
    search.seed = 1
    #expect(try Search.settings(search) != settings)
    search.draws = 5000
    #expect(try Search.settings(search).count == 1000)
  }

  @Test func settingsThatRunAwayAreMarked() throws {
    let (interpreter, _) = session(after: Self.search + "optimizer sgd(lr=0.1)")
    var search = plan([("lr", .hyperparameter, [0.1, 1000])])
    search.length = .steps(500)
    let found = try interpreter.session.search(
      search, interrupted: { false }, progress: { _, _ in })
    #expect(found.best == [0])
    #expect(found.results[1].ending != .finished)
  }

  @Test func foldsAreMeansOverFolds() throws {
    let lines = """
      A = randn(20, 2)
      b = A @ [1, -2] + 0.5*randn(20)
      split A, b into 4 folds
      X = A.train
      y = b.train
      param w = [0, 0]
      loss L = mse(X @ w, y)
      optimizer sgd(lr=0.1)
      batch 4 of X, y

      """
    let (interpreter, errors) = session(after: lines)
    #expect(errors.isEmpty, "\(errors.map(\.message))")
    var search = plan([("lr", .hyperparameter, [0.05, 0.2])])
    search.length = .epochs(4)
    search.crossValidates = true
    var parser = try Parser(Source("mse(A.val @ w, b.val)"))
    search.goal = try parser.parseExpression()
    let found = try interpreter.session.search(
      search, interrupted: { false }, progress: { _, _ in })
    #expect(found.results.allSatisfy { $0.scores.count == 4 })
    var byHand: [Double] = []
    for fold in 1...4 {
      let run = "fold A \(fold)\noptimizer sgd(lr=0.2)\nstep 4 epochs;\nmse(A.val @ w, b.val)"
      let (other, errors) = session(after: lines + run)
      #expect(errors.isEmpty, "\(errors.map(\.message))")
      byHand.append(try #require(other.session.answer?.scalar))
    }
    #expect(found.results[1].scores == byHand)
    let mean = byHand.reduce(0, +) / 4
    let squares = byHand.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(abs(try #require(found.results[1].deviation) - (squares / 3).squareRoot()) < 1e-14)
  }

  // MARK: Comparisons

  @Test func comparedBatchesAreTheRunsByHand() throws {
    let shown = replies(
      "X = arange(12)/6", "y = 2*X + 1", "param w = [0, 0]", "loss L = mse(w[0]*X + w[1], y)",
      "optimizer sgd(lr=0.1)", "batch 4 of X, y",
      "compare sgd(lr=0.1) batch all, sgd(lr=0.1) batch 1, sgd(lr=0.1) batch 5 for 2 epochs")
    #expect(shown.contains { $0.contains("batch all") })
    for size in ["all", "1", "5"] {
      let lines = """
        X = arange(12)/6
        y = 2*X + 1
        param w = [0, 0]
        loss L = mse(w[0]*X + w[1], y)
        optimizer sgd(lr=0.1)
        batch \(size == "all" ? "all" : "\(size) of X, y")
        step 2 epochs;
        L
        """
      let loss = try #require(value("L", after: lines)?.scalar)
      let text = NumberFormat.text(loss, digits: 6)
      #expect(
        shown.contains { $0.contains("batch \(size) ") && $0.contains(text) }, "\(size) \(text)")
    }
  }
}
