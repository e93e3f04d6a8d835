// How widely first weights are drawn: Glorot & Bengio (2010), He et al. (2015), LeCun et al. (1998).
//
// Texts print the variance, its root, or the limit of a uniform distribution, √3 times the root.

extension KnownDefinitions {
  private static func family(_ id: String, _ title: String, _ words: [String]) -> DefinitionFamily {
    DefinitionFamily(
      id, title, names: ["var", "std", "variance", "sd", "stddev"], words: words)
  }
  private static let before = KnownInput.scalar(
    "m", .whole(3, 30),
    [
      "n_in", "n_i", "fan_in", "fanin", "n", "n_l", "m", "d_in", "N_in", "n_input", "n^[l-1]",
      "n_{l-1}", "n_l-1", "n_inputs", "D_h", "d", "N",
    ], certain: ["n_in", "fan_in", "fanin", "d_in", "N_in"])
  private static let after = KnownInput.scalar(
    "k", .whole(31, 60),
    [
      "n_out", "n_o", "fan_out", "fanout", "m", "n_l+1", "d_out", "N_out", "n_output", "n^[l]",
      "n_{l}", "n_outputs", "n_l",
    ], certain: ["n_out", "fan_out", "fanout", "d_out", "N_out"])

  private static let kinds:
    [(id: String, family: DefinitionFamily, says: String, variance: String, inputs: [KnownInput])] =
      [
        (
          "xavier",
          family(
            "xavier", "Xavier's initialisation",
            ["xavier", "glorot"]),
          "2/(inputs + outputs)", "2/(m + k)", [before, after]
        ),
        (
          "he", family("he", "He's initialisation", ["he init", "kaiming", "he et al", "he-init"]),
          "2/inputs", "2/m", [before]
        ),
        (
          "lecun",
          family("lecun", "LeCun's initialisation", ["lecun", "xavier", "glorot", "caffe"]),
          "1/inputs", "1/m", [before]
        ),
      ]

  static let initialisations: [KnownDefinition] = kinds.flatMap { kind in
    [
      KnownDefinition(
        "variance_\(kind.id)", kind.family, "the variance \(kind.says)", kind.inputs,
        kind.variance, needsNames: true, needsWords: true),
      KnownDefinition(
        "std_\(kind.id)", kind.family, "the standard deviation √(\(kind.says))", kind.inputs,
        "sqrt(\(kind.variance))", needsNames: true, needsWords: true),
      KnownDefinition(
        "uniform_\(kind.id)", kind.family,
        "the limit √(3·\(kind.says)) of a uniform distribution of the variance \(kind.says)",
        kind.inputs, "sqrt(3*\(kind.variance))", needsNames: true, needsWords: true),
    ]
  }
}
