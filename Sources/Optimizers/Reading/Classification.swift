// What formulas are that move no parameter: a definition, an objective, a claim about a gradient.

import Diagnostics
import Notation

enum Classification {
  static let objectives: Set<String> = [
    "L", "J", "E", "ell", "C", "Loss", "loss", "cost", "Cost", "R", "H",
  ]

  static func kind(_ text: TeXText, _ table: EquationTable, _ translator: FormulaTranslator)
    -> (FormulaReading.Kind, String)
  {
    if table.claims.contains(where: { if case .argmin = $0.kind { true } else { false } })
      || text.items.contains(where: namesMinimiser)
    {
      return (.other, "it names what minimises something, not how to get there")
    }
    if let relation = relations(text), relation.isBound {
      return (.other, "it is an inequality, not an assignment")
    }
    if table.claims.contains(where: { if case .gradient = $0.kind { true } else { false } }) {
      if table.assignments.isEmpty {
        return (.gradient, "it says what a gradient is and assigns nothing")
      }
      return (.other, "it is a recursion for gradients; no parameter is moved")
    }
    for item in text.items {
      guard case .formula(let sides, let relations) = item.kind,
        relations.first?.isDefining == true,
        let head = head(of: sides[0])
      else { continue }
      if objectives.contains(head.name) || head.isCalligraphic && head.name == "L",
        isObjective(head.name, sides, text)
      {
        return (
          .objective, "\(sides[0].span.text) is a quantity to minimise; no parameter is moved"
        )
      }
    }
    if !table.assignments.isEmpty
      || table.claims.contains(where: { if case .function = $0.kind { true } else { false } })
    {
      return (
        .definition, "it says what something is; no parameter is moved"
      )
    }
    if !table.constants.isEmpty { return (.definition, "it gives values to constants") }
    if let claim = table.claims.first(where: {
      if case .other = $0.kind { true } else { false }
    }) {
      return (
        .other,
        "what stands left in \(FormulaTitle.shortened(ClaimText.pretty(claim.text), to: 60))"
          + " is no variable; it is said, not assigned"
      )
    }
    return (.other, "it assigns nothing")
  }

  /// Letters that are more often something else: an expectation, an entropy, a matrix.
  private static let doubtful: Set<String> = ["E", "H", "R", "C"]

  /// Whether what such a letter begins is a quantity to minimise: E[g²]_t is a running mean, and what
  /// is made from its older self is no objective either.
  private static func isObjective(_ letter: String, _ sides: [Math], _ text: TeXText) -> Bool {
    let left = sides[0]
    if isIndexedByTime(left) || hasSquareBrackets(left) { return false }
    guard doubtful.contains(letter) else { return true }
    if sides.dropFirst().contains(where: { uses(letter, $0) }) { return false }
    // R² is a coefficient.
    if case .scripted(_, let scripts) = left.kind, scripts.upper.map({ wholeNumber($0) }) == 2 {
      return false
    }
    if case .product = left.kind { return letter != "H" }
    let words = text.words.lowercased()
    return ["loss", "error", "cost", "objective", "minimi", "risk"].contains { words.contains($0) }
      || letter != "H" && sides.dropFirst().contains { addsUp($0) }
  }

  /// A sum over samples or a norm, as losses have.
  private static func addsUp(_ math: Math) -> Bool {
    switch math.kind {
    case .big, .fenced(.norm, _): return true
    default: return math.children.contains { addsUp($0) }
    }
  }

  private static func isIndexedByTime(_ math: Math) -> Bool {
    guard case .scripted(let base, let scripts) = math.kind else { return false }
    if isIndexedByTime(base) { return true }
    return scripts.lower.contains { item in
      switch item.kind {
      case .symbol(let symbol): return symbol.name == "t" && hasSquareBrackets(base)
      case .sum(let terms):
        if case .symbol(let symbol)? = terms.first?.value.kind { return symbol.name == "t" }
        return false
      default: return false
      }
    }
  }

  private static func hasSquareBrackets(_ math: Math) -> Bool {
    if case .fenced(.bracket, _) = math.kind { return true }
    return math.children.contains { hasSquareBrackets($0) }
  }

  private static func uses(_ letter: String, _ math: Math) -> Bool {
    if case .symbol(let symbol) = math.kind, symbol.name == letter { return true }
    return math.children.contains { uses(letter, $0) }
  }

  private static func namesMinimiser(_ item: MathItem) -> Bool {
    guard case .formula(let sides, _) = item.kind else { return false }
    return sides.dropFirst().contains { $0.namesMinimiser }
  }

  private static func relations(_ text: TeXText) -> (isBound: Bool, Int)? {
    var formulas = 0
    var bounds = 0
    for item in text.items {
      guard case .formula(_, let relations) = item.kind, !relations.isEmpty else { continue }
      formulas += 1
      if relations.contains(where: {
        switch $0 {
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .notEqual: true
        default: false
        }
      }) {
        bounds += 1
      }
    }
    return formulas == 0 ? nil : (bounds == formulas, bounds)
  }

  /// The letter a left side begins with.
  private static func head(of math: Math) -> (name: String, isCalligraphic: Bool)? {
    switch math.kind {
    case .symbol(let symbol): return (symbol.name, symbol.face == "cal")
    case .accented(_, let inner): return head(of: inner)
    case .scripted(let base, _): return head(of: base)
    case .product(let factors): return factors.first.flatMap { head(of: $0.value) }
    default: return nil
    }
  }
}

/// Letters written next to one another: one word, or a product?
enum RunEvidence {
  /// The runs that are products: two letters, each of which is a symbol of its own elsewhere.
  static func splits(_ items: [MathItem]) -> Set<String> {
    var runs: Set<String> = []
    var single: Set<String> = []
    var onLeft: Set<String> = []
    func visit(_ math: Math) {
      if case .symbol(let symbol) = math.kind {
        if symbol.isRun { runs.insert(symbol.name) } else { single.insert(symbol.name) }
      }
      for child in math.children { visit(child) }
    }
    func head(_ math: Math) -> String? {
      switch math.kind {
      case .symbol(let symbol): return symbol.isRun ? symbol.name : nil
      case .scripted(let base, _), .accented(_, let base): return head(base)
      case .product(let factors): return factors.first.flatMap { head($0.value) }
      default: return nil
      }
    }
    for item in items {
      guard case .formula(let sides, _) = item.kind else { continue }
      for side in sides { visit(side) }
      if let name = sides.first.flatMap(head) { onLeft.insert(name) }
    }
    return runs.filter { run in
      guard run.count == 2, !onLeft.contains(run) else { return false }
      // dW beside W is the gradient by W.
      if run.first == "d" {
        return single.contains("d") && !single.contains(String(run.dropFirst()))
      }
      return run.allSatisfy { single.contains(String($0)) }
    }
  }
}
