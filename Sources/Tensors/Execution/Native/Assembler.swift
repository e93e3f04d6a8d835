// Machine code for x86-64: the few instructions that numeric loops need, written byte by byte. It
// knows encodings and labels, nothing of programs.
//
// Vector instructions come in two encodings: VEX for 16 registers of up to 256 bits, EVEX for 32 of
// 512 bits (Intel's manual, volume 2, chapter 2).

struct Assembler {
  enum General: Int {
    case rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
  }

  struct Label: Hashable { fileprivate let index: Int }

  enum Place {
    case register(Int)
    case memory(General, index: General? = nil, offset: Int = 0)
    case label(Label)
  }

  enum Length: Int { case xmm, ymm, zmm }

  /// Which instruction: opcode, opcode map (1: 0F, 2: 0F38, 3: 0F3A), prefix (0: none, 1: 66, 2: F3,
  /// 3: F2) and the W bit.
  struct Operation {
    var opcode: UInt8
    var map: UInt8 = 1
    var prefix: UInt8
    var wide = false
  }

  private(set) var code: [UInt8] = []
  private var positions: [Int] = []
  /// Where a distance to a label is to be written; `tail` bytes of the instruction follow it.
  private var uses: [(at: Int, label: Int, tail: Int)] = []

  // MARK: Labels and data

  mutating func label() -> Label {
    positions.append(-1)
    return Label(index: positions.count - 1)
  }

  mutating func place(_ label: Label) { positions[label.index] = code.count }

  mutating func align(_ boundary: Int) {
    while code.count % boundary != 0 { code.append(0x90) }
  }

