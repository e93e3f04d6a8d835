// The pseudo-Huber loss: a square near 0, a line far from it, smooth everywhere (Charbonnier et al. 1994).
//
// Texts scale it in three ways; SciPy's soft_l1 is twice one of them.

extension KnownDefinitions {
  private static let family = DefinitionFamily(
    "pseudo-huber", "the pseudo-Huber loss", names: ["pseudohuber", "charbonnier"],
    words: ["pseudo-huber", "pseudo huber", "pseudohuber", "charbonnier", "soft_l1", "soft l1"],
    admits: ["huber"], namesakes: [])
  private static let delta = KnownInput.scalar(
    "d", .between(0.5, 1.5), ["delta", "d", "c", "k", "tau", "epsilon"], certain: ["delta"])
  private static let errors: [(id: String, says: String, inputs: [KnownInput], error: String)] = [
    ("", "an error", [.each("a", .real, ["a", "r", "e", "x", "u", "z"])], "a"),
    (
      "_each", "one sample",
      [
        .each("p", .real, predictionNames, certain: certainPredictions),
        .each("y", .real, targetNames),
      ], "(p - y)"
    ),
    (
      "_mean", "all samples, their mean",
      [
        .vector("p", "n", .real, predictionNames, certain: certainPredictions),
        .vector("y", "n", .real, targetNames),
      ], "(p - y)"
    ),
  ]
  private static let scales: [(id: String, says: String, isScaled: Bool, reference: String)] = [
    ("", "as steep as δ far from 0", true, "d^2*(sqrt(1 + (@/d)^2) - 1)"),
    ("_twice", "twice as steep as δ far from 0", true, "2*d^2*(sqrt(1 + (@/d)^2) - 1)"),
    ("_line", "of slope 1 far from 0", true, "sqrt(d^2 + @^2) - d"),
    ("_line_root", "of slope 1 far from 0, not taken to 0", true, "sqrt(d^2 + @^2)"),
    ("_plain", "a function of the error divided by δ", true, "sqrt(1 + (@/d)^2) - 1"),
    ("_one", "with δ = 1", false, "sqrt(1 + @^2) - 1"),
    ("_one_twice", "twice that with δ = 1", false, "2*(sqrt(1 + @^2) - 1)"),
  ]

  static let pseudoHubers: [KnownDefinition] = scales.flatMap { scale in
    errors.map { error in
      let reference = scale.reference.replacing("@", with: error.error)
      return KnownDefinition(
        "pseudo_huber" + scale.id + error.id, family,
        "the pseudo-Huber loss of \(error.says): Huber's, smooth everywhere, \(scale.says)",
        error.inputs + (scale.isScaled ? [delta] : []),
        error.id == "_mean" ? "mean(\(reference))" : reference, needsNames: true,
        needsWords: scale.id == "_line_root")
    }
  }
}
