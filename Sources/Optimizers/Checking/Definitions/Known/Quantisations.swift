// Scales, zero points, what a whole range is rounded to, and the way back; masks of pruning.

extension KnownDefinitions {
  private static let quantise = Quantiser.family
  private static let (each, step, zero) = (Quantiser.each, Quantiser.step, Quantiser.zero)
  private static let (bits, levels) = (Quantiser.bits, Quantiser.levels)
  private static let (low, high) = (Quantiser.low, Quantiser.high)
  private static let dequantise = DefinitionFamily(
    "dequantise", "dequantising", names: ["dequantize", "dequantise", "dequant"],
    words: ["dequanti", "反量化"], admits: ["quantise"])
  private static let scale = DefinitionFamily("scale", "a quantiser's scale")
  private static let prune = DefinitionFamily(
    "prune", "pruning by magnitude", names: ["mask", "prune"],
    words: ["pruning", "élagage", "poda", "prune", "剪枝"])

  private static let x = KnownInput.vector(
    "x", "n", .real, ["x", "w", "theta", "r", "theta_float", "W", "X"])
  private static let q = KnownInput.each(
    "q", .whole(-9, 9), ["q", "x_q", "Q", "x_int", "q_i", "theta_quantized", "w_q"])
  private static let equal = [
    AwkwardInput(
      "equal elements", ["x": FormulaValue([2, 2, 2, 2])],
      "all elements are equal, so the range is 0: treat that case by itself")
  ]
  private static let smallest = KnownInput.scalar(
    "lo", .between(-2, -1), ["x_min", "r_min", "min", "alpha", "w_min", "beta"], certain: ["x_min"])
  private static let largest = KnownInput.scalar(
    "hi", .between(1, 2), ["x_max", "r_max", "max", "beta", "w_max", "alpha"], certain: ["x_max"])

  static let quantisations: [KnownDefinition] = [
    KnownDefinition(
      "quantise_minmax", quantise,
      "whole numbers from 0 to 2ᵇ - 1, from the smallest to the largest",
      [x, bits], "round((x - min(x))/(max(x) - min(x))*(2^b - 1))", awkward: equal),
    KnownDefinition(
      "quantise_levels", quantise,
      "whole numbers from 0 to the given one, from the smallest to the largest", [x, levels],
      "round((x - min(x))/(max(x) - min(x))*l)", awkward: equal),
    KnownDefinition(
      "quantise_given", quantise, "whole numbers from 0 to 2ᵇ - 1 over the given range",
      [each, smallest, largest, bits], "round((x - lo)/(hi - lo)*(2^b - 1))"),
    KnownDefinition(
      "quantise_given_levels", quantise,
      "whole numbers from 0 to the given one over the given range",
      [each, smallest, largest, levels], "round((x - lo)/(hi - lo)*l)", needsNames: true),
    KnownDefinition(
      "quantise_minmax_overfull", quantise, "whole numbers from 0 to 2ᵇ", [x, bits],
      "round((x - min(x))/(max(x) - min(x))*2^b)", slip: .overfull),
    KnownDefinition(
      "quantise_given_overfull", quantise, "whole numbers from 0 to 2ᵇ",
      [each, smallest, largest, bits], "round((x - lo)/(hi - lo)*2^b)", slip: .overfull),
    KnownDefinition(
      "dequantise", dequantise, "scale times (q - zero point)", [q, step, zero], "s*(q - z)",
      needsNames: true),
    KnownDefinition(
      "dequantise_symmetric", dequantise, "scale times q", [q, step], "s*q", needsNames: true),
    KnownDefinition(
      "scale_symmetric", scale, "the largest size divided by 2ᵇ⁻¹ - 1", [x, bits],
      "max(abs(x))/(2^(b - 1) - 1)"),
    KnownDefinition(
      "scale_symmetric_power", scale, "the largest size divided by 2ᵇ⁻¹", [x, bits],
      "max(abs(x))/2^(b - 1)"),
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
      "scale_minmax_power", scale, "the range divided by 2ᵇ", [x, bits],
      "(max(x) - min(x))/2^b"),
    KnownDefinition(
      "scale_given_power", scale, "the range divided by 2ᵇ",
      [smallest, largest, bits], "(hi - lo)/2^b", needsNames: true),
    KnownDefinition(
      "scale_minmax_levels", scale, "the range divided by the largest level", [x, levels],
      "(max(x) - min(x))/l", needsNames: true),
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
