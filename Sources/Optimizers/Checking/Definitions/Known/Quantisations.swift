// Numbers rounded to few levels and back, and masks of pruning.

extension KnownDefinitions {
  private static let quantise = DefinitionFamily(
    "quantise", "quantisation", names: ["quantize", "quantise", "quant"],
    words: ["quanti", "量化"], admits: ["dequantise", "minmax", "scale"])
  private static let dequantise = DefinitionFamily(
    "dequantise", "dequantising", names: ["dequantize", "dequantise", "dequant"],
    words: ["dequanti", "反量化"], admits: ["quantise"])
  private static let scale = DefinitionFamily("scale", "a quantiser's scale")
  private static let prune = DefinitionFamily(
    "prune", "pruning by magnitude", names: ["mask", "prune"],
    words: ["pruning", "élagage", "poda", "prune", "剪枝"])

  private static let x = KnownInput.vector(
    "x", "n", .real, ["x", "w", "theta", "r", "theta_float", "W", "X"])
  private static let each = KnownInput.each(
    "x", .between(-3, 3), ["x", "w", "theta", "r", "theta_float", "W", "X"])
  private static let bits = KnownInput.scalar(
    "b", .whole(3, 6), ["b", "n", "k", "B"], certain: ["b"])
  private static let levels = KnownInput.scalar(
    "l", .whole(7, 63),
    ["quantization_step", "L", "N", "levels", "q_max", "n", "Q"])
  private static let below = KnownInput.scalar("k", .whole(4, 31), ["N", "n", "Q_n"])
  private static let step = KnownInput.scalar(
    "s", .between(0.1, 0.9), ["s", "S", "scale", "Delta", "delta"])
  private static let zero = KnownInput.scalar(
    "z", .whole(-5, 5), ["z", "Z", "zero_point", "zp", "b"], certain: ["z", "Z"])
  private static let q = KnownInput.each(
    "q", .whole(-9, 9), ["q", "x_q", "Q", "x_int", "q_i", "theta_quantized", "w_q"])
  private static let low = KnownInput.scalar(
    "u", .whole(-8, -4), ["q_min", "Q_min", "n", "alpha", "qmin", "q_lo"])
  private static let high = KnownInput.scalar(
    "v", .whole(4, 8), ["q_max", "Q_max", "p", "beta", "qmax", "q_hi"])
  private static let equal = [
    AwkwardInput(
      "equal elements", ["x": FormulaValue([2, 2, 2, 2])],
      "all elements are equal, so the range is 0: treat that case by itself")
  ]
  private static let smallest = KnownInput.scalar(
    "lo", .between(-2, -1), ["x_min", "r_min", "min", "alpha", "w_min", "beta"], certain: ["x_min"])
  private static let largest = KnownInput.scalar(
    "hi", .between(1, 2), ["x_max", "r_max", "max", "beta", "w_max", "alpha"], certain: ["x_max"])

