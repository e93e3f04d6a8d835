// What a document has said so far, in order: values, definitions, functions.
//
//   var context = ClaimContext()
//   for formula in formulas {
//     let finding = NumberCheck.finding(formula.items, in: context)
//     context.add(formula.items, section: formula.section)
//   }
//
// A later value takes the place of an earlier one. Nothing is checked here.

import Diagnostics
import Notation

package struct ClaimContext: Sendable {
  /// A value as it is printed, with what it was rounded from when that is known.
  struct Known: Sendable {
    var printed: FormulaValue
    var precise: FormulaValue
    var section: Int
    /// How it is printed, to find it again among the numbers put into a formula.
    var numbers: [PrintedNumber]
    /// How often the symbol has been given a value.
    var times = 1
  }

  private(set) var known: [String: Known] = [:]
  /// The same by precision, kept as it grows: a scope is asked for at every symbol.
  private var printedValues: [String: FormulaValue] = [:]
  private var preciseValues: [String: FormulaValue] = [:]
  /// Symbols that were printed with a number at some time, by its size.
  private var keysByNumber: [Double: Set<String>] = [:]
  private(set) var definitions: [String: ClaimScope.Definition] = [:]
  private(set) var functions: [String: ClaimScope.Function] = [:]
  /// In which sections a symbol was defined.
  private(set) var definedIn: [String: [Int]] = [:]
  /// Letters that stand alone somewhere.
  private(set) var single: Set<String> = []
  private(set) var indexLetters: Set<String> = ["i", "j", "k"]
  /// Letters that are subscripts or are bound by a sum somewhere.
  private var placed: Set<String> = []
  /// What defines a symbol at last, as it is printed: said once more, it is no other definition.
  private var printedDefinitions: [String: String] = [:]
  private(set) var section = 0
  /// The sections that it lies in.
  var around: [Int] = []
  /// How the document prints numbers, all of it.
  var habits = PrintedHabits()
  /// The layers of networks that are printed.
  private(set) var layers = LayerNames()
  /// They have been taken in from the whole document.
  private var knowsAllLayers = false

  package init() {}

  /// Takes in the formulas of a text, in the order written.
  package mutating func add(_ items: [MathItem], section: Int? = nil) {
    if let section { self.section = section }
    for item in ClaimChain.items(items) { add(item) }
  }

  /// Takes in a text of formulas; what cannot be read says nothing.
  package mutating func add(_ span: Span, section: Int? = nil) {
    guard let text = try? TeXText(span) else { return }
    add(text.items, section: section)
  }

  /// Takes in the layers of a whole document: what they are is often printed behind the gradients.
  mutating func learnLayers(_ formulas: [(items: [MathItem], section: Int)]) {
    knowsAllLayers = true
    for formula in formulas {
      for chain in formula.items.compactMap(ClaimChain.init) {
        learnLayers(chain, section: formula.section)
      }
    }
  }

  private mutating func learnLayers(_ chain: ClaimChain, section: Int) {
    layers.learn(chain, section: section)
  }

  mutating func add(_ item: MathItem) {
    guard case .formula(let sides, _) = item.kind else { return }
    for side in sides { note(side) }
    guard let chain = ClaimChain(item) else { return }
    learn(chain)
  }

  // MARK: Learning

  private mutating func note(_ math: Math) {
    if case .symbol(let symbol) = math.kind, !symbol.isRun { single.insert(symbol.name) }
    if let variable = Differential.variable(math) { note(variable) }
    if case .big(_, let scripts, _) = math.kind, let lower = scripts.lower.first {
      var letter = lower
      if case .relation(let sides, _) = lower.kind { letter = sides[0] }
      if let index = indexLike(letter) {
        indexLetters.insert(index.letter)
        placed.insert(index.letter)
      }
    }
    if case .scripted(_, let scripts) = math.kind {
      var places = scripts.lower
      if let upper = scripts.upper, case .fenced(_, let items) = upper.kind { places += items }
      for place in places.flatMap(ClaimSymbol.parts) {
        if let index = indexLike(place) { placed.insert(index.letter) }
      }
    }
    for child in math.children { note(child) }
  }

  private mutating func learn(_ chain: ClaimChain) {
    // m_0 = v_0 = 0, and a chain that ends in a number.
    let left = chain.sides[0].math
    let rest = chain.sides.dropFirst().map(\.math)
    guard let last = rest.last else { return }
    if !knowsAllLayers { learnLayers(chain, section: section) }
    if let asPrinted = PrintedVector(last) {
      let vector = asPrinted.read(habits)
      var names = [left]
      for side in rest.dropLast() where ClaimSymbol(side) != nil { names.append(side) }
      let precise = rest.dropLast().compactMap { value($0) }.first
      for name in names {
        // x² = 9 does not say that x is 9.
        guard let symbol = ClaimSymbol(name), symbol.power == nil else { continue }
        // What follows may go on from the number as printed, or from what it ought to be.
        let hasSize = precise?.hasShape(of: vector.value) ?? false
        let key = key(symbol)
        let other = ClaimContext.constant(key, vector) ?? vector.otherReading(than: asPrinted)
        set(
          key, vector.value, precise: hasSize ? precise ?? vector.value : other, vector.numbers)
      }
      // What it is calculated from may say what it is, too.
      if rest.count == 1 { return }
    } else if let value = value(last), let symbol = ClaimSymbol(left), symbol.power == nil {
      set(key(symbol), value, precise: value, [])
    }
    define(left, rest[0])
    // ŷ = a = σ(z) says what a is, too.
    for (place, side) in rest.enumerated().dropLast() {
      guard ClaimSymbol(side) != nil, PrintedVector(side) == nil else { break }
      define(side, rest[place + 1])
    }
  }

  /// What π was rounded from where it is printed.
  private static func constant(_ key: String, _ printed: PrintedVector) -> FormulaValue? {
    guard key == "pi", let value = printed.value.scalar, abs(value - .pi) < 0.1 * .pi else {
      return nil
    }
    return FormulaValue(Double.pi)
  }

  private mutating func set(
    _ key: String, _ printed: FormulaValue, precise: FormulaValue, _ numbers: [PrintedNumber]
  ) {
    known[key] = Known(
      printed: printed, precise: precise, section: section, numbers: numbers,
      times: (known[key]?.times ?? 0) + 1)
    printedValues[key] = printed
    preciseValues[key] = precise
    for number in numbers { keysByNumber[abs(number.value), default: []].insert(key) }
  }

  private func key(_ symbol: ClaimSymbol) -> String {
    if let evaluated = ClaimEvaluator(scope(.printed)).key(of: symbol) { return evaluated }
    return symbol.key
  }

  /// z = …, z_i = …, f(x) = …
  private mutating func define(_ left: Math, _ value: Math) {
    guard !isNumber(value), DerivativeSign(left) == nil else { return }
    if case .scripted(let base, var scripts) = left.kind, let upper = scripts.upper,
      wholeNumber(upper) == 2, scripts.primes == 0
    {
      // σ² = … says what σ is.
      scripts.upper = nil
      let stem = scripts.isEmpty ? base : Math(.scripted(base, scripts), left.span)
      define(stem, Math(.root(value, degree: nil), value.span))
      return
    }
    if case .product(let factors) = left.kind, factors.count == 2, factors[1].sign == .implicit,
      case .fenced(let fence, let items) = factors[1].value.kind,
      fence == .parenthesis || fence == .bracket,
      let head = ClaimSymbol(factors[0].value), head.power == nil, head.primes == 0
    {
      let arguments = items.compactMap { ClaimSymbol($0)?.key }
      if arguments.count == items.count {
        functions[head.key] = ClaimScope.Function(arguments: arguments, value: value)
      }
      if !mentions(value, head.key) {
        defined(head.key, as: value)
        definitions[head.key] = ClaimScope.Definition(binders: [], value: value)
      }
      return
    }
    guard let symbol = ClaimSymbol(left), symbol.power == nil, !symbol.isTransposed,
      symbol.primes == 0, DerivativeSign(left) == nil
    else { return }
    var plain = symbol
    var binders: [String] = []
    plain.upperPlaces = []
    for item in symbol.upperPlaces {
      if let index = indexLike(item), index.offset == 0, indexLetters.contains(index.letter) {
        binders.append(index.letter)
      } else {
        plain.upperPlaces.append(item)
      }
    }
    var labels: [String] = []
    for item in symbol.lower {
      if let index = indexLike(item), index.offset == 0, indexLetters.contains(index.letter) {
        binders.append(index.letter)
      } else {
        labels.append(labelText(item))
      }
    }
    let key = plain.key(labels)
    guard !mentions(value, key) else { return }
    defined(key, as: value)
    definitions[key] = ClaimScope.Definition(binders: binders, value: value)
  }

  private mutating func defined(_ key: String, as value: Math) {
    let printed = value.span.text.filter { !$0.isWhitespace }
    if printedDefinitions[key] == printed, let last = definedIn[key]?.indices.last {
      definedIn[key]?[last] = section
    } else {
      definedIn[key, default: []].append(section)
    }
    printedDefinitions[key] = printed
  }

  private func isNumber(_ math: Math) -> Bool { PrintedVector(math) != nil }

  /// Whether a formula speaks of what it defines: an update, no definition.
  private func mentions(_ math: Math, _ key: String) -> Bool {
    if let symbol = ClaimSymbol(math) {
      var plain = symbol
      plain.upperPlaces = []
      // C = C_0 + …: the loss without its penalty is another symbol.
      if symbol.lower.count == 1, wholeNumber(symbol.lower[0]) == 0, symbol.key != key {
        return false
      }
      if symbol.key == key || plain.key([]) == key { return true }
    }
    return math.children.contains { mentions($0, key) }
  }

  // MARK: Asking

  enum Precision { case printed, precise }

  func scope(_ precision: Precision) -> ClaimScope {
    var scope = ClaimScope()
    scope.values = precision == .printed ? printedValues : preciseValues
    scope.definitions = definitions
    scope.functions = functions
    scope.single = single
    // k is a number where it is nobody's subscript.
    scope.indexLetters = indexLetters.filter { placed.contains($0) || !single.contains($0) }
    return scope
  }

  /// The same with what this section has said, and nothing else.
  var ofItsSection: ClaimContext {
    var own = self
    own.definitions = definitions.filter { definedIn[$0.key]?.last == section }
    own.functions = functions.filter { definedIn[$0.key]?.last == section }
    return own
  }

  /// The same with what stands behind; what was said before goes first.
  func told(behind items: [MathItem], section: Int) -> ClaimContext {
    var told = self
    told.add(items, section: section)
    told.definitions.merge(definitions) { $1 }
    told.functions.merge(functions) { $1 }
    return told
  }

  /// The same with what this section and those that it lies in have said.
  var nearby: ClaimContext {
    func isNear(_ key: String) -> Bool {
      definedIn[key]?.last.map { $0 == section || around.contains($0) } ?? false
    }
    var own = self
    own.definitions = definitions.filter { isNear($0.key) }
    own.functions = functions.filter { isNear($0.key) }
    return own
  }

  /// Whether this section says what a symbol is, once, whatever others said before.
  func isOfItsSection(_ key: String) -> Bool {
    guard let sections = definedIn[key], sections.last == section else { return false }
    return sections.filter { $0 == section }.count == 1
  }

  func hasAll(of other: ClaimContext) -> Bool {
    definitions.count == other.definitions.count && functions.count == other.functions.count
  }

  /// The symbols of a chain that were defined, and those that they are defined with.
  func definitionsUsed(by chain: ClaimChain) -> [String] {
    var usage = ClaimUsage(scope(.printed))
    for side in chain.sides { usage.add(side.math) }
    return usage.met.filter { definitions[$0] != nil || functions[$0] != nil }.sorted()
  }

  /// Symbols that have been printed with a number of this size, in order; some may have another value
  /// by now.
  func keys(printedAs number: Double) -> [String] { keysByNumber[number, default: []].sorted() }

  /// What an expression is worth with full precision; nil when it has no value.
  func value(_ math: Math) -> FormulaValue? {
    let evaluator = ClaimEvaluator(scope(.precise))
    guard let value = try? evaluator.value(math), value.isFinite else { return nil }
    return value.simplified
  }
}

extension ClaimEvaluator {
  /// The key a symbol is kept under: with what is known put into its subscripts.
  func key(of symbol: ClaimSymbol) -> String? {
    guard let (labels, places) = try? split(symbol.lower), places.isEmpty else { return nil }
    return symbol.key(labels)
  }
}
