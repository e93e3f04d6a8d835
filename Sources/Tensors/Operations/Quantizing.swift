// Rounding to as many levels as whole numbers of a few bits have, with the gradient of no rounding.

extension Operation {
  static let quantizing = [quantize]

  /// Attributes: the bits, the axis along which each position has a scale of its own (from the end; 0
  /// for one scale); flag for levels that lie evenly on both sides of 0.
  package static let quantize: Operation = Operation(
    "quantize", arity: 1,
    summary: "The value rounded to a few evenly spaced levels; the gradient passes unchanged.",
    kernel: .composite { x, settings throws(TensorError) in
      let bits = settings.integers.first ?? 8
      let axis = settings.integers.count > 1 ? settings.integers[1] : 0
      return try x[0].rounded(toBits: bits, symmetric: settings.flag, axis: axis)
    },
    shape: { inputs, settings throws(TensorError) in
      if settings.integers.count > 1, settings.integers[1] != 0 {
        _ = try inputs[0].axesFromEnd([settings.integers[1]])
      }
      return inputs[0]
    },
    type: ElementType.real, pullback: { f, _ in f.dy })
}

extension Term {
  fileprivate func rounded(toBits bits: Int, symmetric: Bool, axis: Int) throws(TensorError) -> Term
  {
    guard shape.count > 0 else { return self }
    // The axes that share a scale; none means all.
    let others = axis == 0 ? [] : (-shape.rank..<0).filter { $0 != axis }
    let shared = axis != 0 && others.isEmpty ? nil : others
    let settings = Attributes(integers: others, flag: true)
    func fold(_ x: Term, _ operation: Operation) throws(TensorError) -> Term {
      shared == nil ? x : try x.then(operation, settings)
    }
    if symmetric {
      let scale = try fold(abs(self), .largest) / Double(1 << (bits - 1) - 1)
      return try select(scale.equals(0), 0, round(self / scale) * scale)
    }
    // The range is widened to hold 0, so that zeros stay zeros.
    let low = try minimum(fold(self, .smallest), 0)
    let top = Double(1 << bits - 1)
    let scale = try (maximum(fold(self, .largest), 0) - low) / top
    let zero = try round(low / scale)
    let level = try minimum(maximum(round(self / scale) - zero, 0), top)
    return try select(scale.equals(0), 0, (level + zero) * scale)
  }
}
