// The equations of a text by what they say: assignments, starts, constants, functions, the counter.
//
// Nothing is translated yet. What is neither is kept as a statement, which decides what the text is
// when it is no rule.

import Diagnostics
import Notation

struct EquationTable {
  var assignments: [Assignment] = []
  /// θ_0 = …, with the number of the step.
  var starts: [(key: SymbolKey, step: Int?, value: Math, span: Span)] = []
  /// β = 0.9
  var constants: [(key: SymbolKey, value: Math, span: Span)] = []
  var functions: [SymbolKey: FunctionDefinition] = [:]
  var claims: [Claim] = []
  /// t = 1, 2, …
  var firstStep: (value: Int, span: Span)?
  /// ξ ~ N(0, 1)
  var distributed: Set<SymbolKey> = []
  var startsAssigned = false
  /// That stands by itself in a sentence of its own, beside other formulas: “zero at t = 0”.
  var firstStepIsAlone = false
  /// Symbols whose square has a name of its own: σ² on a left side.
  var squared: Set<SymbolKey> = []
  var notes: [ReadingNote] = []
  /// Formulas of one symbol each: what the words around them speak of.
  var mentioned: [Math] = []

  init(_ items: [MathItem], reader: SymbolReader) throws(Diagnostic) {
    var order = 0
    for (place, item) in items.enumerated() {
      guard case .formula(let sides, let relations) = item.kind else { continue }
      if relations.isEmpty {
        mentioned.append(sides[0])
        try lone(
          sides[0], sharesFormula: place > 0 && hasEquation(items[place - 1], item.formula),
          reader: reader)
        continue
      }
      order += 1
      try read(item, sides, relations, order: order, reader: reader)
      if firstStep?.span.start == item.span.start,
        items.filter({ $0.formula == item.formula }).count == 1,
        items.contains(where: { $0.formula != item.formula })
      {
        firstStepIsAlone = true
      }
    }
  }

  /// Whether an item before, in the same formula, is an equation.
  private func hasEquation(_ item: MathItem, _ formula: Int) -> Bool {
    if case .formula(_, let relations) = item.kind {
      return !relations.isEmpty && item.formula == formula
    }
    return false
  }

  /// An expression that stands for itself.
  private mutating func lone(_ math: Math, sharesFormula: Bool, reader: SymbolReader)
    throws(Diagnostic)
  {
    switch math.kind {
    case .number, .symbol, .scripted, .accented, .ellipsis: return
    case .fenced where !sharesFormula, .gradient where !sharesFormula: return
    case .function(let call) where ["min", "max", "argmin", "argmax"].contains(call.name):
      claims.append(Claim(kind: .argmin, text: math.span.text, span: math.span))
    case .product(let factors) where factors.count == 2: return
    default:
      notes.append(
        ReadingNote(.left, "this stands for itself and is no equation", math.span))
    }
  }

  private mutating func read(
    _ item: MathItem, _ sides: [Math], _ relations: [TeXRelation], order: Int, reader: SymbolReader
  ) throws(Diagnostic) {
    let left = sides[0]
    if relations[0] == .becomes, left.isSymbolLike {
      // w → w′ = w - …, and w → w - …
      let isNamed = relations.count == 2 && relations[1].isDefining
      if isNamed || relations.count == 1 {
        try define(
          isNamed ? sides[1] : left, sides[sides.count - 1], item, .assign, order: order,
          reader: reader)
        return
      }
    }
    guard relations[0].isDefining else {
      // t ≥ 1
      if let use = reader.use(left), use.key.base == reader.index.letter, use.key.labels.isEmpty,
        case .greaterOrEqual = relations[0], let first = wholeNumber(sides[1])
      {
        firstStep = (first, item.span)
        return
      }
      if relations[0] == .distributed, let use = reader.use(left) { distributed.insert(use.key) }
      claims.append(Claim(kind: .relation, text: item.span.text, span: item.span))
      return
    }
    var value = sides[1]
    if sides.count > 2 {
      // m_0 = v_0 = 0, also when nothing else speaks of v.
      if relations.allSatisfy({ $0.isDefining }),
        sides.dropLast().allSatisfy({ isStart($0, reader) })
          || reader.isPlainNumber(sides[sides.count - 1]) && isStart(sides[0], reader)
            && sides.dropLast().allSatisfy({ reader.use($0) != nil })
      {
        for side in sides.dropLast() {
          try define(side, sides[sides.count - 1], item, relations[0], order: order, reader: reader)
        }
        return
      }
      let rest = sides[2].span.joined(with: sides[sides.count - 1].span)
      if relations[1] == .equals || relations[1] == .other {
        notes.append(
          ReadingNote(.left, "the first form is read; what it is said to equal is not", rest))
      } else {
        claims.append(Claim(kind: .relation, text: item.span.text, span: item.span))
        return
      }
      value = sides[1]
    }
    try define(left, value, item, relations[0], order: order, reader: reader)
  }
}
