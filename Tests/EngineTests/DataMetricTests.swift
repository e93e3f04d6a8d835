// Figures that judge predictions are scikit-learn's; scaling, shuffling and augmentation do what
// their help says.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct DataMetricTests {
  struct Record: Decodable {
    let id: String
    let call: String
    let data: [String: RecordedTensor]
    let value: RecordedTensor
  }

  @Test func recordedFigures() throws {
    let records = try RecordedData.lines("metrics.jsonl", as: Record.self)
    #expect(records.count > 50)
    for record in records {
      let lines = record.data.map { "\($0.key) = \($0.value.literal)" }.sorted()
      let ours = try #require(value(record.call, after: lines.joined(separator: "\n")))
      let apart = distance(ours.elements, record.value.elements)
      #expect(apart < 1e-12, "\(record.id) \(record.call): \(ours.elements)")
    }
  }

  @Test func scalingByOtherRows() throws {
    let lines = "X = [[1, 2], [3, 6], [5, 4]]\nZ = [[3, 4], [7, 0]]"
    let scaled = try #require(value("standardize(Z, by=X)", after: lines)).elements
    let deviation = (8.0 / 3).squareRoot()
    #expect(distance(scaled, [0, 0, 4 / deviation, -4 / deviation]) < 1e-15)
    #expect(
      value("standardize(X, by=X) - standardize(X)", after: lines)?.elements == [0, 0, 0, 0, 0, 0])
    #expect(value("minmax(X)", after: lines)?.elements == [0, 0, 0.5, 1, 1, 0.5])
    #expect(value("minmax(Z, by=X)", after: lines)?.elements == [0.5, 0.5, 1.5, -0.5])
  }

  @Test func pairsStayPairsWhenShuffled() throws {
    let lines = "X = reshape(arange(40), 20, 2); y = X[:, 0]"
    #expect(
      value("sum(abs(shuffle(X, seed=3)[:, 0] - shuffle(y, seed=3)))", after: lines)?.scalar == 0)
    #expect(
      value("sort(shuffle(y, seed=3))", after: lines)?.elements == (0..<20).map { Double(2 * $0) })
    #expect(value("shuffle(y, seed=3)", after: lines) != value("shuffle(y, seed=4)", after: lines))
  }

  @Test func windowsOverlap() throws {
    #expect(value("windows([1, 2, 3, 4], 3)", after: "")?.elements == [1, 2, 3, 2, 3, 4])
    #expect(value("windows([1, 2, 3, 4, 5], 2, stride=3)", after: "")?.elements == [1, 2, 4, 5])
    #expect(value("shape(windows(zeros(9, 4), 5))", after: "")?.elements == [5, 5, 4])
  }

  @Test func imagesAreMirroredWholeOrNotAtAll() throws {
    let lines = "x = reshape(arange(4*2*3), 4, 2, 3)"
    let all = value("flip(x, 1)", after: lines)
    #expect(all == value("x[:, :, ::-1]", after: lines))
    #expect(value("flip(x, 1, axis=-2)", after: lines) == value("x[:, ::-1, :]", after: lines))
    #expect(value("flip(x, 0)", after: lines)?.elements == value("x", after: lines)?.elements)
    let some = try #require(value("flip(reshape(x, 4, 6), seed=1, size=[2, 3])", after: lines))
    let plain = try #require(value("reshape(x, 4, 6)", after: lines)).elements
    let mirrored = try #require(all).elements
    for image in 0..<4 {
      let place = image * 6..<image * 6 + 6
      let seen = Array(some.elements[place])
      #expect(seen == Array(plain[place]) || seen == Array(mirrored[place]))
    }
  }

  @Test func imagesMoveAsAWhole() throws {
    let lines = "x = reshape(1 + arange(30*4*4), 30, 4, 4)"
    let plain = try #require(value("x", after: lines)).elements
    let moved = try #require(value("shift(x, 2, seed=5)", after: lines)).elements
    var moves = Set<[Int]>()
    for image in 0..<30 {
      // Some move by whole pixels explains every pixel.
      var found: [[Int]] = []
      for dy in -2...2 {
        for dx in -2...2 {
          var fits = true
          for row in 0..<4 {
            for column in 0..<4 {
              let inside = (0..<4).contains(row - dy) && (0..<4).contains(column - dx)
              let expected = inside ? plain[image * 16 + (row - dy) * 4 + column - dx] : 0
              if moved[image * 16 + row * 4 + column] != expected { fits = false }
            }
          }
          if fits { found.append([dy, dx]) }
        }
      }
      #expect(found.count == 1, "image \(image)")
      moves.formUnion(found)
    }
    #expect(moves.count > 8)
  }

  @Test func aSeedOfTDrawsAnewAtEachStep() throws {
    let live = session(
      "param w = 0", "loss L = sum((w - add_noise([1, 2], 0.5, seed=t))^2)",
      "optimizer sgd(lr=0)", "step")
    func gradient() throws -> Tensor {
      var parser = try Parser(Source("w.g"))
      return try live.session.evaluate(parser.parseExpression())
    }
    // Nothing moves, so only the noise can make gradients differ.
    let first = try gradient()
    live.run(Source("step"))
    let second = try gradient()
    #expect(first != second)
    live.run(Source("goto 1"))
    #expect(try gradient() == first)
    live.run(Source("step"))
    #expect(try gradient() == second)
  }
}
