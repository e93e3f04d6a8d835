// A rule beside the catalogue for those who ask several things of it: which rules it is, which of some,
// which is nearest. Each is worked out when it is first asked, and once.
//
// `Identification` tells all of it, with the calls of libraries and what to change; a verdict does not
// need that.

import Notation

final class ComparedRule {
  let rule: Rule
  let given: [Name: HyperRole]
  let isStopped: Stopping
  private var among: [Set<String>: [Identification.Match]] = [:]

  /// - Parameter given: what some of its hyperparameters are for, in place of what its lines show.
  init(_ rule: Rule, given: [Name: HyperRole] = [:], isStopped: Stopping = .never) {
    self.rule = rule
    self.given = given
    self.isStopped = isStopped
  }

  /// The rules of the catalogue that it is, the plainest first.
  private(set) lazy var equal = ComparedRule.equal(rule, given, isStopped)

  /// Those of these rules that it is, the plainest first.
  func equal(to names: Set<String>) -> [Identification.Match] {
    if let known = among[names] { return known }
    let found = names.isEmpty ? [] : ComparedRule.equal(rule, given, isStopped, to: names)
    among[names] = found
    return found
  }

  /// The rule whose lines are most alike, among those that it is not; one that it is where there is any.
  private(set) lazy var nearest = equal.first ?? ComparedRule.nearest(rule, given, isStopped)

  /// - Parameter names: of the rules that are asked about; all while nil.
  private static func equal(
    _ rule: Rule, _ given: [Name: HyperRole], _ isStopped: Stopping, to names: Set<String>? = nil
  ) -> [Identification.Match] {
    Candidates.shared.withLock { candidates in
      guard let subject = Subject(rule, given: given, isStopped: isStopped) else { return [] }
      guard let names else { return subject.equal(among: candidates).map(\.match) }
      return subject.equal(to: names, among: candidates)
    }
  }

  private static func nearest(
    _ rule: Rule, _ given: [Name: HyperRole], _ isStopped: Stopping
  ) -> Identification.Match? {
    Candidates.shared.withLock { candidates in
      Subject(rule, given: given, isStopped: isStopped)?.nearest(among: candidates)
    }
  }
}
