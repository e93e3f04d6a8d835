// A rule over all parameters sees one vector: how that is cut into parameters changes no number.

import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct OverAllTests {
  static let optimizers =
    ["clip_norm(0.3)", "normalize()", "torch.clip_grad_norm_(0.3)"].flatMap { stage in
      [
        "sgd(lr=0.1)", "momentum(lr=0.1)", "nesterov(lr=0.1)", "adam(lr=0.1)", "adamw(lr=0.1)",
        "rmsprop(lr=0.1)", "adagrad(lr=0.1)", "lion(lr=0.01)",
      ].map { "\(stage) |> \($0)" }
    } + ["sam(lr=0.1)", "bfgs()"]

  @Test(arguments: optimizers) func cuttingTheVectorChangesNothing(_ optimizer: String) throws {
    let whole = session(
      "a = linspace(-1, 2, 70)", "param w = 1 + 0*a", "loss L = sum((w - a)^2 + 0.1*w^4)",
      "optimizer \(optimizer)", "step 7;")
    let cut = session(
      "a = linspace(-1, 2, 70)", "param p = 1 + 0*a[:60]; param q = 1 + 0*a[60:]",
      "loss L = sum((p - a[:60])^2 + 0.1*p^4) + sum((q - a[60:])^2 + 0.1*q^4)",
      "optimizer \(optimizer)", "step 7;")
    let one = try #require(whole.session.snapshot["w"]).elements
    let two =
      try #require(cut.session.snapshot["p"]).elements
      + #require(cut.session.snapshot["q"]).elements
    #expect(distance(two, one) < 1e-9)
    // What is shown of a step is what a run computes.
    let record = try #require(try cut.session.record())
    #expect(
      record.parameters.map(\.after)
        == record.parameters.map {
          cut.session.snapshot[$0.name.canonical] ?? Tensor(0)
        })
  }

  /// What goes on to the next stage is each parameter's own part, in its shape.
  @Test func theGradientAfterAStageOverAllIsEachParametersOwn() throws {
    let clipped = session(
      "param W = [[1, 2, 3], [4, 5, 6]]; param b = [2, 4]", "loss L = sum(W^2) + sum(b^2)",
      "optimizer clip_norm(1) |> adam(lr=0.1)", "step;")
    let norm = 2.0 * 111.0.squareRoot()
    #expect(try clipped.value("W.g").shape == [2, 3])
    #expect(
      distance(try clipped.value("W.g").elements, (1...6).map { 2 * Double($0) / norm }) < 1e-15)
    #expect(distance(try clipped.value("b.g").elements, [4 / norm, 8 / norm]) < 1e-15)
  }
}
