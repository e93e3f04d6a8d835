// One rule of the catalogue beside the subject: which hyperparameters give it the same numbers, and
// where the two part when none do.

import Diagnostics
import Notation

extension Subject {
  /// The candidate with the hyperparameters that fit best.
  /// - Parameter equalOnly: nil unless it is equal; quicker.
  func match(with candidate: Candidate, equalOnly: Bool = false) -> Identification.Match? {
    guard let other = candidate.probe else { return nil }
    // What asks for the loss is another rule than what does not, even where a bound hides it.
    let fits =
      moves && stepKind.fits(candidate.stepKind)
      && plain.asksLoss == candidate.plain.asksLoss
    if equalOnly, !fits { return nil }
    var nearest: (attempt: HyperSearch.Attempt, distance: RunDistance, isComplete: Bool)?
    let attempts = search.attempts(candidate.plain)
    for attempt in attempts {
      if isStopped() { return nil }
      if attempt.forms.contains(where: { isFreeFlag($0.key, $0.value, candidate) }) { continue }
      if !fits, nearest?.isComplete == true { break }
      let isComplete = attempt.isComplete
      // The plainest attempt that leaves nothing out is the one to be near by.
      let isNearest = !equalOnly && (nearest.map { !$0.isComplete && isComplete } ?? true)
      guard isComplete || isNearest else { continue }
      var first = RunDistance()
      compare(other, attempt, runs[0], steps: Subject.quick, &first)
      if isComplete, fits, first.isEqual, let match = equal(candidate, other, attempt) {
        return match
      }
      if isNearest {
        compare(other, attempt, runs[0], steps: Subject.full, &first)
        nearest = (attempt, first, isComplete)
      }
    }
    guard let (attempt, distance, _) = nearest else { return nil }
    var match = made(candidate, attempt)
    match.distance = max(distance.largest, RunDistance.tolerance * 2)
    match.parting = distance.parting
    if match.parting == nil {
      // Equal here, but not in every run or not with every hyperparameter.
      for run in runs.dropFirst() + late where match.parting == nil {
        var more = RunDistance()
        compare(other, attempt, run, steps: run.own.count, &more)
        match.parting = more.parting
        match.distance = max(match.distance, more.largest)
      }
    }
    return match
  }

  /// A flag that was left free has to be used: 0 would be the flag settled the other way.
  func isFreeFlag(_ name: Name, _ form: Expression, _ candidate: Candidate) -> Bool {
    guard candidate.name.contains("."), case .number(0, _) = form.kind else { return false }
    return candidate.plain.roles[name] == .weightDecay || candidate.plain.roles[name] == .firstDecay
  }

  /// The match, if the candidate is the same in every run.
  func equal(
    _ candidate: Candidate, _ other: RuleProbe, _ attempt: HyperSearch.Attempt
  ) -> Identification.Match? {
    var whole = RunDistance()
    for run in runs[..<3] + late {
      var distance = RunDistance()
      compare(other, attempt, run, steps: run.own.count, &distance)
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

  func compare(
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

  func isEqualForMatrices(_ candidate: Candidate, _ attempt: HyperSearch.Attempt) -> Bool {
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

  func made(_ candidate: Candidate, _ attempt: HyperSearch.Attempt) -> Identification.Match {
    // A call of a library leaves out what has its default value.
    func isUsual(_ slot: PlainRule.Slot) -> Bool {
      guard let usual = slot.defaultValue, let form = attempt.forms[slot.name],
        case .number(usual, _) = form.kind
      else { return false }
      return candidate.name.contains(".") && slot.place == nil
    }
    let usual = candidate.plain.slots.filter(isUsual).map(\.name)
    let words = attempt.forms.filter { !usual.contains($0.key) }.mapValues { plain.words($0) }
    var parts = candidate.parts.map { part in
      (name: part.name, arguments: PlainRule.call(part.slots, part.settings, words))
    }
    let last = parts.removeLast()
    var match = Identification.Match(
      name: last.name, arguments: last.arguments, stages: parts, distance: 0)
    match.forms = attempt.forms
    let shown = attempt.forms.filter { !usual.contains($0.key) }.values
    match.switchedOff = shown.filter(\.isLiteralNumber).count
    match.isPlain = shown.allSatisfy {
      if case .name = $0.kind { true } else { false }
    }
    return match
  }

  // MARK: Numbers that are missing

  func undefined() -> UndefinedNumber? {
    for run in runs[..<2] {
      for (step, row) in run.own.enumerated() {
        guard let place = row.firstIndex(where: { !$0.isFinite }) else { continue }
        return UndefinedNumber(
          step: step + 1, coordinate: place, cause: cause(run.tape, run.values, step, place))
      }
    }
    return nil
  }

  func cause(_ tape: ProbeTape, _ values: OwnValues, _ step: Int, _ place: Int) -> String {
    let isZero = tape.slopes[0...step].allSatisfy { $0[place] == 0 }
    let trace = probe.trace(values.own(), tape)
    for (line, rows) in zip(probe.lines, trace) where !rows[step].allSatisfy(\.isFinite) {
      let formula = "\(line.name.pretty) = \(plain.spelled(line.expression).text(.pretty))"
      return isZero ? "0/0 where a gradient is 0, in \(formula)" : "no number, in \(formula)"
    }
    return "no number"
  }
}
