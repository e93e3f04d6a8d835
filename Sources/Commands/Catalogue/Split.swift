// split: rows dealt out to train, validation and test parts, or to folds.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  private static let options = Syntax.settings("[seed=0] [by=classes] [shuffle=true]")
  private static let folds: [Syntax] = [
    .word("into"), .count("k"), .word("folds"), .optional([options]),
  ]

  static let split = Command(
    "split", group: .defining, summary: "divides data into train, validation and test parts",
    forms: [
      [
        .names("data", .definition),
        .either([
          folds,
          [
            .expression("share"),
            .optional([
              .either([
                [options], folds,
                [
                  .expression("share of val"),
                  .optional([
                    .either([[options], [.expression("share of test"), .optional([options])]])
                  ]),
                ],
              ])
            ]),
          ],
        ]),
      ]
    ],
    usage: [
      "split data, … share [share of val] [seed=0] [by=classes] [shuffle=true]",
      "split data, … [share] into k folds [seed=0] [by=classes] [shuffle=true]",
    ],
    details: [
      "split d 0.8 makes d.train of 80 % of the rows and d.test of the rest; split d 0.6 0.2 makes "
        + "d.train, d.val and d.test. Parts stand wherever d may: d.train.target, "
        + "columns(d.train, \"bmi\"), codes(d.train, \"species\"), which numbers the classes as in "
        + "d. Tensors are split together, row by row: split X, y 0.8 makes X.train, y.train, X.test, "
        + "y.test.",
      "split d into 5 folds divides the rows into 5 folds as equal as possible: the active one is "
        + "d.val, the others d.train; fold 2 makes another one active. split d 0.8 into 5 folds "
        + "holds d.test out first.",
      "Rows are drawn at random, the same ones for the same seed, and keep their order within a "
        + "part; shuffle=false takes them as they come. by=species keeps each class's share in "
        + "every part, to a row; for tensors by=y.",
    ],
    examples: [
      ["data d = csv(\"diabetes.csv\")", "split d 0.8 seed=1", "mean(d.train.bmi)"],
      [
        "data d = csv(\"iris.csv\")", "split d 0.6 0.2 seed=1, by=species",
        "codes(d.test, \"species\")",
      ],
      [
        "X = [[1, 2], [3, 4], [5, 6], [7, 8]]; y = [0, 1, 0, 1]", "split X, y 0.5 seed=3",
        "X.train", "y.train",
      ],
      ["data d = csv(\"diabetes.csv\")", "split d 0.9 into 5 folds seed=1", "fold 2"],
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      var identifiers: [Identifier] = []
      for path in arguments.names("data") {
        guard let first = path.first, path.count == 1 else {
          throw Diagnostic(
            "split.what", "a part is not split again", at: path.first?.span,
            help: "split the whole into more parts: split d 0.6 0.2, or split d 0.8 into 5 folds")
        }
        identifiers.append(first)
      }
      let (plan, by) = try plan(interpreter, arguments)
      let (split, classes, labels) = try interpreter.session.split(
        identifiers, plan: plan, by: by, at: arguments.span)
      try interpreter.reply(
        .split(split, plan: plan, classes: classes, labels: labels), arguments.muted)
    })

  private static func plan(_ interpreter: Interpreter, _ arguments: Arguments) throws(Diagnostic)
    -> (Split.Plan, by: Expression?)
  {
    var plan = Split.Plan()
    let shares = ["share", "share of val", "share of test"].compactMap { arguments.expression($0) }
    var total = 0.0
    for expression in shares {
      let share = try interpreter.session.evaluate(expression).scalar ?? .nan
      guard share > 0, share < 1 else {
        throw Diagnostic(
          "split.share", "a part's share lies between 0 and 1", at: expression.span,
          help: "split d 0.8 takes 80 % of the rows for d.train")
      }
      total += share
      plan.shares.append(share)
    }
    if shares.count == 3, let last = shares.last {
      guard abs(total - 1) < 1e-9 else {
        throw Diagnostic(
          "split.share", "the three shares make \(Float(total)), not 1", at: last.span,
          help: "the last one may be left out: d.test takes the rest")
      }
      plan.shares.removeLast()
    } else if let last = shares.last, total > 1 - 1e-9 {
      throw Diagnostic(
        "split.share", "nothing would be left for test", at: last.span,
        help: "the shares of train and val together are less than 1")
    }
    if let k = arguments.expression("k") {
      plan.folds = try interpreter.session.wholeNumber(
        k, atLeast: 2, atMost: Split.mostFolds, what: "the number of folds")
    }
    var by: Expression?
    for (path, value) in arguments.bindings(options.usage) {
      let word = path.map(\.name.canonical).joined(separator: ".")
      switch word {
      case "seed":
        plan.seed = Double(
          try interpreter.session.wholeNumber(value, atLeast: 0, what: "the seed"))
      case "shuffle":
        guard let flag = try interpreter.session.evaluate(value).scalar, flag == 0 || flag == 1
        else { throw Diagnostic("split.option", "shuffle is true or false", at: value.span) }
        plan.shuffles = flag == 1
      case "by": by = value
      default:
        throw Diagnostic(
          "split.option", "split has no option \(word)", at: path.first?.span,
          help: didYouMean(word, in: ["seed", "by", "shuffle"])
            ?? "its options are seed, by and shuffle")
      }
    }
    return (plan, by)
  }
}

