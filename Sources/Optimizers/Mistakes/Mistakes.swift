// All single mistakes that can be made in a line or in a rule.
//
// A line with a mistake that computes the same as the line itself is none, and of several that compute
// the same the one listed first stands for all. Which mistake was made is never decided here.

import Diagnostics
import Notation

package enum Mistakes {
  /// In the order in which they are preferred: where two come to the same formula, the first names it.
  package static let catalogue: [Mistake] = [
    .noCorrection, .plainForCorrected, .doubleCorrection, .correctedAgain,
    .bothCorrectionsUnderRoot, .rootOfCorrection, .correctionsInverted,
    .timeOffByOne, .exponentLeftOut, .productForPower,
    .swappedWeights, .betaOneForBetaTwo, .betaTwoForBetaOne, .otherDecay, .complement,
    .missingComplement, .missingDecay,
    .momentsSwapped, .unusedState, .oldAccumulator, .oldMoment, .oldGradient, .newForOld,
    .gradientForMoment,
    .otherMoment,
    .lookaheadSign, .lookaheadLeftOut, .decaySign, .decayLeftOut, .decayUnscaled, .sign,
    .missingSquare, .doubledForSquared, .squareOfProduct, .missingRoot, .squareForRoot,
    .epsilonOutsideFraction,
    .epsilonInsideRoot, .epsilonOutsideRoot, .epsilonLeftOut,
    .rateLeftOut, .rateInside, .rateOutside,
    .minForMax, .maxForMin, .sumForMean, .meanForSum, .factorTwo, .absoluteLeftOut, .signLeftOut,
    .branchesSwapped, .clipLeftOut, .exponentSign, .notGathered,
    .reciprocal, .inverted, .missingParentheses, .divisorLeftOut, .factorLeftOut, .termLeftOut,
    .extraCorrection, .extraTime, .extraComplement, .extraDecay, .extraSquare, .extraRoot,
    .momentForGradient, .intermediateForGradient, .gradientForIntermediate, .otherStateBefore,
    .stepFromParameter, .correctionsSwapped, .coefficientsSwapped, .indexSwapped,
  ]

  /// The mistakes that put right what others do, and hardly anything else.
  static let opposites: [String: String] = {
    var all = [
      "beta1-for-beta2": "beta2-for-beta1", "min-for-max": "max-for-min",
    ]
    for (one, other) in all { all[other] = one }
    for own in [
      "sign", "lookahead-sign", "decay-sign", "swapped-weights", "moments-swapped", "complement",
      "time-off-by-one",
    ] { all[own] = own }
    return all
  }()

  /// No line has more; longer ones are those of no textbook.
  package static let most = 250

  /// The lines that single mistakes make of one.
  package static func mutants(ofLine index: Int, in rule: Rule) -> [Mutant] {
    mutants(ofLine: index, in: RuleLines(rule))
  }

  /// - Parameters:
  ///   - neighbours: elements beside the one that is asked for, for indices that are mixed up.
  ///   - vectors: the names that have such elements.
  package static func mutants(
    ofLine index: Int, in rule: RuleLines, neighbours: [[Int]] = [], vectors: Set<Name> = []
  ) -> [Mutant] {
    guard rule.lines.indices.contains(index) else { return [] }
    let context = LineContext(rule, index, neighbours: neighbours, vectors: vectors)
    var sieve = FormulaSieve(context.value)
    var mutants: [Mutant] = []
    for mistake in catalogue {
      for change in mistake.changes(context) where sieve.isNew(change.expression) {
        mutants.append(
          Mutant(
            mistake: mistake.id, says: change.says, line: index, expression: change.expression,
            habit: mistake.habit, doubt: mistake.doubt(of: change, in: context)))
        if mutants.count == most { return mutants }
      }
    }
    return mutants
  }

  /// The rules that single mistakes make of one, those that are made in several lines at once behind
  /// those in one.
  package static func variants(of rule: Rule) -> [(Mutant, Rule)] {
    let lines = RuleLines(rule)
    let single = lines.lines.indices.flatMap { mutants(ofLine: $0, in: lines) }
    return (single + habits(single, lines)).compactMap { mutant in
      rule.with(mutant, lines).map { (mutant, $0) }
    }
  }

  /// The same mistake in every line where it can be made in the same words, or in the same order.
  static func habits(_ single: [Mutant], _ rule: RuleLines) -> [Mutant] {
    var result: [Mutant] = []
    let made = Dictionary(grouping: single.filter { $0.habit != nil }, by: \.mistake)
    for mistake in made.keys.sorted() {
      let perLine = Dictionary(grouping: made[mistake] ?? [], by: \.line)
        .sorted { $0.key < $1.key }.map(\.value)
      for place in 0..<(perLine.map(\.count).max() ?? 0) {
        let together = perLine.compactMap { place < $0.count ? $0[place] : nil }
        guard together.count > 1, let first = together.first, let habit = first.habit else {
          continue
        }
        let names = together.map { rule.lines[$0.line].name.pretty }
        let list = names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
        result.append(
          Mutant(
            mistake: mistake, says: (habit.isEmpty ? first.says : habit) + ", for " + list,
            line: first.line, expression: first.expression, habit: habit,
            also: together.dropFirst().map { ($0.line, $0.expression) }, doubt: first.doubt))
      }
    }
    return result
      + [rule.correctionsSwapped(in: Set(single.map(\.line)))].compactMap { $0 }
  }
}

