// How many whole numbers a quantiser makes: b bits hold 2ᵇ of them, and from 0 to 256 there are 257.
//
// A range that leaves numbers out is a convention, from -127 to 127 or from 1 to 255. One with a number
// too many does not fit; nor does a step of a 256th of the range where 0 to 255 make 255 steps of it.

import Diagnostics
import Notation

extension KnownSlip {
  static let overfull = KnownSlip(
    "level-too-many",
    "rounding gives the whole numbers from 0 to 2ᵇ, one more than b bits hold: 2ᵇ - 1 is meant",
    claims: .words(Quantiser.words, unless: []))
}

extension DefinitionJudge {
  /// Limits between which there is one number more than bits hold.
  func overfull(_ candidate: DefinitionCandidate) -> Finding? {
    for definition in [candidate.definition] + candidate.others {
      guard let (low, high) = limits(of: definition.value) else { continue }
      for bits in saysFourBits ? [4, 8, 16] : [8, 16] {
        guard let first = number(low, candidate, bits), let last = number(high, candidate, bits),
          last - first == Double(1 << bits)
        else { continue }
        let isWritten = number(high, candidate, bits - 1) == last
        // A letter for the bits may be something else; where bits are spoken of, it is none.
        guard speaksOfBits || isWritten && speaksOfQuantising else { continue }
        let ends = (candidate.notation.plain(low), candidate.notation.plain(high))
        let (count, held, meant) =
          isWritten
          ? (
            "\((1 << bits) + 1)", "\(bits) bits hold \(1 << bits)", DefinitionJudge.short(last - 1)
          )
          : ("2ᵇ + 1", "b bits hold 2ᵇ", "\(ends.1) - 1")
        return Finding(
          .wrong, "≠ quantisation",
          details: [
            "from \(ends.0) to \(ends.1) there are \(count) whole numbers, and \(held):"
              + " \(meant) is meant as the largest"
          ], mistake: "level-too-many", span: high.span, reference: "quantisation")
      }
    }
    return nil
  }

  /// From -8 to 8 is a range of 17 numbers like any other, unless 4 bits are to hold them.
  private var saysFourBits: Bool {
    ([words] + around).contains { text in
      let text = text.lowercased()
      return ["int4", "4 bit", "4-bit", "four bit", "4位"].contains { text.contains($0) }
        && !["24 bit", "24-bit", "64 bit", "64-bit"].contains { text.contains($0) }
    }
  }

  /// Whether bits are spoken of, as a word: “arbitrary” and “orbit” hold none, nor has 单位.
  private var speaksOfBits: Bool {
    ([words] + around).contains { text in
      let text = text.lowercased()
      let parts = text.split { !($0.isLetter && $0.isASCII || $0.isNumber) }
      return parts.contains { part in
        let part = part.drop(while: \.isNumber)
        return DefinitionJudge.bitWords.contains(String(part))
          || part.hasPrefix("int") && part.dropFirst(3).allSatisfy(\.isNumber) && part.count > 3
          || part.hasPrefix("uint") && part.dropFirst(4).allSatisfy(\.isNumber) && part.count > 4
      }
        || text.contains("比特") || isNumbered("位", in: text)
    }
  }

  private static let bitWords: Set<String> = ["bit", "bits", "bitwidth", "bitbreite", "byte"]

  /// Whether a sign stands behind a number, or a letter for one: 8位.
  private func isNumbered(_ sign: Character, in text: String) -> Bool {
    var last: Character?
    for character in text where !character.isWhitespace && character != "$" {
      if character == sign, let last, last.isNumber || "bnkm".contains(last) { return true }
      last = character
    }
    return false
  }

  private var speaksOfQuantising: Bool {
    ([words] + around).contains { text in
      let text = text.unaccented
      return Quantiser.words.contains { text.contains($0) }
    }
  }

