// The order in which batches take rows: a bijection for every n, evenly spread, and fast copies of
// the rows it names.

import Testing

@testable import Tensors

@Suite("Shuffled order")
struct ShuffledOrderTests {
  @Test("every number once, whatever n", arguments: Array(1...130) + [255, 256, 257, 1797, 60_000])
  func isBijection(n: Int) {
    for epoch in [0.0, 1, 57] {
      let order = ShuffledOrder(count: n, key: 12345, seed: epoch)
      var seen = [Bool](repeating: false, count: n)
      for place in 0..<n { seen[order[place]] = true }
      #expect(!seen.contains(false), "n = \(n), epoch \(epoch)")
    }
  }

  @Test("the same at each call, another with another epoch or key")
  func isStateless() {
    func list(_ key: UInt64, _ epoch: Double) -> [Int] {
      let order = ShuffledOrder(count: 100, key: key, seed: epoch)
      return (0..<100).map { order[$0] }
    }
    #expect(list(1, 0) == list(1, 0))
    #expect(list(1, 0) != list(1, 1))
    #expect(list(1, 0) != list(2, 0))
    #expect(list(1, 0) != Array(0..<100))
  }

  /// χ² over the n! orders of a few numbers, in as many epochs as give each 200 times.
  @Test("all orders of a few numbers are about equally frequent", arguments: [2, 3, 4, 5])
  func ordersAreUniform(n: Int) {
    var factorial = 1
    for i in 1...n { factorial *= i }
    let epochs = 200 * factorial
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<epochs {
      let order = ShuffledOrder(count: n, key: 7, seed: Double(epoch))
      counts[(0..<n).map { order[$0] }, default: 0] += 1
    }
    #expect(counts.count == factorial)
    let statistic = counts.values.reduce(0.0) {
      $0 + (Double($1) - 200) * (Double($1) - 200) / 200
    }
    // Mean and variance of χ² are its degrees of freedom and twice that.
    let freedom = Double(factorial - 1)
    #expect(statistic < freedom + 5 * (2 * freedom).squareRoot(), "χ² = \(statistic) of \(freedom)")
  }

  /// χ² over places × numbers, and over which number follows which.
  @Test("every number is as likely at every place", arguments: [7, 16, 23, 64, 100])
  func placesAreUniform(n: Int) {
    let epochs = 100 * n
    var places = [Double](repeating: 0, count: n * n)
    var neighbours = places
    for epoch in 0..<epochs {
      let order = ShuffledOrder(count: n, key: 99, seed: Double(epoch))
      for place in 0..<n {
        places[place * n + order[place]] += 1
        if place > 0 { neighbours[order[place - 1] * n + order[place]] += 1 }
      }
    }
    let statistic = places.reduce(0) { $0 + ($1 - 100) * ($1 - 100) / 100 }
    let freedom = Double((n - 1) * (n - 1))
    #expect(statistic < freedom + 5 * (2 * freedom).squareRoot(), "χ² = \(statistic) of \(freedom)")
    let expected = 100.0
    var follow = 0.0
    for a in 0..<n {
      for b in 0..<n where a != b {
        let difference = neighbours[a * n + b] - expected
        follow += difference * difference / expected
      }
    }
    let pairs = Double(n * (n - 1) - 1)
    #expect(follow < pairs + 6 * (2 * pairs).squareRoot(), "χ² = \(follow) of \(pairs)")
  }

  @Test("a batch's rows are those of the order, run after run, in both precisions")
  func rowsAreGathered() throws {
    for precision in [Program.Precision.float64, .float32] {
      var graph = Graph()
      let x = graph.constant(Tensor((0..<30).map(Double.init), shape: [10, 3]))
      let start = graph.input("start", shape: .scalar)
      let epoch = graph.constant(Tensor(4))
      let rows = try graph.apply(
        .batchRows, [epoch, start], Attributes(integers: [5, 10, 4], flag: true))
      let batch = try graph.apply(.gather, [x, rows], Attributes(integers: [-2]))
      let next = try graph.apply(.add, [start, graph.constant(4)])
      let program = try Program(
        graph: graph, outputs: [rows, batch], carries: [Program.Carry(from: next, to: start)],
        precision: precision)
      program.write(Tensor(0), to: start)
      let order = ShuffledOrder(count: 10, key: 5, seed: 4)
      for step in 0..<4 {
        _ = program.run(steps: 1)
        let expected = (0..<4).map { order[(step * 4 + $0) % 10] }
        #expect(program.read(rows).elements == expected.map(Double.init))
        var copied: [Double] = []
        for row in expected {
          for column in 0..<3 { copied.append(Double(3 * row + column)) }
        }
        #expect(program.read(batch).elements == copied)
      }
    }
  }

  @Test("a row out of range reads NaN, a negative one counts from the end")
  func rowsOutOfRange() throws {
    var graph = Graph()
    let x = graph.constant(Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2]))
    let index = graph.input("index", shape: [4])
    let rows = try graph.apply(.gather, [x, index], Attributes(integers: [-2]))
    let program = try Program(graph: graph, outputs: [rows])
    program.write(Tensor([-1, 3, 0.5, -4], shape: [4]), to: index)
    _ = program.run(steps: 1)
    let values = program.read(rows).elements
    #expect(Array(values.prefix(2)) == [5, 6])
    #expect(!values.dropFirst(2).contains { !$0.isNaN })
  }
}
