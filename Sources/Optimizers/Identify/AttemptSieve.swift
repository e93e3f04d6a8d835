// The first steps of a candidate with each way to give its hyperparameters: most ways are told apart
// from the rule that is looked at by the first one.
//
// What it lets through has yet to be held against the other runs.

import Notation

struct AttemptSieve {
  private let subject: Subject
  private let candidate: Candidate
  private let attempts: HyperSearch.Attempts
  /// What each option of each hyperparameter comes to at the first step.
  private let values: [[Double]]
  /// Whether it is another at later steps.
  private let changes: [[Bool]]

  init(_ subject: Subject, _ candidate: Candidate, _ attempts: HyperSearch.Attempts) {
    self.subject = subject
    self.candidate = candidate
    self.attempts = attempts
    let own = subject.runs[0].values
    values = attempts.options.map { $0.map { own.value($0.form, 1) } }
    changes = attempts.options.map { options in
      options.map { option in option.form.names.contains { $0.canonical == "t" } }
    }
  }

  func passes(_ choice: [Int]) -> Bool {
    guard let quick = candidate.quick else { return passesProbe(choice) }
    let run = subject.runs[0]
    func at(_ step: Int) -> [Double] {
      choice.enumerated().map { place, index in
        step > 1 && changes[place][index]
          ? run.values.value(attempts.options[place][index].form, step) : values[place][index]
      }
    }
    let isChanging = choice.enumerated().contains { changes[$0.offset][$0.element] }
    var isEqual = true
    quick.run(at(1), run.quickTape, changing: isChanging ? at : nil) { step, w in
      isEqual = !RunDistance.parts(run.lanes[step], w)
      return isEqual && step + 1 < Subject.quick
    }
    return isEqual
  }

  private func passesProbe(_ choice: [Int]) -> Bool {
    guard let probe = candidate.probe else { return false }
    let run = subject.runs[0]
    var distance = RunDistance()
    probe.run(run.values.candidate(attempts.forms(choice)), run.tape) { step, w in
      distance.add(step, run.own[step], w)
      return distance.parting == nil && step + 1 < Subject.quick
    }
    return distance.isEqual
  }
}
