// The mistakes that concern a symbol: another index, another symbol, off by one.

import Diagnostics
import Notation

extension FormulaMistakes {
  func symbol(
    _ reference: FormulaReference, _ math: Math, _ text: String,
    _ changes: inout MathChanges
  ) {
    func add(_ id: String, _ says: String, _ corrected: Math) {
      changes.add(.other(id: id, says: says), math, corrected)
    }
    // Another index.
    for (place, index) in reference.indices.enumerated() {
      guard let letter = FormulaNotation.letter(index) else { continue }
      for other in letters where other != letter {
        add(
          "index-swapped", "the index \(letter) of \(text) stands for \(other)",
          indexed(math, place, other, reference))
      }
    }
    // Another symbol of the same kind.
    if let own = shape.symbols.first(where: { $0.key == reference.key }) {
      for other in shape.symbols
      where other.key != own.key && other.axes.count == own.axes.count {
        add(
          "wrong-symbol", "\(text) stands for \(FormulaNotation.pretty(other.key))",
          renamed(FormulaReference(key: other.key, span: other.span), like: reference, math))
      }
      if own.axes.isEmpty, ["t", "k", "step", "epoch"].contains(own.key) {
        for (negative, words) in [(false, "+ 1"), (true, "- 1")] {
          add(
            "time-off-by-one", "\(text) \(words) is meant: the step is off by one",
            Math(
              .sum([
                MathTerm(isNegative: false, value: math),
                MathTerm(isNegative: negative, value: Math(.number("1"), math.span)),
              ]), math.span))
        }
      }
    }
    if shape.lengths[reference.key] != nil || ["n", "m", "N"].contains(reference.key) {
      let less = Math(
        .sum([
          MathTerm(isNegative: false, value: math),
          MathTerm(isNegative: true, value: Math(.number("1"), math.span)),
        ]), math.span)
      add("n-minus-one", "\(text) stands for \(text) - 1", less)
    }
  }

  private func indexed(
    _ math: Math, _ place: Int, _ letter: String, _ reference: FormulaReference
  ) -> Math {
    var changed = reference
    changed.indices[place] = Math(.symbol(MathSymbol(letter)), math.span)
    return renamed(changed, like: changed, math)
  }
}
