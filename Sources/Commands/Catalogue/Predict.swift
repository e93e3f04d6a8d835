// predict: numbers of the coming step, said before it is taken.

import Diagnostics
import Engine
import Notation
import Optimizers

extension Command {
  static let predict = Command(
    "predict", group: .looking,
    summary: "judges numbers you work out for the coming step, before it is taken",
    forms: [[.equations("name[i]"), .optional([.word("with"), .bindings("g")])]],
    details: [
      "Anything that has a value after the step: a line of the rule or an element of one, the "
        + "parameter, the gradient, the loss; w.m with several parameters, m = [1, 2] for all elements. "
        + "The step is not taken, so you can try again.",
      "predict m[0] = -0.4 with g=[-4, -6] is for a step with a gradient given by hand, as step g=[…] "
        + "takes it; with several parameters with w.g=[1, 2], b.g=0.",
      "A number is right when it agrees to the digits you type, two at least, or is exact; 0 is right "
        + "only for 0. A formula, such as 0.1*4, counts with all its digits.",
      "For a wrong number it looks for the slip that gives it: another quantity, another step, a "
        + "mistake in the line or in one before it. It names the slip if it alone gives your digits, or "
        + "lists those that do; else it shows the line with the numbers put in.",
    ],
    examples: [
      [
        "param w = [1, -2]", "loss L = sum((w - [3, 1])^2)", "optimizer adam(lr=0.1)", "step 2",
        "predict m_hat[0] = -3.786", "predict m_hat[0] = -1.02603",
        "predict m = [-1.026, -1.568], v[0] = 0.0461", "predict L = 10.1842",
      ],
      ["param w = 1", "optimizer momentum(lr=0.1)", "predict w = 0.98 with g=0.2"],
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      let session = interpreter.session
      let given = try session.gradients(given: arguments.bindings("g"))
      let ahead: Session
      do throws(Diagnostic) {
        ahead = try session.afterComingStep(given: given)
      } catch {
        guard error.id == "step.no-loss" else { throw error }
        throw Diagnostic(
          error.id, error.message, at: error.span,
          help: "loss L = sum((w - 1)^2), or give the step's gradient: predict … with g=[0.1, -0.2]"
        )
      }
      var predictions: [Prediction] = []
      for (target, typed) in arguments.equations("name[i]") {
        predictions.append(try Prediction(target, typed, in: session, ahead: ahead))
      }
      if !arguments.muted { interpreter.surface.show(PredictionReport(predictions: predictions)) }
    })
}
