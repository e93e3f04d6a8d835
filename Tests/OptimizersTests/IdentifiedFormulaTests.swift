// Every printed formula gets the name of the rule that it is, and the features that make it that
// variant; a formula that is wrong is not given the name of what it was meant to be.

import Diagnostics
import Foundation
import Notation
import Optimizers
import Testing

@Suite struct IdentifiedFormulaTests {
  /// The entries that can be run as rules.
  static let entries = PrintedFormulaTests.entries.filter {
    $0["kind"]?.text == "rule" && $0["executable"]?.flag != false
  }

  /// The catalogue's name of what an entry is.
  static func catalogueName(_ entry: JSON) -> String? {
    let variant = entry["variant"]
    func word(_ key: String) -> String { variant?[key]?.text ?? "" }
    func flag(_ key: String) -> Bool { variant?[key]?.flag ?? false }
    func epsilon(_ outside: String) -> String {
      switch word("eps") {
      case "inside": outside + "_eps_inside"
      case "none": outside + "_no_eps"
      default: outside
      }
    }
    switch entry["name"]?.text ?? "" {
    case "adam":
      if word("weight_decay") == "l2" { return "adam_l2" }
      if word("eps") == "hat" { return "adam_eps_hat" }
      switch (flag("m_corrected"), flag("v_corrected")) {
      case (true, true): return epsilon("adam")
      case (false, true): return epsilon("adam_m_uncorrected")
      case (true, false): return epsilon("adam_v_uncorrected")
      case (false, false): return epsilon("adam_uncorrected")
      }
    case "momentum_heavy_ball":
      if word("dampening") == "always" { return "momentum_dampened" }
      if word("form") == "polyak" { return "heavy_ball" }
      return word("lr") == "inside" ? "momentum_velocity" : "momentum"
    case "rmsprop":
      if word("momentum") != "none" {
        return flag("centered") ? "rmsprop_graves" : epsilon("rmsprop_momentum")
      }
      return epsilon(flag("centered") ? "rmsprop_centered" : "rmsprop")
    case "adagrad": return epsilon("adagrad")
    case "adamax": return word("eps") == "in_max" ? "adamax_torch" : "adamax"
    case "amsgrad": return flag("m_corrected") ? "amsgrad_torch" : "amsgrad"
    case "nadam": return word("momentum_correction") == "t" ? "nadam_ruder" : "nadam"
    case "nesterov":
      switch word("form") {
      case "two_sequence": return "nesterov_two_sequence"
      case "lookahead": return "nesterov_lookahead"
      default: return word("lr") == "inside" ? "nesterov_velocity" : "nesterov"
      }
    case "momentum_ema": return flag("bias_corrected") ? "momentum_ema_corrected" : "momentum_ema"
    case "sgd":
      return word("weight_decay") == "l2" ? "gradient_descent_l2" : "gradient_descent"
    case "adabelief": return "adabelief_eps_once"
    case "rprop": return "rprop_minus"
    case let name: return name
    }
  }

  /// The features that a variant has, in the words of the table.
  static func features(_ entry: JSON) -> [(Features.Key, String?)] {
    var expected: [(Features.Key, String?)] = []
    let momentum = entry["name"]?.text == "momentum_heavy_ball" || entry["name"]?.text == "nesterov"
    for (key, value) in entry["variant"]?.members ?? [] {
      let word = value.text ?? ""
      switch key {
      case "m_corrected", "bias_corrected":
        expected.append((.firstCorrected, value.flag == true ? "yes" : "no"))
      case "v_corrected": expected.append((.secondCorrected, value.flag == true ? "yes" : "no"))
      case "eps": expected.append((.epsilon, word))
      case "weight_decay": expected.append((.weightDecay, word))
      case "decay_scale": expected.append((.decayScale, word))
      case "amsgrad": expected.append((.amsgrad, word))
      case "form" where momentum:
        expected.append((.momentum, word == "delta" ? "velocity" : word))
      case "lr" where momentum: expected.append((.rate, word))
      case "lr" where word == "none": expected.append((.rate, "none"))
      case "dampening" where word == "always": expected.append((.dampening, word))
      case "centered": expected.append((.centered, value.flag == true ? "yes" : nil))
      case "momentum" where word == "none": expected.append((.momentum, nil))
      case "momentum":
        expected.append((.momentum, "velocity"))
        expected.append((.rate, word == "lr_inside" ? "inside" : "outside"))
      case "momentum_correction": expected.append((.nadam, word))
      case "clip": expected.append((.clip, word))
      default: break
      }
    }
    return expected
  }

  @Test(arguments: entries.indices) func hasItsNameAndFeatures(_ place: Int) throws {
    let entry = Self.entries[place]
    let id = entry["id"]?.text ?? ""
    let rule = try PrintedRule(try #require(entry["latex"]?.text)).rule
    let found = Identification.of(rule)
    let equal = found.matches.filter(\.isEqual)
    let seen = found.matches.prefix(4).map { "\($0.call) \($0.distance)" }
    guard let name = Self.catalogueName(entry) else {
      #expect(equal.isEmpty, "\(id): \(seen)")
      return
    }
    if entry["wrong"] != nil {
      // With 1 - β for β, or lr/(1 - β) for lr, some have the right numbers after all.
      #expect(!equal.contains { $0.name == name && $0.isPlain }, "\(id) is wrong but \(seen)")
      return
    }
    #expect(
      equal.first?.name == name,
      "\(id) should be \(name): \(seen)\n\(RulePrinter(.ascii).text(rule.declaration))")
    for (key, value) in Self.features(entry) {
      #expect(
        found.features[key] == value,
        "\(id), \(key.rawValue): \(found.features.entries.map { "\($0.key.rawValue)=\($0.value)" })"
      )
    }
    if entry["variant"]?["schedule"]?.text == "inverse_sqrt" {
      #expect(found.features[.schedule]?.contains("√") == true, "\(id)")
    }
  }
}
