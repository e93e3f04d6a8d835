// Worked numbers: whether a printed result is what the printed calculation gives, to its digits.
//
//   m_1 = 0.9 \cdot 0 + 0.1 \cdot (-4) = -0.4
//
// Each pair of neighbours in a chain is compared; the first that differ are named. What a digit may be
// off by is in `PrintedDigits`. A value that was given in another section accuses nobody, unless it was
// given only once and a known slip explains the number: otherwise the claim is unchecked, and why is
// said.

import Diagnostics
import Notation

package enum NumberCheck {
  /// What the worked numbers of a text are; nil when it has none.
  /// - Parameters:
  ///   - context: what the document has said before it.
  ///   - isStopped: ends the search for a mistake.
  package static func finding(
    _ items: [MathItem], in context: ClaimContext, isStopped: Stopping = .never
  ) -> Finding? {
    result(items, in: context, isStopped: isStopped)?.finding
  }

  /// The same with the left side of what it is about, where the text itself does not begin with that.
  static func result(
    _ items: [MathItem], in context: ClaimContext, isStopped: Stopping = .never
  ) -> (finding: Finding, left: Math?)? {
    // A chain that never ends claims nothing that anybody reads.
    let isEndless = items.contains { item in
      if case .formula(let sides, _) = item.kind { sides.count > 500 } else { false }
    }
    guard !isEndless else { return nil }
    let plain = plainResult(items, in: context, isStopped: isStopped)
    guard plain?.finding.verdict != .right else { return plain }
    var doubt: String?
    for reading in NumberReading.all(items, context.habits) {
      guard var other = plainResult(reading.items, in: context, isStopped: isStopped) else {
        continue
      }
      switch other.finding.verdict {
      case .right:
        other.finding.details.append(reading.says)
        return other
      case .wrong where reading.isSure:
        other.finding.details.append(reading.says)
        return other
      default: doubt = doubt ?? reading.says
      }
    }
    guard var plain else { return nil }
    if plain.finding.verdict == .wrong, let doubt {
      plain.finding.details.append("it does not hold either if " + doubt)
    }
    return plain
  }

  /// What stands there as it is read at first.
  private static func plainResult(
    _ items: [MathItem], in context: ClaimContext, isStopped: Stopping
  ) -> (finding: Finding, left: Math?)? {
    var context = context
    let printed = items
    let items = ClaimChain.items(items)
    for item in items { context.habits.add(item.span.text) }
    let areNumbers = items.allSatisfy { item in
      guard case .formula(let sides, let relations) = item.kind, !relations.isEmpty,
        let last = sides.last
      else { return true }
      return PrintedVector(last) != nil
    }
    var findings: [Finding] = []
    var first: Math?
    for (place, item) in items.enumerated() {
      if isStopped() { break }
      if let chain = ClaimChain(item),
        var finding = found(chain, context, isAmongNumbers: areNumbers, isStopped)
      {
        finding = limited(finding, chain, items, place)
        let left = chain.sides[0].math
        // Behind the first, each says of what it is.
        if first != nil, finding.verdict == .right {
          finding.headline =
            FormulaTitle.shortened(ClaimText.pretty(left.span.text)) + " " + finding.headline
        }
        first = first ?? left
        findings.append(finding)
      }
      // Nothing asks what the last one says.
      if place + 1 < items.count { context.add(item) }
    }
    guard let finding = combined(findings) else { return nil }
    let heads = printed.compactMap { item in
      if case .formula(let sides, _) = item.kind { sides.first?.span } else { nil }
    }
    // What is wrong shows its own left side, unless that was put together from several.
    let others = finding.verdict == .right ? Array(heads.prefix(1)) : heads
    let isThere = others.contains { $0.start == first?.span.start && $0.end == first?.span.end }
    return (finding, isThere || finding.verdict != .right && findings.count > 1 ? nil : first)
  }

  private static func found(
    _ chain: ClaimChain, _ context: ClaimContext, isAmongNumbers: Bool, _ isStopped: Stopping
  ) -> Finding? {
    var chain = NumberChain(chain, context, isStopped)
    chain.isAmongNumbers = isAmongNumbers
    guard let finding = chain.finding() else { return nil }
    return finding.verdict == .wrong ? chain.withThousands(finding) : finding
  }

  /// Of 1 GB and 100 %, and of what holds for x > 0 alone, the digits do not decide.
  private static func limited(
    _ finding: Finding, _ chain: ClaimChain, _ items: [MathItem], _ place: Int
  ) -> Finding {
    guard finding.verdict == .wrong else { return finding }
    var limited = finding
    (limited.verdict, limited.mistake) = (.unchecked, nil)
    if items.hasScale(behind: place) {
      limited.details.append("the unit behind it may stand for a factor")
    } else if items.hasCondition(on: chain.sides.map(\.math)) {
      limited.details.append("it is said under a condition, which is not put in")
    } else {
      return finding
    }
    return limited
  }

  /// The same for TeX as it is typed; nil also when it cannot be read.
  package static func finding(_ span: Span, in context: ClaimContext = ClaimContext()) -> Finding? {
    guard let text = try? TeXText(span) else { return nil }
    return finding(text.items, in: context)
  }

  /// One finding for several: the first that is wrong, else what could not be checked, else right.
  static func combined(_ findings: [Finding]) -> Finding? {
    guard findings.count > 1 else { return findings.first }
    guard
      var result = findings.first(where: { $0.verdict == .wrong })
        ?? findings.first(where: { $0.verdict == .unchecked }) ?? findings.first
    else { return nil }
    let right = findings.filter { $0.verdict == .right }.count
    if result.verdict == .right {
      result.headline = findings.map(\.headline).joined(separator: "; ")
      result.details = findings.flatMap(\.details)
    } else {
      let others = findings.filter { $0.verdict == result.verdict }.dropFirst()
      result.details += others.map { $0.headline }
      if right > 0 { result.details.append("the other \(right) of \(findings.count) are right") }
    }
    return result
  }
}