  static let quantisations = [
    KnownDefinition(
      "quantise_minmax", quantise,
      "whole numbers from 0 to 2ᵇ - 1, from the smallest to the largest",
      [x, bits], "round((x - min(x))/(max(x) - min(x))*(2^b - 1))", awkward: equal),
    KnownDefinition(
      "quantise_levels", quantise,
      "whole numbers from 0 to the given one, from the smallest to the largest", [x, levels],
      "round((x - min(x))/(max(x) - min(x))*l)", awkward: equal),
    KnownDefinition(
      "quantise_symmetric", quantise, "x/scale rounded to a whole number, symmetric", [each, step],
      "round(x/s)"),
    KnownDefinition(
      "quantise_affine", quantise, "x/scale rounded to a whole number, plus the zero point",
      [each, step, zero], "round(x/s) + z"),
    KnownDefinition(
      "quantise_affine_clipped", quantise,
      "x/scale rounded, plus the zero point, kept within the range", [each, step, zero, low, high],
      "clip(round(x/s) + z, u, v)"),
    KnownDefinition(
      "quantise_clipped", quantise, "x/scale rounded, kept within the range",
      [each, step, low, high],
      "clip(round(x/s), u, v)"),
    KnownDefinition(
      "quantise_unsigned", quantise,
      "x/scale rounded, plus the zero point, kept within 0 and the largest level",
      [each, step, zero, levels], "clip(round(x/s) + z, 0, l)"),
    KnownDefinition(
      "quantise_unsigned_bits", quantise,
      "x/scale rounded, plus the zero point, kept within 0 and 2ᵇ - 1", [each, step, zero, bits],
      "clip(round(x/s) + z, 0, 2^b - 1)"),
    KnownDefinition(
      "quantise_signed", quantise,
      "x/scale rounded, plus the zero point, kept within two levels on either side of 0",
      [each, step, zero, below, levels], "clip(round(x/s) + z, -k, l)"),
    KnownDefinition(
      "quantise_signed_bits", quantise,
      "x/scale rounded, plus the zero point, kept within -2ᵇ⁻¹ and 2ᵇ⁻¹ - 1",
      [each, step, zero, bits], "clip(round(x/s) + z, -2^(b - 1), 2^(b - 1) - 1)"),
    KnownDefinition(
      "quantise_narrow_bits", quantise,
      "x/scale rounded, plus the zero point, kept within 2ᵇ⁻¹ - 1 on either side of 0",
      [each, step, zero, bits], "clip(round(x/s) + z, -(2^(b - 1) - 1), 2^(b - 1) - 1)"),
    KnownDefinition(
      "quantise_symmetric_narrow_bits", quantise,
      "x/scale rounded, kept within 2ᵇ⁻¹ - 1 on either side of 0", [each, step, bits],
      "clip(round(x/s), -(2^(b - 1) - 1), 2^(b - 1) - 1)"),
    KnownDefinition(
      "quantise_unsigned_narrow_bits", quantise,
      "x/scale rounded, plus the zero point, kept within 1 and 2ᵇ - 1", [each, step, zero, bits],
      "clip(round(x/s) + z, 1, 2^b - 1)"),
    KnownDefinition(
      "quantise_symmetric_clipped", quantise,
      "x/scale rounded, kept within the largest level on either side of 0", [each, step, levels],
      "clip(round(x/s), -l, l)"),
    KnownDefinition(
      "quantise_symmetric_signed", quantise,
      "x/scale rounded, kept within two levels on either side of 0", [each, step, below, levels],
      "clip(round(x/s), -k, l)"),
    KnownDefinition(
      "quantise_symmetric_bits", quantise,
      "x/scale rounded, kept within -2ᵇ⁻¹ and 2ᵇ⁻¹ - 1", [each, step, bits],
      "clip(round(x/s), -2^(b - 1), 2^(b - 1) - 1)"),
    KnownDefinition(
      "quantise_given", quantise, "whole numbers from 0 to 2ᵇ - 1 over the given range",
      [each, smallest, largest, bits], "round((x - lo)/(hi - lo)*(2^b - 1))"),
    KnownDefinition(
      "fake_quantise", quantise, "rounded to the grid of the scale and back", [each, step],
      "s*round(x/s)", builtin: "fake_quantize(x, s)"),
    KnownDefinition(
      "fake_quantise_affine", quantise, "rounded to the grid, kept in range, and back",
      [each, step, zero, low, high], "(clip(round(x/s) + z, u, v) - z)*s",
      builtin: "fake_quantize(x, s, z, low, high)"),
    KnownDefinition(
      "dequantise", dequantise, "scale times (q - zero point)", [q, step, zero], "s*(q - z)",
      needsNames: true),
    KnownDefinition(
      "dequantise_symmetric", dequantise, "scale times q", [q, step], "s*q", needsNames: true),
    KnownDefinition(
      "scale_symmetric", scale, "the largest size divided by 2ᵇ⁻¹ - 1", [x, bits],
      "max(abs(x))/(2^(b - 1) - 1)"),
    KnownDefinition(
      "scale_levels", scale, "the largest size divided by the largest level", [x, levels],
      "max(abs(x))/l", needsNames: true),
    KnownDefinition(
      "scale_minmax", scale, "the range divided by 2ᵇ - 1", [x, bits],
      "(max(x) - min(x))/(2^b - 1)"),
    KnownDefinition(
      "scale_given", scale, "the range divided by 2ᵇ - 1", [smallest, largest, bits],
      "(hi - lo)/(2^b - 1)"),
    KnownDefinition(
      "scale_given_levels", scale, "the range divided by the largest level",
      [smallest, largest, levels], "(hi - lo)/l", needsNames: true),
    KnownDefinition(
      "scale_range", scale, "the range divided by the number of steps",
      [smallest, largest, low, high], "(hi - lo)/(v - u)", needsNames: true),
    KnownDefinition(
      "prune_mask", prune, "1 where the size is above the threshold, else 0",
      [
        .each("w", .real, ["w", "W", "theta"]),
        .scalar("c", .between(0.3, 0.8), ["tau", "t", "theta", "epsilon", "c", "lambda"]),
      ], "where(abs(w) > c, 1, 0)"),
    KnownDefinition(
      "prune", prune, "the weight where its size is above the threshold, else 0",
      [
        .each("w", .real, ["w", "W", "theta"]),
        .scalar("c", .between(0.3, 0.8), ["tau", "t", "theta", "epsilon", "c", "lambda"]),
      ], "where(abs(w) > c, w, 0)"),
    KnownDefinition(
      "prune_mask_matrix", prune, "1 where the size is above the threshold, else 0",
      [
        .matrix("w", .real, ["w", "W", "theta"]),
        .scalar("c", .between(0.3, 0.8), ["tau", "t", "theta", "epsilon", "c", "lambda"]),
      ], "where(abs(w) > c, 1, 0)"),
    KnownDefinition(
      "prune_matrix", prune, "the weight where its size is above the threshold, else 0",
      [
        .matrix("w", .real, ["w", "W", "theta"]),
        .scalar("c", .between(0.3, 0.8), ["tau", "t", "theta", "epsilon", "c", "lambda"]),
      ], "where(abs(w) > c, w, 0)"),
    KnownDefinition(
      "prune_masked", prune, "the weights that the mask keeps, the others 0",
      [
        .each("w", .real, ["w", "W", "theta"]),
        .each("m", .bit, ["m", "M", "mask", "b", "B", "z"]),
      ], "w*m", needsNames: true, needsWords: true),
    KnownDefinition(
      "zero_point", scale, "the zero point: the smallest whole number less x_min/scale, rounded",
      [smallest, step, low], "round(u - lo/s)", needsNames: true),
    KnownDefinition(
      "zero_point_outside", scale,
      "the zero point: the smallest whole number less x_min/scale rounded",
      [smallest, step, low], "u - round(lo/s)", needsNames: true),
    KnownDefinition(
      "zero_point_zero", scale, "the zero point of a range that begins at 0: -x_min/scale, rounded",
      [smallest, step], "round(-lo/s)", needsNames: true),
  ]
}
