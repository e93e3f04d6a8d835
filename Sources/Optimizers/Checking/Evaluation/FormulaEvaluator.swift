// Numbers straight from a printed formula: sums over indices, vectors, norms, cases.
//
//   let notation = FormulaNotation(text.items)
//   let evaluator = FormulaEvaluator(notation, values: ["z": FormulaValue([1, 2, 3])])
//   try evaluator.value(of: "softmax")        // what the text defines
//   try evaluator.value(side, at: ["i": 1])   // any expression, with index letters bound
//
// Names are keys as `FormulaReference` makes them: `y_hat`, `theta_min`, `z^(l)`. Indices count from 1
// unless the text lets them begin at 0. What is not understood is an error at its place, never a
// guess; a reading that could be another one is a note.

import Diagnostics
import Notation

package final class FormulaEvaluator {
  package let notation: FormulaNotation
  /// Symbols that have a value; they come before definitions of the text.
  package var values: [String: FormulaValue]
  /// Readings that could be others.
  package private(set) var notes: [ReadingNote] = []
  /// How `a · b` or `a b` of two vectors is meant; an error while nil.
  package var vectorProduct: VectorProduct?

  /// -Σ aᵢ + bᵢ without brackets: the sign in front belongs to aᵢ alone, and bᵢ keeps its own.
  package var distributesSign = false

  package enum VectorProduct: Sendable { case elementwise, inner }

  /// What index letters stand for at the moment, as they are printed.
  var letters: [String: Int] = [:]
  /// How many values index letters take, where nothing else says it.
  package var lengths: [String: Int] = [:]
  private var depth = 0
  private var work = 0
  var inProgress: Set<String> = []

  static let maximumDepth = 200
  static let maximumWork = 2_000_000

  package init(_ notation: FormulaNotation, values: [String: FormulaValue] = [:]) {
    self.notation = notation
    self.values = values
  }

  /// The value of an expression.
  /// - Parameter letters: what index letters stand for, as printed: i = 1 is the first.
  package func value(_ math: Math, at letters: [String: Int]) throws(Diagnostic) -> FormulaValue {
    let before = self.letters
    self.letters.merge(letters) { _, new in new }
    defer { self.letters = before }
    return try value(math)
  }

  /// What the text defines under a key: a vector or matrix when the left side has free indices.
  package func value(of key: String, at span: Span? = nil) throws(Diagnostic) -> FormulaValue {
    if let value = values[key] { return value }
    guard let definition = notation.definition(of: key) else {
      throw .reading("formula.unknown", "nothing says what \(key) is", span)
    }
    return try value(of: definition)
  }

  package func value(of definition: FormulaDefinition) throws(Diagnostic) -> FormulaValue {
    guard inProgress.insert(definition.key).inserted else {
      throw .reading(
        "formula.circular", "\(definition.key) is defined by itself", definition.left.span)
    }
    defer { inProgress.remove(definition.key) }
    let before = letters
    defer { letters = before }
    for letter in definition.indices { letters[letter] = nil }
    var result = try array(definition.value, over: definition.indices[...])
    if definition.isSquare { result = result.map { $0.squareRoot() } }
    return result
  }

  /// A formula for all values of its free indices.
  package func array(_ math: Math, over free: ArraySlice<String>) throws(Diagnostic)
    -> FormulaValue
  {
    guard let letter = free.first else { return try value(math) }
    guard let count = extent(of: letter, in: math) else {
      throw .reading(
        "formula.length", "how far \(letter) runs is not known here", math.span)
    }
    let first = notation.fromZero.contains(letter) ? 0 : 1
    var parts: [FormulaValue] = []
    for place in 0..<count {
      letters[letter] = first + place
      parts.append(try array(math, over: free.dropFirst()))
    }
    letters[letter] = nil
    guard let dimensions = parts.first?.dimensions,
      parts.allSatisfy({ $0.dimensions == dimensions })
    else { return FormulaValue([Double]()) }
    return FormulaValue(parts.flatMap(\.elements), dimensions: [count] + dimensions)
  }

  func note(_ text: String, _ span: Span) {
    guard !notes.contains(where: { $0.text == text && $0.span.start == span.start }) else { return }
    notes.append(ReadingNote(.ambiguity, text, span))
  }

  // MARK: Expressions

  func value(_ math: Math) throws(Diagnostic) -> FormulaValue {
    depth += 1
    work += 1
    defer { depth -= 1 }
    guard depth <= FormulaEvaluator.maximumDepth else {
      throw .reading("formula.deep", "definitions use one another too deeply", math.span)
    }
    guard work <= FormulaEvaluator.maximumWork else {
      throw .reading("formula.long", "this takes too many steps to work out", math.span)
    }
    switch math.kind {
    case .number(let text):
      guard let number = Double(text) else {
        throw .reading("formula.number", "this is no number", math.span)
      }
      return FormulaValue(number)
    case .symbol, .accented: return try symbol(math)
    case .scripted(let base, let scripts): return try scripted(base, scripts, math)
    case .sum(let terms): return try sum(terms, math.span)
    case .product(let factors): return try product(factors, math.span)
    case .fraction(let above, let below):
      return try pair(try value(above), try value(below), math.span) { $0 / $1 }
    case .root(let inner, let degree):
      let inner = try value(inner)
      guard let degree else { return inner.map { $0.squareRoot() } }
      return try pair(inner, try value(degree), math.span, FormulaFunctions.root)
    case .fenced(let fence, let items): return try fenced(fence, items, math.span)
    case .function(let call): return try function(call, math.span)
    case .big(let name, let scripts, let body): return try big(name, scripts, [body], math.span)
    case .cases(let cases): return try self.cases(cases, math.span)
    case .relation: return FormulaValue(try holds(math) ? 1 : 0)
    case .elementwise(let inner): return try value(inner)
    case .gradient:
      throw .reading("formula.gradient", "a gradient is not worked out here", math.span)
    case .evaluated:
      throw .reading("formula.evaluated", "“at” a place is not worked out here", math.span)
    case .mark:
      throw .reading("formula.mark", "a sign alone has no value", math.span)
    case .ellipsis:
      throw .reading("formula.ellipsis", "what the dots stand for is not guessed", math.span)
    }
  }

  /// A single number, such as a limit or an index.
  func number(_ math: Math) throws(Diagnostic) -> Double {
    guard let number = try value(math).scalar else {
      throw .reading("formula.scalar", "a number is needed here", math.span)
    }
    return number
  }

  func integer(_ math: Math) throws(Diagnostic) -> Int {
    let number = try number(math)
    guard number == number.rounded(), abs(number) < 1e9 else {
      throw .reading("formula.integer", "a whole number is needed here, not \(number)", math.span)
    }
    return Int(number)
  }

  func pair(
    _ a: FormulaValue, _ b: FormulaValue, _ span: Span, _ body: (Double, Double) -> Double
  ) throws(Diagnostic) -> FormulaValue {
    guard let result = a.combined(with: b, body) else {
      throw .reading(
        "formula.shapes", "\(a.shapeText) and \(b.shapeText) do not go together here", span)
    }
    return result
  }

  private func sum(_ terms: [MathTerm], _ span: Span) throws(Diagnostic) -> FormulaValue {
    var result: FormulaValue?
    let joined = FormulaTerms.joined(
      terms, isBound: { self.letters[$0] != nil }, distributesSign: distributesSign,
      note: { self.note($0, $1) })
    for term in joined {
      var next = try value(term.value)
      if term.isNegative { next = next.map { -$0 } }
      result = if let sum = result { try pair(sum, next, span) { $0 + $1 } } else { next }
    }
    return result ?? FormulaValue(0)
  }
}
