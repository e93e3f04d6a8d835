// Numbers and vectors as a finding prints them: six significant digits.

extension DefinitionJudge {
  static func short(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number > 0 ? "∞" : "-∞" }
    if number == number.rounded(), abs(number) < 1e6 { return "\(Int(number))" }
    return digits(number)
  }

  /// Six significant digits, without zeros at the end.
  private static func digits(_ number: Double) -> String {
    var exponent = 0
    var size = abs(number)
    while size >= 10 {
      size /= 10
      exponent += 1
    }
    while size < 1, size > 0 {
      size *= 10
      exponent -= 1
    }
    var mantissa = (size * 100_000).rounded()
    if mantissa >= 1_000_000 {
      mantissa /= 10
      exponent += 1
    }
    let sign = number < 0 ? "-" : ""
    var text = String(Int(mantissa))
    func trimmed(_ text: String) -> String {
      var text = text
      while text.hasSuffix("0") { text.removeLast() }
      return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
    if exponent < -4 || exponent > 6 {
      text.insert(".", at: text.index(after: text.startIndex))
      return sign + trimmed(text) + "e" + String(exponent)
    }
    if exponent < 0 {
      return sign + trimmed("0." + String(repeating: "0", count: -exponent - 1) + text)
    }
    if exponent >= text.count - 1 {
      return sign + text + String(repeating: "0", count: exponent - text.count + 1)
    }
    text.insert(".", at: text.index(text.startIndex, offsetBy: exponent + 1))
    return sign + trimmed(text)
  }

  static func short(_ value: FormulaValue) -> String {
    if let number = value.scalar { return short(number) }
    if value.dimensions.count == 2, let rows = value.dimensions.first {
      return "["
        + (0..<rows).compactMap { value.part($0).map { short($0) } }.joined(separator: ", ") + "]"
    }
    return "[" + value.elements.map { short($0) }.joined(separator: ", ") + "]"
  }
}
