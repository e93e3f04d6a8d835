// Writes a scheduled program in the form that the loops in C carry out, and allocates its memory.

import CKernels

struct TensorEncoder {
  private(set) var steps: [Phase: [dk_step]] = [:]
  var calls: [(body: @Sendable (KernelCall) -> Void, call: KernelCall)] = []
  let registers: UnsafeMutablePointer<Double>
  private(set) var buffers: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  private(set) var scratchBytes = 64

  let lowering: TensorLowering
  private let schedule: TensorSchedule
  var storage: TensorStorage
  let groups: [Int: GroupCode]
  let memory: ProgramMemory
  let elementSize: Int
  private var scalars: ScalarEncoder
  /// Extra buffers of a segment: parts of totals, float64 copies for calls.
  var extras: [Int: [Int]] = [:]

  init(
    _ lowering: TensorLowering, _ schedule: TensorSchedule, _ storage: TensorStorage,
    _ groups: [Int: GroupCode], _ memory: ProgramMemory
  ) {
    self.lowering = lowering
    self.schedule = schedule
    self.storage = storage
    self.groups = groups
    self.memory = memory
    elementSize = lowering.outline.precision == .float32 ? 4 : 8
    let outline = lowering.outline

    // Numbers that something other than scalar code reads keep their registers.
    var pinned: [ScalarCode.Value] = []
    for item in lowering.items {
      for case .number(let value) in item.kind.accesses { pinned.append(value) }
    }
    for id in outline.outputs + outline.guards + outline.carries.map(\.from) {
      if let value = lowering.place(id).value { pinned.append(value) }
    }
    if let stop = outline.stop.flatMap({ lowering.place($0).value }) { pinned.append(stop) }
    // A value read in another segment than its own cannot be merged into its reader; one read in
    // its own segment alone can.
    scalars = ScalarEncoder(lowering.code, pinned: pinned)
    let moves = outline.carries.count + 1
    let count = lowering.code.valueCount + moves
    registers = memory.reserve(Double.self, count: count)
    for value in 0..<ScalarCode.Value(lowering.code.valueCount) {
      registers[Int(value)] = lowering.code.number(value) ?? 0
    }
    buffers = memory.reserve(UnsafeMutableRawPointer?.self, count: 1)
  }

  mutating func encode() throws(TensorError) {
    addExtras()
    try allocate()
    for (position, segment) in schedule.segments.enumerated() {
      switch segment.kind {
      case .scalar(let instructions):
        let code = scalars.encode(
          instructions.map { index in
            var instruction = lowering.code.instructions[index]
            if instruction.isLoad { instruction.buffer = Int(buffer(instruction.buffer) ?? 0) }
            return instruction
          })
        append(segment.phase, step(dk_step_scalar, payload: memory.store(code)))
      case .group: group(position, segment.phase)
      case .item(let item): encode(item, position, segment.phase)
      }
    }
    finish()
  }

  // MARK: Memory

  func buffer(_ item: Int) -> UInt32? { storage.bufferOfItem[item].map { UInt32($0) } }

  private mutating func addExtras() {
    for (position, segment) in schedule.segments.enumerated() {
      switch segment.kind {
      case .group:
        for _ in groups[position]?.totals ?? [] {
          let count = ((groups[position]?.count ?? 0) + 127) / 128
          extras[position, default: []].append(
            storage.add(count, first: position, last: position))
        }
      case .item(let item):
        guard elementSize == 4, case .call(_, let inputs, _, _, _) = lowering.items[item].kind
        else { break }
        for source in inputs + [item] {
          extras[position, default: []].append(
            storage.add(
              lowering.items[source].count, isWide: true, first: position, last: position))
        }
      case .scalar: break
      }
    }
  }

