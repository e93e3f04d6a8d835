// Moving in time: where the numbers were at any event, bit for bit, and the record of a step.

import Diagnostics
import Notation
import Tensors

/// The record of a step, kept until the history or the place in it changes.
final class RecordCache {
  /// How many events there were when the step had been taken.
  var events: Int?
  var record: StepRecord?
}

extension Session {
  /// The snapshot after the first `events` events of the current branch.
  package func snapshot(at events: Int) throws(Diagnostic) -> Snapshot {
    guard let (index, offset) = timeline.locate(events) else { return timeline.base }
    return try snapshot(in: timeline.branch.stretches[index], at: offset)
  }

  private func snapshot(in stretch: Stretch, at offset: Int) throws(Diagnostic) -> Snapshot {
    let (from, start) = stretch.checkpoints.nearest(to: offset)
    switch stretch.kind {
    case .change(_, let after): return offset > 0 ? after : start
    case .steps(let stepper):
      guard offset > from else { return start }
      return try stepper.run(from: start, steps: offset - from).snapshot
    case .given(let stepper, let gradients):
      var snapshot = start
      for i in from..<max(from, offset) where i < gradients.count {
        snapshot = try stepper.run(from: snapshot, given: gradients[i]).snapshot
      }
      return snapshot
    }
  }

  /// Moves to a number of events on the current branch.
  package mutating func move(to events: Int) throws(Diagnostic) {
    snapshot = try snapshot(at: events)
    timeline.move(to: events)
  }

  /// Goes to the end of another branch.
  package mutating func switchTo(branch number: Int) throws(Diagnostic) {
    timeline.switchTo(branch: number)
    snapshot = try snapshot(at: timeline.position)
  }

  /// The record of the last step up to the present position; nil before the first.
  package func record() throws(Diagnostic) -> StepRecord? {
    try record(at: timeline.position)
  }

  /// The record of the last step among the first `events` events.
  package func record(at events: Int) throws(Diagnostic) -> StepRecord? {
    let asked = events
    if recordCache.events == asked { return recordCache.record }
    var events = events
    while let (index, offset) = timeline.locate(events) {
      let stretch = timeline.branch.stretches[index]
      let step = timeline.steps(at: events)
      switch stretch.kind {
      case .change: events -= 1
      case .steps(let stepper):
        let before = try snapshot(in: stretch, at: offset - 1)
        return remember(try stepper.record(from: before, step: step).record, asked)
      case .given(let stepper, let gradients):
        let before = try snapshot(in: stretch, at: offset - 1)
        guard gradients.indices.contains(offset - 1) else { return nil }
        let given = gradients[offset - 1]
        return remember(try stepper.record(from: before, step: step, given: given).record, asked)
      }
    }
    return nil
  }

  private func remember(_ record: StepRecord, _ events: Int) -> StepRecord {
    recordCache.events = events
    recordCache.record = record
    return record
  }
}
