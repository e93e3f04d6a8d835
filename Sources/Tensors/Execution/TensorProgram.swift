// A program on arrays: the steps of an iteration in C form, the memory they work on, and the
// numbers beside it.

import CKernels

final class TensorProgram: ProgramBackend {
  /// No program may use more memory than this.
  static var maximumBytes: Int { MemoryLimit.standard }

  private let memory = ProgramMemory()
  private var program = dk_program()
  private let registers: UnsafeMutablePointer<Double>
  private let buffers: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  /// What is computed once a run, and at each iteration.
  private let once: (steps: UnsafePointer<dk_step>, count: Int)
  private let each: (steps: UnsafePointer<dk_step>, count: Int)
  fileprivate let calls: [(body: @Sendable (KernelCall) -> Void, call: KernelCall)]
  private let isFloat: Bool
  private var isStale = true
  /// Asked between the steps of a long iteration.
  fileprivate var interrupted: (() -> Bool)?
  /// Whether a kernel was told to leave off, so that what it gave is of no use.
  fileprivate var isBrokenOff = false

  private struct Holder {
    var value: ScalarCode.Value?
    var buffer: Int?
    var count: Int
    var rounds: Bool
  }
  /// Where each input and output is after an iteration.
  private let holders: [NodeID: Holder]

  /// - Parameter instructions: tests ask for fewer of the processor's (see `dk_select_kernels`).
  init(
    _ graph: Graph, _ outline: ProgramOutline, threads: Int, instructions: Int32 = 2,
    interrupted: () -> Bool
  ) throws(TensorError) {
    let lowering = try TensorLowering(graph, outline)
    let schedule = TensorSchedule(lowering)
    var storage = TensorStorage(lowering, schedule)
    var groups: [Int: GroupCode] = [:]
    for (position, segment) in schedule.segments.enumerated() {
      if case .group(let items) = segment.kind {
        groups[position] = GroupCode(items, lowering) { storage.isStored[$0] }
      }
    }
    storage.assign(groups: groups)
    isFloat = outline.precision == .float32
    var encoder = TensorEncoder(lowering, schedule, storage, groups, memory)
    try encoder.encode()

    registers = encoder.registers
    buffers = encoder.buffers
    calls = encoder.calls
    each = (memory.store(encoder.steps[.step] ?? []), encoder.steps[.step]?.count ?? 0)
    once = (memory.store(encoder.steps[.run] ?? []), encoder.steps[.run]?.count ?? 0)
    let initial = encoder.steps[.constant] ?? []

    var holders: [NodeID: Holder] = [:]
    func hold(_ id: NodeID) {
      let place = lowering.place(id)
      var buffer = place.item.flatMap { storage.bufferOfItem[$0] }
      if let moved = buffer.flatMap({ storage.movedTo[$0] }) { buffer = moved }
      holders[id] = Holder(
        value: graph[id].shape.count == 1 ? place.value : nil, buffer: buffer,
        count: graph[id].shape.count, rounds: outline.rounds(graph[id].elementType))
    }
    for id in outline.live { if case .input = graph[id].kind { hold(id) } }
    for id in outline.outputs { hold(id) }
    self.holders = holders

    let threadCount = max(
      1, min(threads == Program.automatic ? Int(dk_processor_count()) : threads, 8))
    var scratch: [UnsafeMutablePointer<CChar>?] = []
    for _ in 0..<threadCount {
      scratch.append(
        try memory.allocate(bytes: encoder.scratchBytes, for: .scalar).assumingMemoryBound(
          to: CChar.self))
    }
    program.machine.registers = registers
    program.machine.buffers = buffers
    program.kernels = dk_select_kernels(
      Int32((isFloat ? dk_float32 : dk_float64).rawValue), instructions)
    program.element_size = isFloat ? 4 : 8
    program.thread_count = Int32(threadCount)
    program.scratch = memory.store(scratch)
    program.call = callKernel
    let steps = memory.store(initial)
    _ = asking(interrupted) { carryOut((steps, initial.count), 1) }
    if isInterrupted { throw .interrupted }
  }

  private var isInterrupted: Bool {
    program.machine.notes & UInt32(dk_note_interrupted.rawValue) != 0
  }

