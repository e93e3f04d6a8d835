// One rule of the catalogue beside the subject: which hyperparameters give it the same numbers, and
// where the two part when none do.

import Diagnostics
import Notation

extension Subject {
  /// The candidate with the hyperparameters that fit best. One that is not the same has yet to be
  /// measured.
  /// - Parameter equalOnly: nil unless it is equal.
  func match(with candidate: Candidate, equalOnly: Bool = false) -> Identification.Match? {
    // What asks for the loss is another rule than what does not, even where a bound hides it.
    let fits =
      moves && plain.asksLoss == candidate.asksLoss && stepKind.fits(candidate.stepKind)
    if equalOnly, !fits { return nil }
    let attempts = search.attempts(candidate.plain.hyper)
    if equalOnly, !attempts.isComplete { return nil }
    let choices = choices(attempts, candidate)
    if fits, attempts.isComplete {
      let sieve = AttemptSieve(self, candidate, attempts)
      for choice in choices {
        if isStopped() { return nil }
        guard sieve.passes(choice) else { continue }
        let forms = attempts.forms(choice)
        if let match = equal(candidate, forms) { return match }
      }
    }
    return equalOnly ? nil : near(candidate, attempts, choices)
  }

  /// The candidate with the plainest hyperparameters, which are the ones to be near by: what is not the
  /// same is none the nearer for a learning rate of lr·(1 - λ). It has yet to be measured.
  func near(_ candidate: Candidate) -> Identification.Match? {
    let attempts = search.attempts(candidate.plain.hyper)
    return near(candidate, attempts, choices(attempts, candidate))
  }

  private func near(
    _ candidate: Candidate, _ attempts: HyperSearch.Attempts, _ choices: [[Int]]
  ) -> Identification.Match? {
    guard let first = choices.first else { return nil }
    let plain = choices.first { choice in
      attempts.forms(choice).values.allSatisfy { $0.isLiteralNumber || $0.name != nil }
    }
    var match = made(
      candidate,
      attempts.forms(
        plain ?? (candidate.isCall ? first : [Int](repeating: 0, count: first.count))))
    match.distance = .infinity
    return match
  }

  /// Without those in which a call leaves a flag free that has to be used.
  private func choices(_ attempts: HyperSearch.Attempts, _ candidate: Candidate) -> [[Int]] {
    var choices = attempts.choices.map(\.choice)
    guard candidate.isCall else { return choices }
    let isFree = zip(attempts.names, attempts.options).map { name, options in
      options.map { isFreeFlag(name, $0.form, candidate) }
    }
    choices.removeAll { choice in zip(choice, isFree).contains { $1[$0] } }
    return choices
  }

  /// How far apart they are, and where they part.
  /// - Returns: false when the candidate cannot be run.
  func measure(_ match: inout Identification.Match, _ candidate: Candidate) -> Bool {
    guard candidate.quick != nil || candidate.probe != nil else { return false }
    let first = distance(candidate, match.forms, runs[0])
    match.distance = max(first.largest, RunDistance.tolerance * 2)
    match.parting = first.parting
    // Equal here, but not in every run or not with every hyperparameter.
    for run in runs.dropFirst() + late where match.parting == nil {
      let more = distance(candidate, match.forms, run)
      match.parting = more.parting
      match.distance = max(match.distance, more.largest)
    }
    return true
  }

  /// A flag that was left free has to be used: 0 would be the flag settled the other way.
  func isFreeFlag(_ name: Name, _ form: Expression, _ candidate: Candidate) -> Bool {
    guard case .number(0, _) = form.kind else { return false }
    return candidate.plain.roles[name] == .weightDecay || candidate.plain.roles[name] == .firstDecay
  }

  /// The match, if the candidate is the same in every run.
  func equal(_ candidate: Candidate, _ forms: [Name: Expression]) -> Identification.Match? {
    // A quick run sees most differences; the executor has the last word.
    if candidate.quick != nil {
      for run in runs[..<3] + late
      where distance(candidate, forms, run, untilParting: true).parting != nil {
        return nil
      }
    }
    guard let other = candidate.probe else { return nil }
    var whole = RunDistance()
    for run in runs[..<3] + late {
      let distance = Subject.distance(other, forms, run, untilParting: true)
      guard distance.isEqual else { return nil }
      whole.merge(distance)
    }
    if plain.dependsOnShape || candidate.plain.dependsOnShape {
      guard isEqualForMatrices(candidate, forms) else { return nil }
    }
    let varying = Subject.distance(other, forms, runs[3])
    var match = made(candidate, forms)
    match.needsConstantRate = !varying.isEqual
    match.hasGaps = whole.gap != nil
    match.distance = whole.largest
    if !match.needsConstantRate { match.distance = max(match.distance, varying.largest) }
    // How long it holds.
    let long = Subject.distance(other, forms, long.value, untilParting: true)
    match.steps = max(long.agreed, Subject.full)
    match.ulps = long.ulps
    return match
  }

  func distance(
    _ candidate: Candidate, _ forms: [Name: Expression], _ run: ProbeRun, untilParting: Bool = false
  ) -> RunDistance {
    if let quick = candidate.quick {
      var distance = RunDistance()
      quick.run(run.values.candidate(forms), run.quickTape) { step, w in
        distance.add(step, run.lanes[step], w)
        return step + 1 < run.own.count && !(untilParting && distance.parting != nil)
      }
      return distance
    }
    guard let probe = candidate.probe else { return RunDistance() }
    return Subject.distance(probe, forms, run, untilParting: untilParting)
  }

  private static func distance(
    _ probe: RuleProbe, _ forms: [Name: Expression], _ run: ProbeRun, untilParting: Bool = false
  ) -> RunDistance {
    var distance = RunDistance()
    probe.run(run.values.candidate(forms), run.tape) { step, w in
      distance.add(step, run.own[step], w)
      return step + 1 < run.own.count && !(untilParting && distance.parting != nil)
    }
    return distance
  }

  func isEqualForMatrices(_ candidate: Candidate, _ forms: [Name: Expression]) -> Bool {
    guard let other = candidate.matrixProbe, let shaped = plain.reshaped(Candidates.matrix),
      let mine = RuleProbe(shaped.rule, shape: Candidates.matrix)
    else { return false }
    let tape = ProbeTape.mixed(8)
    let values = runs[0].values
    // Lines for matrices may print numbers of their own.
    let own = mine.run(OwnValues(shaped).own(), tape)
    var distance = RunDistance()
    other.run(values.candidate(forms), tape) { step, w in
      distance.add(step, own[step], w)
      return true
    }
    return distance.isEqual
  }

  func made(_ candidate: Candidate, _ forms: [Name: Expression]) -> Identification.Match {
    // A call of a library leaves out what has its default value.
    func isUsual(_ slot: PlainRule.Slot) -> Bool {
      guard let usual = slot.defaultValue, let form = forms[slot.name],
        case .number(usual, _) = form.kind
      else { return false }
      return candidate.isCall && slot.place == nil
    }
    let usual = candidate.plain.slots.filter(isUsual).map(\.name)
    let words = forms.filter { !usual.contains($0.key) }.mapValues { plain.words($0) }
    var parts = candidate.parts.map { part in
      (name: part.name, arguments: PlainRule.call(part.slots, part.settings, words))
    }
    let last = parts.removeLast()
    var match = Identification.Match(
      name: last.name, arguments: last.arguments, stages: parts, distance: 0)
    match.forms = forms
    let shown = forms.filter { !usual.contains($0.key) }.values
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
