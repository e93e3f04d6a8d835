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
    var context = context
    var findings: [Finding] = []
    let items = ClaimChain.items(items)
    let areNumbers = items.allSatisfy { item in
      guard case .formula(let sides, let relations) = item.kind, !relations.isEmpty,
        let last = sides.last
      else { return true }
      return PrintedVector(last) != nil
    }
    for (place, item) in items.enumerated() {
      if isStopped() { break }
      if let chain = ClaimChain(item) {
        var numbers = NumberChain(chain, context, isStopped)
        numbers.isAmongNumbers = areNumbers
        if let finding = numbers.finding() {
          findings.append(limited(finding, chain, items, place))
        }
      }
      // Nothing asks what the last one says.
      if place + 1 < items.count { context.add(item) }
    }
    return combined(findings)
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
