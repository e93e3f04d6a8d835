// How a step takes its data: all of it, or some rows at a time in an order that is new in each epoch.
//
// A value, part of the problem. Which rows a step takes is a function of it and of two counters in
// the snapshot, so nothing about the order is ever stored.

import Notation

package struct Batching: Sendable, Equatable {
  /// Rows in a batch; nil means all of them.
  package var size: Int?
  /// The definitions whose rows are taken; none where a step sees all of the data.
  package var names: [Name]
  package var seed = 0
  /// Whether each epoch has an order of its own; else rows are taken in theirs.
  package var shuffles = true
  /// Whether a last batch with fewer rows than the others is left out.
  package var dropsLast = false
  /// Batches whose gradients are averaged for one update.
  package var accumulated = 1
  /// How many simulated workers share the rows of a batch.
  package var workers = 1

  package init(size: Int? = nil, names: [Name] = []) {
    self.size = size
    self.names = names
  }

  /// Whether steps see some rows of the data in the place of all, or in parts.
  package var takesRows: Bool { !names.isEmpty && (size != nil || workers > 1) }

  /// Where a snapshot keeps how far the epochs have come. No parameter can be called `batch`.
  static let epochPath = "batch.epoch"
  /// The number of updates in the present epoch so far.
  static let positionPath = "batch.position"

  /// Epochs are counted anew when this changes: other data, another order.
  func orderKey(rows: Int) -> String {
    "\(names.map(\.canonical).joined(separator: ",")) \(rows) \(shuffles ? "seed \(seed)" : "as is")"
  }

  /// A new epoch is begun when this changes.
  var divisionKey: String { "\(size ?? 0) \(accumulated) \(dropsLast)" }
}

/// How the rows of an epoch are divided among its updates.
package struct EpochLayout: Sendable, Equatable {
  package let rows: Int
  /// Rows in a batch.
  package let size: Int
  package let accumulated: Int
  package let dropsLast: Bool

  package init(rows: Int, size: Int, accumulated: Int = 1, dropsLast: Bool = false) {
    self.rows = max(1, rows)
    self.size = max(1, min(size, self.rows))
    self.accumulated = max(1, accumulated)
    self.dropsLast = dropsLast
  }

  /// Batches in an epoch.
  package var batches: Int { dropsLast ? rows / size : (rows - 1) / size + 1 }

  /// Updates in an epoch; the last one may average fewer batches than the others.
  package var updates: Int { (batches - 1) / accumulated + 1 }

  /// The numbers of rows of the batches that an update averages.
  package func sizes(ofUpdate position: Int) -> [Int] {
    let first = position * accumulated
    let count = min(accumulated, batches - first)
    guard count > 0 else { return [] }
    return (0..<count).map { min(size, rows - (first + $0) * size) }
  }

  /// Whether the last update of an epoch has other batches than those before it.
  package var endsDifferently: Bool {
    updates > 1 && sizes(ofUpdate: updates - 1) != sizes(ofUpdate: 0)
  }

  /// The place in the epoch's order of an update's first row.
  package func firstRow(ofUpdate position: Int) -> Int { position * accumulated * size }
}