  /// Gives buffers their memory; those that are not in use at the same time share it.
  private mutating func allocate() throws(TensorError) {
    buffers = memory.reserve(UnsafeMutableRawPointer?.self, count: storage.buffers.count)
    func bytes(_ buffer: TensorStorage.Buffer) -> Int {
      // Padded, since the loops work on whole vectors.
      (buffer.count * (buffer.isWide ? 8 : elementSize) + 63) / 64 * 64 + 64
    }
    var total = 0
    var free: [Int: [UnsafeMutableRawPointer]] = [:]
    var starting = [[Int]](repeating: [], count: schedule.segments.count + 1)
    var ending = starting
    for (index, buffer) in storage.buffers.enumerated() {
      if buffer.last == TensorStorage.always || buffer.last >= schedule.segments.count {
        starting[min(max(buffer.first, 0), schedule.segments.count)].append(index)
      } else {
        starting[max(buffer.first, 0)].append(index)
        ending[buffer.last].append(index)
      }
    }
    for position in starting.indices {
      for index in starting[position] {
        let size = bytes(storage.buffers[index])
        // What is kept for good takes no memory that an earlier phase uses again.
        let mayReuse = storage.buffers[index].last != TensorStorage.always
        if mayReuse, let block = free[size]?.popLast() {
          buffers[index] = block
          continue
        }
        total += size
        guard total <= TensorProgram.maximumBytes else { throw .tooLarge(Shape([total / 8])) }
        buffers[index] = try memory.allocate(
          bytes: size, for: Shape([storage.buffers[index].count]))
      }
      for index in ending[position] {
        if let block = buffers[index] {
          free[bytes(storage.buffers[index]), default: []].append(block)
        }
      }
    }
    for (index, item) in lowering.items.enumerated() {
      guard case .constant(let tensor) = item.kind, let buffer = storage.bufferOfItem[index],
        let pointer = buffers[buffer]
      else { continue }
      for (place, element) in tensor.elements.enumerated() {
        if elementSize == 4 {
          pointer.assumingMemoryBound(to: Float.self)[place] = Float(element)
        } else {
          pointer.assumingMemoryBound(to: Double.self)[place] = lowering.outline.rounded(
            element, tensor.elementType)
        }
      }
    }
  }

  // MARK: Steps

  mutating func append(_ phase: Phase, _ step: dk_step) {
    steps[phase, default: []].append(step)
  }

  func step<Payload>(
    _ kind: dk_step_kind, from: UInt32 = 0, to: UInt32 = 0, count: Int = 0,
    payload: UnsafePointer<Payload>
  ) -> dk_step {
    dk_step(
      kind: Int32(kind.rawValue), from: from, to: to, count: Int64(count),
      payload: UnsafeRawPointer(payload))
  }

  func step(
    _ kind: dk_step_kind, from: UInt32 = 0, to: UInt32 = 0, count: Int = 0
  ) -> dk_step {
    dk_step(
      kind: Int32(kind.rawValue), from: from, to: to, count: Int64(count), payload: nil)
  }

  private mutating func group(_ position: Int, _ phase: Phase) {
    guard let code = groups[position] else { return }
    let parts = extras[position] ?? []
    let encoded = code.encode(
      into: memory, elementSize: elementSize, parts: { UInt32(parts[$0]) },
      buffer: { storage.isStored[$0] ? buffer($0) : nil })
    scratchBytes = max(scratchBytes, encoded.scratch)
    append(phase, step(dk_step_group, payload: encoded.group))
  }

  /// Guards and carries.
  private mutating func finish() {
    let outline = lowering.outline
    for id in outline.guards where lowering.graph[id].shape.count > 1 {
      if let buffer = lowering.place(id).item.flatMap({ buffer($0) }) {
        append(
          .step, step(dk_step_guard, from: buffer, count: lowering.graph[id].shape.count))
      }
    }
    func single(_ id: NodeID) -> ScalarCode.Value? {
      lowering.graph[id].shape.count == 1 ? lowering.place(id).value : nil
    }
    var carries: [(from: ScalarCode.Value, to: ScalarCode.Value)] = []
    for carry in outline.carries {
      if let from = single(carry.from), let to = single(carry.to) { carries.append((from, to)) }
    }
    let end = scalars.encodeEnd(
      carries: carries, guards: outline.guards.compactMap(single),
      stop: outline.stop.flatMap { lowering.place($0).value })
    if end.count > 1 { append(.step, step(dk_step_scalar, payload: memory.store(end))) }
    for copy in storage.copies {
      append(
        .step,
        step(
          dk_step_copy, from: UInt32(copy.from), to: UInt32(copy.to), count: copy.count))
    }
    for swap in storage.swaps {
      append(.step, step(dk_step_swap, from: UInt32(swap.from), to: UInt32(swap.to)))
    }
  }
}
