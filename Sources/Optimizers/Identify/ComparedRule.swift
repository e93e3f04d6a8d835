// A rule beside the catalogue for those who ask several things of it: which rules it is, which of some,
// which is nearest. Each is worked out when it is first asked, and once.
//
// `Identification` tells all of it, with the calls of libraries and what to change; a verdict does not
// need that.

import Notation
import Synchronization

final class ComparedRule {
  let rule: Rule
  let given: [Name: HyperRole]
  let isStopped: Stopping
  private let id = ComparedRule.count.add(1, ordering: .relaxed).newValue
  private static let count = Atomic(0)
  private var among: [Set<String>: [Identification.Match]] = [:]

  /// - Parameter given: what some of its hyperparameters are for, in place of what its lines show.
  init(_ rule: Rule, given: [Name: HyperRole] = [:], isStopped: Stopping = .never) {
    self.rule = rule
    self.given = given
    self.isStopped = isStopped
  }

  /// The rules of the catalogue that it is, the plainest first.
  private(set) lazy var equal = beside { $0.equal(among: $1).map(\.match) } ?? []

  /// Those of these rules that it is, the plainest first.
  func equal(to names: Set<String>) -> [Identification.Match] {
    if let known = among[names] { return known }
    let found = names.isEmpty ? [] : beside { $0.equal(to: names, among: $1) } ?? []
    among[names] = found
    return found
  }

  /// The rule whose lines are most alike, among those that it is not; one that it is where there is any.
  private(set) lazy var nearest = equal.first ?? beside { $0.nearest(among: $1) } ?? nil

  /// Its own runs take most of the time: they are made once, as long as no other rule is asked about.
  private func beside<Answer: Sendable>(
    _ ask: @Sendable (Subject, Candidates) -> Answer
  ) -> Answer? {
    Candidates.shared.withLock { [id, rule, given, isStopped] candidates in
      let subject = candidates.subject(id) { Subject(rule, given: given, isStopped: isStopped) }
      return subject.map { ask($0, candidates) }
    }
  }
}
