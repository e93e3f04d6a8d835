// Going back is exact to the bit, however far, and costs little memory.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

/// A session that has run these lines.
func session(_ lines: String...) -> Interpreter {
  let interpreter = Interpreter(surface: Surface(show: { _ in }))
  let shown = Shown()
  interpreter.surface.show = { report in
    if let error = report as? ErrorReport { shown.errors.append(error.diagnostic.message) }
  }
  interpreter.run(Source(lines.joined(separator: "\n")))
  #expect(shown.errors.isEmpty, "\(shown.errors)")
  return interpreter
}

final class Shown {
  var errors: [String] = []
}

@Suite struct TimeTravelTests {
  static let rosenbrock = """
    param w = [-1.2, 1]
    loss L = (1 - w[0])^2 + 100*(w[1] - w[0]^2)^2
    optimizer adam(lr=0.001)
    """

  @Test(arguments: [0, 1, 2, 777, 4096, 65_536, 123_457, 299_999])
  func gotoGivesTheBitsOfAFreshRun(_ step: Int) {
    let long = session(Self.rosenbrock, "step 300000", "goto \(step)")
    let fresh = session(Self.rosenbrock, step == 0 ? "" : "step \(step)")
    #expect(long.session.step == step)
    #expect(long.session.snapshot["w"] == fresh.session.snapshot["w"])
    if step > 0 {
      #expect(long.session.snapshot["w.m"] == fresh.session.snapshot["w.m"])
      #expect(long.session.snapshot["w.v"] == fresh.session.snapshot["w.v"])
    }
  }

  @Test func aRunInPiecesEqualsARunAtOnce() {
    let once = session(Self.rosenbrock, "step 5000")
    let pieces = session(Self.rosenbrock, "step 1", "step 999", "step", "step", "step 3998")
    #expect(once.session.snapshot == pieces.session.snapshot)
  }

  @Test(arguments: [
    "step", "step 3", "step 100", "step until L < 0.1", "stop when L stalls for 5 steps; step 100",
  ])
  func aRunThatCannotBeginTakesNothingBack(_ run: String) {
    let spoiled = "param w = [1, 2]; loss L = sum((w - 3)^2); optimizer sgd(lr=0.1); step 3;"
    let interpreter = session(spoiled, "w[0] = 1e200")
    let before = (interpreter.session.snapshot, interpreter.session.timeline.position)
    #expect(!interpreter.run(Source(run)))
    #expect(interpreter.session.snapshot == before.0)
    #expect(interpreter.session.timeline.position == before.1)
  }

  @Test func memoryGrowsLikeTheLogarithm() {
    var counts: [Int] = []
    for steps in [1_000, 10_000, 100_000, 1_000_000] {
      let run = session(Self.rosenbrock, "step \(steps)")
      counts.append(
        run.session.timeline.branch.stretches.reduce(0) { $0 + $1.checkpoints.entries.count })
    }
    for (i, count) in counts.enumerated() {
      // Each factor of ten adds at most density · ln 10 ≈ 37 snapshots.
      #expect(count <= 40 * (i + 2), "\(counts)")
    }
  }

  @Test func singleStepsAreThinnedToo() {
    var checkpoints = Checkpoints(start: Snapshot())
    for offset in 1...20_000 { checkpoints.append(Snapshot(), at: offset) }
    #expect(checkpoints.entries.count < 16 * 12)
    for offset in stride(from: 1, through: 20_000, by: 97) {
      let age = 20_000 - offset
      #expect(offset - checkpoints.nearest(to: offset).offset <= age / 8 + 2)
    }
  }

