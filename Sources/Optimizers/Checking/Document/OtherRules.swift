// Rules that are understood and that no rule of the catalogue is like: with whole matrices, or of a motion
// that is followed instead of a minimum.

import Diagnostics

enum OtherRules {
  /// Full-matrix AdaGrad, natural gradients, Newton's kin: what the reader of rules refuses for its
  /// matrices. nil for any other error.
  static func matrices(_ error: Diagnostic, _ formulas: [String]) -> Finding? {
    guard error.id == "latex.transpose" || error.id == "latex.matrix" else { return nil }
    let text = formulas.joined(separator: " ")
    // Its diagonal alone is none.
    guard !["ii}", "jj}", "diag"].contains(where: { text.contains($0) }) else { return nil }
    let isRoot = ["^{-1/2}", "^{-\\frac12}", "^{-\\frac{1}{2}}", "^{1/2}", "\\sqrt"].contains {
      text.contains($0)
    }
    return Finding(
      .unchecked, "a rule with whole matrices",
      details: [
        "an outer product such as g gᵀ has a number for each pair of coordinates; the catalogue's rules work"
          + " on each coordinate by itself, so it is compared with none",
        isRoot
          ? "with the diagonal of g gᵀ alone, which is g², it would be AdaGrad" : "",
      ].filter { !$0.isEmpty }, span: error.span)
  }

  /// H_k⁻¹∇f where the words say that H only approximates the Hessian: how it is made is not in the
  /// formula.
  static func quasiNewton(
    _ finding: Finding?, _ around: CheckedWords, _ notes: [ReadingNote]
  ) -> Finding? {
    guard finding != nil, notes.contains(where: { $0.text.hasSuffix(FormulaTranslator.asHessian) })
    else { return nil }
    let said = (around.headings + [around.before, around.after]).map { $0.lowercased() }
    let words = ["quasi", "bfgs", "dfp", "sr1", "approximat", "拟牛顿", "近似", "annäher", "approche"]
    guard said.contains(where: { said in words.contains { said.contains($0) } }) else { return nil }
    return Finding(
      .unchecked, "a step with an approximate Hessian",
      details: [
        "how H is made from the gradients is not part of this formula; with the Hessian itself it is"
          + " Newton's method"
      ])
  }

  private static let words = [
    "hamiltonian", "hmc", "leapfrog", "leap-frog", "verlet", "symplectic", "molecular dynamics",
  ]

  /// Whether the words speak of one.
  static func isMotion(_ around: CheckedWords) -> Bool {
    (around.headings + [around.before]).contains { said in
      let said = said.lowercased()
      return words.contains { said.contains($0) }
    }
  }

  /// The leapfrog of Hamiltonian Monte Carlo, told by the words or by its half steps. It has the form of
  /// momentum, and is no optimizer's rule.
  static func motion(_ finding: Finding?, _ around: CheckedWords, _ formulas: [String]) -> Finding?
  {
    guard let finding, finding.verdict != .right || finding.reference != "gradient_descent" else {
      return nil
    }
    let text = formulas.joined(separator: " ")
    let isNamed = isMotion(around)
    let hasHalfSteps = ["+1/2}", "+\\frac12}", "+\\frac{1}{2}}", "+\\tfrac12}", "+ 1/2}"].contains {
      text.contains($0)
    }
    guard isNamed || hasHalfSteps && text.contains("U") else { return nil }
    guard isNamed && hasHalfSteps || finding.verdict != .right else { return nil }
    return Finding(
      .unchecked, "a step of Hamilton's equations, no optimizer's rule",
      details: [
        "position and momentum are moved in turn, half a step apart, so that the energy stays as it is:"
          + " nothing draws the parameter to a minimum, and no rule of the catalogue is compared with it"
      ])
  }
}
