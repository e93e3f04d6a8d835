// stop when …: a standing rule that ends runs early, by a condition or by a value that no longer gets
// better.
//
// Counting is that of Keras' and Lightning's EarlyStopping: each check that brings no new best adds
// one to the wait, a new best sets it to 0, and the run ends when the wait reaches the patience. The
// first check is the first best.

import Diagnostics
import Notation
import Tensors

package struct StopRule {
  package enum Kind {
    /// Looked at after every step, in the step.
    case condition(Expression)
    case trend(Trend)
  }

  /// As it was typed.
  package let text: String
  package let kind: Kind

  package init(text: String, kind: Kind) {
    self.text = text
    self.kind = kind
  }
}

/// A value that should get better, on all of the data and in eval mode.
package struct Trend {
  package enum Direction: String, Sendable, CaseIterable {
    /// Less is better; stops when it falls no more.
    case rises
    /// More is better; stops when it rises no more.
    case falls
    /// Less is better, and by little does not count.
    case stalls
  }

  package let expression: Expression
  package let direction: Direction
  /// How many checks in a row without a new best end a run.
  package let patience: Int
  /// Whether it is checked at the end of epochs; else after every step.
  package let isByEpoch: Bool
  /// By how much a new best must be better; nil is nothing, or for `stalls` a ten-thousandth of it.
  package let margin: Double?

  package init(
    _ expression: Expression, _ direction: Direction, patience: Int, isByEpoch: Bool,
    margin: Double? = nil
  ) {
    self.expression = expression
    self.direction = direction
    self.patience = patience
    self.isByEpoch = isByEpoch
    self.margin = margin
  }

  func isBetter(_ value: Double, than best: Double) -> Bool {
    switch direction {
    case .rises: value < best - (margin ?? 0)
    case .falls: value > best + (margin ?? 0)
    case .stalls: value < best - (margin ?? abs(best) * 1e-4)
    }
  }
}

/// How a trend has gone so far.
package struct TrendProgress {
  /// A moment in the history.
  package struct Place: Equatable {
    package var branch: Int
    package var events: Int
    package var step: Int
  }

  package var best: (value: Double, place: Place)?
  /// Checks since the best.
  package var wait = 0
  package var last: Double?
  /// Where the last run ended: a run from elsewhere begins anew.
  var end: Place?
  /// Whether the next check is the first of a run that begins anew.
  var beginsAnew = false

  /// Takes note of a value.
  /// - Returns: whether the patience is at its end.
  mutating func check(_ value: Double, at place: Place, by trend: Trend) -> Bool {
    last = value
    if beginsAnew {
      best = nil
      wait = 0
      beginsAnew = false
    }
    if let known = best?.value, !value.isNaN, known.isNaN || trend.isBetter(value, than: known) {
      best = (value, place)
      wait = 0
    } else if best == nil {
      best = (value, place)
    } else {
      wait += 1
    }
    return wait >= trend.patience
  }
}

/// A value of all the data at a snapshot, compiled once for the problem that a stepper runs.
final class Gauge {
  private let expression: Expression
  private var compiled: (programs: PlanPrograms, program: Program, node: NodeID)?

  init(_ expression: Expression) { self.expression = expression }

  func value(at session: Session, _ stepper: Stepper) throws(Diagnostic) -> Double {
    let programs = stepper.programs(after: session.snapshot).programs
    if compiled == nil {
      do throws(Diagnostic) {
        let node = try programs.plan.lowerWhole(expression)
        compiled = (programs, try programs.compile(outputs: [node]), node)
      } catch {
        // Names of the step are known to the session alone.
        return try session.evaluate(expression).scalar ?? .nan
      }
    }
    guard let compiled else { return .nan }
    compiled.programs.load(session.snapshot, into: compiled.program)
    _ = compiled.program.run(steps: 1)
    return compiled.program.read(compiled.node).scalar ?? .nan
  }
}
