// The rule that is looked at: its own runs, made once, and how candidates are held against them.

import Diagnostics
import Notation

struct Subject {
  let plain: PlainRule
  let probe: RuleProbe
  let features: Features
  let stepKind: StepKind
  let search: HyperSearch
  let runs: [ProbeRun]
  /// Runs with constants of another magnitude, as far as their numbers stay small, where the rule has
  /// constants; one on gradients of many signs, where it asks for signs; one without limits.
  let late: [ProbeRun]
  /// Whether the parameter moves at all; what stands still is the same as everything at rest.
  let moves: Bool
  let isStopped: Stopping
  let long: LongRun

  /// One run of the rule: on which gradients, with which values.
  struct ProbeRun {
    var tape: ProbeTape
    var values: OwnValues
    var own: [[Double]] { didSet { lanes = own.map { Lanes($0) } } }
    /// The same for quick runs.
    let quickTape: QuickTape
    private(set) var lanes: [Lanes]

    init(_ probe: RuleProbe, _ tape: ProbeTape, _ values: OwnValues) {
      self.tape = tape
      self.values = values
      own = probe.run(values.own(), tape)
      quickTape = QuickTape(tape)
      lanes = own.map { Lanes($0) }
    }
  }

  /// The run that confirms, made when it is needed.
  final class LongRun {
    private let make: () -> ProbeRun
    private(set) lazy var value = make()

    init(_ make: @escaping () -> ProbeRun) { self.make = make }
  }

  /// Steps of the quick look, of the full one, and of the one that confirms.
  static let quick = 4
  static let full = 30
  static let confirming = 200

  init?(_ rule: Rule, given: [Name: HyperRole] = [:], isStopped: Stopping = .never) {
    guard
      let plain = PlainRule(
        rule, settings: LibraryFlags.usual(of: rule), lifting: true, given: given),
      let probe = RuleProbe(plain.rule, traced: true)
    else { return nil }
    self.isStopped = isStopped
    self.plain = plain
    self.probe = probe
    stepKind = StepKind(plain, probe)
    var features = FeatureReader(plain).features()
    FeatureMeasurement(plain, probe).confirm(&features)
    self.features = features
    let values = OwnValues(plain)
    func run(_ tape: ProbeTape, _ values: OwnValues) -> ProbeRun {
      ProbeRun(probe, tape, values)
    }
    var varying = OwnValues(plain, .large)
    varying.isVarying = true
    runs = [
      run(.mixed(Subject.full), values), run(.zeros(12), values),
      run(.mixed(Subject.full), OwnValues(plain, .large)), run(.mixed(Subject.full), varying),
    ]
    long = LongRun { ProbeRun(probe, .mixed(Subject.confirming), values) }
    let constants = Subject.constants(plain)
    var needed = Subject.needed(plain, probe, values)
    var signs = plain.rule.declaration.asksSigns ? [run(.scattered(300), values)] : []
    if plain.hyper.hasLimits {
      signs.append(run(.scattered(24), OwnValues(plain, .unlimited)))
    }
    if constants.isEmpty {
      late = signs
    } else {
      let later = OwnValues(plain, .late)
      needed.formUnion(Subject.needed(plain, probe, later, steps: Subject.full))
      var long = run(.mixed(Subject.full), later)
      long.own = Array(long.own.prefix { $0.allSatisfy { abs($0) < Lanes.sober } })
      late = (long.own.isEmpty ? [] : [long]) + signs
      // Where neither magnitude shows what a constant does, nothing may leave it out.
      needed.formUnion(constants)
    }
    moves = (runs + late).contains { run in
      run.own.contains { !zip($0, run.tape.start).allSatisfy { $0 == $1 || $0.isNaN } }
    }
    search = HyperSearch(
      forms: HyperForms(own: plain.hyper, rate: RateFactor.of(plain)), needed: needed,
      isStopped: isStopped)
  }

  /// The constants that stand in its lines.
  static func constants(_ plain: PlainRule) -> Set<Name> {
    let used = plain.lines.reduce(into: Set<Name>()) { $0.formUnion($1.value.names) }
    return Set(
      plain.slots.map(\.name).filter { name in
        let role = plain.roles[name] ?? .other
        return (role == .other || role == .constant) && plain.printed[name] == nil
          && used.contains(name)
      })
  }

