// Machine code for a loop of scalar code: every iteration straight-line, carried numbers in
// registers where no function is called in between.
//
// The register allocation is the classic one for straight-line code: a value stays in a register
// until it is not read again, and when registers run out the one that is read latest goes to its
// place in the register file (Belady 1966).

#if arch(x86_64)
  import CKernels

  struct NativeScalarLoop {
    typealias Value = ScalarCode.Value

    /// double *registers, int64_t steps, double *rows, uint64_t *notes → steps not done.
    typealias Function =
      @convention(c) (
        UnsafeMutablePointer<Double>, Int, UnsafeMutablePointer<Double>,
        UnsafeMutablePointer<UInt64>
      ) -> Int

    var instructions: [ScalarCode.Instruction]
    var carries: [(from: Value, to: Value)] = []
    var guards: [Value] = []
    var stop: Value?
    /// Values to be found in the register file after an iteration.
    var kept: Set<Value> = []
    /// Values that another loop has put into the iteration's row, and those that this one puts
    /// there, with their offsets.
    var loaded: [Value: Int] = [:]
    var stored: [Value: Int] = [:]
    var rowBytes = 0
    /// Places in the register file from here on are free for moves.
    var spare: Int

    private let code: ScalarCode
    private var assembler = Assembler()
    private let shape = Assembler.Shape(length: .xmm, isScalar: true)
    /// Registers 14 and 15 are for the instruction at hand.
    private static let allocatable = 14
    private static let maximumHomes = 8

    private var holder = [Value?](repeating: nil, count: 16)
    private var register: [Int8]
    private var isInMemory: [Bool]
    private var reads: [[Int32]]
    private var homes: [Value: Int] = [:]
    private var wish: [Value: Int] = [:]
    private var constants: [UInt64: Assembler.Label] = [:]

    init(_ code: ScalarCode, _ instructions: [ScalarCode.Instruction]) {
      self.code = code
      self.instructions = instructions
      spare = code.valueCount
      register = [Int8](repeating: -1, count: code.valueCount)
      isInMemory = [Bool](repeating: true, count: code.valueCount)
      reads = [[Int32]](repeating: [], count: code.valueCount)
    }

    static func isCall(_ instruction: ScalarCode.Instruction) -> Bool {
      dk_scalar_function(instruction.operation) != nil
    }

    /// The machine code; `spare` is then the size that the register file must have.
    mutating func compile() -> [UInt8] {
      prepare()
      let top = assembler.label()
      let exit = assembler.label()
      enter()
      assembler.place(top)
      for (value, offset) in stored.sorted(by: { $0.key < $1.key })
      where isInMemory[Int(value)] || homes[value] != nil {
        assembler.store(shape, row(offset), read(value, at: -1))
      }
      for (index, instruction) in instructions.enumerated() { emit(instruction, at: index) }
      end()
      if rowBytes > 0 { assembler.add(.r13, rowBytes) }
      assembler.subtract(.r12, 1)
      assembler.jump(exit, if: .equal)
      assembler.test(.r14)
      assembler.jump(top, if: .equal)
      assembler.place(exit)
      leave()
      assembler.align(16)
      for (bits, label) in constants.sorted(by: { $0.key < $1.key }) {
        assembler.place(label)
        // Bitwise operations read whole registers.
        assembler.data(bits)
        assembler.data(bits)
      }
      return assembler.finished()
    }

    // MARK: Frame

    private static let saved: [Assembler.General] = [.rbx, .r12, .r13, .r14, .r15]

    private mutating func enter() {
      for register in Self.saved { assembler.push(register) }
      assembler.move(.rbx, .rdi)
      assembler.move(.r12, .rsi)
      assembler.move(.r13, .rdx)
      assembler.move(.r15, .rcx)
      assembler.clear(.r14)
      for (value, home) in homes.sorted(by: { $0.value < $1.value }) {
        assembler.load(shape, home, memory(value))
      }
    }

    private mutating func leave() {
      for (value, home) in homes.sorted(by: { $0.value < $1.value }) {
        assembler.store(shape, memory(value), home)
      }
      assembler.store(.memory(.r15), .r14)
      assembler.move(.rax, .r12)
      for register in Self.saved.reversed() { assembler.pop(register) }
      assembler.ret()
    }

    private func memory(_ value: Value) -> Assembler.Place {
      if let offset = loaded[value] { return row(offset) }
      return .memory(.rbx, offset: 8 * Int(value))
    }

    private func row(_ offset: Int) -> Assembler.Place { .memory(.r13, offset: offset) }

    private mutating func constant(_ number: Double) -> Assembler.Place {
      constant(bits: number.bitPattern)
    }

    private mutating func constant(bits: UInt64) -> Assembler.Place {
      if let label = constants[bits] { return .label(label) }
      let label = assembler.label()
      constants[bits] = label
      return .label(label)
    }

    // MARK: Before the code

    private mutating func prepare() {
      let end = Int32(instructions.count)
      for (index, instruction) in instructions.enumerated() {
        isInMemory[Int(instruction.result)] = false
        for operand in Set([instruction.a, instruction.b, instruction.c]) {
          reads[Int(operand)].append(Int32(index))
        }
      }
      for value in guards + carries.map(\.from) + (stop.map { [$0] } ?? []) {
        reads[Int(value)].append(end)
      }
      guard !instructions.contains(where: Self.isCall) else { return }
      for carry in carries.prefix(Self.maximumHomes) {
        let home = homes.count
        homes[carry.to] = home
        holder[home] = carry.to
        register[Int(carry.to)] = Int8(home)
        isInMemory[Int(carry.to)] = false
        wish[carry.from] = home
        if reads[Int(carry.to)].isEmpty { release(carry.to) }
      }
    }

    private func nextRead(_ value: Value, after index: Int) -> Int32? {
      reads[Int(value)].first { $0 > index }
    }

    // MARK: Registers

    private mutating func release(_ value: Value) {
      let place = Int(register[Int(value)])
      guard place >= 0 else { return }
      holder[place] = nil
      register[Int(value)] = -1
    }

    private mutating func releaseDead(_ instruction: ScalarCode.Instruction, at index: Int) {
      for operand in [instruction.a, instruction.b, instruction.c]
      where register[Int(operand)] >= 0 && nextRead(operand, after: index) == nil {
        release(operand)
      }
    }

    private mutating func spill(_ value: Value) {
      if !isInMemory[Int(value)] {
        assembler.store(shape, memory(value), Int(register[Int(value)]))
        isInMemory[Int(value)] = true
      }
      release(value)
    }

    /// A free register, made free if need be; never one of `busy`.
    private mutating func free(at index: Int, busy: Set<Int>, wish: Int? = nil) -> Int {
      if let wish, holder[wish] == nil, !busy.contains(wish) { return wish }
      let candidates = (0..<Self.allocatable).reversed().filter { !busy.contains($0) }
      // Homes are left for those who want them as long as possible.
      if let empty = candidates.first(where: { holder[$0] == nil && $0 >= homes.count })
        ?? candidates.first(where: { holder[$0] == nil })
      {
        return empty
      }
      var chosen = candidates[0]
      var latest: Int32 = -1
      for candidate in candidates {
        guard let value = holder[candidate] else { continue }
        let next = nextRead(value, after: index - 1) ?? Int32.max
        if next > latest {
          latest = next
          chosen = candidate
        }
      }
      if let value = holder[chosen] { spill(value) }
      return chosen
    }

    private mutating func hold(_ value: Value, in place: Int) {
      holder[place] = value
      register[Int(value)] = Int8(place)
    }

    /// The value in a register.
    private mutating func read(_ value: Value, at index: Int, busy: Set<Int> = []) -> Int {
      let place = Int(register[Int(value)])
      if place >= 0 { return place }
      let new = free(at: index, busy: busy)
      assembler.load(shape, new, memory(value))
      hold(value, in: new)
      return new
    }

    /// The value where it is, or in a register if it will be read again.
    private mutating func operand(_ value: Value, at index: Int, busy: Set<Int>) -> Assembler.Place
    {
      let place = Int(register[Int(value)])
      if place >= 0 { return .register(place) }
      let isConstant = code.number(value) != nil || loaded[value] != nil
      if isConstant || nextRead(value, after: index) == nil { return memory(value) }
      return .register(read(value, at: index, busy: busy))
    }

    // MARK: Instructions

    private mutating func emit(_ instruction: ScalarCode.Instruction, at index: Int) {
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

    private mutating func call(
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

    private mutating func compute(_ instruction: ScalarCode.Instruction, at index: Int) -> Int {
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

    private mutating func target(
      _ instruction: ScalarCode.Instruction, at index: Int, busy: Set<Int>
    ) -> Int {
      free(at: index, busy: busy, wish: wish[instruction.result])
    }

    private mutating func emit(
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

    private mutating func truth(
      _ predicate: Assembler.Predicate, _ to: Int, _ a: Int, _ b: Assembler.Place
    ) {
      assembler.compare(predicate, shape, to, a, b)
      assembler.bitwise(0x54, shape, to, to, constant(1))
    }

    // MARK: The end of an iteration

    private mutating func end() {
      let index = instructions.count
      for value in guards {
        let place = read(value, at: index)
        let fine = assembler.label()
        // x - x is 0, unless x is infinite or NaN.
        assembler.arithmetic(0x5C, shape, 15, place, .register(place))
        assembler.vector(.init(opcode: 0x2E, prefix: 1), .xmm, 15, nil, .register(15))
        assembler.jump(fine, if: .noParity)
        assembler.or(.r14, Int(dk_note_not_finite.rawValue))
        assembler.place(fine)
      }
      if let stop {
        let place = read(stop, at: index)
        let set = assembler.label()
        let fine = assembler.label()
        assembler.vector(.init(opcode: 0x2E, prefix: 1), .xmm, place, nil, constant(0))
        assembler.jump(set, if: .parity)
        assembler.jump(fine, if: .equal)
        assembler.place(set)
        assembler.or(.r14, Int(dk_note_stop.rawValue))
        assembler.place(fine)
      }
      move()
    }

    /// Carries all happen at once. Places: registers by number, memory behind them.
    private mutating func move() {
      let memoryStart = 16
      var moves: [(from: Int, to: Int)] = []
      for carry in carries {
        let held = Int(register[Int(carry.from)])
        var from = held >= 0 ? held : memoryStart + Int(carry.from)
        if held < 0, loaded[carry.from] != nil {
          assembler.load(shape, 15, memory(carry.from))
          assembler.store(shape, .memory(.rbx, offset: 8 * spare), 15)
          from = memoryStart + spare
          spare += 1
        }
        moves.append((from: from, to: homes[carry.to] ?? memoryStart + Int(carry.to)))
      }
      let sequence = ParallelMoves.sequence(moves) {
        spare += 1
        return memoryStart + spare - 1
      }
      func place(_ index: Int) -> Assembler.Place {
        index < memoryStart
          ? .register(index) : .memory(.rbx, offset: 8 * (index - memoryStart))
      }
      for step in sequence {
        switch (place(step.from), place(step.to)) {
        case (.register(let from), .register(let to)): assembler.copy(shape, to, from)
        case (let from, .register(let to)): assembler.load(shape, to, from)
        case (.register(let from), let to): assembler.store(shape, to, from)
        case (let from, let to):
          assembler.load(shape, 15, from)
          assembler.store(shape, to, 15)
        }
      }
      for (value, home) in homes { hold(value, in: home) }
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
