// Taking steps: runs in chunks, checkpoints on the way, stops at the first bad step.

import Diagnostics
import Notation
import Optimizers
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a run ended before its count.
package enum StepEnding {
  case finished
  /// The `until` condition holds.
  case conditionMet
  /// The standing rule says so.
  case ruleMet(StopRule)
  /// Ctrl-C; the last whole step is kept.
  case interrupted
  /// The next step would not be finite; the session is at the last good one.
  case notFinite(BadStep)
}

/// A step that was not kept.
package struct BadStep {
  package let step: Int
  /// The first line with a value that is not finite, if it was a line of the rule.
  package let line: StepRecord.Line?
  package let parameter: Name?
  package let loss: (name: Name, value: Double)?
  /// Where in the loss it comes from.
  package var cause: String?
  /// The rows that the loss was taken of; nil for all of the data.
  package var rows: BatchRows?
}

/// What a run looks at after each step: a condition to stop at, values to hand out.
package final class Lookout {
  package let stop: Expression?
  package let observed: [Expression]
  /// The condition of a standing rule.
  var rule: Expression?
  /// A value on all the data that is judged after every step; a run ends when `judge` says so.
  var judged: Expression?
  var judge: ((Double) -> Bool)?
  private var conditions: [(isRule: Bool, programs: PlanPrograms, node: NodeID)] = []
  private var judgedNodes: [(programs: PlanPrograms, node: NodeID)] = []
  private var compiled: [(programs: PlanPrograms, program: Program, nodes: [NodeID])] = []

  package init(stop: Expression? = nil, observed: [Expression] = []) {
    self.stop = stop
    self.observed = observed
  }

  /// The program that takes a step and looks; the last one asked for is the one that is read.
  func program(for programs: PlanPrograms) throws(Diagnostic) -> Program {
    if let last = compiled.last, last.programs === programs { return last.program }
    if let place = compiled.firstIndex(where: { $0.programs === programs }) {
      compiled.append(compiled.remove(at: place))
      return compiled[compiled.count - 1].program
    }
    let plan = programs.plan
    var nodes: [NodeID] = []
    for expression in observed { nodes.append(try plan.lowerAfterStep(expression)) }
    var condition: NodeID?
    var watched = nodes
    for (isRule, expression) in [(false, stop), (true, rule)] {
      guard let expression else { continue }
      let node: NodeID
      do throws(Diagnostic) {
        node = try Lookout.condition(expression, isRule: isRule, in: plan)
      } catch {
        throw isRule ? error.ofStandingRule : error
      }
      conditions.append((isRule, programs, node))
      watched.append(node)
      if let other = condition {
        condition = try plan.lowering.apply(
          .or, [other, node], operands: [], at: expression.span)
      } else {
        condition = node
      }
    }
    if let judged {
      let node: NodeID
      do throws(Diagnostic) {
        node = try plan.lowerAfterStep(judged.onAllData)
      } catch {
        throw error.ofStandingRule
      }
      judgedNodes.append((programs, node))
      watched.append(node)
    }
    let program = try programs.compile(
      outputs: watched, carries: plan.carries, guards: plan.guards, stop: condition)
    // A stepper has two plans at most.
    compiled = compiled.suffix(1) + [(programs, program, nodes)]
    return program
  }

  private static func condition(_ expression: Expression, isRule: Bool, in plan: StepPlan)
    throws(Diagnostic) -> NodeID
  {
    let node = try plan.lowerAfterStep(expression)
    let found = plan.lowering.graph[node]
    guard found.shape.count == 1, found.elementType == .bool else {
      let word = isRule ? "stop when" : "until"
      throw Diagnostic(
        "until.shape", "\(word) needs a single true or false", at: expression.span,
        help: "for example \(word) L < 1e-3, or \(word) norm(g) < 1e-6")
    }
    return try plan.lowering.reshape(node, to: .scalar, at: expression.span)
  }

  /// Whether a program must be looked at after every step.
  var isObserving: Bool { !observed.isEmpty || judged != nil }

  /// Which of the conditions held after the last step.
  var stopHolds: Bool { holds(isRule: false) }
  var ruleHolds: Bool { holds(isRule: true) }

  private func holds(isRule: Bool) -> Bool {
    guard let last = compiled.last,
      let condition = conditions.last(where: {
        $0.isRule == isRule && $0.programs === last.programs
      })
    else { return false }
    return last.program.read(condition.node).scalar == 1
  }

  /// Whether the value that is judged ends the run.
  func isJudged() -> Bool {
    guard let judge, let last = compiled.last,
      let node = judgedNodes.last(where: { $0.programs === last.programs })?.node
    else { return false }
    return judge(last.program.read(node).scalar ?? .nan)
  }

  /// What was looked at, after a step of the program asked for last.
  func values() -> [Tensor] {
    guard let last = compiled.last else { return [] }
    return last.nodes.map { last.program.read($0) }
  }
}

