// A tiny program, all of it scalar code: one array of numbers, and a loop over steps in C.

import CKernels

/// How a program is carried out. Phases, carries and rounding are the backend's; polling, shapes
/// and types are `Program`'s.
protocol ProgramBackend: AnyObject {
  func write(_ elements: [Double], to input: NodeID)
  /// The elements of an output or an input; nil for any other node.
  func read(_ id: NodeID) -> [Double]?
  /// Whether writing to the input would change what `read` gives for the output.
  func shares(_ output: NodeID, with input: NodeID) -> Bool
  /// Writes to a carried input what an input of another program of the same precision holds.
  func copy(_ input: NodeID, of other: any ProgramBackend, to target: NodeID)
  /// Up to `steps` > 0 iterations.
  func run(_ steps: Int) -> (completed: Int, notes: UInt32)
  /// The same, but when `interrupted`, asked in the course of a long iteration, says so, it is broken
  /// off: only whole ones count, and the numbers are of no use.
  func run(_ steps: Int, interrupted: () -> Bool) -> (completed: Int, notes: UInt32)
}

extension ProgramBackend {
  func copy(_ input: NodeID, of other: any ProgramBackend, to target: NodeID) {
    if let elements = other.read(input) { write(elements, to: target) }
  }
}

final class ScalarProgram: ProgramBackend {
  private var machine: dk_machine
  private let registers: UnsafeMutablePointer<Double>
  /// What is computed once a run, and the interpreter's code of an iteration.
  private let once: UnsafeMutablePointer<dk_code>
  private let each: UnsafeMutablePointer<dk_code>
  /// The machine code of an iteration, where there is any.
  private let native: NativeScalar?
  /// The registers of every input and output.
  private let places: [NodeID: [UInt32]]
  private let roundsInput: Set<NodeID>
  private var isStale = true

  init?(_ graph: Graph, _ outline: ProgramOutline, isNative: Bool = true) {
    guard let scalarizer = Scalarizer(graph, outline) else { return nil }
    var code = scalarizer.code

    // An output that is an old value of a carried input (a reshape of it, say) must outlive the
    // carry.
    var held: [NodeID: [ScalarCode.Value]] = [:]
    for id in outline.live {
      if case .input = graph[id].kind { held[id] = Array(scalarizer.values(id)) }
    }
    let carried = Set(outline.carries.flatMap { scalarizer.values($0.to) })
    for id in outline.outputs where held[id] == nil {
      held[id] = scalarizer.values(id).map { carried.contains($0) ? code.copy($0) : $0 }
    }
    var carries: [(from: ScalarCode.Value, to: ScalarCode.Value)] = []
    for carry in outline.carries {
      for (from, to) in zip(scalarizer.values(carry.from), scalarizer.values(carry.to))
      where from != to {
        carries.append((from: from, to: to))
      }
    }
    let guards = outline.guards.flatMap { scalarizer.values($0) }
    let stop = outline.stop.flatMap { scalarizer.values($0).first }

    let kept = Set(held.values.flatMap { $0 })
    native =
      isNative
      ? NativeScalar(code, carries: carries, guards: guards, stop: stop, kept: kept) : nil
    var encoder = ScalarEncoder(
      code, pinned: kept + carries.map(\.from) + guards + (stop.map { [$0] } ?? []))
    // The code of a run comes first: it is encoded while every value has its own register.
    let runCode = encoder.encode(code.instructions.filter { $0.phase != .step })
    let stepCode =
      native == nil ? encoder.encodeStep(carries: carries, guards: guards, stop: stop) : []
    each = .allocate(capacity: stepCode.count)
    each.initialize(from: stepCode, count: stepCode.count)
    once = .allocate(capacity: runCode.count)
    once.initialize(from: runCode, count: runCode.count)
    let registerCount = max(encoder.registerCount, native?.registerCount ?? 0)
    registers = .allocate(capacity: registerCount)
    registers.initialize(repeating: 0, count: registerCount)
    for value in 0..<ScalarCode.Value(code.valueCount) {
      if let number = code.number(value) { registers[encoder.register(value)] = number }
    }
    machine = dk_machine()
    machine.registers = registers
    places = held.mapValues { $0.map { UInt32(encoder.register($0)) } }
    roundsInput = Set(held.keys.filter { outline.rounds(graph[$0].elementType) })
  }

  deinit {
    once.deallocate()
    each.deallocate()
    registers.deallocate()
  }

  func write(_ elements: [Double], to input: NodeID) {
    guard let place = places[input], place.count == elements.count else { return }
    let rounds = roundsInput.contains(input)
    for (register, element) in zip(place, elements) {
      registers[Int(register)] = rounds ? Double(Float(element)) : element
    }
    isStale = true
  }

  func read(_ id: NodeID) -> [Double]? { places[id]?.map { registers[Int($0)] } }

  func shares(_ output: NodeID, with input: NodeID) -> Bool {
    guard let ours = places[output], let theirs = places[input] else { return false }
    return !Set(ours).isDisjoint(with: theirs)
  }

  /// No iteration takes long.
  func run(_ steps: Int, interrupted: () -> Bool) -> (completed: Int, notes: UInt32) {
    run(steps)
  }

  func run(_ steps: Int) -> (completed: Int, notes: UInt32) {
    machine.notes = 0
    if isStale {
      machine.remaining = 1
      dk_scalar_run(once, &machine)
      isStale = false
    }
    if let native { return native.run(registers, steps: steps) }
    machine.remaining = Int64(steps)
    dk_scalar_run(each, &machine)
    return (steps - Int(machine.remaining), machine.notes)
  }
}
