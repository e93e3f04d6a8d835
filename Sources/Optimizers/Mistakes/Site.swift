// Every part of a formula with what stands round it, and the formula that comes out when another part
// is put in its place.

import Notation

struct Site {
  let part: Expression
  /// Below a fraction's line.
  let isBelow: Bool
  /// Inside grad(…).
  let isLookahead: Bool
  /// The base or the exponent of a power.
  let isInPower: Bool
  /// What is taken of 1 directly: β in 1 - β.
  let isComplemented: Bool
  let put: (Expression) -> Expression

  /// Formulas longer than this are looked at up to here.
  static let most = 400

  /// The whole first, then its parts from left to right.
  static func all(in expression: Expression) -> [Site] {
    var sites: [Site] = []
    visit(
      Site(
        part: expression, isBelow: false, isLookahead: false, isInPower: false,
        isComplemented: false, put: { $0 }), &sites)
    return sites
  }

  private static func visit(_ site: Site, _ sites: inout [Site]) {
    guard sites.count < most else { return }
    sites.append(site)
    let part = site.part
    func inner(
      _ child: Expression, below: Bool = false, lookahead: Bool = false, power: Bool = false,
      complemented: Bool = false, _ kind: @escaping (Expression) -> Expression.Kind
    ) {
      visit(
        Site(
          part: child, isBelow: site.isBelow != below, isLookahead: site.isLookahead || lookahead,
          isInPower: power, isComplemented: complemented,
          put: { site.put(Expression(kind($0), part.span)) }), &sites)
    }
    switch part.kind {
    case .number, .string, .name: break
    case .list(let elements):
      for (place, element) in elements.enumerated() {
        inner(element) { .list(elements.replacing(place, with: $0)) }
      }
    case .unary(let operation, let operand): inner(operand) { .unary(operation, $0) }
    case .binary(let operation, let left, let right):
      inner(left, power: operation == .power) { .binary(operation, $0, right) }
      inner(
        right, below: operation == .divide, power: operation == .power,
        complemented: operation == .subtract && left.isNumber(1)
      ) { .binary(operation, left, $0) }
    case .call(let callee, let arguments):
      let isGradient = callee.path.first?.canonical == "grad"
      for (place, argument) in arguments.enumerated() {
        inner(argument.value, lookahead: isGradient) { other in
          var changed = argument
          changed.value = other
          return .call(callee, arguments.replacing(place, with: changed))
        }
      }
    // Places in a tensor are not what goes wrong in a rule.
    case .index(let base, let subscripts): inner(base) { .index($0, subscripts) }
    case .member(let base, let name): inner(base) { .member($0, name) }
    case .gradient(let target): inner(target) { .gradient($0) }
    }
  }
}

extension Array {
  fileprivate func replacing(_ place: Int, with other: Element) -> [Element] {
    var copy = self
    copy[place] = other
    return copy
  }
}
