// How much may be calculated for one formula in all its samples and candidates: seven sums within one
// another are worked out once, but not a thousand times. Ctrl-C ends it as well.

import Synchronization

final class FormulaWork: Sendable {
  private let left: Atomic<Int>
  private let isStopped: Stopping

  /// In parts of formulas: about a second's worth.
  private static let most = 4_000_000

  init(_ isStopped: Stopping = .never, most: Int = FormulaWork.most) {
    left = Atomic(most)
    self.isStopped = isStopped
  }

  /// False when there is no work left, or it was stopped.
  func take(_ count: Int) -> Bool {
    guard !isStopped() else { return false }
    return left.subtract(count, ordering: .relaxed).newValue > 0
  }
}
