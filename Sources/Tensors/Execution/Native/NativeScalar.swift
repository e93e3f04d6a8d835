// A tiny program as machine code: a loop for all of it or, where functions are called only for what
// depends on the step's number (β^t), one loop that does those for many steps ahead and one without
// calls for the rest.

import CKernels

#if arch(x86_64)
  final class NativeScalar {
    /// How many steps the first loop is ahead.
    private static let rows = 64

    private let main: ExecutableMemory
    private let ahead: ExecutableMemory?
    /// What the first loop carries, so that it can be set back.
    private let clock: [Int]
    private var held: [Double]
    private let rowTable: UnsafeMutablePointer<Double>
    /// The size that the register file must have.
    let registerCount: Int

    deinit { rowTable.deallocate() }

    /// Nil where the processor or the system does not allow it.
    init?(
      _ code: ScalarCode, carries: [(from: ScalarCode.Value, to: ScalarCode.Value)],
      guards: [ScalarCode.Value], stop: ScalarCode.Value?, kept: Set<ScalarCode.Value>
    ) {
      guard dk_instruction_level() >= 1 else { return nil }
      let instructions = code.instructions.filter { $0.phase == .step }
      let parts = ClockPart(code, instructions, carries)
      var rest = NativeScalarLoop(code, instructions.filter { !parts.values[Int($0.result)] })
      rest.carries = carries.filter { !parts.inputs.contains($0.to) }
      rest.guards = guards
      rest.stop = stop
      rest.kept = kept
      var first: NativeScalarLoop?
      if !parts.inputs.isEmpty {
        var loop = NativeScalarLoop(
          code, instructions.filter { parts.values[Int($0.result)] })
        loop.carries = carries.filter { parts.inputs.contains($0.to) }
        loop.kept = kept
        var read = rest.carries.map(\.from) + guards + (stop.map { [$0] } ?? [])
        for instruction in rest.instructions {
          read += [instruction.a, instruction.b, instruction.c]
        }
        for value in Set(read).sorted() where parts.values[Int(value)] {
          loop.stored[value] = 8 * loop.stored.count
        }
        loop.rowBytes = max(8 * loop.stored.count, 8)
        rest.loaded = loop.stored
        rest.rowBytes = loop.rowBytes
        first = loop
      }
      guard let main = ExecutableMemory(rest.compile()) else { return nil }
      self.main = main
      var registers = rest.spare
      if var loop = first {
        guard let ahead = ExecutableMemory(loop.compile()) else { return nil }
        self.ahead = ahead
        registers = max(registers, loop.spare)
      } else {
        ahead = nil
      }
      registerCount = registers
      clock = parts.inputs.sorted().map(Int.init)
      held = [Double](repeating: 0, count: clock.count)
      rowTable = .allocate(capacity: Self.rows * max(rest.rowBytes / 8, 1))
    }

    func run(
      _ registers: UnsafeMutablePointer<Double>, steps: Int
    ) -> (completed: Int, notes: UInt32) {
      let main = unsafeBitCast(self.main.start, to: NativeScalarLoop.Function.self)
      var notes: UInt64 = 0
      guard let start = ahead?.start else {
        let left = main(registers, steps, rowTable, &notes)
        return (steps - left, UInt32(truncatingIfNeeded: notes))
      }
      let ahead = unsafeBitCast(start, to: NativeScalarLoop.Function.self)
      var completed = 0
      var unused: UInt64 = 0
      while completed < steps {
        let count = min(steps - completed, Self.rows)
        for (index, place) in clock.enumerated() { held[index] = registers[place] }
        _ = ahead(registers, count, rowTable, &unused)
        let done = count - main(registers, count, rowTable, &notes)
        completed += done
        if notes != 0 {
          if done < count {
            for (index, place) in clock.enumerated() { registers[place] = held[index] }
            _ = ahead(registers, done, rowTable, &unused)
          }
          break
        }
      }
      return (completed, UInt32(truncatingIfNeeded: notes))
    }
  }

  /// The part of a program that needs function calls but nothing of the rest: what follows from the
  /// number of the step alone.
  struct ClockPart {
    /// The carried inputs of that part; none if there is nothing to separate.
    private(set) var inputs: Set<ScalarCode.Value> = []
    /// Whether a value belongs to it.
    private(set) var values: [Bool]

    init(
      _ code: ScalarCode, _ instructions: [ScalarCode.Instruction],
      _ carries: [(from: ScalarCode.Value, to: ScalarCode.Value)]
    ) {
      values = [Bool](repeating: false, count: code.valueCount)
      let producer = Dictionary(
        instructions.map { ($0.result, $0) }, uniquingKeysWith: { first, _ in first })
      let source = Dictionary(
        carries.map { ($0.to, $0.from) }, uniquingKeysWith: { first, _ in first })
      for call in instructions where NativeScalarLoop.isCall(call) {
        // Everything the call depends on, now and in earlier steps.
        var pending = [call.result]
        var seen: Set<ScalarCode.Value> = []
        var found: Set<ScalarCode.Value> = []
        while let value = pending.popLast() {
          guard seen.insert(value).inserted else { continue }
          if let from = source[value] {
            found.insert(value)
            pending.append(from)
          } else if let instruction = producer[value] {
            pending += [instruction.a, instruction.b, instruction.c]
          }
          // A part that is most of the program is not worth separating.
          if seen.count > 24 { break }
        }
        if pending.isEmpty { inputs.formUnion(found) }
      }
      guard !inputs.isEmpty else { return }
      for input in inputs { values[Int(input)] = true }
      for instruction in instructions {
        let operands = [instruction.a, instruction.b, instruction.c]
        values[Int(instruction.result)] =
          operands.contains { values[Int($0)] }
          && operands.allSatisfy { values[Int($0)] || code.phase($0) != .step }
      }
      // What is carried in must come from the part itself, which it does by the way it was found.
    }
  }
#else
  /// Machine code is written for one processor only; others have the interpreter.
  final class NativeScalar {
    let registerCount = 0

    init?(
      _ code: ScalarCode, carries: [(from: ScalarCode.Value, to: ScalarCode.Value)],
      guards: [ScalarCode.Value], stop: ScalarCode.Value?, kept: Set<ScalarCode.Value>
    ) { return nil }

    func run(
      _ registers: UnsafeMutablePointer<Double>, steps: Int
    ) -> (completed: Int, notes: UInt32) { (0, 0) }
  }
#endif
