// The formulas of a document, read: each by itself, or a display together with those of its section
// that say what its symbols are, where they are one rule that was written in several displays.

import Diagnostics
import Notation

package struct ReadFormula: Sendable {
  /// The formulas it was read from; several when a rule is spread over displays.
  package var formulas: [DocumentFormula]
  /// Their numbers in the document.
  package var places: [Int]
  /// What it is; nil with the reason in `error` when it is not understood.
  package var reading: FormulaReading?
  package var error: Diagnostic?
  /// Where it begins; what an earlier rule needs as well is passed by.
  package var line: Int

  init(formulas: [DocumentFormula], places: [Int]) {
    self.formulas = formulas
    self.places = places
    line = formulas.first?.line ?? 1
  }
}

package enum DocumentReader {
  /// Reads every display of a document, and every inline formula with an equation, in order.
  /// - Parameters:
  ///   - given: what some hyperparameters are for, in place of what their places show.
  ///   - isStopped: asked now and then; what was read by then is answered.
  package static func read(
    _ document: FormulaDocument, given: [Name: HyperRole] = [:],
    isStopped: () -> Bool = { false }
  ) -> [ReadFormula] {
    let definitions = TeXDefinitions(document.definitions)
    var result: [ReadFormula] = []
    var earlier = EarlierDefinitions()
    var place = 0
    while place < document.formulas.count, !isStopped() {
      let section = document.formulas[place].section
      var end = place
      while end < document.formulas.count, document.formulas[end].section == section { end += 1 }
      var reader = SectionReader(document, place..<end, definitions, given)
      result += reader.read(earlier, isStopped)
      earlier.add(reader.equations)
      place = end
    }
    return result
  }

  /// Whether an inline formula says something; the others are symbols that a text speaks of.
  package static func isEquation(_ span: Span) -> Bool {
    let text = span.text
    return text.contains("=") || text.contains("\\leftarrow") || text.contains("\\gets")
      || text.contains("←") || text.contains("\\coloneqq") || text.contains("\\mapsto")
  }
}

/// The formulas under one heading.
private struct SectionReader {
  /// A formula with what it says and what it speaks of.
  struct Entry {
    var place: Int
    var formula: DocumentFormula
    var defined: Set<SymbolKey> = []
    var used: Set<SymbolKey> = []
    /// It gives a symbol its new value from its old one.
    var isUpdate: Bool { !isWorked && !updated.isEmpty }
    var updated: Set<SymbolKey> { defined.intersection(used) }
    /// It is worked out to a number: one step of a calculation, no part of a rule.
    var isWorked = false
    /// g ← g + λw: it goes on from what the gradient was before.
    var changesGradient = false
    var alone: ReadFormula
    /// A whole rule by itself, which others lean on at need.
    var isRule: Bool { alone.reading?.kind == .rule }
  }

  private let definitions: TeXDefinitions
  private let given: [Name: HyperRole]
  private var entries: [Entry] = []
  /// The entries that give a symbol its value.
  private var definers: [SymbolKey: [Int]] = [:]
  private var taken: Set<Int> = []
  /// What this section says, equation by equation, for those behind it.
  private(set) var equations: [EarlierDefinitions.Equation] = []

  init(
    _ document: FormulaDocument, _ range: Range<Int>, _ definitions: TeXDefinitions,
    _ given: [Name: HyperRole]
  ) {
    self.definitions = definitions
    self.given = given
    for place in range {
      let formula = document.formulas[place]
      guard formula.isDisplay || DocumentReader.isEquation(formula.span) else { continue }
      entries.append(
        Entry(
          place: place, formula: formula,
          alone: ReadFormula(formulas: [formula], places: [place])))
    }
  }

