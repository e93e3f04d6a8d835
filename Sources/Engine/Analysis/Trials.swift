// Steps taken on a copy of the session to be looked at: the coming ones, or those of several
// optimizers from the same start. Their values are read off the copies' histories.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// A copy of the session that went its own way.
package struct Trial {
  /// As it was typed.
  package let text: String
  package let session: Session
  package let taken: Int
  package let ending: StepEnding

  /// Whether Ctrl-C ended it.
  package var wasInterrupted: Bool {
    if case .interrupted = ending { true } else { false }
  }
}

extension Session {
  /// The session after up to `count` more steps of the optimizer in force.
  package func ahead(
    _ count: Int, interrupted: @escaping () -> Bool, progress: @escaping (Int) -> Void
  ) throws(Diagnostic) -> Trial {
    var fork = self
    let outcome = try fork.take(
      RunRequest(count, interrupted: interrupted, progress: progress))
    return Trial(text: "", session: fork, taken: outcome.taken, ending: outcome.ending)
  }

  /// Hyperparameters that are formulas of t in some updates, which are counted from 1; before the
  /// first they have no value. Nothing is stepped, so neither a parameter nor a loss is needed.
  package func formulasOfT(_ names: [Name], atUpdates updates: [Int]) throws(Diagnostic)
    -> [HistoryRow]
  {
    let lowering = Lowering()
    let t = lowering.graph.input("t", shape: .scalar, type: .float64)
    let scope = BoundScope(
      bindings: [Name(canonical: "t"): .node(t)],
      outer: ProblemScope(problem, leaves: InputLeaves()))
    var nodes: [NodeID] = []
    for name in names {
      guard let formula = formulas(of: name).first else {
        throw Diagnostic("schedule.unknown", "no optimizer has a hyperparameter \(name.pretty)")
      }
      nodes.append(try lowering.lower(formula, in: scope))
    }
    let program: Program
    do {
      program = try Program(
        graph: lowering.graph, outputs: nodes, precision: problem.precision,
        interrupted: interrupted)
    } catch {
      throw TensorProse(error).diagnostic
    }
    return updates.map { update in
      guard update > 0 else { return HistoryRow(step: update, values: nodes.map { _ in nil }) }
      program.write(Tensor(Double(update)), to: t)
      _ = program.run(steps: 1)
      return HistoryRow(step: update, values: nodes.map { program.read($0) })
    }
  }

  /// What a hyperparameter is in each stage that has it.
  private func formulas(of name: Name) -> [Expression] {
    problem.optimizer.flatMap { group in
      group.stages.flatMap { stage in
        stage.hyperparameters.filter { $0.name == name }.map(\.value)
      }
    }
  }

  /// Whether a name is a hyperparameter whose every formula is one of t and stored values alone.
  package func isFormulaOfT(_ name: Name) -> Bool {
    guard !problem.optimizer.isEmpty, problem.parameter(name) == nil,
      problem.definitions[name] == nil, problem.objective(name) == nil
    else { return false }
    let formulas = formulas(of: name)
    let names =
      problem.parameters.map(\.name) + problem.objectives.map(\.name)
      + (problem.batching == nil ? [] : [Name(canonical: "epoch")])
    return !formulas.isEmpty
      && formulas.allSatisfy { formula in
        let calls = formula.calledNames.map(\.canonical)
        return !formula.usesPlateau && !calls.contains("grad")
          && Set(calls).isDisjoint(with: problem.models.map(\.name.canonical))
          && !names.contains { expression(formula, uses: $0) }
      }
  }

  /// Whether an expression can change along a run: it uses a parameter, a model or a value of a step.
  package func changesWithSteps(_ expression: Expression) -> Bool {
    let names =
      problem.parameters.map(\.name) + problem.models.map(\.name)
      + (stepNames + ["t"]).map { Name(canonical: $0) }.filter { problem.definitions[$0] == nil }
    return names.contains { expression.names.contains($0) || self.expression(expression, uses: $0) }
      || expression.calledNames.contains { called in problem.models.contains { $0.name == called } }
  }

