// The number, vector or matrix that a printed formula is: sums over indices, products, norms, cases.
//
// What its letters stand for is for the kind of text to say, each with a class of its own: `ClaimEvaluator`
// looks them up in what a document has said so far, `DefinitionEvaluator` in one text and in values put in
// for a comparison. What is not understood is a failure with its place, never a guess; a reading that
// could be another one is a note.

import Diagnostics
import Notation
import Tensors

class FormulaEvaluator: FormulaWords {
  /// Infinities and what is undefined are values; where it is not set they are failures.
  let isTotal: Bool
  /// How `a · b` or `a b` of two columns is meant; an inner product with the sign, else a failure, while
  /// nil.
  var vectorProduct: VectorProduct?
  /// -Σ aᵢ + bᵢ without brackets: the sign in front belongs to aᵢ alone, and bᵢ keeps its own.
  var distributesSign = false
  /// What index letters stand for at the moment, as they are printed.
  var letters: [String: Int] = [:]
  /// What all evaluations of a formula have together.
  var work: FormulaWork?
  /// Where what depends on the variables of a derivative is written down.
  var tape: FormulaTape?
  /// Readings that could be others.
  private(set) var notes: [ReadingNote] = []
  /// Inside of a sum, mean or maximum of all elements: functions are taken of each.
  private var gathering = 0
  private var depth = 0
  private var steps = 0
  private let longest: Int
  /// Definitions that are being evaluated: one that needs itself is no definition.
  private var open: Set<String> = []

  static let deepest = 300
  /// How many parts are calculated before the work is counted.
  private static let portion = 64
  /// What is taken where finite numbers give none.
  static let overflow = "a number that is too large to hold"
  static let zeroDivisor = "this divides by zero"

  enum VectorProduct: Sendable { case elementwise, inner }

  /// Whether a set that nothing lists may be any: two formulas are compared, and no number is claimed.
  var takesAnySet: Bool { true }

  /// What a set is said to be; itself where nothing says so.
  func set(_ math: Math) -> Math { math }

  init(isTotal: Bool, longest: Int) {
    self.isTotal = isTotal
    self.longest = longest
  }

  // MARK: What a kind of text says

  /// The value of a symbol with its scripts; nil for what is none.
  func symbol(_ math: Math) throws(FormulaFailure) -> FormulaValue? { nil }

  func isCall(_ head: Math, _ brackets: Math, _ items: [Math]) -> Bool { false }

  /// f(x) without the scripts behind the brackets.
  func call(_ head: Math, _ items: [Math]) throws(FormulaFailure) -> FormulaValue {
    throw .notUnderstood("this is no function", head.span)
  }

  /// How many values an index letter takes in an expression.
  func extent(of letter: String, in math: Math) -> Int? { nil }

  /// Where an index letter begins.
  func first(_ letter: String) -> Int { 1 }

  /// Index letters that nothing has bound, in the order they come.
  func freeLetters(_ math: Math) -> [String] { [] }

  /// Whether a symbol is one number of many.
  func isComponent(_ math: Math) -> Bool { false }

  // MARK: Values

  func value(_ math: Math) throws(FormulaFailure) -> FormulaValue {
    depth += 1
    steps += 1
    defer { depth -= 1 }
    guard depth <= FormulaEvaluator.deepest, steps <= longest else { throw .tooLong(math.span) }
    if steps % FormulaEvaluator.portion == 0, let work, !work.take(FormulaEvaluator.portion) {
      throw .tooLong(math.span)
    }
    if let known = try symbol(math) { return known }
    if let number = GroupedDigits.number(math) { return FormulaValue(number) }
    switch math.kind {
    case .number(let text):
      guard let number = Double(text) else {
        throw .notUnderstood("\(text) is no number", math.span)
      }
      return FormulaValue(number)
    case .scripted(let base, let scripts): return try scripted(base, scripts, math)
    case .sum(let terms): return try sum(terms, math.span)
    case .product(let factors):
      return try product(FormulaFactor.read(factors, self), math.span)
    case .fraction(let above, let below):
      return try quotient(try value(above), try value(below), below.span)
    case .root(let inner, let degree):
      let order = try degree.map { math throws(FormulaFailure) in try constant(math) } ?? 2
      guard order != 0 else { throw .undefined("a root of degree 0 is taken here", math.span) }
      let operation: Operation? = order == 2 ? .squareRoot : nil
      return try mapped(
        try value(inner), operation, "the root of a negative number", math.span
      ) { FormulaFunctions.root($0, order) }
    case .fenced(let fence, let items): return try fenced(fence, items, math.span)
    case .function(let call): return try function(call, math.span)
    case .big(let name, let scripts, let body): return try big(name, scripts, body, math.span)
    case .cases(let cases):
      guard cases.count <= 200 else {
        throw .notUnderstood("so many cases are not worked out", math.span)
      }
      for one in cases {
        guard let condition = one.condition else { return try value(one.value) }
        if try holds(condition) { return try value(one.value) }
      }
      throw .undefined("none of the cases holds", math.span)
    case .relation: return FormulaValue(try holds(math) ? 1 : 0)
    case .elementwise(let inner): return try value(inner)
    case .symbol, .accented:
      throw .notUnderstood("this is no symbol that is known here", math.span)
    case .gradient: throw .notUnderstood("a gradient is not worked out here", math.span)
    case .evaluated: throw .notUnderstood("a value at a place is not calculated", math.span)
    case .mark, .ellipsis:
      throw .notUnderstood("\(math.span.text) leaves out what to calculate", math.span)
    }
  }

