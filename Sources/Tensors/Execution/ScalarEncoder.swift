// Turns scalar code into instructions of the interpreter: chooses registers, merges neighbouring
// operations into one instruction where that changes no bit, and adds the moves that carry results
// to the next iteration.

import CKernels

struct ScalarEncoder {
  private let code: ScalarCode
  /// How often each value is read; a value that must stay readable counts as read many times.
  private var uses: [Int32]
  private var registers: [UInt32]
  private(set) var registerCount: Int

  init(_ code: ScalarCode, pinned: [ScalarCode.Value]) {
    self.code = code
    uses = [Int32](repeating: 0, count: code.valueCount)
    registers = (0..<UInt32(code.valueCount)).map { $0 }
    registerCount = max(code.valueCount, 1)
    for instruction in code.instructions {
      uses[Int(instruction.a)] += 1
      uses[Int(instruction.b)] += 1
      uses[Int(instruction.c)] += 1
    }
    // Not added up: one value may be thousands of elements of an output.
    for value in pinned { uses[Int(value)] |= 1 << 20 }
  }

  func register(_ value: ScalarCode.Value) -> Int { Int(registers[Int(value)]) }

  // MARK: Whole programs

  /// The code of one iteration, with its guards, its carries and the jump back to the start.
  mutating func encodeStep(
    carries: [(from: ScalarCode.Value, to: ScalarCode.Value)], guards: [ScalarCode.Value],
    stop: ScalarCode.Value?
  ) -> [dk_code] {
    let body = MergedInstruction.merge(
      code.instructions.filter { $0.phase == .step }, uses: uses)
    let moves = shareRegisters(
      body, carries: carries, readAtEnd: guards + (stop.map { [$0] } ?? []))
    var result = body.map(encode)
    for value in guards { result.append(instruction(dk_guard, a: registers[Int(value)])) }
    if let stop { result.append(instruction(dk_stop, a: registers[Int(stop)])) }
    result += sequence(moves)
    result.append(instruction(dk_next))
    return result
  }

  /// Code without carries.
  func encode(_ instructions: [ScalarCode.Instruction]) -> [dk_code] {
    MergedInstruction.merge(instructions, uses: uses).map(encode) + [instruction(dk_next)]
  }

  /// Only what ends an iteration: guards and carries.
  mutating func encodeEnd(
    carries: [(from: ScalarCode.Value, to: ScalarCode.Value)], guards: [ScalarCode.Value],
    stop: ScalarCode.Value?
  ) -> [dk_code] {
    var result = guards.map { instruction(dk_guard, a: registers[Int($0)]) }
    if let stop { result.append(instruction(dk_stop, a: registers[Int(stop)])) }
    result += sequence(
      carries.map { (from: registers[Int($0.from)], to: registers[Int($0.to)]) })
    result.append(instruction(dk_next))
    return result
  }

  // MARK: Registers

  /// Lets a carried result be computed straight into its input's register, where nothing reads the
  /// old value afterwards. Returns the carries that still need a move.
  private mutating func shareRegisters(
    _ body: [MergedInstruction], carries: [(from: ScalarCode.Value, to: ScalarCode.Value)],
    readAtEnd: [ScalarCode.Value]
  ) -> [(from: UInt32, to: UInt32)] {
    guard !carries.isEmpty else { return [] }
    var lastRead = [Int](repeating: -1, count: code.valueCount)
    var definition = [Int](repeating: -1, count: code.valueCount)
    for (index, instruction) in body.enumerated() {
      for operand in instruction.operands { lastRead[Int(operand)] = index }
      definition[Int(instruction.result)] = index
    }
    for value in readAtEnd { lastRead[Int(value)] = Int.max }
    for carry in carries where definition[Int(carry.from)] < 0 {
      lastRead[Int(carry.from)] = Int.max
    }
    var rest: [(from: ScalarCode.Value, to: ScalarCode.Value)] = []
    for carry in carries {
      let from = Int(carry.from)
      let to = Int(carry.to)
      if definition[from] >= 0, registers[from] == UInt32(from), lastRead[to] <= definition[from] {
        registers[from] = registers[to]
      } else {
        rest.append(carry)
      }
    }
    return rest.map { (from: registers[Int($0.from)], to: registers[Int($0.to)]) }
  }

  /// Moves that happen at once, as moves one after the other.
  private mutating func sequence(_ moves: [(from: UInt32, to: UInt32)]) -> [dk_code] {
    let ordered = ParallelMoves.sequence(moves.map { (Int($0.from), Int($0.to)) }) {
      registerCount += 1
      return registerCount - 1
    }
    return ordered.map { instruction(dk_move, d: UInt32($0.to), a: UInt32($0.from)) }
  }

  // MARK: Encoding

  private func encode(_ merged: MergedInstruction) -> dk_code {
    var result = dk_code()
    result.handler = dk_scalar_handler(merged.operation, merged.rounds ? 1 : 0)
    let source = merged.source
    switch merged.operation {
    case Int32(dk_load64.rawValue), Int32(dk_load32.rawValue):
      result.d = registers[Int(merged.result)]
      result.a = UInt32(source.buffer)
      result.b = UInt32(source.element)
    default:
      let operands = merged.operands
      func operand(_ index: Int) -> UInt32 {
        index < operands.count ? registers[Int(operands[index])] : 0
      }
      result.d = registers[Int(merged.result)]
      result.a = operand(0)
      result.b = operand(1)
      result.c = operand(2)
      result.e = operand(3)
      result.f = operand(4)
    }
    return result
  }

  private func instruction(_ extra: dk_extra, d: UInt32 = 0, a: UInt32 = 0) -> dk_code {
    var result = dk_code()
    result.handler = dk_scalar_handler(Int32(extra.rawValue), 0)
    result.d = d
    result.a = a
    return result
  }
}
