// Calls and labels that texts print where a definition has a number: KL(p ‖ m) and KL(q ‖ m), d(a, p) and
// ‖f(a) - f(n)‖, SS_res, the width d_k of keys.

import Diagnostics
import Notation

extension PrintedForms {
  /// The sides with names in the place of such calls; the same when there are none.
  static func withNamedCalls(_ sides: [[Math]], words: String = "") -> [[Math]] {
    let all = sides.flatMap { $0 }
    let isTaught = ["distill", "蒸馏"].contains { words.unaccented.contains($0) }
    let holdsK = all.contains { bearsK($0) }
    let pairs = distances(in: all)
    return sides.map { formula in
      formula.enumerated().map { place, side in
        MathRewrite.topDown(side) { part in
          if !holdsK, let width = width(part) { return width }
          if let sum = sumOfSquares(part) { return sum }
          guard place > 0 else { return nil }
          if let name = pairs[part.span.text] { return word(name, part.span) }
          // ‖x‖₂² is the square of ‖x‖.
          if case .scripted(let base, var scripts) = part.kind, let name = pairs[base.span.text] {
            scripts.lower = []
            let named = word(name, base.span)
            return scripts.isEmpty ? named : Math(.scripted(named, scripts), part.span)
          }
          return called(part) { name, items in
            if let divergence = divergence(name, items) { return divergence }
            return isTaught ? loss(name, items) : nil
          }
        }
      }
    }
  }

  private static func word(_ name: String, _ span: Span) -> Math {
    Math(.symbol(MathSymbol(name, isWord: true)), span)
  }

  // MARK: Labels

  /// d_k, where nothing else is numbered by k.
  private static func width(_ math: Math) -> Math? {
    guard case .scripted(let base, let scripts) = math.kind, scripts.upper == nil,
      scripts.primes == 0, case .symbol(let symbol) = base.kind, symbol.name == "d", !symbol.isRun,
      scripts.lower.count == 1, FormulaNotation.letter(scripts.lower[0]) == "k"
    else { return nil }
    return word("d_k", math.span)
  }

  private static func bearsK(_ math: Math) -> Bool {
    if width(math) != nil { return false }
    if FormulaNotation.letter(math) == "k" { return true }
    return math.children.contains(where: bearsK)
  }

  private static let sums: Set<String> = ["SS", "RSS", "TSS", "SSE", "SST", "SSR"]

  /// SS is no S times S.
  private static func sumOfSquares(_ math: Math) -> Math? {
    guard case .symbol(let symbol) = math.kind, symbol.isRun, sums.contains(symbol.name) else {
      return nil
    }
    return word(symbol.name, math.span)
  }

  // MARK: Divergences and losses

  /// `D_{KL}(P \| M)` as KL_p.
  private static func divergence(_ name: String, _ items: [Math]) -> String? {
    guard ["KL", "D_KL"].contains(name), items.count == 2,
      let first = FormulaNotation.letter(items[0]), let second = FormulaNotation.letter(items[1]),
      ["m", "M"].contains(second)
    else { return nil }
    return "KL_" + first.lowercased()
  }

  /// The labels' loss and the teacher's, whatever they are of.
  private static func loss(_ name: String, _ items: [Math]) -> String? {
    guard items.count == 2 else { return nil }
    if ["KL", "D_KL", "L_KL", "KLDiv"].contains(name) { return "L_KL" }
    return ["H", "CE", "L_CE", "CrossEntropy"].contains(name) ? "L_CE" : nil
  }

  /// A product with names in the place of the calls that have one.
  private static func called(_ math: Math, _ named: (String, [Math]) -> String?) -> Math? {
    guard case .product(let factors) = math.kind else { return nil }
    var result: [MathFactor] = []
    var isChanged = false
    var place = 0
    while place < factors.count {
      if place + 1 < factors.count, factors[place + 1].sign == .implicit,
        case .fenced(.parenthesis, let items) = factors[place + 1].value.kind,
        let other = named(name(factors[place].value), items)
      {
        let span = factors[place].value.span.joined(with: factors[place + 1].value.span)
        result.append(MathFactor(sign: factors[place].sign, value: word(other, span)))
        isChanged = true
        place += 2
      } else {
        result.append(factors[place])
        place += 1
      }
    }
    guard isChanged else { return nil }
    return result.count == 1 ? result[0].value : Math(.product(result), math.span)
  }

  /// A name as it is printed, without TeX's signs.
  private static func name(_ math: Math) -> String {
    var text = math.span.text
    for sign in ["\\mathrm", "\\text", "\\operatorname", "\\mathbb", "\\mathcal", "{", "}", " "] {
      text = text.replacing(sign, with: "")
    }
    return text
  }

  // MARK: Distances

  /// What the two distances of a triplet are called, by their text; empty unless there are two.
  private static func distances(in sides: [Math]) -> [String: String] {
    var found: [(text: String, anchor: String, other: String)] = []
    func note(_ span: Span, _ a: Math, _ b: Math) {
      if !found.contains(where: { $0.text == span.text }) {
        found.append((span.text, bare(a), bare(b)))
      }
    }
    func visit(_ math: Math) {
      switch math.kind {
      case .fenced(.norm, let items):
        // ‖a - p‖ of plain vectors has a value of its own.
        if items.count == 1, case .sum(let terms) = items[0].kind, terms.count == 2,
          terms[1].isNegative, case .product = terms[0].value.kind
        {
          note(math.span, terms[0].value, terms[1].value)
        }
      case .product(let factors) where factors.count == 2 && factors[1].sign == .implicit:
        if let letter = FormulaNotation.letter(factors[0].value), ["d", "D"].contains(letter),
          case .fenced(.parenthesis, let items) = factors[1].value.kind, items.count == 2
        {
          note(math.span, items[0], items[1])
        }
      default: break
      }
      for child in math.children { visit(child) }
    }
    for side in sides { visit(side) }
    guard found.count == 2, found[0].anchor == found[1].anchor else { return [:] }
    let labels = found.map { label(of: $0.other) }
    guard Set(labels) == ["d_positive", "d_negative"] else { return [:] }
    return Dictionary(uniqueKeysWithValues: zip(found.map(\.text), labels.compactMap { $0 }))
  }

  private static func bare(_ math: Math) -> String {
    math.span.text.filter { !" {}\\^_".contains($0) }
  }

  /// Whether it is the sample of the same kind or that of another.
  private static func label(of text: String) -> String? {
    let letters = text.filter { "pPnN+-".contains($0) }
    if letters.allSatisfy({ "pP+".contains($0) }), !letters.isEmpty { return "d_positive" }
    if letters.allSatisfy({ "nN-".contains($0) }), !letters.isEmpty { return "d_negative" }
    return nil
  }
}
