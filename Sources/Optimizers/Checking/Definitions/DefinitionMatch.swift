// A formula held against one definition: which symbol is which input, and whether the numbers agree.

import Diagnostics
import Notation

/// Which input of a definition each symbol of a formula is.
struct InputAssignment {
  /// Symbol to input.
  var inputs: [String: KnownInput]
  /// Symbols that are numbers of samples or classes.
  var counts: [String: String]
  /// Elementwise inputs are vectors.
  var isVector: Bool
  /// How many symbols bear a usual name.
  var score: Int
  /// A symbol that can only be another input by its name.
  var conflict: (symbol: String, input: KnownInput)?

  /// Every symbol bears a name that texts give to its input.
  var isUsual: Bool {
    inputs.allSatisfy { key, input in
      var bare = DefinitionCandidate.plain(key)
      if bare.hasSuffix("^i") { bare.removeLast(2) }
      // A number in a symbol's place is what it is.
      return input.usual.contains(bare) || bare.first?.isNumber == true
    }
  }
}

/// A formula to be checked: one right side with what it needs.
struct DefinitionCandidate {
  var notation: FormulaNotation
  var definition: FormulaDefinition
  var shape: FormulaShape

  init(_ notation: FormulaNotation, _ definition: FormulaDefinition) {
    self.notation = notation
    self.definition = definition
    shape = FormulaShape(notation, of: definition)
  }

  /// The same with one right side put right, its own or that of another definition of the text.
  func with(_ mistake: FormulaMistake) -> DefinitionCandidate {
    var changed = definition
    if mistake.key == definition.key { changed.value = mistake.corrected }
    return DefinitionCandidate(notation.replacing(mistake.key, with: mistake.corrected), changed)
  }

  /// The same with another right side.
  func with(_ value: Math) -> DefinitionCandidate {
    var changed = definition
    changed.value = value
    return DefinitionCandidate(notation.replacing(definition.key, with: value), changed)
  }

  /// The formula with symbols in the place of its decimal and larger numbers; nil without any.
  func generalised() -> DefinitionCandidate? {
    var keys: Set<String> = []
    func changed(_ math: Math) -> Math {
      if case .number(let text) = math.kind, let number = Double(text),
        number != 0.5 || keys.isEmpty,
        text.contains(".") || number > 3, keys.count < 3
      {
        keys.insert(text)
        return Math(.symbol(MathSymbol(text, isWord: true)), math.span)
      }
      var result = math
      // Each of many parts would copy all of them; a printed list is no schedule.
      guard math.children.count <= 200 else { return math }
      for (place, child) in math.children.enumerated() {
        result = result.replacing(place, with: changed(child))
      }
      return result
    }
    var general = definition
    general.value = changed(definition.value)
    guard !keys.isEmpty else { return nil }
    return DefinitionCandidate(notation, general)
  }

  /// The formula with symbols in the place of its first power in numbers or of a root: (1 - t/T)² as
  /// (1 - t/T)ᵖ. Nil without any.
  func withAnyPower() -> DefinitionCandidate? {
    var power: String?
    func changed(_ math: Math) -> Math {
      guard power == nil else { return math }
      switch math.kind {
      case .scripted(let base, var scripts):
        guard case .fenced(.parenthesis, _) = base.kind, let upper = scripts.upper,
          let text = DefinitionCandidate.ratio(upper)
        else { break }
        power = text
        scripts.upper = Math(.symbol(MathSymbol(text, isWord: true)), upper.span)
        return Math(.scripted(base, scripts), math.span)
      case .root(let base, degree: nil):
        power = "0.5"
        var scripts = MathScripts()
        scripts.upper = Math(.symbol(MathSymbol("0.5", isWord: true)), math.span)
        return Math(.scripted(Math(.fenced(.parenthesis, [base]), base.span), scripts), math.span)
      default: break
      }
      var result = math
      for (place, child) in math.children.enumerated() where power == nil {
        result = result.replacing(place, with: changed(child))
      }
      return result
    }
    var general = definition
    general.value = changed(definition.value)
    guard power != nil else { return nil }
    return DefinitionCandidate(notation, general)
  }

  /// A number or a fraction of two, as it is printed in a line.
  private static func ratio(_ math: Math) -> String? {
    switch math.kind {
    case .number(let text): return text
    case .fraction(let above, let below):
      guard case .number(let a) = above.kind, case .number(let b) = below.kind else { return nil }
      return a + "/" + b
    default: return nil
    }
  }

  /// Whether a root is printed anywhere in it, or as a term in what it uses: √σ² + ε, not σ = √….
  var printsRoot: Bool {
    func isRoot(_ math: Math) -> Bool { if case .root = math.kind { true } else { false } }
    func holds(_ math: Math) -> Bool { isRoot(math) || math.children.contains(where: holds) }
    func adds(_ math: Math) -> Bool {
      if case .sum(let terms) = math.kind, terms.count > 1,
        terms.contains(where: { isRoot($0.value) })
      {
        return true
      }
      return math.children.contains(where: adds)
    }
    return holds(definition.value) || others.contains { adds($0.value) }
  }

