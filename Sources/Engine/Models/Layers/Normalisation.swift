// batchnorm, layernorm: less the mean, over the standard deviation.

import Diagnostics
import Tensors

extension LayerKind {
  static let batchnorm = LayerKind(
    "batchnorm",
    [
      .integer("features"), .number("eps", .number(1e-5)), .number("momentum", .number(0.1)),
      .flag("affine", true),
    ],
    "Each feature less its mean, over its standard deviation; in training those of the batch, else"
      + " the running ones.",
    torch: "torch.nn.BatchNorm1d, torch.nn.BatchNorm2d",
    formulas: [
      "training: μ = mean(x), σ² = mean((x - μ)²) over the batch",
      "          running_mean ← (1 - momentum)·running_mean + momentum·μ",
      "          running_var ← (1 - momentum)·running_var + momentum·σ²·n/(n - 1)",
      "else:     μ = running_mean, σ² = running_var",
      "y = (x - μ)/√(σ² + eps)·weight + bias",
    ],
    layout: [
      ("weight [features]", "1"), ("bias [features]", "0"),
      ("running_mean [features]", "0; a buffer: steps change it, no optimizer does"),
      ("running_var [features]", "1; a buffer"),
      ("num_batches_tracked", "how many batches it has seen; a buffer"),
    ],
    notes: [
      "It takes [n, features], [n, features, length] or images [n, features, height, width]. The"
        + " batch's variance divides by n, the running one by n - 1. back restores the buffers.",
      "affine=false leaves weight and bias out.",
    ],
    examples: [
      [
        "model f = linear(2, 3) |> batchnorm(3) |> relu |> linear(3, 1)",
        "X = [[0, 0], [0, 1], [1, 0], [1, 1]]; y = [0, 1, 1, 0]", "loss L = mse(f(X), y)",
        "optimizer sgd(lr=0.1)", "step", "f.1.running_mean", "back", "f.1.running_mean",
      ]
    ]
  ) { call throws(TensorError) in
    let features = try call.size("features")
    let eps = try call.number("eps")
    let momentum = try call.number("momentum")
    guard eps >= 0, eps.isFinite else { throw call.invalid("eps is not negative") }
    guard momentum >= 0, momentum <= 1 else { throw call.invalid("momentum is from 0 to 1") }
    let isAffine = call.flag("affine")
    var title = "batchnorm(\(features)"
    if momentum != 0.1 { title += ", momentum=\(momentum)" }
    if !isAffine { title += ", affine=false" }
    return LayerParts(
      title: title + ")",
      parameters: isAffine
        ? [
          LayerParameter("weight", [features], isNormScale: true, .ones),
          LayerParameter("bias", [features], isBias: true, .zeros),
        ] : [],
      buffers: [
        LayerBuffer(
          "running_mean", Tensor([Double](repeating: 0, count: features), shape: [features])),
        LayerBuffer(
          "running_var", Tensor([Double](repeating: 1, count: features), shape: [features])),
        LayerBuffer("num_batches_tracked", Tensor(0)),
      ],
      inputShape: [features], passage: .keepsShape
    ) { pass, x throws(Diagnostic) in
      let sizes = pass.shape(x).dimensions
      guard (2...4).contains(sizes.count), sizes[1] == features else {
        throw pass.refuse(
          pass.shape(x), takes: "[n, \(features)] or images [n, \(features), height, width]")
      }
      // One number for each feature, beside all places of an image.
      let column = [features] + [Int](repeating: 1, count: sizes.count - 2)
      var names = ["x": x, "eps": pass.constant(eps)]
      if pass.pass.isTraining {
        try pass.useBatch(&names, features: features, momentum: momentum)
      } else {
        names["m"] = try pass.reshape(try pass.buffer("running_mean"), column)
        names["v"] = try pass.reshape(try pass.buffer("running_var"), column)
      }
      guard isAffine else { return try pass.formula("(x - m)/sqrt(v + eps)", names) }
      names["weight"] = try pass.reshape(try pass.parameter("weight"), column)
      names["bias"] = try pass.reshape(try pass.parameter("bias"), column)
      return try pass.formula("(x - m)/sqrt(v + eps)*weight + bias", names)
    }
  }

