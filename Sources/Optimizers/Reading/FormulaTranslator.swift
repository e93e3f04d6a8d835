// From a formula's tree to an expression whose names still know variable and step.
//
// Everything has to find a place: what is not understood is an error there. Sums over past steps
// become states of their own, sums over the samples of a gradient its mean.

import Diagnostics
import Notation

struct TranslatedLine {
  var key: Int
  var time: TimeMark
  var value: Expression
  var isAssigned: Bool
  var span: Span
  var order: Int
  var isRemark: Bool
  /// It was made for a sum over past steps.
  var isHistory = false
}

final class FormulaTranslator {
  var symbols: SymbolReader
  let table: EquationTable
  private(set) var keys: [SymbolKey] = []
  var numbers: [SymbolKey: Int] = [:]
  /// Lines for sums over past steps.
  var history: [TranslatedLine] = []
  /// Products over past steps: the variable that keeps one, and what it is multiplied by.
  var products: [(key: Int, factor: Expression)] = []
  var notes: [ReadingNote] = []
  /// What the gradients are of, and by what, and where they are taken.
  var gradientFunctions: [(name: String, span: Span)] = []
  var gradientVariables: [(key: Int, span: Span)] = []
  var gradientPoints: [(reference: Reference, span: Span)] = []
  /// Where each variable is seen first.
  var places: [Int: Span] = [:]
  /// The left side of the line being translated.
  var own: (key: Int, time: TimeMark)?
  /// `m_t-1` was seen where it must mean m_{t-1}.
  var minusOneIsIndex = false
  /// The letter of it instead of what is meant, for `β^(t+1)`.
  var takesSlipsLiterally = false
  var sawScriptSlip = false
  /// Function arguments being put in.
  var substitutions: [[SymbolKey: Expression]] = []
  var order = 0
  /// The functions that gradients are taken of, by their letters.
  private(set) lazy var differentiated = findDifferentiated()

  init(_ symbols: SymbolReader, _ table: EquationTable) {
    self.symbols = symbols
    self.table = table
    self.symbols.squared = table.squared
  }

  func number(of key: SymbolKey) -> Int {
    if let number = numbers[key] { return number }
    keys.append(key)
    numbers[key] = keys.count - 1
    return keys.count - 1
  }

  /// - Parameter own: the variable on the left side.
  func line(_ assignment: Assignment) throws(Diagnostic) -> TranslatedLine {
    let key = number(of: assignment.key)
    own = (key, assignment.time)
    defer { own = nil }
    order = assignment.order
    var value: Expression
    if isHessian(assignment.value), let matrix = try hessian(assignment.value, 0) {
      value = matrix
    } else {
      value = try translate(assignment.value, 0)
    }
    let itself = Build.name(Reference(key, .none).name, assignment.span)
    if let update = assignment.update {
      switch update {
      case "+": value = Build.binary(.add, itself, value)
      case "-": value = Build.binary(.subtract, itself, value)
      case "*": value = Build.binary(.multiply, itself, value)
      default: value = Build.binary(.divide, itself, value)
      }
    }
    for term in assignment.added {
      let other = try translate(term.value, 0)
      value = Build.binary(term.isNegative ? .subtract : .add, other, value)
      if term.isNegative {
        value = Build.binary(.subtract, Build.number(0, assignment.span), value)
      }
    }
    if places[key] == nil { places[key] = assignment.span }
    return TranslatedLine(
      key: key, time: assignment.time, value: value, isAssigned: assignment.isAssigned,
      span: assignment.span, order: assignment.order, isRemark: assignment.isRemark)
  }

  // MARK: Parts

  static let limit = 180
  /// Parts of one line once the functions of the text are put in.
  static let largest = 4000

  func translate(_ math: Math, _ depth: Int) throws(Diagnostic) -> Expression {
    guard depth < FormulaTranslator.limit else {
      throw .reading(
        "too-high", "too many operations inside one another", math.span,
        help: "give a part of it a name")
    }
    switch math.kind {
    case .number(let text):
      guard let value = Double(text), value.isFinite else {
        throw .reading("number", "\(text) is no number that can be held", math.span)
      }
      return Expression(.number(value, spelling: text), math.span)
    case .symbol, .accented, .scripted: return try symbol(math, depth)
    case .sum(let terms): return try sum(terms, math.span, depth)
    case .product(let factors): return try product(factors, math.span, depth)
    case .fraction(let above, let below):
      if symbols.isGradient(math) { return try product([one(math)], math.span, depth) }
      if FormulaTranslator.isHigherDerivative(above, below) {
        throw .reading(
          "second-derivative", "second derivatives and the like are not read", math.span,
          help: "a rule has the gradient alone")
      }
      if sampleSum(above) != nil {
        return try product([one(math)], math.span, depth)
      }
      if let step = try solved(above, over: below, math.span, depth) { return step }
      let (upper, lower) = (try translate(above, depth + 1), try translate(below, depth + 1))
      try checkNoRoot(upper, lower, math.span)
      return Expression(.binary(.divide, upper, lower), math.span)
    case .root(let inner, let degree):
      let value = try translate(inner, depth + 1)
      guard let degree, wholeNumber(degree) != 2 else {
        return Expression(.unary(.squareRoot, value), math.span)
      }
      let exponent = Build.binary(
        .divide, Build.number(1, math.span), try translate(degree, depth + 1))
      return Expression(.binary(.power, value, exponent), math.span)
    case .fenced(let fence, let items): return try fenced(fence, items, math.span, depth)
    case .function(let call): return try function(call, math.span, depth)
    case .big: return try big(math, depth)
    case .gradient, .evaluated:
      guard symbols.isGradient(math) else {
        throw .reading(
          "second-derivative", "second derivatives and the like are not read", math.span,
          help: "a rule has the gradient alone")
      }
      return try product([one(math)], math.span, depth)
    case .cases(let cases): return try self.cases(cases, math.span, depth)
    case .relation:
      throw .reading("relation", "an equation inside a formula", math.span)
    case .mark, .elementwise, .ellipsis:
      throw .reading("not-understood", "this is not understood", math.span)
    }
  }

