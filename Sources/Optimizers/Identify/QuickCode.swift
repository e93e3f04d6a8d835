// What a quick rule runs: operations on numbered places, each of which holds six numbers.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct QuickCode: Sendable {
  /// An operator of the language is called as it is there; those of matrices and `mod` are missing.
  enum Kind: String, Sendable {
    case copy, negate, root, add, subtract, multiply, divide, power
    /// Of numbers that are the same in all lanes.
    case scalarPower
    case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual, and, or
    case abs, sign, exp, log, cos, sin, floor
    case max, min, choose
    case sum, mean, norm
  }

  struct Operation: Sendable {
    var kind: Kind
    var to: Int
    var a = 0
    var b = 0
    var c = 0
  }

  static let parameter = 0
  static let gradient = 1
  static let time = 2
  static let slope = 3
  static let center = 4
  static let offset = 5
  /// The first hyperparameter's place; the others follow.
  static let given = 6

  /// How many places there are.
  var places = QuickCode.given
  var numbers: [(place: Int, value: Double)] = []
  /// What `let` says.
  var constants: [Operation] = []
  /// The constants and what the states begin with.
  var starts: [Operation] = []
  var lines: [Operation] = []
  /// Behind which operation each line ends, and where its value is.
  var ends: [(operation: Int, place: Int, isScalar: Bool)] = []

  static func run(_ operations: ArraySlice<Operation>, _ memory: UnsafeMutableBufferPointer<Lanes>)
  {
    for operation in operations {
      let a = memory[operation.a]
      let result: Lanes
      switch operation.kind {
      case .copy: result = a
      case .negate: result = -a
      case .root: result = a.root
      case .add: result = a + memory[operation.b]
      case .subtract: result = a - memory[operation.b]
      case .multiply: result = a * memory[operation.b]
      case .divide: result = a / memory[operation.b]
      case .power: result = a.power(memory[operation.b])
      case .scalarPower: result = Lanes(repeating: Lanes.power(a.a, memory[operation.b].a))
      case .less: result = Lanes.test(a, memory[operation.b]) { $0 < $1 }
      case .lessOrEqual: result = Lanes.test(a, memory[operation.b]) { $0 <= $1 }
      case .greater: result = Lanes.test(a, memory[operation.b]) { $0 > $1 }
      case .greaterOrEqual: result = Lanes.test(a, memory[operation.b]) { $0 >= $1 }
      case .equal: result = Lanes.test(a, memory[operation.b]) { $0 == $1 }
      case .notEqual: result = Lanes.test(a, memory[operation.b]) { $0 != $1 }
      case .and: result = Lanes.test(a, memory[operation.b]) { $0 != 0 && $1 != 0 }
      case .or: result = Lanes.test(a, memory[operation.b]) { $0 != 0 || $1 != 0 }
      case .abs: result = a.map { Swift.abs($0) }
      case .sign: result = a.map { $0.isNaN ? .nan : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
      case .exp: result = a.map { exponential($0) }
      case .log: result = a.map { logarithm($0) }
      case .cos: result = a.map { cosine($0) }
      case .sin: result = a.map { sine($0) }
      case .floor: result = a.map { $0.rounded(.down) }
      case .max: result = a.larger(memory[operation.b])
      case .min: result = a.smaller(memory[operation.b])
      case .choose: result = a.choosing(memory[operation.b], memory[operation.c])
      case .sum: result = Lanes(repeating: a.sum)
      case .mean: result = Lanes(repeating: a.sum / Double(Lanes.count))
      case .norm: result = Lanes(repeating: (a * a).sum.squareRoot())
      }
      memory[operation.to] = result
    }
  }

  private static func exponential(_ x: Double) -> Double { exp(x) }
  private static func logarithm(_ x: Double) -> Double { log(x) }
  private static func cosine(_ x: Double) -> Double { cos(x) }
  private static func sine(_ x: Double) -> Double { sin(x) }
}
