// dropout: in training some elements are left out.

import Diagnostics
import Tensors

extension LayerKind {
  static let dropout = LayerKind(
    "dropout", [.number("p", .number(0.5)), .integer("seed", .integers([0]))],
    "In training each element is 0 with the probability p, else divided by 1 - p, which keeps the"
      + " mean; otherwise it does nothing.",
    torch: "torch.nn.Dropout",
    formulas: ["training: y = where(u < p, 0, x/(1 - p)), u ~ U(0, 1)", "else:     y = x"],
    notes: [
      "Every step draws anew. The draws follow from the session's seed, the layer's place, seed= and"
        + " the number of the step, so a step taken again after back draws the same.",
      "f(X, train=true) shows what the next step would draw.",
    ],
    examples: [["model f = dropout(0.25)", "f(ones(8))", "f(ones(8), train=true)"]]
  ) { call throws(TensorError) in
    let p = try call.number("p")
    guard p >= 0, p <= 1 else { throw call.invalid("p is from 0 to 1") }
    let seed = try call.integer("seed")
    let text = Int(exactly: p).map(String.init) ?? "\(p)"
    return LayerParts(title: "dropout(\(text))", passage: .keepsShape) {
      pass, x throws(Diagnostic) in
      guard pass.pass.isTraining, p > 0 else { return x }
      guard p < 1 else { return try pass.zeros(pass.shape(x).dimensions) }
      let draws = try pass.draws(pass.shape(x), seed: seed)
      return try pass.formula(
        "where(u < p, 0, x/(1 - p))", ["u": draws, "p": pass.constant(p), "x": x])
    }
  }
}
