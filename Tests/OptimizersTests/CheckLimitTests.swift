// What would take minutes or all of the memory without a bound: products of long lists, sums of
// hundreds of terms, rules with dozens of decays.

import Diagnostics
import Notation
import Testing

@testable import Optimizers

@Suite(.timeLimit(.minutes(2))) struct CheckLimitTests {
  @Test func outerProductsOfLongListsAreRefused() throws {
    let list = "(" + (1...20_000).map { String($0 % 10) }.joined(separator: ",") + ")"
    let finding = try NumberClaimTests.finding("x = \(list)\nx x^T x = 3")
    #expect(finding?.verdict != .wrong && finding?.verdict != .right)
  }

  @Test func productsHaveABound() throws {
    let list = ClaimValue.vector([Double](repeating: 1, count: 1001))
    #expect(throws: ClaimValue.ShapeError.self) { try ClaimValue.product(list, list.transposed) }
    #expect(try ClaimValue.product(list.transposed, list).number == 1001)
    let column = FormulaValue([Double](repeating: 1, count: 1001))
    #expect(column.matrixProduct(column.transposed) == nil)
    #expect(column.transposed.matrixProduct(column) == FormulaValue(1001))
    let square = FormulaValue(
      [Double](repeating: 1, count: 90_000), dimensions: [300, 300])
    #expect(square.matrixProduct(square) == nil)
  }
}
