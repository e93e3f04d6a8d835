// Numbers and vectors as a finding prints them: six significant digits.

import Diagnostics

extension DefinitionJudge {
  static func short(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number > 0 ? "∞" : "-∞" }
    return NumberFormat.text(number)
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
