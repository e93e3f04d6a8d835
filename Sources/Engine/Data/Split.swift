// The rows of a data set dealt out to parts: train and test, with a validation part between them, or
// the folds of a cross-validation.
//
// A split holds numbers of rows and nothing else, so it serves a table as well as tensors whose first
// axis counts the same rows. Rows stay in the order of the file within a part. The same seed deals
// the same rows.

import Diagnostics
import Notation
import Tensors

package struct Split: Sendable, Equatable {
  package struct Part: Sendable, Equatable {
    /// `train`, `val` or `test`.
    package let name: Name
    /// Ascending.
    package let rows: [Int]
  }

  /// What was split together: a table, or tensors with a row for each other's.
  package let names: [Name]
  package let rowCount: Int
  /// The parts as they are now; with folds, those of the active one.
  package private(set) var parts: [Part]
  /// The rows of each fold, ascending; empty when there are no folds.
  package let folds: [[Int]]
  /// The number of the fold that is `val` now, from 1; nil when there are no folds.
  package private(set) var activeFold: Int?
  private let heldOut: [Int]

  package static let train = Name(canonical: "train")
  package static let validation = Name(canonical: "val")
  package static let test = Name(canonical: "test")
  package static let partNames = [train, validation, test]
  /// How many folds there may be.
  package static let mostFolds = 1000

  package func part(_ name: Name) -> Part? { parts.first { $0.name == name } }

  /// Makes another fold the validation part.
  /// - Returns: whether there is a fold of that number.
  @discardableResult
  package mutating func activate(fold number: Int) -> Bool {
    guard number >= 1, number <= folds.count else { return false }
    activeFold = number
    let others = folds.enumerated().filter { $0.offset != number - 1 }.flatMap(\.element)
    parts = [
      Part(name: Split.train, rows: others.sorted()),
      Part(name: Split.validation, rows: folds[number - 1]),
    ]
    if !heldOut.isEmpty { parts.append(Part(name: Split.test, rows: heldOut)) }
    return true
  }
}

// MARK: - Dealing

extension Split {
  /// How rows are to be dealt.
  package struct Plan: Sendable {
    /// The share of each part but the last, which takes the rest.
    package var shares: [Double] = []
    /// The folds that the first part is divided into; nil for none.
    package var folds: Int?
    package var seed: Double = 0
    /// Whether rows are drawn at random; otherwise parts follow one another.
    package var shuffles = true

    package init() {}
  }

  /// Deals rows.
  /// - Parameter classes: the class of each row, when every part is to have its share of each.
  /// - Throws: `split.empty` when a part would have no rows.
  package init(
    _ names: [Name], rowCount: Int, plan: Plan, classes: [Int]? = nil, at span: Span
  ) throws(Diagnostic) {
    let order = Split.order(rowCount, plan)
    var chunks = [order]
    if !plan.shares.isEmpty {
      chunks = Split.cut(
        classes.map { Split.mixed(order, classes: $0) } ?? order, at: plan.shares)
    }
    self.names = names
    self.rowCount = rowCount
    if let count = plan.folds {
      let inner = chunks[0]
      folds = Split.deal(classes.map { Split.grouped(inner, classes: $0) } ?? inner, into: count)
      heldOut = chunks.count > 1 ? chunks[1].sorted() : []
      parts = []
    } else {
      let roles =
        chunks.count == 2
        ? [Split.train, Split.test] : [Split.train, Split.validation, Split.test]
      parts = zip(roles, chunks).map { Part(name: $0, rows: $1.sorted()) }
      folds = []
      heldOut = []
    }
    activeFold = nil
    try refuseEmpty(plan, hasTest: chunks.count > 1, at: span)
    activate(fold: 1)
  }

  private func refuseEmpty(_ plan: Plan, hasTest: Bool, at span: Span) throws(Diagnostic) {
    let rows = rowCount == 1 ? "1 row" : "\(rowCount) rows"
    func refusal(_ part: String) -> Diagnostic {
      Diagnostic(
        "split.empty", "\(part) would be empty: there are only \(rows) to deal out", at: span,
        help: plan.folds == nil
          ? "choose shares that leave each part at least one row"
          : "choose fewer folds, or smaller shares outside them")
    }
    if let part = parts.first(where: { $0.rows.isEmpty }) { throw refusal(part.name.canonical) }
    guard plan.folds != nil else { return }
    if let fold = folds.firstIndex(where: \.isEmpty) { throw refusal("fold \(fold + 1)") }
    if folds.count < 2 { throw refusal("train") }
    if hasTest, heldOut.isEmpty { throw refusal("test") }
  }

  /// The rows in the order in which they are dealt.
  private static func order(_ count: Int, _ plan: Plan) -> [Int] {
    guard plan.shuffles else { return Array(0..<count) }
    // Nothing but the seed and the number of rows counts, so that two tables with a row for each
    // other's are dealt alike.
    let stream = RandomStream(key: RandomStream.key([0x5711]), seed: plan.seed)
    return (0..<count).map { (stream.block($0).0, $0) }.sorted { $0 < $1 }.map(\.1)
  }

  private static func cut(_ order: [Int], at shares: [Double]) -> [[Int]] {
    var chunks: [[Int]] = []
    var start = 0
    var total = 0.0
    for share in shares {
      total += share
      let end = min(order.count, max(start, Int((total * Double(order.count)).rounded())))
      chunks.append(Array(order[start..<end]))
      start = end
    }
    chunks.append(Array(order[start...]))
    return chunks
  }

  private static func deal(_ order: [Int], into count: Int) -> [[Int]] {
    var folds = [[Int]](repeating: [], count: max(count, 1))
    for (place, row) in order.enumerated() { folds[place % folds.count].append(row) }
    return folds.map { $0.sorted() }
  }

  /// The rows with the classes spread evenly: any first part of them has each class's share, to one
  /// row.
  private static func mixed(_ order: [Int], classes: [Int]) -> [Int] {
    var sizes: [Int: Int] = [:]
    for row in order { sizes[classes[row], default: 0] += 1 }
    var seen: [Int: Int] = [:]
    var places: [(place: Double, label: Int, row: Int)] = []
    for row in order {
      let label = classes[row]
      let rank = seen[label, default: 0]
      seen[label] = rank + 1
      places.append(((Double(rank) + 0.5) / Double(sizes[label] ?? 1), label, row))
    }
    return places.sorted { ($0.place, $0.label) < ($1.place, $1.label) }.map(\.row)
  }

  /// The rows with those of a class side by side, in the order they had.
  private static func grouped(_ order: [Int], classes: [Int]) -> [Int] {
    order.enumerated().sorted {
      (classes[$0.element], $0.offset) < (classes[$1.element], $1.offset)
    }.map(\.element)
  }
}
