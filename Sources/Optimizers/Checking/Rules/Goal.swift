// Whether the words near a formula say that something is to be made small or large.
//
// Words count as a whole: “return the weights” is no reward, and a negative likelihood is a loss.

enum Goal: Equatable {
  case small, large
  /// Both are spoken of: nothing can be said of a sign.
  case both
  case unsaid

  init(_ text: String) {
    let words = text.lowercased().split { !$0.isLetter }.map(String.init)
    var isSmall = false
    var isLarge = false
    for (place, word) in words.enumerated() {
      if Goal.isLikelihood(word) {
        // “negative log-likelihood”, “minus the log-likelihood”
        let isNegative = words[max(0, place - 4)..<place].contains { Goal.negative.contains($0) }
        if isNegative { isSmall = true } else { isLarge = true }
        continue
      }
      if Goal.holds(word, Goal.up) { isLarge = true }
      if Goal.holds(word, Goal.down) { isSmall = true }
    }
    switch (isSmall, isLarge) {
    case (true, true): self = .both
    case (true, false): self = .small
    case (false, true): self = .large
    case (false, false): self = .unsaid
    }
  }

  /// How words begin, or end in languages that compound them, or what characters they hold.
  private struct Stems {
    var starts: [String]
    var ends: [String]
    var characters: [String]
  }

  private static let up = Stems(
    starts: ["ascen", "maximi", "reward", "belohnung", "montée", "recompens", "récompens"],
    ends: ["ascent", "anstieg"], characters: ["上升", "最大", "奖励"])

  private static let down = Stems(
    starts: [
      "minimi", "descen", "loss", "cost", "error", "nll", "abstieg", "verlust", "perte", "pérdida",
    ],
    ends: ["abstieg", "verlust"], characters: ["下降", "最小", "损失"])

  private static let negative: Set<String> = ["negative", "minus", "neg", "negativen", "négative"]

  private static func isLikelihood(_ word: String) -> Bool {
    word == "likelihood" || word == "likelihoods" || word == "loglikelihood"
  }

  private static func holds(_ word: String, _ stems: Stems) -> Bool {
    stems.starts.contains { word.hasPrefix($0) } || stems.ends.contains { word.hasSuffix($0) }
      || stems.characters.contains { word.contains($0) }
  }
}
