// The rows of a step, as nodes of its graph: which they are, what takes the place of the data, and
// how the counters go on.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// The updates of an epoch that have a graph in common.
package enum UpdateKind: Sendable {
  case regular
  /// The first one, where a schedule looks at the epoch before.
  case first
  /// The last one, where it has fewer rows or batches than the others.
  case last
}

/// What stands for the names of a batch in a scope, and the scope where they mean all of the data.
final class BatchedRows {
  let nodes: [Name: NodeID]
  let whole: ProblemScope

  init(nodes: [Name: NodeID], whole: ProblemScope) {
    self.nodes = nodes
    self.whole = whole
  }
}

final class PlannedBatch {
  /// Rows that are differentiated by themselves: one batch of an update, or a worker's share of it.
  struct Part {
    /// Its place among the parts of the update.
    let number: Int
    let worker: Int
    let count: Int
    let indices: NodeID
  }

  let batching: Batching
  let layout: EpochLayout
  /// Inputs, and what they are after the step.
  let epoch: NodeID
  let position: NodeID
  let nextEpoch: NodeID
  let nextPosition: NodeID
  /// The rows of the whole update; nil where a step sees all of the data.
  private(set) var indices: NodeID?
  private(set) var parts: [Part] = []
  /// All rows of the update, for what looks at the step.
  private(set) var rows: BatchedRows?

  private let wholeScope: ProblemScope
  private var wholes: [(name: Name, node: NodeID)] = []
  private let lowering: Lowering

  /// - Parameter scope: where names mean all of the data.
  init(
    _ batching: Batching, _ kind: UpdateKind, in lowering: Lowering, scope: ProblemScope
  ) throws(Diagnostic) {
    self.batching = batching
    self.lowering = lowering
    wholeScope = scope
    for name in batching.names {
      wholes.append((name, try PlannedBatch.whole(name, in: wholeScope, lowering)))
    }
    let counts = wholes.map { lowering.graph[$0.node].shape.dimensions[0] }
    let rowCount = counts.first ?? 1
    if let other = counts.firstIndex(where: { $0 != rowCount }) {
      throw Diagnostic(
        "batch.rows",
        "\(wholes[0].name.pretty) has \(rowCount) rows and \(wholes[other].name.pretty) "
          + "\(counts[other]); a batch takes the same rows of both")
    }
    let size = batching.size ?? rowCount
    guard size <= rowCount || wholes.isEmpty else {
      throw Diagnostic(
        "batch.size",
        "a batch of \(size) is larger than the data: \(wholes[0].name.pretty) has \(rowCount) rows",
        help: "batch all takes all of them")
    }
    layout = EpochLayout(
      rows: rowCount, size: size, accumulated: batching.accumulated, dropsLast: batching.dropsLast)

    func number(_ value: Int) -> NodeID { lowering.graph.constant(Tensor(Double(value))) }
    func apply(_ operation: Tensors.Operation, _ inputs: [NodeID]) throws(Diagnostic) -> NodeID {
      try lowering.apply(operation, inputs, operands: [], at: noSpan)
    }
    epoch = lowering.graph.input(Batching.epochPath, shape: .scalar, type: .float64)
    position = lowering.graph.input(Batching.positionPath, shape: .scalar, type: .float64)
    let one = number(1)
    if layout.updates == 1 {
      nextEpoch = try apply(.add, [epoch, one])
      nextPosition = number(0)
    } else {
      let next = try apply(.add, [position, one])
      let isOver = try apply(.greaterOrEqual, [next, number(layout.updates)])
      nextEpoch = try apply(.select, [isOver, try apply(.add, [epoch, one]), epoch])
      nextPosition = try apply(.select, [isOver, number(0), next])
    }
    guard batching.takesRows else { return }
    try planRows(ofUpdate: kind == .last ? layout.updates - 1 : 0)
  }

  private static func whole(_ name: Name, in scope: ProblemScope, _ lowering: Lowering)
    throws(Diagnostic) -> NodeID
  {
    guard scope.problem.definitions[name] != nil else {
      throw Diagnostic(
        "batch.name", "there is no data called \(name.pretty) any more",
        help: "batch all takes all of what there is")
    }
    let expression = Expression(.name(name), noSpan)
    let node: NodeID
    switch try lowering.meaning(of: expression, in: scope) {
    case .node(let found): node = found
    default:
      throw Diagnostic(
        "batch.data", "\(name.pretty) is no tensor, so it has no rows",
        help: "columns(d, \"a\", \"b\") and d.target are tensors of a data set d")
    }
    let shape = lowering.graph[node].shape
    guard let rows = shape.dimensions.first else {
      throw Diagnostic("batch.data", "\(name.pretty) is a single number, so it has no rows")
    }
    guard rows > 0, shape.count > 0 else {
      throw Diagnostic("batch.empty", "\(name.pretty) has no rows: its shape is \(shape)")
    }
    return node
  }

