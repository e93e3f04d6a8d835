// The state of a sitting: the problem, the numbers, their history and a few switches.
//
// A value: copying it is cheap, so an input line that fails, or is undone, simply puts the old one
// back. Nothing here prints.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// When a step prints every line of the update.
package enum TraceMode: String, Sendable, CaseIterable {
  /// A single `step` in full, several in one line each.
  case auto
  case on
  case off
}

/// An expression that is shown with every step.
package struct Watch {
  package let text: String
  package let expression: Expression

  package init(text: String, expression: Expression) {
    self.text = text
    self.expression = expression
  }
}

package struct Settings: Sendable, Equatable {
  /// Significant digits shown.
  package var digits = 6
  /// ASCII names and signs only; nil leaves it to the terminal.
  package var ascii: Bool?
  package var trace = TraceMode.auto
  /// Threads a large step may use; 0 lets the executor choose.
  package var threads = 0

  package init() {}
}

package struct Session {
  package internal(set) var problem = Problem()
  package internal(set) var timeline = Timeline() {
    // Copies of a session share one cache, so what one of them has seen must not serve another whose
    // history went elsewhere, as after undo.
    didSet { recordCache = RecordCache() }
  }
  /// The numbers at the present position.
  package internal(set) var snapshot = Snapshot()
  package var settings = Settings()
  package var watches: [Watch] = []
  package var recording: Recording?
  /// Ends runs early; how it has gone so far.
  package internal(set) var stopRule: StopRule?
  package internal(set) var trendProgress = TrendProgress()
  /// The last value an expression had.
  package var answer: Tensor?
  /// Asked while something is evaluated that takes long.
  package var interrupted: () -> Bool = { false }
  /// Counts input lines; random tensors on a bare line are keyed by it.
  package var statementNumber = 0
  /// The lines that made this session, for `save` and `history`.
  package var lines: [String] = []
  /// `step until …` stops here unless a count is given.
  package static let untilLimit = 100_000
  /// How many steps one command may ask for.
  package static let maximumSteps = 1_000_000_000

  /// What was compiled for the present problem; dropped when the problem changes.
  var steppers: [GradientSource: Stepper] = [:]
  var recordCache = RecordCache()
  let compiled = CompiledSteppers()
  /// Notes on what was evaluated, until somebody takes them.
  package let notes = NoteBook()

  package init() {}

  /// The session's step count.
  package var step: Int { timeline.step }

  /// Changes the problem; whatever was compiled for the old one is dropped.
  package mutating func changeProblem(
    _ change: (inout Problem) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    try change(&problem)
    steppers = [:]
  }

  /// The stepper for the present problem and the parameters that are free to move.
  package mutating func stepper(for source: GradientSource = .objectives) throws(Diagnostic)
    -> Stepper
  {
    if let known = steppers[source], known.modes == snapshot.modes { return known }
    try checkReady(for: source)
    let made = try Stepper(
      problem, modes: snapshot.modes, source: source, compiled: compiled)
    guard !made.plan.parameters.isEmpty else {
      throw Diagnostic(
        "step.nothing", "no parameter is free to move",
        help: "unfreeze one, or give the optimizer a group for it")
    }
    steppers[source] = made
    return made
  }

  private func checkReady(for source: GradientSource) throws(Diagnostic) {
    if problem.parameters.isEmpty {
      throw Diagnostic("step.no-parameter", "there is no parameter yet", help: "param w = [1, -2]")
    }
    if problem.optimizer.isEmpty {
      throw Diagnostic(
        "step.no-optimizer", "no optimizer is chosen yet", help: "optimizer adam(lr=0.1)")
    }
    if problem.objectives.isEmpty, !source.isGiven {
      throw Diagnostic(
        "step.no-loss", "there is no loss yet",
        help: "loss L = sum((w - 1)^2), or give a gradient: step g=[0.1, -0.2]")
    }
  }

  /// Forgets the record of the last step, which is worked out again when somebody asks. For copies
  /// that are only kept to go back to.
  package mutating func dropRecord() { recordCache = RecordCache() }

  // MARK: Parameters

  /// Declares a parameter. Its value starts the history anew: step 0 is now.
  package mutating func declare(_ parameter: Parameter) {
    var parameters = problem.parameters.filter { $0.name != parameter.name }
    if let place = problem.parameters.firstIndex(where: { $0.name == parameter.name }) {
      parameters.insert(parameter, at: place)
    } else {
      parameters.append(parameter)
    }
    problem.parameters = parameters
    problem.definitions[parameter.name] = nil
    steppers = [:]
    snapshot[parameter.path] = parameter.initial
    snapshot.forgetState(of: parameter.path)
    snapshot.forgetModes(of: parameter.path)
    if timeline.isEmpty {
      timeline = Timeline(base: snapshot)
    } else if !(timeline.base[parameter.path] == nil) {
      timeline = Timeline(base: snapshot)
    } else {
      timeline.base[parameter.path] = parameter.initial
    }
  }

  /// A parameter's present value.
  package func value(of parameter: Parameter) -> Tensor {
    snapshot[parameter.path] ?? parameter.initial
  }

  /// Freezes or frees parameters: an event that `back` reverts.
  package mutating func setFrozen(_ paths: [String], _ frozen: Bool, what: String) {
    let before = snapshot
    if frozen {
      snapshot.frozen.formUnion(paths)
    } else {
      snapshot.frozen.subtract(paths)
    }
    guard snapshot != before else { return }
    timeline.appendChange(what, before: before, after: snapshot)
  }
}

/// Notes gathered while evaluating; each place in a text is noted once.
package final class NoteBook {
  private var pending: [Diagnostic] = []
  private var seen = Set<String>()

  func add(_ notes: [Diagnostic]) {
    for note in notes {
      guard let span = note.span else { continue }
      let key = "\(ObjectIdentifier(span.source)) \(span.start) \(note.message)"
      if seen.insert(key).inserted { pending.append(note) }
    }
  }

  /// What has been noted since the last time.
  package func take() -> [Diagnostic] {
    defer { pending = [] }
    return pending
  }
}
