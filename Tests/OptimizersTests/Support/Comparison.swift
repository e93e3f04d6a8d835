// How far two tensors are apart, and the problems that the recorded runs were made on.

import Foundation
import Tensors
import Testing

/// The largest difference relative to the recorded value, or absolute where that is below 1.
/// A number that is not finite is infinitely far away.
func relativeDifference(_ seen: Tensor, _ recorded: Tensor) -> Double {
  guard seen.shape.broadcast(with: recorded.shape) == recorded.shape else { return .infinity }
  var worst = 0.0
  for (i, expected) in recorded.elements.enumerated() {
    let element = seen.shape == recorded.shape ? seen.elements[i] : seen.scalar ?? .nan
    let apart = abs(element - expected) / max(1, abs(expected))
    guard apart.isFinite else { return .infinity }
    worst = max(worst, apart)
  }
  return worst
}

/// Where recorded runs start and what gradients they get.
struct RecordedProblem {
  let start: Tensor
  /// One gradient a step; nil for an objective.
  let tape: [Tensor]?
  let objective: String?

  init(_ entry: JSON) {
    start = (entry["start"] ?? .null).tensor
    tape = entry["grads"]?.list?.map(\.tensor)
    objective = entry["objective"]?.text
  }

  var source: GradientSource { objective.map(GradientSource.objective) ?? .given }

  static func all() throws -> [String: RecordedProblem] {
    Dictionary(
      try Recorded.object("problems.json").members.map { ($0.key, RecordedProblem($0.value)) },
      uniquingKeysWith: { a, _ in a })
  }
}

/// The worst case of each rule, printed as a table at the end of a test.
struct WorstCases {
  private var worst: [String: (distance: Double, runs: Int, where: String)] = [:]

  mutating func note(_ name: String, _ distance: Double, in problem: String) {
    var entry = worst[name] ?? (0, 0, problem)
    entry.runs += 1
    if distance > entry.distance { (entry.distance, entry.where) = (distance, problem) }
    worst[name] = entry
  }

  func printed(_ title: String) -> String {
    var lines = [title]
    for (name, entry) in worst.sorted(by: { $0.key < $1.key }) {
      lines.append(
        "  " + name.padding(toLength: 34, withPad: " ", startingAt: 0)
          + "\(entry.runs) runs".leftPadded(8) + "  worst "
          + (entry.distance == 0 ? "0" : String(format: "%.1e", entry.distance)).leftPadded(7)
          + "  \(entry.where)")
    }
    return lines.joined(separator: "\n")
  }
}

extension String {
  fileprivate func leftPadded(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
