// What each formula of a section defines and what it speaks of.

import Diagnostics
import Notation

extension SectionReader {
  mutating func findSymbols(_ place: Int) {
    defer {
      for (key, times) in entries[place].read where times.contains(.new) {
        reading[key, default: []].append(place)
      }
    }
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
      entries[place].read.merge(one.read) { $0.union($1) }
      entries[place].points.formUnion(one.points)
      guard let use = defined(sides[0], reader) else { continue }
      entries[place].defined.insert(use.key)
      if one.read[use.key]?.contains(use.time) ?? false {
        entries[place].continued.insert(use.key)
      }
      if case .fixed = use.time {} else { note(use) { entries[place].made[$0] = $1 } }
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
    if case .gradient(let gradient) = math.kind {
      entry.speaksOfGradient = true
      for use in (gradient.arguments ?? []).compactMap({ reader.use($0) }) {
        entry.points.insert(use.key)
        note(use) { entry.read[$0, default: []].insert($1) }
      }
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

  /// θ′ is the new θ where a formula has both on its left sides, and a symbol with a mark where it has
  /// not: beside one another they are the same.
  private func note(_ use: SymbolUse, _ add: (SymbolKey, TimeMark) -> Void) {
    add(use.key, use.time)
    guard use.time == .none, use.key.labels.last == "prime" else { return }
    var plain = use.key
    plain.labels.removeLast()
    add(plain, .new)
  }

  private func collect(_ use: SymbolUse, _ reader: SymbolReader, _ entry: inout Entry) {
    entry.used.insert(use.key)
    note(use) { entry.read[$0, default: []].insert($1) }
    if use.key.base == "g" { entry.speaksOfGradient = true }
    // RMS[x] is the root of E[x²].
    if use.key.base == "RMS", let label = use.key.labels.first {
      entry.used.insert(SymbolKey(base: "E", labels: [label + "2"]))
    }
    if let power = use.power { collect(power, reader, &entry) }
  }
}

extension SectionReader.Entry {
  var speaksOfGradient: Bool {
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
