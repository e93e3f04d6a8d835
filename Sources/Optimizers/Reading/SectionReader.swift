// The formulas under one heading, each by itself or a rule together with those that say what its
// symbols are.

import Diagnostics
import Notation

/// The formulas under one heading.
struct SectionReader {
  /// A formula with what it says and what it speaks of.
  struct Entry {
    var place: Int
    var formula: DocumentFormula
    var defined: Set<SymbolKey> = []
    var used: Set<SymbolKey> = []
    /// It gives a symbol its new value from its old one.
    var isUpdate: Bool { !isWorked && !updated.isEmpty }
    var updated: Set<SymbolKey> { defined.intersection(used) }
    /// When each symbol is that it defines, and those that it reads.
    var made: [SymbolKey: TimeMark] = [:]
    var read: [SymbolKey: Set<TimeMark>] = [:]
    /// Symbols of which an equation of it goes on from what another made at the same step.
    var continued: Set<SymbolKey> = []
    /// Where it takes gradients.
    var points: Set<SymbolKey> = []
    /// It is worked out to a number: one step of a calculation, no part of a rule.
    var isWorked = false
    /// g ← g + λw: it goes on from what the gradient was before.
    var changesGradient = false
    var alone: ReadFormula
    /// A whole rule by itself, which others lean on at need.
    var isRule: Bool { alone.reading?.kind == .rule }
  }

  let definitions: TeXDefinitions
  private let given: [Name: HyperRole]
  var entries: [Entry] = []
  /// The entries that give a symbol its value.
  var definers: [SymbolKey: [Int]] = [:]
  /// The entries that read a symbol’s new value, θ′.
  var reading: [SymbolKey: [Int]] = [:]
  private(set) var taken: Set<Int> = []
  /// What this section says, equation by equation, for those behind it.
  var equations: [EarlierDefinitions.Equation] = []

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
    for place in seeds where !taken.contains(place) {
      if isStopped() { break }
      var group = closure(of: place)
      guard group.count > 1 || !companions(of: place).isEmpty else { continue }
      var together = read(group)
      if let (whole, formula) = withCompanions(place) { (group, together) = (whole, formula) }
      guard group.count > 1 else { continue }
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
    reading.borrowed = found.equations.map(\.item.span)
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
  /// - Parameter isStepwise: with other steps of the same update.
  func closure(of seed: Int, isStepwise: Bool = false) -> [Int] {
    var group: Set<Int> = [seed]
    var open = [seed]
    while let next = open.popLast(), group.count < 40 {
      if isStepwise {
        for other in companions(of: next) where group.insert(other).inserted { open.append(other) }
      }
      let known = group.reduce(into: Set<SymbolKey>()) { $0.formUnion(entries[$1].defined) }
      for key in entries[next].used.subtracting(known).sorted(by: { $0.order < $1.order }) {
        guard let definer = definer(of: key, for: next) else { continue }
        // What the gradient is needs no other rule.
        if key == SymbolKey(base: "g"), entries[definer].isRule { continue }
        guard group.insert(definer).inserted else { continue }
        open.append(definer)
      }
      // A look-ahead point of its own display; what is updated is where any rule takes its gradient.
      for key in entries[next].points.subtracting(known).sorted(by: { $0.order < $1.order }) {
        guard let definer = definer(of: key, for: next), !entries[definer].isRule,
          !entries[definer].updated.contains(key), group.insert(definer).inserted
        else { continue }
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

  func read(_ group: [Int]) -> ReadFormula {
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
}
