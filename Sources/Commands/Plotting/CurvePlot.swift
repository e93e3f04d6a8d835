// Curves: values along the steps taken, along steps looked at ahead, or against one another.

import Charts
import Diagnostics
import Engine
import Notation
import Tensors

extension Plotting {
  /// A vector of up to so many elements is drawn as a curve for each.
  private static let mostElements = 8

  /// The expressions, or else all losses.
  private func expressions() throws(Diagnostic) -> [Expression] {
    let given = arguments.expressions("expression")
    if !given.isEmpty { return given }
    let objectives = session.problem.objectives
    guard !objectives.isEmpty else {
      throw Diagnostic(
        "step.no-loss", "there is no loss to plot", help: "plot x^2 for x from -2 to 2")
    }
    return objectives.map { Expression(.name($0.name), $0.expression.span) }
  }

  func curves() throws(Diagnostic) {
    let expressions = try expressions()
    let n = arguments.expression("n")
    if arguments.has("values") || arguments.has("start") {
      return try functionCurves(expressions, of: n ?? expressions[0])
    }
    if let abscissa = arguments.expression("x"), try isVectorOfNow(abscissa) {
      return try scatter(expressions, against: abscissa)
    }
    if n == nil, !arguments.has("a"), !arguments.has("x"), try areVectorsOfNow(expressions) {
      return try elements(of: expressions)
    }
    let formulas = expressions.compactMap { expression -> Name? in
      if case .name(let name) = expression.kind, session.isFormulaOfT(name) { return name }
      return nil
    }
    let areFormulas = formulas.count == expressions.count
    if n != nil || (session.step == 0 && areFormulas) {
      let count = try stepCount(n, usual: 100)
      // Later on t has a value of its own for every parameter.
      if areFormulas, session.step == 0, !arguments.has("x") {
        let steps = Plotting.sampled(from: 0, to: count)
        let rows = try session.formulasOfT(formulas, atUpdates: steps)
        let notes =
          count > Plotting.mostSamples ? ["\(steps.count) of the steps 0 to \(count)"] : []
        return try draw(rows, of: expressions, notes: notes)
      }
      let trial = try session.ahead(
        count, interrupted: interpreter.surface.interrupted, progress: progress(of: count))
      interpreter.surface.progress(nil)
      return try alongSteps(
        expressions, of: trial.session, from: trial.session.step - trial.taken,
        wasInterrupted: trial.wasInterrupted, notes: [note(ahead: trial)].compactMap { $0 })
    }
    guard session.step > 0 else {
      throw Diagnostic(
        "plot.no-step", "no step has been taken yet, so there is no curve",
        help: "type step 100, or look ahead: plot … for 100 steps")
    }
    if arguments.has("branch") { return try alongBranches(expressions) }
    let (first, last) = try range()
    try alongSteps(expressions, of: session, from: first, to: last, notes: [])
  }

  /// A line for every branch of the history.
  private func alongBranches(_ expressions: [Expression]) throws(Diagnostic) {
    var series: [Series] = []
    let (branches, note) = try branches(atMost: Plotting.mostSeries)
    for branch in branches {
      let steps = Plotting.sampled(from: 0, to: branch.session.step)
      let rows = try rows(expressions, of: branch.session, atSteps: steps)
      for (i, expression) in expressions.enumerated() {
        let points = rows.drop { $0.values[i] == nil }.map { row in
          Point(Double(row.step), row.values[i]?.scalar ?? .nan)
        }
        let prefix = expressions.count > 1 ? expression.text(.pretty) + ", " : ""
        series.append(Series(prefix + branch.name, points))
      }
    }
    try checkCount(series, at: expressions[0].span)
    let (xLog, yLog) = isLogarithmic
    try show(
      Chart(
        title: expressions.map { $0.text(.pretty) }.joined(separator: ", "),
        x: Axis("step", isLogarithmic: xLog, isWhole: true), y: Axis(isLogarithmic: yLog),
        series: series, notes: [note].compactMap { $0 }))
  }

