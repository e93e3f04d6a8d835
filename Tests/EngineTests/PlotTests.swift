// plot: what it draws is what the session computes, and what cannot be drawn is said clearly.

import Diagnostics
import Engine
import Notation
import Testing

@testable import Commands

@Suite struct PlotTests {
  static let run = """
    param w = [1, -2]
    loss L = sum((w - [3, 1])^2)
    optimizer adam(lr=0.1)
    step 50
    """

  /// The JSON of the last plot of these lines.
  private func fields(_ lines: String...) throws -> [String: JSONValue] {
    var shown: [any Report] = []
    let interpreter = Interpreter(surface: Surface(show: { shown.append($0) }))
    for line in lines { interpreter.run(Source(line)) }
    if let error = shown.last as? ErrorReport {
      Issue.record("\(error.diagnostic.message)")
    }
    return try #require(shown.last as? PlotReport).json()
  }

  private func numbers(_ value: JSONValue?) -> [Double] {
    guard case .array(let items)? = value else { return [] }
    return items.map { if case .number(let number) = $0 { number } else { .nan } }
  }

  private func series(_ fields: [String: JSONValue]) -> [[String: JSONValue]] {
    guard case .array(let items)? = fields["series"] else { return [] }
    return items.compactMap { if case .object(let object) = $0 { object } else { nil } }
  }

  @Test func aCurveIsTheTableOfTheSameValues() throws {
    let curve = try #require(series(try fields(Self.run, "plot L")).first)
    var shown: [any Report] = []
    let interpreter = Interpreter(surface: Surface(show: { shown.append($0) }))
    interpreter.run(Source(Self.run + "\ntable t, L every 1"))
    let table = try #require(shown.last as? TableReport)
    let losses = table.rows.map { row -> Double in
      if case .number(let value) = row[1] { value } else { .nan }
    }
    #expect(numbers(curve["x"]) == (0...50).map(Double.init))
    #expect(numbers(curve["y"]) == losses)
  }

  @Test func aVectorHasALineAnElement() throws {
    let lines = series(try fields(Self.run, "plot w, g[0] from 10 to 20"))
    #expect(lines.map { $0["name"] } == [.string("w[0]"), .string("w[1]"), .string("g[0]")])
    #expect(lines.allSatisfy { numbers($0["x"]) == (10...20).map(Double.init) })
  }

  @Test func namesOfAStepBeginWithTheFirst() throws {
    let line = try #require(series(try fields(Self.run, "plot m[0]")).first)
    #expect(numbers(line["x"]).first == 1)
  }

