// Models in a session: paths, modes, history.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct ModelTests {
  static let net = """
    model f = linear(3, 8) |> batchnorm(8) |> relu |> dropout(0.3) |> linear(8, 1)
    X = randn(16, 3, seed=1)
    y = X[:, 0] - X[:, 1]
    loss L = mse(f(X), y) + 0.001*l2(f.weights)
    optimizer adam(lr=0.01)
    """

  // MARK: History

  @Test func replayEqualsLiveWithDropoutAndRunningStatistics() {
    let live = session(Self.net, "step 37")
    let replayed = session(Self.net, "step 60", "back 30", "goto 5", "goto 37")
    #expect(live.session.snapshot == replayed.session.snapshot)
    let pieces = session(Self.net, "step", "step 20", "step", "step 15")
    #expect(live.session.snapshot == pieces.session.snapshot)
  }

  @Test func backRestoresBuffersAndTheDrawsOfAStep() {
    let interpreter = session(Self.net, "step 3")
    let three = interpreter.session.snapshot
    interpreter.run(Source("step"))
    let four = interpreter.session.snapshot
    #expect(four["f.1.running_mean"] != three["f.1.running_mean"])
    #expect(four["f.1.num_batches_tracked"]?.scalar == 4)
    interpreter.run(Source("back"))
    #expect(interpreter.session.snapshot == three)
    interpreter.run(Source("step"))
    #expect(interpreter.session.snapshot == four)
  }

  @Test func lookingChangesNothing() throws {
    let interpreter = session(Self.net, "step 3")
    let before = interpreter.session.snapshot
    _ = try interpreter.value("f(X, train=true)")
    _ = try interpreter.value("L")
    interpreter.run(Source("gradcheck L; backprop L; show f; watch f(X)[0]; show step"))
    #expect(interpreter.session.snapshot == before)
  }

  @Test func aDeclarationIsUndoneAsOne() {
    let interpreter = session("model f = linear(2, 1)", "model f = linear(3, 4) |> relu")
    #expect(interpreter.session.problem.parameters.map(\.path) == ["f.0.weight", "f.0.bias"])
    #expect(interpreter.session.snapshot["f.0.weight"]?.shape == [4, 3])
    interpreter.run(Source("undo"))
    #expect(interpreter.session.snapshot["f.0.weight"]?.shape == [1, 2])
    #expect(interpreter.session.problem.models.map(\.text) == ["linear(2→1)"])
    interpreter.run(Source("undo"))
    #expect(interpreter.session.problem.parameters.isEmpty)
    #expect(interpreter.session.snapshot["f.0.weight"] == nil)
  }

  @Test func declaringAnewLeavesNothingOfTheOldOne() {
    let interpreter = session(Self.net, "step 2", "model f = linear(3, 1)", "step")
    #expect(interpreter.session.step == 1)
    #expect(interpreter.session.snapshot["f.1.running_mean"] == nil)
    #expect(interpreter.session.snapshot["f.4.weight.m"] == nil)
  }

  @Test func linesRunAgainGiveTheSameSession() {
    let first = session(Self.net, "step 10", "freeze f.0", "step 5")
    let again = session(first.session.lines.joined(separator: "\n"))
    #expect(first.session.snapshot == again.session.snapshot)
  }

  @Test func aModelThatNoLossUsesStandsStill() {
    let interpreter = session(
      "model f = linear(2, 1)", "X = [[1, 2], [3, 4]]", "loss L = mean(f(X)^2)",
      "optimizer adamw(lr=0.1)", "step 3", "model g = linear(2, 1)", "loss M = mean(g(X)^2)")
    let before = interpreter.session.snapshot
    interpreter.run(Source("step 2"))
    #expect(interpreter.session.snapshot["f.0.weight"] == before["f.0.weight"])
    #expect(interpreter.session.snapshot["f.0.weight.t"]?.scalar == 3)
    #expect(interpreter.session.snapshot["g.0.weight.t"]?.scalar == 2)
    // A loss of nothing still has a gradient: zero.
    let constant = session("param w = 2", "loss L = 3", "optimizer sgd(lr=0.1)", "step")
    #expect(constant.session.snapshot["w"]?.scalar == 2)
  }

  @Test func aStepSaysThatItsLossIsOfTraining() throws {
    #expect(try session(Self.net, "step").session.record()?.isTraining == true)
    let plain = session("param w = 2", "loss L = w^2", "optimizer sgd(lr=0.1)", "step")
    #expect(try plain.session.record()?.isTraining == false)
  }

  // MARK: Paths

  @Test func aPrefixMeansAllParametersBelow() {
    let interpreter = session(Self.net, "freeze f.0")
    #expect(interpreter.session.snapshot.frozen == ["f.0.weight", "f.0.bias"])
    let before = interpreter.session.snapshot
    interpreter.run(Source("step 3"))
    #expect(interpreter.session.snapshot["f.0.weight"] == before["f.0.weight"])
    #expect(interpreter.session.snapshot["f.4.weight"] != before["f.4.weight"])
    interpreter.run(Source("unfreeze f"))
    #expect(interpreter.session.snapshot.frozen.isEmpty)
  }

  @Test func optimizersAndLossesTakePrefixes() {
    let interpreter = session(
      "model f = linear(2, 3) |> linear(3, 1)", "X = randn(4, 2, seed=1)",
      "loss L = sum(f(X)^2) for f.0", "loss M = sum(f(X)) for f.1",
      "optimizer adam(lr=0.1) for f.0, sgd(lr=0.1) for rest", "step")
    let snapshot = interpreter.session.snapshot
    #expect(snapshot["f.0.weight.m"] != nil)
    #expect(snapshot["f.1.weight.m"] == nil)
    #expect(snapshot["f.1.weight.t"]?.scalar == 1)
  }

  @Test func stepValuesGoByPath() throws {
    let interpreter = session(Self.net, "step 2")
    #expect(
      try interpreter.value("f.0.weight.m") == interpreter.session.snapshot["f.0.weight.m"])
    #expect(try interpreter.value("f.0.weight.t").scalar == 2)
    #expect(
      try interpreter.value("f.1.running_var") == interpreter.session.snapshot["f.1.running_var"])
    #expect(try interpreter.value("f.0.weight.T").shape == [3, 8])
  }

  @Test func aModelOfOneStageAnswersWithoutItsNumber() throws {
    let interpreter = session(
      "model f = linear(3, 2)", "f.bias = [5, 7]", "f.weight[0] = [0, 0, 0]")
    #expect(try interpreter.value("f([1, 1, 1])[0]").scalar == 5)
    #expect(try interpreter.value("f.0.bias") == Tensor([5, 7], shape: [2]))
    interpreter.run(Source("freeze f.weight"))
    #expect(interpreter.session.snapshot.frozen == ["f.0.weight"])
  }

  @Test func aModelInAModelIsShared() throws {
    let interpreter = session(
      "model a = linear(3, 3)", "model f = a |> tanh |> a |> linear(3, 1)")
    #expect(
      interpreter.session.problem.parameters.map(\.path) == [
        "a.0.weight", "a.0.bias", "f.3.weight", "f.3.bias",
      ])
    #expect(
      try interpreter.value("f([1, 2, 3])")
        == (try interpreter.value("f.3(a(tanh(a([1, 2, 3]))))")))
    interpreter.run(Source("freeze f.0"))
    #expect(interpreter.session.snapshot.frozen == ["a.0.weight", "a.0.bias"])
    #expect(try interpreter.value("f.0.weight") == (try interpreter.value("a.weight")))
  }

  @Test func penaltiesTakeModels() throws {
    let interpreter = session("model f = linear(2, 3) |> relu |> linear(3, 1)")
    let all = "l2(f.0.weight, f.0.bias, f.2.weight, f.2.bias)"
    #expect(try interpreter.value("l2(f)") == (try interpreter.value(all)))
    #expect(
      try interpreter.value("l1(f.weights)")
        == (try interpreter.value("l1(f.0.weight, f.2.weight)")))
    #expect(try interpreter.value("l2(f.2.biases)") == (try interpreter.value("sum(f.2.bias^2)")))
  }

  // MARK: Modes

  @Test func dropoutKeepsTheMeanAndScalesWhatIsLeft() throws {
    let interpreter = session("model f = dropout(0.25)", "X = ones(400, 100)")
    #expect(try interpreter.value("f(X) == X").elements.allSatisfy { $0 == 1 })
    let drawn = try interpreter.value("f(X, train=true)")
    #expect(Set(drawn.elements) == [0, 1 / 0.75])
    let left = Double(drawn.elements.count { $0 != 0 }) / 40_000
    // Five standard deviations of a binomial share.
    #expect(abs(left - 0.75) < 5 * (0.75 * 0.25 / 40_000).squareRoot())
    // The same step draws the same; another layer, seed or step draws anew.
    #expect(try interpreter.value("f(X, train=true)") == drawn)
    let other = session("model f = dropout(0.25, seed=1)", "X = ones(400, 100)")
    #expect(try other.value("f(X, train=true)") != drawn)
  }

  @Test func everyStepDrawsAnew() throws {
    let interpreter = session(
      "param w = 1", "model f = dropout(0.5)", "X = ones(64)", "loss L = w*sum(f(X))",
      "optimizer sgd(lr=0)")
    var seen = Set<[Double]>()
    for _ in 0..<5 {
      seen.insert(try interpreter.value("f(X, train=true)").elements)
      interpreter.run(Source("step"))
    }
    #expect(seen.count == 5)
  }

  @Test func aStepTakesTheDrawsThatTrainShows() throws {
    let interpreter = session(
      "param w = ones(8)", "model f = dropout(0.5)", "loss L = sum(f(w))", "optimizer sgd(lr=1)")
    let shown = try interpreter.value("f(w, train=true)")
    interpreter.run(Source("step"))
    // The gradient of the sum is the mask over 1 - p, and so is what the mask leaves of ones.
    #expect(try interpreter.value("g") == shown)
  }

  @Test func batchnormInTrainingStandardizes() throws {
    let interpreter = session("model f = batchnorm(2, eps=0)", "X = randn(50, 2, seed=3)*4 + 7")
    #expect(
      apart(try interpreter.value("f(X, train=true)"), try interpreter.value("standardize(X)"))
        < 1e-12)
    #expect(try interpreter.value("f(X)") == (try interpreter.value("X")))
  }

  // MARK: Sequences

  @Test func aCausalMomentDoesNotSeeLaterOnes() throws {
    let interpreter = session("model f = attention(4, heads=2, causal=true)", "X = randn(1, 6, 4)")
    let whole = try interpreter.value("f(X)[0, 0:3]")
    let part = try interpreter.value("f(X[:, 0:3])[0]")
    #expect(apart(whole, part) < 1e-14)
  }

  @Test func aCharacterModelLearns() throws {
    let interpreter = session(
      "model f = embedding(4, 6) |> lstm(6, 12) |> linear(12, 4)",
      "ids = [[0, 1, 2, 3, 0, 1], [2, 3, 0, 1, 2, 3]]",
      "next = [[1, 2, 3, 0, 1, 2], [3, 0, 1, 2, 3, 0]]",
      "loss L = cross_entropy(f(ids), next)", "optimizer adam(lr=0.05)", "step 60")
    #expect(try interpreter.value("f(ids)").shape == [2, 6, 4])
    let loss = try #require(try interpreter.value("L").scalar)
    #expect(loss < 0.2)
    #expect(try interpreter.value("sum(argmax(f(ids), axis=-1) != next)").scalar == 0)
  }

  @Test func theGradientOfALongSequenceStaysSmallToBuild() throws {
    let interpreter = session("model f = gru(2, 3, last=true)", "param X = randn(1, 200, 2)")
    let slope = try interpreter.value("grad(sum(f(X)), X)")
    #expect(slope.shape == [1, 200, 2])
    #expect(slope.elements.allSatisfy { $0.isFinite })
  }

  // MARK: Models in models

  @Test func manyModelsInModelsAreWalkedOnce() throws {
    let folder = try TemporaryFolder()
    var lines = ["model a0 = linear(2, 2) |> batchnorm(2)"]
    for i in 1...30 { lines.append("model a\(i) = a\(i - 1) |> skip(a\(i - 1))") }
    lines += ["export a30 to \"\(folder.path("a.npz"))\"", "show a30", "freeze a30"]
    lines += ["import \"\(folder.path("a.npz"))\" into a30"]
    let (interpreter, errors) = session(after: lines.joined(separator: "\n"))
    #expect(errors.isEmpty, "\(errors)")
    let model = try #require(interpreter.session.problem.model(Name(canonical: "a30")))
    #expect(
      interpreter.session.problem.buffers(of: model.stages).map(\.path)
        == interpreter.session.problem.buffers.map(\.path))
  }

  @Test func modelsInFunctionsInModelsAreCounted() {
    var lines = ["model a0 = relu"]
    for i in 1...30 { lines += ["f\(i)(x) = a\(i - 1)(x)", "model a\(i) = f\(i) |> f\(i)"] }
    let (_, errors) = session(after: (lines + ["show a30", "a30(1)"]).joined(separator: "\n"))
    #expect(errors.map(\.id) == ["model.stages"])
  }

  // MARK: What is said of a model

  private func said(_ lines: String...) -> (text: String, errors: [Diagnostic]) {
    let interpreter = Interpreter(surface: Surface(show: { _ in }))
    var text: [String] = []
    var errors: [Diagnostic] = []
    interpreter.surface.show = { report in
      if let error = report as? ErrorReport { errors.append(error.diagnostic) }
      text += report.text(Format(width: 100)).map(\.plain)
    }
    for line in lines { interpreter.run(Source(line)) }
    return (text.joined(separator: "\n"), errors)
  }

  @Test func showMarksFrozenParametersAndListsBuffers() {
    let (text, _) = said("model f = linear(2, 3) |> batchnorm(3)", "freeze f.0.weight", "show f")
    #expect(text.contains("weight [3, 2] frozen, bias [3]"))
    #expect(text.contains("buffers: running_mean [3],") && text.contains("num_batches_tracked"))
  }

  @Test func frozenParametersAreListedAsDeclared() {
    let (text, _) = said("model f = linear(2, 3)", "freeze f")
    #expect(text.contains("frozen: f.0.weight, f.0.bias"))
  }

  @Test func aModelAndItsPartsHaveOneName() {
    let (text, errors) = said("model g2 = linear(2, 3)", "show g2", "g2.weight", "show")
    #expect(errors.isEmpty && !text.contains("g₂"))
    #expect(text.contains("g2.0.weight [3, 2], g2.0.bias [3] (g2.weight means g2.0.weight)"))
  }

  @Test func anUnknownParameterIsSoughtBelowItsModel() {
    let (_, errors) = said(
      "model f = linear(2, 3)", "model g = linear(2, 3)", "freeze f.5", "freeze q.5")
    #expect(
      errors.map(\.help) == [
        "there are: f.0.weight, f.0.bias",
        "there are: f.0.weight, f.0.bias, g.0.weight, g.0.bias",
      ])
  }

  @Test(arguments: ["linear(2)", "linear(2, 3, 4, 5, 6)", "linear(2, 3, q=1)", "linear(0, 3)"])
  func theUsageOfALayerIsItsWholeSignature(_ layer: String) throws {
    let (_, errors) = said("model f = \(layer)")
    let help = try #require(errors.first?.help)
    #expect(help == "usage: \(LayerKind.linear.signature)")
  }

  @Test func backpropOfAModelTakesTheLossThatReadsIt() {
    let lines = """
      model f = linear(1, 1); model g = f |> tanh; param w = 1
      loss L = sum(g([2])^2) for f; loss M = w^2 for w
      """
    let (text, errors) = said(lines, "backprop f")
    #expect(errors.isEmpty && text.contains("∂L/∂f.0.weight"))
    #expect(
      said(lines, "loss N = sum(f([1])) for f.0.bias", "backprop f").errors.map(\.id) == [
        "look.which-loss"
      ])
    #expect(said(lines, "explain f").errors.first?.help?.contains("show f") == true)
  }
}
