// A number as it is printed: its value, and the unit of its last digit, which is how precisely it is
// said. `0.3775` is said to 0.0001, `1.50 \times 10^{-3}` to 0.00001, `12` to 1, `5\%` to 0.01.
//
// Nothing is evaluated here: what needs calculating, if only 1/4, is no printed number.

import Diagnostics
import Notation

struct PrintedNumber: Sendable {
  var value: Double
  /// What one unit of the last printed digit is worth.
  var unit: Double
  /// How many digits are printed from the first that is not 0; 0 for zero itself.
  var significant: Int
  /// Printed without a point and without a power of ten.
  var isWhole: Bool
  /// The sign in `1{,}234` or `1.234`, which is 1234 in one country and 1.234 in another.
  var groupSign: Character?
  var span: Span

  /// nil for what is no number alone.
  init?(_ math: Math) {
    switch math.kind {
    case .number(let text):
      self.init(text, math.span)
    case .sum(let terms):
      guard terms.count == 1, var inner = PrintedNumber(terms[0].value) else { return nil }
      if terms[0].isNegative { inner.value = -inner.value }
      inner.span = math.span
      self = inner
    case .fenced(.parenthesis, let items):
      guard items.count == 1, let inner = PrintedNumber(items[0]) else { return nil }
      self = inner
    case .fraction(let above, let below):
      // 5\%
      guard case .number("100") = below.kind, math.span.text.hasSuffix("%"),
        var number = PrintedNumber(above)
      else { return nil }
      number.scale(by: -2)
      number.span = math.span
      self = number
    case .product(let factors):
      if let digits = GroupedDigits.text(math) {
        self.init(digits, math.span)
        return
      }
      guard factors.count == 2, factors[1].sign == .times,
        var number = PrintedNumber(factors[0].value),
        let power = PrintedNumber.tenPower(factors[1].value)
      else { return nil }
      number.scale(by: power)
      number.span = math.span
      self = number
    case .scripted:
      // 10^{-8} alone.
      guard let power = PrintedNumber.tenPower(math) else { return nil }
      self.init("1e\(power)", math.span)
    default: return nil
    }
  }

  private init?(_ text: String, _ span: Span) {
    guard let value = Double(text), value.isFinite else { return nil }
    var mantissa = Substring(text)
    var exponent = 0
    if let place = text.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      mantissa = text[..<place]
      guard let given = Int(text[text.index(after: place)...]), abs(given) < 400 else { return nil }
      exponent = given
    }
    var decimals = 0
    if let point = mantissa.firstIndex(of: ".") {
      decimals = mantissa.distance(from: point, to: mantissa.endIndex) - 1
    }
    self.value = value
    unit = PrintedNumber.tenTo(exponent - decimals)
    significant = mantissa.filter { $0.isNumber }.drop { $0 == "0" }.count
    isWhole = decimals == 0 && exponent == 0
    self.span = span
    if decimals == 3, value >= 1, value < 1000, exponent == 0 {
      groupSign = span.text.contains(",") ? "," : "."
    }
  }

  private mutating func scale(by power: Int) {
    if let precise = Double("\(value)e\(power)"), !"\(value)".contains("e") {
      value = precise
    } else {
      value *= PrintedNumber.tenTo(power)
    }
    unit *= PrintedNumber.tenTo(power)
    isWhole = false
  }

  /// `10^{-8}`
  static func tenPower(_ math: Math) -> Int? {
    guard case .scripted(let base, let scripts) = math.kind, case .number("10") = base.kind,
      scripts.lower.isEmpty, scripts.primes == 0, let upper = scripts.upper,
      let power = wholeNumber(upper), abs(power) < 300
    else { return nil }
    return power
  }

  static func tenTo(_ power: Int) -> Double { Double("1e\(power)") ?? 0 }

  /// The same print with its sign as a separator of thousands.
  var withThousands: PrintedNumber {
    var other = self
    other.value = (value * 1000).rounded()
    other.unit = 1
    other.isWhole = true
    other.groupSign = nil
    return other
  }

  /// How far what is printed may be from what it was rounded from.
  var halfUnit: Double { unit / 2 }

  /// Another value, printed to the same digits.
  func printed(_ other: Double) -> String { PrintedNumber.text(other, unit: unit) }

  /// Another value as it is told to who printed this number: to the same decimals as long as that shows
  /// it to four digits, with all digits when they are few or when it is the last one that is wrong.
  func told(_ other: Double) -> String {
    let short = NumberFormat.text(other)
    if let same = Double(short), abs(same - other) <= 1e-12 * abs(other) { return short }
    if isWhole { return short }
    let text = printed(other)
    if text == printed(value) { return NumberFormat.text(other, digits: 12) }
    let digits = text.filter { $0.isNumber }.drop { $0 == "0" }.count
    return digits >= 4 || digits >= significant + 2 && digits >= 3
      ? text : NumberFormat.text(other, digits: max(4, significant))
  }

  /// A value to a unit of ten's powers: 0.271 to 0.01 is `0.27`.
  static func text(_ value: Double, unit: Double) -> String {
    guard value.isFinite, unit > 0 else { return "\(value)" }
    var decimals = 0
    var scale = unit
    while scale < 0.999_999, decimals < 18 {
      scale *= 10
      decimals += 1
    }
    // Small numbers read better with their power of ten.
    if decimals > 12 { return NumberFormat.text(value, digits: 6) }
    return NumberFormat.fixed(value, decimals: decimals)
  }
}
