// Kullback and Leibler's divergence, entropy, and what distillation makes of them.

extension KnownDefinitions {
  private static let kl = DefinitionFamily(
    "kl", "the Kullback-Leibler divergence", names: ["kl", "dkl", "kldivergence", "kld"],
    words: [
      "kullback", "entropie relative", "entropía relativa", "kl divergence", "kl-divergence",
      "relative entropy", "kl散度", "相对熵",
    ])
  private static let entropy = DefinitionFamily(
    "entropy", "the entropy", names: ["entropy"],
    words: [
      "shannon entropy", "entropie de shannon", "entropía de shannon", "shannon-entropie", "信息熵",
    ])
  private static let distillation = DefinitionFamily(
    "distillation", "the distillation loss", names: ["kd", "lkd", "distill", "distillation"],
    words: ["distillation", "distill", "知识蒸馏", "蒸馏"], admits: ["kl", "cross-entropy", "softmax"])

  private static let p = KnownInput.vector("p", "k", .probabilities, ["p", "P", "y"])
  private static let q = KnownInput.vector("q", "k", .probabilities, ["q", "Q", "y_hat"])
  private static let zeroAdvice = "0·log 0 is taken as 0; leave such terms out"

  static let divergences = [
    KnownDefinition(
      "kl", kl, "the divergence of q from p, summed over the classes, natural logarithm", [p, q],
      "sum(xlogy(p, p) - xlogy(p, q))", builtin: "kl(p, q)",
      awkward: [
        AwkwardInput(
          "p = 0 for a class",
          ["p": FormulaValue([1, 0, 0]), "q": FormulaValue([0.5, 0.25, 0.25])], zeroAdvice),
        AwkwardInput(
          "equal distributions",
          ["p": FormulaValue([0.5, 0.25, 0.25]), "q": FormulaValue([0.5, 0.25, 0.25])],
          zeroAdvice),
      ]),
    KnownDefinition(
      "entropy", entropy, "the entropy, natural logarithm", [p], "-sum(xlogy(p, p))",
      awkward: [
        AwkwardInput("p = 0 for a class", ["p": FormulaValue([1, 0, 0])], zeroAdvice)
      ]),
  ]

  private static let student = KnownInput.vector(
    "s", "k", .real, ["z^s", "z_s", "z^(s)", "z_S", "z^S", "z_student", "s", "z"])
  private static let teacher = KnownInput.vector(
    "t", "k", .real, ["z^t", "z_t", "z^(t)", "z_T", "z^T", "z_teacher", "t", "v"])
  private static let temperature = KnownInput.scalar(
    "T", .between(1.5, 4), ["T", "tau"], certain: ["T", "tau"])

  static let distillations = [
    KnownDefinition(
      "distill", distillation, "T² times the divergence of the softened student from the teacher",
      [student, teacher, temperature],
      "T^2*sum(softmax(t/T)*(log_softmax(t/T) - log_softmax(s/T)))",
      builtin: "distill(s, t, T)"),
    KnownDefinition(
      "distill_unscaled", distillation,
      "the divergence of the softened student from the teacher, without the factor T²",
      [student, teacher, temperature], "sum(softmax(t/T)*(log_softmax(t/T) - log_softmax(s/T)))",
      builtin: "distill(s, t, T)/T^2"),
    KnownDefinition(
      "distill_cross_entropy", distillation,
      "T² times the cross-entropy of the softened student and teacher; its gradient is the same",
      [student, teacher, temperature], "-T^2*sum(softmax(t/T)*log_softmax(s/T))",
      builtin: "distill(s, t, T) up to a constant"),
  ]
}