  @discardableResult
  private func carryOut(_ part: (steps: UnsafePointer<dk_step>, count: Int), _ times: Int) -> Int {
    program.machine.notes = 0
    program.machine.remaining = 0
    program.context = Unmanaged.passUnretained(self).toOpaque()
    program.steps = part.steps
    program.step_count = Int64(part.count)
    isBrokenOff = false
    let completed = Int(dk_run_program(&program, Int64(times)))
    if isBrokenOff { program.machine.notes |= UInt32(dk_note_interrupted.rawValue) }
    return completed
  }

  func run(_ steps: Int, interrupted: () -> Bool) -> (completed: Int, notes: UInt32) {
    asking(interrupted) { run(steps) }
  }

  /// Carries out steps that `interrupted` can break off.
  private func asking<Result>(_ interrupted: () -> Bool, _ body: () -> Result) -> Result {
    withoutActuallyEscaping(interrupted) { escaping in
      self.interrupted = escaping
      program.interrupted = askInterrupted
      defer {
        self.interrupted = nil
        program.interrupted = nil
      }
      return body()
    }
  }

  func run(_ steps: Int) -> (completed: Int, notes: UInt32) {
    if isStale {
      carryOut(once, 1)
      if isInterrupted { return (0, program.machine.notes) }
      isStale = false
    }
    let completed = carryOut(each, steps)
    return (completed, program.machine.notes)
  }

  func write(_ elements: [Double], to input: NodeID) {
    guard let holder = holders[input], holder.count == elements.count else { return }
    isStale = true
    if let value = holder.value, let element = elements.first {
      registers[Int(value)] = holder.rounds ? Double(Float(element)) : element
    } else if let buffer = holder.buffer, let pointer = buffers[buffer] {
      if isFloat {
        let floats = pointer.assumingMemoryBound(to: Float.self)
        for (index, element) in elements.enumerated() { floats[index] = Float(element) }
      } else {
        let doubles = pointer.assumingMemoryBound(to: Double.self)
        if holder.rounds {
          for (index, element) in elements.enumerated() { doubles[index] = Double(Float(element)) }
        } else {
          elements.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { doubles.update(from: base, count: source.count) }
          }
        }
      }
    }
  }

  /// Between two programs on arrays bytes are copied; nothing is computed anew for carried inputs.
  func copy(_ input: NodeID, of other: any ProgramBackend, to target: NodeID) {
    guard let other = other as? TensorProgram, let theirs = other.holders[input],
      let ours = holders[target], ours.count == theirs.count
    else {
      if let elements = other.read(input) { write(elements, to: target) }
      return
    }
    if let value = ours.value, let source = theirs.value {
      registers[Int(value)] = other.registers[Int(source)]
    } else if let buffer = ours.buffer, let source = theirs.buffer, let to = buffers[buffer],
      let from = other.buffers[source]
    {
      to.copyMemory(from: from, byteCount: ours.count * (isFloat ? 4 : 8))
    }
  }

  func read(_ id: NodeID) -> [Double]? {
    guard let holder = holders[id] else { return nil }
    if let value = holder.value { return [registers[Int(value)]] }
    guard let buffer = holder.buffer, let pointer = buffers[buffer] else { return [] }
    if isFloat {
      let floats = pointer.assumingMemoryBound(to: Float.self)
      return UnsafeBufferPointer(start: floats, count: holder.count).map(Double.init)
    }
    let doubles = pointer.assumingMemoryBound(to: Double.self)
    return Array(UnsafeBufferPointer(start: doubles, count: holder.count))
  }

  func shares(_ output: NodeID, with input: NodeID) -> Bool {
    guard let ours = holders[output], let theirs = holders[input] else { return false }
    if let value = ours.value { return value == theirs.value }
    return ours.buffer != nil && ours.buffer == theirs.buffer
  }
}

/// Whether to break off.
private func askInterrupted(_ context: UnsafeMutableRawPointer?) -> Int32 {
  guard let context else { return 0 }
  let program = Unmanaged<TensorProgram>.fromOpaque(context).takeUnretainedValue()
  return program.interrupted?() == true ? 1 : 0
}

/// Calls an operation's own kernel from the loop in C.
private func callKernel(_ context: UnsafeMutableRawPointer?, _ number: Int64) {
  guard let context else { return }
  let program = Unmanaged<TensorProgram>.fromOpaque(context).takeUnretainedValue()
  let entry = program.calls[Int(number)]
  guard let interrupted = program.interrupted else { return entry.body(entry.call) }
  var call = entry.call
  call.interrupted = {
    guard !program.isBrokenOff, interrupted() else { return program.isBrokenOff }
    program.isBrokenOff = true
    return true
  }
  entry.body(call)
}
