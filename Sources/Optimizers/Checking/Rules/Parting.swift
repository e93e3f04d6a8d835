// The smallest part in which two formulas differ, factors and terms in any order.

import Notation

enum Parting {
  /// The part of each that the other does not have; the whole of both where more than one part differs.
  static func of(_ a: Expression, _ b: Expression) -> (Expression, Expression) {
    inner(a, b, depth: 0)
  }

  private static func inner(_ a: Expression, _ b: Expression, depth: Int) -> (
    Expression, Expression
  ) {
    guard depth < 40 else { return (a, b) }
    func deeper(_ x: Expression, _ y: Expression) -> (Expression, Expression) {
      inner(x, y, depth: depth + 1)
    }
    if a.isSum || b.isSum {
      let (left, right) = rest(TermList(a).terms, TermList(b).terms) {
        $0.isNegative == $1.isNegative && areSame($0.value, $1.value)
      }
      guard left.count == 1, right.count == 1, left[0].isNegative == right[0].isNegative else {
        return (a, b)
      }
      return deeper(left[0].value, right[0].value)
    }
    let (mine, its) = (FactorList(a), FactorList(b))
    if mine.above.count + mine.below.count > 1 || its.above.count + its.below.count > 1 {
      let above = rest(mine.above, its.above, areSame)
      let below = rest(mine.below, its.below, areSame)
      switch (above.0.count, above.1.count, below.0.count, below.1.count) {
      case (1, 1, 0, 0): return deeper(above.0[0], above.1[0])
      case (0, 0, 1, 1): return deeper(below.0[0], below.1[0])
      default: return (a, b)
      }
    }
    switch (a.kind, b.kind) {
    case (.unary(let f, let x), .unary(let g, let y)) where f == g: return deeper(x, y)
    case (.binary(let f, let x, let u), .binary(let g, let y, let v)) where f == g:
      if areSame(x, y) { return deeper(u, v) }
      return areSame(u, v) ? deeper(x, y) : (a, b)
    case (.call(let f, let x), .call(let g, let y)) where f.path == g.path && x.count == y.count:
      let apart = x.indices.filter { !areSame(x[$0].value, y[$0].value) }
      guard apart.count == 1 else { return (a, b) }
      return deeper(x[apart[0]].value, y[apart[0]].value)
    default: return (a, b)
    }
  }

  /// What is left of two lists without what they have in common.
  private static func rest<Part>(
    _ a: [Part], _ b: [Part], _ areSame: (Part, Part) -> Bool
  ) -> ([Part], [Part]) {
    var left: [Part] = []
    var right = b
    for part in a {
      if let place = right.firstIndex(where: { areSame(part, $0) }) {
        right.remove(at: place)
      } else {
        left.append(part)
      }
    }
    return (left, right)
  }

  /// The same in writing, or in numbers.
  private static func areSame(_ a: Expression, _ b: Expression) -> Bool {
    if a.isSame(as: b) { return true }
    guard !a.isLiteralNumber, !b.isLiteralNumber, a.name == nil || b.name == nil else {
      return false
    }
    var sieve = FormulaSieve(a)
    return !sieve.isNew(b)
  }
}
