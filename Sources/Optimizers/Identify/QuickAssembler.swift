// A rule's declaration → the operations of a quick rule.
//
// It keeps an eye on what is one number for the whole parameter: the sum of such a number is that number.

import Notation

struct QuickAssembler {
  private var code = QuickCode()
  private var places: [Name: Int] = [:]
  private var numbers: [Double: Int] = [:]
  /// The places that hold one number for the whole parameter.
  private var scalars: Set<Int> = [QuickCode.time]
  private var output: [QuickCode.Operation] = []
  private var hasReduction = false

  static func code(_ declaration: RuleDeclaration) -> QuickCode? {
    var scalarStates: Set<Name>?
    // A state is one number if it begins as one and remains one.
    for _ in 0..<4 {
      var assembler = QuickAssembler()
      guard let next = assembler.assemble(declaration, scalarStates) else { return nil }
      if !assembler.hasReduction || next == scalarStates { return assembler.code }
      scalarStates = next
    }
    return nil
  }

  private typealias Value = (place: Int, isScalar: Bool)

  private static let parameter = Set(Rule.parameterNames.map { Name(canonical: $0) })
  private static let gradient = Name(canonical: "g")
  private static let time = Name(canonical: "t")

  /// The states that are one number under the assumption that those given are; nil where the rule needs
  /// more than this knows.
  private mutating func assemble(_ declaration: RuleDeclaration, _ assumed: Set<Name>?) -> Set<
    Name
  >? {
    for name in QuickAssembler.parameter { places[name] = QuickCode.parameter }
    places[QuickAssembler.gradient] = QuickCode.gradient
    places[QuickAssembler.time] = QuickCode.time
    for parameter in declaration.parameters {
      scalars.insert(code.places)
      places[parameter.name] = code.places
      code.places += 1
    }
    var scalarStates: Set<Name> = []
    var states: Set<Name> = []
    for statement in declaration.body {
      guard let line = statement.line else { return nil }
      switch statement {
      case .let:
        guard set(line.name, line.value) else { return nil }
        code.constants += output
        code.starts += output
      case .state:
        guard set(line.name, line.value), let place = places[line.name] else { return nil }
        states.insert(line.name)
        if scalars.contains(place) { scalarStates.insert(line.name) }
        if let assumed, !assumed.contains(line.name) { scalars.remove(place) }
        code.starts += output
      case .assign:
        let isState = states.contains(line.name)
        let isVector = isState && !(places[line.name].map { scalars.contains($0) } ?? true)
        // A name that is neither carried over nor given anew means this value until the step ends.
        let isCarried = isState || Rule.given.contains(line.name.canonical)
        guard set(line.name, line.value, anew: !isCarried), let place = places[line.name] else {
          return nil
        }
        if isVector { scalars.remove(place) }
        if isState, !scalars.contains(place) { scalarStates.remove(line.name) }
        code.lines += output
        code.ends.append((code.lines.count, place, scalars.contains(place)))
      case .when, .repeat: return nil
      }
      output = []
    }
    return scalarStates
  }

  private mutating func set(_ name: Name, _ value: Expression, anew: Bool = false) -> Bool {
    guard let made = self.value(value) else { return false }
    let place: Int
    if !anew, let known = places[name] {
      place = known
    } else {
      place = newPlace()
      places[name] = place
    }
    if let last = output.last, last.to == made.place {
      // What was made for this line alone is written where it belongs.
      output[output.count - 1].to = place
    } else if made.place != place {
      output.append(QuickCode.Operation(kind: .copy, to: place, a: made.place))
    }
    let isVector = place == QuickCode.parameter || place == QuickCode.gradient
    if made.isScalar, !isVector { scalars.insert(place) } else { scalars.remove(place) }
    return true
  }

  private mutating func newPlace() -> Int {
    defer { code.places += 1 }
    return code.places
  }

  private mutating func number(_ value: Double) -> Value {
    if let known = numbers[value] { return (known, true) }
    let place = newPlace()
    code.numbers.append((place, value))
    numbers[value] = place
    return (place, true)
  }