extension Diagnostic {
  /// The same of a rule that was typed long ago, and how to be rid of it.
  fileprivate var ofStandingRule: Diagnostic {
    var error = self
    error.help = (help.map { $0 + "; " } ?? "") + "stop off ends the rule"
    return error
  }
}

extension Expression {
  /// `full(…)` of it.
  var onAllData: Expression {
    Expression(
      .call(Callee(path: [Name(canonical: "full")], span: span), [Argument(value: self)]), span)
  }
}

extension Session {
  /// The most steps between two looks at the clock.
  private static let largestChunk = 1 << 16
  /// How long a chunk should take.
  private static let chunkNanoseconds: UInt64 = 25_000_000

  /// Takes the steps of a request.
  /// - Returns: how many steps were taken, and why no more.
  package mutating func take(_ request: RunRequest) throws(Diagnostic) -> (
    taken: Int, ending: StepEnding
  ) {
    let (count, lookout, interrupted) = (request.count, request.lookout, request.interrupted)
    let stepper = try stepper(for: request.source)
    var taken = 0
    var chunk = 256
    if lookout == nil {
      // Steps taken before and gone back from are the same again: the branch goes on.
      taken = min(count, timeline.stepsAhead(by: stepper))
      if taken > 0 { try move(to: timeline.position + taken) }
    }
    while taken < count {
      let before = snapshot
      // The last step of a run is a chunk of its own, so that the one before it has a snapshot.
      let left = count - taken
      let size = left == 1 ? 1 : min(chunk, left - 1)
      let began = monotonicNanoseconds()
      let start = step
      let run = try stepper.run(
        from: before, steps: size, lookout: lookout, interrupted: interrupted,
        observe: { (number, values) throws(Diagnostic) in
          try request.observe(start + number, values)
        })
      var after = run.snapshot
      // A program counts the iteration that ended it; a broken one is no step.
      let completed = run.result.completed - (run.result.reason == .notFinite ? 1 : 0)
      if run.result.reason == .notFinite || run.result.isBroken {
        after = completed > 0 ? try stepper.run(from: before, steps: completed).snapshot : before
      }
      if completed > 0 {
        timeline.appendSteps(
          completed, by: stepper, before: try stepper.prepared(before), after: after)
        snapshot = after
        taken += completed
      }
      switch run.result.reason {
      case .finished: break
      case .stopped: return (taken, .conditionMet)
      case .interrupted: return (taken, .interrupted)
      case .notFinite:
        // A loss that is not finite is found a step late, when the next gradient is taken.
        if taken > 0, let bad = try takeBackIfLossNotFinite(stepper) {
          return (max(0, taken - 1), .notFinite(bad))
        }
        return (taken, .notFinite(try badStep(stepper)))
      }
      request.progress(taken)
      if interrupted() && taken < count { return (taken, .interrupted) }
      let spent = max(1, monotonicNanoseconds() - began)
      let ideal = Double(size) * Double(Session.chunkNanoseconds) / Double(spent)
      chunk = max(1, min(Session.largestChunk, ideal < 1 ? 1 : Int(min(ideal, 1e9)), chunk * 4))
    }
    if taken > 0, let bad = try takeBackIfLossNotFinite(stepper) {
      return (max(0, taken - 1), .notFinite(bad))
    }
    return (taken, .finished)
  }

  /// Takes one step with gradients given by hand, in the order of `gradients`.
  package mutating func take(given gradients: [[String: Tensor]]) throws(Diagnostic) {
    guard let first = gradients.first else { return }
    let names = problem.parameters.filter { first[$0.path] != nil }.map(\.name)
    let stepper = try stepper(for: .given(names))
    for given in gradients {
      let before = try stepper.prepared(snapshot)
      let run = try stepper.run(from: before, given: given)
      guard run.result.reason != .notFinite else {
        let record = try stepper.record(from: before, step: step + 1, given: given).record
        throw badStepError(BadStep.first(in: record))
      }
      timeline.appendSteps(1, by: stepper, given: [given], before: before, after: run.snapshot)
      snapshot = run.snapshot
    }
  }

  private func badStep(_ stepper: Stepper) throws(Diagnostic) -> BadStep {
    let record = try stepper.record(from: snapshot, step: step + 1).record
    return BadStep.first(in: record)
  }

