// Which methods a heading or the words near a formula name, in several languages.
//
//   NamedMethods.find(in: "### 3.2 Nesterov 动量")   nesterov
//
// Words say what a formula is meant to be, never whether it is right.

package enum NamedMethods {
  /// The methods a text names, each once, in the order they occur. The longest name wins, and a name
  /// that only describes another is left out: “SGD with Nesterov momentum” is Nesterov momentum.
  package static func find(in text: String) -> [NamedMethod] { mentions(in: text).methods }

  /// Whether a text is the name of one method and nothing else is said of it: no “instead of”, no
  /// “projected”, no second method.
  package static func isPlainName(_ text: String) -> Bool {
    let found = mentions(in: text)
    return found.methods.count == 1 && found.isPlain
  }

  private static func mentions(in text: String) -> (methods: [NamedMethod], isPlain: Bool) {
    let (words, breaks) = normal(text)
    var found: [(method: NamedMethod, range: Range<Int>)] = []
    var place = 0
    while place < words.count {
      guard let hit = longest(at: place, in: words) else {
        place += 1
        continue
      }
      found.append((hit.method, place..<(place + hit.length)))
      place += hit.length
    }
    return described(found, words, breaks)
  }

  // MARK: Matching

  private struct Phrase: Sendable {
    let scalars: [Unicode.Scalar]
    let method: NamedMethod
  }

  /// Every phrase by its first character, the longest first.
  private static let phrases: [Unicode.Scalar: [Phrase]] = {
    var table: [Unicode.Scalar: [Phrase]] = [:]
    for method in NamedMethod.catalogue {
      for phrase in method.phrases {
        let scalars = Array(phrase.unicodeScalars)
        guard let first = scalars.first else { continue }
        table[first, default: []].append(Phrase(scalars: scalars, method: method))
      }
    }
    return table.mapValues { $0.sorted { $0.scalars.count > $1.scalars.count } }
  }()

  private static func longest(at place: Int, in words: [Unicode.Scalar])
    -> (method: NamedMethod, length: Int)?
  {
    for phrase in phrases[words[place]] ?? [] {
      let end = place + phrase.scalars.count
      guard end <= words.count, words[place..<end].elementsEqual(phrase.scalars),
        isBoundary(place, words), isBoundary(end, words)
      else { continue }
      return (phrase.method, end - place)
    }
    return nil
  }

  /// Between letters of one alphabet there is none; Chinese is written without blanks.
  private static func isBoundary(_ place: Int, _ words: [Unicode.Scalar]) -> Bool {
    guard place > 0, place < words.count else { return true }
    return !(isWordPart(words[place - 1]) && isWordPart(words[place]))
  }

  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    // Greek and Cyrillic are alphabets too; from U+2E80 on there are characters.
    scalar.value < 0x2E80 && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
  }

  /// Lower case, accents dropped, everything between words one blank; and where clauses end.
  private static func normal(_ text: String) -> (words: [Unicode.Scalar], breaks: [Int]) {
    var result: [Unicode.Scalar] = []
    var breaks: [Int] = []
    for character in text.lowercased() {
      for scalar in String(character).unicodeScalars {
        if let plain = scalar.unaccented {
          result.append(plain)
        } else if scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
          result.append(scalar)
        } else if scalar.properties.generalCategory != .nonspacingMark, result.last != " " {
          result.append(" ")
        }
        if clauseEnds.contains(scalar) { breaks.append(result.count) }
      }
    }
    return (result, breaks)
  }

  private static let clauseEnds: Set<Unicode.Scalar> = [
    ",", ";", ":", ".", "!", "?", "(", ")", "，", "；", "：", "。", "！", "？", "（", "）", "、", "\n",
  ]

  // MARK: Names that describe others

  typealias Hit = (method: NamedMethod, range: Range<Int>)

  /// Words that join two names to one: “SGD with momentum”, “momentum (SGD)”.
  private static let joints: Set<String> = [
    "", "with", "and", "mit", "und", "avec", "et", "con", "y", "用", "带", "的", "optimizer",
    "method", "s", "using", "和", "与", "算法", "优化", "优化器",
  ]

  private static func described(_ found: [Hit], _ words: [Unicode.Scalar], _ breaks: [Int])
    -> (methods: [NamedMethod], isPlain: Bool)
  {
    var kept: [Hit] = []
    for hit in found {
      // “Unlike SGD, Adam” is no Adam of SGD's kind.
      if let last = kept.last, isJoint(words[last.range.upperBound..<hit.range.lowerBound]),
        !Mention(last.range, words, breaks, after: 0, before: hit.range.lowerBound).isSetAside,
        let joined = joined(last.method, hit.method)
      {
        kept[kept.count - 1] = (joined, last.range.lowerBound..<hit.range.upperBound)
      } else {
        kept.append(hit)
      }
    }
    var result: [NamedMethod] = []
    var isPlain = true
    for (place, hit) in kept.enumerated() {
      if isOneOfMany(hit, words) {
        isPlain = false
        continue
      }
      var method = withoutCorrection(hit, words) ?? hit.method
      let mention = Mention(
        hit.range, words, breaks,
        after: place > 0 ? kept[place - 1].range.upperBound : 0,
        before: place + 1 < kept.count ? kept[place + 1].range.lowerBound : words.count)
      if mention.isSetAside {
        isPlain = false
        continue
      }
      if mention.isQualified {
        isPlain = false
        method.isWide = true
      }
      if !result.contains(method) { result.append(method) }
    }
    return (result, isPlain)
  }

  private static func isJoint(_ words: ArraySlice<Unicode.Scalar>) -> Bool {
    var text = ""
    text.unicodeScalars.append(contentsOf: words)
    return text.split(separator: " ").allSatisfy { joints.contains(String($0)) }
  }

  /// What two names side by side mean together, if they mean one thing.
  private static func joined(_ first: NamedMethod, _ second: NamedMethod) -> NamedMethod? {
    let pair = Set([first.id, second.id])
    if pair.count == 1 { return first }
    if pair == ["gradient-descent", "momentum"] || pair == ["gradient-descent-l2", "momentum"] {
      return .named("momentum")
    }
    if pair == ["gradient-descent", "nesterov"] || pair == ["momentum", "nesterov"] {
      return .named("nesterov")
    }
    if pair == ["adam", "nesterov"] { return .named("nadam") }
    if pair == ["rmsprop", "momentum"] || pair == ["rmsprop", "nesterov"] {
      return .named("rmsprop-momentum")
    }
    if pair == ["sign-sgd", "momentum"] { return .named("signum") }
    // “Adam (adaptive gradient …)”, “AdaGrad: gradient descent with …”
    if pair.contains("gradient-descent") {
      return first.id == "gradient-descent" ? second : first
    }
    return nil
  }

  /// “Variants of Adam”: what stands there is none of Adam itself.
  private static func isOneOfMany(_ hit: Hit, _ words: [Unicode.Scalar]) -> Bool {
    var before = ""
    before.unicodeScalars.append(
      contentsOf: words[max(0, hit.range.lowerBound - 24)..<hit.range.lowerBound])
    var after = ""
    after.unicodeScalars.append(
      contentsOf: words[hit.range.upperBound..<min(words.count, hit.range.upperBound + 24)])
    let last = before.split(separator: " ").suffix(2)
    let next = after.split(separator: " ").prefix(2)
    return (last + next).contains { word in kinds.contains { word.contains($0) } }
  }

  private static let kinds = [
    "variant", "beyond", "famil", "extension", "successor", "变体", "变种", "改进", "家族", "nachfolger",
    "erweiterung", "weiterentwicklung",
  ]

  private static let omissions = [
    "no bias correction", "without correction", "uncorrected", "不做偏差修正",
  ].map { Array($0.unicodeScalars) }

  /// What is said of the corrections where they are left out, in front of them.
  private static let leavings = [
    "ignor", "omit", "without", "skip", "leav", "neglect", "drop", "ohne", "sans", "sin ", "senza",
    "忽略", "省略", "不考虑", "没有", "不带", "不做", "不用", "暂不", "无",
  ].map { Array($0.unicodeScalars) }

  private static let correcting = [
    "bias correct", "bias korrektur", "biaskorrektur", "correction de biais", "correccion de sesgo",
    "偏差修正", "偏差校正", "偏置修正", "偏置校正",
  ].map { Array($0.unicodeScalars) }

  /// “Ignoring, for now, the bias correction described below”.
  private static let reach = 40

  /// Whether words say that the bias corrections are left out.
  static func leaveCorrectionsOut(_ text: String) -> Bool {
    leavesOut(normal(text).words[...])
  }

  private static func leavesOut(_ words: ArraySlice<Unicode.Scalar>) -> Bool {
    func places(_ phrases: [[Unicode.Scalar]], _ range: Range<Int>) -> Bool {
      range.contains { place in
        phrases.contains { words[place..<range.upperBound].starts(with: $0) }
      }
    }
    if places(omissions, words.indices) { return true }
    return words.indices.contains { place in
      correcting.contains { words[place...].starts(with: $0) }
        && places(leavings, max(words.startIndex, place - reach)..<place)
    }
  }

  /// Adam where the text says that it leaves the corrections out.
  private static func withoutCorrection(_ hit: Hit, _ words: [Unicode.Scalar]) -> NamedMethod? {
    guard hit.method.id == "adam" else { return nil }
    let near = words[
      max(0, hit.range.lowerBound - 90)..<min(words.count, hit.range.upperBound + 90)]
    return leavesOut(near) ? .named("adam-uncorrected") : nil
  }
}
