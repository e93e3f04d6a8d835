// Numbers that are one in one country and one thousand in another: 1.000, 1{,}000.
//
// A calculation that holds when all such numbers of it are read in one way is right. Where the document
// shows that they are meant in the other way, it is neither: both readings are said.

import Diagnostics
import Notation

extension NumberChain {
  /// The finding of a calculation that does not hold as it is read, with its other reading.
  func withThousands(_ finding: Finding) -> Finding {
    let own = PrintedHabits([chain.span.text])
    for (sign, name) in [(Character(","), "comma"), (Character("."), "point")] {
      guard !own.decimals.contains(sign), let other = chain.withThousands(sign),
        let read = NumberChain(other, context, isStopped).finding()
      else { continue }
      let isShown = context.habits.decimals.contains(sign) && !context.habits.groups.contains(sign)
      switch read.verdict {
      case .right where isShown:
        return Finding(
          .unchecked, pretty(chain.span),
          details: [
            "with a decimal \(name), as elsewhere in this text, \(finding.headline)",
            "with the \(name) between thousands it is right",
          ], span: finding.span)
      case .right:
        var read = read
        read.details.append("the \(name) stands between thousands")
        return read
      case .wrong where context.habits.separatesThousands(sign):
        var read = read
        read.details.append("the \(name) stands between thousands")
        return read
      case .wrong where !isShown:
        var finding = finding
        finding.details.append("with the \(name) between thousands, \(read.headline)")
        return finding
      case .wrong, .unchecked: continue
      }
    }
    return finding
  }
}

extension ClaimChain {
  /// The chain with a sign between thousands wherever it may stand there; nil where it does nowhere.
  fileprivate func withThousands(_ sign: Character) -> ClaimChain? {
    var hasChanged = false
    var other = self
    for place in other.sides.indices {
      other.sides[place].math = MathRewrite.bottomUp(other.sides[place].math) { part in
        guard case .number(let text) = part.kind, let number = PrintedNumber(part),
          number.groupSign == sign
        else { return nil }
        hasChanged = true
        return Math(.number(text.filter { $0 != "." }), part.span)
      }
    }
    return hasChanged ? other : nil
  }
}
