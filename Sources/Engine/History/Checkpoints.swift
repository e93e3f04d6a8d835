// Snapshots kept along a run, dense near its end and ever sparser towards its start.
//
// The gap beside a snapshot is at most a fixed fraction of its age, so a run of n steps keeps about
// `density · ln n` of them, and reaching any step replays at most `age / density` steps.

/// Snapshots of one stretch of steps, by their offset from its start.
package struct Checkpoints: Sendable {
  package private(set) var entries: [(offset: Int, snapshot: Snapshot)]

  /// All the snapshots together should stay within this many bytes where a single one is large.
  static let byteBudget = 32 << 20
  static let maximumDensity = 16

  package init(start: Snapshot) {
    entries = [(0, start)]
  }

  package var start: Snapshot { entries[0].snapshot }

  /// The newest snapshot that is not after `offset`.
  package func nearest(to offset: Int) -> (offset: Int, snapshot: Snapshot) {
    var low = 0
    var high = entries.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if entries[middle].offset <= offset { low = middle } else { high = middle }
    }
    return entries[low]
  }

  /// Adds a snapshot after all others and thins the older ones.
  package mutating func append(_ snapshot: Snapshot, at offset: Int) {
    guard let last = entries.last, offset > last.offset else { return }
    entries.append((offset, snapshot))
    thin()
  }

  /// Drops everything after `offset`.
  package mutating func truncate(to offset: Int) {
    entries.removeAll { $0.offset > offset && $0.offset > 0 }
  }

  private mutating func thin() {
    guard entries.count > 3, let last = entries.last else { return }
    let density = self.density(newest: last)
    var kept = [entries[0]]
    kept.reserveCapacity(entries.count)
    for i in 1..<entries.count {
      // A snapshot goes when the gap it leaves is small for its age. The newest two always stay:
      // the last step's record is recomputed from the one before it.
      let isRecent = i >= entries.count - 2
      let next = i + 1 < entries.count ? entries[i + 1].offset : entries[i].offset
      let gap = next - (kept.last?.offset ?? 0)
      if isRecent || gap * density > last.offset - entries[i].offset { kept.append(entries[i]) }
    }
    entries = kept
  }

  private func density(newest: (offset: Int, snapshot: Snapshot)) -> Int {
    let size = max(1, newest.snapshot.byteCount)
    var octaves = 1
    while octaves < 62, newest.offset >> octaves > 0 { octaves += 1 }
    return min(Checkpoints.maximumDensity, max(1, Checkpoints.byteBudget / size / octaves))
  }
}
