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

    let code: ScalarCode
    var assembler = Assembler()
    let shape = Assembler.Shape(length: .xmm, isScalar: true)
    /// Registers 14 and 15 are for the instruction at hand.
    static let allocatable = 14
    static let maximumHomes = 8

    var holder = [Value?](repeating: nil, count: 16)
    var register: [Int8]
    var isInMemory: [Bool]
    var reads: [[Int32]]
    var homes: [Value: Int] = [:]
    var wish: [Value: Int] = [:]
    var constants: [UInt64: Assembler.Label] = [:]

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

    static let saved: [Assembler.General] = [.rbx, .r12, .r13, .r14, .r15]

    mutating func enter() {
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

    mutating func leave() {
      for (value, home) in homes.sorted(by: { $0.value < $1.value }) {
        assembler.store(shape, memory(value), home)
      }
      assembler.store(.memory(.r15), .r14)
      assembler.move(.rax, .r12)
      for register in Self.saved.reversed() { assembler.pop(register) }
      assembler.ret()
    }

    func memory(_ value: Value) -> Assembler.Place {
      if let offset = loaded[value] { return row(offset) }
      return .memory(.rbx, offset: 8 * Int(value))
    }

    func row(_ offset: Int) -> Assembler.Place { .memory(.r13, offset: offset) }

    mutating func constant(_ number: Double) -> Assembler.Place {
      constant(bits: number.bitPattern)
    }

    mutating func constant(bits: UInt64) -> Assembler.Place {
      if let label = constants[bits] { return .label(label) }
      let label = assembler.label()
      constants[bits] = label
      return .label(label)
    }

    // MARK: Before the code

    mutating func prepare() {
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

    func nextRead(_ value: Value, after index: Int) -> Int32? {
      reads[Int(value)].first { $0 > index }
    }

    // MARK: Registers

    mutating func release(_ value: Value) {
      let place = Int(register[Int(value)])
      guard place >= 0 else { return }
      holder[place] = nil
      register[Int(value)] = -1
    }

    mutating func releaseDead(_ instruction: ScalarCode.Instruction, at index: Int) {
      for operand in [instruction.a, instruction.b, instruction.c]
      where register[Int(operand)] >= 0 && nextRead(operand, after: index) == nil {
        release(operand)
      }
    }

    mutating func spill(_ value: Value) {
      if !isInMemory[Int(value)] {
        assembler.store(shape, memory(value), Int(register[Int(value)]))
        isInMemory[Int(value)] = true
      }
      release(value)
    }

    /// A free register, made free if need be; never one of `busy`.
    mutating func free(at index: Int, busy: Set<Int>, wish: Int? = nil) -> Int {
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

    mutating func hold(_ value: Value, in place: Int) {
      holder[place] = value
      register[Int(value)] = Int8(place)
    }

    /// The value in a register.
    mutating func read(_ value: Value, at index: Int, busy: Set<Int> = []) -> Int {
      let place = Int(register[Int(value)])
      if place >= 0 { return place }
      let new = free(at: index, busy: busy)
      assembler.load(shape, new, memory(value))
      hold(value, in: new)
      return new
    }

    /// The value where it is, or in a register if it will be read again.
    mutating func operand(_ value: Value, at index: Int, busy: Set<Int>) -> Assembler.Place {
      let place = Int(register[Int(value)])
      if place >= 0 { return .register(place) }
      let isConstant = code.number(value) != nil || loaded[value] != nil
      if isConstant || nextRead(value, after: index) == nil { return memory(value) }
      return .register(read(value, at: index, busy: busy))
    }

    // MARK: The end of an iteration

    mutating func end() {
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
    mutating func move() {
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
#endif