  /// By itself, without what the text says of the symbols it uses.
  var alone: DefinitionCandidate {
    DefinitionCandidate(notation.only(definition.key), definition)
  }

  /// The symbols that are no numbers of samples or classes.
  var inputKeys: Set<String> {
    Set(shape.symbols.map(\.key)).subtracting(DefinitionCandidate.sizes)
  }

  private static let sizes: Set<String> = ["n", "m", "N", "M", "B", "K", "C"]

  /// The formula with natural logarithms in the place of those of another base; nil without any.
  func withNaturalLogarithms() -> (DefinitionCandidate, base: Double)? {
    var base: Double?
    func changed(_ math: Math) -> Math {
      var result = math
      if case .function(var call) = math.kind, call.name == "log",
        case .number(let text)? = call.scripts?.lower.first?.kind, let number = Double(text),
        number > 1, base == nil || base == number
      {
        base = number
        call.scripts?.lower = []
        result = Math(.function(call), math.span)
      }
      for (place, child) in result.children.enumerated() {
        result = result.replacing(place, with: changed(child))
      }
      return result
    }
    var natural = definition
    natural.value = changed(definition.value)
    guard let base else { return nil }
    return (
      DefinitionCandidate(notation.replacing(definition.key, with: natural.value), natural), base
    )
  }

  /// The other definitions of the text that it uses.
  var others: [FormulaDefinition] {
    var seen: Set<String> = [definition.key]
    var result: [FormulaDefinition] = []
    func visit(_ math: Math, _ depth: Int) {
      if depth < FormulaShape.deepest, let key = notation.reference(math)?.key,
        let inner = notation.definition(of: key), seen.insert(key).inserted
      {
        result.append(inner)
        visit(inner.value, depth + 1)
      }
      for child in math.children { visit(child, depth) }
    }
    visit(definition.value, 0)
    return result
  }

  private static let countNames: Set<String> = [
    "n", "m", "N", "M", "B", "K", "C", "D", "d", "T", "t", "k", "S", "L",
  ]

  // MARK: Which symbol is which input

  /// All ways to give the symbols their parts, those with usual names first.
  func assignments(to known: KnownDefinition) -> [InputAssignment] {
    let symbols = shape.symbols
    let extra = symbols.count - known.inputs.count
    guard extra >= 0, extra <= 2, known.inputs.count <= 7 else { return [] }
    let anyWhole = symbols.contains(where: \.isWhole)
    var result: [InputAssignment] = []
    var used = [Bool](repeating: false, count: symbols.count)
    var chosen: [String: KnownInput] = [:]
    var groups: [Int: String] = [:]
    var vectors: Bool?

    func fits(_ symbol: FreeSymbol, _ input: KnownInput) -> [(Int, String)]? {
      switch input.shape {
      case .scalar:
        return symbol.axes.isEmpty && !symbol.isWhole && symbol.classAxis == nil ? [] : nil
      case .elementwise:
        if symbol.axes.isEmpty, !symbol.isWhole { return vectors == true ? nil : [] }
        guard symbol.axes.count == 1, vectors != false else { return nil }
        return [(symbol.axes[0], "n")]
      case .vector(let length):
        if symbol.axes.count == 1 { return [(symbol.axes[0], length)] }
        return symbol.axes.isEmpty && (symbol.isWhole || anyWhole) ? [] : nil
      case .matrix(let a, let b):
        if symbol.axes.count == 2 { return [(symbol.axes[0], a), (symbol.axes[1], b)] }
        return symbol.axes.isEmpty && (symbol.isWhole || anyWhole) ? [] : nil
      case .oneOf(let length):
        guard symbol.axes.isEmpty, let axis = symbol.classAxis else { return nil }
        return [(axis, length)]
      case .eachOneOf(let samples, let length):
        guard symbol.axes.count == 1, let axis = symbol.classAxis else { return nil }
        return [(symbol.axes[0], samples), (axis, length)]
      }
    }

    func place(_ number: Int) {
      guard result.count < 800 else { return }
      guard number < known.inputs.count else {
        finish()
        return
      }
      let input = known.inputs[number]
      for (index, symbol) in symbols.enumerated() where !used[index] {
        guard let pairs = fits(symbol, input) else { continue }
        let before = (groups, vectors)
        guard
          pairs.allSatisfy({ group, name in
            if let known = groups[group] { return known == name }
            // Two groups may have one length only if nothing says otherwise.
            groups[group] = name
            return true
          })
        else {
          (groups, vectors) = before
          continue
        }
        if input.shape == .elementwise, vectors == nil { vectors = !symbol.axes.isEmpty }
        used[index] = true
        chosen[symbol.key] = input
        place(number + 1)
        chosen[symbol.key] = nil
        used[index] = false
        (groups, vectors) = before
      }
    }

    func finish() {
      var counts: [String: String] = [:]
      for (key, group) in shape.lengths { counts[key] = groups[group] ?? "n" }
      var options: [[String: String]] = [counts]
      for (index, symbol) in symbols.enumerated() where !used[index] {
        guard symbol.axes.isEmpty, DefinitionCandidate.countNames.contains(symbol.key),
          known.inputs.contains(where: { $0.shape != .scalar })
        else { return }
        let names = Set(groups.values).isEmpty ? ["n", "k"] : Set(groups.values).sorted()
        options = options.flatMap { option in
          names.map { name in option.merging([symbol.key: name]) { _, new in new } }
        }
      }
      var score = 0
      var conflict: (String, KnownInput)?
      for (key, input) in chosen.sorted(by: { $0.key < $1.key }) {
        let bare = DefinitionCandidate.plain(key)
        if input.usual.contains(bare) { score += input.certain.contains(bare) ? 3 : 2 }
        if let other = known.inputs.first(where: {
          $0.name != input.name && $0.certain.contains(bare) && !input.certain.contains(bare)
        }) {
          score -= 3
          if conflict == nil { conflict = (key, other) }
        }
      }
      var assignment = InputAssignment(
        inputs: chosen, counts: [:], isVector: vectors ?? false, score: score, conflict: conflict)
      if known.needsNames, !assignment.isUsual { return }
      for counts in options {
        assignment.counts = counts
        result.append(assignment)
      }
    }

    place(0)
    return result.enumerated().sorted {
      ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
    }.map(\.element)
  }

