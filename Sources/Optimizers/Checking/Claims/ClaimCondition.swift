// What stands beside a claim and says when it holds, or in what unit: x > 0, GB, million.

import Notation

extension [MathItem] {
  /// Whether the text says of some symbol where it lies.
  var hasCondition: Bool {
    contains { item in
      guard case .formula(_, let relations) = item.kind else { return false }
      return relations.contains { relation in
        switch relation {
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .notEqual, .member: true
        default: false
        }
      }
    }
  }

  /// Whether a unit that stands for a factor follows an item.
  func hasScale(behind place: Int) -> Bool {
    guard place + 1 < count, case .words(let words) = self[place + 1].kind else { return false }
    let first = words.split { !($0.isLetter || $0 == "%") }.first.map(String.init) ?? ""
    if ["%", "percent", "thousand", "million", "billion", "K", "M", "G", "T"].contains(first) {
      return true
    }
    if ["ms", "min", "h", "hours", "minutes", "bytes", "万", "亿"].contains(first) { return true }
    // kB, MB, GiB
    return first.hasSuffix("B") && first.count <= 3
  }
}