  @Test func aLongRunIsSampled() throws {
    let line = try #require(
      series(try fields(Self.run, "step 99950;", "plot w[0]")).first)
    let x = numbers(line["x"])
    #expect(x.count == 401 && x.first == 0 && x.last == 100_000)
  }

  @Test func lookingAheadIsWhatTheStepsThenGive() throws {
    let ahead = try #require(series(try fields(Self.run, "plot L for 30 steps")).first)
    let taken = try #require(series(try fields(Self.run, "step 30;", "plot L from 50")).first)
    #expect(ahead["x"] == taken["x"] && ahead["y"] == taken["y"])
    #expect(replies(Self.run, "plot L for 30 steps;", "t") == ["50"])
  }

  @Test func aScheduleIsDrawnWithoutALoss() throws {
    let line = try #require(
      series(
        try fields(
          "optimizer sgd(lr=0.1)", "schedule lr = 0.1*0.5^(t - 1)", "plot lr for 4 steps")
      ).first)
    #expect(numbers(line["x"]) == [1, 2, 3, 4])
    #expect(numbers(line["y"]) == [0.1, 0.05, 0.025, 0.0125])
  }

  @Test func aFunctionIsEvaluatedAtItsPlaces() throws {
    let line = try #require(
      series(try fields("f(x) = x^2", "plot f(x) + 1 for x in [0, 1, 3]")).first)
    #expect(numbers(line["x"]) == [0, 1, 3])
    #expect(numbers(line["y"]) == [1, 2, 10])
    let ends = numbers(
      try #require(series(try fields("plot x for x from -2 to 5")).first)["x"])
    #expect(ends.count == 401 && ends.first == -2 && ends.last == 5)
  }

  @Test func aLossAlongAnElementMarksThePresent() throws {
    let lines = series(
      try fields("param w = [1, 2]", "loss L = w[0]^2 + w[1]", "plot L for w[0] in [-1, 0, 2]"))
    #expect(numbers(lines[0]["y"]) == [3, 2, 6])
    #expect(numbers(lines[1]["x"]) == [1] && numbers(lines[1]["y"]) == [3])
  }

  @Test func aSliceKnowsTheStatisticsOfAModel() throws {
    let lines = """
      X = randn(8, 3, seed=1); y = sum(X, axis=1)
      model f = linear(3, 4) |> batchnorm(4) |> linear(4, 1)
      loss J = mse(f(X), y)
      optimizer sgd(lr=0.1)
      step 5;
      """
    let curves = series(try fields(lines, "plot J for f.0.weight[0, 0] from -1 to 1"))
    let point = try #require(curves.last)
    let now = try #require(numbers(point["y"]).first)
    let along = try #require(series(try fields(lines, "plot J")).first)
    let taken = try #require(numbers(along["y"]).last)
    #expect(now == taken)
  }

  @Test func contoursAreValuesOfTheLoss() throws {
    let fields = try fields(Self.run, "plot path")
    guard case .object(let field)? = fields["contours"], case .array(let rows)? = field["values"]
    else { return #expect(Bool(false), "no contours") }
    let x = numbers(field["x"])
    let y = numbers(field["y"])
    let corner = (x[0] - 3) * (x[0] - 3) + (y[0] - 1) * (y[0] - 1)
    #expect(abs((numbers(rows[0]).first ?? .nan) - corner) < 1e-12 * corner)
    let path = try #require(series(fields).first)
    #expect(numbers(path["x"]).first == 1 && numbers(path["y"]).first == -2)
    #expect(numbers(path["x"]).count == 51)
  }

  @Test func everyBranchHasAPath() throws {
    let names = series(
      try fields(Self.run, "back 40", "optimizer sgd(lr=0.1)", "step 5", "plot path")
    ).map { $0["name"] }
    #expect(names == [.string("branch 1: adam"), .string("branch 2: gradient_descent")])
  }

  @Test func ctrlCShowsTheStepsThatWereTaken() throws {
    var shown: [any Report] = []
    let interpreter = Interpreter(surface: Surface(show: { shown.append($0) }))
    interpreter.run(Source(Self.run))
    // Pressed once the run has begun.
    var asked = 0
    interpreter.surface.interrupted = {
      asked += 1
      return asked > 2
    }
    interpreter.run(Source("plot w[0] for 10000000 steps"))
    let plot = try #require(shown.last as? PlotReport).json()
    let x = numbers(series(plot).first?["x"])
    #expect(x.first == 50 && x.count > 1 && (x.last ?? .infinity) < 10_000_050)
    #expect(plot["notes"] != nil)
  }

  @Test func aRunawayPathLeavesThePicture() throws {
    let fields = try fields(Self.run, "plot path sgd(lr=3), sgd(lr=0.1) for 60 steps")
    guard case .object(let field)? = fields["contours"] else { return #expect(Bool(false)) }
    #expect(abs(numbers(field["x"])[1]) < 1e6)
    #expect(fields["notes"] != nil)
  }

  @Test func batchesShowTheLossOnAllTheData() throws {
    let lines = [
      "X = arange(6); y = 2*X; param w = 0; loss L = mse(X*w, y); optimizer sgd(lr=0.01)",
      "batch 2 of X, y", "step 9;",
    ]
    let curve = try #require(
      series(try fields(lines[0], lines[1], lines[2], "plot L against epoch")).first)
    #expect(numbers(curve["x"]) == [0, 1, 2, 3])
    let first = try #require(numbers(curve["y"]).first)
    #expect(abs(first - 220.0 / 6) < 1e-12)
    let names = series(
      try fields(lines[0], "step 3;", "reset", lines[1], lines[2], "plot L by branch")
    ).map { $0["name"] }
    #expect(
      names == [
        .string("branch 1: gradient_descent"), .string("branch 2: gradient_descent, batch 2"),
      ])
  }

  @Test func comparedOptimizersStartAtThePresent() throws {
    let lines = series(
      try fields(Self.run, "plot compare sgd(lr=0.1), momentum(lr=0.1) for 10 steps"))
    #expect(lines.map { $0["name"] } == [.string("sgd(lr=0.1)"), .string("momentum(lr=0.1)")])
    #expect(numbers(lines[0]["y"]).first == numbers(lines[1]["y"]).first)
    #expect(numbers(lines[0]["x"]).count == 11)
  }

  @Test func aHistogramCountsEveryValue() throws {
    for line in ["plot hist v", "plot hist v bins 7"] {
      guard
        case .array(let bars)? = try fields("v = [0.1, 0.2, 0.3, 0.3, 0.30000000000000004]", line)[
          "bars"]
      else { return #expect(Bool(false)) }
      let counts = bars.map { bar -> Double in
        if case .object(let fields) = bar, case .number(let count)? = fields["height"] {
          count
        } else {
          .nan
        }
      }
      #expect(counts.reduce(0, +) == 5)
      if line.hasSuffix("7") { #expect(counts.count == 7) }
    }
  }

  @Test func aVectorMayBeASquare() throws {
    guard case .array(let rows)? = try fields("plot image linspace(0, 1, 64)")["rows"] else {
      return #expect(Bool(false))
    }
    #expect(rows.count == 8 && numbers(rows[0]).count == 8)
  }

  @Test func mistakesAreSaidClearly() {
    func error(_ lines: String...) -> String {
      var text = ""
      let interpreter = Interpreter(surface: Surface(show: { _ in }))
      interpreter.surface.show = { report in
        if let error = report as? ErrorReport {
          text = error.diagnostic.message + " | " + (error.diagnostic.help ?? "")
        }
      }
      for line in lines { interpreter.run(Source(line)) }
      return text
    }
    #expect(error("plot").hasPrefix("there is no loss to plot"))
    #expect(
      error("param w = 1; loss L = w^2; optimizer sgd(lr=0.1)", "plot L")
        == "no step has been taken yet, so there is no curve | "
        + "type step 100, or look ahead: plot … for 100 steps")
    #expect(error(Self.run, "plot L from 60").hasPrefix("step 60 has not been taken"))
    #expect(error(Self.run, "plot L from 20 to 10").hasPrefix("from 20 to 10 is backwards"))
    #expect(
      error(Self.run, "plot 0*L - 1 log").hasPrefix("a logarithmic axis shows values above 0"))
    #expect(error(Self.run, "plot L to \"run.png\"").hasPrefix("a plot is written as SVG"))
    #expect(error(Self.run, "plot L to \"/nowhere/a.svg\"").contains("no folder"))
    #expect(error(Self.run, "plot x for x from 2 to 1").hasPrefix("the range must go"))
    #expect(error(Self.run, "plot [x, x] for x from 0 to 1").hasPrefix("[x, x] has shape [2]"))
    #expect(error(Self.run, "plot path w[0]").hasPrefix("a plane takes two parameter values"))
    #expect(error(Self.run, "plot path w").hasPrefix("w is 2 numbers"))
    #expect(error(Self.run, "plot path w[0], w[0]").hasPrefix("both axes are w[0]"))
    #expect(error("plot x for x in [1]").hasPrefix("a curve takes two places or more"))
    #expect(error(Self.run, "plot path nosuch(1)").hasPrefix("there is no optimizer nosuch"))
    #expect(
      error("param w = zeros(3); loss L = sum(w^2)", "plot path").hasPrefix(
        "there are not exactly two parameter values"))
    #expect(error("plot image zeros(2, 3, 4)").hasPrefix("zeros(2, 3, 4) has shape [2, 3, 4]"))
    #expect(error("plot hist [nan, inf]").hasPrefix("[nan, inf] has no finite value"))
    #expect(error("plot hist [1, 2] bins 0").hasPrefix("the number of bins must be at least 1"))
    #expect(error("plot [1, 2] against [1, 2, 3]").hasPrefix("[1, 2] has 2 elements"))
    #expect(error("plot nosuch for x from 0 to 1").hasPrefix("nothing is called nosuch"))
  }

  @Test func writingMayBeForbidden() {
    var text = ""
    let interpreter = Interpreter(surface: Surface(show: { _ in }))
    interpreter.surface.mayWrite = false
    interpreter.surface.show = { report in
      if let error = report as? ErrorReport { text = error.diagnostic.message }
    }
    interpreter.run(Source("plot x for x from 0 to 1 to \"a.svg\""))
    #expect(text == "writing files is not allowed here")
  }
}

