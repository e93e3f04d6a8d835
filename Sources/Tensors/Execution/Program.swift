// A graph compiled to be run many times: every value has its place, every step its order, and
// carries feed the results of one iteration to the next.
//
// While it runs it never parses, looks up a name, decides a shape or allocates memory. The same
// graph gives the same bits, whatever else is asked for and however many threads there are.

import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a call of `Program.run` did.
package struct RunResult: Sendable, Equatable {
  package enum Reason: Sendable { case finished, stopped, notFinite, interrupted }
  /// Iterations done, the one that ended the run included.
  package var completed: Int
  package var reason: Reason
  /// It was broken off in the course of an iteration: no number in it is of any use, nor is an input
  /// that another value is carried to.
  package var isBroken = false

  package init(completed: Int, reason: Reason, isBroken: Bool = false) {
    self.completed = completed
    self.reason = reason
    self.isBroken = isBroken
  }
}

package final class Program {
  /// After each iteration the value of `from` becomes input `to`. All carries of an iteration
  /// happen at once: one may read an input that another replaces.
  package struct Carry: Sendable {
    package var from: NodeID
    package var to: NodeID

    package init(from: NodeID, to: NodeID) {
      self.from = from
      self.to = to
    }
  }

  package enum Precision: Sendable {
    case float64
    /// The result of every operation is rounded to float32; numbers too small for a normal float32
    /// become 0. Whole numbers and truth values are exact as ever.
    case float32
  }

  /// As many threads as the machine has processors, where that pays.
  package static let automatic = 0

  private let graph: Graph
  /// What stands in the place of nodes that are made of simpler operations.
  private let expanded: [NodeID: NodeID]
  private let outline: ProgramOutline
  private let backend: any ProgramBackend
  /// Outputs that would have changed when an input was written.
  private var kept: [NodeID: [Double]] = [:]
  /// Which outputs those are, for each input that has been written.
  private var sharing: [NodeID: [NodeID]] = [:]
  private var stepsPerMillisecond = Program.fewSteps
  /// In portions of more iterations each is too short to be broken off.
  private static let fewSteps = 16

  /// - Parameters:
  ///   - outputs: what `read` can be asked for.
  ///   - carries: shapes must agree.
  ///   - guards: a run stops after the iteration in which one of them has a NaN or an infinity.
  ///   - stop: a run stops after the iteration in which this one-element value is not 0.
  ///   - threads: at most so many; `automatic` leaves it to the machine.
  ///   - interrupted: asked while what never changes is worked out.
  /// - Throws: `interrupted`; `tooLarge` when a value, or all of them together, would not fit in memory.
  package convenience init(
    graph: Graph, outputs: [NodeID], carries: [Carry] = [], guards: [NodeID] = [],
    stop: NodeID? = nil, precision: Precision = .float64, threads: Int = Program.automatic,
    interrupted: () -> Bool = { false }
  ) throws(TensorError) {
    try self.init(
      graph: graph, outputs: outputs, carries: carries, guards: guards, stop: stop,
      precision: precision, threads: threads, path: .automatic, interrupted: interrupted)
  }

  /// How the program is to be carried out; the results are the same.
  enum Path {
    case automatic
    /// Element by element in the interpreter, if the program is tiny.
    case interpreted
    /// On arrays, with the instructions of a lesser processor (see `dk_select_kernels`).
    case arrays(instructions: Int32)
    /// With large products left to the system's library, or not.
    case library(MatrixLibrary.Policy)
  }

  init(
    graph: Graph, outputs: [NodeID], carries: [Carry], guards: [NodeID], stop: NodeID?,
    precision: Precision, threads: Int, path: Path, interrupted: () -> Bool = { false }
  ) throws(TensorError) {
    var graph = graph
    let roots = outputs + guards + carries.map(\.from) + (stop.map { [$0] } ?? [])
    let expanded = try graph.expandComposites(in: roots)
    let place: (NodeID) -> NodeID = { expanded[$0] ?? $0 }
    let outputs = outputs.map(place)
    let guards = guards.map(place)
    let stop = stop.map(place)
    let carries = carries.map { Carry(from: place($0.from), to: $0.to) }
    self.expanded = expanded
    self.graph = graph
    for carry in carries where graph[carry.from].shape != graph[carry.to].shape {
      throw .shapeMismatch(operation: "carry", graph[carry.from].shape, graph[carry.to].shape)
    }
    var library = MatrixLibrary.standard
    if case .library(let policy) = path { library = policy }
    outline = ProgramOutline(
      graph, outputs: outputs, carries: carries, guards: guards, stop: stop, precision: precision,
      library: library)
    for id in outline.live where graph[id].shape.count > Tensor.maximumCount {
      throw .tooLarge(graph[id].shape)
    }
    switch path {
    case .automatic, .library:
      if let tiny = ScalarProgram(graph, outline) {
        backend = tiny
      } else {
        backend = try TensorProgram(graph, outline, threads: threads, interrupted: interrupted)
      }
    case .interpreted:
      if let tiny = ScalarProgram(graph, outline, isNative: false) {
        backend = tiny
      } else {
        backend = try TensorProgram(graph, outline, threads: threads, interrupted: interrupted)
      }
    case .arrays(let instructions):
      backend = try TensorProgram(
        graph, outline, threads: threads, instructions: instructions, interrupted: interrupted)
    }
  }

  /// The caller has checked the shape; an input that the program does not use is ignored.
  package func write(_ tensor: Tensor, to input: NodeID) {
    guard graph.nodes.indices.contains(input.index), case .input = graph[input].kind else { return }
    let shared: [NodeID]
    if let known = sharing[input] {
      shared = known
    } else {
      shared = outline.outputs.filter { $0 != input && backend.shares($0, with: input) }
      sharing[input] = shared
    }
    for output in shared where kept[output] == nil { kept[output] = backend.read(output) }
    backend.write(tensor.elements, to: input)
  }

  /// Copies what inputs of another program hold now to inputs of this one that results are carried
  /// to. Shapes and precision must agree. What this program read out before is of no use after it.
  package func copyInputs(_ pairs: [(from: NodeID, to: NodeID)], of other: Program) {
    for (from, to) in pairs { backend.copy(from, of: other.backend, to: to) }
  }

  /// The value that an output had in the last iteration, or that an input has now; zeros for
  /// anything else, and for outputs before the first iteration.
  package func read(_ node: NodeID) -> Tensor {
    let shape = graph[node].shape
    var type = graph[node].elementType
    if type == .float64, outline.precision == .float32 { type = .float32 }
    let place = expanded[node] ?? node
    return Tensor(kept[place] ?? backend.read(place) ?? [], shape: shape, type: type)
  }

  /// Runs up to `steps` iterations. Ends early after an iteration in which a guard is not finite or
  /// `stop` is not 0 (its carries are done and it counts as completed), or when `interrupted`,
  /// asked about every millisecond, says so. An iteration that takes longer is broken off.
  package func run(steps: Int, interrupted: () -> Bool = { false }) -> RunResult {
    guard steps > 0 else { return RunResult(completed: 0, reason: .finished) }
    kept.removeAll(keepingCapacity: true)
    let mode = outline.precision == .float32 ? dk_flush_denormals() : 0
    defer { if outline.precision == .float32 { dk_restore_denormals(mode) } }
    var completed = 0
    while completed < steps {
      if interrupted() { return RunResult(completed: completed, reason: .interrupted) }
      let portion = min(steps - completed, stepsPerMillisecond)
      let start = Program.nanoseconds()
      let result =
        if portion <= Program.fewSteps {
          backend.run(portion, interrupted: interrupted)
        } else {
          backend.run(portion)
        }
      let spent = Program.nanoseconds() - start
      completed += result.completed
      if result.notes & UInt32(dk_note_interrupted.rawValue) != 0 {
        return RunResult(completed: completed, reason: .interrupted, isBroken: true)
      }
      if result.notes & UInt32(dk_note_not_finite.rawValue) != 0 {
        return RunResult(completed: completed, reason: .notFinite)
      }
      if result.notes & UInt32(dk_note_stop.rawValue) != 0 {
        return RunResult(completed: completed, reason: .stopped)
      }
      if spent < 500_000, portion == stepsPerMillisecond {
        stepsPerMillisecond = min(stepsPerMillisecond * 2, 1 << 30)
      } else if spent > 2_000_000 {
        stepsPerMillisecond = max(stepsPerMillisecond / 2, 1)
      }
    }
    return RunResult(completed: completed, reason: .finished)
  }

  private static func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
