// Straight-line code on numbers, in single-assignment form: what a tiny program is compiled to
// whole, and what the scalars of a large one are.
//
// Building folds constants and leaves out operations that change no bit of any result. It knows
// nothing of shapes, and never reorders: an instruction comes after its operands.

import CKernels

/// When a value is known: once and for all, once a run, or anew at each iteration.
enum Phase: UInt8, Comparable, CaseIterable {
  case constant, run, step
  static func < (a: Phase, b: Phase) -> Bool { a.rawValue < b.rawValue }
}

struct ScalarCode {
  /// A number in the code; also its place in the register file.
  typealias Value = Int32

  struct Instruction {
    /// An `Opcode`, or one of `dk_extra`.
    var operation: Int32
    /// The result is rounded to float32.
    var rounds = false
    var result: Value
    var a: Value = ScalarCode.none
    var b: Value = ScalarCode.none
    var c: Value = ScalarCode.none
    /// For loads: the buffer and the element.
    var buffer = 0
    var element = 0
    var phase: Phase
  }

  private(set) var instructions: [Instruction] = []
  /// For each value: the number, if it is a constant; else NaN that nobody reads.
  private(set) var numbers: [Double] = []
  private var flags: [Flags] = []
  private var constants: [UInt64: Value] = [:]

  /// The operand that an instruction does not have.
  static let none: Value = 0

  init() { _ = constant(0) }

  private struct Flags {
    var phase: Phase
    var isConstant = false
    /// Certainly not -0, so that adding 0 changes nothing.
    var isNotNegativeZero = false
  }

  var valueCount: Int { numbers.count }
  func phase(_ value: Value) -> Phase { flags[Int(value)].phase }
  func number(_ value: Value) -> Double? {
    flags[Int(value)].isConstant ? numbers[Int(value)] : nil
  }

  private mutating func append(_ number: Double, _ flag: Flags) -> Value {
    numbers.append(number)
    flags.append(flag)
    return Value(numbers.count - 1)
  }

  mutating func constant(_ number: Double) -> Value {
    if let known = constants[number.bitPattern] { return known }
    let isNegativeZero = number == 0 && number.sign == .minus
    let value = append(
      number, Flags(phase: .constant, isConstant: true, isNotNegativeZero: !isNegativeZero))
    constants[number.bitPattern] = value
    return value
  }

  /// A number given from outside, or by a reduction.
  mutating func input(_ phase: Phase) -> Value { append(.nan, Flags(phase: phase)) }

  /// An element of a buffer.
  mutating func load(
    buffer: Int, element: Int, isFloat: Bool, phase: Phase
  ) -> Value {
    let result = append(.nan, Flags(phase: phase))
    instructions.append(
      Instruction(
        operation: Int32((isFloat ? dk_load32 : dk_load64).rawValue), result: result,
        buffer: buffer, element: element, phase: phase))
    return result
  }

  /// The value as it is at this point of the iteration.
  mutating func copy(_ value: Value) -> Value {
    let result = append(.nan, flags[Int(value)])
    instructions.append(
      Instruction(
        operation: Int32(dk_move.rawValue), result: result, a: value, phase: phase(value)))
    return result
  }

  /// An operation on numbers; the result of an earlier one when that has the same bits.
  mutating func apply(
    _ opcode: Opcode, _ a: Value, _ b: Value = -1, _ c: Value = -1, rounds: Bool
  ) -> Value {
    let operands = [a, b, c].filter { $0 >= 0 }
    if operands.allSatisfy({ flags[Int($0)].isConstant }) {
      let number = dk_apply(
        Int32(opcode.rawValue), numbers[Int(a)], b < 0 ? 0 : numbers[Int(b)],
        c < 0 ? 0 : numbers[Int(c)])
      return constant(rounds ? Double(Float(number)) : number)
    }
    if let same = simplification(opcode, a, b, c) { return same }
    var phase = flags[Int(a)].phase
    for operand in operands { phase = max(phase, flags[Int(operand)].phase) }
    var opcode = opcode
    if opcode == .power, number(b) == 2 { opcode = .square }
    let result = append(
      .nan, Flags(phase: phase, isNotNegativeZero: isNotNegativeZero(opcode, a, b)))
    instructions.append(
      Instruction(
        operation: Int32(opcode.rawValue), rounds: rounds && opcode.canBeInexact, result: result,
        a: a, b: opcode == .square ? 0 : max(b, 0), c: max(c, 0), phase: phase))
    return result
  }

  /// A value that has the same bits as the operation would give, for every operand but a NaN.
  private func simplification(_ opcode: Opcode, _ a: Value, _ b: Value, _ c: Value) -> Value? {
    let left = number(a)
    let right = b < 0 ? nil : number(b)
    func isPositiveZero(_ x: Double?) -> Bool { x == 0 && x?.sign == .plus }
    switch opcode {
    case .add:
      if isPositiveZero(right), flags[Int(a)].isNotNegativeZero { return a }
      if isPositiveZero(left), flags[Int(b)].isNotNegativeZero { return b }
    case .subtract: if isPositiveZero(right) { return a }
    case .multiply:
      if right == 1 { return a }
      if left == 1 { return b }
    case .divide, .power: if right == 1 { return a }
    case .select: if let left { return left != 0 ? b : c }
    default: break
    }
    return nil
  }

  private func isNotNegativeZero(_ opcode: Opcode, _ a: Value, _ b: Value) -> Bool {
    switch opcode {
    case .square, .exp, .absolute, .sigmoid, .softplus: true
    case .add: flags[Int(a)].isNotNegativeZero || flags[Int(b)].isNotNegativeZero
    case .subtract: flags[Int(a)].isNotNegativeZero
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or, .not: true
    default: false
    }
  }
}

extension Opcode {
  /// Whether float32 operands can give a result that is not a float32.
  var canBeInexact: Bool {
    switch self {
    case .minimum, .maximum, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual,
      .and, .or, .select, .negate, .not, .absolute, .sign, .floor, .ceil, .round, .roundToFloat,
      .relu:
      false
    default: true
    }
  }
}

extension Opcode {
  /// Whether an operation of an interpreter costs no more than reading its operands.
  static func isCheap(_ operation: Int32) -> Bool {
    guard let code = UInt8(exactly: operation), let opcode = Opcode(rawValue: code) else {
      return true
    }
    switch opcode {
    case .power, .modulo, .exp, .log, .log1p, .expm1, .sin, .cos, .tan, .tanh, .erf, .sigmoid,
      .softplus:
      return false
    default: return true
    }
  }
}
