// Values that are known while a graph is built, since nothing in them changes from step to step: data
// and what is made of it. What a function asks of them is checked there and then, wherever the
// formula is used: labels within the classes, columns that vary.

extension FunctionCall {
  /// What is worked out is bounded, since nobody can break it off here.
  private static let mostWork = 1 << 28

  /// The value of a term that depends on no input; nil for others, and for what takes long.
  func known(_ term: Term) throws(TensorError) -> Tensor? {
    if case .constant(let tensor) = builder.graph[term.id].kind { return tensor }
    guard builder.graph.isConstant(term.id), work(for: term.id) <= Self.mostWork else { return nil }
    let program = try Program(graph: builder.graph, outputs: [term.id])
    _ = program.run(steps: 1, interrupted: { false })
    return program.read(term.id)
  }

  /// About how many operations on numbers lead to a node.
  private func work(for root: NodeID) -> Int {
    var work = 0
    for id in builder.graph.reachable(from: [root]) {
      guard case .apply(let operation, let operands, _) = builder.graph[id].kind else { continue }
      var each = 1
      if operation == .matmul, let left = operands.first {
        each = builder.graph[left].shape.size(-1) ?? 1
      }
      let (cost, isLarge) = builder.graph[id].shape.count.multipliedReportingOverflow(by: each)
      guard !isLarge, work <= Self.mostWork else { return Int.max }
      work += cost
    }
    return work
  }

  /// Every element of data has to be a number: the columns of `term` are searched, if it is known.
  @discardableResult
  func checkedNumbers(_ term: Term) throws(TensorError) -> Tensor? {
    guard let tensor = try known(term) else { return nil }
    guard let place = tensor.elements.firstIndex(where: { !$0.isFinite }) else { return tensor }
    let columns = max(1, tensor.elements.count / max(1, tensor.shape.dimensions.first ?? 1))
    throw .column(
      operation: function, of: term.id, column: place % columns,
      message: "holds \(tensor.elements[place].word) in row \(place / columns), counted from 0",
      help: "csv(\"file.csv\", missing=\"skip\") leaves out rows in which something is missing")
  }
}

extension Double {
  fileprivate var word: String { isNaN ? "nan" : self > 0 ? "inf" : "-inf" }
}
