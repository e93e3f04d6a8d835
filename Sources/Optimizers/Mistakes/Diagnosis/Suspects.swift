// The numbers that each mistake in a step would give, worked out once for all answers.
//
// From the plainest to the most far-fetched: other quantities of the step, the asked line's own
// mistakes, those of earlier lines carried on, the same mistake in several lines.

import Notation
import Tensors

package final class Suspects {
  package let step: WorkedStep
  let rule: RuleLines
  /// The mistakes of each line, made when first needed.
  private var mutants: [Int: [Mutant]] = [:]
  /// What they make of a line.
  private var outcomes: [Int: [Outcome]] = [:]
  private let isStopped: Stopping

  /// A mistake and the value that the asked line has with it.
  struct Outcome {
    let mutant: Mutant
    let kind: Diagnosis.Cause.Kind
    let value: Tensor
  }

  /// - Parameter isStopped: ends a search; what is judged by then has no cause.
  package init(_ step: WorkedStep, isStopped: Stopping = .never) {
    self.step = step
    self.isStopped = isStopped
    rule = step.ruleLines
  }

  /// Judges numbers typed for a line.
  package func diagnosis(
    of answer: TypedAnswer, line: Int, quantities: [KnownQuantity] = []
  ) -> Diagnosis {
    guard step.lines.indices.contains(line) else {
      return Diagnosis(
        agreements: answer.numbers.map { _ in .wrong }, causes: [], explained: [])
    }
    let asked = step.lines[line]
    let before = asked.isParameter ? step.before.fitting(asked.value.shape) : nil
    return Diagnosis.judged(answer, asked.value, before: before) { part in
      causes(of: SuspectWords(answer: part, line: line, step: step, rule: rule), quantities)
    }
  }

  private func causes(of words: SuspectWords, _ quantities: [KnownQuantity]) -> [Diagnosis.Cause] {
    var found = words.quantities(and: quantities)
    let named = Set(found.compactMap(\.line).map { step.lines[$0].name })
    var seen = Set(found.map(\.says))
    var told: [Outcome] = []
    // Told only where nothing else explains the number.
    var lastResorts: [Diagnosis.Cause] = []
    for outcome in outcomes(of: words.line)
    where words.answer.shows(outcome.value, of: words.shape) {
      // A name alone is the quantity, which is listed.
      if let name = outcome.mutant.expression.name, named.contains(name) { continue }
      // What needs the same slip in several lines is thought of last, and two digits are too few to
      // look into earlier lines where there is something nearer.
      if !found.isEmpty {
        if !outcome.mutant.also.isEmpty { continue }
        if outcome.kind == .carried, words.answer.numbers.contains(where: { $0.digits < 3 }) {
          continue
        }
      }
      // m for m̂ here, or m̂ without its correction in its own line: told once.
      let isKnown = told.contains {
        $0.mutant.mistake == outcome.mutant.mistake && $0.mutant.line != outcome.mutant.line
          && $0.value.isNearly(outcome.value)
      }
      if isKnown { continue }
      told.append(outcome)
      let cause = words.cause(outcome.mutant, outcome.kind)
      guard seen.insert(cause.says).inserted else { continue }
      if outcome.mutant.isLastResort { lastResorts.append(cause) } else { found.append(cause) }
    }
    if !found.isEmpty { return found }
    return lastResorts.isEmpty ? words.parts() : lastResorts
  }

  /// The mistakes that can be made in a line. Every element of a small one is another's neighbour.
  func mutants(of line: Int) -> [Mutant] {
    if let known = mutants[line] { return known }
    var made: [Mutant] = []
    if step.lines[line].expression != nil {
      let shape = step.lines[line].value.shape
      let isSmall =
        step.elementIndices == nil && shape.rank > 0 && shape.count > 1 && shape.count <= 16
      made = Mistakes.mutants(
        ofLine: line, in: rule,
        neighbours: isSmall ? (0..<shape.count).map { shape.indices(at: $0) } : [],
        vectors: Set(step.environment(at: line).filter { $0.value.shape == shape }.keys))
    }
    made += stale(line)
    mutants[line] = made
    return made
  }

  /// Values of the step before taken for those of this one: g before it was worked out anew.
  private func stale(_ line: Int) -> [Mutant] {
    guard let expression = step.lines[line].expression else { return [] }
    return expression.names.compactMap { name in
      guard step.previous[name] != nil, !rule.states.contains(name) else { return nil }
      return Mutant(
        mistake: "previous-value", says: "\(name.pretty) is taken as it was in the step before",
        line: line,
        expression: expression.replacing(name, by: .of(WorkedStep.previousName(of: name))),
        habit: nil)
    }
  }

  func outcomes(of line: Int) -> [Outcome] {
    if let known = outcomes[line] { return known }
    var found: [Outcome] = []
    var isWhole = true
    func add(_ mutant: Mutant, _ kind: Diagnosis.Cause.Kind) {
      if !isWhole || isStopped() {
        isWhole = false
        return
      }
      let changes = Dictionary(mutant.changedLines.map { ($0.line, $0.expression) }) { a, _ in a }
      guard let value = step.value(ofLine: line, with: changes),
        value.fitting(step.lines[line].value.shape) != nil
      else { return }
      found.append(Outcome(mutant: mutant, kind: kind, value: value))
    }
    for mutant in mutants(of: line) { add(mutant, .mistake) }
    let needed = step.lines(neededFor: line)
    for earlier in needed {
      // Another element's number, carried on, is too far-fetched.
      for mutant in mutants(of: earlier) where mutant.mistake != "index-swapped" {
        add(mutant, .carried)
      }
    }
    let single = (needed + [line]).flatMap { mutants(of: $0) }
    for mutant in Mistakes.habits(single, rule) { add(mutant, .carried) }
    for mutant in neighbours(of: line, needed) { add(mutant, .carried) }
    for mutant in forgotten(needed + [line]) + gradients(needed) + scaled(line) {
      add(mutant, .carried)
    }
    if isWhole { outcomes[line] = found }
    return isWhole ? found : []
  }
}

extension Tensor {
  /// Equal up to rounding.
  fileprivate func isNearly(_ other: Tensor) -> Bool {
    shape == other.shape
      && zip(elements, other.elements).allSatisfy {
        $0 == $1 || abs($0 - $1) <= 1e-12 * max(abs($0), abs($1))
      }
  }
}
