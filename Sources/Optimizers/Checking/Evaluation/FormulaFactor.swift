// What a run of factors means: which are multiplied and how, which stand below a line, which are a
// function and its argument. Everything that takes a formula apart asks here, so that no two of them
// read one formula differently.
//
//   f(x) y      f of x, times y               \log p(x)        the logarithm of p of x
//   1/2n        1/(2n)                        \cos \pi t/T     the cosine of πt/T
//   1/2 x       x/2                           a/b c            (a/b)·c, from the left
//   a ⊙ b       element by element            a · b            of two vectors: the inner product

import Diagnostics
import Notation

/// What the letters of a text are, as far as it decides how a product is cut.
protocol FormulaWords {
  /// Whether a symbol before brackets is applied to what is in them, and not multiplied with it.
  func isCall(_ head: Math, _ brackets: Math, _ items: [Math]) -> Bool
  /// A reading that could be another one.
  func note(_ text: String, _ span: Span)
}

extension FormulaWords {
  func note(_ text: String, _ span: Span) {}
}

struct FormulaFactor {
  enum Sign {
    /// Next to one another, or with a sign that says no more than that.
    case times
    /// ⊙ ∘ *
    case elementwise
    /// ·
    case dot
    case over
  }

  indirect enum Operand {
    case plain(Math)
    /// f(x), with the brackets and their scripts.
    case call(head: Math, items: [Math], brackets: Math)
    /// A function without brackets and the factors it takes in.
    case applied(MathFunction, [FormulaFactor])
    /// Below one slash.
    case together([FormulaFactor])
  }

  var sign: Sign
  var operand: Operand
  /// Where it is printed.
  var math: Math

  static func read(_ factors: [MathFactor], _ words: some FormulaWords) -> [FormulaFactor] {
    FormulaFactorReader(factors: factors, words: words).all(0..<factors.count)
  }

  /// The symbol before brackets, what is in them, and the brackets; nil where no bracket follows at once.
  static func brackets(after place: Int, in factors: [MathFactor]) -> (all: Math, items: [Math])? {
    guard place + 1 < factors.count, factors[place + 1].sign == .implicit else { return nil }
    let all = factors[place + 1].value
    var inner = all
    if case .scripted(let base, _) = all.kind { inner = base }
    guard case .fenced(let fence, let items) = inner.kind,
      fence == .parenthesis || fence == .bracket || fence == .brace
    else { return nil }
    return (all, items)
  }
}

private struct FormulaFactorReader<Words: FormulaWords> {
  let factors: [MathFactor]
  let words: Words

  func all(_ range: Range<Int>) -> [FormulaFactor] {
    var result: [FormulaFactor] = []
    var place = range.lowerBound
    var quotient: Int?
    while place < range.upperBound {
      let sign = place == range.lowerBound ? FormulaFactor.Sign.times : sign(before: place)
      let start = factors[place].value
      var (operand, count) = operand(at: place, range.upperBound)
      let next = place + count
      if sign == .over, factors[place].sign == .slash, isBelow(next, number: start, range) {
        let (inner, more) = self.operand(at: next, range.upperBound)
        words.note("what stands behind the slash is read as the denominator", start.span)
        operand = .together([
          FormulaFactor(sign: .times, operand: operand, math: start),
          FormulaFactor(sign: .times, operand: inner, math: factors[next].value),
        ])
        count += more
      } else if let quotient, factors[place].sign == .implicit, isSymbol(start) {
        words.note("a/b c is read from the left, as (a/b)·c", factors[quotient].value.span)
      }
      quotient = factors[place].sign == .slash && isSymbol(start) ? place : nil
      result.append(FormulaFactor(sign: sign, operand: operand, math: start))
      place += count
    }
    return result
  }