  static let layernorm = LayerKind(
    "layernorm", [.shape(), .number("eps", .number(1e-5)), .flag("affine", true)],
    "Each sample less its own mean, over its own standard deviation.",
    torch: "torch.nn.LayerNorm",
    formulas: [
      "μ = mean(x), σ² = mean((x - μ)²) over the last axes",
      "y = (x - μ)/√(σ² + eps)·weight + bias",
    ],
    layout: [("weight [shape]", "1"), ("bias [shape]", "0")],
    notes: [
      "shape is the sizes of the last axes: layernorm(20), layernorm(4, 4). Training makes no"
        + " difference to it."
    ],
    examples: [["model f = layernorm(3)", "f([[1, 2, 3], [10, 20, 60]])"]]
  ) { call throws(TensorError) in
    let sizes = call.integers("shape") ?? []
    guard !sizes.isEmpty, sizes.allSatisfy({ $0 >= 1 && $0 <= Tensor.maximumCount }) else {
      throw call.invalid("the sizes of the last axes are at least 1")
    }
    let eps = try call.number("eps")
    guard eps >= 0, eps.isFinite else { throw call.invalid("eps is not negative") }
    let isAffine = call.flag("affine")
    let shape = Shape(sizes)
    let axes = "[" + (1...sizes.count).map { "-\($0)" }.joined(separator: ", ") + "]"
    let text = sizes.map(String.init).joined(separator: ", ")
    return LayerParts(
      title: "layernorm(\(text)\(isAffine ? "" : ", affine=false"))",
      parameters: isAffine
        ? [
          LayerParameter("weight", shape, isNormScale: true, .ones),
          LayerParameter("bias", shape, isBias: true, .zeros),
        ] : [],
      inputShape: sizes,
      passage: sizes.last.map { .features($0, to: $0) } ?? .unknown
    ) { pass, x throws(Diagnostic) in
      guard pass.shape(x).dimensions.suffix(sizes.count) == sizes[...] else {
        throw pass.refuse(pass.shape(x), takes: "[n, \(text)]")
      }
      var names = ["x": x, "eps": pass.constant(eps)]
      names["m"] = try pass.formula("mean(x, axis=\(axes), keepdims=true)", names)
      names["v"] = try pass.formula("mean((x - m)^2, axis=\(axes), keepdims=true)", names)
      guard isAffine else { return try pass.formula("(x - m)/sqrt(v + eps)", names) }
      names["weight"] = try pass.parameter("weight")
      names["bias"] = try pass.parameter("bias")
      return try pass.formula("(x - m)/sqrt(v + eps)*weight + bias", names)
    }
  }
}

extension LayerPass {
  /// The batch's mean `m` and variance `v`; the buffers follow them.
  fileprivate func useBatch(
    _ names: inout [String: NodeID], features: Int, momentum: Double
  ) throws(Diagnostic) {
    guard let x = names["x"] else { return }
    let sizes = shape(x).dimensions
    let count = shape(x).count / max(1, features)
    guard count > 1 else {
      throw Diagnostic(
        "model.batch", "\(path), \(title), needs more than one value of each feature in training",
        at: span, help: "a batch of one sample has no variance")
    }
    let axes = "[0" + (2..<max(2, sizes.count)).map { ", \($0)" }.joined() + "]"
    let mean = try formula("mean(x, axis=\(axes), keepdims=true)", names)
    names["m"] = mean
    let variance = try formula("mean((x - m)^2, axis=\(axes), keepdims=true)", names)
    names["v"] = variance
    let share = constant(momentum)
    func follow(_ buffer: String, _ node: NodeID) throws(Diagnostic) {
      let flat = try reshape(node, [features])
      setBuffer(
        buffer,
        to: try formula(
          "(1 - share)*old + share*new",
          ["share": share, "old": try self.buffer(buffer), "new": flat]))
    }
    try follow("running_mean", mean)
    let factor = Double(count) / Double(count - 1)
    try follow(
      "running_var", try formula("v*factor", ["v": variance, "factor": constant(factor)]))
    setBuffer(
      "num_batches_tracked",
      to: try formula("old + 1", ["old": try buffer("num_batches_tracked")]))
  }
}
