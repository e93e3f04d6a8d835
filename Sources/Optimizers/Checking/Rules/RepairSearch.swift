// The mistake in a printed rule that is told by putting it right: a mistake that is another one's opposite,
// made in the printed rule, gives a known rule.
//
// It finds what a look-up among the known rules' mistakes cannot, such as a minimum for a maximum where
// the text also says where it starts, which is nothing to the maximum.

import Notation

struct RepairSearch {
  /// A line that has to be another for the rule to be a known one.
  struct Found {
    let known: KnownRule
    let match: RoleMatch
    let mistake: Mistake
    let name: Name
    let printed: Expression
    let meant: Expression
  }

  private let rule: Rule
  private let table: KnownTable
  private let values: [Name: Double]
  private let isStopped: Stopping

  init(_ rule: Rule, _ known: [KnownRule], _ own: RoleValues, _ isStopped: Stopping) {
    self.rule = rule
    self.isStopped = isStopped
    table = KnownTable(known, own: own, isStopped)
    values = own.probing
  }

  /// The known rule that the rule itself is.
  func equal() -> (KnownRule, RoleMatch)? {
    QuickRule(rule).flatMap { table.equal($0, values).first }
  }

  /// No known rule has nearly as many hyperparameters or lines.
  private static let mostHyperparameters = 16
  private static let mostLines = 40

  func found() -> [Found] {
    let lines = RuleLines(rule)
    guard lines.hyper.count <= RepairSearch.mostHyperparameters,
      lines.lines.count <= RepairSearch.mostLines
    else { return [] }
    var found: [Found] = []
    for place in lines.lines.indices {
      for mutant in Mistakes.mutants(ofLine: place, in: lines) where !isStopped() {
        guard let id = Mistakes.opposites[mutant.mistake],
          let mistake = Mistakes.catalogue.first(where: { $0.id == id }),
          let other = rule.with(mutant, lines), let quick = QuickRule(other),
          let (known, match) = table.equal(quick, values).first, match.effort == 0
        else { continue }
        found.append(
          Found(
            known: known, match: match, mistake: mistake, name: lines.lines[place].name,
            printed: lines.lines[place].value, meant: mutant.expression))
      }
    }
    return found.enumerated().sorted {
      ($0.element.mistake.doubt.rawValue, $0.offset)
        < ($1.element.mistake.doubt.rawValue, $1.offset)
    }.map(\.element)
  }
}
