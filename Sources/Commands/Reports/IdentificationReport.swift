// What identify answers: the rule that has the numbers, what else has them, the features, and the
// nearest rule that has not, with the place where they part.

import Diagnostics
import Engine
import Notation
import Optimizers

package struct IdentificationReport: Report {
  package let kind = "identify"
  package let name: String
  package let found: Identification
  /// What the catalogue says of the rule, if it is one of its own.
  package let title: String?

  package init(name: String, found: Identification, title: String? = nil) {
    self.name = name
    self.found = found
    self.title = title
  }

  /// Others that are equal, with no more hyperparameters switched off than the best. A learning rate that
  /// makes up for a bias correction, lr/(1 - βᵗ), is none where another rule needs nothing of the kind.
  private var also: [Identification.Match] {
    found.matches.dropFirst().filter { match in
      match.isEqual && match.switchedOff <= (found.best?.switchedOff ?? 0)
        && !(found.best?.isPlain ?? false && match.arguments.contains { $0.value.contains("ᵗ") })
    }
  }

  private var calls: [Identification.Match] {
    found.calls.filter { $0.switchedOff <= (found.best?.switchedOff ?? 0) && $0.name != name }
  }

  private var isItself: Bool { found.best?.name == name && title != nil }

  /// What one should know beside the numbers.
  private var notes: [String] {
    var notes: [String] = []
    if let missing = found.undefined {
      notes.append("\(missing.cause) (step \(missing.step))")
    }
    if !found.idle.isEmpty, !isItself {
      let names = found.idle.map(\.pretty).joined(separator: ", ")
      notes.append("\(names) \(found.idle.count == 1 ? "plays" : "play") no part")
    }
    return notes
  }

  // MARK: Text

  /// Lines shown of a kind.
  private static let shown = 6

  package func text(_ format: Format) -> [StyledText] {
    guard let best = found.best else { return [] }
    var lines: [StyledText] = []
    if isItself, let title {
      lines.append(StyledText(name, .name) + StyledText("  " + title))
    } else if best.isEqual {
      var line = StyledText(name, .name)
      line.append(" = ")
      line.append(best.call, .result)
      line.append("   " + measure(best), .good)
      lines.append(line)
    } else {
      var line = StyledText(name, .name)
      line.append(": no rule of the catalogue has these numbers", .warning)
      lines.append(line)
    }
    if best.isEqual {
      let rest = also
      lines += list("also", rest.map { $0.call + condition($0) })
      lines += list("call", calls.map { $0.call + condition($0) })
      lines += list("features", features(found.features))
      if let next = found.runnerUp { lines += near("next", next) }
    } else {
      lines += near("nearest", best)
      if let change = best.change {
        lines += list("change", [change.text + ": then it is \(best.name)"])
      }
      lines += list("features", features(found.features))
      if let next = found.matches.dropFirst().first { lines += near("next", next) }
    }
    lines += list("note", notes)
    return lines.flatMap { $0.plainSigns(format).folded(to: format.width, hanging: 10) }
  }

  private func list(_ head: String, _ items: [String]) -> [StyledText] {
    var lines: [StyledText] = []
    for (place, item) in items.prefix(IdentificationReport.shown).enumerated() {
      let label = place == 0 ? head : ""
      var line = StyledText("  ")
      line.append(label + String(repeating: " ", count: max(1, 10 - label.count)), .dim)
      line.append(item)
      lines.append(line)
    }
    if items.count > IdentificationReport.shown {
      lines.append(
        StyledText("            and \(items.count - IdentificationReport.shown) more", .dim))
    }
    return lines
  }

  private func measure(_ match: Identification.Match) -> String {
    let precision =
      match.ulps <= 64
      ? "to \(Int(match.ulps.rounded(.up))) ulp"
      : "to \(NumberFormat.text(max(match.distance, 1e-17), digits: 1))"
    return "same for \(match.steps) steps, \(precision)" + condition(match)
  }

  private func condition(_ match: Identification.Match) -> String {
    (match.needsConstantRate ? ", while the learning rate is constant" : "")
      + (match.hasGaps ? ", which has numbers where this has 0/0" : "")
  }

  private func near(_ head: String, _ match: Identification.Match) -> [StyledText] {
    var text = match.call
    if let place = match.parting {
      text +=
        ": parts at step \(place.step), w[\(place.coordinate)] " + number(place.own) + " vs "
        + number(place.other)
      if match.distance.isFinite {
        text += "; at most \(NumberFormat.text(match.distance, digits: 2)) apart"
      }
    } else {
      text += ": parts where the parameter is a matrix"
    }
    var lines = list(head, [text])
    guard let line = match.line else { return lines }
    var words = "\(line.own): \(number(line.ownValue))"
    if let other = line.other, let value = line.otherValue {
      words += "; there \(other): \(number(value))"
    }
    words += "  (step \(line.step), coordinate \(line.coordinate))"
    lines += list("in", [words])
    return lines
  }

  private func number(_ value: Double) -> String { NumberFormat.text(value, digits: 6) }

  /// `m̂ yes, v̂ no, ε outside the root, …`
  private func features(_ features: Features) -> [String] {
    let words = features.entries.compactMap { $0.words }
    return words.isEmpty ? [] : [words.joined(separator: "; ")]
  }

  // MARK: JSON

  package func json() -> [String: JSONValue] {
    let equal = found.matches.filter(\.isEqual)
    var fields: [String: JSONValue] = [
      "rule": .string(name),
      "equal": .array(equal.map(object)),
      "calls": .array(found.calls.map(object)),
      "features": .object(
        Dictionary(
          found.features.entries.map { entry in
            (
              entry.key.rawValue,
              JSONValue.object([
                "value": .string(entry.value), "measured": .bool(entry.isMeasured),
              ])
            )
          }, uniquingKeysWith: { first, _ in first })),
      "nearest": found.matches.first { !$0.isEqual }.map(object) ?? .null,
      "next": found.runnerUp.map(object) ?? .null,
    ]
    if !found.idle.isEmpty {
      fields["idle"] = .array(found.idle.map { .string($0.canonical) })
    }
    if let missing = found.undefined {
      fields["undefined"] = .object([
        "step": .number(Double(missing.step)), "coordinate": .number(Double(missing.coordinate)),
        "cause": .string(missing.cause),
      ])
    }
    return fields
  }

  private func object(_ match: Identification.Match) -> JSONValue {
    var fields: [String: JSONValue] = [
      "name": .string(match.name), "call": .string(match.call),
      "arguments": .object(
        Dictionary(
          match.arguments.map { ($0.name.canonical, JSONValue.string($0.value)) },
          uniquingKeysWith: { first, _ in first })),
      "distance": .number(match.distance), "equal": .bool(match.isEqual),
    ]
    if !match.stages.isEmpty {
      fields["stages"] = .array(match.stages.map { .string($0.name) })
    }
    if match.isEqual {
      fields["steps"] = .number(Double(match.steps))
      fields["ulps"] = .number(match.ulps)
      fields["constant_rate_only"] = .bool(match.needsConstantRate)
    }
    if let place = match.parting {
      fields["parting"] = .object([
        "step": .number(Double(place.step)), "coordinate": .number(Double(place.coordinate)),
        "own": .number(place.own), "other": .number(place.other),
      ])
    }
    if let line = match.line {
      fields["line"] = .object([
        "own": .string(line.own), "other": line.other.map { .string($0) } ?? .null,
        "step": .number(Double(line.step)), "coordinate": .number(Double(line.coordinate)),
        "own_value": .number(line.ownValue),
        "other_value": line.otherValue.map { .number($0) } ?? .null,
      ])
    }
    if let change = match.change { fields["change"] = .string(change.text) }
    return .object(fields)
  }
}