  /// Each optimizer for so long from the present parameters, with fresh state and from the beginning
  /// of an epoch; each trial keeps its history.
  /// - Parameter progress: told the number of steps taken by all of them together, and of all there
  ///   are.
  package func trials(
    _ contenders: [Contender], for length: RunLength, interrupted: @escaping () -> Bool,
    progress: @escaping (Int, Int) -> Void
  ) throws(Diagnostic) -> [Trial] {
    let forks = try forks(contenders, milestones: [length.count], of: length)
    let total = forks.reduce(0) { $0 + ($1.stops.last ?? 0) }
    var trials: [Trial] = []
    var before = 0
    for (contender, fork) in zip(contenders, forks) {
      let count = fork.stops.last ?? 0
      var session = fork.session
      let outcome = try session.take(
        RunRequest(
          count, interrupted: interrupted,
          progress: { [before] in progress(before + $0, total) }))
      before += count
      trials.append(
        Trial(
          text: contender.text, session: session, taken: outcome.taken, ending: outcome.ending))
      if case .interrupted = outcome.ending { break }
    }
    return trials
  }

  /// A copy at the end of another branch.
  package func atEnd(ofBranch number: Int) throws(Diagnostic) -> Session {
    var copy = self
    if number != timeline.current { try copy.switchTo(branch: number) }
    return copy
  }

  /// How the last steps of a branch were taken: `adam, batch 32`; nil where there were none.
  package func manner(ofBranch number: Int) -> String? {
    guard timeline.branches.indices.contains(number) else { return nil }
    for stretch in timeline.branches[number].stretches.reversed() {
      switch stretch.kind {
      case .change: continue
      case .given: return "gradients given"
      case .steps(let stepper):
        var titles: [String] = []
        for group in stepper.problem.optimizer where !titles.contains(group.title) {
          titles.append(group.title)
        }
        if let size = stepper.problem.batching?.size { titles.append("batch \(size)") }
        return titles.joined(separator: ", ")
      }
    }
    return nil
  }

  /// How many steps make an epoch; nil where steps see all of the data.
  package var stepsPerEpoch: Int? {
    guard problem.batching?.takesRows == true, let layout = try? epochLayout() else { return nil }
    return layout.updates
  }

  /// The expressions of the trainable numbers, when there are at most `limit` of them: `w[0]`, `b`.
  package func elementExpressions(atMost limit: Int) throws(Diagnostic) -> [Expression]? {
    let free = problem.parameters.filter { !snapshot.frozen.contains($0.path) }
    guard free.reduce(0, { $0 + min($1.initial.shape.count, limit + 1) }) <= limit else {
      return nil
    }
    var texts: [String] = []
    for parameter in free {
      let shape = parameter.initial.shape
      guard shape.rank > 0 else {
        texts.append(parameter.path)
        continue
      }
      for place in 0..<shape.count { texts.append(parameter.path + shape.subscripts(of: place)) }
    }
    do {
      return try texts.map { text in
        var parser = try Parser(Source(text))
        return try parser.parseExpression()
      }
    } catch let error as any DiagnosticConvertible {
      throw error.diagnostic
    } catch {
      throw Diagnostic("internal", "\(error)")
    }
  }
}

extension Expression {
  /// Whether a schedule with a memory is in it.
  fileprivate var usesPlateau: Bool {
    if case .call(let callee, _) = kind, Plateau.spelling(callee.path) != nil { return true }
    return children.contains { $0.usesPlateau }
  }
}

extension Shape {
  /// The subscripts of the element at a place: `[1, 0]`; nothing for a scalar.
  package func subscripts(of place: Int) -> String {
    guard rank > 0 else { return "" }
    var rest = place
    var places: [Int] = []
    for dimension in dimensions.reversed() {
      places.append(dimension > 0 ? rest % dimension : 0)
      rest = dimension > 0 ? rest / dimension : 0
    }
    return "[" + places.reversed().map(String.init).joined(separator: ", ") + "]"
  }
}
