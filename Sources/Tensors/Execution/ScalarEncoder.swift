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
    for value in pinned { uses[Int(value)] += 1 << 20 }
  }

  func register(_ value: ScalarCode.Value) -> Int { Int(registers[Int(value)]) }

  /// One instruction before it has registers.
  private struct Merged {
    var operation: Int32
    var rounds: Bool
    var result: ScalarCode.Value
    var operands: [ScalarCode.Value]  // a, b, c, e, f
    var source: ScalarCode.Instruction
  }

  // MARK: Whole programs

  /// The code of one iteration, with its guards, its carries and the jump back to the start.
  mutating func encodeStep(
    carries: [(from: ScalarCode.Value, to: ScalarCode.Value)], guards: [ScalarCode.Value],
    stop: ScalarCode.Value?
  ) -> [dk_code] {
    let body = merge(code.instructions.filter { $0.phase == .step })
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
    merge(instructions).map(encode) + [instruction(dk_next)]
  }

  /// The moves of carries alone.
  mutating func encodeMoves(
    _ carries: [(from: ScalarCode.Value, to: ScalarCode.Value)]
  ) -> [dk_code] {
    let moves = carries.map { (from: registers[Int($0.from)], to: registers[Int($0.to)]) }
    return sequence(moves) + [instruction(dk_next)]
  }

  // MARK: Registers

  /// Lets a carried result be computed straight into its input's register, where nothing reads the
  /// old value afterwards. Returns the carries that still need a move.
  private mutating func shareRegisters(
    _ body: [Merged], carries: [(from: ScalarCode.Value, to: ScalarCode.Value)],
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
    var readers: [UInt32: Int] = [:]
    var source: [UInt32: UInt32] = [:]
    for move in moves where move.from != move.to {
      source[move.to] = move.from
      readers[move.from, default: 0] += 1
    }
    var result: [dk_code] = []
    // A register that no pending move reads can be overwritten; that may free another.
    var free = moves.map(\.to).filter { source[$0] != nil && readers[$0, default: 0] == 0 }
    func settle() {
      while let to = free.popLast() {
        guard let from = source.removeValue(forKey: to) else { continue }
        result.append(instruction(dk_move, d: to, a: from))
        readers[from, default: 0] -= 1
        if readers[from] == 0, source[from] != nil { free.append(from) }
      }
    }
    settle()
    // What is left are circles: put one value aside.
    for move in moves where source[move.to] != nil {
      let spare = UInt32(registerCount)
      registerCount += 1
      result.append(instruction(dk_move, d: spare, a: move.to))
      for (to, from) in source where from == move.to {
        source[to] = spare
        readers[spare, default: 0] += 1
      }
      readers[move.to] = 0
      free.append(move.to)
      settle()
    }
    return result
  }

  // MARK: Merging

  private func merge(_ instructions: [ScalarCode.Instruction]) -> [Merged] {
    var producer = [Int32](repeating: -1, count: code.valueCount)
    for (index, instruction) in instructions.enumerated() where instruction.writesRegister {
      producer[Int(instruction.result)] = Int32(index)
    }
    var absorbed = [Bool](repeating: false, count: instructions.count)

    /// The operation that computes a value, if only the instruction at hand reads it.
    func part(_ value: ScalarCode.Value, _ opcode: Opcode) -> ScalarCode.Instruction? {
      let index = Int(producer[Int(value)])
      guard index >= 0, !absorbed[index], uses[Int(value)] == 1 else { return nil }
      let instruction = instructions[index]
      return instruction.operation == Int32(opcode.rawValue) && !instruction.rounds
        ? instruction : nil
    }
    func absorb(_ values: ScalarCode.Value...) {
      for value in values { absorbed[Int(producer[Int(value)])] = true }
    }

    var merged: [Merged] = []
    for (index, root) in instructions.enumerated().reversed() where !absorbed[index] {
      var operation = root.operation
      var operands = [root.a, root.b, root.c]
      if !root.rounds, root.operation < Int32(dk_opcode_count.rawValue),
        let opcode = Opcode(rawValue: UInt8(root.operation))
      {
        switch opcode {
        case .add:
          if let left = part(root.a, .multiply), let right = part(root.b, .multiply) {
            if let square = part(right.b, .square) {
              operation = Int32(dk_multiply_add_square.rawValue)
              operands = [left.a, left.b, right.a, square.a]
              absorb(right.b)
            } else {
              operation = Int32(dk_multiply_add_multiply.rawValue)
              operands = [left.a, left.b, right.a, right.b]
            }
            absorb(root.a, root.b)
          } else if let left = part(root.a, .multiply) {
            operation = Int32(dk_multiply_add.rawValue)
            operands = [left.a, left.b, root.b]
            absorb(root.a)
          } else if let right = part(root.b, .multiply) {
            operation = Int32(dk_multiply_add.rawValue)
            operands = [right.a, right.b, root.a]
            absorb(root.b)
          } else if let left = part(root.a, .squareRoot) {
            operation = Int32(dk_root_add.rawValue)
            operands = [left.a, root.b]
            absorb(root.a)
          }
        case .subtract:
          if let quotient = part(root.b, .divide), let top = part(quotient.a, .multiply),
            let bottom = part(quotient.b, .add), let square = part(bottom.a, .squareRoot)
          {
            operation = Int32(dk_step_ratio_root.rawValue)
            operands = [top.a, top.b, square.a, bottom.b, root.a]
            absorb(root.b, quotient.a, quotient.b, bottom.a)
          } else if let left = part(root.a, .multiply) {
            operation = Int32(dk_multiply_subtract.rawValue)
            operands = [left.a, left.b, root.b]
            absorb(root.a)
          } else if let right = part(root.b, .multiply) {
            operation = Int32(dk_subtract_multiply.rawValue)
            operands = [right.a, right.b, root.a]
            absorb(root.b)
          }
        case .divide:
          if let top = part(root.a, .multiply), let bottom = part(root.b, .add),
            let square = part(bottom.a, .squareRoot)
          {
            operation = Int32(dk_ratio_root.rawValue)
            operands = [top.a, top.b, square.a, bottom.b]
            absorb(root.a, root.b, bottom.a)
          }
        case .multiply:
          if let left = part(root.a, .multiply) {
            operation = Int32(dk_multiply_multiply.rawValue)
            operands = [left.a, left.b, root.b]
            absorb(root.a)
          } else if let right = part(root.b, .multiply) {
            operation = Int32(dk_multiply_multiply.rawValue)
            operands = [right.a, right.b, root.a]
            absorb(root.b)
          }
        default: break
        }
      }
      merged.append(
        Merged(
          operation: operation, rounds: root.rounds, result: root.result, operands: operands,
          source: root))
    }
    return merged.reversed()
  }

  private func encode(_ merged: Merged) -> dk_code {
    var result = dk_code()
    result.handler = dk_scalar_handler(merged.operation, merged.rounds ? 1 : 0)
    let source = merged.source
    switch merged.operation {
    case Int32(dk_load64.rawValue), Int32(dk_load32.rawValue):
      result.d = registers[Int(merged.result)]
      result.a = UInt32(source.buffer)
      result.b = UInt32(source.element)
    case Int32(dk_store64.rawValue), Int32(dk_store32.rawValue):
      result.d = UInt32(source.buffer)
      result.a = registers[Int(source.a)]
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

extension ScalarCode.Instruction {
  var writesRegister: Bool {
    operation != Int32(dk_store64.rawValue) && operation != Int32(dk_store32.rawValue)
  }
}
