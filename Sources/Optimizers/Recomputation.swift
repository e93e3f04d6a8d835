// A formula worked out the way a person with a calculator would: element by element, from the
// numbers on the line.
//
// It knows the functions a calculator has, and sums over all elements. Anything else (a matrix
// product, a gradient, an axis) it leaves to `other`, or says so with nil. It is never used to
// compute a step: that is the executor's business.

import Notation
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package enum Recomputation {
  /// The value of an expression whose leaves (`m`, `m[0]`) stand for the given numbers, or nil when
  /// a calculator does not reach.
  /// - Parameter other: what is beyond a calculator, with its operands worked out.
  package static func value(
    of expression: Expression, other: ((Expression, [Tensor]) -> Tensor?)? = nil,
    leaves: (Expression) -> Tensor?
  ) -> Tensor? {
    switch expression.kind {
    case .number(let value, _): return Tensor(value)
    case .name, .index, .member: return leaves(expression)
    case .list(let elements):
      let values = elements.compactMap { value(of: $0, other: other, leaves: leaves) }
      return values.count == elements.count ? stacked(values) : nil
    case .unary(let operation, let operand):
      guard let x = value(of: operand, other: other, leaves: leaves) else { return nil }
      switch operation {
      case .negate: return map(x) { -$0 }
      case .not: return map(x) { $0 == 0 ? 1 : 0 }
      case .squareRoot: return map(x) { $0.squareRoot() }
      case .transpose: return x.shape.rank < 2 ? x : other?(expression, [x])
      }
    case .binary(let operation, let left, let right):
      guard let a = value(of: left, other: other, leaves: leaves),
        let b = value(of: right, other: other, leaves: leaves)
      else { return nil }
      guard let function = function(operation) else { return other?(expression, [a, b]) }
      return map(a, b, function)
    case .call(let callee, let arguments):
      guard callee.path.count == 1, let name = callee.path.first?.canonical else { return nil }
      let values = arguments.compactMap { value(of: $0.value, other: other, leaves: leaves) }
      guard values.count == arguments.count else { return nil }
      guard !arguments.contains(where: { $0.label != nil }), let found = call(name, values) else {
        return other?(expression, values)
      }
      return found
    case .string, .gradient: return nil
    }
  }

  /// Whether a function works element by element on so many arguments.
  package static func isElementwise(_ name: String, arguments: Int) -> Bool {
    switch arguments {
    case 1: functions[name] != nil
    case 2: ["max", "maximum", "min", "minimum"].contains(name)
    case 3: ["where", "clip"].contains(name)
    default: false
    }
  }

  /// Whether a function makes one number of all elements.
  package static func isFold(_ name: String, arguments: Int) -> Bool {
    arguments == 1
      ? folded(name, [1]) != nil || ["size", "rows", "cols"].contains(name)
      : arguments == 2 && name == "dot"
  }

  private static func call(_ name: String, _ values: [Tensor]) -> Tensor? {
    switch values.count {
    case 1:
      if let function = functions[name] { return map(values[0], function) }
      switch (name, values[0].shape.dimensions) {
      case ("size", _): return Tensor(Double(values[0].elements.count))
      case ("rows", let sizes) where sizes.count == 2: return Tensor(Double(sizes[0]))
      case ("cols", let sizes) where sizes.count == 2: return Tensor(Double(sizes[1]))
      default: return folded(name, values[0].elements).map { Tensor($0) }
      }
    case 2:
      switch name {
      case "max", "maximum": return map(values[0], values[1]) { $0.isNaN || $0 > $1 ? $0 : $1 }
      case "min", "minimum": return map(values[0], values[1]) { $0.isNaN || $0 < $1 ? $0 : $1 }
      case "dot" where values[0].shape == values[1].shape:
        return Tensor(zip(values[0].elements, values[1].elements).reduce(0) { $0 + $1.0 * $1.1 })
      default: return nil
      }
    case 3:
      switch name {
      case "where":
        // The one half is 0 where the other is chosen.
        guard let a = map(values[0], values[1], { $0 != 0 ? $1 : 0 }),
          let b = map(values[0], values[2], { $0 == 0 ? $1 : 0 })
        else { return nil }
        return map(a, b, +)
      case "clip":
        guard let raised = map(values[0], values[1], { $0 < $1 ? $1 : $0 }) else { return nil }
        return map(raised, values[2]) { $0 > $1 ? $1 : $0 }
      default: return nil
      }
    default: return nil
    }
  }

  private static let functions: [String: @Sendable (Double) -> Double] = [
    "exp": { exp($0) }, "log": { log($0) }, "sqrt": { $0.squareRoot() }, "abs": { abs($0) },
    "square": { $0 * $0 }, "sin": { sin($0) }, "cos": { cos($0) }, "tan": { tan($0) },
    "tanh": { tanh($0) }, "log1p": { log1p($0) }, "expm1": { expm1($0) },
    "floor": { $0.rounded(.down) }, "ceil": { $0.rounded(.up) },
    "round": { $0.rounded(.toNearestOrEven) }, "relu": { $0 > 0 || $0.isNaN ? $0 : 0 },
    "sign": { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, "sigmoid": { 1 / (1 + exp(-$0)) },
    "softplus": { max($0, 0) + log1p(exp(-abs($0))) },
  ]

  private static func folded(_ name: String, _ x: [Double]) -> Double? {
    switch name {
    case "sum": x.reduce(0, +)
    case "mean": x.isEmpty ? nil : x.reduce(0, +) / Double(x.count)
    case "norm": x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    case "max": x.contains(where: \.isNaN) ? .nan : x.max()
    case "min": x.contains(where: \.isNaN) ? .nan : x.min()
    default: nil
    }
  }

  private static func function(_ operation: BinaryOperator) -> ((Double, Double) -> Double)? {
    switch operation {
    case .add: { $0 + $1 }
    case .subtract: { $0 - $1 }
    case .multiply: { $0 * $1 }
    case .divide: { $0 / $1 }
    case .power: { pow($0, $1) }
    case .less: { $0 < $1 ? 1 : 0 }
    case .lessOrEqual: { $0 <= $1 ? 1 : 0 }
    case .greater: { $0 > $1 ? 1 : 0 }
    case .greaterOrEqual: { $0 >= $1 ? 1 : 0 }
    case .equal: { $0 == $1 ? 1 : 0 }
    case .notEqual: { $0 != $1 ? 1 : 0 }
    case .and: { $0 != 0 && $1 != 0 ? 1 : 0 }
    case .or: { $0 != 0 || $1 != 0 ? 1 : 0 }
    case .modulo: { $1 == 0 ? .nan : $0 - $1 * ($0 / $1).rounded(.down) }
    case .matmul: nil
    }
  }

  private static func stacked(_ values: [Tensor]) -> Tensor? {
    guard let first = values.first else { return Tensor([], shape: [0]) }
    guard values.allSatisfy({ $0.shape == first.shape }) else { return nil }
    return Tensor(
      values.flatMap(\.elements), shape: Shape([values.count] + first.shape.dimensions))
  }

  private static func map(_ x: Tensor, _ function: (Double) -> Double) -> Tensor {
    Tensor(x.elements.map(function), shape: x.shape)
  }

  private static func map(
    _ a: Tensor, _ b: Tensor, _ function: (Double, Double) -> Double
  ) -> Tensor? {
    guard let shape = a.shape.broadcast(with: b.shape), shape.count <= Tensor.maximumCount else {
      return nil
    }
    let x = a.broadcastIndices(to: shape)
    let y = b.broadcastIndices(to: shape)
    return Tensor(
      (0..<shape.count).map { function(a.elements[x($0)], b.elements[y($0)]) }, shape: shape)
  }
}

extension Tensor {
  /// For each element of the larger shape, which of this tensor's elements stands there. The shape
  /// is one this tensor's broadcasts to.
  package func broadcastIndices(to target: Shape) -> (Int) -> Int {
    if target == shape { return { $0 } }
    if elements.count == 1 { return { _ in 0 } }
    let own = shape.dimensions
    let dimensions = target.dimensions
    return { position in
      var rest = position
      var index = 0
      var stride = 1
      for axis in 1...max(1, dimensions.count) where axis <= dimensions.count {
        let size = dimensions[dimensions.count - axis]
        let place = rest % max(1, size)
        rest /= max(1, size)
        guard axis <= own.count else { continue }
        let ownSize = own[own.count - axis]
        if ownSize != 1 { index += place * stride }
        stride *= ownSize
      }
      return index
    }
  }
}
