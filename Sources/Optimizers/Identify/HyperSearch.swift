// The ways in which a candidate's hyperparameters may answer to those of a rule, the plainest first.
//
// `HyperForms` says what each of them may be; here one form is chosen for each, so that nothing on which
// the rule's numbers depend is left out.

import Notation

struct HyperSearch {
  let forms: HyperForms
  /// Without these the numbers cannot agree.
  let needed: Set<Name>
  var isStopped: Stopping = .never

  /// Ways to give a candidate's hyperparameters, the plainest first.
  struct Attempts {
    let names: [Name]
    /// What each hyperparameter may be, as formulas of the rule's own and t.
    let options: [[HyperForms.Option]]
    /// For each way, the place of each hyperparameter's option, and how far it is from the plainest.
    let choices: [(choice: [Int], effort: Int)]
    /// Nothing that matters in the rule is left out. Where that cannot be, there is one way, to be near
    /// by.
    let isComplete: Bool

    func forms(_ choice: [Int]) -> [Name: Expression] {
      var forms: [Name: Expression] = [:]
      for (place, index) in choice.enumerated() { forms[names[place]] = options[place][index].form }
      return forms
    }
  }

  /// How far from the plainest an attempt may be, and how many are made: few changes first, so that the
  /// limit cuts off the far-fetched.
  private static let budgets = [1, 2, 4]
  private static let limit = 160

  func attempts(_ candidate: RoleValues) -> Attempts {
    let options = forms.options(of: candidate)
    let choices = HyperSearch.choices(
      options.map(\.options), needed: needed, budgets: HyperSearch.budgets,
      limit: HyperSearch.limit, isStopped)
    return Attempts(
      names: options.map(\.name), options: options.map(\.options),
      choices: choices.isEmpty ? [([Int](repeating: 0, count: options.count), 0)] : choices,
      isComplete: !choices.isEmpty)
  }

  /// How many names are looked for, a bit each. No known rule has nearly as many hyperparameters.
  private static let mostNeeded = 64

  /// One option for each hyperparameter, so that all that is needed is named; the least effort first.
  static func choices(
    _ options: [[HyperForms.Option]], needed: Set<Name>, budgets: [Int], limit: Int,
    _ isStopped: Stopping = .never
  ) -> [(choice: [Int], effort: Int)] {
    guard needed.count <= mostNeeded else { return [] }
    var finder = ChoiceFinder(options, needed: needed.sorted(), limit: limit, isStopped)
    for budget in budgets {
      finder.find(within: budget)
      if finder.found.count * 3 > limit { break }
    }
    return finder.found.enumerated().sorted {
      ($0.element.effort, $0.offset) < ($1.element.effort, $1.offset)
    }.map(\.element)
  }
}

/// Goes through the choices in order and leaves out what cannot name all that is needed.
private struct ChoiceFinder {
  /// Which of the needed names an option has, as bits, and its effort.
  private let items: [[(bits: UInt64, effort: Int)]]
  /// What the options from a place on can name, and the least that they cost.
  private let later: [(bits: UInt64, effort: Int)]
  private let whole: UInt64
  private let limit: Int
  private let isStopped: Stopping
  private var chosen: [Int]
  private(set) var found: [(choice: [Int], effort: Int)] = []
  /// How many choices, finished or not, were looked at.
  private var visited = 0

  /// Options that name only parts of what is needed can be put together in more ways than there is
  /// time for.
  private static let mostVisited = 50_000

  init(
    _ options: [[HyperForms.Option]], needed: [Name], limit: Int, _ isStopped: Stopping
  ) {
    self.limit = limit
    self.isStopped = isStopped
    whole = needed.count < 64 ? (UInt64(1) << UInt64(needed.count)) - 1 : .max
    items = options.map { options in
      options.map { option in
        let bits = option.form.names.reduce(UInt64(0)) { mask, name in
          needed.firstIndex(of: name).map { mask | (UInt64(1) << UInt64($0)) } ?? mask
        }
        return (bits, option.effort)
      }
    }
    var later: [(bits: UInt64, effort: Int)] = [(0, 0)]
    for options in items.reversed() {
      let (bits, effort) = later[later.count - 1]
      later.append(
        (options.reduce(bits) { $0 | $1.bits }, effort + (options.map(\.effort).min() ?? 0)))
    }
    self.later = later.reversed()
    chosen = [Int](repeating: 0, count: options.count)
  }

  mutating func find(within budget: Int) {
    found = []
    visited = 0
    extend(0, 0, 0, budget)
  }

  private mutating func extend(_ place: Int, _ named: UInt64, _ effort: Int, _ budget: Int) {
    visited += 1
    if visited % 1024 == 0, isStopped() { visited = ChoiceFinder.mostVisited }
    guard visited < ChoiceFinder.mostVisited, found.count < limit,
      named | later[place].bits == whole,
      effort + later[place].effort <= budget
    else { return }
    guard place < items.count else {
      found.append((chosen, effort))
      return
    }
    for index in items[place].indices {
      let item = items[place][index]
      guard effort + item.effort <= budget else { continue }
      chosen[place] = index
      extend(place + 1, named | item.bits, effort + item.effort, budget)
    }
  }
}
