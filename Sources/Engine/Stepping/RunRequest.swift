// What a run is asked for: how far, what it looks at on the way, whom it tells.

import Diagnostics
import Notation
import Tensors

package struct RunRequest {
  /// The most steps it takes.
  package let count: Int
  package var lookout: Lookout?
  /// The one loss whose parameters move; nil for all.
  package let objective: Name?
  package let interrupted: () -> Bool
  /// Called after every step with the session's step and what `lookout` sees.
  package let observe: (Int, [Tensor]) throws(Diagnostic) -> Void
  /// Called now and then with the number of steps taken so far.
  package let progress: (Int) -> Void

  package init(
    _ count: Int, lookout: Lookout? = nil, only objective: Name? = nil,
    interrupted: @escaping () -> Bool,
    observe: @escaping (Int, [Tensor]) throws(Diagnostic) -> Void = { _, _ in },
    progress: @escaping (Int) -> Void = { _ in }
  ) {
    self.count = count
    self.lookout = lookout
    self.objective = objective
    self.interrupted = interrupted
    self.observe = observe
    self.progress = progress
  }

  /// The same with something to look at.
  func with(_ lookout: Lookout) -> RunRequest {
    var request = self
    request.lookout = lookout
    return request
  }

  /// The part of it that follows so many steps.
  func part(_ count: Int, after taken: Int) -> RunRequest {
    let progress = progress
    return RunRequest(
      count, lookout: lookout, only: objective, interrupted: interrupted, observe: observe,
      progress: { progress(taken + $0) })
  }

  var source: GradientSource { objective.map(GradientSource.objective) ?? .objectives }
}
