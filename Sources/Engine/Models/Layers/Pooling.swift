// maxpool, avgpool, flatten: images made smaller, and made rows.

import Diagnostics
import Tensors

extension LayerKind {
  static let maxpool = pooling(
    "maxpool", torch: "torch.nn.MaxPool2d", formula: "y = largest of each window",
    "The largest element of each window of the images; of equal ones the first has the gradient."
  ) { pass, windows throws(Diagnostic) in
    let place = try pass.apply(.argmax, [windows], Attributes(integers: [-1]))
    return try pass.apply(.pick, [windows, place])
  }

  static let avgpool = pooling(
    "avgpool", torch: "torch.nn.AvgPool2d", formula: "y = mean of each window",
    "The mean of each window of the images."
  ) { pass, windows throws(Diagnostic) in
    try pass.formula("mean(windows, axis=-1)", ["windows": windows])
  }

  static let flatten = LayerKind(
    "flatten", [.integer("start", .integers([1]))],
    "All axes from start on made one, so that each sample is a row.", torch: "torch.nn.Flatten",
    formulas: ["y = reshape(x, n, -1)"],
    notes: ["Axis 0 is the samples, so start is 1 unless it is given."],
    examples: [["model f = flatten", "f(ones(2, 3, 4))"]]
  ) { call throws(TensorError) in
    let start = try call.size("start", atLeast: 0)
    return LayerParts(title: start == 1 ? "flatten" : "flatten(\(start))") {
      pass, x throws(Diagnostic) in
      let sizes = pass.shape(x).dimensions
      guard sizes.count > start else {
        throw pass.refuse(
          pass.shape(x), takes: "a tensor with more than \(start) ax\(start == 1 ? "is" : "es")")
      }
      return try pass.reshape(x, sizes[..<start] + [Shape(Array(sizes[start...])).count])
    }
  }

  private static func pooling(
    _ name: String, torch: String, formula: String, _ summary: String,
    _ fold: @escaping @Sendable (LayerPass, NodeID) throws(Diagnostic) -> NodeID
  ) -> LayerKind {
    LayerKind(
      name, [.axes("size", .required), .axes("stride", .absent)], summary, torch: torch,
      formulas: [formula],
      notes: [
        "It takes images [n, channels, height, width]. The stride is the size unless it is given;"
          + " what is left over at the edge is not looked at."
      ],
      examples: [["model f = \(name)(2)", "f([[[[1, 2, 3, 4], [5, 6, 7, 8]]]])"]]
    ) { call throws(TensorError) in
      let size = try call.window("size")
      let stride = call.integers("stride") == nil ? size : try call.window("stride")
      let other = stride == size ? "" : ", stride=\(stride.text)"
      return LayerParts(title: "\(name)(\(size.text)\(other))", passage: .keeps(axis: -3)) {
        pass, x throws(Diagnostic) in
        try pass.images(x, channels: nil)
        let sizes = pass.shape(x).dimensions
        guard sizes[2] >= size.rows, sizes[3] >= size.columns else {
          throw pass.refuse(
            pass.shape(x), takes: "images of at least \(size.rows)×\(size.columns)")
        }
        // Each channel is an image of its own.
        let images = try pass.reshape(x, sizes[..<2] + [1] + sizes[2...])
        let window = [size.rows, size.columns, stride.rows, stride.columns, 0, 0]
        return try fold(pass, try pass.apply(.patches, [images], Attributes(integers: window)))
      }
    }
  }
}
