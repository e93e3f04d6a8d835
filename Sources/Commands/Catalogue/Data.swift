// data: tables and arrays read from files.

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
      "npy(\"file.npy\") reads a NumPy array. Files are looked for as named, then among the data "
        + "sets that come with Descent.",
    ],
    examples: [["data d = csv(\"diabetes.csv\")", "mean(d.bmi)"]],
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
