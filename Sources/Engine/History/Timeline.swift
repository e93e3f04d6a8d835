// The history of a session's numbers: stretches of steps and changes by hand, in branches.
//
// A position is a branch and a number of events on it. Moving changes nothing but the position; a
// new event at a position that is not its branch's end starts a new branch, and the old one is kept.

import Tensors

/// One uninterrupted part of a branch.
package struct Stretch {
  package enum Kind {
    /// Steps of one optimizer on one objective; replayed by `stepper`.
    case steps(Stepper)
    /// Steps with gradients given by hand or replayed from a file, one entry a step.
    case given(Stepper, [[String: Tensor]])
    /// One change that was no step: an assignment, a freeze. `what` says it in the history.
    case change(what: String, after: Snapshot)
  }
  package var kind: Kind
  package var checkpoints: Checkpoints
  /// The number of events; 1 for a change.
  package var count: Int

  package var stepCount: Int {
    if case .change = kind { return 0 }
    return count
  }
}

/// What moving in time can run into.
package struct Timeline {
  package struct Branch {
    package var stretches: [Stretch] = []
    /// Where it left its parent: that branch's number, and the step.
    package var origin: (branch: Int, step: Int)?

    package var eventCount: Int { stretches.reduce(0) { $0 + $1.count } }
    package var stepCount: Int { stretches.reduce(0) { $0 + $1.stepCount } }
  }

  package private(set) var branches: [Branch] = [Branch()]
  /// The number of the branch one is on.
  package private(set) var current = 0
  /// How many of its events have happened.
  package private(set) var position = 0
  /// The numbers before the first event.
  package var base: Snapshot

  package init(base: Snapshot = Snapshot()) {
    self.base = base
  }

  package var branch: Branch { branches[current] }

  /// The session's step count at the position.
  package var step: Int { steps(at: position) }

  /// Whether nothing has happened yet.
  package var isEmpty: Bool { branches.count == 1 && branches[0].stretches.isEmpty }

  /// The number of steps among the first `events` events of the current branch.
  package func steps(at events: Int) -> Int {
    var left = events
    var steps = 0
    for stretch in branch.stretches where left > 0 {
      let taken = min(left, stretch.count)
      if stretch.stepCount > 0 { steps += taken }
      left -= taken
    }
    return steps
  }

  /// The stretch that holds event number `events` (the last of the first `events`) and how many of
  /// its own events that is.
  package func locate(_ events: Int) -> (stretch: Int, offset: Int)? {
    var left = events
    for (i, stretch) in branch.stretches.enumerated() where left > 0 {
      if left <= stretch.count { return (i, left) }
      left -= stretch.count
    }
    return nil
  }

  /// The number of events at which the branch has taken `step` steps, changes made there included;
  /// nil when it is shorter.
  package func events(atStep step: Int) -> Int? {
    guard step >= 0 else { return nil }
    var left = step
    var events = 0
    for stretch in branch.stretches {
      if stretch.stepCount == 0 {
        events += 1
      } else if left >= stretch.count {
        left -= stretch.count
        events += stretch.count
      } else {
        return events + left
      }
    }
    return left == 0 ? events : nil
  }

  /// Moves within the branch. The caller has checked the range.
  package mutating func move(to events: Int) {
    position = max(0, min(events, branch.eventCount))
  }

  /// How many steps of this stepper lie ahead on the branch, directly after the position.
  package func stepsAhead(by stepper: Stepper) -> Int {
    guard let (index, offset) = locate(position + 1),
      case .steps(let other) = branch.stretches[index].kind, other === stepper
    else { return 0 }
    return branch.stretches[index].count - offset + 1
  }

  /// Takes back the last event of the current branch, for good.
  package mutating func dropLast() {
    guard position > 0, position == branch.eventCount, let last = branch.stretches.last else {
      return
    }
    position -= 1
    let index = branches[current].stretches.count - 1
    if last.count == 1 {
      branches[current].stretches.removeLast()
    } else {
      branches[current].stretches[index].count -= 1
      branches[current].stretches[index].checkpoints.truncate(to: last.count - 1)
    }
  }

  /// Goes to the end of another branch.
  package mutating func switchTo(branch number: Int) {
    guard branches.indices.contains(number) else { return }
    current = number
    position = branch.eventCount
  }

  /// Prepares for a new event: at the end of a branch nothing happens, elsewhere a branch starts.
  /// Returns the number of the branch that was left, if one was.
  @discardableResult
  package mutating func fork() -> Int? {
    guard position < branch.eventCount else { return nil }
    var left = position
    var kept: [Stretch] = []
    for stretch in branch.stretches where left > 0 {
      var part = stretch
      if left < stretch.count {
        part.count = left
        part.checkpoints.truncate(to: left)
        if case .given(let stepper, let gradients) = stretch.kind {
          part.kind = .given(stepper, Array(gradients.prefix(left)))
        }
      }
      left -= part.count
      kept.append(part)
    }
    let old = current
    branches.append(Branch(stretches: kept, origin: (old, step)))
    current = branches.count - 1
    position = branch.eventCount
    return old
  }

  /// Adds a change by hand.
  package mutating func appendChange(_ what: String, before: Snapshot, after: Snapshot) {
    fork()
    branches[current].stretches.append(
      Stretch(
        kind: .change(what: what, after: after), checkpoints: Checkpoints(start: before), count: 1))
    position += 1
  }

  /// Adds `count` steps ending in `after`; joins the stretch before when it ran the same stepper.
  package mutating func appendSteps(
    _ count: Int, by stepper: Stepper, given: [[String: Tensor]]? = nil, before: Snapshot,
    after: Snapshot
  ) {
    guard count > 0 else { return }
    fork()
    let last = branches[current].stretches.count - 1
    if last >= 0, branches[current].stretches[last].continues(with: stepper, given: given) {
      branches[current].stretches[last].count += count
      if let given { branches[current].stretches[last].add(given: given) }
      let offset = branches[current].stretches[last].count
      branches[current].stretches[last].checkpoints.append(after, at: offset)
    } else {
      var checkpoints = Checkpoints(start: before)
      checkpoints.append(after, at: count)
      branches[current].stretches.append(
        Stretch(
          kind: given.map { .given(stepper, $0) } ?? .steps(stepper), checkpoints: checkpoints,
          count: count))
    }
    position += count
  }
}

extension Stretch {
  fileprivate func continues(with other: Stepper, given: [[String: Tensor]]?) -> Bool {
    switch kind {
    case .steps(let mine): given == nil && mine === other
    case .given(let mine, _): given != nil && mine === other
    case .change: false
    }
  }

  fileprivate mutating func add(given more: [[String: Tensor]]) {
    if case .given(let stepper, let gradients) = kind {
      kind = .given(stepper, gradients + more)
    }
  }
}
