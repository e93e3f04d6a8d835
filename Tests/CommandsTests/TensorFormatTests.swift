import Diagnostics
import Tensors
import Testing

@testable import Commands

@Suite struct TensorFormatTests {
  private let format = TensorFormat(Format())

  @Test func onALine() {
    #expect(format.line(Tensor(3.5)) == "3.5")
    #expect(format.line(vector([1, -2])) == "[1, -2]")
    #expect(format.line(Tensor([1, 2, 3, 4], shape: [2, 2])) == "[[1, 2], [3, 4]]")
    #expect(format.line(Tensor([1, 0], shape: [2], type: .bool)) == "[1, 0]")
    #expect(format.line(Tensor([1, 2], shape: [2, 1])) == "[[1], [2]]")
  }

  @Test func nothingInIt() {
    #expect(format.line(vector([])) == "[]")
    #expect(format.block(Tensor([], shape: [2, 0])) == ["[]  (shape [2, 0])"])
    #expect(format.block(Tensor([], shape: [0, 3])) == ["[]  (shape [0, 3])"])
  }

  @Test func largeOnesAreSummedUp() {
    let large = Tensor((0..<100).map(Double.init), shape: [100, 1])
    #expect(format.line(large) == "[100, 1]: 0, 1, …, 99  (norm 573.018)")
    #expect(TensorFormat(Format(ascii: true)).line(large).utf8.allSatisfy { $0 < 0x80 })
    let bools = Tensor((0..<100).map { $0 < 30 ? 1 : 0 }, shape: [100], type: .bool)
    #expect(format.line(bools) == "[100]: 1, 1, …, 0  (30 of 100 are 1)")
  }

  @Test func matricesInColumns() {
    #expect(
      format.block(Tensor([1, -2, 30, 4.5], shape: [2, 2])) == [
        "[[ 1, -2  ],",
        " [30,  4.5]]",
      ])
    #expect(
      format.block(Tensor((1...8).map(Double.init), shape: [2, 2, 2])) == [
        "[[[1, 2],",
        "  [3, 4]],",
        " [[5, 6],",
        "  [7, 8]]]",
      ])
  }

  @Test func norms() {
    #expect(vector([3, -4]).euclideanNorm == 5)
    #expect(abs(vector([3e200, -4e200]).euclideanNorm / 5e200 - 1) < 1e-15)
    #expect(abs(vector([3e-200, -4e-200]).euclideanNorm / 5e-200 - 1) < 1e-15)
    #expect(vector([]).euclideanNorm == 0)
    #expect(vector([1, -.infinity]).euclideanNorm == .infinity)
    #expect(vector([.nan, .infinity]).euclideanNorm.isNaN)
  }

  @Test func noLineIsWiderThanTheScreen() {
    var random = RandomNumbers(seed: 3)
    for _ in 0..<300 {
      let dimensions = (0..<random.integer(0...4)).map { _ in random.integer(0...9) }
      let shape = Shape(dimensions)
      let tensor = Tensor((0..<shape.count).map { _ in random.number() }, shape: shape)
      let width = random.integer(40...200)
      for line in TensorFormat(Format(width: width)).block(tensor) {
        #expect(TextWidth.columns(of: line) <= width, "\(shape) at \(width): \(line)")
      }
    }
  }
}
