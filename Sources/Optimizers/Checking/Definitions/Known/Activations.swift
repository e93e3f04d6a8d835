// Activation functions and their derivatives, element by element.

extension KnownDefinitions {
  private static let sigmoid = DefinitionFamily(
    "sigmoid", "the sigmoid", names: ["sigmoid", "sigm", "logistic", "expit"],
    words: [
      "sigmoid", "logistic function", "logistische Funktion", "sigmoide", "fonction logistique",
      "función logística", "シグモイド", "S型函数",
    ],
    admits: ["logistic-regression", "sigmoid-derivative"], namesakes: ["logistic-regression"])
  private static let tanh = DefinitionFamily(
    "tanh", "tanh", names: ["tanh"],
    words: [
      "tanh", "hyperbolic tangent", "tangente hyperbolique", "tangente hiperbólica",
      "tangens hyperbolicus", "双曲正切",
    ],
    admits: ["tanh-derivative"], namesakes: [])
  private static let relu = DefinitionFamily(
    "relu", "ReLU", names: ["relu"], words: ["relu", "rectified linear", "整流线性", "修正线性"],
    admits: ["leaky-relu", "relu-derivative", "elu", "gelu"], namesakes: [])
  private static let leaky = DefinitionFamily(
    "leaky-relu", "leaky ReLU", names: ["leakyrelu", "lrelu", "prelu"],
    words: [
      "leaky relu", "leakyrelu", "leaky-relu", "prelu", "parametric relu", "parametrised relu",
      "parametrized relu", "parameterised relu", "parameterized relu", "parametric rectified",
      "leaky rectified", "leaky-rectified", "parametrisierte relu", "relu parametrique",
    ], namesakes: [])
  private static let elu = DefinitionFamily(
    "elu", "ELU", names: ["elu"], words: ["elu"], namesakes: [])
  private static let gelu = DefinitionFamily(
    "gelu", "GELU", names: ["gelu"], words: ["gelu"], namesakes: [])
  private static let softplus = DefinitionFamily(
    "softplus", "softplus", names: ["softplus"], words: ["softplus"])
  private static let swish = DefinitionFamily(
    "swish", "swish (SiLU)", names: ["swish", "silu"], words: ["swish", "silu"])
  private static let sigmoidSlope = DefinitionFamily(
    "sigmoid-derivative", "the derivative of the sigmoid", names: ["sigmoid'", "sigma'"],
    words: [
      "derivative of the sigmoid", "derivative of sigmoid", "sigmoid derivative",
      "Ableitung der Sigmoid",
    ], isDerivative: true)
  private static let tanhSlope = DefinitionFamily(
    "tanh-derivative", "the derivative of tanh", names: ["tanh'"],
    words: ["derivative of tanh", "tanh derivative"], isDerivative: true)
  private static let reluSlope = DefinitionFamily(
    "relu-derivative", "the derivative of ReLU", names: ["relu'"],
    words: ["derivative of relu", "relu derivative"], isDerivative: true)

  private static let x = KnownInput.each("x", .apart, ["x", "z", "a", "u", "s", "t", "v"])
  private static func at(_ number: Double) -> [String: FormulaValue] {
    ["x": FormulaValue(number)]
  }
  private static let extremes = [
    AwkwardInput("a large input", at(800), "use the form whose exponent is negative there"),
    AwkwardInput(
      "a very negative input", at(-800), "use the form whose exponent is negative there"),
    AwkwardInput("0", at(0), "say what it is at 0"),
  ]
  private static let slope = KnownInput.scalar(
    "s", .between(0.05, 0.4), ["alpha", "a", "s", "gamma", "lambda"])

  static let activations = [
    KnownDefinition(
      "sigmoid", sigmoid, "the logistic sigmoid", [x], "sigmoid(x)", awkward: extremes),
    KnownDefinition("tanh", tanh, "the hyperbolic tangent", [x], "tanh(x)", awkward: extremes),
    KnownDefinition(
      "relu", relu, "x where it is positive, else 0", [x], "relu(x)", awkward: extremes),
    KnownDefinition(
      "relu6", relu, "ReLU that ends at 6", [x], "clip(x, 0, 6)"),
    KnownDefinition(
      "leaky_relu", leaky, "x where it is positive, else the slope times x", [x, slope],
      "leaky_relu(x, s)", awkward: extremes),
    KnownDefinition(
      "prelu_each", leaky, "x where it is positive, else a slope for each times x",
      [x, .each("s", .between(0.05, 0.4), ["alpha", "a", "s", "gamma", "lambda"])],
      "where(x > 0, x, s*x)", builtin: "leaky_relu(x, s)", needsNames: true),
    KnownDefinition(
      "leaky_relu_001", leaky, "leaky ReLU with the slope 0.01", [x], "leaky_relu(x)",
      awkward: extremes),
    KnownDefinition(
      "elu", elu, "x where it is positive, else α(eˣ - 1)", [x, slope], "elu(x, s)",
      awkward: extremes),
    KnownDefinition("elu_1", elu, "ELU with α = 1", [x], "elu(x)", awkward: extremes),
    KnownDefinition(
      "gelu", gelu, "x·Φ(x), the exact form", [x], "gelu(x)", awkward: extremes),
    KnownDefinition(
      "gelu_tanh", gelu,
      "the approximation of GELU with tanh; the exact form differs by up to 0.0005",
      [x], "0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3)))", awkward: extremes),
    KnownDefinition(
      "gelu_sigmoid", gelu,
      "the approximation of GELU with a sigmoid; the exact form differs by up to 0.02", [x],
      "x*sigmoid(1.702*x)", awkward: extremes),
    KnownDefinition(
      "softplus", softplus, "log(1 + eˣ), natural logarithm", [x], "softplus(x)", awkward: extremes),
    KnownDefinition(
      "softplus_beta", softplus, "log(1 + e^(βx))/β, natural logarithm",
      [x, .scalar("b", .between(0.3, 2), ["beta"])], "softplus(b*x)/b", awkward: extremes),
    KnownDefinition("swish", swish, "x·sigmoid(x)", [x], "silu(x)", awkward: extremes),
    KnownDefinition(
      "swish_beta", swish, "x·sigmoid(βx)",
      [x, .scalar("b", .between(0.3, 2), ["beta"])], "x*sigmoid(b*x)", awkward: extremes),
  ]

  static let derivatives = [
    KnownDefinition(
      "sigmoid_derivative", sigmoidSlope, "σ(x)·(1 - σ(x))", [x], "sigmoid(x)*(1 - sigmoid(x))",
      awkward: extremes),
    KnownDefinition(
      "sigmoid_derivative_output", sigmoidSlope, "a·(1 - a) of the sigmoid's value a",
      [.each("a", .unit, ["a", "y", "y_hat", "sigma", "s", "p", "h", "o"])], "a*(1 - a)",
      needsNames: true, yieldsToNames: true),
    KnownDefinition(
      "tanh_derivative", tanhSlope, "1 - tanh²(x)", [x], "1 - tanh(x)^2", awkward: extremes),
    KnownDefinition(
      "tanh_derivative_output", tanhSlope, "1 - a² of the value a of tanh",
      [.each("a", .unit, ["a", "y", "h", "o"])], "1 - a^2", needsNames: true,
      yieldsToNames: true),
    KnownDefinition(
      "relu_derivative", reluSlope, "1 where x is positive, else 0", [x], "where(x > 0, 1, 0)",
      needsNames: true, awkward: extremes),
  ]
}
