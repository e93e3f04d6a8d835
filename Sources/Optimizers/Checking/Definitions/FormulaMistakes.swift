// A formula with one thing put right: what it would be had one mistake not been made.
//
// Every mutant says which mistake it undoes. Only numbers decide whether that was the mistake.

import Diagnostics
import Notation

struct FormulaMistake {
  /// As in `Mistakes`: `sign`, `index-swapped`.
  var id: String
  /// Which definition of the text it is in.
  var key = ""
  /// What is wrong, as a sentence.
  var says: String
  var span: Span
  /// The formula without the mistake.
  var corrected: Math
}

struct FormulaMistakes {
  let notation: FormulaNotation
  let shape: FormulaShape
  let letters: [String]
  static let limit = 900
  /// How many are made of one definition, to choose the likelier ones from.
  private static let most = 4 * limit
  /// Formulas with more symbols are looked into no further: what is known has fewer, and their mutants
  /// grow with the square.
  private static let mostSymbols = 24

  static func all(of candidate: DefinitionCandidate) -> [FormulaMistake] {
    var result: [FormulaMistake] = []
    for definition in [candidate.definition] + candidate.others {
      let maker = FormulaMistakes(candidate, definition)
      var own = definition.key == candidate.definition.key ? maker.swaps(definition.value) : []
      own += maker.parts(definition.value)
      result += own.map { mistake in
        var mistake = mistake
        mistake.key = definition.key
        return mistake
      }
    }
    // The likelier ones first.
    let order = [
      "index-swapped", "sign", "exponent-sign", "missing-exponential", "missing-square",
      "missing-logarithm",
      "missing-root", "sum-for-mean", "arguments-swapped", "min-for-max", "time-off-by-one",
      "factor-two", "epsilon-outside-fraction", "n-minus-one",
    ]
    func rank(_ id: String) -> Int { order.firstIndex(of: id) ?? order.count }
    return Array(
      result.enumerated().sorted {
        (rank($0.element.id), $0.offset) < (rank($1.element.id), $1.offset)
      }.map(\.element).prefix(limit))
  }

  private init(_ candidate: DefinitionCandidate, _ definition: FormulaDefinition) {
    notation = candidate.notation
    shape = candidate.shape
    letters = FormulaShape(notation, of: definition).letters.keys.filter { !$0.isEmpty }.sorted()
  }

  // MARK: The whole

  private func swaps(_ math: Math) -> [FormulaMistake] {
    var result: [FormulaMistake] = [
      FormulaMistake(
        id: "sign", says: "the sign of the whole is wrong", span: math.span,
        corrected: MathChanges.negated(math)),
      FormulaMistake(
        id: "missing-root", says: "the root is missing", span: math.span,
        corrected: Math(.root(math, degree: nil), math.span)),
    ]
    guard shape.symbols.count <= FormulaMistakes.mostSymbols else { return result }
    for (number, a) in shape.symbols.enumerated() {
      for b in shape.symbols[(number + 1)...] where a.axes.count == b.axes.count {
        result.append(
          FormulaMistake(
            id: "arguments-swapped",
            says:
              "\(FormulaNotation.pretty(a.key)) and \(FormulaNotation.pretty(b.key)) have changed places",
            span: math.span, corrected: exchanged(math, a.key, b.key)))
      }
    }
    return result
  }

  /// Two symbols in each other's place, each keeping the scripts of its place.
  private func exchanged(_ math: Math, _ a: String, _ b: String) -> Math {
    if let reference = notation.reference(math) {
      if reference.key == a, let other = first(b) { return renamed(other, like: reference, math) }
      if reference.key == b, let other = first(a) { return renamed(other, like: reference, math) }
    }
    var result = math
    for (place, child) in math.children.enumerated() {
      result = result.replacing(place, with: exchanged(child, a, b))
    }
    return result
  }

  private func first(_ key: String) -> FormulaReference? {
    guard let symbol = shape.symbols.first(where: { $0.key == key }) else { return nil }
    return FormulaReference(key: symbol.key, span: symbol.span)
  }

  /// A symbol of another name with the indices and the power that stood here.
  func renamed(_ other: FormulaReference, like reference: FormulaReference, _ math: Math)
    -> Math
  {
    var scripts = MathScripts()
    scripts.lower = reference.indices
    scripts.upper = reference.isTransposed ? Math(.mark("T"), math.span) : reference.power
    let base = Math(.symbol(MathSymbol(other.key, isWord: other.key.count > 1)), math.span)
    return scripts.isEmpty ? base : Math(.scripted(base, scripts), math.span)
  }

  // MARK: Parts

  private func parts(_ math: Math) -> [FormulaMistake] {
    guard shape.symbols.count <= 2 * FormulaMistakes.mostSymbols else { return [] }
    return MathChanges(
      math, limit: FormulaMistakes.most,
      symbol: { math in
        let reference = notation.reference(math)
        return (reference != nil, reference?.power)
      },
      isCall: { factors in
        factors.count > 1
          && FormulaFactor.read(Array(factors.prefix(2)), notation).count == 1
      },
      wants: { change in
        switch change.kind {
        case .lastAloneDivided, .timesForPower, .withoutComplement, .transposed,
          .notTransposed, .before:
          false
        case .withoutPower(let power): power == 2
        case .complement: if case .number = change.part.kind { false } else { true }
        default: true
        }
      },
      also: { math, changes in
        variable(math, &changes)
        numbers(math, &changes)
        guard let reference = notation.reference(math) else { return }
        symbol(reference, math, notation.plain(math), &changes)
      }
    ).all.map { change in
      FormulaMistake(
        id: id(change), says: sentence(change), span: change.span, corrected: change.math)
    }
  }
}
