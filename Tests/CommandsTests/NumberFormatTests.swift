import Diagnostics
import Engine
import Tensors
import Testing

@testable import Commands

@Suite struct NumberFormatTests {
  @Test(arguments: [
    (13.0, "13"), (12.02, "12.02"), (1e-8, "1e-08"), (-4, "-4"), (1.2993766079535347, "1.29938"),
    (-0.0, "0"), (0, "0"), (-1e-300, "-1e-300"), (Double.leastNonzeroMagnitude, "4.94066e-324"),
    (.infinity, "inf"),
    (-.infinity, "-inf"), (.nan, "nan"), (123456, "123456"), (1_234_567, "1.23457e+06"),
    (0.1 + 0.2, "0.3"), (1 - 0.9, "0.1"),
  ])
  func sixDigits(value: Double, text: String) {
    #expect(NumberFormat.text(value, digits: 6) == text)
  }

  @Test func manyDigitsSayNothingTwice() {
    #expect(NumberFormat.text(0.1, digits: 17) == "0.1")
    #expect(NumberFormat.text(0.1 + 0.2, digits: 17) == "0.30000000000000004")
    #expect(NumberFormat.text(1e22, digits: 17) == "1e+22")
  }

  @Test func digitsOutOfRangeAreTakenAsTheNearest() {
    #expect(NumberFormat.text(1.25, digits: -3) == "1")
    #expect(NumberFormat.text(1.25, digits: 1000) == "1.25")
  }

  @Test func everyDoubleComesBackFromAllItsDigits() {
    var random = RandomNumbers(seed: 1)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: random.bits())
      guard value.isFinite else { continue }
      let text = NumberFormat.text(value, digits: 17)
      #expect(NumberFormat.value(of: text) == value, "\(value) was shown as \(text)")
    }
  }

  @Test func roundingIsRightAndNothingBecomesZero() {
    var random = RandomNumbers(seed: 2)
    for _ in 0..<20_000 {
      let value = random.number()
      let digits = random.integer(1...17)
      let text = NumberFormat.text(value, digits: digits)
      let shown = NumberFormat.value(of: text)
      var unit = 1.0
      for _ in 1..<digits { unit /= 10 }
      #expect(abs(shown - value) <= 0.501 * unit * abs(value) + 0x1p-52 * abs(value))
      #expect((shown == 0) == (value == 0))
      #expect(text != "-0")
    }
  }

  @Test func elementsAsTheirTypeAsks() {
    #expect(NumberFormat.text(1, type: .bool, digits: 6) == "1")
    #expect(NumberFormat.text(123_456_789, type: .int64, digits: 6) == "123456789")
    #expect(NumberFormat.text(123_456_789, type: .float64, digits: 6) == "1.23457e+08")
  }
}
