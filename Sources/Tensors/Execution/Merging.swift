// Merges neighbouring operations into one instruction where that changes no bit: a·b + c, the ratio
// of an adaptive step. The interpreters of scalars and of blocks have the same merged instructions.

import CKernels

/// One instruction of an interpreter, on values that have no place yet.
struct MergedInstruction {
  var operation: Int32
  var rounds: Bool
  var result: ScalarCode.Value
  /// In the order a, b, c, e, f of `dk_code`, then g, h of `dk_block_code`.
  var operands: [ScalarCode.Value]
  /// The last of the operations it stands for.
  var source: ScalarCode.Instruction

  /// - Parameters:
  ///   - uses: how often each value is read; one read in a single place may be merged away.
  ///   - forBlocks: whether blocks are computed, which have instructions of more operands.
  static func merge(
    _ instructions: [ScalarCode.Instruction], uses: [Int32], forBlocks: Bool = false
  ) -> [MergedInstruction] {
    var merger = Merger(instructions, uses: uses, forBlocks: forBlocks)
    return merger.merged()
  }
}

private struct Merger {
  typealias Value = ScalarCode.Value
  typealias Match = (operation: dk_extra, operands: [Value], absorbed: [Value])

  let instructions: [ScalarCode.Instruction]
  let uses: [Int32]
  let forBlocks: Bool
  private var producer: [Int32]
  private var absorbed: [Bool]

  init(_ instructions: [ScalarCode.Instruction], uses: [Int32], forBlocks: Bool) {
    self.instructions = instructions
    self.uses = uses
    self.forBlocks = forBlocks
    producer = [Int32](repeating: -1, count: uses.count)
    absorbed = [Bool](repeating: false, count: instructions.count)
    for (index, instruction) in instructions.enumerated() {
      producer[Int(instruction.result)] = Int32(index)
    }
  }

  /// From the last instruction to the first, so that the largest merged form is found first.
  mutating func merged() -> [MergedInstruction] {
    var result: [MergedInstruction] = []
    result.reserveCapacity(instructions.count)
    for (index, root) in instructions.enumerated().reversed() where !absorbed[index] {
      var operation = root.operation
      var operands = [root.a, root.b, root.c]
      if let match = match(root) {
        operation = Int32(match.operation.rawValue)
        operands = match.operands
        for value in match.absorbed { absorbed[Int(producer[Int(value)])] = true }
      }
      result.append(
        MergedInstruction(
          operation: operation, rounds: root.rounds, result: root.result, operands: operands,
          source: root))
    }
    result.reverse()
    return result
  }

  /// The operation that computes a value, if that is its kind and only one place reads it.
  private func part(_ value: Value, _ opcode: Opcode) -> ScalarCode.Instruction? {
    let index = Int(producer[Int(value)])
    guard index >= 0, !absorbed[index], uses[Int(value)] == 1 else { return nil }
    let instruction = instructions[index]
    return instruction.operation == Int32(opcode.rawValue) && !instruction.rounds
      ? instruction : nil
  }

  private func match(_ root: ScalarCode.Instruction) -> Match? {
    guard !root.rounds, let code = UInt8(exactly: root.operation),
      let opcode = Opcode(rawValue: code)
    else { return nil }
    switch opcode {
    case .add: return sum(root)
    case .subtract: return difference(root)
    case .multiply:
      if let left = part(root.a, .multiply) {
        return (dk_multiply_multiply, [left.a, left.b, root.b], [root.a])
      }
      if let right = part(root.b, .multiply) {
        return (dk_multiply_multiply, [right.a, right.b, root.a], [root.b])
      }
    case .divide:
      if let top = part(root.a, .multiply), let bottom = part(root.b, .add),
        let radical = part(bottom.a, .squareRoot)
      {
        return (
          dk_ratio_root, [top.a, top.b, radical.a, bottom.b], [root.a, root.b, bottom.a]
        )
      }
    default: break
    }
    return nil
  }

  private func sum(_ root: ScalarCode.Instruction) -> Match? {
    let left = part(root.a, .multiply)
    let right = part(root.b, .multiply)
    if let left, let right {
      if let square = part(right.b, .square) {
        return (
          dk_multiply_add_square, [left.a, left.b, right.a, square.a], [root.a, root.b, right.b]
        )
      }
      return (
        dk_multiply_add_multiply, [left.a, left.b, right.a, right.b], [root.a, root.b]
      )
    }
    if let left { return (dk_multiply_add, [left.a, left.b, root.b], [root.a]) }
    if let right { return (dk_multiply_add, [right.a, right.b, root.a], [root.b]) }
    if let radical = part(root.a, .squareRoot) {
      return (dk_root_add, [radical.a, root.b], [root.a])
    }
    return nil
  }

  private func difference(_ root: ScalarCode.Instruction) -> Match? {
    if let quotient = part(root.b, .divide), let top = part(quotient.a, .multiply),
      let bottom = part(quotient.b, .add), let radical = part(bottom.a, .squareRoot)
    {
      if forBlocks, let first = part(top.b, .divide), let second = part(radical.a, .divide) {
        return (
          dk_step_ratios_root,
          [top.a, first.a, second.a, bottom.b, root.a, first.b, second.b],
          [root.b, quotient.a, quotient.b, bottom.a, top.b, radical.a]
        )
      }
      return (
        dk_step_ratio_root, [top.a, top.b, radical.a, bottom.b, root.a],
        [root.b, quotient.a, quotient.b, bottom.a]
      )
    }
    if let left = part(root.a, .multiply) {
      return (dk_multiply_subtract, [left.a, left.b, root.b], [root.a])
    }
    if let right = part(root.b, .multiply) {
      return (dk_subtract_multiply, [right.a, right.b, root.a], [root.b])
    }
    return nil
  }
}