  /// A key without its type face.
  static func plain(_ key: String) -> String {
    var result = key
    for face in [":cal", ":bb", ":frak"] {
      if let range = result.range(of: face) { result.removeSubrange(range) }
    }
    return result
  }

  // MARK: Numbers

  /// How a formula is read where it can be read in two ways.
  struct Reading: Equatable {
    var vectorProduct = FormulaEvaluator.VectorProduct.elementwise
    var distributesSign = false
  }

  func value(_ sample: DefinitionSample, _ assignment: InputAssignment, _ reading: Reading)
    throws(FormulaFailure) -> (value: FormulaValue, notes: [ReadingNote])
  {
    var values: [String: FormulaValue] = [:]
    for (key, input) in assignment.inputs { values[key] = sample.given[input.name] }
    for (key, length) in assignment.counts {
      values[key] = FormulaValue(Double(sample.lengths[length] ?? 0))
    }
    let evaluator = DefinitionEvaluator(notation, values: values)
    evaluator.vectorProduct = reading.vectorProduct
    evaluator.distributesSign = reading.distributesSign
    var definition = definition
    let free = evaluator.freeLetters(definition.value)
    definition.indices += free.filter { !definition.indices.contains($0) }
    var value = try evaluator.array(definition.value, over: definition.indices[...])
    if definition.isSquare, definition.indices.isEmpty { value.isRow = false }
    return (value, evaluator.notes)
  }

  /// Whether the numbers agree on all ordinary inputs; the largest difference relative to the values.
  func agreement(
    with reference: DefinitionReference, _ assignment: InputAssignment, _ reading: Reading,
    on count: Int = DefinitionSamples.count
  ) -> Double? {
    var worst = 0.0
    for number in 0..<count {
      let (sample, expected) = reference.sample(number, isVector: assignment.isVector)
      guard let expected, let found = try? value(sample, assignment, reading).value,
        let gap = DefinitionCandidate.gap(found, expected), gap < 1e-9
      else { return nil }
      worst = max(worst, gap)
    }
    return worst
  }

  /// The largest difference relative to the largest value; nil when the shapes differ or a number is
  /// missing on one side only.
  static func gap(_ found: FormulaValue, _ expected: FormulaValue) -> Double? {
    guard found.elements.count == expected.elements.count, !found.elements.isEmpty else {
      return nil
    }
    var worst = 0.0
    for (a, b) in zip(found.elements, expected.elements) {
      if a.isFinite, b.isFinite {
        let size = max(abs(a), abs(b))
        worst = max(worst, size == 0 ? 0 : abs(a - b) / max(size, 1e-3))
      } else if !(a.isNaN && b.isNaN || a == b) {
        return nil
      }
    }
    return worst
  }
}

extension String {
  /// Where a piece of text stands first.
  func range(of piece: String) -> Range<String.Index>? {
    var place = startIndex
    while place < endIndex {
      if self[place...].hasPrefix(piece) {
        return place..<(index(place, offsetBy: piece.count, limitedBy: endIndex) ?? endIndex)
      }
      place = index(after: place)
    }
    return nil
  }
}
