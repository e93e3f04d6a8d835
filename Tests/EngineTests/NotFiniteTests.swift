// Runs that leave the finite numbers: what they keep, and what they blame.

import Diagnostics
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct NotFiniteTests {
  private static let diverging = """
    param a = [1, 2, 3]
    loss L = log(a[0]) + sum((a - 1)^2)
    optimizer sgd(lr=0.45)
    stop when norm(a) falls for 3 steps
    """

  @Test(arguments: ["step 50", "step 20"])
  func aRunThatDivergesKeepsItsBest(_ run: String) throws {
    let (interpreter, errors) = session(after: Self.diverging + "\n" + run)
    #expect(errors.map(\.id) == ["step.loss-not-finite"])
    let session = interpreter.session
    let norms = try (0...session.step).map { step in
      try session.snapshot(at: step)["a"]?.elements.reduce(0) { $0 + $1 * $1 }.squareRoot() ?? 0
    }
    let best = try #require(session.trendProgress.best)
    #expect(best.place.step <= session.step && best.place.step > 0)
    #expect(norms.dropFirst().max() == best.value)
    interpreter.run(Source("goto best"))
    #expect(interpreter.session.step == best.place.step)
    #expect(norms[best.place.step] == best.value)
  }

  private static let unweighted = """
    X = [[1, 0], [0, 1], [1, 1]]
    y = [1, 1, 0]
    param w = zeros(2, 2)
    loss K = cross_entropy(X @ w, y, weights=[0, 1])
    optimizer sgd(lr=0.1)
    batch 1 of X, y shuffle=false
    """

  @Test(arguments: ["step 5", "step 50"])
  func theNextBatchIsNotThisStepsFault(_ run: String) {
    let (interpreter, errors) = session(after: Self.unweighted + "\n" + run)
    #expect(interpreter.session.step == 2)
    let message = errors.first?.message ?? ""
    #expect(
      message.hasPrefix("K is nan on the coming batch (row 2) at step 2, so no step can be taken"))
    let (short, none) = session(after: Self.unweighted + "\nstep 2")
    #expect(none.isEmpty)
    #expect(short.session.snapshot == interpreter.session.snapshot)
  }

  @Test func theLineBearsTheParametersName() {
    let lines = """
      param z = [1, 0.001]
      loss L = log(z[0]) + 0*z[1]
      optimizer sgd(lr=2)
      """
    let (_, errors) = session(after: lines + "\nprune z 0.5\nstep")
    #expect(errors.first?.message.contains("by the line z ← z·mask") == true)
    let (_, plain) = session(after: lines + "\nstep")
    #expect(plain.first?.message.contains("by the line z ← z - lr·g") == true)
  }

  @Test func numbersHaveTheDigitsThatAreSet() {
    let message = session(after: Self.diverging + "\nset digits 3\nstep 50").errors.first?.message
    #expect(message?.hasSuffix("since a[0] = -2.38, which is below 0") == true)
  }

  @Test func anAssignmentIsNotTakenBack() {
    let lines = "param z = 1\nloss L = log(z)\noptimizer sgd(lr=0.1)\nstep\nz = -1\nstep"
    let (interpreter, errors) = session(after: lines)
    #expect(errors.first?.message.hasPrefix("L is nan at step 1, so no step can be taken") == true)
    #expect(interpreter.session.snapshot["z"]?.scalar == -1)
  }

  @Test func movingNeedsNoLoss() {
    let lines = """
      A = [[1, 2], [3, 4]]; param w = [1, 2]; loss L = sum((A @ w)^2); optimizer sgd(lr=0.01)
      """
    let wide = "A = randn(5, 3);"
    #expect(replies(lines, "step 3;", wide, "back") == ["at step 2"])
    #expect(replies(lines, "step 3;", wide, "goto 1") == ["at step 1"])
    #expect(replies(lines, "step 3;", wide, "reset") == ["at step 0"])
    #expect(
      replies(lines, "param v = 1; loss K = v^2 for v", "step 3;", wide, "back").first?
        .contains("· K = ") == true)
  }
}
