// Sums of losses that bear names: distillation from a teacher's loss and the labels'.

extension KnownDefinitions {
  private static let distillation = DefinitionFamily(
    "distillation", "the distillation loss", names: ["kd", "lkd", "distill", "distillation"],
    words: ["distillation", "distill", "知识蒸馏", "蒸馏"], admits: ["kl", "cross-entropy", "softmax"])

  private static let share = KnownInput.scalar(
    "a", .between(0.1, 0.9), ["alpha", "lambda", "beta", "w"])
  private static let hard = KnownInput.scalar(
    "h", .positive,
    [
      "L_hard", "L_CE", "L_ce", "L_task", "L_cls", "L_student", "CE", "L_label", "L_gt", "H",
      "L_xent", "L_H", "L_NLL",
    ], certain: ["L_hard", "L_CE", "L_ce", "CE", "L_task"])
  private static let soft = KnownInput.scalar(
    "s", .positive,
    [
      "L_soft", "L_KD", "L_KL", "L_kd", "L_kl", "L_distill", "L_teacher", "KL", "D_KL", "L_dist",
      "KD",
    ], certain: ["L_soft", "L_KD", "L_KL", "L_distill", "KL", "D_KL"])
  private static let temperature = KnownInput.scalar(
    "T", .between(1.5, 4), ["T", "tau"], certain: ["T", "tau"])

  private static func mixture(_ id: String, _ says: String, _ reference: String, _ scaled: Bool)
    -> KnownDefinition
  {
    KnownDefinition(
      id, distillation, says, [share, hard, soft] + (scaled ? [temperature] : []), reference,
      needsNames: true)
  }

  static let mixtures = [
    mixture(
      "distill_mix", "α of the labels' loss, 1 - α of the teacher's", "a*h + (1 - a)*s", false),
    mixture(
      "distill_mix_soft", "α of the teacher's loss, 1 - α of the labels'", "(1 - a)*h + a*s",
      false),
    mixture(
      "distill_mix_scaled", "α of the labels' loss, 1 - α of the teacher's times T²",
      "a*h + (1 - a)*T^2*s", true),
    mixture(
      "distill_mix_soft_scaled", "α of the teacher's loss times T², 1 - α of the labels'",
      "(1 - a)*h + a*T^2*s", true),
    mixture("distill_add", "the labels' loss plus a multiple of the teacher's", "h + a*s", false),
  ]
}
