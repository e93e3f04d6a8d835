// Losses and their gradients are PyTorch's.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct LossTests {
  struct Record: Decodable {
    let id: String
    let call: String
    let params: [String: RecordedTensor]
    let data: [String: RecordedTensor]
    let value: Double
    let grad: [String: RecordedTensor]
  }

  @Test func recordedLosses() throws {
    let records = try RecordedData.lines("losses.jsonl", as: Record.self)
    #expect(records.count > 40)
    for record in records {
      var lines = record.params.map { "param \($0.key) = \($0.value.literal)" }
      lines += record.data.map { "\($0.key) = \($0.value.literal)" }
      let live = session(lines.sorted().joined(separator: "\n")).session
      let value = try number(record.call, in: live)
      #expect(
        distance(value, [record.value]) < 1e-12, "\(record.id) \(record.call): \(value)")
      for (name, gradient) in record.grad {
        let ours = try number("grad(\(record.call), \(name))", in: live)
        let apart = distance(ours, gradient.elements)
        #expect(apart < 1e-12, "\(record.id) ∂/∂\(name) \(record.call): \(ours)")
      }
    }
  }

  fileprivate func number(_ text: String, in session: Session) throws -> [Double] {
    var parser = try Parser(Source(text))
    return try session.evaluate(parser.parseExpression()).elements
  }

  @Test func valuesOutsideTheirRangeAreErrors() {
    #expect(
      replies("binary_cross_entropy([0.5, 1.2], [0, 1])") == [
        "error: binary_cross_entropy: element 1 of p is 1.2; it has to be from 0 to 1"
          + " at binary_cross_entropy([0.5, 1.2], [0, 1])"
          + " | for logits there is binary_cross_entropy_with_logits(z, y)"
      ])
    for call in [
      "kl([0.5, -0.5], [0.5, 0.5])", "nll([0.2, 0.8], 1)", "hinge([1, 2], [0, 1])",
      "cross_entropy([0.2, 1.8], 1, probabilities=true)", "cross_entropy([1, 2], [2, 0])",
      "cross_entropy([1, 2], 1, smoothing=1.5)", "cross_entropy([1, 2], 1, weights=[1])",
      "cross_entropy([1, 2], 2)", "distill([1, 2], [1, 2], temperature=0)",
      "binary_cross_entropy_with_logits([1, 2], [0, 3])",
    ] {
      let reply = replies(call)
      #expect(reply.first?.hasPrefix("error: ") == true, "\(call): \(reply)")
    }
    #expect(
      replies("mse([1, 2], [2])") == [
        "error: shapes [2] and [1] do not fit together in mse at mse([1, 2], [2])"
          + " | both need the same shape, since one number too few would go unseen; [n, 1] beside"
          + " [n] is fine"
      ])
  }

  @Test func aLossThatIsNotFiniteSaysWhere() {
    #expect(
      replies(
        "param p = [0.5, 1.5]; loss L = binary_cross_entropy(p, [0, 1]); optimizer sgd", "step")
        == [
          "error: L is nan at step 0, so no step can be taken: bernoulli_loss(p, [0, 1]) is nan,"
            + " since p[1] = 1.5, which is not from 0 to 1 | steps begin where the loss is finite:"
            + " choose other values, or go back"
        ])
    let second = replies(
      "param p = [0.5, 0.7]; loss L = binary_cross_entropy(p, [0, 1])", "optimizer sgd(lr=2)",
      "step")
    #expect(second.first?.contains("p[0] = -1.5, which is not from 0 to 1") == true, "\(second)")
  }
}

extension LossTests {
  @Test func penaltiesTakeModels() throws {
    let live = session("model f = linear(2, 3) |> tanh |> linear(3, 1)").session
    let ours = try number("elastic_net(f, ratio=0.3)", in: live)
    #expect(distance(ours, try number("0.3*l1(f) + 0.35*l2(f)", in: live)) < 1e-14)
    let weights = try number("elastic_net(f.weights)", in: live)
    #expect(
      distance(weights, try number("0.5*l1(f.weights) + 0.25*l2(f.weights)", in: live)) < 1e-14)
  }
}
