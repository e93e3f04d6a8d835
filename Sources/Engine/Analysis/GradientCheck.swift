// Gradients held against differences: is what the graph says the slope really is?
//
// Central differences with two step widths and Richardson's extrapolation (error h⁴), in float64
// whatever the session's precision. Where a difference disagrees, the two sides are looked at with
// shrinking steps: at a kink they differ however small the step, and no single slope is right.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct GradientCheck {
  package enum Verdict: String, Sendable {
    case right
    /// Right, though a kink lies within the difference's reach.
    case rightBesideKink
    /// At a kink: ours lies between the slopes on both sides.
    case kink
    /// At a jump of the loss, where there is no slope.
    case jump
    case wrong
    /// Neither number means anything: the loss is not finite beside the point.
    case notFinite
  }

  package struct Entry {
    package let parameter: Name
    package let indices: [Int]
    package let ours: Double
    package let numeric: Double
    /// How far the two are apart, relative to the larger of them.
    package let error: Double
    /// Whether rounding of the loss alone can bring them as far apart.
    package let isRounding: Bool
    package let verdict: Verdict
    /// The slopes to the left and to the right, at a kink.
    package let sides: (left: Double, right: Double)?
  }

  /// All elements of a large parameter at once, along a direction of signs.
  package struct Direction {
    package let parameter: Name
    package let ours: Double
    package let numeric: Double
    package let error: Double
    package let isRight: Bool
  }

  package let loss: String
  package let value: Double
  /// Worst first.
  package var entries: [Entry] = []
  package var directions: [Direction] = []
  package var checkedCount: Int { entries.count }
  package var elementCount = 0
  package var interrupted = false
  /// The largest error that still counts as right.
  package static let tolerance = 1e-6

  package var isRight: Bool {
    entries.allSatisfy { $0.verdict != .wrong && $0.verdict != .notFinite }
      && directions.allSatisfy(\.isRight)
  }

  /// More elements than this are not all looked at one by one.
  static let mostElements = 200
  /// About as many multiplications as all the differences together may take.
  static let mostWork = 2_000_000_000
}

extension Moment {
  /// Checks the gradient of a loss by every parameter it depends on.
  package func gradientCheck(of loss: Expression, interrupted: () -> Bool) throws(Diagnostic)
    -> GradientCheck
  {
    let prober = try SlopeProber(self, loss: loss)
    guard prober.value.isFinite else {
      throw Diagnostic(
        "gradcheck.not-finite", "\(loss.text(.pretty)) is \(prober.value) here", at: loss.span,
        help: "gradients mean nothing where the loss is not finite; back goes to an earlier step")
    }
    guard !prober.parameters.isEmpty else {
      throw Diagnostic(
        "gradcheck.constant", "\(loss.text(.pretty)) depends on no parameter", at: loss.span,
        help: session.problem.parameters.isEmpty ? "declare one: param w = [1, -2]" : nil)
    }
    var check = GradientCheck(loss: loss.text(.pretty), value: prober.value)
    let share = max(3, prober.affordableElements / prober.parameters.count)
    for (number, entry) in prober.parameters.enumerated() {
      let count = entry.value.shape.count
      check.elementCount += count
      let isSampled = count > share
      for i in 0..<min(count, share) {
        if interrupted() {
          check.interrupted = true
          break
        }
        // Evenly spread, the first and the last among them.
        let place = isSampled ? i * (count - 1) / (share - 1) : i
        check.entries.append(prober.check(parameter: number, element: place))
      }
      if isSampled, !check.interrupted { check.directions.append(prober.checkAll(of: number)) }
    }
    check.entries.sort { a, b in
      (a.verdict.rank, b.meantError, a.parameter.canonical) < (
        b.verdict.rank, a.meantError, b.parameter.canonical
      )
    }
    return check
  }
}

extension GradientCheck.Entry {
  /// The error, unless it says nothing: beside 0 a rounding error is as large as the number.
  package var meantError: Double {
    isRounding && error > GradientCheck.tolerance ? 0 : error
  }
}

extension GradientCheck.Verdict {
  fileprivate var rank: Int {
    switch self {
    case .wrong, .notFinite: 0
    case .kink, .jump: 1
    case .rightBesideKink: 2
    case .right: 3
    }
  }
}
