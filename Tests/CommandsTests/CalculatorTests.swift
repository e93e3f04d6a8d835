// The figures on a line agree with what a person gets by typing them into a calculator.

import Diagnostics
import Notation
import Optimizers
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct CalculatorTests {
  /// Reads what a line shows, and nothing else, and works it out again.
  private func recomputed(_ text: String, digits: Int) throws -> String {
    let value = try #require(Recomputation.value(of: formula(text)) { _ in nil })
    return TensorFormat(Format(digits: digits)).line(value)
  }

  @Test(arguments: [false, true]) func shownNumbersGiveTheShownResult(ascii: Bool) throws {
    var random = RandomNumbers(seed: ascii ? 4 : 5)
    var lines = 0
    var agreeing = 0
    for _ in 0..<60 {
      let size = random.integer(1...3)
      var adam = HandAdam(w: (0..<size).map { _ in random.number() })
      adam.lr = [0.1, 0.001, random.unit()][random.integer(0...2)]
      adam.beta1 = [0.9, random.unit()][random.integer(0...1)]
      let digits = random.integer(2...9)
      let format = Format(ascii: ascii, digits: digits)
      for _ in 0..<random.integer(1...4) {
        let record = try adam.update(gradient: (0..<size).map { _ in random.number() })
        for line in record.lines {
          guard let expression = line.expression else { continue }
          let putIn = NumbersPutIn(
            expression, operands: line.operands, value: line.value, format: format)
          let numbers = try #require(putIn.numbers)
          let again = try recomputed(numbers, digits: digits)
          #expect(
            (again == putIn.result) == putIn.agrees,
            "\(numbers) \(putIn.relation(format)) \(putIn.result), but it gives \(again)")
          lines += 1
          agreeing += putIn.agrees ? 1 : 0
        }
      }
    }
    #expect(lines > 300)
    // `≈` is the exception: figures where the last bit of a Double shows.
    #expect(agreeing > lines * 98 / 100, "\(agreeing) of \(lines)")
  }

  @Test func digitsAreAddedOnlyWhereTheyMatter() throws {
    let operands = [
      name("a"): Tensor(1.23456789), name("b"): Tensor(1.2345), name("c"): Tensor(1.0 / 3),
    ]
    let putIn = NumbersPutIn(
      try formula("a - b + 0*c"), operands: operands, value: Tensor(1.23456789 - 1.2345),
      format: Format())
    #expect(putIn.numbers == "1.23456789 - 1.2345 + 0·0.333333")
    #expect(putIn.result == "6.789e-05")
    #expect(putIn.agrees)
  }

  @Test func whatDoesNotComeOutSaysSo() throws {
    let putIn = NumbersPutIn(
      try formula("a + b"), operands: [name("a"): Tensor(1), name("b"): Tensor(2)],
      value: Tensor(3.5), format: Format())
    #expect(putIn.numbers == "1 + 2")
    #expect(putIn.relation(Format()) == "≈")
    #expect(putIn.relation(Format(ascii: true)) == "~=")
  }

  @Test func beyondACalculatorDigitsStayAsTheyAre() throws {
    let operands = [name("a"): Tensor([1.0 / 3, 2, 3, 4], shape: [2, 2])]
    let putIn = NumbersPutIn(
      try formula("a @ a"), operands: operands, value: Tensor([1, 2, 3, 4], shape: [2, 2]),
      format: Format())
    #expect(putIn.numbers == "[[0.333333, 2], [3, 4]] @ [[0.333333, 2], [3, 4]]")
    #expect(putIn.agrees)
  }

  @Test func largeTensorsAreNotPutIn() throws {
    let large = vector((0..<100).map(Double.init))
    let whole = NumbersPutIn(
      try formula("-a"), operands: [name("a"): large], value: large, format: Format())
    #expect(whole.numbers == nil)
    let element = NumbersPutIn(
      try formula("-a[7]"), operands: [name("a"): large], value: Tensor(-7), format: Format())
    #expect(element.numbers == "-7")
  }

  @Test(arguments: [
    ("2^3^2 - -1", [513.0]), ("√16/(1 + 3)", [1]), ("[1, 2]*[3, 4] + 1", [4, 9]),
    ("[[1], [2]] + [10, 20]", [11, 21, 12, 22]), ("where([1, 0] > 0.5, 7, 8)", [7, 8]),
    ("maximum([1, 5], 3)", [3, 5]), ("clip([-2, 0.5, 9], 0, 1)", [0, 0.5, 1]),
    ("sign([-2, 0, 3])", [-1, 0, 1]), ("norm([3, 4])", [5]), ("mean([1, 2, 6])", [3]),
    ("exp(log(3)) > 2 and not 0", [1]), ("-7 mod 3", [2]), ("dot([1, 2], [3, 4])", [11]),
    ("round(2.5) + abs(-1)", [3]), ("relu([-1, 2])", [0, 2]), ("2^-1", [0.5]),
  ])
  func arithmetic(text: String, expected: [Double]) throws {
    let value = try #require(Recomputation.value(of: formula(text)) { _ in nil })
    #expect(value.elements == expected)
  }

  @Test(arguments: [
    "a @ b", "sum(a, axis=0)", "grad(L)", "a.T @ a", "unknown(3)", "[1, 2] + [1, 2, 3]",
  ])
  func outOfReach(text: String) throws {
    let a = Tensor([1, 2, 3, 4], shape: [2, 2])
    let value = Recomputation.value(of: try formula(text)) { part in
      if case .name = part.kind { a } else { nil }
    }
    #expect(value == nil)
  }
}
