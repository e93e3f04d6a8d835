// Losses of probabilities beside the plain ones: with weights, with smoothed targets, focal, of many
// scores, and what distributions have in common.

extension KnownDefinitions {
  private static let binary = DefinitionFamily(
    "weighted-cross-entropy", "a weighted cross-entropy", names: ["wbce", "wce", "weightedbce"],
    words: [
      "weighted binary cross", "weighted cross", "weighted bce", "class weight", "balanced cross",
      "weighted logistic", "weighted log loss", "weighted log-loss", "balanced bce", "pos_weight",
    ], admits: ["binary-cross-entropy", "cross-entropy"])
  private static let smoothed = DefinitionFamily(
    "smoothed-cross-entropy", "the cross-entropy of smoothed targets", names: ["labelsmoothing"],
    words: ["label smoothing", "smoothed label", "标签平滑"], admits: ["cross-entropy"])
  private static let focal = DefinitionFamily(
    "focal", "the focal loss", names: ["fl", "focal"], words: ["focal loss", "focalloss"])
  private static let multi = DefinitionFamily(
    "multiclass-hinge", "the hinge loss of several classes", names: ["svm", "multiclasshinge"],
    words: ["multiclass hinge", "multi-class hinge", "multiclass svm", "svm loss", "hinge"],
    admits: ["hinge"])
  private static let shannon = DefinitionFamily(
    "jensen-shannon", "the Jensen-Shannon divergence", names: ["js", "jsd", "djs"],
    words: ["jensen-shannon", "jensen shannon", "js divergence", "js散度"], isStrict: true)
  private static let normal = DefinitionFamily(
    "normal-divergence", "the divergence from the standard normal distribution",
    names: ["kl", "dkl", "lkl", "kld"],
    words: ["vae", "variational autoencoder", "reparametri", "变分自编码"])

  private static let eachP = KnownInput.each(
    "p", .unit, predictionNames.union(["p_i"]), certain: certainPredictions)
  private static let eachY = KnownInput.each("y", .bit, targetNames)
  private static let manyP = KnownInput.vector(
    "p", "n", .unit, predictionNames, certain: certainPredictions)
  private static let manyY = KnownInput.vector("y", "n", .bit, targetNames)
  private static let weight = KnownInput.scalar(
    "w", .between(0.3, 4), ["w", "beta", "alpha", "w_1", "w_p", "w_+", "lambda", "pos_weight"])
  private static let share = KnownInput.scalar(
    "a", .between(0.1, 0.9), ["alpha", "beta", "w"], certain: ["alpha"])
  private static let classPair = [
    KnownInput.vector(
      "p", "k", .probabilities, predictionNames.union(["p_c"]), certain: certainPredictions),
    KnownInput.vector("y", "k", .oneHot, targetNames.union(["y_c"])),
  ]
  private static let rowPair = [
    KnownInput.matrix("p", .probabilities, predictionNames, certain: certainPredictions),
    KnownInput.matrix("y", .probabilities, targetNames),
  ]
  private static let focus = KnownInput.scalar("g", .between(1, 4), ["gamma"], certain: ["gamma"])
  private static let epsilon = KnownInput.scalar(
    "e", .between(0.05, 0.3), ["epsilon", "alpha", "varepsilon", "eps"], certain: ["epsilon"])
  private static let scores = KnownInput.vector("s", "k", .real, ["s", "f", "z", "o", "a"])
  private static let truth = KnownInput(
    name: "y", shape: .oneOf("k"), domain: .whole(1, 2), usual: ["y", "y_i", "t", "c"], certain: [])
  private static let truths = KnownInput(
    name: "y", shape: .eachOneOf("n", "k"), domain: .whole(1, 2), usual: ["y", "t", "c"],
    certain: [])
  private static let p = KnownInput.vector("p", "k", .probabilities, ["p", "P"])
  private static let q = KnownInput.vector("q", "k", .probabilities, ["q", "Q"])
  private static let halves = "xlogy(p, (p + q)/2)"

