// Assignments that happen all at once, put in an order in which they can be done one by one.

enum ParallelMoves {
  /// - Parameters:
  ///   - moves: no two have the same target.
  ///   - spare: a new place to put a value aside, where targets are each other's sources in a circle.
  static func sequence(
    _ moves: [(from: Int, to: Int)], spare: () -> Int
  ) -> [(from: Int, to: Int)] {
    var source: [Int: Int] = [:]
    var readers: [Int: [Int]] = [:]
    for move in moves where move.from != move.to {
      source[move.to] = move.from
      readers[move.from, default: []].append(move.to)
    }
    var pending = readers.mapValues(\.count)
    var result: [(from: Int, to: Int)] = []
    // A place that no pending move reads can be overwritten; that may free another.
    var free = moves.map(\.to).filter { source[$0] != nil && pending[$0, default: 0] == 0 }
    func settle() {
      while let to = free.popLast() {
        guard let from = source.removeValue(forKey: to) else { continue }
        result.append((from: from, to: to))
        let left = pending[from, default: 0] - 1
        pending[from] = left
        if left == 0, source[from] != nil { free.append(from) }
      }
    }
    settle()
    for move in moves where source[move.to] != nil {
      let aside = spare()
      result.append((from: move.to, to: aside))
      for reader in readers[move.to, default: []] where source[reader] == move.to {
        source[reader] = aside
      }
      pending[move.to] = 0
      free.append(move.to)
      settle()
    }
    return result
  }
}
