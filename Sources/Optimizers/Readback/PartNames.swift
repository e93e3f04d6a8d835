// Names made up for the lines of a long formula, that no other name in sight is mistaken for.

import Notation

/// Names for the lines of a long formula: `a₁, a₂, …`, and `C₁, …` for constants.
package struct PartNames {
  let taken: Set<String>
  private var count = 0
  private var constantCount = 0
  private let stem: String
  private let constantStem: String

  /// - Parameter stems: the letters to number, in the order they are tried.
  package init(taken: Set<String>, stems: [String] = ["a", "h", "s", "u", "q", "z"]) {
    self.taken = taken
    func free(_ stems: [String]) -> String {
      stems.first { stem in
        !taken.contains { $0.hasPrefix(stem) && $0.dropFirst(stem.count).allSatisfy(\.isNumber) }
      } ?? "part"
    }
    stem = free(stems)
    constantStem = free(["C", "K", "D"])
  }

  package mutating func next() -> Name {
    count += 1
    return Name(canonical: "\(stem)\(count)")
  }

  mutating func nextConstant() -> Name {
    constantCount += 1
    return Name(canonical: "\(constantStem)\(constantCount)")
  }
}
