// backprop by layers: names, order, one sample, and that its numbers are those of the gradient.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct BackpropTests {
  static let net = """
    X = [[1, 2], [3, -4], [0.5, 6]]; y = [1, 0, 1]
    model f = linear(2, 3) |> tanh |> linear(3, 1)
    loss L = mse(f(X), y)
    """

  private func pass(_ lines: String, of text: String = "L", sample: Int? = nil) throws
    -> BackwardPass
  {
    var parser = try Parser(Source(text))
    let loss = try parser.parseExpression()
    return try session(lines).session.now.backwardPass(of: loss, sample: sample)
  }

  @Test func layersAreNamedAsInATextbook() throws {
    let pass = try pass(Self.net)
    #expect(pass.forward.map(\.name.pretty) == ["z₁", "a₁", "z₂", "r₁", "r₂", "L"])
    let first = "f.0 linear(2→3) |> tanh"
    #expect(pass.forward.map(\.layer) == [first, first, "f.2 linear(3→1)", nil, nil, nil])
    #expect(
      pass.backward.map(\.name.pretty) == [
        "∂L/∂L", "∂L/∂r₂", "∂L/∂r₁", "∂L/∂z₂", "∂L/∂f.2.weight", "∂L/∂f.2.bias", "∂L/∂a₁",
        "∂L/∂z₁", "∂L/∂f.0.weight", "∂L/∂f.0.bias",
      ])
    let weight = pass.backward.first { $0.name.pretty == "∂L/∂f.0.weight" }
    #expect(weight?.formula?.expression.text(.pretty) == "∂L/∂z₁ᵀ @ X")
  }

  @Test func theGradientOfAMeanIsTheMeanOverSamples() throws {
    let whole = try pass(Self.net)
    let parts = try (0..<3).map { try pass(Self.net, sample: $0) }
    #expect(parts[1].sample?.rows.map(\.name.canonical) == ["X", "y"])
    #expect(parts[1].sample?.rows[0].value.elements == [3, -4])
    for line in whole.backward where line.name.pretty.hasPrefix("∂L/∂f.") {
      var mean = [Double](repeating: 0, count: line.value.elements.count)
      for part in parts {
        let own = part.backward.first { $0.name == line.name }?.value.elements ?? []
        #expect(own.count == mean.count)
        for (i, value) in own.enumerated() { mean[i] += value / 3 }
      }
      #expect(distance(mean, line.value.elements) < 1e-14, "\(line.name.pretty)")
    }
  }

  /// Every line, worked out with the numbers it is said to lean on, gives what stands behind it.
  @Test(arguments: [
    "param z = [[1, 2], [0.5, -1]]; y = [1, 0]; loss L = cross_entropy(z, y, weights=[1, 3])",
    "param z = [[1, 2, 3], [0.5, -1, 2]]; y = [1, 0]; loss L = cross_entropy(z, y, smoothing=0.1)",
    "param z = [[1, 2], [0.5, -1]]; loss L = mean((z - mean(z, axis=1, keepdims=true))^2)",
    "param z = [1, 2]; A = [[1, 2], [3, 4]]; loss L = sum(A*z*reshape(z, [2, 1]))",
    "param p = [0.2, 0.7]; loss L = binary_cross_entropy(p, [0, 1])",
  ])
  func formulasComputeWhatIsShown(_ lines: String) throws {
    for line in try pass(lines).forward + pass(lines).backward {
      guard let formula = line.formula, formula.parts.isEmpty else { continue }
      let interpreter = Interpreter(surface: Surface(show: { _ in }))
      try interpreter.session.changeProblem { problem throws(Diagnostic) in
        for (name, value) in line.operands { problem.definitions[name] = .value(value) }
      }
      let value = try interpreter.session.evaluate(formula.expression)
      #expect(
        distance(value.elements, line.value.elements) < 1e-12,
        "\(line.name.pretty) = \(formula.expression.text(.pretty))")
    }
  }

  @Test func aPreactivationWithoutANameIsZ() throws {
    let pass = try pass(
      """
      x = [1, 2]; param W = [[1, 0.5], [0.2, -1]]; param b = [0.1, 0.2]
      h = sigmoid(W @ x + b)
      loss L = sum(h^2)
      """)
    #expect(pass.forward.map(\.name.pretty) == ["z₁", "h", "a₁", "L"])
  }

  @Test func askingForWhatIsNotThere() {
    #expect(
      replies(Self.net, "backprop f for sample 3").first?.hasPrefix(
        "error: sample 3 is outside 0 … 2") == true)
    #expect(
      replies("param w = 1; loss L = w^2", "backprop L for sample 0").first?.hasPrefix(
        "error: L reads no data with a name") == true)
    #expect(
      replies(Self.net, "backprop f for sample 1").prefix(3).map { $0 }
        == ["sample 1 of 3, counted from 0", "  X  = [[3, -4]]", "  y  = [0]"])
  }

  @Test func theComingBatchIsTaken() throws {
    let batched = session(Self.net, "batch 2 of X, y seed=1", "optimizer sgd(lr=0.1)")
    let rows = try batched.session.comingRows()?.indices
    var parser = try Parser(Source("L"))
    let loss = try parser.parseExpression()
    let pass = try batched.session.now.backwardPass(of: loss)
    #expect(pass.sample?.indices == rows && rows?.count == 2)
    // Its gradient is the one the step then takes.
    batched.run(Source("step;"))
    let record = try #require(try batched.session.record())
    for parameter in record.parameters {
      let ours = pass.backward.first { $0.name.pretty == "∂L/∂\(parameter.name.pretty)" }
      let gradient = parameter.value(of: Name(canonical: "g"))
      #expect(distance(ours?.value.elements ?? [], gradient?.elements ?? [.nan]) < 1e-14)
    }
    #expect(try batched.session.now.backwardPass(of: loss, takesAll: true).sample == nil)
  }

  @Test(arguments: [
    ("sum(x^2)/2", "sum(a₁)/2"), ("mean(x^2)", "mean(a₁)"),
  ])
  func aMeanIsWrittenOnlyWhereOneWas(_ loss: String, _ shown: String) throws {
    let pass = try pass("param x = [1, 2]\nloss L = \(loss)")
    #expect(pass.forward.last?.formula?.expression.text(.pretty) == shown)
  }
}
