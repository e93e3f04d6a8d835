// Random tensors as operations of a seed: the same seed and key always give the same numbers.
//
// Attributes: the key as one word, then the sizes. The seed is an input, so that `seed=t` draws
// anew at each step while a constant seed draws once.

extension Operation {
  static let sampling = [uniform, normal, integers, permutation]

  package static let uniform: Operation = random(
    "rand", "Numbers drawn evenly from 0 (included) to 1 (not included)."
  ) { stream, call in
    stream.fill(call.output, interrupted: call.interrupted) { (unitFraction($0), unitFraction($1)) }
  }

  /// By Box and Muller's transformation of two uniform numbers.
  package static let normal: Operation = random(
    "randn", "Numbers drawn from the normal distribution with mean 0 and variance 1."
  ) { stream, call in
    stream.fill(call.output, interrupted: call.interrupted) { first, second in
      // 1 - u lies above 0, so that its logarithm is finite.
      let radius = (-2 * Opcode.log.apply(1 - unitFraction(first))).squareRoot()
      let angle = 2 * Double.pi * unitFraction(second)
      return (radius * Opcode.cos.apply(angle), radius * Opcode.sin.apply(angle))
    }
  }

  /// Attributes also: numbers holds the lowest value and how many there are.
  package static let integers: Operation = random(
    "randint", "Whole numbers drawn evenly.", type: ElementType.whole
  ) { stream, call in
    let low = call.attributes.numbers.first ?? 0
    let count = UInt64(exactly: call.attributes.numbers.last ?? 1) ?? 1
    stream.fill(call.output, interrupted: call.interrupted) { first, second in
      (
        low + Double(first.multipliedFullWidth(by: count).high),
        low + Double(second.multipliedFullWidth(by: count).high)
      )
    }
  }

  package static let permutation: Operation = random(
    "permutation", "The numbers 0, 1, … in random order.", type: ElementType.whole
  ) { stream, call in
    let order = call.output.indices.map { (stream.block($0).0, $0) }.sorted { $0 < $1 }
    for (place, drawn) in order.enumerated() { call.output[place] = Double(drawn.1) }
  }

  private static func unitFraction(_ word: UInt64) -> Double { Double(word >> 11) * 0x1p-53 }

  private static func random(
    _ name: String, _ summary: String, type: @escaping TypeRule = { _ in .float64 },
    _ fill: @escaping @Sendable (RandomStream, KernelCall) -> Void
  ) -> Operation {
    Operation(
      name, arity: 1, summary: summary,
      kernel: .general { call in
        let key = UInt64(bitPattern: Int64(call.attributes.integers.first ?? 0))
        fill(RandomStream(key: key, seed: call.inputs[0].first ?? 0), call)
      },
      shape: { inputs, settings throws(TensorError) in
        guard inputs[0].count == 1 else {
          throw .wrongRank(operation: name, inputs[0], expected: "one number as the seed")
        }
        return Shape(Array(settings.integers.dropFirst()))
      },
      type: type, domain: .integers(below: 10), pullback: nil)
  }
}
