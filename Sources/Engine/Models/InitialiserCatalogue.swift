// The initialisers by name, as `init=` takes them and help explains them.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// One initialiser that can be asked for.
package struct InitialiserKind: Sendable {
  package let function: Function
  /// The torch function it equals.
  package let torch: String
  package let formula: String
  let kind: Initialiser.Kind
  /// The numbers it takes, in order.
  let numbers: [(name: String, standard: Double)]

  package var name: String { function.name }

  init(
    _ name: String, aliases: [String] = [], _ numbers: [(String, Double)], torch: String,
    _ summary: String, formula: String, _ kind: Initialiser.Kind
  ) {
    function = Function(
      name, aliases: aliases,
      numbers.map { name, standard in
        // √2 is better said in the summary.
        .number(name, standard == standard.rounded() ? .number(standard) : .absent)
      } + (kind.isRandom ? [.integer("seed", .integers([0]))] : []), summary
    ) { call throws(TensorError) in
      throw call.invalid("this is an initialiser", help: "model f = linear(2, 3, init=\(name))")
    }
    self.torch = torch
    self.formula = formula
    self.kind = kind
    self.numbers = numbers.map { (name: $0.0, standard: $0.1) }
  }

  /// The initialiser with no argument given.
  package var standard: Initialiser? {
    guard let bound = try? function.arguments([], places: []) else { return nil }
    return try? initialiser(FunctionCall(function, bound))
  }

  /// The initialiser with the arguments of a call.
  func initialiser(_ call: FunctionCall) throws(TensorError) -> Initialiser {
    var values: [Double] = []
    for (name, standard) in numbers {
      let value = (try? call.number(name)) ?? standard
      guard value.isFinite else { throw call.invalid("\(name) is a finite number") }
      values.append(value)
    }
    if case .uniform = kind, values[0] > values[1] {
      throw call.invalid("low is not above high")
    }
    if case .normal = kind, values[1] < 0 { throw call.invalid("std is not negative") }
    return Initialiser(kind, values, seed: kind.isRandom ? try call.integer("seed") : 0)
  }

  package static func named(_ name: String) -> InitialiserKind? {
    catalogue.first { $0.name == name || $0.function.aliases.contains(name) }
  }

  package static let catalogue: [InitialiserKind] = [
    InitialiserKind(
      "zeros", [], torch: "torch.nn.init.zeros_", "Every element is 0.", formula: "w = 0", .zeros),
    InitialiserKind(
      "ones", [], torch: "torch.nn.init.ones_", "Every element is 1.", formula: "w = 1", .ones),
    InitialiserKind(
      "constant", [("value", 0)], torch: "torch.nn.init.constant_",
      "Every element is the same number.", formula: "w = value", .constant),
    InitialiserKind(
      "uniform", [("low", 0), ("high", 1)], torch: "torch.nn.init.uniform_",
      "Drawn evenly between two numbers.", formula: "w ~ U(low, high)", .uniform),
    InitialiserKind(
      "normal", [("mean", 0), ("std", 1)], torch: "torch.nn.init.normal_",
      "Drawn from a normal distribution.", formula: "w ~ N(mean, std²)", .normal),
    InitialiserKind(
      "xavier", aliases: ["xavier_uniform", "glorot", "glorot_uniform"], [("gain", 1)],
      torch: "torch.nn.init.xavier_uniform_",
      "Glorot & Bengio 2010: keeps the variance of signals and of gradients about the same.",
      formula: "w ~ U(-a, a), a = gain·√(6/(fan_in + fan_out))", .xavierUniform),
    InitialiserKind(
      "xavier_normal", aliases: ["glorot_normal"], [("gain", 1)],
      torch: "torch.nn.init.xavier_normal_",
      "Glorot & Bengio 2010, from a normal distribution.",
      formula: "w ~ N(0, std²), std = gain·√(2/(fan_in + fan_out))", .xavierNormal),
    InitialiserKind(
      "he", aliases: ["he_normal", "kaiming", "kaiming_normal"], [("gain", 2.0.squareRoot())],
      torch: "torch.nn.init.kaiming_normal_",
      "He et al. 2015: keeps the variance of signals through relu; gain = √2 is relu's.",
      formula: "w ~ N(0, 2/fan_in), std = √(2/fan_in)", .heNormal),
    InitialiserKind(
      "he_uniform", aliases: ["kaiming_uniform"], [("gain", 2.0.squareRoot())],
      torch: "torch.nn.init.kaiming_uniform_",
      "He et al. 2015, drawn evenly; gain = √2 is relu's.",
      formula: "w ~ U(-a, a), a = √(6/fan_in)", .heUniform),
    InitialiserKind(
      "orthogonal", [("gain", 1)], torch: "torch.nn.init.orthogonal_",
      "Saxe et al. 2014: the Q of a QR decomposition of normal draws, whose rows or columns are"
        + " orthogonal and of length 1.",
      formula: "w = gain·Q, Qᵀ·Q = I", .orthogonal),
  ]
}
