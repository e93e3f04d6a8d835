// judge: how good predictions are, in all the figures that suit them.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let judge = Command(
    "judge", group: .looking, summary: "says how good predictions are",
    forms: [[.expressions("predictions, targets")]], usage: ["judge predictions, targets"],
    details: [
      "judge f(X.test), y.test: for classes (targets that are codes(…), labels, truth values) a table of how often each "
        + "class was taken for which, with precision, recall and F1 of each, and the accuracy; for "
        + "other targets R², the root of the mean squared error, and the mean absolute error. Logits "
        + "or probabilities [n, classes] predict their largest; single numbers as in help accuracy."
    ],
    examples: [
      [
        "data d = csv(\"iris.csv\")", "X = standardize(columns(d)); y = codes(d.species)",
        "model f = linear(4, 3)", "loss L = cross_entropy(f(X), y)", "optimizer adam(lr=0.1)",
        "step 50", "judge f(X), y",
      ],
      ["judge [1.1, 1.9, 3.2], [1, 2.5, 3]"],
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      let given = arguments.expressions("predictions, targets")
      guard given.count == 2 else {
        throw Diagnostic(
          "judge.arguments", "judge takes predictions and targets", at: arguments.span,
          help: "for example judge f(X), y")
      }
      interpreter.surface.show(
        try Judgement(given[0], given[1], in: interpreter.session).report())
    })
}

/// Predictions beside targets.
struct Judgement {
  let session: Session
  let predictions: Expression
  let targets: Expression
  let x: Tensor
  let y: Tensor

  /// No more classes are put in a table.
  private static let mostClasses = 40

  init(_ predictions: Expression, _ targets: Expression, in session: Session) throws(Diagnostic) {
    self.session = session
    self.predictions = predictions
    self.targets = targets
    x = try session.evaluate(predictions)
    y = try session.evaluate(targets)
    for (given, tensor) in [(predictions, x), (targets, y)] where tensor.shape.count == 0 {
      throw Diagnostic(
        "judge.empty", "\(given.text(.pretty)) is empty, of shape \(tensor.shape)",
        at: given.span, help: "there is nothing to judge; a split may have left a part empty")
    }
  }

  func report() throws(Diagnostic) -> any Report {
    let width = x.shape.rank == y.shape.rank + 1 ? x.shape.dimensions.last ?? 1 : 1
    let isWhole = y.elements.allSatisfy { $0 == $0.rounded() && $0 >= 0 && $0 < 1e6 }
    let few = (y.elements.max() ?? 0) < Double(Judgement.mostClasses)
    let isLabels = y.elementType < .float32 || (width > 1) || Set(y.elements) == [0, 1]
    guard isWhole, isLabels, few, width <= Judgement.mostClasses else { return try numbers() }
    return try classes()
  }

  /// The value of a function of the predictions and targets.
  private func figure(_ name: String, _ options: [(String, Double)] = []) throws(Diagnostic)
    -> Tensor
  {
    let span = predictions.span
    var arguments = [Expression.Argument(value: predictions), Expression.Argument(value: targets)]
    for (label, number) in options {
      arguments.append(
        Expression.Argument(
          label: Name(canonical: label),
          value: Expression(.number(number, spelling: "\(number)"), span)))
    }
    let callee = Expression.Callee(path: [Name(canonical: name)], span: span)
    return try session.evaluate(Expression(.call(callee, arguments), span))
  }

  private func numbers() throws(Diagnostic) -> any Report {
    let (determination, reason) = try r2()
    let figures =
      (determination.map { [("R2", $0)] } ?? [])
      + [("rmse", try figure("rmse")), ("mae", try figure("mae"))]
    let count = y.shape.dimensions.first ?? 1
    return MessageReport(
      kind: "judgement",
      fields: Dictionary(
        figures.map { ($0.0.lowercased(), JSONValue(number: $0.1.scalar ?? .nan)) },
        uniquingKeysWith: { a, _ in a })
    ) { format in
      var line = StyledText("")
      for (place, (name, value)) in figures.enumerated() {
        line.append(place > 0 ? "   " : "")
        line.append(name == "R2" && !format.ascii ? "R²" : name, .name)
        line.append(" = ")
        line.append(NumberFormat.text(value.scalar ?? .nan, digits: format.digits), .result)
      }
      line.append("   (\(count) row\(count == 1 ? "" : "s"))", .dim)
      return [line] + (reason.map { [StyledText($0, .dim)] } ?? [])
    }
  }

  /// R², or why there is none: it compares with the mean of targets, which have to differ.
  private func r2() throws(Diagnostic) -> (value: Tensor?, reason: String?) {
    guard !y.shape.isScalar else { return (nil, "R² is not defined for a single target") }
    let columns = max(1, y.elements.count / max(1, y.shape.dimensions[0]))
    for column in 0..<columns {
      let values = stride(from: column, to: y.elements.count, by: columns).map { y.elements[$0] }
      if values.allSatisfy({ $0 == values[0] }) {
        let place = columns > 1 ? " in column \(column)" : ""
        return (
          nil,
          "R² is not defined: all targets\(place) are "
            + NumberFormat.text(values[0], digits: session.settings.digits)
            + ", so their mean is already perfect"
        )
      }
    }
    return (try figure("r2"), nil)
  }

  private func classes() throws(Diagnostic) -> any Report {
    let matrix = try figure("confusion")
    let count = matrix.shape.dimensions.first ?? 0
    let names = session.classLabels(targets, count: count) ?? (0..<count).map(String.init)
    let each = [("per_class", 1.0)]
    let precision = try figure("precision", each).elements
    let recall = try figure("recall", each).elements
    let f1 = try figure("f1", each).elements
    let accuracy = try figure("accuracy").scalar ?? .nan
    var columns = [TableReport.Column("is", .left)]
    columns += names.map { TableReport.Column("as \($0)", .right) }
    columns += ["precision", "recall", "F1"].map { TableReport.Column($0) }
    let rows = (0..<count).map { row in
      var cells: [TableReport.Cell] = [.text(names[row])]
      for column in 0..<count {
        cells.append(.count(Int(exactly: matrix.elements[row * count + column]) ?? 0))
      }
      return cells + [.number(precision[row]), .number(recall[row]), .number(f1[row])]
    }
    let right = (0..<count).reduce(0.0) { $0 + matrix.elements[$1 * count + $1] }
    let total = matrix.elements.reduce(0, +)
    let shown = NumberFormat.text(accuracy, digits: session.settings.digits)
    return TableReport(
      columns: columns, rows: rows,
      footer: "accuracy \(shown): \(Int(right)) of \(Int(total)) right; rows are what a thing is,"
        + " columns what it was taken for", kind: "judgement")
  }
}