  /// The limits between which something rounded is kept.
  private func limits(of math: Math) -> (low: Math, high: Math)? {
    if case .function(let call) = math.kind {
      if call.name == "clip", call.arguments.count == 3, isRounded(call.arguments[0]) {
        return (call.arguments[1], call.arguments[2])
      }
      // min(max(x, low), high)
      if let (bound, inner) = bounded(call), case .function(let other) = inner.kind,
        other.name != call.name, let (second, _) = bounded(other)
      {
        return call.name == "min" ? (second, bound) : (bound, second)
      }
    }
    return math.children.lazy.compactMap { limits(of: $0) }.first
  }

  /// max(low, round(x)) taken apart.
  private func bounded(_ call: MathFunction) -> (bound: Math, rounded: Math)? {
    guard ["min", "max"].contains(call.name), call.arguments.count == 2,
      let place = call.arguments.firstIndex(where: isRounded)
    else { return nil }
    var rounded = call.arguments[place]
    while case .fenced(.parenthesis, let items) = rounded.kind, items.count == 1 {
      rounded = items[0]
    }
    return (call.arguments[1 - place], rounded)
  }

  /// What a limit is when its letter stands for a number of bits.
  private func number(_ math: Math, _ candidate: DefinitionCandidate, _ bits: Int) -> Double? {
    var values: [String: FormulaValue] = [:]
    for key in ["b", "n", "k", "N", "B"] { values[key] = FormulaValue(Double(bits)) }
    let evaluator = DefinitionEvaluator(candidate.notation, values: values)
    return (try? evaluator.array(math, over: []))?.scalar
  }

  // MARK: Steps

  /// What is to be said of a range that is divided into 2ᵇ steps.
  func levels(_ match: Match, _ candidate: DefinitionCandidate) -> Finding? {
    let known = match.known.id
    let isRounded =
      known.hasPrefix("quantise_minmax") || known.hasPrefix("quantise_given")
      || known == "quantise_levels"
    let isScale = known.hasPrefix("scale_minmax") || known.hasPrefix("scale_given")
    guard isRounded || isScale, let (full, top) = steps(of: match) else { return nil }
    if isRounded {
      return Finding(
        .wrong, "≠ quantisation", measure: measure(match),
        details: [
          "rounding gives the whole numbers from 0 to \(full), one more than there are: \(top) is meant"
        ], mistake: "level-too-many", span: candidate.definition.value.span,
        reference: match.known.builtin)
    }
    guard isRoundedTo(top) else {
      return Finding(
        .right, "= a quantiser's scale",
        details: [
          "from 0 to \(top) there are \(top) steps: what is rounded to these is divided by it"
        ])
    }
    return Finding(
      .wrong, "≠ a quantiser's scale", measure: measure(match),
      details: [
        "between \(full) whole numbers there are \(top) steps: divided by \(full), the whole range is"
          + " rounded to \(full), which is cut off; divide by \(top)"
      ], mistake: "level-too-many", span: candidate.definition.value.span,
      reference: "the range divided by \(top)")
  }

  /// 256 and 255, or 2ᵇ and 2ᵇ - 1, where the former is what is divided by.
  private func steps(of match: Match) -> (full: String, top: String)? {
    func key(_ name: String) -> String? {
      match.assignment.inputs.first { $0.value.name == name }?.key
    }
    if match.known.id.hasSuffix("_power") {
      return key("b").map { ("2^\(pretty($0))", "2^\(pretty($0)) - 1") }
    }
    guard let number = key("l").flatMap({ Int($0) }), [256, 65536].contains(number) else {
      return nil
    }
    return ("\(number)", "\(number - 1)")
  }

  /// Whether a text near by rounds to whole numbers up to this one.
  private func isRoundedTo(_ top: String) -> Bool {
    let bare = DefinitionJudge.bare
    let top = bare(top)
    let half = ["255": ["-128", "127"], "65535": ["-32768", "32767"]][top]
    return around.contains { text in
      let text = bare(text)
      guard ["round", "rceil", "nint"].contains(where: text.contains) else { return false }
      return text.contains(top) || half.map { $0.allSatisfy(text.contains) } ?? false
    }
  }
}
