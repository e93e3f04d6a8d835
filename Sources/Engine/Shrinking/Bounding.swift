// Parameters brought within bounds: once, or after every step as Wasserstein GANs do (Arjovsky,
// Chintala & Bottou 2017, algorithm 1, line 7).

import Diagnostics
import Tensors

extension Session {
  /// Sets elements below -bound to it, and above bound to it: an event.
  /// - Parameter always: whether steps do the same from now on.
  /// - Returns: how many elements were outside, by parameter.
  package mutating func bound(
    _ parameters: [Parameter], to bound: Double, always: Bool, what: String
  ) -> [(path: String, outside: Int, count: Int)] {
    let before = snapshot
    var result: [(path: String, outside: Int, count: Int)] = []
    for parameter in parameters {
      let old = value(of: parameter)
      let new = old.elements.map { $0.bounded(by: bound) }
      snapshot[parameter.path] = Tensor(new, shape: old.shape)
      if always { snapshot.modes.bounds[parameter.path] = bound }
      result.append(
        (parameter.path, old.elements.count { abs($0) > bound }, old.elements.count))
    }
    timeline.appendChange(what, before: before, after: snapshot)
    return result
  }

  /// Lets steps go past the bounds again: an event. False when there were none.
  package mutating func unbound(_ parameters: [Parameter], what: String) -> Bool {
    let before = snapshot
    for parameter in parameters { snapshot.modes.bounds[parameter.path] = nil }
    guard snapshot != before else { return false }
    timeline.appendChange(what, before: before, after: snapshot)
    return true
  }
}
