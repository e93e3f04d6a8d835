// One scalar instruction as machine code: calls, arithmetic, comparisons. Which register holds what is
// decided in `NativeScalarLoop.swift`.

#if arch(x86_64)
  import CKernels

  extension NativeScalarLoop {
    mutating func emit(_ instruction: ScalarCode.Instruction, at index: Int) {
      let isRead = nextRead(instruction.result, after: index) != nil
      guard isRead || kept.contains(instruction.result) || stored[instruction.result] != nil else {
        return
      }
      let result: Int
      if let function = dk_scalar_function(instruction.operation) {
        result = call(function, instruction, at: index)
      } else {
        result = compute(instruction, at: index)
      }
      if instruction.rounds { assembler.roundToFloat(shape, result, result) }
      hold(instruction.result, in: result)
      if let offset = stored[instruction.result] { assembler.store(shape, row(offset), result) }
      if kept.contains(instruction.result) {
        assembler.store(shape, memory(instruction.result), result)
        isInMemory[Int(instruction.result)] = true
      }
      if !isRead { release(instruction.result) }
    }

    mutating func call(
      _ function: dk_function, _ instruction: ScalarCode.Instruction, at index: Int
    ) -> Int {
      // The callee may use every vector register.
      for place in 0..<Self.allocatable {
        guard let value = holder[place] else { continue }
        if nextRead(value, after: index) != nil {
          if !isInMemory[Int(value)] {
            assembler.store(shape, memory(value), place)
            isInMemory[Int(value)] = true
          }
        }
      }
      let first = Int(register[Int(instruction.a)])
      let second = Int(register[Int(instruction.b)])
      if second >= 0 { assembler.copy(shape, 15, second) }
      if first >= 0 {
        assembler.copy(shape, 0, first)
      } else {
        assembler.load(shape, 0, memory(instruction.a))
      }
      if second >= 0 {
        assembler.copy(shape, 1, 15)
      } else {
        assembler.load(shape, 1, memory(instruction.b))
      }
      for place in 0..<Self.allocatable { if let value = holder[place] { release(value) } }
      assembler.load(.rax, address: unsafeBitCast(function, to: UInt.self))
      assembler.call(.rax)
      return 0
    }

    mutating func compute(_ instruction: ScalarCode.Instruction, at index: Int) -> Int {
      guard instruction.operation != Int32(dk_move.rawValue),
        let opcode = Opcode(rawValue: UInt8(truncatingIfNeeded: instruction.operation))
      else {
        let from = operand(instruction.a, at: index, busy: [])
        releaseDead(instruction, at: index)
        let to = target(instruction, at: index, busy: [])
        switch from {
        case .register(let register): assembler.copy(shape, to, register)
        default: assembler.load(shape, to, from)
        }
        return to
      }
      var a = instruction.a
      var b = instruction.b
      if opcode.isCommutative, register[Int(a)] < 0, register[Int(b)] >= 0 || code.number(a) != nil
      {
        swap(&a, &b)
      }
      let first = read(a, at: index)
      let second =
        opcode.operandCount > 1
        ? operand(b, at: index, busy: [first]) : Assembler.Place.register(first)
      var busy: Set<Int> = [first]
      if case .register(let register) = second { busy.insert(register) }
      var third: Assembler.Place?
      if opcode == .select {
        third = operand(instruction.c, at: index, busy: busy)
        if case .register(let register)? = third { busy.insert(register) }
      }
      releaseDead(instruction, at: index)
      // Several-step functions must not overwrite an operand that they read again.
      let to = target(instruction, at: index, busy: opcode.isSingleStep ? [] : busy)
      emit(opcode, to, first, second, third)
      return to
    }

    mutating func target(
      _ instruction: ScalarCode.Instruction, at index: Int, busy: Set<Int>
    ) -> Int {
      free(at: index, busy: busy, wish: wish[instruction.result])
    }

    mutating func emit(
      _ opcode: Opcode, _ to: Int, _ a: Int, _ b: Assembler.Place, _ c: Assembler.Place?
    ) {
      let one = constant(1)
      switch opcode {
      case .add: assembler.arithmetic(0x58, shape, to, a, b)
      case .subtract: assembler.arithmetic(0x5C, shape, to, a, b)
      case .multiply: assembler.arithmetic(0x59, shape, to, a, b)
      case .divide: assembler.arithmetic(0x5E, shape, to, a, b)
      case .square: assembler.arithmetic(0x59, shape, to, a, .register(a))
      case .squareRoot: assembler.squareRoot(shape, to, .register(a))
      case .reciprocal:
        assembler.load(shape, 15, one)
        assembler.arithmetic(0x5E, shape, to, 15, .register(a))
      case .negate: assembler.bitwise(0x57, shape, to, a, constant(-0.0))
      case .absolute:
        assembler.bitwise(0x54, shape, to, a, constant(bits: 0x7FFF_FFFF_FFFF_FFFF))
      case .less: truth(.less, to, a, b)
      case .lessOrEqual: truth(.lessOrEqual, to, a, b)
      case .greater: truth(.greater, to, a, b)
      case .greaterOrEqual: truth(.greaterOrEqual, to, a, b)
      case .equal: truth(.equal, to, a, b)
      case .notEqual: truth(.notEqual, to, a, b)
      case .not: truth(.equal, to, a, constant(0))
      case .and, .or:
        assembler.compare(.notEqual, shape, 15, a, constant(0))
        assembler.load(shape, to, constant(0))
        assembler.compare(.notEqual, shape, to, to, b)
        assembler.bitwise(opcode == .and ? 0x54 : 0x56, shape, to, to, .register(15))
        assembler.bitwise(0x54, shape, to, to, one)
      case .minimum, .maximum:
        // The instruction gives its second operand where one is NaN; here the first wins then.
        assembler.compare(.unordered, shape, 15, a, .register(a))
        assembler.arithmetic(opcode == .minimum ? 0x5D : 0x5F, shape, to, a, b)
        assembler.blend(shape, to, mask: 15, yes: .register(a), no: to)
      case .select:
        assembler.compare(.notEqual, shape, 15, a, constant(0))
        if let c {
          switch c {
          case .register(let register): assembler.copy(shape, to, register)
          default: assembler.load(shape, to, c)
          }
        }
        // The blend reads 16 bytes where it reads memory; a register is always safe.
        if case .register = b {
          assembler.blend(shape, to, mask: 15, yes: b, no: to)
        } else {
          assembler.load(shape, 14, b)
          assembler.blend(shape, to, mask: 15, yes: .register(14), no: to)
        }
      case .sign:
        assembler.copy(shape, to, a)
        assembler.compare(.less, shape, 15, a, constant(0))
        assembler.blend(shape, to, mask: 15, yes: constant(-1), no: to)
        assembler.compare(.greater, shape, 15, a, constant(0))
        assembler.blend(shape, to, mask: 15, yes: one, no: to)
      case .floor: assembler.round(shape, to, .register(a), mode: 1)
      case .ceil: assembler.round(shape, to, .register(a), mode: 2)
      case .round: assembler.round(shape, to, .register(a), mode: 0)
      case .roundToFloat: assembler.roundToFloat(shape, to, a)
      case .relu:
        assembler.compare(.notLessOrEqual, shape, 15, a, constant(0))
        assembler.bitwise(0x54, shape, to, a, .register(15))
      case .power, .modulo, .exp, .log, .log1p, .expm1, .sin, .cos, .tan, .tanh, .erf, .sigmoid,
        .softplus:
        break
      }
    }

    mutating func truth(
      _ predicate: Assembler.Predicate, _ to: Int, _ a: Int, _ b: Assembler.Place
    ) {
      assembler.compare(predicate, shape, to, a, b)
      assembler.bitwise(0x54, shape, to, to, constant(1))
    }
  }

  extension Opcode {
    var isCommutative: Bool { self == .add || self == .multiply }

    var operandCount: Int {
      switch self {
      case .add, .subtract, .multiply, .divide, .power, .modulo, .minimum, .maximum, .less,
        .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or:
        2
      case .select: 3
      default: 1
      }
    }

    /// Whether one instruction computes it, so that the result may replace an operand.
    var isSingleStep: Bool {
      switch self {
      case .add, .subtract, .multiply, .divide, .square, .squareRoot, .negate, .absolute, .floor,
        .ceil, .round:
        true
      default: false
      }
    }
  }
#endif
