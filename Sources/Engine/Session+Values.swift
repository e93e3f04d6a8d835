// Giving parameters values by hand or from a file. Every way of doing so goes through here, so that a
// parameter never holds what no step would leave in it: a number the session's precision does not
// have, one past its bound, or one other than 0 where it is pruned.

import Tensors

/// A value a parameter was given, as the parameter holds it.
package struct HeldValue: Sendable {
  package let path: String
  package let value: Tensor
  /// How many elements stayed 0 since they are pruned, whatever they were given.
  package let pruned: Int
  /// How many elements were brought back within the bound, and the bound.
  package let bounded: Int
  package let bound: Double?
}

extension Session {
  /// What a parameter or buffer holds when it is given a value: rounded, bounded, masked, in the
  /// order in which a step does so.
  package func held(_ value: Tensor, at path: String) -> HeldValue {
    let isSingle = problem.precision == .float32
    func rounded(_ number: Double) -> Double { isSingle ? Double(Float(number)) : number }
    var elements = isSingle ? value.elements.map(rounded) : value.elements
    var bounded = 0
    let bound = snapshot.modes.bounds[path].map(rounded)
    let mask = snapshot.masks[path].flatMap { $0.shape == value.shape ? $0.elements : nil }
    if let bound {
      bounded = elements.indices.count { abs(elements[$0]) > bound && mask?[$0] != 0 }
      elements = elements.map { $0.bounded(by: bound) }
    }
    var pruned = 0
    if let mask {
      pruned = elements.indices.count { elements[$0] != 0 && mask[$0] == 0 }
      elements = zip(elements, mask).map { $1 == 0 ? 0 : $0 }
    }
    return HeldValue(
      path: path,
      value: Tensor(elements, shape: value.shape, type: isSingle ? .float32 : .float64),
      pruned: pruned, bounded: bounded, bound: bound)
  }

  /// Sets values in the snapshot; the history is the caller's to keep.
  mutating func set(_ values: [(path: String, value: Tensor)]) -> [HeldValue] {
    let held = values.map { self.held($0.value, at: $0.path) }
    for entry in held { snapshot[entry.path] = entry.value }
    return held
  }

  /// Sets a parameter by hand: an event that `back` reverts.
  package mutating func assign(_ parameter: Parameter, _ value: Tensor, what: String) -> HeldValue {
    let before = snapshot
    let held = self.held(value, at: parameter.path)
    snapshot[parameter.path] = held.value
    timeline.appendChange(what, before: before, after: snapshot)
    return held
  }
}

extension Double {
  /// The nearest number from -bound to bound.
  func bounded(by bound: Double) -> Double {
    // Adding 0 makes -0 to 0.
    min(max(self, -bound), bound) + 0
  }
}