  private mutating func emit(
    _ kind: QuickCode.Kind, _ a: Value, _ b: Value? = nil, _ c: Value? = nil
  ) -> Value {
    let place = newPlace()
    output.append(
      QuickCode.Operation(
        kind: kind, to: place, a: a.place, b: b?.place ?? 0, c: c?.place ?? 0))
    return (place, a.isScalar && b?.isScalar ?? true && c?.isScalar ?? true)
  }

  // MARK: Expressions

  private mutating func value(_ expression: Expression) -> Value? {
    switch expression.kind {
    case .number(let value, _): return number(value)
    case .name(let name):
      if let place = places[name] { return (place, scalars.contains(place)) }
      return name.canonical == "pi" ? number(.pi) : nil
    case .unary(let operation, let operand):
      guard let inner = value(operand) else { return nil }
      switch operation {
      case .negate: return emit(.negate, inner)
      case .squareRoot: return emit(.root, inner)
      case .not, .transpose: return nil
      }
    case .binary(let operation, let left, let right):
      guard let kind = QuickCode.Kind(rawValue: operation.rawValue), let a = value(left) else {
        return nil
      }
      if operation == .power {
        if right.isNumber(2) { return emit(.multiply, a, a) }
        guard let b = value(right) else { return nil }
        return emit(a.isScalar && b.isScalar ? .scalarPower : .power, a, b)
      }
      guard let b = value(right) else { return nil }
      return emit(kind, a, b)
    case .call(let callee, let arguments): return call(callee, arguments)
    case .string, .list, .index, .member, .gradient: return nil
    }
  }

  private static let elementwise: [String: (kind: QuickCode.Kind, arity: Int)] = [
    "sqrt": (.root, 1), "abs": (.abs, 1), "sign": (.sign, 1), "exp": (.exp, 1), "log": (.log, 1),
    "cos": (.cos, 1), "sin": (.sin, 1), "floor": (.floor, 1), "max": (.max, 2), "min": (.min, 2),
    "where": (.choose, 3),
  ]

  private mutating func call(_ callee: Expression.Callee, _ arguments: [Expression.Argument])
    -> Value?
  {
    guard callee.path.count == 1, arguments.allSatisfy({ $0.label == nil }) else { return nil }
    var inner: [Value] = []
    for argument in arguments {
      guard let value = value(argument.value) else { return nil }
      inner.append(value)
    }
    guard let first = inner.first else { return nil }
    let name = callee.path[0].canonical
    if let (kind, arity) = QuickAssembler.elementwise[name] {
      guard inner.count == arity else { return nil }
      return emit(
        kind, first, arity > 1 ? inner[1] : nil, arity > 2 ? inner[2] : nil)
    }
    switch (name, inner.count) {
    case ("clip", 3): return emit(.min, emit(.max, first, inner[1]), inner[2])
    case ("grad", 1): return gradient(at: first)
    case ("loss", 1): return loss(at: first)
    case ("sum", 1): return first.isScalar ? first : reduce(.sum, first)
    case ("mean", 1): return first.isScalar ? first : reduce(.mean, first)
    case ("norm", 1):
      return first.isScalar ? emit(.root, emit(.multiply, first, first)) : reduce(.norm, first)
    default: return nil
    }
  }

  private mutating func reduce(_ kind: QuickCode.Kind, _ value: Value) -> Value {
    hasReduction = true
    return (emit(kind, value).place, true)
  }

  /// k·(x - c) + b
  private mutating func gradient(at point: Value) -> Value {
    let apart = emit(.subtract, point, (QuickCode.center, false))
    let sloped = emit(.multiply, (QuickCode.slope, false), apart)
    return emit(.add, sloped, (QuickCode.offset, false))
  }

  /// The sum of k/2·(x - c)² + b·x.
  private mutating func loss(at point: Value) -> Value {
    let half = emit(.divide, (QuickCode.slope, false), number(2))
    let apart = emit(.subtract, point, (QuickCode.center, false))
    let bowl = emit(.multiply, half, emit(.multiply, apart, apart))
    return reduce(.sum, emit(.add, bowl, emit(.multiply, (QuickCode.offset, false), point)))
  }
}