  /// Which sign stands before a factor; the tree has one name for all of them.
  private func sign(before place: Int) -> FormulaFactor.Sign {
    let factor = factors[place]
    guard factor.sign != .slash, factor.sign != .over else { return .over }
    let (a, b) = (factors[place - 1].value.span, factor.value.span)
    guard factor.sign == .times, a.end <= b.start, a.source === b.source else { return .times }
    let between = Span(a.source, a.end, b.start).text
    for text in ["odot", "⊙", "circ", "∘", "otimes", "*", "ast"] where between.contains(text) {
      return .elementwise
    }
    for text in ["cdot", "·", "⋅", "bullet"] where between.contains(text) { return .dot }
    return .times
  }

  /// Quantities that one divides by: numbers of samples, and spreads.
  private static var divisors: Set<String> { ["n", "m", "N", "M", "B", "K", "T", "sigma"] }

  /// Whether a symbol behind `/2` stands below the slash as well: in `1/2n`, in `(x-\mu)^2/2\sigma^2`,
  /// and not in `1/2 x`, `1/2x^2`.
  private func isBelow(_ place: Int, number: Math, _ range: Range<Int>) -> Bool {
    guard case .number = number.kind, place < range.upperBound, factors[place].sign == .implicit,
      let (name, hasPower) = symbol(factors[place].value)
    else { return false }
    if FormulaFactorReader.divisors.contains(name) { return true }
    let isClose =
      number.span.source === factors[place].value.span.source
      && number.span.end == factors[place].value.span.start
    var isOne = false
    if case .number("1") = factors[range.lowerBound].value.kind { isOne = true }
    return isClose && !(isOne && hasPower)
  }

  /// The operand that begins at a factor, and how many factors it takes.
  private func operand(at place: Int, _ end: Int) -> (FormulaFactor.Operand, Int) {
    let math = factors[place].value
    let brackets = place + 1 < end ? FormulaFactor.brackets(after: place, in: factors) : nil
    if let (all, items) = brackets, words.isCall(math, all, items) {
      return (.call(head: math, items: items, brackets: all), 2)
    }
    guard case .function(let call) = math.kind, !call.isBracketed, call.arguments.count == 1 else {
      return (.plain(math), 1)
    }
    let argument = call.arguments[0]
    if let (all, items) = brackets, words.isCall(argument, all, items) {
      let inner = FormulaFactor(
        sign: .times, operand: .call(head: argument, items: items, brackets: all), math: argument)
      return (.applied(call, [inner]), 2)
    }
    guard ["cos", "sin", "tan"].contains(call.name) else {
      if place + 1 < end, factors[place + 1].sign == .implicit,
        isSymbol(factors[place + 1].value)
      {
        words.note("does \(call.name) take in what follows its argument as well?", math.span)
      }
      return (.plain(math), 1)
    }
    var last = place
    while last + 1 < end, factors[last + 1].sign != .times, isTaken(factors[last + 1].value) {
      last += 1
    }
    guard last > place else { return (.plain(math), 1) }
    words.note("\(call.name) is taken of all that follows it", math.span)
    var inner = Array(factors[place...last])
    inner[0] = MathFactor(sign: .implicit, value: argument)
    return (.applied(call, FormulaFactor.read(inner, words)), last - place + 1)
  }

  /// Whether a trigonometric function goes on over a factor: not over another function, brackets, e^x.
  private func isTaken(_ math: Math) -> Bool {
    switch math.kind {
    case .function, .big, .fenced: return false
    case .scripted(let base, _):
      if case .symbol(let symbol) = base.kind, symbol.name == "e" { return false }
      return isTaken(base)
    default: return true
    }
  }

  private func isSymbol(_ math: Math) -> Bool { symbol(math) != nil }

  /// A letter with its scripts: its name, and whether it has a power.
  private func symbol(_ math: Math) -> (name: String, hasPower: Bool)? {
    switch math.kind {
    case .symbol(let symbol): return (symbol.name, false)
    case .accented(_, let inner): return symbol(inner)
    case .scripted(let base, let scripts):
      guard let (name, _) = symbol(base) else { return nil }
      if case .number? = scripts.upper?.kind { return (name, true) }
      return (name, false)
    default: return nil
    }
  }
}