@Suite struct FormulaPlotTests {
  @Test func formulasOfTNeedNoRun() throws {
    // The values along the steps are those of the formula by itself.
    let schedule = "schedule lr = warmup_cosine(0.1, 3, 12)"
    let formula = session("optimizer sgd(lr=0.1)", schedule)
    let lr = Name(canonical: "lr")
    #expect(formula.session.isFormulaOfT(lr))
    let rows = try formula.session.formulasOfT([lr], atUpdates: Array(0...12))
    #expect(rows[0].values[0] == nil)
    let live = session("param w = 1", "loss L = w^2", "optimizer sgd(lr=0.1)", schedule)
    for row in rows.dropFirst() {
      live.run(Source("step;"))
      let now = try live.session.evaluate(Expression(.name(lr), Span(Source("lr"), 0, 2)))
      #expect(row.values[0] == now, "step \(row.step)")
    }
    #expect(!replies("optimizer sgd(lr=0.1)", schedule, "plot lr")[0].hasPrefix("error"))
  }

  @Test(arguments: ["plateau(0.1, L)", "torch.ReduceLROnPlateau(0.1, L)", "0.1*L", "0.1/epoch"])
  func othersAreRun(_ schedule: String) {
    let live = session(
      "X = arange(4)", "param w = 1", "loss L = mse(X*w, X)", "optimizer sgd(lr=0.1)",
      "batch 2 of X", "schedule lr = \(schedule)")
    #expect(!live.session.isFormulaOfT(Name(canonical: "lr")))
  }

  @Test func kindsAreSaidInHelp() {
    #expect(replies("help plot").joined(separator: " ").contains("plot (hist)"))
    let shown = replies("hist = arange(12)", "plot (hist)")
    #expect(!shown.isEmpty && !shown[0].hasPrefix("error"), "\(shown)")
  }
}
