// From which step on a formula is said to hold: “for $t > 3$”, `t \ge 2`, “for t = 4, 5, …”.
//
// Steps before it may divide by zero as they like.

enum PrintedCondition {
  /// Letters that count steps: k and n where they do so here, since they mostly count something else.
  private static func letters(_ words: String) -> Set<Character> {
    let plain = words.filter { !$0.isWhitespace }
    func counts(_ letter: Character) -> Bool {
      ["{", "("].contains { bracket in
        ["+1", "-1"].contains { plain.contains("\(bracket)\(letter)\($0)") }
      } || plain.contains("^\(letter)") || plain.contains("^{\(letter)}")
    }
    return Set(["k", "n"].filter(counts)).union(["t"])
  }
  private static let signs: [(text: String, isStrict: Bool)] = [
    ("\\geqslant", false), ("\\geq", false), ("\\ge", false), ("\\gt", true), (">=", false),
    ("≥", false), (">", true), ("=", false),
  ]

  /// The last step that a condition leaves out, with one more where the new value has the next number;
  /// nil when none is printed.
  static func first(in words: String) -> Int? {
    var found: Int?
    let letters = letters(words)
    var before: Character = " "
    var rest = words[...]
    while let letter = rest.first {
      if letters.contains(letter), !before.isLetter, !"\\_^{".contains(before),
        let bound = bound(rest.dropFirst())
      {
        found = max(found ?? 0, bound)
      }
      before = letter
      rest.removeFirst()
    }
    return found
  }

  private static func bound(_ text: Substring) -> Int? {
    var rest = text.drop(while: \.isWhitespace)
    guard let sign = signs.first(where: { rest.hasPrefix($0.text) }) else { return nil }
    rest = rest.dropFirst(sign.text.count).drop(while: \.isWhitespace)
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard digits.count < 7, let number = Int(digits) else { return nil }
    let behind = rest.dropFirst(digits.count)
    if behind.first.map({ $0.isLetter || $0 == "." && behind.dropFirst().first?.isNumber == true })
      ?? false
    {
      return nil
    }
    // “at t = 3” is no beginning, “t = 4, 5, …” is one; from 1 on, nothing is left out.
    if sign.text == "=" {
      guard behind.drop(while: \.isWhitespace).first.map({ ",…\\.".contains($0) }) ?? false,
        number > 1
      else { return nil }
    }
    let last = sign.isStrict ? number : number - 1
    return last > 0 ? last + 1 : nil
  }
}
