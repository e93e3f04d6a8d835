// data: tables, arrays and texts read from files.

import Diagnostics
import Engine
import Notation

extension Command {
  static let data = Command(
    "data", group: .defining, summary: "reads a data set from a file",
    forms: [[.name("name", .new), .sign(.assign), .expression("csv(\"file\")")]],
    details: [
      "csv(\"file.csv\") reads a table: d.column is a vector, columns(d, \"a\", \"b\") a matrix, "
        + "columns(d) all numeric columns. Names with blanks: d[\"sepal length\"].",
      "Options: header=false, delimiter=\";\", missing=nan or missing=\"skip\".",
      "npy(\"file.npy\") reads a NumPy array, npz(\"file.npz\") and safetensors(\"file.safetensors\") "
        + "several, as d.name or d[\"name\"].",
      "text(\"file.txt\") reads a text: a character is a code point of Unicode, as in Python; d.codes is "
        + "the number of each, d.classes how many "
        + "different ones there are, encode(d, \"the\") the numbers of some, decode(d, codes) the text "
        + "of numbers; windows(d.codes[:-1], 8) and d.codes[8:] are pieces and what follows them.",
      "show d lists the columns with their ranges and what is missing. Files are looked for as named, "
        + "then among the data sets that come with Descent.",
    ],
    examples: [
      ["data d = csv(\"diabetes.csv\")", "mean(d.bmi)", "show d"],
      ["data d = text(\"walrus.txt\")", "d.codes[:8]", "decode(d, d.codes[:30])"],
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      guard let name = arguments.name("name"), let source = arguments.expression("csv(\"file\")")
      else { return }
      try interpreter.checkDefinable(name)
      let loaded = try DataSource.load(source)
      try interpreter.session.changeProblem { (problem) throws(Diagnostic) in
        problem.forgetSplit(of: name.name)
        problem.definitions[name.name] = loaded.definition
      }
      try interpreter.reply(
        MessageReport("\(name.name.pretty) : \(loaded.summary)"), arguments.muted)
    })
}
