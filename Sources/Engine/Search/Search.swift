// search: the same run with other settings, each from the present parameters with fresh state, judged
// by a value at its end.
//
// The session itself is not touched. Settings are the points of a grid, or drawn: each value by
// itself from its list (Bergstra & Bengio, "Random search for hyper-parameter optimization", 2012).

import Diagnostics
import Notation
import Optimizers
import Tensors

/// Something that takes several values in a search.
package struct SearchAxis {
  package enum Target: Sendable, Equatable {
    /// A hyperparameter of the optimizer, wherever it has one of that name.
    case hyperparameter
    /// The number of rows in a batch.
    case batch
    /// A definition of the session.
    case definition
  }

  package let name: Name
  package let target: Target
  package let values: [Double]

  package init(name: Name, target: Target, values: [Double]) {
    self.name = name
    self.target = target
    self.values = values
  }
}

package struct Search {
  package enum Ending: Equatable {
    case finished
    /// The step that would not have been finite.
    case diverged(step: Int)
    case interrupted
  }

  package struct Result {
    /// A value for each axis.
    package let settings: [Double]
    /// The goal at the end: one number, or one a fold.
    package let scores: [Double]
    package let ending: Ending

    package var mean: Double {
      scores.isEmpty ? .nan : scores.reduce(0, +) / Double(scores.count)
    }

    /// Of the folds' scores, with n - 1 (Bessel); nil for fewer than two.
    package var deviation: Double? {
      guard scores.count > 1 else { return nil }
      let mean = mean
      let squares = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(scores.count - 1)).squareRoot()
    }
  }

  package let axes: [SearchAxis]
  /// What is minimised or maximised.
  package let goal: Expression
  package let isMaximized: Bool
  package let length: RunLength
  /// How many folds each setting is trained on; nil without cross-validation.
  package let folds: Int?
  /// How many settings there are to try.
  package let planned: Int
  package internal(set) var results: [Result] = []

  /// The results that finished with the best score.
  package var best: [Int] {
    let finished = results.indices.filter {
      results[$0].ending == .finished && results[$0].mean.isFinite
    }
    let scores = finished.map { results[$0].mean }
    guard let best = isMaximized ? scores.max() : scores.min() else { return [] }
    return finished.filter { results[$0].mean == best }
  }

  /// How a search is made.
  package struct Plan {
    package var axes: [SearchAxis]
    /// How many settings to draw; nil for all there are.
    package var draws: Int?
    package var seed = 0
    package var length = RunLength.steps(100)
    /// nil for the newest loss, on all the data.
    package var goal: Expression?
    package var isMaximized: Bool?
    package var crossValidates = false

    package init(axes: [SearchAxis]) { self.axes = axes }
  }

  /// How many settings a search may try.
  package static let mostSettings = 10_000
}

extension Session {
  /// What a name in a search means.
  package func searchTarget(_ name: Name, at span: Span) throws(Diagnostic) -> SearchAxis.Target {
    if name.canonical == "batch" { return .batch }
    let stages = problem.optimizer.flatMap(\.stages)
    if stages.contains(where: { $0.hyperparameters.contains { $0.name == name } }) {
      return .hyperparameter
    }
    switch problem.definitions[name] {
    case .value(let tensor) where tensor.shape.count == 1: return .definition
    case .formula:
      let now = try evaluateIfStepped(Expression(.name(name), span))
      if now?.shape.count == 1 { return .definition }
      throw Diagnostic(
        "search.tensor", "\(name.pretty) is a tensor; a search tries single numbers", at: span)
    default: break
    }
    let known =
      stages.flatMap { $0.hyperparameters.map(\.name.canonical) } + ["batch"]
      + problem.definitions.keys.map(\.canonical).sorted()
    throw Diagnostic(
      "search.name", "\(name.pretty) is no hyperparameter and no definition", at: span,
      help: didYouMean(name.canonical, in: known)
        ?? "the optimizer has: "
        + stages.flatMap { $0.hyperparameters.map(\.name.canonical) }.joined(separator: ", ")
        + "; batch is the number of rows in one")
  }

  /// Runs every setting.
  /// - Parameter progress: told the number of steps taken so far, and of all there are.
  package func search(
    _ plan: Search.Plan, interrupted: @escaping () -> Bool,
    progress: @escaping (Int, Int) -> Void
  ) throws(Diagnostic) -> Search {
    guard let objective = problem.objectives.last else {
      throw Diagnostic(
        "step.no-loss", "there is no loss to train with", help: "loss L = sum((w - 1)^2)")
    }
    let goal =
      plan.goal ?? Expression(.name(objective.name), objective.expression.span)
    let settings = try Search.settings(plan)
    let folds = try foldsToSearch(plan)
    var search = Search(
      axes: plan.axes, goal: goal,
      isMaximized: plan.isMaximized ?? (plan.goal == nil && objective.maximize),
      length: plan.length, folds: folds.map(\.count), planned: settings.count)
    try checkBefore(plan, goal, folds)
    // Batches of different sizes make epochs of different numbers of steps.
    var total = 0
    for setting in settings { total += try steps(of: plan, try trial(plan, setting, folds?.first)) }
    let all = total * (folds?.count ?? 1)
    var taken = 0
    for setting in settings {
      var scores: [Double] = []
      var ending = Search.Ending.finished
      for fold in folds.map({ $0.map(Optional.some) }) ?? [nil] {
        var fork = try trial(plan, setting, fold)
        let steps = try steps(of: plan, fork)
        let before = taken
        let outcome = try fork.take(
          RunRequest(
            steps, interrupted: interrupted, progress: { progress(before + $0, all) }))
        taken += steps
        switch outcome.ending {
        case .notFinite(let bad): ending = .diverged(step: bad.step)
        case .interrupted: ending = .interrupted
        case .finished, .conditionMet, .ruleMet:
          scores.append(try fork.evaluate(goal).scalar ?? .nan)
        }
        if ending != .finished { break }
      }
      search.results.append(
        Search.Result(settings: setting, scores: scores, ending: ending))
      if ending == .interrupted || interrupted() { break }
    }
    return search
  }

