// Where the extremes are. Attributes as for any reduction: the axes, flag keeps them with size 1.

extension Operation {
  static let extremePlaces = [argmax, argmin]

  package static let argmax: Operation = place(
    "argmax", "The index of the largest element; the first of ties.", .greater)

  package static let argmin: Operation = place(
    "argmin", "The index of the smallest element; the first of ties.", .less)

  /// The first element that no other beats; NaN beats all, so that it does not stay hidden.
  private static func place(
    _ name: String, _ summary: String, _ beats: Opcode
  ) -> Operation {
    Operation(
      name, arity: 1, summary: summary,
      kernel: .general { call in
        let shape = call.inputShapes[0]
        var best = [Double](repeating: 0, count: call.output.count)
        var seen = [Int](repeating: 0, count: call.output.count)
        shape.forEachOffset(shape.strides(folding: call.attributes.integers)) { index, group in
          let x = call.inputs[0][index]
          let wins = x.isNaN || beats.apply(x, best[group]) != 0
          if seen[group] == 0 || (wins && !best[group].isNaN) {
            best[group] = x
            call.output[group] = Double(seen[group])
          }
          seen[group] += 1
        }
      },
      shape: { inputs, settings throws(TensorError) in
        try extremeShape(name, inputs[0], settings)
      },
      type: ElementType.whole, pullback: nil)
  }
}
