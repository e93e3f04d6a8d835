// conv2d: kernels laid over images.

import Diagnostics
import Tensors

extension LayerKind {
  static let conv2d = LayerKind(
    "conv2d",
    [
      .integer("channels"), .integer("kernels"), .axes("size", .required),
      .axes("stride", .integers([1])), .axes("padding", .integers([0])), .flag("bias", true),
    ],
    "Each kernel is laid over each window of the images; their products are summed, and a bias is"
      + " added (a cross-correlation).",
    torch: "torch.nn.Conv2d",
    formulas: ["z = conv2d(x, weight, bias)"],
    layout: [
      (
        "weight [kernels, channels, rows, columns]",
        "U(-a, a) with a = 1/√fan_in, fan_in = channels·rows·columns"
      ),
      ("bias [kernels]", "one for each kernel; U(-a, a) with the same a"),
    ],
    notes: [
      "It takes images [n, channels, height, width]. size, stride and padding are one number, or two"
        + " in brackets for rows and columns; padding adds zeros around.",
      "A side of h elements becomes ⌊(h + 2·padding - size)/stride⌋ + 1.",
    ],
    takesInitialisers: true,
    examples: [
      [
        "model f = conv2d(1, 4, 3, padding=1) |> relu |> maxpool(2) |> flatten |> linear(16, 2)",
        "f(ones(5, 1, 4, 4))", "show f",
      ]
    ]
  ) { call throws(TensorError) in
    let channels = try call.size("channels")
    let kernels = try call.size("kernels")
    let window = try call.window("size")
    let stride = try call.window("stride")
    let padding = try call.window("padding", atLeast: 0)
    let hasBias = call.flag("bias")
    let field = Shape([channels, window.rows, window.columns]).count
    let standard = Initialiser.torchUniform(.fanIn(field))
    var parameters = [
      LayerParameter("weight", [kernels, channels, window.rows, window.columns], standard)
    ]
    if hasBias { parameters.append(LayerParameter("bias", [kernels], isBias: true, standard)) }
    var title = "conv2d(\(channels)→\(kernels), \(window.rows)×\(window.columns)"
    if stride != .one { title += ", stride=\(stride.text)" }
    if padding != .zero { title += ", padding=\(padding.text)" }
    if !hasBias { title += ", bias=false" }
    let settings = "stride=\(stride.list), padding=\(padding.list)"
    return LayerParts(
      title: title + ")", parameters: parameters,
      passage: .changes(takes: .channels(channels), gives: .channels(kernels))
    ) { pass, x throws(Diagnostic) in
      try pass.images(x, channels: channels)
      let weight = try pass.parameter("weight")
      guard hasBias else {
        return try pass.formula("conv2d(x, weight, \(settings))", ["x": x, "weight": weight])
      }
      return try pass.formula(
        "conv2d(x, weight, bias, \(settings))",
        ["x": x, "weight": weight, "bias": try pass.parameter("bias")])
    }
  }
}

/// Two numbers, for rows and columns.
struct Pair: Equatable, Sendable {
  let rows: Int
  let columns: Int

  static let zero = Pair(rows: 0, columns: 0)
  static let one = Pair(rows: 1, columns: 1)

  /// `[2, 2]`
  var list: String { "[\(rows), \(columns)]" }
  /// `2`, or `[2, 3]`
  var text: String { rows == columns ? "\(rows)" : list }
}

extension FunctionCall {
  /// One number, or one for rows and one for columns.
  func window(_ name: String, atLeast minimum: Int = 1) throws(TensorError) -> Pair {
    let (rows, columns) = try pairOfSizes(name)
    let bounds = minimum...(1 << 20)
    return Pair(
      rows: try bounded(rows, name, bounds), columns: try bounded(columns, name, bounds))
  }
}
