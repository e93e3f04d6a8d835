// Help on families of functions: losses, metrics, schedules, augmentation, each function in a line;
// and on plateau, the schedule with a memory, which is no function.

import Diagnostics
import Engine
import Notation
import Tensors

enum FamilyHelp {
  static func list(_ family: FunctionFamily) -> TableReport {
    var entries = family.functions.map { ($0.signature, $0.summary.firstSentence) }
    if family == .schedules {
      // The library's own stand after ours.
      let place = entries.firstIndex { $0.0.hasPrefix("torch.") } ?? entries.endIndex
      let text = "Lowered when a watched value stops improving."
      entries.insert((Plateau.own.usage, text), at: place)
      let last = entries.lastIndex { $0.0.hasPrefix("torch.") } ?? entries.endIndex - 1
      entries.insert((Plateau.torch.usage, "plateau under PyTorch's names."), at: last + 1)
    }
    return TableReport(
      columns: [.init(family.rawValue), .init("")],
      rows: entries.map { [.text($0.0), .text($0.1)] }, footer: footer(family))
  }

  private static func footer(_ family: FunctionFamily) -> String {
    switch family {
    case .schedules: "schedule lr = cosine(0.1, 100) · help cosine explains one and has its formula"
    case .losses: "loss L = mse(f(X), y) + 0.01*l2(f) · help mse explains one and has its formula"
    case .metrics: "accuracy(f(X.test), y.test) · judge f(X.test), y.test gives those that suit"
    case .augmentation: "loss L = mse(f(flip(X, seed=t)), y) · help flip explains one"
    }
  }

  static let plateau = HelpReport(
    title: "plateau", summary: "a rate that is lowered when a watched value stops improving",
    usage: [Plateau.own.usage, Plateau.torch.usage],
    paragraphs: [
      "PyTorch's ReduceLROnPlateau (2.15). The rate begins at start. When the watched value has not "
        + "been better than its best so far for more than patience times in a row, the rate becomes "
        + "max(rate·factor, min).",
      "With every=epoch (the default) it is judged once an epoch, at its end: the watched value on "
        + "all the data in eval mode, as the prompt shows it, so a loss on validation data may be "
        + "watched. Where no batch is set each step is an epoch. With every=step it is judged after "
        + "every step, on the rows and with the dropout of that step; such values go up and down by "
        + "chance, so patience has to be larger.",
      "What it remembers is kept with the optimizer's state, so back and goto restore it.",
    ],
    terms: [
      ("start", "the rate in the beginning; PyTorch's name for it is lr"),
      ("watch", "any expression of the run: a loss, mse(f(Xval), yval), accuracy(…)"),
      ("factor", "what the rate is multiplied by, above 0 and below 1"),
      ("patience", "how many times without improvement are let pass"),
      (
        "threshold", "how much better counts as better, so that no improvement is too small to tell"
      ),
      ("cooldown", "how many times are not counted after the rate was lowered"),
      ("min", "the rate is never lowered below it; PyTorch's min_lr"),
      ("eps", "a change of the rate that is no larger is left out"),
      ("mode", "min: lower values are better; max: higher ones, as for an accuracy"),
      ("threshold_mode", "rel: threshold is a share of the best value; abs: a difference"),
      ("every", "epoch or step"),
    ],
    examples: [
      .init([
        "X = randn(32, 2); y = X @ [1, -2];", "param w = [0, 0]", "loss L = mse(X @ w, y)",
        "optimizer sgd(lr=0.1)", "batch 8 of X, y", "schedule lr = plateau(0.1, L, patience=2)",
        "step 20 epochs", "lr",
      ])
    ], seeAlso: ["schedules", "schedule"])
}

extension String {
  /// Up to the first full stop that ends a sentence.
  fileprivate var firstSentence: String {
    var depth = 0
    var previous: Character = " "
    var result = ""
    for character in self {
      if previous == ".", character == " ", depth == 0 { break }
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      result.append(character)
      previous = character
    }
    return result
  }
}