  /// The hyperparameters on which the numbers depend.
  static func needed(
    _ plain: PlainRule, _ probe: RuleProbe, _ values: OwnValues, steps: Int = 8
  ) -> Set<Name> {
    let tape = ProbeTape.mixed(steps)
    let reference = probe.run(values.own(), tape)
    var found: Set<Name> = []
    for slot in plain.slots {
      guard let value = values.base[slot.name] else { continue }
      let changed = probe.run(values.base.merging([slot.name: value * 1.1]) { $1 }, tape)
      var distance = RunDistance()
      for (step, (a, b)) in zip(reference, changed).enumerated() { distance.add(step, a, b) }
      if distance.largest > 1e-12 { found.insert(slot.name) }
    }
    return found
  }

  // MARK: Among all

  /// Those of these rules that it is, the plainest first.
  func equal(to names: Set<String>, among candidates: Candidates) -> [Identification.Match] {
    var found: [(match: Identification.Match, candidate: Candidate)] = []
    for candidate in candidates.rules where names.contains(candidate.name) && !isStopped() {
      if let match = match(with: candidate, equalOnly: true), match.isEqual {
        found.append((match, candidate))
      }
    }
    found.sort { order($0) < order($1) }
    return found.map(\.match)
  }

  func identification(among candidates: Candidates) -> Identification {
    var found: [Found] = []
    for candidate in candidates.rules where !isStopped() {
      if let match = match(with: candidate) { found.append((match, candidate)) }
    }
    if isStaged, !found.contains(where: { $0.match.isEqual && !$0.match.needsConstantRate }) {
      for candidate in candidates.staged where !isStopped() {
        if let match = match(with: candidate, equalOnly: true) { found.append((match, candidate)) }
      }
    }
    sort(&found[...])
    rankNearest(&found)
    var result = Identification(matches: found.map(\.match))
    result.features = features
    if let best = found.first, best.match.isEqual {
      result.features = merged(best.candidate)
      for call in candidates.calls where call.name != plain.origin.name && !isStopped() {
        if let match = self.call(call, best.candidate) { result.calls.append(match) }
      }
      result.calls.sort { ($0.isPlain ? 0 : 1, $0.name) < ($1.isPlain ? 0 : 1, $1.name) }
    }
    result.undefined = undefined()
    result.idle = plain.origin.declaration.idleHyperparameters
    return result
  }

  /// The rules that it is, the plainest first.
  func equal(among candidates: Candidates) -> [Found] {
    var found: [Found] = []
    for candidate in candidates.rules where !isStopped() {
      if let match = match(with: candidate, equalOnly: true) { found.append((match, candidate)) }
    }
    if isStaged, !found.contains(where: { !$0.match.needsConstantRate }) {
      for candidate in candidates.staged where !isStopped() {
        if let match = match(with: candidate, equalOnly: true) { found.append((match, candidate)) }
      }
    }
    sort(&found[...])
    return found
  }

  /// The rule whose lines are most alike; for one that is none of them.
  func nearest(among candidates: Candidates) -> Identification.Match? {
    var found: [Found] = []
    for candidate in candidates.rules where !isStopped() {
      if let match = near(candidate) { found.append((match, candidate)) }
    }
    sort(&found[...])
    rankNearest(&found, inDetail: false)
    return found.first?.match
  }

  /// The first way to settle a call's flags that makes it the same.
  private func call(_ call: LibraryCall, _ best: Candidate) -> Identification.Match? {
    for candidate in call.candidates where !isStopped() {
      if let match = match(with: candidate, equalOnly: true), !match.needsConstantRate,
        resembles(best, candidate)
      {
        return match
      }
    }
    return nil
  }

  typealias Found = (match: Identification.Match, candidate: Candidate)

  private func sort(_ found: inout ArraySlice<Found>) {
    let keyed = found.map { ($0, order($0)) }
    found = ArraySlice(keyed.sorted { $0.1 < $1.1 }.map { $0.0 })
  }

  /// Whether the lines of a call can be those of a rule.
  func resembles(_ rule: Candidate, _ call: Candidate) -> Bool {
    let telling: [Features.Key] = [
      .secondCorrected, .epsilon, .amsgrad, .centered, .nadam,
    ]
    // A velocity has no average to correct, and may be an average all the same.
    return (rule.features[.firstCorrected] == "yes") == (call.features[.firstCorrected] == "yes")
      && telling.allSatisfy { rule.features[$0] == call.features[$0] }
  }