  /// The folds to train on; nil without cross-validation.
  private func foldsToSearch(_ plan: Search.Plan) throws(Diagnostic) -> [Fold]? {
    guard plan.crossValidates else { return nil }
    guard let name = foldedNames.first, let count = foldCount(of: name) else {
      throw Diagnostic(
        "search.folds", "no data is divided into folds", help: "split d into 5 folds")
    }
    guard foldedNames.allSatisfy({ foldCount(of: $0) == count }) else {
      throw Diagnostic(
        "search.folds", "data sets are divided into different numbers of folds",
        help: "split them together: split X, y into 5 folds")
    }
    return (1...count).map { Fold(names: foldedNames, number: $0) }
  }

  private func steps(of plan: Search.Plan, _ fork: Session) throws(Diagnostic) -> Int {
    try fork.steps(at: [plan.length.count], of: plan.length).last ?? 0
  }

  fileprivate struct Fold {
    let names: [Name]
    let number: Int
  }

  /// A copy with one setting, at the beginning.
  private func trial(_ plan: Search.Plan, _ setting: [Double], _ fold: Fold?) throws(Diagnostic)
    -> Session
  {
    var fork = self
    for name in fold?.names ?? [] {
      try fork.activateFold(fold?.number ?? 1, of: name)
    }
    try fork.changeProblem { (problem) throws(Diagnostic) in
      for (axis, value) in zip(plan.axes, setting) { try problem.set(axis, to: value) }
    }
    fork.startAfresh()
    return fork
  }

  /// Every value is tried beside the first of the others', and the goal, before anything runs.
  private func checkBefore(_ plan: Search.Plan, _ goal: Expression, _ folds: [Fold]?)
    throws(Diagnostic)
  {
    let first = plan.axes.map { $0.values.first ?? 0 }
    for (i, axis) in plan.axes.enumerated() {
      // The ends of a long list are enough for a hyperparameter; batches may be too large anywhere.
      let values =
        axis.target == .batch
        ? axis.values : [axis.values.first, axis.values.last].compactMap { $0 }
      for value in values {
        var setting = first
        setting[i] = value
        var fork = try trial(plan, setting, folds?.first)
        _ = try fork.stepper()
        let score = try fork.evaluateIfStepped(goal)
        if let score, score.shape.count != 1 {
          throw Diagnostic(
            "search.goal",
            "what a search goes by must be a single number; this has shape \(score.shape)",
            at: goal.span)
        }
      }
    }
  }
}

extension Search {
  /// The settings to try, the last axis changing fastest; drawn ones in the order they were drawn.
  static func settings(_ plan: Plan) throws(Diagnostic) -> [[Double]] {
    var count = 1
    for axis in plan.axes {
      let (product, overflows) = count.multipliedReportingOverflow(by: axis.values.count)
      count = overflows ? Int.max : product
    }
    if let draws = plan.draws, draws < count {
      return drawn(draws, of: plan)
    }
    guard count <= mostSettings else {
      throw Diagnostic(
        "search.many",
        "this makes \(count == Int.max ? "far too many" : "\(count)") settings; "
          + "\(mostSettings) are the most",
        help: "search 100 of … tries so many of them")
    }
    var settings: [[Double]] = [[]]
    for axis in plan.axes {
      settings = settings.flatMap { setting in axis.values.map { setting + [$0] } }
    }
    return settings
  }

  /// Different settings; where the same one comes up again, another is drawn.
  private static func drawn(_ draws: Int, of plan: Plan) -> [[Double]] {
    let stream = RandomStream(key: RandomStream.key([plan.seed, 0x7365_6172]), seed: 0)
    var settings: [[Double]] = []
    var seen = Set<[Double]>()
    var block = 0
    while settings.count < draws, block < 1000 * draws {
      var setting: [Double] = []
      for axis in plan.axes {
        let word = stream.block(block).0
        block += 1
        let place = Int(word.multipliedFullWidth(by: UInt64(axis.values.count)).high)
        setting.append(axis.values[place])
      }
      if seen.insert(setting).inserted { settings.append(setting) }
    }
    return settings
  }
}

extension Problem {
  fileprivate mutating func set(_ axis: SearchAxis, to value: Double) throws(Diagnostic) {
    switch axis.target {
    case .batch: try setBatchSize(.rows(Int(exactly: value) ?? 1))
    case .definition: definitions[axis.name] = .value(Tensor(value))
    case .hyperparameter:
      let number = Expression(.number(value, spelling: "\(value)"), noSpan)
      optimizer = optimizer.map { group in
        var group = group
        group.stages = group.stages.map { $0.setting(axis.name, to: number) ?? $0 }
        return group
      }
    }
  }
}
