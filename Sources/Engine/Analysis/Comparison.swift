// Several optimizers from the same start for the same number of steps, each on a copy of the session.
//
// The session itself is not touched. Every optimizer begins with fresh state at the present
// parameters; one that leaves the finite numbers is stopped there.

import Diagnostics
import Notation
import Optimizers
import Tensors

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
  /// Numbers of steps after which losses are noted.
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
  /// Runs each optimizer for `count` steps.
  /// - Parameters:
  ///   - chains: each as a chain of rules, with the text to call it by.
  ///   - progress: told the number of steps taken by all of them together.
  package func compare(
    _ chains: [(text: String, chain: [Expression])], for count: Int, interrupted: () -> Bool,
    progress: (Int) -> Void
  ) throws(Diagnostic) -> Comparison {
    guard let objective = problem.objectives.last else {
      throw Diagnostic(
        "step.no-loss", "there is no loss to compare by", help: "loss L = sum((w - 1)^2)")
    }
    // All are checked before the first one runs.
    var forks: [Session] = []
    for (_, chain) in chains {
      var fork = self
      try fork.startAfresh(with: OptimizerGroup(stages: try stages(of: chain)))
      forks.append(fork)
    }
    let milestones = Comparison.milestones(of: count)
    var comparison = Comparison(
      objective: objective, start: try loss(of: objective), milestones: milestones)
    for (i, fork) in forks.enumerated() {
      let entry = try fork.run(
        chains[i].text, objective, milestones, interrupted: interrupted,
        progress: { progress(i * count + $0) })
      comparison.entries.append(entry)
      if case .interrupted = entry.ending { break }
    }
    return comparison
  }

  mutating func startAfresh(with group: OptimizerGroup) throws(Diagnostic) {
    for parameter in problem.parameters { snapshot.forgetState(of: parameter.path) }
    timeline = Timeline(base: snapshot)
    recordCache = RecordCache()
    try changeProblem { (problem) throws(Diagnostic) in problem.optimizer = [group] }
    _ = try stepper()
  }

  private func loss(of objective: Objective) throws(Diagnostic) -> Double {
    let name = Expression(.name(objective.name), objective.expression.span)
    return try evaluate(name).scalar ?? .nan
  }

  private func run(
    _ text: String, _ objective: Objective, _ milestones: [Int], interrupted: () -> Bool,
    progress: (Int) -> Void
  ) throws(Diagnostic) -> Comparison.Entry {
    var session = self
    var losses: [Double] = []
    var last = (step: 0, loss: try loss(of: objective))
    var ending = Comparison.Ending.finished
    var done = 0
    runs: for milestone in milestones {
      let before = done
      let outcome = try session.take(
        milestone - done, interrupted: interrupted, progress: { progress(before + $0) })
      done += outcome.taken
      // Looking back is not needed here; a long history would only take memory.
      session.timeline = Timeline(base: session.snapshot)
      let loss = try session.loss(of: objective)
      if loss.isFinite { last = (done, loss) }
      switch outcome.ending {
      case .finished, .conditionMet:
        guard done == milestone else { break runs }
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