  /// A single number, such as a limit or an index.
  func number(_ math: Math) throws(FormulaFailure) -> Double {
    let value = try value(math).simplified
    guard let x = value.scalar else {
      throw .shape(
        "\(ClaimText.pretty(math.span.text)) is \(value.shapeText), not a number", math.span)
    }
    return x
  }

  /// A number that no variable of a derivative is in: what has no operation of two arguments takes one.
  func constant(_ math: Math) throws(FormulaFailure) -> Double {
    if tape != nil {
      guard try value(math).nodes == nil else {
        throw .notUnderstood("there is no operation for it", math.span)
      }
    }
    return try number(math)
  }

  func integer(_ math: Math) throws(FormulaFailure) -> Int {
    let number = try number(math)
    guard number.isNaN || abs(number) < 1e6 else { throw .tooLong(math.span) }
    guard number == number.rounded() else {
      throw .notUnderstood(
        "a whole number is needed here, not \(NumberFormat.text(number))", math.span)
    }
    return Int(number)
  }

  // MARK: Sums and products

  private func sum(_ terms: [MathTerm], _ span: Span) throws(FormulaFailure) -> FormulaValue {
    var result: FormulaValue?
    let joined = FormulaTerms.joined(
      terms, isBound: { self.letters[$0] != nil }, distributesSign: distributesSign,
      note: { self.note($0, $1) })
    for term in joined {
      let next = try value(term.value)
      guard let before = result else {
        result =
          term.isNegative
          ? try mapped(next, .negate, FormulaEvaluator.overflow, span) { -$0 } : next
        continue
      }
      result = try term.isNegative ? pair(before, next, .minus, span) : added(before, next, span)
    }
    return result ?? FormulaValue(0)
  }

  func product(_ factors: [FormulaFactor], _ span: Span) throws(FormulaFailure) -> FormulaValue {
    var result: FormulaValue?
    for factor in factors {
      let value = try operand(factor)
      result = if let left = result { try combined(left, value, factor, span) } else { value }
    }
    return result ?? FormulaValue(1)
  }

  private func operand(_ factor: FormulaFactor) throws(FormulaFailure) -> FormulaValue {
    let span = factor.math.span
    switch factor.operand {
    case .plain(let math): return try value(math)
    case .applied(let call, let inner): return try function(call, [try product(inner, span)], span)
    case .together(let inner): return try product(inner, span)
    case .call(let head, let items, let brackets):
      let result = try call(head, items)
      guard case .scripted(_, let scripts) = brackets.kind else { return result }
      return try withScripts(result, scripts, head.span.joined(with: brackets.span))
    }
  }

  private func combined(
    _ a: FormulaValue, _ b: FormulaValue, _ factor: FormulaFactor, _ span: Span
  ) throws(FormulaFailure) -> FormulaValue {
    switch factor.sign {
    case .over: return try quotient(a, b, factor.math.span)
    case .elementwise: return try pair(a, b, .times, span)
    case .dot, .times: break
    }
    if a.isScalar || b.isScalar { return try pair(a, b, .times, span) }
    guard a.isVector, b.isVector, !a.isRow, !b.isRow else {
      return try factor.sign == .dot ? dotted(a, b, span) : multiplied(a, b, span)
    }
    switch vectorProduct {
    case .elementwise:
      note("the product of two vectors is read elementwise", span)
      return try pair(a, b, .times, span)
    case .inner:
      note("the product of two vectors is read as their inner product", span)
      return try dotted(a, b, span)
    case nil:
      if factor.sign == .dot { return try dotted(a, b, span) }
      throw .shape(
        "\(a.shapeText) and \(b.shapeText) do not fit together in a product", span)
    }
  }

  // MARK: Conditions

  /// Whether relations hold: `y = k`, `1 \le i < n`, `j \ne i`.
  func holds(_ math: Math) throws(FormulaFailure) -> Bool {
    guard case .relation(let sides, let relations) = math.kind else {
      if case .fenced(_, let items) = math.kind, items.count == 1 { return try holds(items[0]) }
      throw .notUnderstood("this is no condition that is understood", math.span)
    }
    for (place, relation) in relations.enumerated() where place + 1 < sides.count {
      let (a, b) = (try number(sides[place]), try number(sides[place + 1]))
      let isTrue: Bool
      switch relation {
      case .equals: isTrue = a == b
      case .notEqual: isTrue = a != b
      case .less: isTrue = a < b
      case .lessOrEqual: isTrue = a <= b
      case .greater: isTrue = a > b
      case .greaterOrEqual: isTrue = a >= b
      default: throw .notUnderstood("this condition is not understood", math.span)
      }
      guard isTrue else { return false }
    }
    return true
  }

  // MARK: Keeping account

  func note(_ text: String, _ span: Span) {
    guard !notes.contains(where: { $0.text == text && $0.span.start == span.start }) else { return }
    notes.append(ReadingNote(.ambiguity, text, span))
  }

  /// Marks a definition as being evaluated; false when it is already.
  func opens(_ key: String) -> Bool { open.insert(key).inserted }
  func closes(_ key: String) { open.remove(key) }

  /// Whether functions are taken of each element, since all of them are gathered behind.
  var isGathering: Bool { gathering > 0 }

  func gathering<T>(_ run: () throws(FormulaFailure) -> T) throws(FormulaFailure) -> T {
    gathering += 1
    defer { gathering -= 1 }
    return try run()
  }
}
