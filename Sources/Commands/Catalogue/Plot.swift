// plot: curves, contours with the optimizers' paths, histograms, pictures.

import Diagnostics
import Engine
import Notation

extension Command {
  private static let plotFile: Syntax = .optional([.word("to"), .file("file")])
  private static let plotScale: Syntax = .optional([.choice("scale", ["log", "loglog"])])
  private static let plotSteps: Syntax = .optional([
    .word("for"), .count("n"), .optional([.choice("unit", plotUnits)]),
  ])
  private static let plotUnits = ["steps", "epochs", "epoch"]

  static let plot = Command(
    "plot", group: .looking, summary: "draws curves, contours with paths, histograms, pictures",
    forms: [
      [
        .choice("kind", ["path"]), .optional([.contenders("part")]), plotSteps, plotFile,
      ],
      [
        .choice("kind", ["hist"]), .expression("value"),
        .optional([.word("bins"), .count("bins")]), plotScale, plotFile,
      ],
      [.choice("kind", ["image"]), .expression("value"), plotFile],
      [.choice("kind", ["compare"]), .contenders("optimizer"), plotSteps, plotScale, plotFile],
      [
        .expressions("expression"),
        .optional([
          .either([
            [.word("against"), .expression("x")], [.word("by"), .choice("branch", ["branch"])],
          ])
        ]),
        .optional([
          .word("from"), .count("a"), .optional([.word("to"), .expression("b")]),
        ]),
        .optional([
          .word("for"), .expression("n"),
          .optional([
            .either([
              [.choice("unit", plotUnits)], [.word("in"), .expression("values")],
              [.word("from"), .expression("start"), .word("to"), .expression("end")],
            ])
          ]),
        ]),
        plotScale, plotFile,
      ],
      [plotSteps, plotFile],
    ],
    details: [
      "plot J, norm(w): curves over the steps taken, each value replayed exactly; a long run is "
        + "sampled at about \(Plotting.mostSamples) of its steps. plot alone draws the losses; from "
        + "a to b chooses steps, by branch gives every branch of the history a line. A parameter of up to 8 elements gets a line an element; a longer "
        + "vector, or one that steps do not change, is drawn over the numbers of its elements.",
      "plot J for 200 steps looks ahead: what the next 200 steps would give, the session staying "
        + "as it is. Before the first step plot lr does so for 100 steps.",
      "plot sin(x) for x from -3 to 3, or for x in linspace(…): a function. The x may be a "
        + "parameter or an element of one, as in plot L for w[0] from -1 to 4; the point is where it "
        + "is now. plot b against a: points for two vectors, else values along the steps against "
        + "another one's, as in plot J against epoch.",
      "plot path: contours of the loss over two parameter values (the only two, or those named: "
        + "plot path w[0], w[1]) and the way the steps took; every branch of the history has its "
        + "own. With optimizers named, theirs from the present values, with fresh state.",
      "plot compare sgd(lr=0.1), adam(lr=0.1) for 50 steps: the loss along the steps of each, from "
        + "the present values with fresh state. As with compare, each may have a batch of its own: "
        + "plot compare sgd(lr=0.1) batch all, sgd(lr=0.1) batch 8 for 5 epochs draws them over "
        + "epochs, so that all have seen as much of the data.",
      "With batches, a loss in a plot is that on all the data.",
      "plot hist w counts values; a bin holds its lower edge. plot image X[3]: a matrix as shades, "
        + "the first row on top; a vector of 64 numbers is a square of 8 by 8; a row of a data set "
        + "leaves out its last column if that makes it a square.",
      "path, hist, image and compare right after plot always say which kind of plot is meant; a value "
        + "of one of these names is put in parentheses: plot (hist).",
      "log makes the y axis logarithmic, loglog both. to \"file.svg\" writes the picture to a file, "
        + "in place of one that is there.",
    ],
    examples: [
      [
        "param w = [1, -2]", "loss L = sum((w - [3, 1])^2)", "optimizer adam(lr=0.1)", "step 100",
        "plot L log", "plot w, norm(g) from 10",
      ],
      [
        "param w = [-1.5, 1]", "loss L = w[0]^2 + 10*w[1]^2", "optimizer momentum(lr=0.02)",
        "step 40", "back 20", "optimizer adam(lr=0.1)", "step 30", "plot L by branch", "plot path",
        "plot path sgd(lr=0.05), adam(lr=0.2) for 50 steps",
      ],
      ["plot sin(x), x - x^3/6 for x from -3 to 3"],
      ["optimizer sgd(lr=0.1)", "schedule lr = 0.1*0.98^t", "plot lr for 200 steps"],
      [
        "param w = 2", "loss L = w^4 - w^2", "plot L for w from -1.5 to 1.5",
        "plot compare sgd(lr=0.01), momentum(lr=0.01) for 60 steps",
      ],
      ["plot hist randn(1000, seed=1)", "plot image eye(8)"],
    ],
    effect: .inspects,
    runsLong: true,
    run: { interpreter, arguments throws(Diagnostic) in
      // Curves look at Ctrl-C between steps; a single evaluation is broken off within.
      interpreter.session.interrupted = interpreter.surface.interrupted
      let plotting = Plotting(interpreter: interpreter, arguments: arguments)
      switch arguments.text("kind")?.text {
      case "path": try plotting.path()
      case "hist": try plotting.histogram()
      case "image": try plotting.image()
      case "compare": try plotting.comparison()
      default: try plotting.curves()
      }
    })
}
