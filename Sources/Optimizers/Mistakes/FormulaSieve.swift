// Lets each formula through once: formulas that compute the same count as the same.
//
// Measured, not proved: every name gets a number of its own, twice, and formulas that agree on both
// count as equal. What a calculator cannot work out is compared as a tree.

import Notation
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct FormulaSieve {
  private var seen: [(expression: Expression, values: [Tensor?])] = []

  /// How many numbers a name has: enough that formulas which only ask for signs are told apart.
  private let count: Int

  init(_ original: Expression) {
    let asks = original.contains { part in
      ["sign", "where", "max", "min", "clip"].contains(part.plainCall?.function)
    }
    count = asks ? 96 : 8
    _ = isNew(original)
  }

  mutating func isNew(_ expression: Expression) -> Bool {
    let values = self.values(expression)
    let isKnown = seen.contains { other in
      if zip(values, other.values).allSatisfy({ $0 == nil && $1 == nil }) {
        return other.expression.isSame(as: expression)
      }
      return zip(values, other.values).allSatisfy { FormulaSieve.same($0, $1) }
    }
    if !isKnown { seen.append((expression, values)) }
    return !isKnown
  }

  private static func same(_ a: Tensor?, _ b: Tensor?) -> Bool {
    guard let a, let b, let shape = a.shape.broadcast(with: b.shape) else {
      return a == nil && b == nil
    }
    let x = a.broadcastIndices(to: shape)
    let y = b.broadcastIndices(to: shape)
    return (0..<shape.count).allSatisfy { place in
      let (p, q) = (a.elements[x(place)], b.elements[y(place)])
      return p == q || (p.isNaN && q.isNaN) || abs(p - q) <= 1e-11 * max(abs(p), abs(q))
    }
  }

  private func values(_ expression: Expression) -> [Tensor?] {
    [0, 1].map { probe in
      Recomputation.value(
        of: expression, other: { part, operands in FormulaSieve.stand(for: part, operands) },
        leaves: { leaf(of: $0, probe) })
    }
  }

  private func leaf(of expression: Expression, _ probe: Int) -> Tensor? {
    switch expression.kind {
    case .name(let name):
      return name.canonical == "t" ? Tensor(Double(3 + probe)) : numbers(name, probe)
    case .index(let base, let subscripts):
      // Any element is as good as another, as long as it is always the same.
      guard let name = base.name, case .at(let place)? = subscripts.last,
        case .number(let number, _) = place.kind, let place = Int(exactly: abs(number))
      else { return nil }
      let all = numbers(name, probe).elements
      return Tensor(all[place % all.count] + 0.01 * Double(subscripts.count))
    default: return nil
    }
  }

  /// All positive at first, so that roots and logarithms have a value; then of either sign.
  private func numbers(_ name: Name, _ probe: Int) -> Tensor {
    var state: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.canonical.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var elements: [Double] = []
    for place in 0..<count {
      state = (state ^ UInt64(place + 7 * probe + 1)) &* 0x100_0000_01b3
      let fraction = Double((state >> 20) & 0xffff) / 65536
      let sign = probe == 1 && state & 0x100 == 0 ? -1.0 : 1.0
      elements.append(sign * (0.02 + 0.9 * fraction * fraction))
    }
    return Tensor(elements, shape: [count])
  }

  /// A gradient that is no straight line, for grad(at).
  private static func stand(for expression: Expression, _ operands: [Tensor]) -> Tensor? {
    guard let call = expression.plainCall, operands.count == 1 else { return nil }
    switch call.function {
    case "grad":
      return Tensor(operands[0].elements.map { sin(1.3 * $0) + 0.2 }, shape: operands[0].shape)
    case "loss": return Tensor(operands[0].elements.reduce(0) { $0 + cos($1) + $1 * $1 })
    default: return nil
    }
  }
}
