// hessian: second derivatives, and what they say about the place.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let hessian = Command(
    "hessian", group: .looking,
    summary: "shows the matrix of second derivatives and its eigenvalues",
    forms: [
      [.optional([.expression("loss"), .optional([.word("by"), .expressions("parameter")])])]
    ],
    details: [
      "hessian alone takes the loss and all its parameters together, up to 64 numbers.",
      "All eigenvalues positive: a bowl. Of both signs: a saddle. The condition number, largest "
        + "over smallest, says how long the valley is; gradient descent on a quadratic is stable "
        + "for lr below 2/λ of the largest.",
    ],
    examples: [
      ["param w = [-1, 2]", "loss L = (1 - w[0])^2 + 100*(w[1] - w[0]^2)^2", "hessian"],
      ["param x = 1; param y = 2", "loss L = x^2*y - y^2", "hessian L", "hessian L by x"],
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      let session = interpreter.session
      let loss = try session.lossOrDefault(arguments.expression("loss"), for: "hessian")
      var names = arguments.expressions("parameter")
      if names.count == 1, case .list(let elements) = names[0].kind { names = elements }
      let hessian = try session.now.hessian(of: loss, by: names)
      if !arguments.muted {
        interpreter.surface.show(HessianReport(hessian, of: loss.text(.pretty)))
      }
    })
}
