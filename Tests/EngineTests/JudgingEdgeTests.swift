// Figures of no data are errors, figures that are defined are told, and a loss that is no mean over
// rows is remarked on where its rows are divided.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct JudgingEdgeTests {
  @Test(arguments: [
    "judge [], []", "accuracy([], [])", "mse([], [])", "mae([], [])", "rmse([], [])", "r2([], [])",
    "huber([], [])", "hinge([], [])", "kl([], [])", "f1([], [])", "confusion([], [])",
    "binary_cross_entropy([], [])", "binary_cross_entropy_with_logits([], [])",
    "cross_entropy(zeros(0, 3), zeros(0, 3))", "nll(zeros(0, 3), zeros(0, 3))",
    "perplexity(zeros(0, 3), [])", "top_k_accuracy(zeros(0, 3), [], 1)",
    "distill(zeros(0, 3), zeros(0, 3))",
  ])
  func noDataIsAnError(_ line: String) {
    let reply = replies(line).first ?? ""
    #expect(reply.hasPrefix("error: ") && reply.contains("is empty"), "\(line): \(reply)")
  }

  @Test func undefinedR2LeavesTheOtherFigures() {
    for (line, figures, reason) in [
      ("judge [1, 1], [1, 1]", "rmse = 0   mae = 0   (2 rows)", "all targets are 1"),
      ("judge [1, 2], [3, 3]", "rmse = 1.58114   mae = 1.5   (2 rows)", "all targets are 3"),
      ("judge 1.5, 1.25", "rmse = 0.25   mae = 0.25   (1 row)", "a single target"),
    ] {
      let lines = replies(line)
      #expect(lines.first == figures, "\(lines)")
      #expect(lines.last?.contains(reason) == true, "\(lines)")
    }
    #expect(replies("judge [1, 2], [1, 3]").first?.hasPrefix("R² = ") == true)
  }

  @Test func aLastBatchOfOneRowIsNamed() {
    let start = [
      "X = randn(9, 2); y = X @ [1, 2]", "model f = linear(2, 3) |> batchnorm(3) |> linear(3, 1)",
      "loss L = mse(f(X), y)", "optimizer sgd(lr=0.1)",
    ].joined(separator: "\n")
    let reply = replies(start, "batch 4 of X, y\nstep").last ?? ""
    #expect(
      reply.contains("the last batch of each epoch has 1 row") && reply.contains("last=drop"),
      "\(reply)")
    #expect(replies(start, "batch 4 of X, y last=drop\nstep 5").last?.contains("error") == false)
  }

  @Test(arguments: ["workers 2", "accumulate 2"])
  func sumsOverRowsAreRemarkedOn(_ division: String) {
    func said(_ loss: String) -> String {
      let lines = replies(
        "X = randn(8, 2); y = X @ [1, -2]", "param w = [0, 0]", "loss L = \(loss)",
        "optimizer sgd(lr=0.01)", "batch 4 of X, y", division)
      return lines.joined(separator: "\n")
    }
    #expect(said("sum((X @ w - y)^2)").contains("L is no mean over rows"))
    #expect(!said("mse(X @ w, y)").contains("note"))
    #expect(!said("mse(X @ w, y) + 0.1*l2(w)").contains("note"))
  }
}
