// fold: which part of a data set divided into folds validates now.

import Diagnostics
import Engine
import Notation

extension Command {
  static let fold = Command(
    "fold", group: .defining, summary: "makes another fold the validation part",
    forms: [
      [.name("data", .definition), .optional([.count("number")])],
      [.optional([.count("number")])],
    ],
    details: [
      "After split d into 5 folds, fold 2 (or fold d 2) makes the second fold d.val and the other "
        + "four d.train. Folds count from 1. Definitions change with it; parameters stay as they "
        + "are, so declare or reset them before training on another fold. fold alone says which is "
        + "active."
    ],
    examples: [
      ["data d = csv(\"diabetes.csv\")", "split d into 5 folds seed=1", "fold 2", "fold"]
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      let name: Name
      var span = arguments.span
      if let given = arguments.name("data") {
        (name, span) = (given.name, given.span)
      } else {
        let known = interpreter.session.foldedNames
        guard let only = known.first else {
          throw Diagnostic(
            "fold.none", "nothing is divided into folds", at: span, help: "split d into 5 folds")
        }
        guard known.count == 1 else {
          let names = known.map(\.canonical).joined(separator: ", ")
          throw Diagnostic(
            "fold.which", "several things are divided into folds: \(names)", at: span,
            help: "say which: fold \(only.canonical) 2")
        }
        name = only
      }
      if let expression = arguments.expression("number") {
        let number = try interpreter.session.wholeNumber(
          expression, atLeast: 1, what: "the number of a fold")
        try interpreter.session.activateFold(number, of: name, at: expression.span)
      }
      guard let split = interpreter.session.split(of: name), !split.folds.isEmpty else {
        throw Diagnostic(
          "fold.none", "\(name.pretty) is not divided into folds", at: span,
          help: "split \(name.canonical) into 5 folds")
      }
      try interpreter.reply(.fold(split), arguments.muted)
    })
}
