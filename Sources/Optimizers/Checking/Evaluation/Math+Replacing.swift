// A formula's tree with one part exchanged; parts are numbered as `children` lists them.

import Notation

extension Math {
  func replacing(_ place: Int, with new: Math) -> Math {
    var result = self
    switch kind {
    case .number, .symbol, .mark, .ellipsis: break
    case .scripted(let base, let scripts):
      result.kind =
        place == 0
        ? .scripted(new, scripts) : .scripted(base, scripts.replacing(place - 1, with: new))
    case .accented(let accent, _): result.kind = .accented(accent, new)
    case .elementwise: result.kind = .elementwise(new)
    case .sum(var terms):
      if terms.indices.contains(place) { terms[place].value = new }
      result.kind = .sum(terms)
    case .product(var factors):
      if factors.indices.contains(place) { factors[place].value = new }
      result.kind = .product(factors)
    case .fraction(let a, let b): result.kind = place == 0 ? .fraction(new, b) : .fraction(a, new)
    case .root(let inner, let degree):
      result.kind = place == 0 ? .root(new, degree: degree) : .root(inner, degree: new)
    case .fenced(let fence, var items):
      if items.indices.contains(place) { items[place] = new }
      result.kind = .fenced(fence, items)
    case .function(var call):
      let count = call.scripts?.children.count ?? 0
      if place < count {
        call.scripts = call.scripts?.replacing(place, with: new)
      } else if call.arguments.indices.contains(place - count) {
        call.arguments[place - count] = new
      }
      result.kind = .function(call)
    case .big(let name, let scripts, let body):
      result.kind =
        place < scripts.children.count
        ? .big(name, scripts.replacing(place, with: new), body) : .big(name, scripts, new)
    case .cases(var cases):
      var number = 0
      for index in cases.indices {
        if number == place { cases[index].value = new }
        number += 1
        if cases[index].condition != nil {
          if number == place { cases[index].condition = new }
          number += 1
        }
      }
      result.kind = .cases(cases)
    case .relation(var sides, let relations):
      if sides.indices.contains(place) { sides[place] = new }
      result.kind = .relation(sides, relations)
    case .evaluated(let inner, let at):
      result.kind = place == 0 ? .evaluated(new, at: at) : .evaluated(inner, at: new)
    case .gradient: break
    }
    return result
  }
}

extension MathScripts {
  func replacing(_ place: Int, with new: Math) -> MathScripts {
    var result = self
    if lower.indices.contains(place) {
      result.lower[place] = new
    } else if place == lower.count, upper != nil {
      result.upper = new
    }
    return result
  }
}
