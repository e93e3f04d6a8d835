// Initialisers: the law each draws by, torch's fans, the formula with the numbers in it.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct ModelInitialiserTests {
  /// Parameters of a model as declared.
  private func weight(_ model: String) throws -> Tensor {
    try session("model f = \(model)").value("f.0.weight")
  }

  private func moments(_ tensor: Tensor) -> (mean: Double, deviation: Double, largest: Double) {
    let n = Double(tensor.elements.count)
    let mean = tensor.elements.reduce(0, +) / n
    let variance = tensor.elements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    return (mean, variance.squareRoot(), tensor.elements.reduce(0) { max($0, abs($1)) })
  }

  /// The standard deviation each should have for linear(200, 300), and its bound where it has one.
  static let laws: [(String, deviation: Double, bound: Double?)] = [
    ("he", (2.0 / 200).squareRoot(), nil),
    ("kaiming_normal", (2.0 / 200).squareRoot(), nil),
    ("he(gain=1)", (1.0 / 200).squareRoot(), nil),
    ("he_uniform", (2.0 / 200).squareRoot(), (6.0 / 200).squareRoot()),
    ("xavier", (2.0 / 500).squareRoot(), (6.0 / 500).squareRoot()),
    ("glorot_uniform", (2.0 / 500).squareRoot(), (6.0 / 500).squareRoot()),
    ("xavier_normal", (2.0 / 500).squareRoot(), nil),
    ("xavier(gain=2)", 2 * (2.0 / 500).squareRoot(), 2 * (6.0 / 500).squareRoot()),
    ("normal(0, 0.3)", 0.3, nil),
    ("uniform(-0.3, 0.3)", 0.6 / 12.0.squareRoot(), 0.3),
    ("orthogonal", (1.0 / 300).squareRoot(), nil),
  ]

  @Test(arguments: laws.indices)
  func drawsHaveTheirLawsSpread(_ place: Int) throws {
    let (name, deviation, bound) = Self.laws[place]
    let seen = moments(try weight("linear(200, 300, init=\(name))"))
    // 60 000 draws: their spread is known to a few tenths of a percent.
    #expect(abs(seen.deviation / deviation - 1) < 0.02, "\(name): \(seen.deviation)")
    #expect(abs(seen.mean) < 5 * deviation / 60_000.0.squareRoot())
    if let bound {
      #expect(seen.largest <= bound)
      #expect(seen.largest > 0.99 * bound)
    }
  }

  @Test func theStandardStartIsTorchs() throws {
    let seen = moments(try weight("linear(100, 300)"))
    #expect(seen.largest <= 0.1 && seen.largest > 0.0999)
    let kernels = moments(try weight("conv2d(4, 64, 5)"))
    #expect(kernels.largest <= 0.1 && kernels.largest > 0.099)
    let interpreter = session("model f = lstm(3, 25)")
    #expect(moments(try interpreter.value("f.weight_hh")).largest <= 0.2)
    #expect(moments(try interpreter.value("f.bias_ih")).largest > 0.15)
  }

  @Test func fansOfKernelsCountTheirField() throws {
    let seen = moments(try weight("conv2d(16, 64, 3, init=he)"))
    #expect(abs(seen.deviation / (2.0 / 144).squareRoot() - 1) < 0.03)
  }

  @Test func constantsAreConstant() throws {
    #expect(try weight("linear(2, 3, init=zeros)").elements.allSatisfy { $0 == 0 })
    #expect(try weight("linear(2, 3, init=ones)").elements.allSatisfy { $0 == 1 })
    #expect(try weight("linear(2, 3, init=constant(0.5))").elements.allSatisfy { $0 == 0.5 })
    let interpreter = session("model f = linear(2, 3, bias_init=constant(7))")
    #expect(try interpreter.value("f.bias").elements == [7, 7, 7])
  }

  @Test(arguments: ["linear(5, 20", "linear(20, 5", "linear(7, 7", "conv2d(3, 4, 2"])
  func orthogonalMeansOrthogonal(_ layer: String) throws {
    let weight = try weight("\(layer), init=orthogonal(gain=2))")
    let rows = weight.shape.dimensions[0]
    let columns = weight.elements.count / rows
    let isTall = rows >= columns
    let count = min(rows, columns)
    for i in 0..<count {
      for j in 0..<count {
        var product = 0.0
        for k in 0..<max(rows, columns) {
          product +=
            isTall
            ? weight.elements[k * columns + i] * weight.elements[k * columns + j]
            : weight.elements[i * columns + k] * weight.elements[j * columns + k]
        }
        #expect(abs(product - (i == j ? 4 : 0)) < 1e-13)
      }
    }
  }

  @Test func drawsFollowFromSeedAndPlace() throws {
    let first = try weight("linear(3, 4, init=he)")
    #expect(try weight("linear(3, 4, init=he)") == first)
    #expect(try weight("linear(3, 4, init=he(seed=1))") != first)
    let other = session("set seed 5", "model f = linear(3, 4, init=he)")
    #expect(try other.value("f.0.weight") != first)
    let named = session("model h = linear(3, 4, init=he)")
    #expect(try named.value("h.0.weight") != first)
  }

  @Test func formulasHaveTheNumbersIn() throws {
    let format = Format()
    func line(_ model: String) throws -> String {
      let interpreter = session("model f = \(model)")
      let parameter = try #require(interpreter.session.problem.models.first?.parameters.first)
      return ModelReports.start(of: parameter, format).plain
    }
    #expect(
      try line("linear(10, 20, init=he)")
        == "  init he: f.0.weight ~ N(0, 2/fan_in), std = √(2/10) = 0.447214")
    #expect(
      try line("linear(10, 20, init=xavier)")
        == "  init xavier: f.0.weight ~ U(-a, a), a = √(6/(fan_in + fan_out)) = √(6/(10 + 20))"
        + " = 0.447214")
    #expect(
      try line("conv2d(3, 8, 5)")
        == "  init default: f.0.weight ~ U(-a, a), a = 1/√fan_in = 1/√75 = 0.11547")
    #expect(try line("linear(2, 3, init=normal(1, 0.5))").hasSuffix("f.0.weight ~ N(1, 0.5²)"))
    #expect(
      try line("linear(2, 3, init=orthogonal)").contains("f.0.weightᵀ·f.0.weight = I"))
  }

  @Test(arguments: InitialiserKind.catalogue.map(\.name))
  func everyInitialiserHasHelp(_ name: String) throws {
    let kind = try #require(InitialiserKind.named(name))
    let page = replies("help \(name)").joined(separator: " ")
    #expect(page.contains("Formula: \(kind.formula)"), "\(page)")
    let layer = replies("model f = linear(3, 4, init=\(name))", "show f.0")
    #expect(
      layer.contains { $0.hasPrefix("  init \(name): f.0.weight ") }, "\(layer)")
  }
}
