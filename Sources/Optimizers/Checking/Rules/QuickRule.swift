// A rule's lines made ready to be run for a few steps on four numbers, many thousand rules a second.
//
// Its numbers may differ from the executor's in the last places; verdicts show six digits of them. It
// knows elementwise arithmetic, sums over the four numbers and the gradient at a point; a rule that needs
// more is left to others.

import Notation
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct QuickRule: Sendable {
  typealias Numbers = Four

  indirect enum Node: Sendable {
    case number(Double)
    case slot(Int)
    case negate(Node)
    case root(Node)
    case binary(BinaryOperator, Node, Node)
    case call(Call, [Node])
    /// The gradient at a point.
    case gradient(Node)
  }

  enum Call: String, Sendable {
    case sqrt, abs, sign, max, min, `where`, sum, norm, mean, clip, exp, log
  }

  private var slots: [Name: Int] = [:]
  private var count = 3
  private var starts: [(slot: Int, value: Node)] = []
  private var constants: [(slot: Int, value: Node)] = []
  private var lines: [(slot: Int, value: Node)] = []
  private let parameters: [(name: Name, slot: Int)]

  private static let parameter = 0
  private static let gradient = 1
  private static let time = 2

  /// nil when the rule needs more than this knows.
  init?(_ rule: Rule) { self.init(rule.declaration) }

  init?(_ declaration: RuleDeclaration) {
    for name in Rule.parameterNames { slots[Name(canonical: name)] = Self.parameter }
    slots[Name(canonical: "g")] = Self.gradient
    slots[Name(canonical: "t")] = Self.time
    var parameters: [(name: Name, slot: Int)] = []
    for parameter in declaration.parameters {
      slots[parameter.name] = count
      parameters.append((parameter.name, count))
      count += 1
    }
    self.parameters = parameters
    for statement in declaration.body {
      guard let line = statement.line, let value = node(line.value) else { return nil }
      let slot = slots[line.name] ?? count
      if slot == count {
        slots[line.name] = slot
        count += 1
      }
      switch statement {
      case .let: constants.append((slot, value))
      case .state: starts.append((slot, value))
      case .assign: lines.append((slot, value))
      case .when, .repeat: return nil
      }
    }
  }

  private func node(_ expression: Expression) -> Node? {
    switch expression.kind {
    case .number(let value, _): return .number(value)
    case .name(let name):
      if let slot = slots[name] { return .slot(slot) }
      if name.canonical == "pi" { return .number(.pi) }
      return nil
    case .unary(let operation, let operand):
      guard let inner = node(operand) else { return nil }
      switch operation {
      case .negate: return .negate(inner)
      case .squareRoot: return .root(inner)
      case .not, .transpose: return nil
      }
    case .binary(let operation, let left, let right):
      guard operation != .matmul, operation != .modulo, let a = node(left), let b = node(right)
      else { return nil }
      return .binary(operation, a, b)
    case .call(let callee, let arguments):
      guard callee.path.count == 1, arguments.allSatisfy({ $0.label == nil }) else { return nil }
      var nodes: [Node] = []
      for argument in arguments {
        guard let node = node(argument.value) else { return nil }
        nodes.append(node)
      }
      let name = callee.path[0].canonical
      if name == "grad", nodes.count == 1 { return .gradient(nodes[0]) }
      guard let call = Call(rawValue: name), nodes.count == Self.arity(call) else { return nil }
      return .call(call, nodes)
    case .string, .list, .index, .member, .gradient: return nil
    }
  }

  private static func arity(_ call: Call) -> Int {
    switch call {
    case .sqrt, .abs, .sign, .sum, .norm, .mean, .exp, .log: 1
    case .max, .min: 2
    case .where, .clip: 3
    }
  }

  // MARK: Running

  /// The parameter after each step of a tape.
  /// - Parameter keepsGoing: asked after each step; false ends the run.
  func run(
    _ values: [Name: Double], _ tape: QuickTape,
    while keepsGoing: (Int, Numbers) -> Bool = { _, _ in true }
  ) -> [Numbers] {
    var memory = [Numbers](repeating: .zero, count: count)
    memory[Self.parameter] = tape.start
    for (name, slot) in parameters { memory[slot] = Numbers(repeating: values[name] ?? .nan) }
    let still = QuickTape.Step(slope: .zero, center: .zero)
    for (slot, value) in constants { memory[slot] = evaluate(value, memory, still) }
    for (slot, value) in starts { memory[slot] = evaluate(value, memory, still) }
    var result: [Numbers] = []
    result.reserveCapacity(tape.steps.count)
    for (place, step) in tape.steps.enumerated() {
      memory[Self.time] = Numbers(repeating: Double(place + 1))
      memory[Self.gradient] = step.slope * (memory[Self.parameter] - step.center)
      for (slot, value) in lines { memory[slot] = evaluate(value, memory, step) }
      result.append(memory[Self.parameter])
      if !keepsGoing(place, memory[Self.parameter]) { break }
    }
    return result
  }

  private func evaluate(_ node: Node, _ memory: [Numbers], _ step: QuickTape.Step) -> Numbers {
    switch node {
    case .number(let value): return Numbers(repeating: value)
    case .slot(let slot): return memory[slot]
    case .negate(let inner): return -evaluate(inner, memory, step)
    case .root(let inner): return evaluate(inner, memory, step).root
    case .gradient(let point):
      return step.slope * (evaluate(point, memory, step) - step.center)
    case .binary(let operation, let left, let right):
      let a = evaluate(left, memory, step)
      let b = evaluate(right, memory, step)
      return Self.apply(operation, a, b)
    case .call(let call, let arguments):
      let first = evaluate(arguments[0], memory, step)
      let second = arguments.count > 1 ? evaluate(arguments[1], memory, step) : .zero
      let third = arguments.count > 2 ? evaluate(arguments[2], memory, step) : .zero
      return Self.apply(call, first, second, third)
    }
  }

  private static func apply(_ operation: BinaryOperator, _ a: Numbers, _ b: Numbers) -> Numbers {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .power: a.power(b)
    case .less: Four.test(a, b) { $0 < $1 }
    case .lessOrEqual: Four.test(a, b) { $0 <= $1 }
    case .greater: Four.test(a, b) { $0 > $1 }
    case .greaterOrEqual: Four.test(a, b) { $0 >= $1 }
    case .equal: Four.test(a, b) { $0 == $1 }
    case .notEqual: Four.test(a, b) { $0 != $1 }
    case .and: Four.test(a, b) { $0 != 0 && $1 != 0 }
    case .or: Four.test(a, b) { $0 != 0 || $1 != 0 }
    case .matmul, .modulo: Four(repeating: .nan)
    }
  }

  private static func apply(_ call: Call, _ a: Numbers, _ b: Numbers, _ c: Numbers) -> Numbers {
    switch call {
    case .sqrt: a.root
    case .abs: a.map { Swift.abs($0) }
    case .sign: a.map { $0.isNaN ? .nan : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
    case .max: a.larger(b)
    case .min: -(-a).larger(-b)
    case .where:
      Four(
        a.a != 0 ? b.a : c.a, a.b != 0 ? b.b : c.b, a.c != 0 ? b.c : c.c, a.d != 0 ? b.d : c.d)
    case .sum: Four(repeating: a.sum)
    case .norm: Four(repeating: (a * a).sum.squareRoot())
    case .mean: Four(repeating: a.sum / 4)
    case .clip: -(-a.larger(b)).larger(-c)
    case .exp: a.map { exponential($0) }
    case .log: a.map { logarithm($0) }
    }
  }

  private static func exponential(_ x: Double) -> Double { exp(x) }
  private static func logarithm(_ x: Double) -> Double { log(x) }
}

