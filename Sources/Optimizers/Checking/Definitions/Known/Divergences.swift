// Kullback and Leibler's divergence, entropy, and what distillation makes of them.

extension KnownDefinitions {
  private static let kl = DefinitionFamily(
    "kl", "the Kullback-Leibler divergence", names: ["kl", "dkl", "kldivergence", "kld"],
    words: [
      "kullback", "entropie relative", "entropía relativa", "kl divergence", "kl-divergence",
      "relative entropy", "relative entropie", "kl散度", "相对熵",
    ], isStrict: true)
  private static let entropy = DefinitionFamily(
    "entropy", "the entropy", names: ["entropy"],
    words: [
      "shannon entropy", "entropie de shannon", "entropía de shannon", "shannon-entropie", "信息熵",
    ])
  static let gainWords = [
    "information gain", "informationsgewinn", "gain d'information", "信息增益",
  ]
  private static let gain = DefinitionFamily(
    "information-gain", "the information gain",
    names: ["ig", "gain", "infogain", "informationgain"],
    words: gainWords)
  private static let distillation = DefinitionFamily(
    "distillation", "the distillation loss", names: ["kd", "lkd", "distill", "distillation"],
    words: ["distillation", "distill", "知识蒸馏", "蒸馏"], admits: ["kl", "cross-entropy", "softmax"])

  private static let p = KnownInput.vector(
    "p", "k", .probabilities, ["p", "P", "y", "p^T", "p^t", "q^T", "p_T", "p_t"])
  private static let q = KnownInput.vector(
    "q", "k", .probabilities, ["q", "Q", "y_hat", "p^S", "p^s", "q^S", "p_S", "p_s"])
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
      "kl_term", kl, "one class's term of the divergence; it is their sum over the classes",
      [
        .each("p", .unit, ["p", "P", "y", "p^T", "p^t", "q^T", "p_T", "p_t"]),
        .each("q", .unit, ["q", "Q", "y_hat", "p^S", "p^s", "q^S", "p_S", "p_s"]),
      ], "p*log(p/q)", needsNames: true, needsWords: true),
    KnownDefinition(
      "information_gain", gain, "the entropy less the mean of the parts' entropies, by their sizes",
      [
        .scalar("h", .positive, ["H_whole"]), .vector("parts", "k", .positive, ["H_part"]),
        .vector("n", "k", .whole(1, 9), ["n_part"]), .scalar("N", .whole(10, 40), ["n_whole"]),
      ], "h - sum(n/N*parts)", needsNames: true),
    KnownDefinition(
      "information_gain_unweighted", gain, "the entropy less the sum of the parts' entropies",
      [.scalar("h", .positive, ["H_whole"]), .vector("parts", "k", .positive, ["H_part"])],
      "h - sum(parts)", needsNames: true, needsWords: true,
      slip: KnownSlip(
        "factor-left-out", "the parts' entropies are not weighted: the factor |Sᵥ|/|S| is missing")),
    KnownDefinition(
      "kl_unweighted", kl, "the sum of log(p/q)", [p, q], "sum(log(p/q))", needsNames: true,
      needsWords: true,
      slip: KnownSlip(
        "factor-left-out", "the factor p before log(p/q) is missing", claims: .left(["D"]))),
    KnownDefinition(
      "entropy_unweighted", entropy, "minus the sum of the logarithms", [p], "-sum(log(p))",
      needsNames: true, needsWords: true,
      slip: KnownSlip(
        "factor-left-out", "the factor p before log p is missing", claims: .left(["H"]))),
    KnownDefinition(
      "information_gain_given", gain, "the entropy less what is left of it",
      [.scalar("h", .positive, ["H_whole"]), .scalar("c", .positive, ["H_given"])], "h - c",
      needsNames: true),
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

  private static let taught = KnownInput.vector(
    "p", "k", .probabilities, ["p^T", "p^t", "q^T", "q^t", "p_T", "p_t", "p_teacher"])
  private static let learnt = KnownInput.vector(
    "q", "k", .probabilities, ["p^S", "p^s", "q^S", "q^s", "p_S", "p_s", "p_student"])

  static let distillations = [
    KnownDefinition(
      "distill_probabilities", distillation,
      "the divergence of the student's probabilities from the teacher's, natural logarithm",
      [taught, learnt], "sum(xlogy(p, p) - xlogy(p, q))", builtin: "kl(p, q)", needsNames: true),
    KnownDefinition(
      "distill_probabilities_scaled", distillation,
      "T² times the divergence of the student's probabilities from the teacher's",
      [taught, learnt, temperature], "T^2*sum(xlogy(p, p) - xlogy(p, q))",
      builtin: "T^2*kl(p, q)", needsNames: true),
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
