// A rule's features found by running it: with a decay of 0 an average is its newest term and needs no
// correction, so what is left of one shows in whether the steps grow under a constant gradient.
//
// What cannot be measured this way is left as the lines say.

import Notation

struct FeatureMeasurement {
  private let plain: PlainRule
  private let probe: RuleProbe
  private let values: [Name: Double]

  init?(_ plain: PlainRule) {
    guard let probe = RuleProbe(plain.rule) else { return nil }
    self.init(plain, probe)
  }

  init(_ plain: PlainRule, _ probe: RuleProbe) {
    self.plain = plain
    self.probe = probe
    values = OwnValues(plain).base
  }

  /// Marks as measured what runs show as well. Where they show something else, as in a rule that
  /// mixes up its decays, the lines have the last word.
  func confirm(_ features: inout Features) {
    let first = names(.firstDecay)
    let second = names(.secondDecay)
    let isSimple =
      features[.nadam] == nil && features[.amsgrad] == nil && features[.epsilon] != "in_max"
      && features[.momentum] != "velocity"
    // Numbers that are printed twice cannot be changed in one place alone.
    let canChange = (first + second).allSatisfy { plain.printed[$0] == nil }
    guard isSimple, canChange, first.count <= 1, second.count <= 1 else { return }
    var off: [Name: Double] = [:]
    for name in names(.weightDecay) + names(.epsilon) { off[name] = 0 }
    if let beta = second.first, features[.firstCorrected] != nil, first.count == 1,
      let grows = grows(off.merging([beta: 0]) { $1 })
    {
      agree(&features, .firstCorrected, grows ? "no" : "yes")
    } else if second.isEmpty, first.count == 1, features[.firstCorrected] != nil,
      let grows = grows(off)
    {
      agree(&features, .firstCorrected, grows ? "no" : "yes")
    }
    if second.count == 1, features[.secondCorrected] != nil {
      var settings = off
      if let beta = first.first { settings[beta] = 0 }
      if let changes = changes(settings) {
        agree(&features, .secondCorrected, changes ? "no" : "yes")
      }
    }
    confirmDecay(&features, off)
  }

  private func agree(_ features: inout Features, _ key: Features.Key, _ value: String) {
    if features[key] == value { features.set(key, value, isMeasured: true) }
  }

  private func names(_ role: HyperRole) -> [Name] {
    plain.rule.declaration.parameters.map(\.name).filter { plain.roles[$0] == role }
  }

  private static let gradient = [0.4, -1.1, 0.7, 2, -0.3, 0.9]

  private func steps(_ settings: [Name: Double], _ count: Int) -> [[Double]] {
    let tape = ProbeTape.constant(FeatureMeasurement.gradient, count)
    let run = probe.run(values.merging(settings) { $1 }, tape)
    var steps: [[Double]] = []
    var before = tape.start
    for now in run {
      steps.append(zip(now, before).map { $0 - $1 })
      before = now
    }
    return steps
  }

  /// Whether a later step is larger than the first; nil where a run has no numbers.
  private func grows(_ settings: [Name: Double]) -> Bool? { ratio(settings).map { $0 > 1 + 1e-6 } }

  private func changes(_ settings: [Name: Double]) -> Bool? {
    ratio(settings).map { abs($0 - 1) > 1e-6 }
  }

  private func ratio(_ settings: [Name: Double]) -> Double? {
    let steps = steps(settings, 4)
    guard let first = steps.first?.first, let last = steps.last?.first, first != 0 else {
      return nil
    }
    let ratio = last / first
    return ratio.isFinite ? ratio : nil
  }

  /// The first step with decay and without it: decoupled decay takes its share of the parameter.
  private func confirmDecay(_ features: inout Features, _ off: [Name: Double]) {
    guard features[.weightDecay] == "decoupled", let decay = names(.weightDecay).first,
      plain.printed[decay] == nil, let rate = names(.learningRate).first
    else { return }
    var settings = off
    for name in names(.epsilon) { settings[name] = nil }
    func share(_ lr: Double) -> Double? {
      let with = steps(settings.merging([decay: 0.01, rate: lr]) { $1 }, 1)
      let without = steps(settings.merging([decay: 0, rate: lr]) { $1 }, 1)
      guard let a = with.first?.first, let b = without.first?.first else { return nil }
      let share = a - b
      return share.isFinite && share != 0 ? share : nil
    }
    guard let one = share(0.01), let two = share(0.02) else { return }
    features.set(.weightDecay, "decoupled", isMeasured: true)
    features.set(.decayScale, abs(two / one - 2) < 0.01 ? "lr" : "none", isMeasured: true)
  }
}
