// Several optimizers from the same start for the same number of steps, each on a copy of the session.
//
// The session itself is not touched. Every optimizer begins with fresh state at the present
// parameters; one that leaves the finite numbers is stopped there.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// How long a run goes on.
package enum RunLength: Sendable, Equatable {
  case steps(Int)
  /// Passes over the data, of as many steps as the batch makes of one.
  case epochs(Int)

  package var count: Int {
    switch self {
    case .steps(let count), .epochs(let count): count
    }
  }

  package var unit: String {
    switch self {
    case .steps: "step"
    case .epochs: "epoch"
    }
  }
}

/// An optimizer that is compared, with a batch of its own if it has one.
package struct Contender {
  package enum Size: Sendable {
    case all
    case rows(Int)
  }

  /// As it was typed.
  package let text: String
  /// A chain of rules.
  package let chain: [Expression]
  package let size: Size?

  package init(text: String, chain: [Expression], size: Size? = nil) {
    self.text = text
    self.chain = chain
    self.size = size
  }
}

package struct Comparison {
  package enum Ending {
    case finished
    /// The step that would not have been finite.
    case diverged(step: Int)
    case interrupted(after: Int)
  }

  package struct Entry {
    /// As it was typed.
    package let text: String
    /// The loss at each milestone that was reached.
    package let losses: [Double]
    /// The last finite loss and the number of steps it took.
    package let last: (step: Int, loss: Double)
    package let ending: Ending
  }

  package let objective: Objective
  package let start: Double
  /// What milestones are counted in: step, epoch.
  package let unit: String
  /// Numbers of steps or epochs after which losses are noted.
  package let milestones: [Int]
  package var entries: [Entry] = []

  /// The entries that finished with the best loss.
  package var best: [Int] {
    let finals = entries.enumerated().compactMap { i, entry -> (Int, Double)? in
      guard case .finished = entry.ending, let loss = entry.losses.last, loss.isFinite else {
        return nil
      }
      return (i, loss)
    }
    guard let best = objective.maximize ? finals.map(\.1).max() : finals.map(\.1).min() else {
      return []
    }
    return finals.filter { $0.1 == best }.map(\.0)
  }

  /// 1, 10 %, 25 %, 50 % and all of the steps.
  static func milestones(of count: Int) -> [Int] {
    Set([1, count / 10, count / 4, count / 2, count].filter { $0 > 0 && $0 <= count }).sorted()
  }
}

extension Session {
  /// How many steps each of several runs may have.
  package static let mostComparedSteps = 10_000_000

  /// Runs each optimizer for so many steps or epochs, from the beginning of an epoch.
  /// - Parameter progress: told the number of steps taken by all of them together, and of all there are.
  package func compare(
    _ contenders: [Contender], for length: RunLength, interrupted: @escaping () -> Bool,
    progress: @escaping (Int, Int) -> Void
  ) throws(Diagnostic) -> Comparison {
    guard let objective = problem.objectives.last else {
      throw Diagnostic(
        "step.no-loss", "there is no loss to compare by", help: "loss L = sum((w - 1)^2)")
    }
    let milestones = Comparison.milestones(of: length.count)
    let forks = try forks(contenders, milestones: milestones, of: length)
    var comparison = Comparison(
      objective: objective, start: try loss(of: objective), unit: length.unit,
      milestones: milestones)
    let total = forks.reduce(0) { $0 + ($1.stops.last ?? 0) }
    var before = 0
    for (contender, fork) in zip(contenders, forks) {
      let entry = try fork.session.run(
        contender.text, objective, fork.stops, interrupted: interrupted,
        progress: { progress(before + $0, total) })
      before += fork.stops.last ?? 0
      comparison.entries.append(entry)
      if case .interrupted = entry.ending { break }
    }
    return comparison
  }

  /// A copy of the session for each optimizer, and the numbers of steps at which milestones are
  /// reached. All are checked before the first one runs.
  func forks(_ contenders: [Contender], milestones: [Int], of length: RunLength)
    throws(Diagnostic) -> [(session: Session, stops: [Int])]
  {
    var forks: [(session: Session, stops: [Int])] = []
    for contender in contenders {
      var fork = self
      try fork.startAfresh(
        with: OptimizerGroup(stages: try stages(of: contender.chain)), contender.size)
      forks.append((fork, try fork.steps(at: milestones, of: length)))
    }
    return forks
  }

  /// The numbers of steps at which milestones are reached.
  func steps(at milestones: [Int], of length: RunLength) throws(Diagnostic) -> [Int] {
    var stops = milestones
    if case .epochs = length {
      stops = []
      for milestone in milestones { stops.append(try steps(ofEpochs: milestone)) }
    }
    if let last = stops.last, last > Session.mostComparedSteps {
      throw Diagnostic(
        "compare.steps",
        "at most \(Session.mostComparedSteps) steps each; this would be \(last)")
    }
    return stops
  }

  mutating func startAfresh(
    with group: OptimizerGroup, _ size: Contender.Size? = nil
  ) throws(Diagnostic) {
    try changeProblem { (problem) throws(Diagnostic) in
      problem.optimizer = [group]
      if let size { try problem.setBatchSize(size) }
    }
    startAfresh()
    _ = try stepper()
  }

  /// Forgets the history, the optimizer's state and the place in the epoch.
  mutating func startAfresh() {
    for parameter in problem.parameters { snapshot.forgetState(of: parameter.path) }
    for path in [Batching.epochPath, Batching.positionPath] {
      snapshot[path] = nil
      snapshot.owners[path] = nil
    }
    timeline = Timeline(base: snapshot)
    recordCache = RecordCache()
  }

  func loss(of objective: Objective) throws(Diagnostic) -> Double {
    let name = Expression(.name(objective.name), objective.expression.span)
    return try evaluate(name).scalar ?? .nan
  }

  private func run(
    _ text: String, _ objective: Objective, _ stops: [Int], interrupted: @escaping () -> Bool,
    progress: @escaping (Int) -> Void
  ) throws(Diagnostic) -> Comparison.Entry {
    var session = self
    var losses: [Double] = []
    var last = (step: 0, loss: try loss(of: objective))
    var ending = Comparison.Ending.finished
    var done = 0
    runs: for stop in stops {
      let before = done
      let outcome = try session.take(
        RunRequest(
          stop - done, interrupted: interrupted, progress: { progress(before + $0) }))
      done += outcome.taken
      // Looking back is not needed here; a long history would only take memory.
      session.timeline = Timeline(base: session.snapshot)
      let loss = try session.loss(of: objective)
      if loss.isFinite { last = (done, loss) }
      switch outcome.ending {
      case .finished, .conditionMet, .ruleMet:
        guard done == stop else { break runs }
        losses.append(loss)
      case .interrupted:
        ending = .interrupted(after: done)
        break runs
      case .notFinite(let bad):
        // The steps of this stretch count from its beginning.
        ending = .diverged(step: before + bad.step)
        break runs
      }
    }
    return Comparison.Entry(text: text, losses: losses, last: last, ending: ending)
  }
}

extension Problem {
  /// Another number of rows in a batch of the same data.
  mutating func setBatchSize(_ size: Contender.Size) throws(Diagnostic) {
    var changed = batching ?? Batching()
    switch size {
    case .all: changed.size = nil
    case .rows(let rows):
      guard !changed.names.isEmpty else {
        throw Diagnostic(
          "batch.names", "rows of what? no data is named for batches",
          help: "first batch \(rows) of X, y")
      }
      changed.size = rows
    }
    if changed.size == nil { changed.accumulated = 1 }
    batching = changed
  }
}
