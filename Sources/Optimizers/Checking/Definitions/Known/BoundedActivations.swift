// Activations made of others: logarithms, bounded lines, shrinkage, mish, SELU.

extension KnownDefinitions {
  private static let x = KnownInput.each("x", .apart, ["x", "z", "a", "u", "s", "t", "v"])
  private static let amount = KnownInput.scalar(
    "s", .between(0.2, 0.9), ["lambda", "alpha", "a", "theta"])

  private static func family(_ id: String, _ title: String, _ words: [String]) -> DefinitionFamily {
    let names = Set([id.filter { $0 != "-" }])
    return DefinitionFamily(id, title, names: names, words: words)
  }

  static let boundedActivations: [KnownDefinition] = [
    KnownDefinition(
      "log_sigmoid",
      family("log-sigmoid", "log-sigmoid", ["log sigmoid", "log-sigmoid", "logsigmoid"]),
      "the logarithm of the sigmoid", [x], "-softplus(-x)"),
    KnownDefinition(
      "softsign", family("softsign", "softsign", ["softsign"]), "x divided by 1 + |x|", [x],
      "x/(1 + abs(x))"),
    KnownDefinition(
      "mish", family("mish", "mish", ["mish activation", "mish function"]), "x·tanh(softplus(x))",
      [x], "x*tanh(softplus(x))"),
    KnownDefinition(
      "selu", family("selu", "SELU", ["selu", "scaled exponential linear"]),
      "λ·ELU with α = 1.6733 and λ = 1.0507, to the digits printed",
      [
        x, .scalar("c", .between(1.01, 1.2), ["lambda", "scale"]),
        .scalar("a", .between(1.2, 1.9), ["alpha"]),
      ], "c*elu(x, a)"),
    KnownDefinition(
      "celu", family("celu", "CELU", ["celu"]), "x where it is positive, else α(e^(x/α) - 1)",
      [x, amount], "where(x > 0, x, s*(exp(x/s) - 1))"),
    KnownDefinition(
      "hard_tanh", family("hard-tanh", "hard tanh", ["hard tanh", "hardtanh", "hard-tanh"]),
      "x kept within -1 and 1", [x], "clip(x, -1, 1)"),
    KnownDefinition(
      "hard_sigmoid",
      family("hard-sigmoid", "hard sigmoid", ["hard sigmoid", "hardsigmoid", "hard-sigmoid"]),
      "x/6 + 1/2 kept within 0 and 1, as in PyTorch", [x], "clip(x/6 + 0.5, 0, 1)"),
    KnownDefinition(
      "hard_sigmoid_fifth",
      family("hard-sigmoid", "hard sigmoid", ["hard sigmoid", "hardsigmoid", "hard-sigmoid"]),
      "0.2x + 0.5 kept within 0 and 1, as in Keras 2", [x], "clip(0.2*x + 0.5, 0, 1)"),
    KnownDefinition(
      "tanh_shrink", family("tanh-shrink", "tanhshrink", ["tanhshrink", "tanh shrink"]),
      "x less its tanh", [x], "x - tanh(x)"),
    KnownDefinition(
      "soft_shrink",
      family("soft-shrink", "soft shrinkage", ["softshrink", "soft shrink", "soft threshold"]),
      "nearer to 0 by λ, and 0 within λ", [x, amount], "sign(x)*max(abs(x) - s, 0)"),
    KnownDefinition(
      "hard_shrink",
      family("hard-shrink", "hard shrinkage", ["hardshrink", "hard shrink", "hard threshold"]),
      "x, and 0 within λ", [x, amount], "where(abs(x) > s, x, 0)", needsWords: true),
  ]
}