  /// Whether something may happen to the gradient before it is used.
  var isStaged: Bool {
    plain.lines.contains { line in
      line.value.contains { part in
        if case .call(let callee, _) = part.kind {
          ["norm", "clip", "min", "max", "where", "mean"].contains(
            callee.path.first?.canonical ?? "")
        } else {
          false
        }
      }
    } || features[.weightDecay] != "none"
  }

  /// What the rule's own lines do not show is known from the rule that it is the same as.
  func merged(_ best: Candidate) -> Features {
    var merged = features
    let form: Set<Features.Key> = [.momentum, .rate, .dampening, .schedule, .clip]
    for key in Features.Key.allCases where !form.contains(key) {
      let value = best.features[key]
      guard value != features[key] else { continue }
      merged.set(key, value, isMeasured: true)
    }
    if merged[.momentum] == nil, let value = best.features[.momentum] {
      merged.set(.momentum, value, isMeasured: true)
      merged.set(.rate, best.features[.rate], isMeasured: true)
    }
    return merged
  }

  func order(_ found: Found) -> (Int, Int, Double, String) {
    let (match, candidate) = found
    let unlike = features.differences(from: candidate.features).count
    guard match.isEqual else { return (3 + unlike, 0, match.distance, match.name) }
    let states = abs(candidate.plain.states.count - plain.states.count)
    let kind = match.hasGaps ? 2 : match.needsConstantRate ? 1 : 0
    // The plainest first: few stages, hyperparameters as they are, the same form.
    let effort =
      (candidate.parts.count - 1) * 100 + (match.isPlain ? 0 : 40) + match.arguments.count * 4
      + unlike * 3 + states
    let isItself = match.name == plain.origin.name ? -1000 : 0
    return (kind, effort + isItself, 0, match.name)
  }

  /// How many of those that are not equal are looked at line by line.
  static let close = 14

  /// Puts the rules whose lines are most alike first among those that are not equal.
  /// - Parameter inDetail: finds the line in which the first of them departs, and what would mend it.
  func rankNearest(_ found: inout [Found], inDetail: Bool = true) {
    guard !isStopped(), let start = measureNearest(&found) else { return }
    let end = min(found.count, start + Subject.close)
    let compared = found[start..<end].map { entry in
      (entry, LinePairing(self, entry.candidate, entry.match.forms))
    }
    let ranked = compared.enumerated().sorted { a, b in
      let (x, y) = (a.element.1?.likeness ?? 0, b.element.1?.likeness ?? 0)
      return x != y ? x > y : a.offset < b.offset
    }.map(\.element)
    found.replaceSubrange(start..<end, with: ranked.map(\.0))
    if inDetail, found[start].match.parting != nil, let pairing = ranked.first?.1 {
      detail(&found[start].match, pairing)
    }
  }

  /// Measures the nearest of those that are not equal, by their features, and puts them in order.
  /// - Returns: the place of the first of them; nil when all are equal.
  private func measureNearest(_ found: inout [Found]) -> Int? {
    guard let start = found.firstIndex(where: { !$0.match.isEqual }) else { return nil }
    var end = start
    while end < found.count {
      // Those that are as near as the last one looked at are looked at as well.
      let isEnough = end >= start + Subject.close
      if isEnough, order(found[end]).0 != order(found[end - 1]).0 { break }
      if measure(&found[end].match, found[end].candidate) {
        end += 1
      } else {
        found.remove(at: end)
      }
    }
    guard end > start else { return nil }
    sort(&found[start..<end])
    return start
  }

  func detail(_ match: inout Identification.Match, _ pairing: LinePairing) {
    match.line = pairing.parting(match)
    match.change = RuleChangeSearch(self, pairing).change()
  }

  /// The rule beside one of the catalogue, whether equal or not.
  func comparison(with candidate: Candidate) -> Identification.Match? {
    guard var match = match(with: candidate) else { return nil }
    if !match.isEqual, !measure(&match, candidate) { return nil }
    if !match.isEqual, let pairing = LinePairing(self, candidate, match.forms) {
      detail(&match, pairing)
    }
    return match
  }

}
