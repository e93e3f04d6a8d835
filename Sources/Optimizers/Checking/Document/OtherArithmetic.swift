// Calculations with a meaning of their own, which the words about them tell: remainders, bits, whole
// numbers with a limit. “modulo 7: 3 · 5 = 1” is not wrong.

enum OtherArithmetic {
  private static let words = [
    "modulo", "mod ", "binary", "binär", "hexadecimal", "xor", "integer division", "saturating",
    "saturated",
    "saturation",
    "overflow", "wraps", "wrapping", "uint8", "int8", "float32", "float16", "bfloat16",
    "concatenat", "in degrees", "is false", "is wrong", "二进制", "取模", "整除",
  ]

  /// The first such word in the heading, in the sentence before or right behind.
  static func word(in around: CheckedWords) -> String? {
    let said = (around.nearest + " " + around.after.prefix(60)).lowercased()
    return words.first { said.contains($0) }?.trimmedEnd
  }
}

extension String {
  fileprivate var trimmedEnd: String { hasSuffix(" ") ? String(dropLast()) : self }
}