  /// The branches with steps, each as the session at its end, and what is left out.
  func branches(atMost most: Int) throws(Diagnostic)
    -> (branches: [(name: String, session: Session)], note: String?)
  {
    let all = session.timeline.branches.indices.filter { number in
      session.timeline.branches[number].stepCount > 0 || number == session.timeline.current
    }
    var branches: [(name: String, session: Session)] = []
    for number in all.suffix(most) {
      let manner = session.manner(ofBranch: number).map { ": \($0)" } ?? ""
      branches.append(("branch \(number + 1)\(manner)", try session.atEnd(ofBranch: number)))
    }
    let note = all.count > most ? "the last \(most) of \(all.count) branches" : nil
    return (branches, note)
  }

  private func note(ahead trial: Trial) -> String? {
    switch trial.ending {
    case .notFinite(let bad): "step \(bad.step) is not finite, so the lines end before it"
    default: Plotting.note(trial)
    }
  }

  /// `from a to b`.
  private func range() throws(Diagnostic) -> (Int, Int) {
    func step(_ label: String) throws(Diagnostic) -> Int? {
      guard let expression = arguments.expression(label) else { return nil }
      if case .string = expression.kind { return nil }
      let number = try session.wholeNumber(expression, atLeast: 0, what: "the step")
      guard number <= session.step else {
        throw Diagnostic(
          "table.range", "step \(number) has not been taken", at: expression.span,
          help: "there are steps 0 to \(session.step)")
      }
      return number
    }
    let first = try step("a") ?? 0
    let last = try step("b") ?? session.step
    guard first <= last else {
      throw Diagnostic(
        "table.order", "from \(first) to \(last) is backwards", at: arguments.expression("b")?.span)
    }
    return (first, last)
  }

  // MARK: Along the steps

  private func alongSteps(
    _ expressions: [Expression], of session: Session, from first: Int, to last: Int? = nil,
    wasInterrupted: Bool = false, notes: [String]
  ) throws(Diagnostic) {
    let last = last ?? session.step
    let abscissa = arguments.expression("x")
    var steps = Plotting.sampled(from: first, to: last)
    if case .name(let name)? = abscissa?.kind, name.canonical == "epoch",
      let every = session.stepsPerEpoch
    {
      steps = Plotting.epochEnds(from: first, to: last, every: every)
    }
    let rows = try rows(
      expressions + (abscissa.map { [$0] } ?? []), of: session, atSteps: steps,
      wasInterrupted: wasInterrupted)
    var notes = notes
    if rows.count < steps.count {
      notes.append("interrupted: only the steps up to \(rows.last?.step ?? first)")
    } else if last - first > Plotting.mostSamples, abscissa == nil {
      notes.append("\(steps.count) of the steps \(first) to \(last)")
    }
    if let abscissa, let value = rows.lazy.compactMap({ $0.values.last ?? nil }).first,
      value.shape.count != 1
    {
      let name = abscissa.text(.pretty)
      let elements = value.shape.count == 0 ? "no" : "\(value.shape.count)"
      throw Diagnostic(
        "plot.against",
        "\(name) has \(elements) elements, and the other axis takes one number a step",
        at: abscissa.span, help: "take an element, or norm(\(abscissa.text(.ascii)))")
    }
    try draw(rows, of: expressions, notes: notes)
  }

