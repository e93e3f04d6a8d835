// What the words beside a method's name say of it: that something else is meant (“unlike Adam”,
// “instead of RMSprop”, “Adam is not enough”), or a form of it (“projected AdaGrad”).
//
// Only words of the same clause count, and only as far as the next name.

struct Mention {
  private let before: [String]
  private let after: [String]

  /// - Parameters:
  ///   - range: where the name stands in the words.
  ///   - breaks: where clauses end.
  ///   - start: the end of the name before.
  ///   - end: the beginning of the name behind.
  init(
    _ range: Range<Int>, _ words: [Unicode.Scalar], _ breaks: [Int], after start: Int,
    before end: Int
  ) {
    let from = max(start, breaks.last { $0 <= range.lowerBound } ?? 0)
    let to = min(end, breaks.first { $0 >= range.upperBound } ?? words.count)
    before = Mention.split(words[min(from, range.lowerBound)..<range.lowerBound])
    after = Mention.split(words[range.upperBound..<max(to, range.upperBound)])
  }

  private static func split(_ words: ArraySlice<Unicode.Scalar>) -> [String] {
    var text = ""
    text.unicodeScalars.append(contentsOf: words)
    return text.split(separator: " ").map(String.init)
  }

  /// It is named for what it is not.
  var isSetAside: Bool {
    let near = before.suffix(4)
    if isLikened { return true }
    if near.contains(where: { Mention.refusals.contains($0) }) { return true }
    if near.suffix(3).contains(where: { Mention.comparisons.contains($0) }) { return true }
    if near.suffix(2).contains(where: { Mention.denials.contains($0) }) { return true }
    // “from SGD to Adam”: there it begins, and does not stay.
    if let last = near.last, ["from", "von", "de", "从"].contains(last),
      let next = after.first, ["to", "zu", "nach", "a", "au", "到"].contains(next)
    {
      return true
    }
    if after.prefix(3).contains(where: { Mention.failings.contains($0) }) { return true }
    // Chinese is written without blanks.
    let joined = before.suffix(2).joined(separator: " ")
    if Mention.chineseBefore.contains(where: { joined.hasSuffix($0) }) { return true }
    let next = after.first ?? ""
    return Mention.chineseAfter.contains { next.hasPrefix($0) }
  }

  /// “Just as in RMSprop, …”: it is like that, and another.
  private var isLikened: Bool {
    let last = Array(before.suffix(2))
    if let word = last.last, last.count == 2, Mention.likenings.contains(last[0]),
      Mention.placings.contains(word)
    {
      return true
    }
    let joined = last.joined(separator: " ")
    if ["就像在", "像在", "如同在", "与在", "正如在"].contains(where: { joined.hasSuffix($0) }) { return true }
    guard let next = after.first else { return false }
    return ["と同様", "と同じ", "の場合と同", "のよう", "에서처럼", "처럼", "中一样", "一样"].contains { next.hasPrefix($0) }
      || next.hasPrefix("ta") && after.dropFirst().first == "oldugu"
  }

  private static let likenings: Set<String> = [
    "as", "like", "come", "comme", "como", "wie", "assim", "similar", "similarly", "analogous",
    "identical",
  ]

  private static let placings: Set<String> = [
    "in", "with", "to", "for", "dans", "pour", "en", "no", "em", "bei", "per", "con",
  ]

  /// A form of it that may have other numbers.
  var isQualified: Bool {
    (before.suffix(3) + after.prefix(4)).contains { word in
      ["like", "style", "by", "via"].contains(word)
        || Mention.qualifiers.contains { word.hasPrefix($0) }
    }
  }

  private static let refusals: Set<String> = [
    "unlike", "instead", "rather", "abandon", "abandoned", "replace", "replaces", "replacing",
    "anders", "statt", "anstatt", "anstelle", "gegensatz", "contrairement", "plutot", "lieu",
    "diferencia", "lugar",
  ]

  private static let comparisons: Set<String> = [
    "than", "compared", "comparison", "comparing", "contrast", "relative", "versus", "left",
    "leaving", "beats", "vergleich", "verglichen", "comparaison", "comparacion",
  ]

  private static let denials: Set<String> = [
    "not", "no", "without", "isn", "ohne", "kein", "keine", "nicht", "sans", "sin",
  ]

  private static let failings: Set<String> = [
    "not", "isn", "doesn", "fails", "failed", "nicht", "scheitert",
  ]

  private static let chineseBefore = [
    "不同于", "而不是", "不是", "相比于", "相较于", "代替", "取代", "没有", "有别于", "优于",
  ]

  private static let chineseAfter = ["相比", "不同", "不足", "的不足", "的缺点", "的问题", "相较"]

  private static let qualifiers = [
    "projected", "proximal", "quanti", "distributed", "federated", "clip", "warm", "restart",
    "private", "sparse", "decentrali", "layerwise", "modified", "simplified", "generali",
    "improved",
    "inspired", "inexact", "asynchronous", "constrained", "hybrid",
    "projizier", "verteilt", "投影", "量化", "分布式", "简化", "改进",
  ]
}
