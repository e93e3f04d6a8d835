// The mistakes that concern a symbol: another index, another symbol, off by one; and what may have been
// left out round any operand.

import Diagnostics
import Notation

extension FormulaMistakes {
  func symbol(
    _ reference: FormulaReference, _ math: Math, _ text: String,
    _ add: (String, String, Math, Span?) -> Void
  ) {
    // Another index.
    for (place, index) in reference.indices.enumerated() {
      guard let letter = FormulaNotation.letter(index) else { continue }
      for other in letters where other != letter {
        add(
          "index-swapped", "the index \(letter) of \(text) stands for \(other)",
          indexed(math, place, other, reference), nil)
      }
    }
    // Another symbol of the same kind.
    if let own = shape.symbols.first(where: { $0.key == reference.key }) {
      for other in shape.symbols
      where other.key != own.key && other.axes.count == own.axes.count {
        add(
          "wrong-symbol", "\(text) stands for \(FormulaNotation.pretty(other.key))",
          renamed(FormulaReference(key: other.key, span: other.span), like: reference, math), nil)
      }
      if own.axes.isEmpty, ["t", "k", "step", "epoch"].contains(own.key) {
        for (negative, words) in [(false, "+ 1"), (true, "- 1")] {
          add(
            "time-off-by-one", "\(text) \(words) is meant: the step is off by one",
            Math(
              .sum([
                MathTerm(isNegative: false, value: math),
                MathTerm(isNegative: negative, value: Math(.number("1"), math.span)),
              ]), math.span), nil)
        }
      }
    }
    if shape.lengths[reference.key] != nil || ["n", "m", "N"].contains(reference.key) {
      let less = Math(
        .sum([
          MathTerm(isNegative: false, value: math),
          MathTerm(isNegative: true, value: Math(.number("1"), math.span)),
        ]), math.span)
      add("n-minus-one", "\(text) stands for \(text) - 1", less, nil)
    }
    if case .number("2") = reference.power?.kind, case .scripted(let base, var scripts) = math.kind
    {
      scripts.upper = nil
      add(
        "extra-square", "the square of \(notation.plain(base)) does not belong here",
        scripts.isEmpty ? base : Math(.scripted(base, scripts), math.span), nil)
    }
    if reference.key == "e", let power = reference.power {
      add("extra-exponential", "the exponential does not belong here", power, nil)
    }
  }

  private func indexed(
    _ math: Math, _ place: Int, _ letter: String, _ reference: FormulaReference
  ) -> Math {
    var changed = reference
    changed.indices[place] = Math(.symbol(MathSymbol(letter)), math.span)
    return renamed(changed, like: changed, math)
  }

  /// What could have been left out round an operand.
  func wrap(
    _ math: Math, _ text: String, _ context: Context,
    _ add: (String, String, Math, Span?) -> Void
  ) {
    if context.isExponent {
      add("sign", "the sign of the exponent is wrong", FormulaMistakes.negated(math), nil)
      return
    }
    add(
      "missing-exponential", "the exponential of \(text) is missing",
      FormulaMistakes.call("exp", math), nil)
    add(
      "missing-logarithm", "the logarithm of \(text) is missing",
      FormulaMistakes.call("log", math), nil)
    add(
      "missing-square", "the square of \(text) is missing", FormulaMistakes.squared(math), nil)
    add(
      "missing-root", "the root of \(text) is missing", Math(.root(math, degree: nil), math.span),
      nil)
    add(
      "missing-complement", "1 - \(text) is meant",
      Math(
        .sum([
          MathTerm(isNegative: false, value: Math(.number("1"), math.span)),
          MathTerm(isNegative: true, value: math),
        ]), math.span), nil)
    add("sign", "the sign of \(text) is wrong", FormulaMistakes.negated(math), nil)
  }
}