  private func draw(_ rows: [HistoryRow], of expressions: [Expression], notes: [String])
    throws(Diagnostic)
  {
    let abscissa = arguments.expression("x")
    func x(_ row: HistoryRow) -> Double {
      guard abscissa != nil else { return Double(row.step) }
      return row.values.last.flatMap { $0?.scalar } ?? .nan
    }
    // What only grows along the steps, such as epoch, is an axis of time.
    let isTime = zip(rows, rows.dropFirst()).allSatisfy { x($0) <= x($1) }
    var series: [Series] = []
    for (i, expression) in expressions.enumerated() {
      let name = expression.text(.pretty)
      let shape = rows.lazy.compactMap { $0.values[i]?.shape }.first ?? .scalar
      guard shape.count > 0 else {
        throw Diagnostic(
          "plot.empty", "\(name) has no elements to show", at: expression.span)
      }
      guard shape.count <= Plotting.mostElements else {
        throw Diagnostic(
          "plot.large", "\(name) has \(shape.count) elements, too many for a line each",
          at: expression.span,
          help: "plot norm(\(expression.text(.ascii))), an element of it, or its spread: "
            + "plot hist \(expression.text(.ascii))")
      }
      for place in 0..<shape.count {
        let label = shape.count == 1 ? name : name + shape.subscripts(of: place)
        // Names of a step have no value before the first, where the line has not begun.
        let points = rows.drop { $0.values[i] == nil }.map { row in
          let elements = row.values[i]?.elements ?? []
          return Point(x(row), place < elements.count ? elements[place] : .nan)
        }
        series.append(Series(label, points, isTime ? .line : .path))
      }
    }
    try checkCount(series, at: expressions[0].span)
    let (xLog, yLog) = isLogarithmic
    let title = expressions.map { $0.text(.pretty) }.joined(separator: ", ")
    try show(
      Chart(
        title: title + (abscissa.map { " against \($0.text(.pretty))" } ?? ""),
        x: Axis(
          abscissa?.text(.pretty) ?? "step", isLogarithmic: xLog,
          isWhole: rows.allSatisfy { x($0) == x($0).rounded() }),
        y: Axis(isLogarithmic: yLog), series: series, notes: notes))
  }

  func checkCount(_ series: [Series], at span: Span) throws(Diagnostic) {
    guard series.count <= Plotting.mostSeries else {
      throw Diagnostic(
        "plot.many", "\(series.count) lines are too many for one chart", at: span,
        help: "at most \(Plotting.mostSeries) can be told apart")
    }
  }

  // MARK: Vectors as they are now

  /// Whether an expression is a list of numbers to be drawn as it is now: a long one, or one that
  /// steps do not change.
  private func isVectorOfNow(_ expression: Expression) throws(Diagnostic) -> Bool {
    guard let value = try session.evaluateIfStepped(expression) else { return false }
    guard value.elements.count > 1 else { return false }
    return value.elements.count > Plotting.mostElements || !session.changesWithSteps(expression)
  }

  private func areVectorsOfNow(_ expressions: [Expression]) throws(Diagnostic) -> Bool {
    for expression in expressions {
      guard try isVectorOfNow(expression) else { return false }
      let shape = try session.evaluate(expression).shape
      guard shape.count == shape.dimensions.max() else { return false }
    }
    return true
  }

  /// Elements against their place.
  private func elements(of expressions: [Expression]) throws(Diagnostic) {
    var series: [Series] = []
    for expression in expressions {
      let values = try session.evaluate(expression).elements
      series.append(
        Series(
          expression.text(.pretty), values.enumerated().map { Point(Double($0), $1) }, .line))
    }
    try checkCount(series, at: expressions[0].span)
    let (xLog, yLog) = isLogarithmic
    try show(
      Chart(
        title: series.map(\.name).joined(separator: ", "),
        x: Axis("element", isLogarithmic: xLog, isWhole: true), y: Axis(isLogarithmic: yLog),
        series: series))
  }

  /// A point for every pair of elements.
  private func scatter(_ expressions: [Expression], against abscissa: Expression)
    throws(Diagnostic)
  {
    let x = try session.evaluate(abscissa).elements
    var series: [Series] = []
    for expression in expressions {
      let y = try session.evaluate(expression)
      guard y.elements.count == x.count else {
        throw Diagnostic(
          "plot.pairs",
          "\(expression.text(.pretty)) has \(y.elements.count) elements and "
            + "\(abscissa.text(.pretty)) has \(x.count)", at: expression.span,
          help: "points need as many of the one as of the other")
      }
      series.append(
        Series(expression.text(.pretty), zip(x, y.elements).map { Point($0, $1) }, .points))
    }
    try checkCount(series, at: expressions[0].span)
    let (xLog, yLog) = isLogarithmic
    let names = series.map(\.name).joined(separator: ", ")
    try show(
      Chart(
        title: "\(names) against \(abscissa.text(.pretty))",
        x: Axis(abscissa.text(.pretty), isLogarithmic: xLog), y: Axis(isLogarithmic: yLog),
        series: series))
  }
}