/// The gradients of a quick run: k·(x - c) with a k and a c for each of four numbers and each step.
struct QuickTape: Sendable {
  struct Step: Sendable {
    var slope: Four
    var center: Four
  }

  var start: Four
  var steps: [Step]

  /// Signs that change, tiny gradients beside √ε, zeros now and then.
  static func mixed(_ count: Int) -> QuickTape {
    var tape = QuickTape(start: Four(0.8, -1.3, 0.5, 2), steps: [])
    for step in 1...max(1, count) {
      let sign = step % 3 == 0 ? -1.0 : 1.0
      tape.steps.append(
        Step(
          slope: Four(1, 0.3 * sign, 1e-4, step % 4 == 0 ? 0 : 2),
          center: Four(
            sign * 0.4 + 0.05 * Double(step % 11), -0.2 * Double(step % 5), sign,
            0.3 * Double(step % 7), )))
    }
    return tape
  }

  /// Enough to tell most rules apart.
  static let short = mixed(7)
  /// Enough for constants of the size of t to show.
  static let middle = mixed(30)
  /// What an equality is confirmed on.
  static let long = mixed(200)
  /// From 1 with the gradient w: what a person would work out by hand.
  static let plain = QuickTape(
    start: Four(repeating: 1),
    steps: Array(
      repeating: Step(slope: Four(repeating: 1), center: .zero), count: 200))
}
