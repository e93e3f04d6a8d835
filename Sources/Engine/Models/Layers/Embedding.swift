// embedding: a vector for each of some indices.

import Diagnostics
import Tensors

extension LayerKind {
  static let embedding = LayerKind(
    "embedding", [.integer("count"), .integer("features")],
    "For each index the row of the weight with that number.", torch: "torch.nn.Embedding",
    formulas: ["y = weight[x]"],
    layout: [("weight [count, features]", "one row for each index; N(0, 1)")],
    notes: [
      "It takes whole numbers from 0 to count - 1 of any shape, such as [n, time], and adds an axis"
        + " of features at the end."
    ],
    takesInitialisers: true,
    examples: [["model f = embedding(5, 2)", "f([0, 3, 3])"]]
  ) { call throws(TensorError) in
    let count = try call.size("count")
    let features = try call.size("features")
    return LayerParts(
      title: "embedding(\(count)→\(features))",
      parameters: [LayerParameter("weight", [count, features], .standardNormal)], inputShape: [],
      passage: .changes(takes: nil, gives: .features(features))
    ) { pass, x throws(Diagnostic) in
      try pass.checkIndices(x, below: count)
      return try pass.apply(
        .gather, [try pass.parameter("weight"), x], Attributes(integers: [-2]))
    }
  }
}

extension LayerPass {
  /// Indices that are known already have to be whole and in range.
  fileprivate func checkIndices(_ node: NodeID, below count: Int) throws(Diagnostic) {
    guard lowering.graph.isConstant(node) else { return }
    let values = try lowering.constant(node, what: "the indices", at: span)
    for value in values.elements
    where !(value >= 0 && value < Double(count)) || value != value.rounded() {
      throw Diagnostic(
        "model.index",
        "\(path), \(title), takes whole numbers from 0 to \(count - 1); one of these is \(value.brief)",
        at: span)
    }
  }
}

extension Double {
  /// 3 rather than 3.0.
  fileprivate var brief: String {
    Int(exactly: self).map(String.init) ?? "\(self)"
  }
}
