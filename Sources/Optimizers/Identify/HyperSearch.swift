// The ways in which a catalogue rule's hyperparameters may answer to those of a rule.
//
// One that does the same gets the same value; decays may be complements, the learning rate may hold a
// factor 1 - β. A hyperparameter without counterpart is switched off, or takes a number that the rule
// prints.

import Notation

struct HyperSearch {
  let own: [Name]
  let ownRoles: [Name: HyperRole]
  let values: [Name: Double]
  let literals: [Double]
  let candidate: Rule
  let roles: [Name: HyperRole]

  struct Attempt {
    var values: [Name: Double] = [:]
    var words: [Name: String] = [:]
  }

  /// What one hyperparameter of the candidate may be.
  private typealias Option = (value: Double, words: String)

  /// No more are tried.
  private static let limit = 48

  func attempts() -> [Attempt] {
    let parameters = candidate.declaration.parameters.map(\.name)
    var used: [HyperRole: Int] = [:]
    var options: [(Name, [Option])] = []
    for name in parameters {
      let role = roles[name] ?? .other
      let place = used[role, default: 0]
      used[role, default: 0] += 1
      options.append((name, self.options(name, role, place)))
    }
    // Every hyperparameter of the rule has to have a counterpart, or the numbers cannot agree.
    var attempts = [Attempt()]
    for (name, choices) in options {
      var next: [Attempt] = []
      for attempt in attempts {
        for choice in choices {
          var extended = attempt
          extended.values[name] = choice.value
          extended.words[name] = choice.words
          next.append(extended)
        }
      }
      attempts = Array(next.prefix(HyperSearch.limit))
    }
    return attempts
  }

  private func options(_ name: Name, _ role: HyperRole, _ place: Int) -> [Option] {
    let decays: Set<HyperRole> = [.firstDecay, .secondDecay, .other, .constant]
    let same = own.filter { ownRoles[$0] == role }
    var result: [Option] = []
    func add(_ own: Name) {
      guard let value = values[own] else { return }
      result.append((value, own.pretty))
    }
    if place < same.count { add(same[place]) }
    // What does nothing recognisable may do anything.
    if same.isEmpty, role == .weightDecay || role == .epsilon {
      for other in own where ownRoles[other] == .other { add(other) }
    }
    if role == .learningRate {
      for decay in own where ownRoles[decay] == .firstDecay {
        guard let rate = same.first, let lr = values[rate], let beta = values[decay] else {
          continue
        }
        result.append((lr * (1 - beta), "\(rate.pretty)·(1 - \(decay.pretty))"))
        result.append((lr / (1 - beta), "\(rate.pretty)/(1 - \(decay.pretty))"))
      }
      if same.isEmpty { result.append((1, "1")) }
      for literal in literals where same.isEmpty { result.append((literal, "\(literal)")) }
      return result
    }
    if decays.contains(role) {
      for other in own
      where decays.contains(ownRoles[other] ?? .other)
        && !(place < same.count && same[place] == other)
      {
        add(other)
      }
      for other in same.prefix(2) {
        if let value = values[other] { result.append((1 - value, "1 - \(other.pretty)")) }
      }
      for literal in literals.prefix(3) { result.append((literal, "\(literal)")) }
    }
    if result.isEmpty || role == .weightDecay || role == .epsilon || role == .other {
      result.append((0, "0"))
      if role == .epsilon {
        for literal in literals.prefix(2) { result.append((literal, "\(literal)")) }
      }
    }
    return result
  }
}
