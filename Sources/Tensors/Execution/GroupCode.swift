// The instructions of one group of elementwise work: each operation on a block of each operand,
// merged where that changes no bit, with slots for the blocks.

import CKernels

struct GroupCode {
  /// What a slot holds that is not computed in the group.
  enum Source: Hashable {
    case number(ScalarCode.Value)
    case stream(Int)
    case fill(Int, IndexWalk)
  }

  let items: [Int]
  let count: Int
  private(set) var merged: [MergedInstruction] = []
  /// The sources in the order of their first use, with their local values.
  private(set) var sources: [(source: Source, value: ScalarCode.Value)] = []
  /// The local value of each item.
  private(set) var values: [Int: ScalarCode.Value] = [:]
  /// Values folded into numbers at the end of each block.
  private(set) var totals: [(reduction: Reduction, value: ScalarCode.Value, into: ScalarCode.Value)]
  private(set) var valueCount: Int32 = 1

  /// - Parameter isStored: whether an item's array is read outside of the group.
  init(_ items: [Int], _ lowering: TensorLowering, isStored: (Int) -> Bool) {
    self.items = items
    count = items.first.map { lowering.items[$0].count } ?? 0
    totals = []
    var known: [Source: ScalarCode.Value] = [:]
    var instructions: [ScalarCode.Instruction] = []
    func new() -> ScalarCode.Value {
      valueCount += 1
      return valueCount - 1
    }
    func local(_ access: WorkItem.Access) -> ScalarCode.Value {
      let source: Source
      switch access {
      case .number(let value): source = .number(value)
      case .aligned(let item):
        if let value = values[item] { return value }
        source = .stream(item)
      case .walk(let item, let walk): source = .fill(item, walk)
      }
      if let value = known[source] { return value }
      let value = new()
      known[source] = value
      sources.append((source, value))
      return value
    }
    for item in items {
      switch lowering.items[item].kind {
      case .elementwise(let operation, let accesses, let rounds):
        let operands = accesses.map(local)
        var instruction = ScalarCode.Instruction(
          operation: operation, result: new(), a: operands[0], phase: .step)
        if operands.count > 1 { instruction.b = operands[1] }
        if operands.count > 2 { instruction.c = operands[2] }
        instructions.append(instruction)
        if rounds {
          instructions.append(
            ScalarCode.Instruction(
              operation: Int32(dk_round_to_float.rawValue), result: new(), a: instruction.result,
              phase: .step))
        }
        values[item] = valueCount - 1
      case .total(let reduction, let access, let into):
        totals.append((reduction, local(access), into))
      default: break
      }
    }
    var uses = [Int32](repeating: 0, count: Int(valueCount))
    for instruction in instructions {
      uses[Int(instruction.a)] += 1
      uses[Int(instruction.b)] += 1
      uses[Int(instruction.c)] += 1
    }
    for (item, value) in values where isStored(item) { uses[Int(value)] += 1 << 20 }
    for total in totals { uses[Int(total.value)] += 1 << 20 }
    merged = MergedInstruction.merge(instructions, uses: uses, forBlocks: true)
  }

  /// Whether `result` may be written over the array of `old` block by block: nothing reads an old
  /// element after the new one is there.
  func canOverwrite(_ old: Int, with result: Int) -> Bool {
    guard let value = values[result] else { return false }
    var stream: ScalarCode.Value?
    for (source, value) in sources {
      switch source {
      case .stream(old): stream = value
      case .fill(old, _): return false
      default: break
      }
    }
    guard let stream else { return true }
    guard !totals.contains(where: { $0.value == stream }),
      let definition = merged.firstIndex(where: { $0.result == value }),
      let lastRead = merged.lastIndex(where: { $0.operands.contains(stream) })
    else { return false }
    return lastRead <= definition
  }

  // MARK: Encoding

