// The rule that is looked at: its own runs, made once, and how candidates are held against them.

import Diagnostics
import Notation

struct Subject {
  let plain: PlainRule
  let probe: RuleProbe
  let features: Features
  private let search: HyperSearch
  private let runs: [ProbeRun]
  private let isLibraryCall: Bool

  /// One run of the rule: on which gradients, with which values.
  private struct ProbeRun {
    var tape: ProbeTape
    var values: OwnValues
    var own: [[Double]]
  }

  /// Steps of the quick look, of the full one, and of the one that confirms.
  static let quick = 4
  static let full = 30
  static let long = 200

  init?(_ rule: Rule, given: [Name: HyperRole] = [:]) {
    guard
      let plain = PlainRule(
        rule, settings: LibraryFlags.usual(of: rule), lifting: true, given: given),
      let probe = RuleProbe(plain.rule)
    else { return nil }
    self.plain = plain
    self.probe = probe
    isLibraryCall = rule.name.contains(".")
    var features = FeatureReader(plain).features()
    FeatureMeasurement(plain, probe).confirm(&features)
    self.features = features
    let values = OwnValues(plain)
    func run(_ tape: ProbeTape, _ values: OwnValues) -> ProbeRun {
      ProbeRun(tape: tape, values: values, own: probe.run(values.own(), tape))
    }
    var varying = OwnValues(plain, .large)
    varying.isVarying = true
    runs = [
      run(.mixed(Subject.full), values), run(.zeros(12), values),
      run(.mixed(Subject.full), OwnValues(plain, .large)), run(.mixed(Subject.full), varying),
    ]
    search = HyperSearch(
      own: plain, needed: Subject.needed(plain, probe, values), rate: RateFactor.of(plain))
  }

