// What the words round a step say of it: whether a function is to be made large, and whether a change that
// is printed by itself is subtracted later.

import Notation

struct DescentWords {
  /// The headings and what stands right before.
  var near = ""
  /// The section up to here.
  var section = ""
  /// What follows, displays and all.
  var rest = ""

  /// The nearest words that say it decide.
  var goal: Goal {
    let goal = Goal(near)
    return goal == .unsaid ? Goal(section) : goal
  }

  /// What is climbed then draws the predictions to their targets.
  var speaksOfLikelihood: Bool { (near + " " + section).lowercased().contains("likelihood") }

  /// w - Δw, w -= αΔw further on.
  /// - Parameter later: formulas of the same text.
  func subtractsChange(of parameter: ClaimSymbol, _ later: [MathItem]) -> Bool {
    let text = (later.map(\.span.text) + [rest]).joined(separator: " ")
    guard text.contains("\\Delta") else { return false }
    let name = ClaimSymbol.plain(parameter.span.text).prefix { $0 != "_" && $0 != "^" }
    let plain = ClaimSymbol.plain(text)
    var parts = plain.components("\\Delta")
    let first = parts.removeFirst()
    var before = first
    for part in parts {
      if part.hasPrefix(name), DescentWords.isSubtracted(after: before) { return true }
      before = part
    }
    return false
  }

  private static let factors = [
    "\\cdot", "\\times", "*", "\\alpha", "\\eta", "\\mu", "\\epsilon", "\\varepsilon", "\\gamma",
    "lr", "=",
  ]

  private static func isSubtracted(after text: Substring) -> Bool {
    var text = text
    while let factor = factors.first(where: { text.hasSuffix($0) }) {
      text.removeLast(factor.count)
    }
    return text.last == "-"
  }
}

extension String {
  fileprivate func components(_ separator: String) -> [Substring] {
    var result: [Substring] = []
    var rest = self[...]
    var start = rest.startIndex
    while let place = rest.indices.first(where: { rest[$0...].hasPrefix(separator) }) {
      result.append(self[start..<place])
      start = index(place, offsetBy: separator.count)
      rest = self[start...]
    }
    result.append(self[start...])
    return result
  }
}