  mutating func data(_ word: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) {
      code.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
    }
  }

  private mutating func word(_ value: Int) {
    for shift in stride(from: 0, to: 32, by: 8) {
      code.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  private mutating func reference(_ label: Label) {
    uses.append((code.count, label.index, 0))
    word(0)
  }

  /// The finished code; all labels have places.
  consuming func finished() -> [UInt8] {
    for use in uses {
      let distance = positions[use.label] - (use.at + 4 + use.tail)
      for i in 0..<4 { code[use.at + i] = UInt8(truncatingIfNeeded: distance >> (8 * i)) }
    }
    return code
  }

  // MARK: General registers

  mutating func push(_ register: General) {
    if register.rawValue > 7 { code.append(0x41) }
    code.append(0x50 + UInt8(register.rawValue & 7))
  }

  mutating func pop(_ register: General) {
    if register.rawValue > 7 { code.append(0x41) }
    code.append(0x58 + UInt8(register.rawValue & 7))
  }

  mutating func ret() { code.append(0xC3) }

  mutating func move(_ to: General, _ from: General) {
    wide(0x8B, to.rawValue, .register(from.rawValue))
  }
  mutating func load(_ to: General, _ from: Place) { wide(0x8B, to.rawValue, from) }
  mutating func store(_ to: Place, _ from: General) { wide(0x89, from.rawValue, to) }
  mutating func add(_ to: General, _ amount: Int) {
    wide(0x81, 0, .register(to.rawValue))
    word(amount)
  }
  mutating func subtract(_ to: General, _ amount: Int) {
    wide(0x81, 5, .register(to.rawValue))
    word(amount)
  }
  mutating func clear(_ register: General) {
    wide(0x33, register.rawValue, .register(register.rawValue))
  }
  mutating func test(_ register: General) {
    wide(0x85, register.rawValue, .register(register.rawValue))
  }
  mutating func compare(_ a: General, _ b: General) {
    wide(0x3B, a.rawValue, .register(b.rawValue))
  }
  mutating func or(_ to: General, _ bits: Int) {
    wide(0x81, 1, .register(to.rawValue))
    word(bits)
  }

  mutating func load(_ to: General, address: UInt) {
    code.append(to.rawValue > 7 ? 0x49 : 0x48)
    code.append(0xB8 + UInt8(to.rawValue & 7))
    data(UInt64(address))
  }

  mutating func call(_ register: General) {
    if register.rawValue > 7 { code.append(0x41) }
    code += [0xFF, 0xD0 + UInt8(register.rawValue & 7)]
  }

  enum Condition: UInt8 {
    case equal = 4
    case notEqual = 5
    case parity = 10
    case noParity = 11
    case less = 12
    case greaterOrEqual = 13
    case greater = 15
  }

  mutating func jump(_ label: Label, if condition: Condition) {
    code += [0x0F, 0x80 + condition.rawValue]
    reference(label)
  }

  private mutating func wide(_ opcode: UInt8, _ register: Int, _ place: Place) {
    var prefix: UInt8 = 0x48
    if register > 7 { prefix |= 4 }
    let high = highBits(place)
    if high.base { prefix |= 1 }
    if high.index { prefix |= 2 }
    code += [prefix, opcode]
    operand(register, place, short: true)
  }

  // MARK: Vectors

  /// - Parameters:
  ///   - second: the second source, in VEX.vvvv; 0 where there is none.
  ///   - mask: a mask register, 0 for none; EVEX only, as is `zeroes`.
  ///   - byte: an immediate operand.
  mutating func vector(
    _ operation: Operation, _ length: Length, _ register: Int, _ second: Int?, _ place: Place,
    extended: Bool = false, mask: Int = 0, zeroes: Bool = false, byte: UInt8? = nil
  ) {
    let high = highBits(place)
    let other = second ?? 0
    if extended || length == .zmm {
      var first = operation.map
      if register & 8 == 0 { first |= 0x80 }
      if case .register(let r) = place {
        if r & 16 == 0 { first |= 0x40 }
        if r & 8 == 0 { first |= 0x20 }
      } else {
        if !high.index { first |= 0x40 }
        if !high.base { first |= 0x20 }
      }
      if register & 16 == 0 { first |= 0x10 }
      var third = UInt8(length.rawValue << 5) | UInt8(mask)
      if zeroes { third |= 0x80 }
      if other & 16 == 0 { third |= 0x08 }
      code += [
        0x62, first,
        (operation.wide ? 0x80 : 0) | UInt8((~other & 15) << 3) | 4 | operation.prefix, third,
        operation.opcode,
      ]
      operand(register, place, short: false)
    } else {
      var first = operation.map
      if register & 8 == 0 { first |= 0x80 }
      if !high.index { first |= 0x40 }
      if !high.base { first |= 0x20 }
      code += [
        0xC4, first,
        (operation.wide ? 0x80 : 0) | UInt8((~other & 15) << 3) | UInt8(length.rawValue << 2)
          | operation.prefix, operation.opcode,
      ]
      operand(register, place, short: true)
    }
    if let byte {
      code.append(byte)
      if case .label = place { uses[uses.count - 1].tail = 1 }
    }
  }

  mutating func zeroUpper() { code += [0xC5, 0xF8, 0x77] }

  // MARK: Operands

  private func highBits(_ place: Place) -> (base: Bool, index: Bool) {
    switch place {
    case .register(let register): (register & 8 != 0, false)
    case .memory(let base, let index, _):
      (base.rawValue > 7, (index?.rawValue ?? 0) > 7)
    case .label: (false, false)
    }
  }

  /// ModRM, SIB and displacement. EVEX scales one-byte displacements, so only `short` may use them.
  private mutating func operand(_ register: Int, _ place: Place, short: Bool) {
    let field = UInt8(register & 7) << 3
    switch place {
    case .register(let other): code.append(0xC0 | field | UInt8(other & 7))
    case .label(let label):
      code.append(0x05 | field)
      reference(label)
    case .memory(let base, let index, let offset):
      let isSmall = short && offset >= -128 && offset < 128
      let mode: UInt8 = isSmall ? 0x40 : 0x80
      if let index {
        code.append(mode | field | 4)
        code.append(UInt8(index.rawValue & 7) << 3 | UInt8(base.rawValue & 7))
      } else if base.rawValue & 7 == 4 {
        code.append(mode | field | 4)
        code.append(0x24)
      } else {
        code.append(mode | field | UInt8(base.rawValue & 7))
      }
      if isSmall { code.append(UInt8(truncatingIfNeeded: offset)) } else { word(offset) }
    }
  }
}