  /// The C form. Slots are given out so that a block's memory is used again as soon as it is free.
  /// - Parameter buffer: the number of an item's buffer, nil if it has none.
  func encode(
    into memory: ProgramMemory, elementSize: Int, parts: (Int) -> UInt32,
    buffer: (Int) -> UInt32?
  ) -> (group: UnsafePointer<dk_group>, scratch: Int) {
    var slot = [Int](repeating: -1, count: Int(valueCount))
    var lastRead = [Int](repeating: -1, count: Int(valueCount))
    for (index, instruction) in merged.enumerated() {
      for operand in instruction.operands { lastRead[Int(operand)] = index }
    }
    for total in totals { lastRead[Int(total.value)] = Int.max }

    // Scratch blocks first: those of fills, then those of results that are not stored.
    var scratchCount = 0
    var free: [Int] = []
    var fills: [dk_fill] = []
    for case (.fill(let item, let walk), let value) in sources {
      slot[Int(value)] = scratchCount
      fills.append(
        dk_fill(
          slot: UInt32(scratchCount), buffer: buffer(item) ?? 0, walk: memory.walk(walk)))
      scratchCount += 1
    }
    var stored: [(slot: Int, buffer: UInt32)] = []
    var isStored = [UInt32?](repeating: nil, count: Int(valueCount))
    for (item, value) in values { isStored[Int(value)] = buffer(item) }
    for (index, instruction) in merged.enumerated() {
      for operand in Set(instruction.operands)
      where lastRead[Int(operand)] == index && slot[Int(operand)] >= 0 {
        free.append(slot[Int(operand)])
      }
      let result = Int(instruction.result)
      if isStored[result] == nil {
        if let reused = free.popLast() {
          slot[result] = reused
        } else {
          slot[result] = scratchCount
          scratchCount += 1
        }
        // A result that nothing reads would otherwise hold its block for good.
        if lastRead[result] < 0 { free.append(slot[result]) }
      }
    }
    var next = scratchCount
    var spreads: [dk_spread] = []
    for case (.number(let number), let value) in sources {
      slot[Int(value)] = next
      spreads.append(dk_spread(slot: UInt32(next), reg: UInt32(number)))
      next += 1
    }
    for case (.stream(let item), let value) in sources {
      slot[Int(value)] = next
      stored.append((next, buffer(item) ?? 0))
      next += 1
    }
    for instruction in merged {
      guard let number = isStored[Int(instruction.result)] else { continue }
      slot[Int(instruction.result)] = next
      stored.append((next, number))
      next += 1
    }

    func place(_ value: ScalarCode.Value) -> UInt16 { UInt16(max(slot[Int(value)], 0)) }
    let code = merged.map { instruction in
      func operand(_ index: Int) -> UInt16 {
        index < instruction.operands.count ? place(instruction.operands[index]) : 0
      }
      return dk_block_code(
        operation: UInt16(instruction.operation), d: place(instruction.result), a: operand(0),
        b: operand(1), c: operand(2), e: operand(3), f: operand(4), g: operand(5),
        h: operand(6))
    }
    var group = dk_group()
    group.count = Int64(count)
    group.block = Int64(GroupCode.block(slots: scratchCount, elementSize: elementSize))
    group.code = memory.store(code)
    group.code_count = Int32(code.count)
    group.streams = memory.store(stored.map { dk_stream(slot: UInt32($0.slot), buffer: $0.buffer) })
    group.stream_count = Int32(stored.count)
    group.spreads = memory.store(spreads)
    group.spread_count = Int32(spreads.count)
    group.fills = memory.store(fills)
    group.fill_count = Int32(fills.count)
    group.totals = memory.store(
      totals.enumerated().map { index, total in
        dk_total(
          slot: UInt32(place(total.value)), fold: total.reduction.fold, reg: UInt32(total.into),
          parts: parts(index))
      })
    group.total_count = Int32(totals.count)
    group.scratch_slots = Int32(scratchCount)
    group.slots = Int32(next)
    let scratch = scratchCount * Int(group.block) * elementSize + spreads.count * 64
    return (memory.store([group]), scratch)
  }

  /// Elements in a block: as many as fit into a page, fewer when there are many blocks, so that all
  /// stay in the first-level cache. A multiple of 128, the run of the canonical order.
  private static func block(slots: Int, elementSize: Int) -> Int {
    var block = Int(dk_block_bytes.rawValue) / elementSize
    while slots * block * elementSize > 24576, block > 128 { block /= 2 }
    return block
  }
}

extension Reduction {
  var fold: UInt32 {
    switch self {
    case .sum: dk_fold_sum.rawValue
    case .max: dk_fold_max.rawValue
    case .min: dk_fold_min.rawValue
    case .product: dk_fold_product.rawValue
    }
  }
}
