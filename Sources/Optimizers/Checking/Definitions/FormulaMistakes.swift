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
  private let notation: FormulaNotation
  private let shape: FormulaShape
  private let letters: [String]
  static let limit = 900

  static func all(of candidate: DefinitionCandidate) -> [FormulaMistake] {
    var result: [FormulaMistake] = []
    for definition in [candidate.definition] + candidate.others {
      let maker = FormulaMistakes(candidate, definition)
      var own = definition.key == candidate.definition.key ? maker.swaps(definition.value) : []
      own += maker.edits(definition.value, FormulaMistakes.Context())
      result += own.map { mistake in
        var mistake = mistake
        mistake.key = definition.key
        return mistake
      }
    }
    // The likelier ones first.
    let order = [
      "index-swapped", "sign", "missing-exponential", "missing-square", "missing-logarithm",
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

  private struct Context {
    /// Inside a script.
    var isScript = false
    var isExponent = false
  }

  // MARK: The whole

  private func swaps(_ math: Math) -> [FormulaMistake] {
    var result: [FormulaMistake] = [
      FormulaMistake(
        id: "sign", says: "the sign of the whole is wrong", span: math.span,
        corrected: FormulaMistakes.negated(math))
    ]
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
  private func renamed(_ other: FormulaReference, like reference: FormulaReference, _ math: Math)
    -> Math
  {
    var scripts = MathScripts()
    scripts.lower = reference.indices
    scripts.upper = reference.isTransposed ? Math(.mark("T"), math.span) : reference.power
    let base = Math(.symbol(MathSymbol(other.key, isWord: other.key.count > 1)), math.span)
    return scripts.isEmpty ? base : Math(.scripted(base, scripts), math.span)
  }

  // MARK: Edits

  private func edits(_ math: Math, _ context: Context) -> [FormulaMistake] {
    var result = own(math, context)
    if notation.reference(math) != nil {
      // Only its power is looked into.
      guard case .scripted(_, let scripts) = math.kind, let upper = scripts.upper,
        notation.reference(math)?.power != nil
      else { return result }
      let place = math.children.count - 1
      var inner = context
      inner.isExponent = true
      result += edits(upper, inner).map { mistake in
        var mistake = mistake
        mistake.corrected = math.replacing(place, with: mistake.corrected)
        return mistake
      }
      return result
    }
    for (place, child) in math.children.enumerated() {
      var inner = context
      switch math.kind {
      case .big(_, let scripts, _): if place < scripts.children.count { continue }
      case .function(let call): if place < call.scripts?.children.count ?? 0 { continue }
      case .scripted(_, let scripts):
        if place > 0 {
          guard place == scripts.children.count, scripts.upper != nil else { continue }
          inner.isExponent = true
        }
      default: break
      }
      result += edits(child, inner).map { mistake in
        var mistake = mistake
        mistake.corrected = math.replacing(place, with: mistake.corrected)
        return mistake
      }
    }
    return result
  }

  private func own(_ math: Math, _ context: Context) -> [FormulaMistake] {
    var result: [FormulaMistake] = []
    let text = notation.plain(math)
    func add(_ id: String, _ says: String, _ corrected: Math, _ span: Span? = nil) {
      result.append(
        FormulaMistake(id: id, says: says, span: span ?? math.span, corrected: corrected))
    }
    if let reference = notation.reference(math) {
      symbol(reference, math, text, add)
      wrap(math, text, context, add)
      return result
    }
    switch math.kind {
    case .sum(let terms):
      for (place, term) in terms.enumerated() {
        var changed = terms
        changed[place].isNegative.toggle()
        add(
          "sign", "the sign of \(notation.plain(term.value)) is wrong",
          Math(.sum(changed), math.span),
          term.value.span)
        if terms.count > 1 {
          var fewer = terms
          fewer.remove(at: place)
          let says =
            isOne(term.value)
            ? "the 1 does not belong here" : "\(notation.plain(term.value)) does not belong here"
          add(
            isOne(term.value) && !term.isNegative ? "complement" : "extra-term", says,
            Math(.sum(fewer), math.span), term.value.span)
        }
        // a/b + c for a/(b + c)
        if case .fraction(let above, let below) = term.value.kind, terms.count > 1 {
          for (other, rest) in terms.enumerated() where other != place {
            var fewer = terms
            let under = Math(
              .sum([
                MathTerm(isNegative: false, value: below),
                MathTerm(isNegative: rest.isNegative, value: rest.value),
              ]), math.span)
            fewer[place].value = Math(.fraction(above, under), term.value.span)
            fewer.remove(at: other)
            add(
              "epsilon-outside-fraction",
              "\(notation.plain(rest.value)) belongs to the denominator",
              Math(.sum(fewer), math.span),
              rest.value.span)
          }
        }
      }
      wrap(math, text, context, add)
      if terms.count == 2, !terms.contains(where: \.isNegative) {
        add(
          "plus-for-times",
          "the product of \(notation.plain(terms[0].value)) and"
            + " \(notation.plain(terms[1].value)) is meant, not their sum",
          Math(.product(terms.map { MathFactor(sign: .times, value: $0.value) }), math.span))
      }
    case .relation(let sides, let relations):
      let others: [TeXRelation: TeXRelation] = [
        .less: .greater, .greater: .less, .lessOrEqual: .greaterOrEqual,
        .greaterOrEqual: .lessOrEqual,
      ]
      if relations.count == 1, let other = others[relations[0]] {
        add(
          "condition-swapped", "the condition is the other way round",
          Math(.relation(sides, [other]), math.span))
      }
    case .product(let factors):
      for (place, factor) in factors.enumerated() {
        var fewer = factors
        fewer.remove(at: place)
        if place == 0, let first = fewer.first, first.sign == .slash || first.sign == .over {
          continue
        }
        let number = notation.plain(factor.value)
        let isTwo = number == "2" || number == "1/2"
        add(
          isTwo ? "factor-two" : isMeanFactor(factor.value) ? "mean-for-sum" : "extra-factor",
          "the factor \(number) does not belong here", Math(.product(fewer), math.span),
          factor.value.span)
      }
    case .fraction(let above, let below):
      add(
        "inverted", "numerator and denominator have changed places",
        Math(.fraction(below, above), math.span))
      add(
        "extra-denominator", "the division by \(notation.plain(below)) does not belong here", above)
      add(
        "missing-root", "the root of the denominator \(notation.plain(below)) is missing",
        Math(.fraction(above, Math(.root(below, degree: nil), below.span)), math.span), below.span)
      if case .root(let inner, nil) = below.kind {
        add(
          "extra-root", "the denominator needs no root",
          Math(.fraction(above, inner), math.span), below.span)
      }
      wrap(math, text, context, add)
    case .root(let inner, nil): add("extra-root", "the root does not belong here", inner)
    case .function(let call):
      if call.arguments.count == 1 {
        let without = call.arguments[0]
        switch call.name {
        case "exp": add("extra-exponential", "the exponential does not belong here", without)
        case "log": add("extra-logarithm", "the logarithm does not belong here", without)
        default: break
        }
      }
      let others = ["max": "min", "min": "max", "cos": "sin", "sin": "cos"]
      if let other = others[call.name] {
        var changed = call
        changed.name = other
        add(
          call.name == "sin" || call.name == "cos" ? "sine-for-cosine" : "min-for-max",
          "\(call.name) stands for \(other)", Math(.function(changed), math.span), call.nameSpan)
      }
      wrap(math, text, context, add)
    case .scripted(let base, let scripts):
      if case .number("2")? = scripts.upper?.kind {
        var fewer = scripts
        fewer.upper = nil
        add(
          "extra-square", "the square does not belong here",
          fewer.isEmpty ? base : Math(.scripted(base, fewer), math.span))
      }
      if case .fenced(.norm, let items) = base.kind, scripts.upper == nil {
        var squared = scripts
        squared.upper = Math(.number("2"), math.span)
        add(
          "missing-square", "the square of the norm is missing",
          Math(.scripted(base, squared), math.span))
        _ = items
      }
    case .fenced(let fence, let items):
      if fence == .norm {
        add("missing-square", "the square of the norm is missing", FormulaMistakes.squared(math))
      } else if items.count == 1, fence != .bars {
        add(
          "missing-square", "the square of \(text) is missing", FormulaMistakes.squared(math))
        let absolute = Math(.fenced(.bars, items), math.span)
        add("missing-absolute-value", "the absolute value of \(text) is missing", absolute)
        add(
          "extra-square-for-absolute", "\(text) is no absolute value", absolute)
      } else if fence == .bars, items.count == 1 {
        add(
          "missing-square", "the error is to be squared, not made positive",
          FormulaMistakes.squared(items[0]))
      }
    case .big(let name, let scripts, let body):
      if name == "sum" {
        add(
          "sum-for-mean", "the sum is not divided by the number of its terms",
          Math(.big("mean", scripts, body), math.span))
        add(
          "sum-for-product", "a product is meant", Math(.big("prod", scripts, body), math.span))
      } else if name == "prod" {
        add(
          "product-for-sum", "a sum is meant", Math(.big("sum", scripts, body), math.span))
      }
      wrap(math, text, context, add)
    case .number(let number):
      let others = number == "1" ? ["2", "0"] : number == "2" ? ["1"] : number == "0" ? ["1"] : []
      for other in others {
        add(
          "wrong-number", "\(number) stands for \(other)", Math(.number(other), math.span))
      }
    default: break
    }
    return result
  }

  private func isOne(_ math: Math) -> Bool {
    if case .number("1") = math.kind { return true }
    return false
  }

  private func isMeanFactor(_ math: Math) -> Bool {
    guard case .fraction(let above, let below) = math.kind, isOne(above),
      let key = notation.reference(below)?.key
    else { return false }
    return shape.lengths[key] != nil || ["n", "m", "N"].contains(key)
  }

  private func symbol(
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
  private func wrap(
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

  static func negated(_ math: Math) -> Math {
    Math(.sum([MathTerm(isNegative: true, value: math)]), math.span)
  }

  static func squared(_ math: Math) -> Math {
    var scripts = MathScripts()
    scripts.upper = Math(.number("2"), math.span)
    let base: Math
    switch math.kind {
    case .fenced: base = math
    default: base = Math(.fenced(.parenthesis, [math]), math.span)
    }
    return Math(.scripted(base, scripts), math.span)
  }

  static func call(_ name: String, _ math: Math) -> Math {
    Math(
      .function(
        MathFunction(
          name: name, scripts: nil, arguments: [math], nameSpan: math.span, isBracketed: true)),
      math.span)
  }
}
