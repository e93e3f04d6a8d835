// Pruning by magnitude: the elements nearest to 0 become 0 and stay 0.
//
// Han, Pool, Tran & Dally 2015; the global form takes one threshold for all tensors together.

import Diagnostics
import Notation
import Tensors

/// What pruning did to one parameter.
package struct PrunedParameter: Sendable {
  package let path: String
  package let shape: Shape
  package let zeros: Int
  /// The largest absolute value that became 0, and the smallest that is left; nil where there is none.
  package let largestPruned: Double?
  package let smallestKept: Double?

  package var count: Int { shape.count }
}

extension Session {
  /// Sets the smallest elements of these parameters to 0 and keeps them there: an event.
  /// - Parameters:
  ///   - share: the share of all elements, from 0 to 1, that are 0 afterwards.
  ///   - isGlobal: one ranking of all elements together, rather than one for each parameter.
  package mutating func prune(
    _ parameters: [Parameter], share: Double, isGlobal: Bool, what: String
  )
    -> [PrunedParameter]
  {
    let before = snapshot
    let values = parameters.map { value(of: $0) }
    let groups =
      isGlobal ? [Array(parameters.indices)] : parameters.indices.map { [$0] }
    // What is pruned already stays so.
    var masks = zip(parameters, values).map { parameter, value in
      snapshot.masks[parameter.path]?.elements
        ?? [Double](repeating: 1, count: value.elements.count)
    }
    for group in groups {
      // Ties are broken by place, so that the number pruned is exact.
      var ranking: [(size: Double, parameter: Int, place: Int)] = []
      for i in group {
        for (place, element) in values[i].elements.enumerated() {
          let isMasked = snapshot.masks[parameters[i].path]?.elements[place] == 0
          ranking.append((isMasked ? 0 : abs(element), i, place))
        }
      }
      ranking.sort { ($0.size, $0.parameter, $0.place) < ($1.size, $1.parameter, $1.place) }
      let count = (share * Double(ranking.count)).rounded(.toNearestOrEven)
      for entry in ranking.prefix(Int(exactly: count) ?? 0) {
        masks[entry.parameter][entry.place] = 0
      }
    }
    var result: [PrunedParameter] = []
    for (i, parameter) in parameters.enumerated() {
      let elements = values[i].elements
      let kept = zip(elements, masks[i]).map { $1 == 0 ? 0 : $0 }
      snapshot[parameter.path] = Tensor(kept, shape: values[i].shape)
      snapshot.masks[parameter.path] = Tensor(masks[i], shape: values[i].shape)
      let gone = zip(elements, masks[i]).filter { $1 == 0 }.map { abs($0.0) }
      let left = zip(elements, masks[i]).filter { $1 != 0 }.map { abs($0.0) }
      result.append(
        PrunedParameter(
          path: parameter.path, shape: values[i].shape, zeros: gone.count,
          largestPruned: gone.max(), smallestKept: left.min()))
    }
    timeline.appendChange(what, before: before, after: snapshot)
    return result
  }

  /// Lets pruned elements move again; they stay 0 until a step moves them. An event.
  package mutating func unprune(_ parameters: [Parameter], what: String) -> Bool {
    let before = snapshot
    for parameter in parameters { snapshot.masks[parameter.path] = nil }
    guard snapshot != before else { return false }
    timeline.appendChange(what, before: before, after: snapshot)
    return true
  }
}
