// Formulas that were meant as a rule and cannot be run as they are printed, as the reader says it.
//
// They are wrong, unlike what is only outside of what the reader knows: a start that is given elsewhere,
// a gradient at the new point as in proximal methods, a function that other lines define.

import Diagnostics

extension RuleCheck {
  /// The reader's errors that mean that the formula itself is broken.
  package static let brokenIdentifiers: Set<String> = [
    // v_t = μ v_{t+1} + …: nothing has this value yet.
    "latex.future-index",
    // Lines that need one another at the same step, m_t = β m_t + ….
    "latex.circle",
    // Zero at the first step, because of a start or of where the count begins.
    "latex.division-by-zero",
  ]

  /// Whether an error of the reader means that the formula itself is broken.
  package static func isBroken(_ diagnostic: Diagnostic) -> Bool {
    guard brokenIdentifiers.contains(diagnostic.id) else { return false }
    // g_{t-1}ᵀ g_{t-1}: conjugate gradients begin with a step of their own, which is rarely printed.
    guard diagnostic.id == "latex.division-by-zero", let text = diagnostic.span?.text else {
      return true
    }
    return !["g_", "nabla", "r_", "∇"].contains { text.contains($0) }
  }

  /// The finding for a formula that cannot be run; nil when the error does not make it wrong.
  package static func finding(for diagnostic: Diagnostic, meant: [NamedMethod] = []) -> Finding? {
    guard isBroken(diagnostic) else { return nil }
    let text = diagnostic.span?.text ?? ""
    var details = [diagnostic.message]
    let mistake: String
    switch diagnostic.id {
    case "latex.future-index":
      mistake = "future-index"
      if let before = before(text, diagnostic.message) {
        details.append("\(before) is probably meant")
      }
    case "latex.circle":
      mistake = "index-swapped"
      if let help = diagnostic.help { details.append(help) }
    default:
      mistake = isCorrection(text) ? "time-off-by-one" : "old-accumulator"
      if let help = diagnostic.help { details.append(help) }
    }
    return Finding(
      .wrong, "cannot be run as it is printed", details: details, mistake: mistake,
      span: diagnostic.span, reference: meant.first?.rules.first)
  }

  /// 1 - β^{t-1}
  private static func isCorrection(_ text: String) -> Bool {
    text.contains("^") && text.contains("1") && !text.contains("_{t-1}")
  }

  /// `v_{t-1}` for `v_{t+1}` in a line that makes v_t.
  private static func before(_ text: String, _ message: String) -> String? {
    let characters = Array(text)
    guard let plus = characters.lastIndex(of: "+") else { return nil }
    var end = plus + 1
    while end < characters.count, characters[end] == " " { end += 1 }
    var digits = ""
    while end < characters.count, characters[end].isASCII, characters[end].isNumber {
      digits.append(characters[end])
      end += 1
    }
    let words = message.split(separator: " ")
    guard let offset = Int(digits), offset < 100,
      let place = words.firstIndex(where: { $0 == "step" || $0 == "steps" }), place > 0
    else { return nil }
    let steps = words[place - 1] == "one" ? 1 : Int(words[place - 1]) ?? 1
    let older = offset - steps - 1
    let shift = older == 0 ? "" : older > 0 ? "+\(older)" : "\(older)"
    return String(characters[..<plus]) + shift + String(characters[end...])
  }
}
