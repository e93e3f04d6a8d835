// Numbers divided by a scale and rounded, kept within a range, and brought back: with a zero point or
// without, with every range that texts print.

enum Quantiser {
  /// Quantities and quantiles are none of it.
  static let words = ["quantis", "quantiz", "quantifi", "cuantis", "cuantiz", "cuantif", "量化"]
  static let family = DefinitionFamily(
    "quantise", "quantisation", names: ["quantize", "quantise", "quant"],
    words: words, admits: ["dequantise", "minmax", "scale"])
  static let each = KnownInput.each(
    "x", .between(-3, 3), ["x", "w", "theta", "r", "theta_float", "W", "X"])
  static let bits = KnownInput.scalar(
    "b", .whole(3, 6), ["b", "n", "k", "B"], certain: ["b"])
  static let levels = KnownInput.scalar(
    "l", .whole(7, 63),
    ["quantization_step", "L", "N", "levels", "q_max", "n", "Q"])
  private static let below = KnownInput.scalar("k", .whole(4, 31), ["N", "n", "Q_n"])
  static let step = KnownInput.scalar(
    "s", .between(0.1, 0.9), ["s", "S", "scale", "Delta", "delta"])
  static let zero = KnownInput.scalar(
    "z", .whole(-5, 5), ["z", "Z", "zero_point", "zp", "b"], certain: ["z", "Z"])
  static let low = KnownInput.scalar(
    "u", .whole(-8, -4), ["q_min", "Q_min", "n", "alpha", "qmin", "q_lo"])
  static let high = KnownInput.scalar(
    "v", .whole(4, 8), ["q_max", "Q_max", "p", "beta", "qmax", "q_hi"])

  struct Range {
    var id: String
    var says: String
    var inputs: [KnownInput]
    /// The smallest and the largest whole number.
    var limits: String
  }

  static let ranges: [Range] = [
    Range(id: "clipped", says: "the range", inputs: [low, high], limits: "u, v"),
    Range(id: "unsigned", says: "0 and the largest level", inputs: [levels], limits: "0, l"),
    Range(id: "unsigned_bits", says: "0 and 2ᵇ - 1", inputs: [bits], limits: "0, 2^b - 1"),
    Range(id: "unsigned_narrow_bits", says: "1 and 2ᵇ - 1", inputs: [bits], limits: "1, 2^b - 1"),
    Range(
      id: "narrow", says: "the largest level on either side of 0", inputs: [levels],
      limits: "-l, l"),
    Range(
      id: "signed", says: "two levels on either side of 0", inputs: [below, levels],
      limits: "-k, l"),
    Range(
      id: "signed_bits", says: "-2ᵇ⁻¹ and 2ᵇ⁻¹ - 1", inputs: [bits],
      limits: "-2^(b - 1), 2^(b - 1) - 1"),
    Range(
      id: "narrow_bits", says: "2ᵇ⁻¹ - 1 on either side of 0", inputs: [bits],
      limits: "-(2^(b - 1) - 1), 2^(b - 1) - 1"),
  ]
}

extension KnownDefinitions {
  static let quantisers: [KnownDefinition] =
    [
      KnownDefinition(
        "fake_quantise", Quantiser.family, "rounded to the grid of the scale and back",
        [Quantiser.each, Quantiser.step], "s*round(x/s)", builtin: "fake_quantize(x, s)")
    ]
    + [false, true].flatMap { isAffine -> [KnownDefinition] in
      let kind = isAffine ? "affine" : "symmetric"
      let inputs = [Quantiser.each, Quantiser.step] + (isAffine ? [Quantiser.zero] : [])
      let whole = isAffine ? "round(x/s) + z" : "round(x/s)"
      let says = "x/scale rounded" + (isAffine ? ", plus the zero point" : "")
      let back = isAffine ? "(@ - z)*s" : "s*@"
      let free =
        isAffine
        ? "x/scale rounded to a whole number, plus the zero point"
        : "x/scale rounded to a whole number, symmetric"
      let plain = KnownDefinition("quantise_\(kind)", Quantiser.family, free, inputs, whole)
      return [plain]
        + Quantiser.ranges.flatMap { range in
          let clipped = "clip(\(whole), \(range.limits))"
          return [
            KnownDefinition(
              "quantise_\(kind)_\(range.id)", Quantiser.family,
              "\(says), kept within \(range.says)", inputs + range.inputs, clipped),
            KnownDefinition(
              "fake_quantise_\(kind)_\(range.id)", Quantiser.family,
              "\(says), kept within \(range.says), and back", inputs + range.inputs,
              back.replacing("@", with: clipped),
              builtin: "fake_quantize(x, s, \(isAffine ? "z" : "0"), \(range.limits))"),
          ]
        }
    }
}
