// What the modes add to a step: rounded parameters are shown as the loss reads them, pruned elements
// get no gradient and stay 0, bounded ones are brought back within their bounds. Each is a line of the step like the rule's own.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension StepPlan {
  /// The mask of a parameter, as an input of the graph.
  private func mask(of parameter: Parameter) -> NodeID {
    lowering.graph.input(
      Snapshot.maskPath(of: parameter.path), shape: parameter.initial.shape, type: .float64)
  }

  /// `ŵ = round(w/scale)·scale`: what losses and models read in the place of a parameter. The lines
  /// only show it; the losses have rounded for themselves, by the same operation.
  func showRounding() throws(Diagnostic) {
    guard !source.isGiven else { return }
    for i in parameters.indices {
      guard let quantizer = modes.quantizers[parameters[i].parameter.path] else { continue }
      let w = parameters[i].w
      let name = Name(canonical: "w")
      let own = parameters[i].parameter.name.canonical
      let rounded = Name(canonical: (own.count == 1 ? own : "w") + "_hat")
      let attributes = quantizer.attributes(for: lowering.graph[w].shape)
      let node = try lowering.apply(.quantize, [w], attributes, operands: [], at: noSpan)
      var operands = [name: w]
      let isWhole = !quantizer.isPerChannel || lowering.graph[w].shape.rank < 2
      var text = "quantize(w, bits=\(quantizer.bits)"
      if !quantizer.isSymmetric { text += ", symmetric=false" }
      text += isWhole ? ")" : ", axis=0)"
      if quantizer.isSymmetric, isWhole, lowering.graph[w].shape.count > 0 {
        // With a single scale and no zero point, the formula is one for a calculator.
        let power = "2^\(quantizer.bits - 1)"
        let size = try lowering.apply(.absolute, [w], operands: [], at: noSpan)
        let largest = try lowering.apply(.largest, [size], operands: [], at: noSpan)
        let top = lowering.graph.constant(Tensor(Double(1 << (quantizer.bits - 1) - 1)))
        let scale = try lowering.apply(.divide, [largest, top], operands: [], at: noSpan)
        parameters[i].lines.append(
          AppliedLine(
            name: Self.scaleName, expression: Self.written("max(abs(w))/(\(power) - 1)"),
            remark: "of the whole numbers of \(quantizer.bits) bits", node: scale,
            operands: operands, isState: false, isParameter: false))
        operands[Self.scaleName] = scale
        text = "round(w/scale)*scale"
      }
      parameters[i].lines.append(
        AppliedLine(
          name: rounded, expression: Self.written(text),
          remark: "what the loss read; the gradient passes through", node: node,
          operands: operands, isState: false, isParameter: false))
    }
  }

  /// `g = g·mask`, before any stage sees the gradient.
  func maskGradients() throws(Diagnostic) {
    for i in parameters.indices where modes.masked.contains(parameters[i].parameter.path) {
      let mask = mask(of: parameters[i].parameter)
      let name = Name(canonical: "g")
      let masked = try lowering.apply(
        .multiply, [parameters[i].g, mask], operands: [], at: noSpan)
      parameters[i].lines.append(
        AppliedLine(
          name: name, expression: Self.product, remark: "pruned elements get none", node: masked,
          operands: [name: parameters[i].g, Self.maskName: mask], isState: false,
          isParameter: false))
      parameters[i].g = masked
    }
  }

  /// `w ← w·mask` and `w ← clip(w, -c, c)`, after the rule.
  func projectParameters() throws(Diagnostic) {
    for i in parameters.indices {
      let path = parameters[i].parameter.path
      let w = Name(canonical: "w")
      if let bound = modes.bounds[path] {
        let c = lowering.graph.constant(Tensor(bound))
        let low = lowering.graph.constant(Tensor(-bound))
        let raised = try lowering.apply(
          .maximum, [parameters[i].newW, low], operands: [], at: noSpan)
        let node = try lowering.apply(.minimum, [raised, c], operands: [], at: noSpan)
        add(Self.clipped, of: w, node, with: [w: parameters[i].newW, Self.boundName: c], to: i)
      }
      if modes.masked.contains(path) {
        let mask = mask(of: parameters[i].parameter)
        let node = try lowering.apply(
          .multiply, [parameters[i].newW, mask], operands: [], at: noSpan)
        add(Self.kept, of: w, node, with: [w: parameters[i].newW, Self.maskName: mask], to: i)
      }
    }
  }

  private func add(
    _ expression: Expression, of name: Name, _ node: NodeID, with operands: [Name: NodeID],
    to index: Int
  ) {
    parameters[index].lines.append(
      AppliedLine(
        name: name, expression: expression, remark: nil, node: node, operands: operands,
        isState: false, isParameter: true))
    parameters[index].newW = node
  }

  private static let scaleName = Name(canonical: "scale")
  private static let maskName = Name(canonical: "mask")
  private static let boundName = Name(canonical: "c")
  private static let product = written("g*mask")
  private static let kept = written("w*mask")
  private static let clipped = written("clip(w, -c, c)")

  private static func written(_ text: String) -> Expression {
    var parser = try? Parser(Source(text))
    let parsed = try? parser?.parseExpression()
    return parsed ?? Expression(.name(Name(canonical: "w")), noSpan)
  }
}
