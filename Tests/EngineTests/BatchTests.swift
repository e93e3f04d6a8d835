// Batches by law: every row once an epoch, the same steps when taken again, the updates that a person
// gets from the listed rows, and those of PyTorch where the order is the data's.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct BatchTests {
  static let problem = """
    X = randn(23, 3, seed=4)
    y = X @ [1, -2, 0.5] + 0.1*randn(23, seed=5)
    param w = [0.1, 0.2, 0.3]
    loss L = mse(X @ w, y)
    optimizer adam(lr=0.05)

    """

  /// The rows of each of the coming steps, which are taken one at a time.
  private func rows(_ interpreter: Interpreter, steps: Int) throws -> [[Int]] {
    var rows: [[Int]] = []
    for _ in 0..<steps {
      rows.append(try #require(try interpreter.session.comingRows()).indices)
      interpreter.run(Source("step;"))
    }
    return rows
  }

  @Test(arguments: [
    "batch 1 of X, y", "batch 5 of X, y", "batch 23 of X, y", "batch 22 of X, y seed=9",
    "batch 4 of X, y shuffle=false", "batch 4 of X, y\naccumulate 2", "batch 3 of X, y\nworkers 2",
  ])
  func anEpochTakesEveryRowOnce(_ batch: String) throws {
    let (interpreter, errors) = session(after: Self.problem + batch)
    #expect(errors.isEmpty)
    let updates = try #require(try interpreter.session.epochLayout()).updates
    var orders: [[Int]] = []
    for _ in 0..<3 {
      let epoch = try rows(interpreter, steps: updates).flatMap { $0 }
      #expect(epoch.sorted() == Array(0..<23))
      orders.append(epoch)
    }
    if batch.contains("shuffle=false") {
      #expect(orders.allSatisfy { $0 == Array(0..<23) })
    } else {
      #expect(Set(orders).count == 3)
    }
  }

  @Test func aShortLastBatchIsKeptOrDropped() throws {
    let (kept, _) = session(after: Self.problem + "batch 5 of X, y")
    #expect(try rows(kept, steps: 10).map(\.count) == [5, 5, 5, 5, 3, 5, 5, 5, 5, 3])
    let (dropped, _) = session(after: Self.problem + "batch 5 of X, y last=drop")
    let all = try rows(dropped, steps: 8)
    #expect(all.map(\.count) == [Int](repeating: 5, count: 8))
    // What is left out changes from epoch to epoch.
    #expect(Set(all[..<4].flatMap { $0 }) != Set(all[4...].flatMap { $0 }))
  }

  @Test func anotherSeedIsAnotherOrderAndTheSameOneTheSame() throws {
    func order(_ seed: Int) throws -> [[Int]] {
      let (interpreter, _) = session(after: Self.problem + "batch 5 of X, y seed=\(seed)")
      return try rows(interpreter, steps: 7)
    }
    #expect(try order(0) == order(0))
    #expect(try order(0) != order(1))
  }

  /// Every update is the one with the gradient of the listed rows given by hand.
  @Test(arguments: ["adam(lr=0.05)", "sgd(lr=0.1)", "momentum(lr=0.05)"])
  func updatesAreThoseOfTheListedRows(_ optimizer: String) throws {
    let problem = Self.problem + "optimizer \(optimizer)\n"
    let (interpreter, _) = session(after: problem + "batch 4 of X, y seed=2")
    let (byHand, _) = session(after: problem)
    let x = try #require(value("X", after: Self.problem)).elements
    let y = try #require(value("y", after: Self.problem)).elements
    for _ in 0..<20 {
      let rows = try #require(try interpreter.session.comingRows()).indices
      let w = byHand.session.snapshot["w"]?.elements ?? [0.1, 0.2, 0.3]
      var gradient = [0.0, 0, 0]
      for row in rows {
        let own = Array(x[(3 * row)..<(3 * row + 3)])
        let residual = own[0] * w[0] + own[1] * w[1] + own[2] * w[2] - y[row]
        for i in 0..<3 { gradient[i] += 2 * residual * own[i] / Double(rows.count) }
      }
      interpreter.run(Source("step;"))
      byHand.run(Source("step g=[\(gradient.map { "\($0)" }.joined(separator: ", "))];"))
      let a = try #require(interpreter.session.snapshot["w"]).elements
      let b = try #require(byHand.session.snapshot["w"]).elements
      for (p, q) in zip(a, b) { #expect(abs(p - q) <= 1e-12 * max(1, abs(q))) }
    }
  }

  /// From make/batches.py, PyTorch 2.15: DataLoader(shuffle=False), 3 epochs.
  static let recorded: [(optimizer: String, batch: String, w: [Double])] = [
    ("torch.SGD(lr=0.1, momentum=0.9)", "3", [2.86817838038598, -1.560681004256377]),
    ("torch.SGD(lr=0.1, momentum=0.9)", "3 drop", [0.8394875385916734, -0.39121587225365245]),
    ("torch.SGD(lr=0.1, momentum=0.9)", "2 of 2", [1.595519930747569, -1.1056387341306193]),
    ("torch.SGD(lr=0.1, momentum=0.9)", "1", [2.4266210504514465, -0.4650907832586471]),
    ("torch.Adam(lr=0.05)", "3", [0.5756442437088181, 0.1534179770259947]),
    ("torch.Adam(lr=0.05)", "3 drop", [0.5404217081038543, 0.20808511625942472]),
    ("torch.Adam(lr=0.05)", "2 of 2", [0.5029887360881019, 0.20383460649246762]),
    ("torch.Adam(lr=0.05)", "1", [0.8032033680093971, -0.09892270800158691]),
  ]

  @Test(arguments: recorded.indices)
  func trajectoriesAreThoseOfPyTorch(_ index: Int) throws {
    let (optimizer, batch, expected) = Self.recorded[index]
    let words = batch.split(separator: " ")
    var lines = """
      n = arange(7)
      X = stack(n/4 - 0.75, n mod 3 - 1, axis=1)
      y = X @ [1.5, -0.5] + n^2/40
      param w = [0.25, 0.5]
      loss L = mse(X @ w, y)
      optimizer \(optimizer)
      batch \(words[0]) of X, y shuffle=false last=\(words.last == "drop" ? "drop" : "keep")

      """
    if words.count == 3 { lines += "accumulate \(words[2])\n" }
    let (interpreter, errors) = session(after: lines + "step 3 epochs;")
    #expect(errors.isEmpty, "\(errors.map(\.message))")
    let w = try #require(interpreter.session.snapshot["w"]).elements
    for (a, b) in zip(w, expected) { #expect(abs(a - b) < 1e-12, "\(w) \(expected)") }
  }

  @Test(arguments: ["", "set precision float32\n"])
  func runsAreTheSameStepByStep(_ setting: String) throws {
    let problem = setting + Self.problem + "batch 5 of X, y\n"
    let (fast, _) = session(after: problem + "step 333;")
    let (slow, _) = session(after: problem)
    var snapshots: [Snapshot] = []
    for _ in 0..<333 {
      slow.run(Source("step;"))
      snapshots.append(slow.session.snapshot)
    }
    #expect(fast.session.snapshot == slow.session.snapshot)
    for step in [1, 4, 5, 6, 99, 250, 332] {
      fast.run(Source("goto \(step);"))
      #expect(fast.session.snapshot == snapshots[step - 1], "step \(step)")
    }
    // Steps taken again from the past are those of before.
    fast.run(Source("goto 7; step 90;"))
    #expect(fast.session.snapshot == snapshots[96])
  }

  @Test func goingBackBeforeABatchAndOn() throws {
    let (interpreter, _) = session(after: Self.problem + "step 3;\nbatch 5 of X, y\nstep 4;")
    let four = interpreter.session.snapshot
    interpreter.run(Source("back 4; step 4;"))
    #expect(interpreter.session.snapshot == four)
    interpreter.run(Source("back 2"))
    #expect(try interpreter.session.comingRows()?.position == 2)
    interpreter.run(Source("batch 4 of X, y"))
    // A new size begins a new epoch.
    #expect(try interpreter.session.comingRows()?.position == 0)
    #expect(try interpreter.session.comingRows()?.epoch == 1)
  }

  @Test func accumulatingIsALargerBatch() throws {
    let (one, _) = session(after: Self.problem + "batch 8 of X, y\nstep 30;")
    let (four, _) = session(after: Self.problem + "batch 2 of X, y\naccumulate 4\nstep 30;")
    let a = try #require(one.session.snapshot["w"]).elements
    let b = try #require(four.session.snapshot["w"]).elements
    for (x, y) in zip(a, b) { #expect(abs(x - y) < 1e-12) }
    #expect(one.session.snapshot["batch.epoch"] == four.session.snapshot["batch.epoch"])
  }

  @Test(arguments: [2, 3, 4, 7])
  func workersMakeTheWholeBatch(_ count: Int) throws {
    let lines = Self.problem + "batch 7 of X, y\n"
    let (one, _) = session(after: lines + "step 30;")
    let (many, errors) = session(after: lines + "workers \(count)\nstep 30;")
    #expect(errors.isEmpty)
    let a = try #require(one.session.snapshot["w"]).elements
    let b = try #require(many.session.snapshot["w"]).elements
    for (x, y) in zip(a, b) { #expect(abs(x - y) < 1e-12) }
    let comparison = try #require(try many.session.compareWorkers())
    #expect(comparison.largestDifference < 1e-14)
    #expect(comparison.workers.flatMap(\.rows) == comparison.batch.indices)
  }

  @Test func aSumOverRowsIsNotAveragedByWorkers() throws {
    let (interpreter, _) = session(
      after: Self.problem + "loss S = sum((X @ w - y)^2)\nbatch 6 of X, y\nworkers 2\nstep;")
    let comparison = try #require(try interpreter.session.compareWorkers())
    #expect(comparison.largestDifference > 1)
  }

  @Test func lossesOfAStepAreOfItsBatch() throws {
    let (interpreter, _) = session(after: Self.problem + "batch 5 of X, y\nstep 4;")
    let before = interpreter.session.snapshot
    let rows = try #require(try interpreter.session.comingRows()).indices
    interpreter.run(Source("step;"))
    let record = try #require(try interpreter.session.record())
    #expect(record.batch?.indices == rows)
    var picked = "mse(X[[\(rows.map(String.init).joined(separator: ","))]] @ w, "
    picked += "y[[\(rows.map(String.init).joined(separator: ","))]])"
    interpreter.run(Source(picked))
    let after = try #require(interpreter.session.answer?.scalar)
    #expect(abs(record.objectives[0].after - after) < 1e-14)
    interpreter.run(Source("back; \(picked)"))
    #expect(interpreter.session.snapshot == before)
    let start = try #require(interpreter.session.answer?.scalar)
    #expect(abs(record.objectives[0].before - start) < 1e-14)
  }

  @Test func conditionsSeeTheBatchUnlessToldOtherwise() throws {
    let lines = Self.problem + "batch 2 of X, y\n"
    let (batch, _) = session(after: lines + "step until L < 0.05;")
    let record = try #require(try batch.session.record())
    #expect(record.objectives[0].after < 0.05)
    let (full, _) = session(after: lines + "step until full(L) < 0.05;\nfull(L)")
    #expect(try #require(full.session.answer?.scalar) < 0.05)
    #expect(full.session.step > batch.session.step)
    full.run(Source("back; full(L)"))
    #expect(try #require(full.session.answer?.scalar) >= 0.05)
  }

  @Test func epochsCount() throws {
    let lines = Self.problem + "batch 5 of X, y\n"
    let (interpreter, errors) = session(
      after: lines + "step 2 epochs;\nstep;\nstep 1 epoch;\nepoch")
    #expect(errors.isEmpty)
    #expect(interpreter.session.step == 15)
    #expect(interpreter.session.answer?.scalar == 3)
    let (until, _) = session(after: lines + "step until epoch == 10;")
    #expect(until.session.step == 50)
    // A schedule knows the epochs before its update.
    let (scheduled, _) = session(
      after: lines + "optimizer sgd(lr=0.1)\nschedule lr = 0.1*0.5^epoch\nstep 5;\nlr")
    #expect(scheduled.session.answer?.scalar == 0.1)
    scheduled.run(Source("step; lr"))
    #expect(scheduled.session.answer?.scalar == 0.05)
    let (all, _) = session(after: Self.problem + "batch all\nstep 3 epochs;\nepoch")
    #expect(all.session.step == 3)
    #expect(all.session.answer?.scalar == 3)
  }

  @Test func rowsAreTakenAfterAllOfTheDataIsKnown() throws {
    // standardize sees all rows, so a row's value is the same in every batch.
    let (interpreter, _) = session(
      after: """
        A = randn(12, 2, seed=1)*3 + 5
        X = standardize(A)
        y = sum(A, axis=1)
        param w = [0, 0]
        loss L = sum(X @ w) + sum(X[:, 0])*w[0] + sum(y)*w[1]
        optimizer sgd(lr=1)
        batch 1 of X, y
        """)
    let rows = try #require(try interpreter.session.comingRows()).indices
    interpreter.run(Source("step; w.g - [2*X[\(rows[0]), 0], X[\(rows[0]), 1] + y[\(rows[0])]]"))
    let difference = try #require(interpreter.session.answer).elements
    #expect(!difference.contains { abs($0) > 1e-12 })
  }

  @Test func aMillionStepsTakeNoMoreMemory() throws {
    let (interpreter, _) = session(
      after: """
        X = [1, 2, 3, 4, 5]
        y = [2, 4, 6, 8, 10]
        param w = 0
        loss L = mse(X*w, y)
        optimizer sgd(lr=0.001)
        batch 2 of X, y
        step 100000;
        """)
    let count = interpreter.session.timeline.branch.stretches.reduce(0) {
      $0 + $1.checkpoints.entries.count
    }
    #expect(count < 400)
    #expect(interpreter.session.step == 100_000)
  }
}
