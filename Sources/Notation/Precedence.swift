// How tightly operators bind, and their signs; the parser and the printer share it, so that what is
// printed is read again as it was.

/// How tightly an expression holds together, loosest first.
enum Precedence: Int, Comparable {
  case disjunction, conjunction, negation, comparison, sum, product, signed, power, postfix, atom

  static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }

  /// The next tighter one.
  var above: Precedence { Precedence(rawValue: rawValue + 1) ?? .atom }
}

extension BinaryOperator {
  var precedence: Precedence {
    switch self {
    case .or: .disjunction
    case .and: .conjunction
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: .comparison
    case .add, .subtract: .sum
    case .multiply, .divide, .matmul, .modulo: .product
    case .power: .power
    }
  }

  /// The sign by itself, for a message: `+`, `·`, `@`, `≤`.
  package var symbol: String {
    String(sign(.pretty).filter { $0 != " " })
  }

  /// The sign with the blanks round it.
  func sign(_ form: TextForm) -> String {
    let pretty = form == .pretty
    return switch self {
    case .add: " + "
    case .subtract: " - "
    case .multiply: pretty ? "·" : "*"
    case .divide: "/"
    case .matmul: " @ "
    case .power: "^"
    case .less: " < "
    case .lessOrEqual: pretty ? " ≤ " : " <= "
    case .greater: " > "
    case .greaterOrEqual: pretty ? " ≥ " : " >= "
    case .equal: " == "
    case .notEqual: pretty ? " ≠ " : " != "
    case .and: " and "
    case .or: " or "
    case .modulo: " mod "
    }
  }
}
