// Numbers that are right for a neighbouring rule: an average where a sum is kept, Nesterov's step where
// plain momentum is taken, a bias correction where there is none, weight decay in the gradient where it
// stands beside it.
//
// Only rules with the shape for it have such neighbours; nothing is made up for others.

import Notation
import Tensors

extension Suspects {
  /// What a line comes to in a neighbouring rule, by the lines it depends on.
  func neighbours(of target: Int, _ needed: [Int]) -> [Mutant] {
    let lines = needed + [target]
    return lines.flatMap { place -> [Mutant] in
      guard let kept = KeptState(place, step, rule) else { return [] }
      // At first there is nothing to sum up.
      let old = step.environment(at: place)[RuleLines.oldName(of: kept.name)]
      let begins = old?.elements.allSatisfy { $0 == 0 } == true
      let readers = lines.filter { reader in
        reader > place && step.lines[reader].name != kept.name
          && step.lines[reader].expression?.names.contains(kept.name) == true
      }
      return (begins && kept.complement != nil ? [] : kept.asSumOrAverage(place))
        + kept.asNesterov(readers, step)
        + kept.corrected(readers, step, rule)
    } + coupledDecay(target, lines)
  }

  /// Weight decay added to the gradient, where the rule takes it from the parameter directly.
  private func coupledDecay(_ target: Int, _ lines: [Int]) -> [Mutant] {
    guard
      let first = lines.first(where: {
        step.lines[$0].expression == nil && step.lines[$0].name.canonical == "g"
      })
    else { return [] }
    return mutants(of: target).filter { $0.mistake == "decay-left-out" }.compactMap { plain in
      guard
        let decay = step.lines[target].expression?.names.first(where: {
          rule.roles[$0] == .weightDecay
        })
      else { return nil }
      let gradient = Expression.of(
        .add, .of(WorkedStep.rightName(of: step.lines[first].name)),
        .of(.multiply, .of(decay), .of(rule.parameter)))
      return Mutant(
        mistake: "coupled-decay",
        says: "the weight decay is added to the gradient, as with an L2 penalty", line: target,
        expression: plain.expression, habit: "", also: [(first, gradient)])
    }
  }
}

/// A state that a line goes on with: `v = β·v + g`, `m = β·m + (1 - β)·g`.
private struct KeptState {
  let name: Name
  let decay: Expression
  /// The term with the state.
  let old: Expression
  /// What is new, with its sign.
  let fresh: Expression
  let isNegative: Bool
  /// The factor 1 - β of what is new, where it has one.
  let complement: Expression?

  init?(_ place: Int, _ step: WorkedStep, _ rule: RuleLines) {
    let line = step.lines[place]
    guard line.isState, let expression = line.expression else { return nil }
    let terms = TermList(expression).terms
    guard terms.count == 2, let old = terms.first(where: { $0.value.names.contains(line.name) }),
      let fresh = terms.first(where: { !$0.value.names.contains(line.name) }), !old.isNegative,
      case .binary(.multiply, let a, let b) = old.value.kind,
      let decay = b.name == line.name ? a : a.name == line.name ? b : nil, let beta = decay.name,
      rule.hyper.contains(beta)
    else { return nil }
    name = line.name
    self.decay = decay
    self.old = old.value
    self.fresh = fresh.value
    isNegative = fresh.isNegative
    var complement: Expression?
    _ = fresh.value.contains { part in
      if part.complemented?.name == beta { complement = part }
      return false
    }
    self.complement = complement
  }

  private func sum(_ a: Expression, _ b: Expression) -> Expression {
    .of(isNegative ? .subtract : .add, a, b)
  }

  func asSumOrAverage(_ place: Int) -> [Mutant] {
    let value: Expression
    let id: String
    let says: String
    if let complement {
      let whole = fresh.replacing { $0.isSame(as: complement) ? .number(1) : nil }
      value = sum(.of(name), whole)
      (id, says) = ("sum-for-average", "\(name.pretty) is summed up, not averaged")
    } else {
      value = sum(old, .of(.multiply, .of(.subtract, .number(1), decay), fresh))
      (id, says) = (
        "average-for-sum", "what is new has a factor 1 - \(decay.shown), as in an average"
      )
    }
    return [Mutant(mistake: id, says: says, line: place, expression: value, habit: nil)]
  }

  /// A step that looks one step of the velocity ahead.
  func asNesterov(_ readers: [Int], _ step: WorkedStep) -> [Mutant] {
    guard complement == nil else { return [] }
    let ahead = Expression.of(.add, isNegative ? .negated(fresh) : fresh, old)
    return readers.compactMap { reader in
      guard let expression = step.lines[reader].expression,
        !expression.names.contains(where: { fresh.names.contains($0) })
      else { return nil }
      return Mutant(
        mistake: "nesterov-for-plain",
        says: "Nesterov's step \(ahead.shown) is taken for \(name.pretty)",
        line: reader, expression: expression.replacing(name, by: ahead), habit: nil)
    }
  }

  /// A bias correction that the rule does not make.
  func corrected(_ readers: [Int], _ step: WorkedStep, _ rule: RuleLines) -> [Mutant] {
    let time = Name(canonical: "t")
    guard complement != nil, !rule.lines.contains(where: { $0.value.names.contains(time) })
    else { return [] }
    let correction = Expression.of(
      .subtract, .number(1), .of(.power, decay, .of(time)))
    return readers.compactMap { reader in
      guard let expression = step.lines[reader].expression else { return nil }
      return Mutant(
        mistake: "needless-correction",
        says:
          "\(name.pretty) is divided by \(correction.shown), a bias correction that is not made here",
        line: reader,
        expression: expression.replacing(name, by: .of(.divide, .of(name), correction)),
        habit: nil)
    }
  }
}
