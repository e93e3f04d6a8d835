// The signs that answers use beside formulas, in Unicode and in ASCII.
//
// Only signs of the project's own; what a person wrote is never changed.

package struct Signs: Sendable {
  package let ascii: Bool

  package init(ascii: Bool) { self.ascii = ascii }

  /// From one value to the next: `13 → 12.02`.
  package var to: String { ascii ? "->" : "→" }
  /// Becomes: `w ← w - lr·g`.
  package var becomes: String { ascii ? "<-" : "←" }
  package var about: String { ascii ? "~=" : "≈" }
  /// Between two things on a line: `step 1 · adam`.
  package var dot: String { ascii ? "-" : "·" }
  package var dots: String { ascii ? "..." : "…" }
  package var yes: String { ascii ? "yes:" : "✓" }
  package var no: String { ascii ? "no:" : "✗" }

  /// The text with the signs above, and the letters of formulas it may hold, in ASCII if asked.
  package func plain(_ text: String) -> String {
    guard ascii, text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
    var result = ""
    let scalars = Array(text.unicodeScalars)
    for (i, scalar) in scalars.enumerated() {
      if scalar.isASCII {
        result.unicodeScalars.append(scalar)
      } else if let raised = Self.superscripts[scalar] {
        let continues = i > 0 && Self.superscripts[scalars[i - 1]] != nil
        result += continues ? raised : "^" + raised
      } else if scalar == "·" {
        // A product inside a formula, a pause between words.
        let stands = i > 0 && scalars[i - 1] == " "
        result += stands ? "-" : "*"
      } else {
        result += Self.replacements[scalar] ?? String(scalar)
      }
    }
    return result
  }

  private static let superscripts: [Unicode.Scalar: String] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
    "⁹": "9", "⁻": "-", "ᵗ": "t", "ⁿ": "n", "ᵏ": "k", "ⁱ": "i",
  ]

  private static let replacements: [Unicode.Scalar: String] = [
    "→": "->", "←": "<-", "≈": "~=", "…": "...", "✓": "yes:", "✗": "no:", "–": "-",
    "—": "--", "×": "x", "≠": "!=", "≤": "<=", "≥": ">=", "∇": "grad ", "∂": "d",
    "√": "sqrt ", "ᵀ": ".T", "⊙": "*", "∞": "inf", "±": "+-",
    "“": "\"", "”": "\"", "‘": "'", "’": "'", "α": "alpha", "β": "beta", "γ": "gamma",
    "δ": "delta", "ε": "eps", "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu",
    "ν": "nu", "ξ": "xi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "ω": "omega",
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7",
    "₈": "8", "₉": "9", "\u{302}": "_hat", "\u{304}": "_bar",
    "\u{303}": "_tilde", "━": "=", "─": "-", "│": "|", "├": "+", "└": "`", "▲": "^",
    "ŷ": "y_hat", "ŵ": "w_hat", "ĝ": "g_hat", "−": "-",
  ]
}

extension Format {
  package var signs: Signs { Signs(ascii: ascii) }
}
