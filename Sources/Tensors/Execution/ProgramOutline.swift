// What a program is to do, before it is decided how: the nodes that matter, when each is known, and
// how results are rounded.

struct ProgramOutline {
  let outputs: [NodeID]
  let carries: [Program.Carry]
  let guards: [NodeID]
  let stop: NodeID?
  let precision: Program.Precision
  /// Which products are left to the system's library.
  let library: MatrixLibrary.Policy
  /// Everything that an output, a guard or a carry depends on, operands first.
  let live: [NodeID]
  private let phases: [Phase]

  init(
    _ graph: Graph, outputs: [NodeID], carries: [Program.Carry], guards: [NodeID], stop: NodeID?,
    precision: Program.Precision, library: MatrixLibrary.Policy = MatrixLibrary.standard
  ) {
    // A carry into something that is not an input has nowhere to go; the last of two carries into
    // one input wins.
    var source: [NodeID: NodeID] = [:]
    for carry in carries {
      if case .input = graph[carry.to].kind { source[carry.to] = carry.from }
    }
    let carries = carries.filter { source[$0.to] == $0.from && $0.from != $0.to }
    var seen: Set<NodeID> = []
    self.carries = carries.filter { seen.insert($0.to).inserted }
    self.outputs = outputs
    self.guards = guards
    self.stop = stop
    self.precision = precision
    self.library = library

    var needed = [Bool](repeating: false, count: graph.nodes.count)
    for id in outputs + guards { needed[id.index] = true }
    if let stop { needed[stop.index] = true }
    for carry in self.carries {
      needed[carry.from.index] = true
      needed[carry.to.index] = true
    }
    for index in graph.nodes.indices.reversed() where needed[index] {
      if case .apply(_, let operands, _) = graph.nodes[index].kind {
        for operand in operands { needed[operand.index] = true }
      }
    }
    live = graph.nodes.indices.filter { needed[$0] }.map(NodeID.init)

    var phases = [Phase](repeating: .constant, count: graph.nodes.count)
    for id in live {
      switch graph[id].kind {
      case .constant: break
      case .input: phases[id.index] = source[id] == nil ? .run : .step
      case .apply(_, let operands, _):
        for operand in operands {
          phases[id.index] = max(phases[id.index], phases[operand.index])
        }
      }
    }
    self.phases = phases
  }

  func phase(_ id: NodeID) -> Phase { phases[id.index] }

  /// Every operation of a float32 program rounds, the single additions of a sum included.
  var roundsSteps: Bool { precision == .float32 }

  /// Whether values of this type are rounded to float32. Whole numbers and truth values never are.
  func rounds(_ type: ElementType) -> Bool {
    switch type {
    case .float64: precision == .float32
    case .float32: true
    case .int64, .bool: false
    }
  }

  func rounded(_ number: Double, _ type: ElementType) -> Double {
    rounds(type) ? Double(Float(number)) : number
  }
}