  private static let weighted = "-(w*xlogy(y, p) + xlogy(1 - y, 1 - p))"
  private static let balanced = "-(a*xlogy(y, p) + (1 - a)*xlogy(1 - y, 1 - p))"
  private static let focused =
    "-(a*y*(1 - p)^g*log(p) + (1 - a)*(1 - y)*p^g*log(1 - p))"
  private static let focusedPlain = "-(y*(1 - p)^g*log(p) + (1 - y)*p^g*log(1 - p))"

  private static func each(
    _ id: String, _ family: DefinitionFamily, _ says: String, _ extra: [KnownInput],
    _ reference: String
  ) -> [KnownDefinition] {
    [
      KnownDefinition(
        id, family, says + ", the mean over samples, natural logarithm", [manyP, manyY] + extra,
        "mean(\(reference))", needsNames: true),
      KnownDefinition(
        id + "_sum", family, says + ", summed over samples, natural logarithm",
        [manyP, manyY] + extra, "sum(\(reference))", needsNames: true),
      KnownDefinition(
        id + "_each", family, says + " of one sample, natural logarithm", [eachP, eachY] + extra,
        reference, needsNames: true),
    ]
  }

  static let likelihoods: [KnownDefinition] =
    each(
      "weighted_bce", binary, "the binary cross-entropy with a weight on the positive", [weight],
      weighted)
    + each(
      "balanced_bce", binary, "the binary cross-entropy with the weights α and 1 - α", [share],
      balanced)
    + each("focal_binary", focal, "the focal loss of both classes", [share, focus], focused)
    + each(
      "focal_binary_plain", focal, "the focal loss of both classes without α", [focus],
      focusedPlain)
    + [
      KnownDefinition(
        "focal_classes", focal, "the focal loss of one sample, summed over its classes",
        classPair + [focus], "-sum((1 - p)^g*y*log(p))", needsNames: true, isOnlyRecognised: true),
      KnownDefinition(
        "focal_classes_balanced", focal,
        "the focal loss of one sample with the weight α, summed over its classes",
        classPair + [share, focus], "-a*sum((1 - p)^g*y*log(p))", needsNames: true,
        isOnlyRecognised: true),
      KnownDefinition(
        "focal_classes_weighted", focal,
        "the focal loss of one sample with a weight for each class, summed over its classes",
        classPair + [.vector("a", "k", .positive, ["alpha", "w", "beta"]), focus],
        "-sum(a*(1 - p)^g*y*log(p))", needsNames: true, isOnlyRecognised: true),
      KnownDefinition(
        "focal_rows_sum", focal, "the focal loss, summed over samples and classes",
        rowPair + [focus], "-sum((1 - p)^g*y*log(p))", needsNames: true, isOnlyRecognised: true),
      KnownDefinition(
        "focal_rows", focal, "the focal loss, summed over the classes, the mean over samples",
        rowPair + [focus], "-sum((1 - p)^g*y*log(p))/{n}", needsNames: true,
        isOnlyRecognised: true),
      KnownDefinition(
        "smoothed_cross_entropy", smoothed,
        "the cross-entropy with (1 - ε)·y + ε/K for targets, natural logarithm",
        [
          .vector("p", "k", .probabilities, predictionNames, certain: certainPredictions),
          .vector("y", "k", .oneHot, targetNames), epsilon,
        ], "-sum(((1 - e)*y + e/{k})*log(p))"),
      KnownDefinition(
        "smoothed_mixture", smoothed, "1 - ε of the targets' loss, ε of the even distribution's",
        [
          epsilon, .scalar("h", .positive, ["H_y", "L_CE", "CE", "L_ce", "H", "L"]),
          .scalar("u", .positive, ["H_u", "L_u", "U", "L_uniform", "H_uniform"]),
        ], "(1 - e)*h + e*u", needsNames: true, needsWords: true),
      KnownDefinition(
        "label_smoothing_given", smoothed,
        "(1 - ε)·y + ε·u: some of the target goes to all classes",
        [
          .each("y", .bit, targetNames.union(["y_k", "q"])), epsilon,
          .each("u", .unit, ["u", "u_k", "U"]),
        ], "(1 - e)*y + e*u", needsNames: true),
      KnownDefinition(
        "multiclass_hinge", multi,
        "the sum of max(0, score - true score + 1) over the other classes (Weston & Watkins 1999)",
        [scores, truth], "sum(relu(s - sum(s*y) + 1)) - 1", needsNames: true),
      KnownDefinition(
        "multiclass_hinge_margin", multi,
        "the sum of max(0, score - true score + Δ) over the other classes",
        [scores, truth, .scalar("m", .between(0.3, 2), ["Delta", "delta", "m", "gamma"])],
        "sum(relu(s - sum(s*y) + m)) - m", needsNames: true),
      KnownDefinition(
        "multiclass_hinge_samples", multi,
        "the sum of max(0, score - true score + 1) over the other classes, for every sample",
        [scores, truths],
        "sum(relu(outer(ones({n}), s) - outer(y @ s, ones({k})) + 1), axis=-1) - 1",
        needsNames: true),
      KnownDefinition(
        "multiclass_hinge_samples_margin", multi,
        "the sum of max(0, score - true score + Δ) over the other classes, for every sample",
        [scores, truths, .scalar("m", .between(0.3, 2), ["Delta", "delta", "m", "gamma"])],
        "sum(relu(outer(ones({n}), s) - outer(y @ s, ones({k})) + m), axis=-1) - m",
        needsNames: true),
      KnownDefinition(
        "jensen_shannon", shannon,
        "half the divergences of both from their mean, natural logarithm", [p, q],
        "0.5*sum(xlogy(p, p) - \(halves)) + 0.5*sum(xlogy(q, q) - xlogy(q, (p + q)/2))"),
      KnownDefinition(
        "jensen_shannon_given", shannon, "half the sum of the divergences of both from their mean",
        [
          .scalar("a", .positive, ["KL_p"]), .scalar("b", .positive, ["KL_q"]),
        ], "a/2 + b/2", needsNames: true),
      KnownDefinition(
        "distributions_mean", shannon, "the mean of two distributions",
        [.each("p", .unit, ["p", "P"]), .each("q", .unit, ["q", "Q"])], "(p + q)/2",
        needsNames: true, needsWords: true),
      KnownDefinition(
        "normal_divergence", normal,
        "the divergence of N(μ, σ²) from N(0, 1), summed over the dimensions (Kingma & Welling 2014)",
        [
          .vector("m", "k", .real, ["mu", "m"], certain: ["mu"]),
          .vector("v", "k", .positive, ["sigma", "s"], certain: ["sigma"]),
        ], "-sum(1 + log(v^2) - m^2 - v^2)/2", needsNames: true),
      KnownDefinition(
        "normal_divergence_mean", normal,
        "the divergence of N(μ, σ²) from N(0, 1), the mean over the dimensions",
        [
          .vector("m", "k", .real, ["mu", "m"], certain: ["mu"]),
          .vector("v", "k", .positive, ["sigma", "s"], certain: ["sigma"]),
        ], "-mean(1 + log(v^2) - m^2 - v^2)/2", needsNames: true, isOnlyRecognised: true),
      KnownDefinition(
        "normal_divergence_each", normal, "the divergence of N(μ, σ²) from N(0, 1)",
        [
          .each("m", .real, ["mu", "m"], certain: ["mu"]),
          .each("v", .positive, ["sigma", "s"], certain: ["sigma"]),
        ], "-(1 + log(v^2) - m^2 - v^2)/2", needsNames: true),
    ]
}
