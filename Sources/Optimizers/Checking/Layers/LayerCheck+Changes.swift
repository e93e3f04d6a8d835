// What puts a formula of back-propagation right: the transpose of the whole, a transpose more or less,
// another order, a quantity of the layer beside, or σ′ for σ.
//
// Two changes at most, and two only of transposes and order.

import Diagnostics
import Notation

extension LayerCheck {
  func change(
    _ formula: Math, _ target: LayerQuantity, _ convention: LayerConvention
  ) -> (id: String, says: String)? {
    // What is said of the error at the end stays that, and nothing else becomes it.
    let isAtEnd = LayerCheck.isAtEnd(formula, target)
    func isRight(_ math: Math) -> Bool {
      guard LayerCheck.isAtEnd(math, target) == isAtEnd else { return false }
      if case .same = outcome(math, target, convention) { return true }
      return false
    }
    var whole = MathScripts()
    whole.upper = Math(.mark("T"), formula.span)
    if isRight(
      Math(.scripted(Math(.fenced(.parenthesis, [formula]), formula.span), whole), formula.span))
    {
      return (
        "wrong-order",
        "it is the transpose of the gradient: what stands first belongs last, and the other of the two "
          + "is the one to be transposed"
      )
    }
    let single = ClaimMutation.transposes(formula)
    let others = LayerCheck.neighbours(formula) + LayerCheck.slopes(formula)
    for change in single + others where isRight(change.math) {
      return (change.undone, sentence(clause(change)))
    }
    guard single.count <= 16 else { return nil }
    for first in single {
      for second in ClaimMutation.transposes(first.math) where isRight(second.math) {
        let id = first.undone == second.undone ? first.undone : "wrong-order"
        return (id, sentence(clause(first) + " and " + clause(second)))
      }
    }
    return nil
  }

  private func clause(_ change: MathChange) -> String {
    change.clause { ClaimText.pretty($0.span.text) }
  }

  private func sentence(_ says: String) -> String { "it is right " + says }

  /// With a quantity of the layer before or behind in place of one.
  static func neighbours(_ formula: Math) -> [MathChange] {
    met(formula).flatMap { quantity, span in
      [(-1, "before it"), (1, "behind it")].compactMap { offset, words in
        quantity.shifted(by: offset).map { next in
          let says =
            "with \(next.kind.name(isGradient: next.isGradient)) of the layer \(words) in place of"
            + " \(ClaimText.pretty(span.text))"
          return replacing(quantity, next, in: formula, span, id: "wrong-layer", says: says)
        }
      }
    }
  }

  /// With σ′(z) in place of σ(z), or of z.
  static func slopes(_ formula: Math) -> [MathChange] {
    met(formula).compactMap { quantity, span in
      guard quantity.kind == .after || quantity.kind == .before, !quantity.isGradient else {
        return nil
      }
      return replacing(
        quantity, LayerQuantity(kind: .slope, layer: quantity.layer), in: formula, span,
        id: "derivative-left-out",
        says: "with the activation's derivative, σ′(z), in place of \(ClaimText.pretty(span.text))")
    }
  }

  /// The quantities of layers in a formula, by name.
  private static func met(_ formula: Math) -> [(LayerQuantity, Span)] {
    var quantities: [String: (LayerQuantity, Span)] = [:]
    func visit(_ math: Math) {
      if case .symbol(let symbol) = math.kind, let quantity = LayerCheck.quantity(symbol.name) {
        quantities[symbol.name] = quantities[symbol.name] ?? (quantity, math.span)
      }
      for child in math.children { visit(child) }
    }
    visit(formula)
    return quantities.sorted { $0.key < $1.key }.map(\.value)
  }

  private static func replacing(
    _ old: LayerQuantity, _ new: LayerQuantity, in formula: Math, _ span: Span, id: String,
    says: String
  ) -> MathChange {
    let changed = MathRewrite.topDown(formula) { part in
      guard case .symbol(let symbol) = part.kind, symbol.name == old.key else { return nil }
      return Math(.symbol(MathSymbol(new.key, isWord: true)), part.span)
    }
    return MathChange(kind: .other(id: id, says: says), part: formula, span: span, math: changed)
  }

  static func quantity(_ key: String) -> LayerQuantity? {
    let words = key.split(separator: " ")
    guard words.first == "layer", words.count == 3 || words.count == 4,
      let layer = Int(words[words.count - 1]),
      let kind = LayerQuantity.Kind(rawValue: String(words[words.count - 2]))
    else { return nil }
    return LayerQuantity(kind: kind, layer: layer, isGradient: words.count == 4)
  }
}

extension LayerQuantity.Kind {
  fileprivate func name(isGradient: Bool) -> String {
    let name =
      switch self {
      case .weight: "the weights"
      case .bias: "the bias"
      case .before: "z"
      case .after: "a"
      case .slope: "the slope"
      }
    return isGradient ? "the gradient by \(name)" : name
  }
}