  /// A loss that the last step has made not finite, on the rows that the step took: the step is taken
  /// back. Only for a run that has taken a step: what lies before it is no fault of its own. A loss
  /// that is so on the coming rows alone is not the step's fault; it stays, and the next one is
  /// refused.
  private mutating func takeBackIfLossNotFinite(_ stepper: Stepper) throws(Diagnostic) -> BadStep? {
    guard try stepper.losses(at: snapshot).contains(where: { !$0.isFinite })
    else { return nil }
    let before = try snapshot(at: timeline.position - 1)
    let values = try stepper.losses(at: stepper.asIf(after: before, snapshot))
    for (entry, value) in zip(stepper.plan.objectives, values) where !value.isFinite {
      let reached = step
      let moment = try now.onRows(stepper.rows(after: before))
      let cause = moment.causeOfNotFinite(entry.objective.expression)
      let record = try record()
      let moved = record?.parameters.first
      timeline.dropLast()
      snapshot = try snapshot(at: timeline.position)
      return BadStep(
        step: reached, line: moved?.lines.last { $0.isParameter }, parameter: moved?.name,
        loss: (entry.objective.name, value), cause: cause)
    }
    return nil
  }

  /// The error a bad step is reported as.
  package func badStepError(_ bad: BadStep) -> Diagnostic {
    let place = bad.line.map { line in
      let left = line.isParameter ? bad.parameter ?? line.name : line.name
      let right = bad.parameter.map { line.expression?.ofParameter($0) } ?? line.expression
      return "\(left.pretty) \(line.isParameter ? "←" : "=") "
        + (line.formula ?? right?.text(.pretty) ?? "")
    }
    let help = "the session is at step \(step), the last good one; a smaller learning rate may help"
    if let loss = bad.loss, bad.line == nil {
      let rows = bad.rows.map { " on the coming batch (\($0.text))" } ?? ""
      return Diagnostic(
        "step.loss-not-finite",
        "\(loss.name.pretty) is \(NumberFormat.text(loss.value, digits: settings.digits))\(rows) at step "
          + "\(step), so no step can be taken"
          + (causeNow(of: loss.name, on: bad.rows).map { ": \($0)" } ?? ""),
        help: bad.rows == nil
          ? "steps begin where the loss is finite: choose other values, or go back"
          : "step \(step) is kept; show batch lists the coming rows, and batch chooses others")
    }
    if let loss = bad.loss {
      return Diagnostic(
        "step.loss-not-finite",
        "step \(bad.step) makes \(loss.name.pretty) \(NumberFormat.text(loss.value, digits: settings.digits))"
          + (place.map { ", by the line \($0)" } ?? "") + (bad.cause.map { ": \($0)" } ?? ""),
        help: help)
    }
    return Diagnostic(
      "step.not-finite",
      "step \(bad.step) gives a value that is not finite"
        + (place.map { ", first in the line \($0)" } ?? ""), help: help)
  }
}

extension Session {
  private func causeNow(of loss: Name, on rows: BatchRows?) -> String? {
    guard let moment = try? now.onRows(rows) else { return nil }
    return problem.objective(loss).flatMap { moment.causeOfNotFinite($0.expression) }
  }
}

extension Expression {
  /// A line of a rule with the parameter's own name in it.
  fileprivate func ofParameter(_ name: Name) -> Expression {
    replacing { part in
      guard case .name(let other) = part.kind, ["w", "theta"].contains(other.canonical) else {
        return nil
      }
      return Expression(.name(name), part.span)
    }
  }
}

extension BatchRows {
  /// `row 3`, `rows 3, 1, 7`, long lists cut short.
  fileprivate var text: String {
    let shown = indices.prefix(8).map(String.init).joined(separator: ", ")
    return (count == 1 ? "row " : "rows ") + shown + (count > 8 ? ", …" : "")
  }
}

extension BadStep {
  /// The first place in a record where something is not finite.
  static func first(in record: StepRecord) -> BadStep {
    for objective in record.objectives where !objective.before.isFinite {
      return BadStep(
        step: record.step, line: nil, parameter: nil, loss: (objective.name, objective.before),
        rows: record.batch)
    }
    for parameter in record.parameters {
      for line in parameter.lines where !line.value.elements.allSatisfy(\.isFinite) {
        return BadStep(step: record.step, line: line, parameter: parameter.name, loss: nil)
      }
    }
    return BadStep(step: record.step, line: nil, parameter: nil, loss: nil)
  }
}

func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}
