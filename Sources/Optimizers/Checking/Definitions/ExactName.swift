// A name on the left side that says more than the family: the mean squared error is a mean, and the
// standard deviation a root.

struct ExactName {
  let title: String
  /// How the ids of what it is begin, and of what it is not.
  private let own: String
  private let others: [String]

  private static let all: [(names: Set<String>, ExactName)] = [
    (
      ["mse", "lmse"],
      ExactName(title: "the mean squared error", own: "mse", others: ["sse", "rmse", "euclidean"])
    ),
    (
      ["sse", "lsse"],
      ExactName(
        title: "the sum of squared errors", own: "sse", others: ["mse", "rmse", "euclidean"])
    ),
    (
      ["rmse", "lrmse"],
      ExactName(
        title: "the root of the mean squared error", own: "rmse",
        others: ["mse", "sse", "squared", "euclidean"])
    ),
    (["mae", "lmae"], ExactName(title: "the mean absolute error", own: "mae", others: ["sae"])),
    (
      ["var", "variance"],
      ExactName(title: "the variance", own: "variance", others: ["std", "mean"])
    ),
    (
      ["std", "sd", "stddev", "standarddeviation"],
      ExactName(title: "the standard deviation", own: "std", others: ["variance", "mean"])
    ),
  ]

  private init(title: String, own: String, others: [String]) {
    (self.title, self.own, self.others) = (title, own, others)
  }

  /// nil when the left side bears no such name.
  init?(_ definition: FormulaDefinition) {
    let name = DefinitionCandidate.plain(definition.key).lowercased().filter { $0 != "_" }
    guard let found = ExactName.all.first(where: { $0.names.contains(name) }) else { return nil }
    self = found.1
  }

  func fits(_ known: KnownDefinition) -> Bool { known.id.hasPrefix(own) }

  /// Whether a definition is a sum, a mean or a root where the name says another of the three.
  func excludes(_ known: KnownDefinition) -> Bool { others.contains { known.id.hasPrefix($0) } }
}