  mutating func read(_ earlier: EarlierDefinitions, _ isStopped: () -> Bool) -> [ReadFormula] {
    for place in entries.indices {
      if isStopped() {
        entries.removeSubrange(place...)
        break
      }
      entries[place].alone = read([place])
      findSymbols(place)
    }
    var rules: [(place: Int, formula: ReadFormula)] = []
    for place in entries.indices where entries[place].isUpdate && !taken.contains(place) {
      if isStopped() { break }
      let group = closure(of: place)
      guard group.count > 1 else { continue }
      var together = read(group)
      let isRule = together.reading?.kind == .rule
      // What is a rule by itself stays one, unless what its symbols are cannot be read.
      let fails =
        together.reading == nil && entries[place].alone.reading?.kind != .rule
        && group.allSatisfy { entries[$0].alone.error == nil }
        && group.contains { entries[$0].speaksOfGradient }
      guard isRule || fails else { continue }
      if !isRule, let (_, formula) = completed(place, earlier) { together = formula }
      let first = group.first { !taken.contains($0) } ?? place
      together.line = entries[first].formula.line
      rules.append((first, together))
      taken.formUnion(group)
    }
    for place in entries.indices where entries[place].isUpdate && !taken.contains(place) {
      if isStopped() { break }
      guard entries[place].alone.reading?.kind != .rule,
        let (group, formula) = completed(place, earlier)
      else { continue }
      rules.append((group.first { !taken.contains($0) } ?? place, formula))
      taken.formUnion(group)
    }
    var result: [(place: Int, formula: ReadFormula)] = rules
    for place in entries.indices where !taken.contains(place) {
      result.append((place, entries[place].alone))
    }
    return result.sorted { $0.place < $1.place }.map(\.formula)
  }

  /// A rule with what an earlier section says of its symbols, and this one does not.
  private func completed(_ seed: Int, _ earlier: EarlierDefinitions) -> ([Int], ReadFormula)? {
    let group = closure(of: seed)
    var defined: Set<SymbolKey> = []
    var used: Set<SymbolKey> = []
    for place in group {
      defined.formUnion(entries[place].defined)
      used.formUnion(entries[place].used)
    }
    let formulas = group.map { entries[$0].formula }
    guard var text = try? TeXText(formulas: formulas.map(\.span), given: definitions),
      let found = earlier.equations(
        for: used.subtracting(defined), besides: defined, index: IndexEvidence(text.items).letter)
    else { return nil }
    text.take(found.equations.map(\.item))
    let whole = formulas[0].span.joined(with: formulas[formulas.count - 1].span)
    guard
      var reading = try? FormulaReader.read(
        text, whole, name: Name(canonical: "printed"), nameSpan: whole, given: given),
      reading.kind == .rule
    else { return nil }
    let names = found.symbols.map { Name(canonical: $0.plainName).pretty }
    let lines = Set(found.equations.map(\.line)).sorted()
    reading.notes.append(
      ReadingNote(
        .convention,
        "\(names.joined(separator: ", ")) \(names.count == 1 ? "is" : "are") not defined here; "
          + "the definition in line\(lines.count == 1 ? "" : "s") "
          + lines.map { String($0) }.joined(separator: ", ") + " is taken", whole))
    var result = ReadFormula(formulas: formulas, places: group.map { entries[$0].place })
    result.reading = reading
    return (group, result)
  }

  /// The formulas that a formula needs: those that say what its symbols are, and so on.
  private func closure(of seed: Int) -> [Int] {
    var group: Set<Int> = [seed]
    var open = [seed]
    while let next = open.popLast(), group.count < 40 {
      let known = group.reduce(into: Set<SymbolKey>()) { $0.formUnion(entries[$1].defined) }
      for key in entries[next].used.subtracting(known).sorted(by: { $0.order < $1.order }) {
        guard let definer = definer(of: key, for: next) else { continue }
        // What the gradient is needs no other rule.
        if key == SymbolKey(base: "g"), entries[definer].isRule { continue }
        guard group.insert(definer).inserted else { continue }
        open.append(definer)
      }
      // g ← ∇E, then g ← g + λw: what was g before is part of it.
      if entries[next].changesGradient {
        for definer in definers[SymbolKey(base: "g")] ?? []
        where definer < next && !taken.contains(definer) {
          if group.insert(definer).inserted { open.append(definer) }
        }
      }
    }
    return group.sorted()
  }

  /// The nearest that is not part of another rule; before rather than behind.
  private func definer(of key: SymbolKey, for place: Int) -> Int? {
    guard let all = definers[key], !all.isEmpty else { return nil }
    // Outwards from the place: the first that is free is the nearest.
    var high = all.count
    var low = 0
    while low < high {
      let middle = (low + high) / 2
      if all[middle] < place { low = middle + 1 } else { high = middle }
    }
    low -= 1
    var nearest: Int?
    for _ in 0..<SectionReader.reach where low >= 0 || high < all.count {
      let isBefore = high >= all.count || low >= 0 && place - all[low] <= all[high] - place
      let other = isBefore ? all[low] : all[high]
      if isBefore { low -= 1 } else { high += 1 }
      guard taken.contains(other) || moves(other, as: place) else { return other }
      nearest = nearest ?? other
    }
    return nearest
  }

