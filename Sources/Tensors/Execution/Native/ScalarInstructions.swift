// The scalar functions as vector instructions: what each opcode is in machine code, for one number
// or a vector of them. Only what is exact to the bit; the rest is called.

extension Assembler {
  /// Whether the numbers are single or whole vectors, and of which type.
  struct Shape {
    var length: Length
    var isFloat = false
    /// One number in the lowest lane.
    var isScalar = false
    /// EVEX, with 32 registers and mask registers.
    var extended: Bool { length == .zmm }

    func operation(_ opcode: UInt8) -> Operation {
      let prefix: UInt8 = isScalar ? (isFloat ? 2 : 3) : isFloat ? 0 : 1
      return Operation(opcode: opcode, prefix: prefix, wide: extended && !isFloat)
    }

    /// Bitwise operations work on whole registers.
    func bitwise(_ opcode: UInt8) -> Operation {
      Operation(opcode: opcode, prefix: isFloat ? 0 : 1, wide: extended && !isFloat)
    }
  }

  /// Comparisons that are quiet about NaN; false for one, except where said.
  enum Predicate: UInt8 {
    case equal = 0x00
    case less = 0x11
    case lessOrEqual = 0x12
    case unordered = 0x03
    /// True for NaN.
    case notEqual = 0x04
    /// Greater, or NaN.
    case notLessOrEqual = 0x16
    case greaterOrEqual = 0x1D
    case greater = 0x1E
  }

  mutating func arithmetic(
    _ opcode: UInt8, _ shape: Shape, _ to: Int, _ first: Int, _ second: Place
  ) {
    vector(shape.operation(opcode), shape.length, to, first, second, extended: shape.extended)
  }

  mutating func bitwise(_ opcode: UInt8, _ shape: Shape, _ to: Int, _ first: Int, _ second: Place) {
    vector(shape.bitwise(opcode), shape.length, to, first, second, extended: shape.extended)
  }

  mutating func squareRoot(_ shape: Shape, _ to: Int, _ from: Place) {
    var first: Int?
    // The scalar form keeps the upper lanes of its first source; that of the operand itself makes
    // no false dependency.
    if shape.isScalar, case .register(let register) = from { first = register }
    if shape.isScalar, first == nil { first = to }
    vector(shape.operation(0x51), shape.length, to, first, from, extended: shape.extended)
  }

  mutating func copy(_ shape: Shape, _ to: Int, _ from: Int) {
    if to == from { return }
    vector(shape.bitwise(0x28), shape.length, to, nil, .register(from), extended: shape.extended)
  }

  mutating func load(_ shape: Shape, _ to: Int, _ from: Place) {
    vector(shape.operation(0x10), shape.length, to, nil, from, extended: shape.extended)
  }

  mutating func store(_ shape: Shape, _ to: Place, _ from: Int) {
    vector(shape.operation(0x11), shape.length, from, nil, to, extended: shape.extended)
  }

  /// All ones where the comparison holds, in a vector register; VEX only.
  mutating func compare(
    _ predicate: Predicate, _ shape: Shape, _ to: Int, _ first: Int, _ second: Place
  ) {
    vector(shape.operation(0xC2), shape.length, to, first, second, byte: predicate.rawValue)
  }

  /// `yes` where the mask register is set, else `no`; VEX only.
  mutating func blend(_ shape: Shape, _ to: Int, mask: Int, yes: Place, no: Int) {
    let operation = Operation(opcode: shape.isFloat ? 0x4A : 0x4B, map: 3, prefix: 1)
    vector(operation, shape.length, to, no, yes, byte: UInt8(mask << 4))
  }

  /// `mode` 0: to even, 1: down, 2: up.
  mutating func round(_ shape: Shape, _ to: Int, _ from: Place, mode: UInt8) {
    let opcode: UInt8 = (shape.isFloat ? 0x08 : 0x09) + (shape.isScalar ? 2 : 0)
    let operation = Operation(
      opcode: opcode, map: 3, prefix: 1, wide: shape.extended && !shape.isFloat)
    var first: Int?
    if shape.isScalar { if case .register(let r) = from { first = r } else { first = to } }
    vector(
      operation, shape.length, to, first, from, extended: shape.extended, byte: mode | 8)
  }

  /// Doubles rounded to float32.
  mutating func roundToFloat(_ shape: Shape, _ to: Int, _ from: Int) {
    if shape.isScalar {
      vector(Operation(opcode: 0x5A, prefix: 3), .xmm, to, from, .register(from))
      vector(Operation(opcode: 0x5A, prefix: 2), .xmm, to, to, .register(to))
    } else {
      let extended = shape.extended
      vector(
        Operation(opcode: 0x5A, prefix: 1, wide: extended), shape.length, to, nil,
        .register(from), extended: extended)
      vector(
        Operation(opcode: 0x5A, prefix: 0), shape.length, to, nil, .register(to),
        extended: extended)
    }
  }
}