  /// The hyperparameters on which the numbers depend.
  private static func needed(_ plain: PlainRule, _ probe: RuleProbe, _ values: OwnValues) -> Set<
    Name
  > {
    let tape = ProbeTape.mixed(8)
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

  func identification(among candidates: Candidates) -> Identification {
    var found: [(match: Identification.Match, candidate: Candidate)] = []
    for candidate in candidates.rules {
      if let match = match(with: candidate) { found.append((match, candidate)) }
    }
    if !found.contains(where: { $0.match.isEqual && !$0.match.needsConstantRate }) {
      for candidate in candidates.staged {
        if let match = match(with: candidate, equalOnly: true) { found.append((match, candidate)) }
      }
    }
    found.sort { order($0) < order($1) }
    var result = Identification(matches: found.map(\.match))
    result.features = features
    if let best = found.first, best.match.isEqual {
      result.features = merged(best.candidate)
      for candidate in candidates.calls where candidate.name != plain.origin.name {
        guard !result.calls.contains(where: { $0.name == candidate.name }) else { continue }
        if let match = match(with: candidate, equalOnly: true), !match.needsConstantRate {
          result.calls.append(match)
        }
      }
      result.calls.sort { ($0.isPlain ? 0 : 1, $0.name) < ($1.isPlain ? 0 : 1, $1.name) }
    }
    result.undefined = undefined()
    return result
  }

  /// What the rule's own lines do not show is known from the rule that it is the same as.
  private func merged(_ best: Candidate) -> Features {
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

  private func order(_ found: (match: Identification.Match, candidate: Candidate)) -> (
    Int, Int, Double, String
  ) {
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

  // MARK: With one

  /// The candidate with the hyperparameters that fit best.
  /// - Parameter equalOnly: nil unless it is equal; quicker.
  func match(with candidate: Candidate, equalOnly: Bool = false) -> Identification.Match? {
    guard let other = candidate.probe else { return nil }
    var nearest: (HyperSearch.Attempt, RunDistance)?
    let attempts = search.attempts(candidate.plain)
    for attempt in attempts {
      if attempt.forms.contains(where: { isFreeFlag($0.key, $0.value, candidate) }) { continue }
      let isComplete = search.isComplete(attempt)
      guard isComplete || (nearest == nil && !equalOnly) else { continue }
      var first = RunDistance()
      compare(other, attempt, runs[0], steps: Subject.quick, &first)
      if isComplete, first.isEqual, let match = equal(candidate, other, attempt) { return match }
      if nearest == nil, !equalOnly {
        compare(other, attempt, runs[0], steps: Subject.full, &first)
        nearest = (attempt, first)
      }
    }
    guard let (attempt, distance) = nearest else { return nil }
    var match = made(candidate, attempt)
    match.distance = max(distance.largest, RunDistance.tolerance * 2)
    match.parting = distance.parting
    if match.parting == nil {
      // Equal here, but not in every run or not with every hyperparameter.
      for run in runs.dropFirst() where match.parting == nil {
        var more = RunDistance()
        compare(other, attempt, run, steps: run.tape.steps, &more)
        match.parting = more.parting
        match.distance = max(match.distance, more.largest)
      }
    }
    return match
  }

  /// A flag that was left free has to be used: 0 would be the flag settled the other way.
  private func isFreeFlag(_ name: Name, _ form: Expression, _ candidate: Candidate) -> Bool {
    guard candidate.name.contains("."), case .number(0, _) = form.kind else { return false }
    return candidate.plain.roles[name] == .weightDecay || candidate.plain.roles[name] == .firstDecay
  }

  /// The match, if the candidate is the same in every run.
  private func equal(
    _ candidate: Candidate, _ other: RuleProbe, _ attempt: HyperSearch.Attempt
  ) -> Identification.Match? {
    var whole = RunDistance()
    for run in runs[..<3] {
      var distance = RunDistance()
      compare(other, attempt, run, steps: run.tape.steps, &distance)
      guard distance.isEqual else { return nil }
      whole.merge(distance)
    }
    if plain.dependsOnShape || candidate.plain.dependsOnShape {
      guard isEqualForMatrices(candidate, attempt) else { return nil }
    }
    var varying = RunDistance()
    compare(other, attempt, runs[3], steps: Subject.full, &varying)
    var match = made(candidate, attempt)
    match.needsConstantRate = !varying.isEqual
    match.hasGaps = whole.gap != nil
    match.distance = whole.largest
    if !match.needsConstantRate { match.distance = max(match.distance, varying.largest) }
    // How long it holds.
    let tape = ProbeTape.mixed(Subject.long)
    var long = RunDistance()
    let own = probe.run(runs[0].values.own(), tape)
    other.run(runs[0].values.candidate(attempt.forms), tape) { step, w in
      long.add(step, own[step], w)
      return long.parting == nil
    }
    match.steps = max(long.agreed, Subject.full)
    match.ulps = long.ulps
    return match
  }

  private func compare(
    _ other: RuleProbe, _ attempt: HyperSearch.Attempt, _ run: ProbeRun, steps: Int,
    _ distance: inout RunDistance
  ) {
    let isQuick = steps <= Subject.quick
    var found = RunDistance()
    other.run(run.values.candidate(attempt.forms), run.tape) { step, w in
      found.add(step, run.own[step], w)
      return step + 1 < steps && !(isQuick && found.parting != nil)
    }
    distance.merge(found)
  }

  private func isEqualForMatrices(_ candidate: Candidate, _ attempt: HyperSearch.Attempt) -> Bool {
    guard let other = candidate.matrixProbe, let shaped = plain.reshaped(Candidates.matrix),
      let mine = RuleProbe(shaped.rule, shape: Candidates.matrix)
    else { return false }
    let tape = ProbeTape.mixed(8)
    let values = runs[0].values
    // Lines for matrices may print numbers of their own.
    let own = mine.run(OwnValues(shaped).own(), tape)
    var distance = RunDistance()
    other.run(values.candidate(attempt.forms), tape) { step, w in
      distance.add(step, own[step], w)
      return true
    }
    return distance.isEqual
  }

  private func made(_ candidate: Candidate, _ attempt: HyperSearch.Attempt) -> Identification.Match
  {
    let words = attempt.forms.mapValues { plain.words($0) }
    var parts = candidate.parts.map { part in
      (name: part.name, arguments: PlainRule.call(part.slots, part.settings, words))
    }
    let last = parts.removeLast()
    var match = Identification.Match(
      name: last.name, arguments: last.arguments, stages: parts, distance: 0)
    match.forms = attempt.forms
    match.isPlain = attempt.forms.values.allSatisfy {
      if case .name = $0.kind { true } else { false }
    }
    return match
  }

  // MARK: Numbers that are missing

  private func undefined() -> UndefinedNumber? {
    for run in runs[..<2] {
      for (step, row) in run.own.enumerated() {
        guard let place = row.firstIndex(where: { !$0.isFinite }) else { continue }
        return UndefinedNumber(
          step: step + 1, coordinate: place, cause: cause(run.tape, run.values, step, place))
      }
    }
    return nil
  }

  private func cause(_ tape: ProbeTape, _ values: OwnValues, _ step: Int, _ place: Int) -> String {
    let isZero = tape.slopes[0...step].allSatisfy { $0[place] == 0 }
    guard let traced = RuleProbe(plain.rule, traced: true) else { return "no number" }
    let trace = traced.trace(values.own(), tape)
    for (line, rows) in zip(traced.lines, trace) where !rows[step].allSatisfy(\.isFinite) {
      let formula = "\(line.name.pretty) = \(plain.spelled(line.expression).text(.pretty))"
      return isZero ? "0/0 where a gradient is 0, in \(formula)" : "no number, in \(formula)"
    }
    return "no number"
  }
}
