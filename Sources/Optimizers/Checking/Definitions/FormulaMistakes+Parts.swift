// The mistakes that a part of a formula may hold, by what kind of part it is.

import Diagnostics
import Notation

extension FormulaMistakes {
  /// Each part as it would be without one of them.
  func own(_ math: Math, _ context: Context) -> [FormulaMistake] {
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
      if case .fenced(.norm, _) = base.kind, scripts.upper == nil {
        var squared = scripts
        squared.upper = Math(.number("2"), math.span)
        add(
          "missing-square", "the square of the norm is missing",
          Math(.scripted(base, squared), math.span))
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
}