extension Features.Entry {
  /// A few words; nil for what goes without saying.
  package var words: String? {
    switch (key, value) {
    case (.firstCorrected, "yes"): "m corrected"
    case (.firstCorrected, _): "m not corrected"
    case (.secondCorrected, "yes"): "v corrected"
    case (.secondCorrected, _): "v not corrected"
    case (.epsilon, "outside"): "ε outside the root"
    case (.epsilon, "inside"): "ε inside the root"
    case (.epsilon, "hat"): "ε beside the uncorrected root, corrections in the step size"
    case (.epsilon, "in_max"): "ε in the maximum"
    case (.epsilon, _): "no ε"
    case (.weightDecay, "none"): nil
    case (.weightDecay, "l2"): "weight decay in the gradient (L2)"
    case (.weightDecay, "decoupled"): "weight decay of the parameter itself"
    case (.weightDecay, "in_ratio"): "weight decay within the trust ratio"
    case (.decayScale, "lr"): "scaled by the learning rate"
    case (.decayScale, _): "not scaled by the learning rate"
    case (.momentum, "ema"): "averaged gradient"
    case (.momentum, "velocity"): "velocity"
    case (.momentum, "polyak"): "momentum by the iterate before"
    case (.momentum, "lookahead"): "gradient taken ahead"
    case (.momentum, "rewritten"): "Nesterov with the gradient at the parameter"
    case (.momentum, "two_sequence"): "two sequences"
    case (.rate, "inside"): "learning rate inside"
    case (.rate, "outside"): "learning rate outside"
    case (.rate, "none"): "no learning rate"
    case (.rate, _): "step size \(value)"
    case (.dampening, "always"): "dampened"
    case (.dampening, "after_first"): "dampened after the first step"
    case (.amsgrad, "max_of_raw"): "maximum of v"
    case (.amsgrad, _): "maximum of the corrected v"
    case (.centered, "yes"): "centered"
    case (.nadam, "t+1"): "m corrected for the next step"
    case (.nadam, _): "m and the gradient corrected alike"
    case (.schedule, _): "step size \(value)"
    case (.clip, "norm"): "gradient clipped by norm"
    case (.clip, _): "gradient clipped by value"
    default: nil
    }
  }
}
