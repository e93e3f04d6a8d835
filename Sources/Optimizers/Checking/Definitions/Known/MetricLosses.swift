// Losses of distances: triplets (Schroff et al. 2015), contrasted pairs (Hadsell et al. 2006).

extension KnownDefinitions {
  private static let triplet = DefinitionFamily(
    "triplet", "the triplet loss", names: ["triplet", "tripletloss"],
    words: ["triplet", "三元组"])
  private static let contrastive = DefinitionFamily(
    "contrastive", "the contrastive loss", names: ["contrastive", "contrastiveloss"],
    words: ["contrastive loss", "contrastive", "对比损失"])
  private static let cosine = DefinitionFamily(
    "cosine-distance", "the cosine distance", names: ["cosinedistance", "cosdist"],
    words: ["cosine distance", "cosine loss", "kosinus-abstand"])

  private static let anchor = KnownInput.vector(
    "a", "k", .real, ["a", "x_a", "f_a", "z_a", "x^a", "f^a", "A", "x"])
  private static let positive = KnownInput.vector(
    "p", "k", .real, ["p", "x_p", "f_p", "z_p", "x^p", "f^p", "P", "x^+", "x_+", "x_pos"],
    certain: ["p", "x_p", "P"])
  private static let negative = KnownInput.vector(
    "q", "k", .real, ["n", "x_n", "f_n", "z_n", "x^n", "f^n", "N", "x^-", "x_-", "x_neg"],
    certain: ["n", "x_n", "N"])
  private static let near = KnownInput.scalar(
    "u", .positive,
    ["d_p", "d_ap", "d_pos", "d^+", "d_+", "D_p", "D_ap", "d_a,p", "d_positive"],
    certain: ["d_p", "d_ap", "d_pos", "d^+", "d_+", "d_positive"])
  private static let far = KnownInput.scalar(
    "v", .positive,
    ["d_n", "d_an", "d_neg", "d^-", "d_-", "D_n", "D_an", "d_a,n", "d_negative"],
    certain: ["d_n", "d_an", "d_neg", "d^-", "d_-", "d_negative"])
  private static let margin = KnownInput.scalar(
    "m", .between(0.2, 2), ["m", "alpha", "margin", "epsilon", "delta", "Delta", "gamma", "M"],
    certain: ["m", "margin"])
  private static let same = KnownInput.scalar(
    "y", .bit, ["y", "Y", "t", "y_ij"], certain: ["y", "Y"])
  private static let apart = KnownInput.scalar(
    "d", .positive, ["d", "D", "D_w", "D_W", "d_ij", "d_w", "d_positive"], certain: ["d", "D"])

  static let metricLosses: [KnownDefinition] =
    [
      KnownDefinition(
        "triplet", triplet, "max(0, squared distance of the same - that of the other + margin)",
        [anchor, positive, negative, margin], "relu(l2(a - p) - l2(a - q) + m)", needsNames: true),
      KnownDefinition(
        "triplet_plain", triplet, "max(0, distance of the same - that of the other + margin)",
        [anchor, positive, negative, margin], "relu(norm(a - p) - norm(a - q) + m)",
        needsNames: true),
      KnownDefinition(
        "triplet_distances", triplet, "max(0, distance of the same - that of the other + margin)",
        [near, far, margin], "relu(u - v + m)", needsNames: true),
      KnownDefinition(
        "triplet_squares", triplet,
        "max(0, squared distance of the same - that of the other + margin)",
        [near, far, margin], "relu(u^2 - v^2 + m)", needsNames: true),
      KnownDefinition(
        "cosine_distance", cosine, "1 less the cosine similarity",
        [
          .vector("a", "k", .real, ["A", "a", "u", "x", "q", "z", "z_i", "y_hat", "p"]),
          .vector("b", "k", .real, ["B", "b", "v", "y", "k", "d", "z_j", "w", "z"]),
        ], "1 - sum(a*b)/(norm(a)*norm(b))"),
    ]
    + [false, true].flatMap { isDifferent -> [KnownDefinition] in
      let (pull, push) = isDifferent ? ("(1 - y)", "y") : ("y", "(1 - y)")
      let says =
        "the squared distance of a pair with y = \(isDifferent ? 0 : 1), and the square of what the"
        + " margin lacks of the other's"
      return [("", ""), ("_half", "/2")].map { id, half in
        KnownDefinition(
          "contrastive_\(isDifferent ? "different" : "same")\(id)", contrastive,
          (half.isEmpty ? "" : "half ") + says, [same, apart, margin],
          "(\(pull)*d^2 + \(push)*relu(m - d)^2)\(half)", needsNames: true)
      }
    }
}
