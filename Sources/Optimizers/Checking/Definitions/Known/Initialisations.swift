// How widely first weights are drawn: Glorot & Bengio (2010), He et al. (2015), LeCun et al. (1998).
//
// Texts print the variance, its root, or the limit of a uniform distribution, √3 times the root.

extension KnownDefinitions {
  /// Var and SD are names of what is drawn, too, whatever it is drawn for: only words claim these.
  private static func family(_ id: String, _ title: String, _ words: [String]) -> DefinitionFamily {
    DefinitionFamily(id, title, words: words)
  }
  /// 1/(3·inputs), of the limit 1/√inputs: what was usual before, and PyTorch's linear layers have.
  private static let uniform = family(
    "uniform-initialisation", "the initialisation of PyTorch's linear layers",
    [
      "default init", "xavier", "glorot", "kaiming", "he init", "lecun", "pytorch init",
    ])
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

  private static let heWords = [
    "he init", "kaiming", "he et al", "he-init", "he normal", "he uniform", "he_normal",
    "he_uniform",
  ]

  /// A rule for the variance of the first weights.
  private struct Rule {
    var id: String
    var family: DefinitionFamily
    var says: String
    var variance: String
    var inputs: [KnownInput]
    /// A convention beside the family's own, of which nothing else is a mistaken one.
    var isBeside = false
  }

  private static let rules: [Rule] = {
    let he = family("he", "He's initialisation", heWords)
    let slope = KnownInput.scalar("a", .between(0.05, 0.4), ["a", "alpha", "s", "gamma"])
    return [
      Rule(
        id: "xavier", family: family("xavier", "Xavier's initialisation", ["xavier", "glorot"]),
        says: "2/(inputs + outputs)", variance: "2/(m + k)", inputs: [before, after]),
      Rule(id: "he", family: he, says: "2/inputs", variance: "2/m", inputs: [before]),
      Rule(
        id: "lecun",
        family: family(
          "lecun", "LeCun's initialisation", ["lecun", "xavier", "glorot", "caffe"]),
        says: "1/inputs", variance: "1/m", inputs: [before]),
      Rule(
        id: "he_average", family: he, says: "2/(the mean of inputs and outputs)",
        variance: "4/(m + k)", inputs: [before, after], isBeside: true),
      Rule(
        id: "he_leaky", family: he, says: "2/((1 + a²)·inputs) for leaky ReLU of the slope a",
        variance: "2/((1 + a^2)*m)", inputs: [before, slope], isBeside: true),
      Rule(
        id: "default", family: uniform, says: "1/(3·inputs)", variance: "1/(3*m)",
        inputs: [before], isBeside: true),
    ]
  }()

  static let initialisations: [KnownDefinition] = rules.flatMap { rule in
    [
      ("variance", "the variance \(rule.says)", rule.variance),
      ("std", "the standard deviation √(\(rule.says))", "sqrt(\(rule.variance))"),
      (
        "uniform",
        "the limit √(3·\(rule.says)) of a uniform distribution of the variance \(rule.says)",
        "sqrt(3*\(rule.variance))"
      ),
    ].map { id, says, reference in
      KnownDefinition(
        "\(id)_\(rule.id)", rule.family, says, rule.inputs, reference, needsNames: true,
        needsWords: true, isOnlyRecognised: rule.isBeside)
    }
  }
}
