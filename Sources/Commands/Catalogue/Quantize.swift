// quantize: numbers rounded to what whole numbers of a few bits can hold.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let quantize = Command(
    "quantize", group: .shrinking,
    summary: "rounds parameters to whole numbers of a few bits times a scale",
    forms: [
      [
        .expression("what"),
        .anyOrder([
          [.settings("[bits=8]")], [.choice("levels", ["symmetric", "affine"])],
          [.word("per"), .choice("unit", ["channel", "tensor"])],
          [.choice("way", ["train", "off"])],
        ]),
      ]
    ],
    details: [
      "symmetric, the default: scale = max|x|/(2^(bits-1) - 1), q = round(x/scale), x̂ = scale·q. "
        + "affine: scale = (max - min)/(2^bits - 1) over a range that holds 0, the zero point is the q "
        + "that stands for 0, q = round(x/scale) + zero point, x̂ = scale·(q - zero point). In both "
        + "|x - x̂| ≤ scale/2. per channel: a scale for each row of the first axis, an output's "
        + "weights.",
      "quantize f bits=8 puts x̂ in the place of the weights; biases and the "
        + "scales of batchnorm and layernorm stay, unless they are named. "
        + "Steps after it move them off the levels again.",
      "quantize f bits=8 train leaves the parameters as they are, and from now on losses and models "
        + "read x̂ for them: each step rounds anew, and its gradient passes through the rounding as if "
        + "there were none (straight-through). gradcheck then sees the steps of x̂ and disagrees. "
        + "quantize f off ends it. back reverts all three.",
      "Of any other expression quantize shows the numbers and changes nothing. The functions "
        + "quantize(x, bits=8) and fake_quantize(x, scale, zero_point) are for formulas.",
    ],
    examples: [
      ["param w = [0.3, -1.27, 0.8]", "quantize w bits=8", "w", "back"],
      ["quantize [0, 0.11, 0.5, 1] bits=4 affine"],
      [
        "X = [[1, 2], [0, -1], [3, 1]]; y = [1, 0, 1]",
        "model f = linear(2, 4) |> tanh |> linear(4, 1)", "loss L = mse(f(X), y)",
        "optimizer sgd(lr=0.1)", "quantize f bits=4 per channel train", "step 10", "quantize f off",
        "quantize f bits=4",
      ],
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      guard let what = arguments.expression("what") else { return }
      let session = interpreter.session
      let quantizer = try session.quantizer(arguments)
      guard let parameters = try session.quantized(what) else {
        if let (way, span) = arguments.text("way") {
          throw Diagnostic(
            "quantize.parameters", "\(way) is for parameters, and this is a value", at: span,
            help: "name a model or parameters: quantize f bits=8 \(way)")
        }
        let result = quantizer.quantized(try session.evaluate(what))
        try QuantizationReport.check(result, what)
        return try interpreter.reply(
          with: QuantizationReport([(what.text(.pretty), result)], ends: .shown), arguments.muted)
      }
      let text = arguments.span.text
      switch arguments.text("way")?.text {
      case "off":
        let rounded = try session.quantized(what, all: true)?.filter {
          session.snapshot.modes.quantizers[$0.path] != nil
        }
        let names = (rounded ?? []).map(\.name.pretty).joined(separator: ", ")
        let changed = interpreter.session.stopQuantizing(rounded ?? [], what: text)
        try interpreter.reply(
          MessageReport(
            changed
              ? "losses and models read \(names) unrounded again"
              : "nothing of \(what.text(.pretty)) is read rounded"),
          arguments.muted)
      case "train":
        let results = interpreter.session.trainQuantized(parameters, by: quantizer, what: text)
        try interpreter.reply(
          with: QuantizationReport(parameters: results, ends: .training), arguments.muted)
      default:
        let results = interpreter.session.quantize(parameters, by: quantizer, what: text)
        for (_, result) in results { try QuantizationReport.check(result, what) }
        try interpreter.reply(
          with: QuantizationReport(parameters: results, ends: .rounded), arguments.muted)
      }
    })
}

extension Session {
  /// The parameters that an expression names; nil when it is some other value.
  /// - Parameter all: biases and scales of norms too.
  fileprivate func quantized(_ what: Expression, all: Bool = false) throws(Diagnostic)
    -> [Engine.Parameter]?
  {
    var paths: [[Name]] = []
    if let path = what.path {
      paths = [path]
    } else if case .list(let elements) = what.kind {
      for element in elements {
        guard let path = element.path else { return nil }
        paths.append(path)
      }
    }
    guard !paths.isEmpty,
      paths.allSatisfy({ path in
        problem.parameter(Name(canonical: path.map(\.canonical).joined(separator: "."))) != nil
          || problem.model(path[0]) != nil
      })
    else { return nil }
    let named = paths.map { path in path.map { Identifier($0, what.span) } }
    return try all ? allParameters(named) : shrinkable(named)
  }

  fileprivate func quantizer(_ arguments: Arguments) throws(Diagnostic) -> Quantizer {
    var bits = 8
    for (path, value) in arguments.bindings("[bits=8]") {
      guard path.count == 1, path[0].name.canonical == "bits" else {
        throw Diagnostic(
          "quantize.option", "quantize has no option \(path.map(\.name.pretty).joined())",
          at: path.first?.span, help: "quantize f bits=8 affine per channel")
      }
      bits = try wholeNumber(
        value, atLeast: Quantizer.bitRange.lowerBound, atMost: Quantizer.bitRange.upperBound,
        what: "the number of bits")
    }
    return Quantizer(
      bits: bits, isSymmetric: arguments.text("levels")?.text != "affine",
      isPerChannel: arguments.text("unit")?.text == "channel")
  }
}