  /// d²f/dw² and the operator d²/dw².
  static func isHigherDerivative(_ above: Math, _ below: Math) -> Bool {
    func head(_ math: Math) -> Math {
      if case .product(let factors) = math.kind, let first = factors.first { return first.value }
      return math
    }
    func isDifferential(_ math: Math) -> Bool {
      switch math.kind {
      case .symbol(let symbol):
        return ["d", "partial"].contains(symbol.name)
          || symbol.isRun && symbol.name.hasPrefix("d") && symbol.name.count == 2
      case .scripted(let base, _): return isDifferential(base)
      default: return false
      }
    }
    guard case .scripted(let base, let scripts) = head(above).kind, isDifferential(base),
      let order = scripts.upper.flatMap(wholeNumber), order > 1
    else { return false }
    return isDifferential(head(below))
  }

  func one(_ math: Math) -> MathFactor { MathFactor(sign: .implicit, value: math) }

  // MARK: Sums

  func sum(_ terms: [MathTerm], _ span: Span, _ depth: Int) throws(Diagnostic) -> Expression {
    guard terms.count < FormulaTranslator.limit else {
      throw .reading("too-high", "too many terms in one sum", span)
    }
    var result: Expression?
    var skipNext = false
    let hasDiagonal = terms.contains { isDiagonal($0.value) }
    for (place, term) in terms.enumerated() {
      if skipNext {
        skipNext = false
        continue
      }
      var value = term.value
      if place + 1 < terms.count, let shifted = shifted(value, by: terms[place + 1]) {
        value = shifted
        skipNext = true
      }
      // εI + diag(G): each coordinate has its ε.
      if hasDiagonal, let factors = identityFactors(value) {
        value =
          factors.isEmpty ? Math(.number("1"), value.span) : Math(.product(factors), value.span)
      }
      let part = try translate(value, depth + terms.count)
      if let sum = result {
        result = Build.binary(term.isNegative ? .subtract : .add, sum, part)
      } else {
        result = term.isNegative ? Build.negated(part, span) : part
      }
    }
    guard let result else { throw .reading("empty", "an empty sum", span) }
    return Expression(result.kind, span)
  }

  /// `m_t-1` written without space, where it must mean m_{t-1}.
  func shifted(_ value: Math, by next: MathTerm) -> Math? {
    guard next.isNegative, wholeNumber(next.value) == 1 else { return nil }
    let bytes = value.span.source.bytes
    guard next.value.span.start == value.span.end + 1, bytes.indices.contains(value.span.end),
      bytes[value.span.end] == UInt8(ascii: "-")
    else { return nil }
    var last = value
    var prefix: [MathFactor] = []
    if case .product(let factors) = value.kind, let factor = factors.last {
      last = factor.value
      prefix = Array(factors.dropLast())
    }
    guard case .scripted(let base, var scripts) = last.kind, scripts.upper == nil,
      scripts.lower.count == 1, let (letter, offset) = indexLike(scripts.lower[0]),
      letter == symbols.index.letter, offset == 0, let use = symbols.use(last)
    else { return nil }
    if let own, own.key == number(of: use.key), own.time == use.time { minusOneIsIndex = true }
    guard minusOneIsIndex else { return nil }
    let span = value.span.joined(with: next.value.span)
    note(
      .slip,
      "\(last.span.text)-1 is read as \(base.span.text) one step before: the braces round the "
        + "index are missing", last.span.joined(with: next.value.span))
    let index = Math(
      .sum([
        MathTerm(isNegative: false, value: scripts.lower[0]),
        MathTerm(isNegative: true, value: next.value),
      ]), scripts.lower[0].span)
    scripts.lower = [index]
    let replaced = Math(.scripted(base, scripts), last.span)
    if prefix.isEmpty { return replaced }
    var factors = prefix
    if case .product(let old) = value.kind, let final = old.last {
      factors.append(MathFactor(sign: final.sign, value: replaced))
    }
    return Math(.product(factors), span)
  }
}
