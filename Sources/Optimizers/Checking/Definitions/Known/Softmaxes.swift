// Softmax, its logarithm, and the logarithm of a sum of exponentials.

extension KnownDefinitions {
  static let logitNames: Set<String> = ["z", "x", "a", "s", "o", "u", "v", "l", "h", "f", "y", "q"]

  private static let softmax = DefinitionFamily(
    "softmax", "softmax", names: ["softmax", "smax"],
    words: ["softmax", "归一化指数", "ソフトマックス"], admits: ["log-softmax"])
  private static let logSoftmax = DefinitionFamily(
    "log-softmax", "log-softmax", names: ["logsoftmax"],
    words: ["log-softmax", "log softmax", "logsoftmax"])
  private static let logSumExp = DefinitionFamily(
    "log-sum-exp", "log-sum-exp", names: ["logsumexp", "lse"],
    words: ["log-sum-exp", "logsumexp", "log sum exp"])

  private static let z = KnownInput.vector("z", "k", .real, logitNames)
  private static let temperature = KnownInput.scalar(
    "T", .between(0.5, 3), ["T", "tau", "beta"], certain: ["T", "tau"])

  private static let advice = "subtract the largest element first; it cancels out"
  private static let large = [
    AwkwardInput("large logits", ["z": FormulaValue([800, 0, -800])], advice),
    AwkwardInput("very negative logits", ["z": FormulaValue([-800, -801, -802])], advice),
    AwkwardInput("equal logits", ["z": FormulaValue([0.5, 0.5, 0.5])], advice),
    AwkwardInput("one class", ["z": FormulaValue([1.5])], advice),
  ]

  static let softmaxes = [
    KnownDefinition(
      "softmax", softmax, "softmax over all classes", [z], "softmax(z)", awkward: large),
    KnownDefinition(
      "softmax_temperature", softmax, "softmax with a temperature that divides the logits",
      [z, temperature],
      "softmax(z/T)", awkward: large),
    KnownDefinition(
      "softmax_times_temperature", softmax, "softmax with a temperature that multiplies the logits",
      [z, .scalar("T", .between(0.5, 3), ["T", "tau"], certain: ["T", "tau"])], "softmax(T*z)",
      needsNames: true,
      slip: KnownSlip(
        "temperature-multiplies",
        "the temperature multiplies the logits: it has to divide them, so that a high one makes the"
          + " probabilities more alike",
        claims: .words(
          ["temperature", "distillation", "distill", "temperatur", "蒸馏", "温度"],
          unless: ["inverse temperature", "inverse of the temperature", "1/t"]))),
    KnownDefinition(
      "softmax_inverse_temperature", softmax,
      "softmax with an inverse temperature that multiplies the logits",
      [z, .scalar("b", .between(0.5, 3), ["beta"], certain: ["beta"])], "softmax(b*z)",
      awkward: large),
    KnownDefinition(
      "softmax_rows", softmax, "softmax over the classes of every sample",
      [.matrix("z", .real, logitNames)], "softmax(z)",
      awkward: [
        AwkwardInput(
          "large logits", ["z": FormulaValue(rows: [[800, 0, -800], [1, 2, 3]])], advice)
      ]),
    KnownDefinition(
      "log_softmax", logSoftmax, "the natural logarithm of softmax", [z], "log_softmax(z)",
      awkward: large),
    KnownDefinition(
      "logsumexp", logSumExp, "the natural logarithm of the sum of exponentials", [z],
      "logsumexp(z)", awkward: large),
  ]
}
