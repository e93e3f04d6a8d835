// gradcheck: the gradient against differences of the loss.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let gradcheck = Command(
    "gradcheck", group: .looking, summary: "checks the gradient against differences of the loss",
    forms: [[.optional([.expression("loss")])]],
    details: [
      "Each element is moved a little both ways: (L(w + h) - L(w - h))/2h with two widths, "
        + "extrapolated. The relative error is |gradient - difference| over the larger of the two in "
        + "size; up to \(GradientCheck.tolerance) counts as right, and so does a difference that "
        + "rounding of the loss can make, which beside 0 is shown as rounding.",
      "At a kink, as of abs or relu at 0, the slopes on both sides differ and there is no one "
        + "gradient; it is pointed out.",
      "Of a large parameter some elements are checked one by one, and all of them together along "
        + "one direction.",
    ],
    examples: [
      ["param w = [1, -2]", "loss L = sum((w - [3, 1])^2)", "gradcheck"],
      ["param w = [0, 2]", "loss L = sum(abs(w))", "gradcheck L"],
    ],
    effect: .inspects,
    runsLong: true,
    run: { interpreter, arguments throws(Diagnostic) in
      let session = interpreter.session
      let loss = try session.lossOrDefault(arguments.expression("loss"), for: "gradcheck")
      let check = try session.now.gradientCheck(
        of: loss, interrupted: interpreter.surface.interrupted)
      var remarks: [String] = []
      let rounded = session.snapshot.modes.quantizers.keys.sorted()
      if !rounded.isEmpty, !check.isRight {
        remarks.append(
          "\(rounded.joined(separator: ", ")): losses read them rounded, and their gradient passes "
            + "straight through the rounding, whose steps the differences see; quantize … off ends it"
        )
      }
      if !arguments.muted {
        interpreter.surface.show(GradientCheckReport(check, remarks: remarks))
      }
    })
}
