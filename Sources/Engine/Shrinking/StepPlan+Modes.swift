// What the modes add to a step: pruned elements get no gradient and stay 0, bounded ones are brought
// back within their bounds. Each is a line of the step like the rule's own.

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
