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
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        result.unicodeScalars.append(scalar)
      } else {
        result += Self.replacements[scalar] ?? String(scalar)
      }
    }
    return result
  }

  private static let replacements: [Unicode.Scalar: String] = [
    "→": "->", "←": "<-", "≈": "~=", "·": "-", "…": "...", "✓": "yes:", "✗": "no:", "–": "-",
    "—": "--", "−": "-", "×": "x", "≠": "!=", "≤": "<=", "≥": ">=", "∇": "grad ", "∂": "d",
    "√": "sqrt ", "²": "^2", "³": "^3", "ᵗ": "^t", "ᵀ": ".T", "⊙": "*", "∞": "inf", "±": "+-",
    "“": "\"", "”": "\"", "‘": "'", "’": "'", "α": "alpha", "β": "beta", "γ": "gamma",
    "δ": "delta", "ε": "eps", "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu",
    "ν": "nu", "ξ": "xi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "ω": "omega",
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "\u{302}": "_hat", "\u{304}": "_bar",
    "\u{303}": "_tilde", "━": "=", "─": "-", "│": "|", "├": "+", "└": "`", "▲": "^",
  ]
}

extension Format {
  package var signs: Signs { Signs(ascii: ascii) }
}
