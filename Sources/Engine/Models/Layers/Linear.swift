// linear: a matrix product and a bias.

import Diagnostics
import Tensors

extension LayerKind {
  static let linear = LayerKind(
    "linear", [.integer("inputs"), .integer("outputs"), .flag("bias", true)],
    "Each output is a weighted sum of the inputs and a bias.", torch: "torch.nn.Linear",
    formulas: ["z = x @ weightᵀ + bias"],
    layout: [
      ("weight [outputs, inputs]", "one row for each output; U(-a, a) with a = 1/√inputs"),
      ("bias [outputs]", "U(-a, a) with a = 1/√inputs"),
    ],
    notes: ["It takes [n, inputs], or any tensor whose last axis has that size."],
    takesInitialisers: true,
    examples: [["model f = linear(3, 2)", "f([1, 2, 3])"]]
  ) { call throws(TensorError) in
    let inputs = try call.size("inputs")
    let outputs = try call.size("outputs")
    let hasBias = call.flag("bias")
    let standard = Initialiser.torchUniform(.fanIn(inputs))
    var parameters = [LayerParameter("weight", [outputs, inputs], standard)]
    if hasBias { parameters.append(LayerParameter("bias", [outputs], isBias: true, standard)) }
    return LayerParts(
      title: "linear(\(inputs)→\(outputs)\(hasBias ? "" : ", bias=false"))", parameters: parameters,
      inputShape: [inputs], passage: .features(inputs, to: outputs)
    ) { pass, x throws(Diagnostic) in
      guard pass.shape(x).size(-1) == inputs else {
        throw pass.refuse(
          pass.shape(x), takes: "[n, \(inputs)]: \(inputs.counted("feature")) in the last axis")
      }
      return try pass.affine(
        x, try pass.parameter("weight"), hasBias ? try pass.parameter("bias") : nil)
    }
  }
}