extension MessageReport {
  /// `d : 150 rows: d.train 120, d.test 30 (seed 1)`, with by= also how many rows of each class.
  static func split(
    _ split: Split, plan: Split.Plan, classes: [Int]?, labels: [String]
  ) -> MessageReport {
    var fields: [String: JSONValue] = [
      "data": .array(split.names.map { .string($0.canonical) }),
      "rows": .number(Double(split.rowCount)),
      "parts": .object(
        Dictionary(
          split.parts.map { ($0.name.canonical, .number(Double($0.rows.count))) },
          uniquingKeysWith: { a, _ in a })),
      "seed": .number(plan.seed),
    ]
    if !split.folds.isEmpty {
      fields["folds"] = .array(split.folds.map { .number(Double($0.count)) })
      fields["fold"] = split.activeFold.map { .number(Double($0)) }
    }
    let counts = classes.map { counted($0, labels.count, in: split) }
    if let counts {
      fields["classes"] = .object(
        Dictionary(
          zip(labels, counts).map { label, row in
            (label, .array(row.map { .number(Double($0)) }))
          }, uniquingKeysWith: { a, _ in a }))
    }
    return MessageReport(kind: "split", fields: fields) { format in
      var lines = [summary(split, format)]
      let order =
        plan.shuffles
        ? "drawn with seed \(NumberFormat.text(plan.seed, digits: 6))" : "in the order of the file"
      lines[0].append("  (\(order))", .dim)
      if !split.folds.isEmpty { lines.append(folds(split, format)) }
      guard let counts, labels.count <= 20 else { return lines }
      let header = ["class"] + split.parts.map(\.name.canonical)
      let rows = zip(labels, counts).map { label, row in [label] + row.map { "\($0)" } }
      let widths = header.indices.map { column in
        ([header] + rows).map { $0[column].count }.max() ?? 0
      }
      for row in [header] + rows {
        var line = "  " + row[0].padded(to: widths[0])
        for column in 1..<row.count {
          line +=
            "  " + String(repeating: " ", count: widths[column] - row[column].count) + row[column]
        }
        lines.append(StyledText(line))
      }
      return lines
    }
  }

  /// `fold 2 of 5: d.train 353 rows, d.val 89`
  static func fold(_ split: Split) -> MessageReport {
    MessageReport(
      kind: "fold",
      fields: [
        "data": .array(split.names.map { .string($0.canonical) }),
        "fold": split.activeFold.map { .number(Double($0)) } ?? .null,
        "folds": .array(split.folds.map { .number(Double($0.count)) }),
      ]
    ) { format in [folds(split, format)] }
  }

  /// `d : 150 rows in train 120, test 30`
  static func summary(_ split: Split, _ format: Format) -> StyledText {
    var line = StyledText("")
    for (place, name) in split.names.enumerated() {
      line.append(place > 0 ? ", " : "")
      line.append(name.text(format), .name)
    }
    line.append(" : \(split.rowCount) rows in ")
    line.append(
      split.folds.isEmpty
        ? sizes(split)
        : "\(split.folds.count) folds of \(foldSizes(split))"
          + (split.part(Split.test).map { ", test \($0.rows.count)" } ?? ""))
    return line
  }

  private static func sizes(_ split: Split) -> String {
    split.parts.map { "\($0.name.canonical) \($0.rows.count)" }.joined(separator: ", ")
  }

  private static func foldSizes(_ split: Split) -> String {
    let sizes = Set(split.folds.map(\.count)).sorted()
    return sizes.map(String.init).joined(separator: " or ")
  }

  private static func folds(_ split: Split, _ format: Format) -> StyledText {
    let name = split.names.first?.text(format) ?? ""
    let parts = split.parts.map { "\(name).\($0.name.canonical) \($0.rows.count)" }
    return StyledText(
      "fold \(split.activeFold ?? 1) of \(split.folds.count): "
        + parts.joined(separator: ", ") + (parts.isEmpty ? "" : " rows"))
  }

  /// How many rows of each class each part has.
  private static func counted(_ classes: [Int], _ count: Int, in split: Split) -> [[Int]] {
    var result = [[Int]](
      repeating: [Int](repeating: 0, count: split.parts.count), count: count)
    for (column, part) in split.parts.enumerated() {
      for row in part.rows where classes.indices.contains(row) {
        if result.indices.contains(classes[row]) { result[classes[row]][column] += 1 }
      }
    }
    return result
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