  private func planRows(ofUpdate update: Int) throws(Diagnostic) {
    let sizes = layout.sizes(ofUpdate: update)
    let all = sizes.reduce(0, +)
    let stride = lowering.graph.constant(Tensor(Double(layout.firstRow(ofUpdate: 1))))
    let first = try lowering.apply(.multiply, [position, stride], operands: [], at: noSpan)
    let union = try indices(from: first, offset: 0, count: all)
    indices = union
    rows = BatchedRows(nodes: try gathered(union), whole: wholeScope)
    var offset = 0
    for size in sizes {
      // As even as can be: the first ones take one row more.
      let (share, more) = (size / batching.workers, size % batching.workers)
      for worker in 0..<batching.workers {
        let count = share + (worker < more ? 1 : 0)
        guard count > 0 else { continue }
        parts.append(
          Part(
            number: parts.count, worker: worker, count: count,
            indices: count == all
              ? union : try indices(from: first, offset: offset, count: count)))
        offset += count
      }
    }
  }

  private func indices(from first: NodeID, offset: Int, count: Int) throws(Diagnostic) -> NodeID {
    let shift = lowering.graph.constant(Tensor(Double(offset)))
    let start =
      offset == 0 ? first : try lowering.apply(.add, [first, shift], operands: [], at: noSpan)
    return try lowering.apply(
      .batchRows, [epoch, start],
      Attributes(integers: [batching.key, layout.rows, count], flag: batching.shuffles),
      operands: [],
      at: noSpan)
  }

  private func gathered(_ indices: NodeID) throws(Diagnostic) -> [Name: NodeID] {
    var nodes: [Name: NodeID] = [:]
    for (name, whole) in wholes {
      let axis = -lowering.graph[whole].shape.rank
      nodes[name] = try lowering.apply(
        .gather, [whole, indices], Attributes(integers: [axis]), operands: [], at: noSpan)
    }
    return nodes
  }

  // MARK: The loss of a step

  /// A scalar of the update, with what lowering it has left.
  struct Average {
    let node: NodeID
    var bufferUpdates: [(path: String, node: NodeID)] = []
    var usesClock = false
  }

  /// A scalar lowered for some number of rows, that the rows of parts then take the place of.
  private struct Template {
    let node: NodeID
    let scope: ProblemScope
    let stands: [Name: NodeID]
  }

  /// The average of a loss over parts, weighted by their numbers of rows.
  /// - Parameters:
  ///   - parts: all of the update's, or one worker's.
  ///   - lower: lowers it in a scope in which the batch's names mean the rows of a part.
  func average(
    over parts: [Part], leaves: InputLeaves, of problem: Problem,
    lower: (ProblemScope) throws(Diagnostic) -> NodeID
  ) throws(Diagnostic) -> Average {
    var result = Average(node: lowering.graph.constant(Tensor(0)))
    guard let first = parts.first else { return result }
    var templates: [Int: Template] = [:]
    let isEven = parts.allSatisfy { $0.count == first.count }
    var sum: NodeID?
    for part in parts {
      let template: Template
      if let known = templates[part.count] {
        template = known
      } else {
        let scope = ProblemScope(problem, leaves: leaves, pass: .train)
        let stands = self.stands(count: part.count)
        scope.rows = BatchedRows(nodes: stands, whole: wholeScope)
        template = Template(node: try lower(scope), scope: scope, stands: stands)
        templates[part.count] = template
      }
      var replacing: [NodeID: NodeID] = [:]
      for (name, node) in try gathered(part.indices) {
        if let stand = template.stands[name] { replacing[stand] = node }
      }
      if template.scope.usesClock {
        result.usesClock = true
        // Every part draws its own: a little further on than the one before.
        let clock = leaves.clock(in: lowering)
        let shift = lowering.graph.constant(Tensor(Double(part.number) / 65536))
        replacing[clock] = try lowering.apply(.add, [clock, shift], operands: [], at: noSpan)
      }
      // What one batch makes of a running mean is where the next begins; of several workers the
      // first one's is kept, as in PyTorch's DistributedDataParallel.
      for update in result.bufferUpdates {
        if let buffer = problem.buffers.first(where: { $0.path == update.path }) {
          replacing[leaves.buffer(buffer, in: lowering)] = update.node
        }
      }
      let updates = template.scope.bufferUpdates
      let placed = try lowering.substitute(
        [template.node] + updates.map(\.node), replacing, at: noSpan)
      if part.worker == first.worker {
        result.bufferUpdates = zip(updates, placed.dropFirst()).map { ($0.path, $1) }
      }
      var term = placed[0]
      if !isEven {
        let weight = lowering.graph.constant(Tensor(Double(part.count)))
        term = try lowering.apply(.multiply, [weight, term], operands: [], at: noSpan)
      }
      if let known = sum {
        sum = try lowering.apply(.add, [known, term], operands: [], at: noSpan)
      } else {
        sum = term
      }
    }
    guard parts.count > 1, let sum else {
      return Average(
        node: sum ?? result.node, bufferUpdates: result.bufferUpdates,
        usesClock: result.usesClock)
    }
    let total = isEven ? parts.count : parts.reduce(0) { $0 + $1.count }
    let divisor = lowering.graph.constant(Tensor(Double(total)))
    let average = try lowering.apply(.divide, [sum, divisor], operands: [], at: noSpan)
    return Average(
      node: average, bufferUpdates: result.bufferUpdates, usesClock: result.usesClock)
  }

  /// Inputs in the place of some number of rows.
  private func stands(count: Int) -> [Name: NodeID] {
    var stands: [Name: NodeID] = [:]
    for (name, whole) in wholes {
      let node = lowering.graph[whole]
      stands[name] = lowering.graph.input(
        "\(count) rows of \(name.canonical)",
        shape: Shape([count] + node.shape.dimensions.dropFirst()), type: node.elementType)
    }
    return stands
  }
}