  @Test func stepsAfterGoingBackStartABranchAndTheOldOneIsKept() {
    let run = session(
      Self.rosenbrock, "step 10", "back 4", "optimizer sgd(lr=0.0001)", "step 3")
    #expect(run.session.timeline.branches.count == 2)
    #expect(run.session.step == 9)
    run.run(Source("branch 1"))
    #expect(run.session.step == 10)
    #expect(
      run.session.snapshot["w"] == session(Self.rosenbrock, "step 10").session.snapshot["w"])
    run.run(Source("branch 2\ngoto 6"))
    #expect(
      run.session.snapshot["w"] == session(Self.rosenbrock, "step 6").session.snapshot["w"])
  }

  @Test func steppingForwardAgainStaysOnTheBranch() {
    let run = session(Self.rosenbrock, "step 10", "back 4", "step 2", "step", "step 3")
    #expect(run.session.timeline.branches.count == 1)
    #expect(run.session.snapshot == session(Self.rosenbrock, "step 12").session.snapshot)
  }

  @Test func assignmentsAreEventsThatBackReverts() {
    let run = session(Self.rosenbrock, "step 3", "w = [0, 0]", "w[1] = 5", "step 2")
    #expect(run.session.step == 5)
    run.run(Source("back 3"))
    #expect(run.session.snapshot["w"] == Tensor([0, 0], shape: [2]))
    run.run(Source("back"))
    #expect(run.session.snapshot["w"] == session(Self.rosenbrock, "step 3").session.snapshot["w"])
  }

  @Test func undoAndRedoRestoreEverything() {
    let run = session(Self.rosenbrock, "step 100")
    let after = run.session.snapshot
    run.run(Source("undo"))
    #expect(run.session.step == 0)
    run.run(Source("redo"))
    #expect(run.session.snapshot == after)
    run.run(Source("undo 3\nundo"))
    #expect(run.session.problem.parameters.isEmpty)
  }

  @Test func theRecordAfterAnUndoIsOfTheStepTakenSince() throws {
    let run = session(Self.rosenbrock, "step")
    #expect(try run.session.record()?.parameters.first?.optimizer == "adam")
    run.run(Source("undo\noptimizer sgd(lr=0.1)\nstep"))
    #expect(try run.session.record()?.parameters.first?.optimizer == "gradient_descent")
    run.run(Source("step g=[1, 1]\nstep g=[1, 2]"))
    #expect(
      try run.session.evaluate(Expression(.name(Name(canonical: "g")), Span(Source("g"))))
        == Tensor([1, 2], shape: [2]))
    run.run(Source("undo\nstep g=[3, 4]"))
    #expect(
      try run.session.evaluate(Expression(.name(Name(canonical: "g")), Span(Source("g"))))
        == Tensor([3, 4], shape: [2]))
  }

  @Test func aRuleTypedAnewStartsAfresh() {
    let lines = "rule k(lr=0.1) { state m = 0; m = 0.9*m + g; w = w - lr*m }\noptimizer k(lr=1e-4)"
    let same = session(Self.rosenbrock, lines, "step 3", lines, "step")
    #expect(same.session.snapshot["w.t"]?.scalar == 4)
    let changed = session(
      Self.rosenbrock, lines, "step 3", lines.replacing("0.9", with: "0.5"), "step")
    #expect(changed.session.snapshot["w.t"]?.scalar == 1)
  }

  @Test func theSameRuleKeepsItsStateAndAnotherStartsAfresh() {
    let same = session(Self.rosenbrock, "step 5", "optimizer adam(lr=0.01)", "step")
    #expect(same.session.snapshot["w.t"]?.scalar == 6)
    let other = session(Self.rosenbrock, "step 5", "optimizer rmsprop(lr=0.01)", "step")
    #expect(other.session.snapshot["w.t"]?.scalar == 1)
  }

  @Test func replayKeepsTheScheduleItRanWith() {
    let run = session(
      Self.rosenbrock, "step 50", "schedule lr = 0.001*0.9^t", "step 50", "goto 30", "goto 100")
    let fresh = session(Self.rosenbrock, "step 50", "schedule lr = 0.001*0.9^t", "step 50")
    #expect(run.session.snapshot == fresh.session.snapshot)
  }

  @Test func whatIsLookedAtInBetweenChangesNoRandomValue() throws {
    let plain = session("param w = randn(3)", "let c = randn(3)", "param b = randn(3)")
    let looked = session(
      "param w = randn(3)", "w; w", "let c = randn(3)", "c", "param b = randn(3)")
    #expect(plain.session.snapshot == looked.session.snapshot)
    let c = Expression(.name(Name(canonical: "c")), Span(Source("c")))
    let values = try [plain, looked].map { try $0.session.evaluate(c) }
    #expect(values[0] == values[1])
    #expect(plain.session.snapshot["w"] != plain.session.snapshot["b"])
  }

  @Test func aSavedSessionComesBack() {
    let run = session(Self.rosenbrock, "let c = randn(3, seed=1)", "step 7", "back 2")
    let again = session(run.session.lines.joined(separator: "\n"))
    #expect(again.session.snapshot == run.session.snapshot)
    #expect(again.session.step == 5)
  }
}
