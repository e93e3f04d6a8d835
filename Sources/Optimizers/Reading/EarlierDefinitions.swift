// What the sections of a document have said of symbols, for those that lean on them: an AdamW that takes
// Adam's m̂ and v̂.
//
// A definition is taken only where every section that gives one gives the same, with all it depends on;
// sections that define everything that is lacking come before those that define a part. Two that differ
// are none: nothing says which is meant.

import Diagnostics
import Notation

struct EarlierDefinitions {
  /// An equation of an earlier section.
  struct Equation {
    var key: SymbolKey
    var used: Set<SymbolKey>
    var item: MathItem
    var line: Int
    /// The letter that counts its steps.
    var index: String?

    /// What it says, however its fractions are written.
    var text: String {
      guard case .formula(let sides, _) = item.kind else { return item.span.text }
      return sides.map(\.plainText).joined(separator: "=").filter { !" ()·".contains($0) }
    }
  }

  private var sections: [[Equation]] = []
  private var count = 0

  /// A document of so many equations has no section that leans on all of them.
  private static let most = 5000

  mutating func add(_ equations: [Equation]) {
    guard !equations.isEmpty, count < EarlierDefinitions.most else { return }
    count += equations.count
    sections.append(equations)
  }

  /// The equations that say what symbols are, in the order written, and the symbols that have one.
  /// - Parameters:
  ///   - own: what the section itself defines, so that nothing else is taken for it.
  ///   - index: the letter that counts the steps there.
  /// - Returns: nil when there are none, or two that differ.
  func equations(for symbols: Set<SymbolKey>, besides own: Set<SymbolKey>, index: String?)
    -> (symbols: [SymbolKey], equations: [Equation])?
  {
    let given = symbols.filter(isVariable).sorted { $0.order < $1.order }
      .map { symbol in
        (symbol, sections.map { closure(of: symbol, in: $0, besides: own, index) })
      }.filter { $0.1.contains { $0 != nil } }
    // A section that says what all of them are is the one that is leant on.
    let whole = sections.indices.filter { place in given.allSatisfy { $0.1[place] != nil } }
    var taken: [Equation] = []
    for (_, found) in given {
      let ways = whole.isEmpty ? found.compactMap { $0 } : whole.compactMap { found[$0] }
      guard let last = ways.last else { return nil }
      let text = last.map(\.text).sorted()
      guard ways.allSatisfy({ $0.map(\.text).sorted() == text }) else { return nil }
      for equation in last where !taken.contains(where: { $0.text == equation.text }) {
        // One symbol, two equations: from different sections, for different symbols.
        guard !taken.contains(where: { $0.key == equation.key }) else { return nil }
        taken.append(equation)
      }
    }
    guard !given.isEmpty else { return nil }
    return (given.map(\.0), taken.sorted { $0.item.span.start < $1.item.span.start })
  }

  /// A constant's value, a rate or the gradient is nothing that a rule lacks.
  private func isVariable(_ key: SymbolKey) -> Bool {
    if key.base == "g" || key.base == "\u{2207}" { return false }
    if !key.accents.isEmpty || key.base == "Delta" { return true }
    return GreekLetters.letter(named: key.base).map { !$0.properties.isLowercase } ?? true
  }

  private func closure(
    of symbol: SymbolKey, in section: [Equation], besides own: Set<SymbolKey>, _ index: String?
  ) -> [Equation]? {
    var result: [Equation] = []
    var seen: Set<SymbolKey> = own
    var open = [symbol]
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      for equation in section where equation.key == next && isVariable(next) {
        // Steps that are counted by another letter are another text's.
        if let index, let other = equation.index, other != index { return nil }
        result.append(equation)
        open += equation.used.sorted { $0.order < $1.order }
      }
    }
    return result.isEmpty ? nil : result
  }
}

extension TeXText {
  /// Puts equations of elsewhere in front, each a formula of its own.
  mutating func take(_ others: [MathItem]) {
    for place in items.indices { items[place].formula += others.count }
    formulas += others.count
    items.insert(
      contentsOf: others.enumerated().map { place, item in
        var item = item
        item.formula = place + 1
        return item
      }, at: 0)
  }
}