  /// How many of a symbol's equations are looked through for a free one.
  private static let reach = 400

  /// Whether an entry is another update of what this one updates: a rule of its own.
  private func moves(_ other: Int, as place: Int) -> Bool {
    guard other != place else { return false }
    return entries[other].isRule
      || !entries[other].updated.isDisjoint(with: entries[place].updated)
  }

  private func read(_ group: [Int]) -> ReadFormula {
    let formulas = group.map { entries[$0].formula }
    var result = ReadFormula(formulas: formulas, places: group.map { entries[$0].place })
    do {
      let text = try TeXText(formulas: formulas.map(\.span), given: definitions)
      let whole = formulas[0].span.joined(with: formulas[formulas.count - 1].span)
      result.reading = try FormulaReader.read(
        text, whole, name: Name(canonical: "printed"), nameSpan: whole, given: given)
    } catch {
      result.error = error
    }
    return result
  }

  // MARK: Symbols

  private mutating func findSymbols(_ place: Int) {
    guard let text = try? TeXText(entries[place].formula.span, given: definitions) else { return }
    entries[place].isWorked = WorkedNumber.isWorked(text.items)
    if entries[place].isWorked { return }
    let index = IndexEvidence(text.items)
    let reader = SymbolReader(index: index)
    for item in text.items {
      guard case .formula(let sides, let relations) = item.kind, relations.first != nil,
        relations.allSatisfy(\.isDefining)
      else { continue }
      var one = Entry(place: place, formula: entries[place].formula, alone: entries[place].alone)
      for side in sides.dropFirst() { collect(side, reader, &one) }
      entries[place].used.formUnion(one.used)
      guard let use = defined(sides[0], reader) else { continue }
      entries[place].defined.insert(use.key)
      if use.key == SymbolKey(base: "g"), one.used.contains(use.key) {
        entries[place].changesGradient = true
      }
      // A label's last bracket is no variable: f(x) = … stays a function.
      definers[use.key, default: []].append(place)
      // m_0 = 0 is understood.
      if case .fixed = use.time, sides.last.flatMap(wholeNumber) == 0 { continue }
      equations.append(
        EarlierDefinitions.Equation(
          key: use.key, used: one.used, item: item, line: entries[place].formula.line,
          index: index.letter))
    }
  }

  /// θ_{t+1}, E[g²]_t, Δθ_t on a left side.
  private func defined(_ math: Math, _ reader: SymbolReader) -> SymbolUse? {
    if let use = reader.use(math) { return use }
    guard case .product(let factors) = math.kind,
      let (use, count) = reader.compound(factors, at: 0), count == factors.count
    else { return nil }
    return use
  }

  private func collect(_ math: Math, _ reader: SymbolReader, _ entry: inout Entry) {
    if case .gradient = math.kind {
      entry.speaksOfGradient = true
      return
    }
    if case .product(let factors) = math.kind {
      var place = 0
      while place < factors.count {
        if let (use, count) = reader.compound(factors, at: place) {
          collect(use, reader, &entry)
          place += count
        } else {
          collect(factors[place].value, reader, &entry)
          place += 1
        }
      }
      return
    }
    if let use = reader.use(math) {
      collect(use, reader, &entry)
      return
    }
    for child in math.children { collect(child, reader, &entry) }
  }

  private func collect(_ use: SymbolUse, _ reader: SymbolReader, _ entry: inout Entry) {
    entry.used.insert(use.key)
    if use.key.base == "g" { entry.speaksOfGradient = true }
    // RMS[x] is the root of E[x²].
    if use.key.base == "RMS", let label = use.key.labels.first {
      entry.used.insert(SymbolKey(base: "E", labels: [label + "2"]))
    }
    if let power = use.power { collect(power, reader, &entry) }
  }
}

extension SectionReader.Entry {
  fileprivate var speaksOfGradient: Bool {
    get { used.contains(SymbolKey(base: "\u{2207}")) }
    set { if newValue { used.insert(SymbolKey(base: "\u{2207}")) } }
  }
}

extension SymbolKey {
  /// For an order that does not depend on hashes.
  var order: String {
    ([base, face ?? ""] + accents + labels).joined(separator: "\u{1F}")
  }
}
