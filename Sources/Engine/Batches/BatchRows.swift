// The rows that one step takes: which they are and where in the epoch, worked out when somebody asks.

import Notation
import Tensors

package struct BatchRows: Sendable {
  package let batching: Batching
  package let layout: EpochLayout
  /// The number of whole epochs before this one.
  package let epoch: Int
  /// The number of updates before this one in the epoch.
  package let position: Int

  /// The numbers of rows of the batches it averages.
  package var sizes: [Int] { layout.sizes(ofUpdate: position) }

  package var count: Int { sizes.reduce(0, +) }

  /// The numbers of the rows in the data, in the order they are taken.
  package var indices: [Int] {
    let first = layout.firstRow(ofUpdate: position)
    guard batching.shuffles else { return Array(first..<first + count) }
    let order = ShuffledOrder(
      count: layout.rows, key: UInt64(bitPattern: Int64(batching.key)), seed: Double(epoch))
    return (first..<first + count).map { order[$0] }
  }
}

extension Tensor {
  /// The rows at these places along the first axis; those out of range are left out.
  func rows(_ places: [Int]) -> Tensor {
    guard let count = shape.dimensions.first, count > 0 else { return self }
    let length = elements.count / count
    let kept = places.filter { $0 >= 0 && $0 < count }
    var result: [Double] = []
    result.reserveCapacity(kept.count * length)
    for place in kept { result += elements[(place * length)..<((place + 1) * length)] }
    return Tensor(
      result, shape: Shape([kept.count] + shape.dimensions.dropFirst()), type: elementType)
  }
}

extension Batching {
  /// What keeps the orders of different seeds apart.
  var key: Int { Int(Int64(bitPattern: RandomStream.key([seed, 0x6261_7463_68]))) }
}

extension PlannedBatch {
  /// What the step that follows a snapshot takes.
  func rows(after snapshot: Snapshot) -> BatchRows {
    var counted = snapshot
    prepare(&counted)
    return BatchRows(
      batching: batching, layout: layout,
      epoch: Stepper.counter(counted, Batching.epochPath),
      position: Stepper.counter(counted, Batching.positionPath))
  }

  /// Gives a snapshot the counters of epochs that are its own: those of other data are no use, and
  /// batches of another size begin with a new epoch.
  func prepare(_ snapshot: inout Snapshot) {
    let order = batching.orderKey(rows: layout.rows)
    let division = batching.divisionKey
    let isSameOrder = snapshot.owners[Batching.epochPath] == order
    if isSameOrder, snapshot.owners[Batching.positionPath] == division { return }
    snapshot.owners[Batching.epochPath] = order
    snapshot.owners[Batching.positionPath] = division
    let epoch = isSameOrder ? Stepper.counter(snapshot, Batching.epochPath) : 0
    let isAmid = isSameOrder && Stepper.counter(snapshot, Batching.positionPath) > 0
    snapshot[Batching.epochPath] = Tensor(Double(epoch + (isAmid ? 1 : 0)))
    snapshot[Batching.positionPath] = Tensor(0)
  }
}
