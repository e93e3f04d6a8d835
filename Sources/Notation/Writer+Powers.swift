// Powers as a person writes them: `g²`, `m/(1 - β₁ᵗ)`, `x⁻¹`, else `x^(a + b)`; and when text that is
// put in for a part needs brackets.

extension Writer {
  // MARK: Powers

  mutating func writePower(_ base: Expression, _ exponent: Expression) {
    writeBase(base)
    if isPretty, let raised = superscript(exponent) {
      text += raised
      return
    }
    text += "^"
    write(exponent, atLeast: exponent.isPrefixed ? .postfix : .power, leading: false)
  }

  private mutating func writeBase(_ base: Expression) {
    if let replacement = substitution?(base) {
      let isPlain = Substituted(replacement).isAtom && !hasExponent(replacement)
      text += isPlain ? replacement : "(" + replacement + ")"
      return
    }
    if isPretty, isHardToRaise(base) {
      text += "("
      writeBare(base, leading: true)
      text += ")"
    } else {
      write(base, atLeast: .postfix, leading: false)
    }
  }

  /// `1e-8²` and `xᵀ²` would be hard to read.
  private func isHardToRaise(_ base: Expression) -> Bool {
    switch base.kind {
    case .number(_, let spelling): hasExponent(spelling)
    case .unary(.transpose, _): true
    default: false
    }
  }

  private func hasExponent(_ number: String) -> Bool {
    guard let first = number.utf8.first, first >= 0x2E, first <= 0x39 else { return false }
    return number.utf8.contains { $0 | 0x20 == UInt8(ascii: "e") }
  }

  /// A small whole number or a single letter, as superscript characters.
  private func superscript(_ exponent: Expression) -> String? {
    if let replacement = substitution?(exponent) {
      return smallInteger(replacement) ? Scripts.superscriptText(replacement) : nil
    }
    switch exponent.kind {
    case .number(_, let spelling):
      return smallInteger(spelling) ? Scripts.superscriptText(spelling) : nil
    case .unary(.negate, let operand):
      guard substitution?(operand) == nil, case .number(_, let spelling) = operand.kind,
        !spelling.hasPrefix("-"), smallInteger(spelling)
      else { return nil }
      return Scripts.superscriptText("-" + spelling)
    case .name(let name):
      let canonical = name.canonical
      guard canonical.utf8.count == 1, let letter = canonical.utf8.first, letter >= 0x61 else {
        return nil
      }
      return Scripts.superscriptText(canonical)
    default:
      return nil
    }
  }

  private func smallInteger(_ spelling: String) -> Bool {
    let digits = spelling.hasPrefix("-") ? spelling.dropFirst() : Substring(spelling)
    return (1...3).contains(digits.utf8.count)
      && digits.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
  }
}

/// Text put in for a part: what it looks like decides whether it needs brackets.
struct Substituted {
  let isNegative: Bool
  let isAtom: Bool

  init(_ text: String) {
    isNegative = text.utf8.first == UInt8(ascii: "-") || text.hasPrefix("−")
    var depth = 0
    var hasBlank = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: " ") where depth == 0: hasBlank = true
      default: break
      }
    }
    isAtom = !isNegative && !hasBlank
  }

  func needsBrackets(atLeast minimum: Precedence, leading: Bool) -> Bool {
    if isAtom { return false }
    if isNegative { return !leading || minimum > .signed }
    return minimum > .disjunction
  }
}
