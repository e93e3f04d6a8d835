// attention: each time step of a sequence looks at the others.

import Diagnostics
import Tensors

extension LayerKind {
  static let attention = LayerKind(
    "attention",
    [
      .integer("features"), .integer("heads", .integers([1])), .flag("causal"), .flag("bias", true),
    ],
    "Each time step of a sequence is a mean of all time steps' values, weighed by how well its query fits"
      + " their keys (Vaswani et al. 2017).",
    torch: "torch.nn.MultiheadAttention",
    formulas: [
      "q, k, v = the three parts of x @ in_proj_weightᵀ + in_proj_bias, cut into heads of d features",
      "A = softmax(q @ kᵀ/√d)",
      "y = (A @ v, heads side by side) @ out_proj.weightᵀ + out_proj.bias",
    ],
    layout: [
      ("in_proj_weight [3·features, features]", "the rows of q, k and v; xavier"),
      ("in_proj_bias [3·features]", "0"),
      ("out_proj.weight [features, features]", "U(-a, a) with a = 1/√features"),
      ("out_proj.bias [features]", "0"),
    ],
    notes: [
      "It takes sequences [n, time, features] (batch_first) and gives the same shape. features is a"
        + " multiple of heads. Queries, keys and values are all made from x (self-attention).",
      "causal=true lets a time step look at itself and the ones before only: later ones have weight 0.",
    ],
    takesInitialisers: true,
    examples: [["model f = attention(4, heads=2, causal=true)", "f(ones(1, 3, 4))"]]
  ) { call throws(TensorError) in
    let features = try call.size("features")
    let heads = try call.size("heads")
    guard features % heads == 0 else {
      throw call.invalid("\(features) features do not divide into \(heads) heads")
    }
    let isCausal = call.flag("causal")
    let hasBias = call.flag("bias")
    let (width, overflows) = features.multipliedReportingOverflow(by: 3)
    guard !overflows else { throw call.invalid("features is too large") }
    var parameters = [LayerParameter("in_proj_weight", [width, features], .xavier)]
    if hasBias {
      parameters.append(LayerParameter("in_proj_bias", [width], isBias: true, .zeros))
    }
    parameters.append(
      LayerParameter(
        "out_proj.weight", [features, features], Initialiser.torchUniform(.fanIn(features))))
    if hasBias {
      parameters.append(LayerParameter("out_proj.bias", [features], isBias: true, .zeros))
    }
    var title = "attention(\(features)"
    if heads > 1 { title += ", heads=\(heads)" }
    if isCausal { title += ", causal=true" }
    if !hasBias { title += ", bias=false" }
    return LayerParts(
      title: title + ")", parameters: parameters, passage: .features(features, to: features)
    ) { pass, x throws(Diagnostic) in
      let (n, time) = try pass.sequence(x, features: features)
      func project(_ x: NodeID, _ weight: String, _ bias: String) throws(Diagnostic) -> NodeID {
        try pass.affine(x, try pass.parameter(weight), hasBias ? try pass.parameter(bias) : nil)
      }
      let all = try project(x, "in_proj_weight", "in_proj_bias")
      let size = features / heads
      /// [n, time, features] → [n, heads, time, size]
      func part(_ number: Int) throws(Diagnostic) -> NodeID {
        let part = try pass.columns(all, from: number * features, count: features)
        return try pass.permute(try pass.reshape(part, [n, time, heads, size]), [-4, -2, -3, -1])
      }
      var names = ["q": try part(0), "k": try part(1), "v": try part(2)]
      names["root"] = pass.constant(Double(size).squareRoot())
      var scores = try pass.formula("q @ k.T/root", names)
      if isCausal {
        let mask = pass.lowering.graph.constant(Tensor.lowerTriangle(time))
        scores = try pass.formula("where(mask, s, -inf)", ["mask": mask, "s": scores])
      }
      names["s"] = scores
      let mixed = try pass.formula("softmax(s) @ v", names)
      let together = try pass.reshape(
        try pass.permute(mixed, [-4, -2, -3, -1]), [n, time, features])
      return try project(together, "out_proj.weight", "out_proj.bias")
    }
  }
}

extension Tensor {
  /// 1 on and below the diagonal, 0 above.
  fileprivate static func lowerTriangle(_ size: Int) -> Tensor {
    let count = Shape([size, size]).count
    guard count <= maximumCount else { return Tensor(1, type: .bool) }
    return Tensor(
      (0..<count).map { $0 % size <= $0 / size ? 1 : 0 }, shape: [size, size], type: .bool)
  }
}