extension Rule {
  /// The rule with a mistake in it; nil when it is no rule any more.
  func with(_ mutant: Mutant, _ lines: RuleLines) -> Rule? {
    try? Rule(declaration(with: mutant, lines))
  }

  /// What the rule with a mistake in it declares, which may be no rule any more.
  /// - Parameter state: what is a state then, from 0 on.
  func declaration(
    with mutant: Mutant, _ lines: RuleLines, starting state: Name? = nil
  ) -> RuleDeclaration {
    var declaration = self.declaration
    var place = 0
    let changed = Dictionary(
      mutant.changedLines.map { ($0.line, $0.expression) }, uniquingKeysWith: { first, _ in first })
    declaration.body = Rule.replacing(changed, &place, in: declaration.body)
    // What is taken as it was before gets a line that keeps it.
    let known = Set(lines.lines.map(\.name) + lines.hyper)
    var kept: [RuleStatement] = []
    for name in lines.givenNames.sorted() {
      let old = RuleLines.oldName(of: name)
      guard !known.contains(old),
        mutant.changedLines.contains(where: { $0.expression.names.contains(old) })
      else { continue }
      kept.append(
        .assign(
          RuleStatement.Line(
            name: old, nameSpan: declaration.nameSpan, value: .of(name),
            span: declaration.nameSpan)))
    }
    let first =
      declaration.body.firstIndex { statement in
        switch statement {
        case .let, .state: false
        case .assign, .when, .repeat: true
        }
      } ?? declaration.body.endIndex
    declaration.body.insert(contentsOf: kept, at: first)
    if let state {
      declaration.body.insert(
        .state(
          RuleStatement.Line(
            name: state, nameSpan: declaration.nameSpan, value: .number(0),
            span: declaration.nameSpan)), at: 0)
    }
    return declaration
  }

  private static func replacing(
    _ changed: [Int: Expression], _ place: inout Int, in body: [RuleStatement]
  ) -> [RuleStatement] {
    body.map { statement in
      switch statement {
      case .let, .state: return statement
      case .assign(var line):
        if let other = changed[place] { line.value = other }
        place += 1
        return .assign(line)
      case .when(let branches, let otherwise):
        var changedBranches = branches
        for branch in branches.indices {
          changedBranches[branch].body = replacing(changed, &place, in: branches[branch].body)
        }
        return .when(changedBranches, otherwise: replacing(changed, &place, in: otherwise))
      case .repeat(let count, let inner):
        return .repeat(count, replacing(changed, &place, in: inner))
      }
    }
  }
}
