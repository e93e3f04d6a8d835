// What one line may have been meant to be: every part of it replaced by what is easily confused with
// it, one part at a time.

import Diagnostics
import Notation

struct LineRewriter {
  struct Change {
    var value: Expression
    var mistake: String
    var doubt: Int
    var printed: Expression?
    var meant: Expression?
    var says: String?
    var span: Span
  }

  /// Where in the line a part stands.
  struct Place {
    var isBelow = false
    var isUnderRoot = false
    var isInGradient = false
    var isExponent = false
    /// A factor of a product or a term that is a product.
    var isFactor = false
  }

  let repairs: Repairs
  let line: RuleStatement.Line
  /// Names with a value where the line stands.
  let known: [Name]
  let isParameterLine: Bool
  let isStateLine: Bool

  init(_ repairs: Repairs, _ line: RuleStatement.Line, _ place: Int) {
    self.repairs = repairs
    self.line = line
    isParameterLine = Rule.parameterNames.contains(line.name.canonical)
    isStateLine = repairs.states.contains(line.name)
    var known: [Name] = []
    for (index, statement) in repairs.declaration.body.enumerated() {
      switch statement {
      case .state(let state): known.append(state.name)
      case .assign(let earlier) where index < place:
        if !known.contains(earlier.name) { known.append(earlier.name) }
      default: break
      }
    }
    self.known = known.filter { !Rule.given.contains($0.canonical) }
  }

  /// No line has more changes than this; rules as they are printed have far fewer.
  static let limit = 2000

  func changes() -> [Change] {
    changes(line.value, Place()) + wholeLine()
  }

  // MARK: Parts

  private func changes(_ part: Expression, _ place: Place) -> [Change] {
    var result = here(part, place)
    func inside(_ child: Expression, _ place: Place, _ rebuild: (Expression) -> Expression) {
      guard result.count < LineRewriter.limit else { return }
      for var change in changes(child, place) {
        change.value = rebuild(change.value)
        result.append(change)
      }
    }
    switch part.kind {
    case .binary(let operation, let left, let right):
      var first = place
      var second = place
      first.isFactor = operation == .multiply || operation == .divide
      second.isFactor = operation == .multiply
      if operation == .divide { second.isBelow = true }
      if operation == .power {
        second.isExponent = true
        if case .unary(.negate, _) = right.kind { first.isBelow = true }
      }
      inside(left, first) { Expression(.binary(operation, $0, right), part.span) }
      inside(right, second) { Expression(.binary(operation, left, $0), part.span) }
    case .unary(let operation, let operand):
      var next = place
      if operation == .squareRoot { next.isUnderRoot = true }
      inside(operand, next) { Expression(.unary(operation, $0), part.span) }
    case .call(let callee, let arguments):
      var next = place
      if callee.path.first?.canonical == "grad" { next.isInGradient = true }
      for index in arguments.indices {
        inside(arguments[index].value, next) { value in
          var changed = arguments
          changed[index].value = value
          return Expression(.call(callee, changed), part.span)
        }
      }
    default: break
    }
    return result
  }

  private func here(_ part: Expression, _ place: Place) -> [Change] {
    switch part.kind {
    case .name(let name): names(name, part, place)
    case .unary(let operation, let operand): unary(operation, operand, part, place)
    case .binary(let operation, let left, let right):
      binary(operation, left, right, part, place)
    case .call(let callee, let arguments):
      calls(callee.path.first?.canonical ?? "", callee, arguments, part)
    default: []
    }
  }

  func change(
    _ part: Expression, _ meant: Expression, _ mistake: String, _ doubt: Int, _ says: String? = nil
  ) -> Change {
    Change(
      value: meant, mistake: mistake, doubt: doubt, printed: part, meant: meant, says: says,
      span: part.span)
  }

  // MARK: What parts are

  /// 1 - βᵗ
  func correction(_ decay: Name, _ span: Span) -> Expression {
    .binary(.subtract, .whole(1, span), .binary(.power, .name(decay, span), .time(span)))
  }

  /// Made of hyperparameters, numbers and t alone.
  func isCoefficient(_ part: Expression) -> Bool {
    part.names.allSatisfy { repairs.hyper.contains($0) || $0.canonical == "t" }
      && !part.contains { $0.isCall("grad") }
  }

  /// βᵗ, as a bias correction has it and a schedule has not.
  func holdsTime(_ part: Expression) -> Bool {
    part.contains { inner in
      guard case .binary(.power, let base, let exponent) = inner.kind else { return false }
      return exponent.names.contains { $0.canonical == "t" }
        && base.names.contains { repairs.decays.contains($0) }
    }
  }
}

extension Expression {
  static func call(_ name: String, _ arguments: [Expression], _ span: Span) -> Expression {
    Expression(
      .call(
        Callee(path: [Name(canonical: name)], span: span), arguments.map { Argument(value: $0) }),
      span)
  }

  func isCall(_ name: String) -> Bool {
    if case .call(let callee, _) = kind { return callee.path.first?.canonical == name }
    return false
  }
}
