// Splitting what the session holds, and going from fold to fold.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension Session {
  /// The split that a name has a part in.
  package func split(of name: Name) -> Split? { problem.splits[name] }

  /// What is divided into folds: the first name of each split that has some, sorted.
  package var foldedNames: [Name] {
    problem.splits.filter { !$0.value.folds.isEmpty && $0.value.names.first == $0.key }.keys
      .sorted()
  }

  /// How many folds a data set has; nil when it has none.
  package func foldCount(of name: Name) -> Int? {
    problem.splits[name].flatMap { $0.folds.isEmpty ? nil : $0.folds.count }
  }

  /// The number of the fold that validates now, from 1; nil when there are no folds.
  package func activeFold(of name: Name) -> Int? { problem.splits[name]?.activeFold }

  /// Makes another fold the validation part, for all that was split together. Definitions that use
  /// the parts change with it; parameters stay as they are.
  ///
  /// - Throws: `fold.none` when the name has no folds, `fold.number` when it has no such one.
  package mutating func activateFold(_ number: Int, of name: Name, at span: Span? = nil)
    throws(Diagnostic)
  {
    guard var split = problem.splits[name], let count = foldCount(of: name) else {
      throw Diagnostic(
        "fold.none", "\(name.pretty) is not divided into folds", at: span,
        help: "split \(name.canonical) into 5 folds")
    }
    guard split.activate(fold: number) else {
      throw Diagnostic(
        "fold.number", "\(name.pretty) has the folds 1 to \(count)", at: span)
    }
    try changeProblem { (problem) throws(Diagnostic) in
      for member in split.names { problem.splits[member] = split }
    }
  }

  /// Splits a table, or tensors row by row.
  ///
  /// - Parameter by: what tells the classes whose shares every part is to keep: a column of the
  ///   table, or a tensor with a number for each row.
  /// - Returns: the split, and how many rows of each class it deals with, in the order of the labels.
  /// - Throws: `split.rows`, `split.what`, `split.empty`, `split.classes`.
  package mutating func split(
    _ identifiers: [Identifier], plan: Split.Plan, by: Expression? = nil, at span: Span
  ) throws(Diagnostic) -> (split: Split, classes: [Int]?, labels: [String]) {
    let names = identifiers.map(\.name)
    let count = try rowCount(of: identifiers)
    var classes: [Int]?
    var labels: [String] = []
    if let by {
      (classes, labels) = try self.classes(by, rows: count, of: names)
      try checkClasses(classes ?? [], labels, plan, at: by.span)
    }
    let split = try Split(names, rowCount: count, plan: plan, classes: classes, at: span)
    try changeProblem { (problem) throws(Diagnostic) in
      for name in names { problem.forgetSplit(of: name) }
      for name in names { problem.splits[name] = split }
    }
    return (split, classes, labels)
  }

  /// How many rows things have that are to be split together.
  private func rowCount(of identifiers: [Identifier]) throws(Diagnostic) -> Int {
    var counts: [Int] = []
    for (place, identifier) in identifiers.enumerated() {
      let name = identifier.name
      if identifiers.prefix(place).contains(where: { $0.name == name }) {
        throw Diagnostic("split.twice", "\(name.pretty) is named twice", at: identifier.span)
      }
      switch problem.definitions[name] {
      case .table(let table):
        for part in Split.partNames {
          if let column = table.columns.first(where: {
            DataTable.canonical($0.name) == part.canonical
          }) {
            throw Diagnostic(
              "split.column",
              "\(name.pretty) has a column \"\(column.name)\", so \(name.pretty).\(part.canonical)"
                + " would have two meanings", at: identifier.span,
              help: "rename that column in the file")
          }
        }
        counts.append(table.rowCount)
      case .formula, .value:
        let shape = try evaluate(Expression(.name(name), identifier.span)).shape
        guard let rows = shape.dimensions.first else {
          throw Diagnostic(
            "split.what", "\(name.pretty) is a single number and has no rows", at: identifier.span)
        }
        counts.append(rows)
      default:
        throw Diagnostic(
          "split.what", "\(name.pretty) is no data that could be split", at: identifier.span,
          help: problem.definitions[name] == nil && problem.parameter(name) == nil
            ? didYouMean(name.canonical, in: problem.definitions.keys.map(\.canonical).sorted())
              ?? "split d 0.8 takes a data set, split X, y 0.8 tensors with a row for each other's"
            : "split takes a data set, or tensors with a row for each other's")
      }
      if let first = counts.first, let last = counts.last, first != last {
        throw Diagnostic(
          "split.rows",
          "\(identifiers[0].name.pretty) has \(first) rows, \(name.pretty) has \(last)",
          at: identifier.span, help: "what is split together has a row for each other's")
      }
    }
    return counts.first ?? 0
  }

  /// The class of each row, numbered from 0, and the classes' labels.
  private func classes(_ by: Expression, rows: Int, of names: [Name]) throws(Diagnostic)
    -> ([Int], [String])
  {
    if let name = names.first, case .table(let table) = problem.definitions[name] {
      var column: String?
      switch by.kind {
      case .string(let text): column = text
      case .name(let field): column = field.canonical
      case .member(let base, let field):
        if case .name(let owner) = base.kind, owner == name { column = field.canonical }
      default: break
      }
      if let column {
        let (codes, labels) = try table.codes(column, at: by.span)
        return (codes.elements.map { Int(exactly: $0) ?? 0 }, labels)
      }
    }
    let tensor = try evaluate(by)
    guard tensor.elements.count == rows else {
      throw Diagnostic(
        "split.classes",
        "by= needs the class of each of the \(rows) rows; this has shape \(tensor.shape)",
        at: by.span)
    }
    if let row = tensor.elements.firstIndex(where: \.isNaN) {
      throw Diagnostic("split.classes", "row \(row) has no class: it is nan", at: by.span)
    }
    let labels = Set(tensor.elements).sorted()
    let codes = Dictionary(labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    let names = classLabels(by, count: labels.count)
    return (
      tensor.elements.map { codes[$0] ?? 0 },
      names ?? labels.map { Int(exactly: $0).map(String.init) ?? "\($0)" }
    )
  }

  /// Every part can only have its share of a class that has a row for each part.
  private func checkClasses(
    _ classes: [Int], _ labels: [String], _ plan: Split.Plan, at span: Span
  ) throws(Diagnostic) {
    var sizes = [Int](repeating: 0, count: labels.count)
    for label in classes { sizes[label] += 1 }
    let needed = plan.folds.map { $0 + plan.shares.count } ?? plan.shares.count + 1
    guard let small = sizes.firstIndex(where: { $0 < needed }) else { return }
    let rows = sizes[small] == 1 ? "1 row" : "\(sizes[small]) rows"
    throw Diagnostic(
      "split.classes",
      "class \(labels[small]) has \(rows), too few for \(needed) parts to have some each",
      at: span,
      help: sizes.count > 50
        ? "by= takes classes; these are \(sizes.count) different values" : nil)
  }
}

extension Problem {
  /// Forgets how a name was split, and with it what was split together with it.
  package mutating func forgetSplit(of name: Name) {
    for member in splits[name]?.names ?? [] { splits[member] = nil }
  }
}

extension Session {
  /// The data set that an expression stands for: `d`, `d.train`, or a name for one of them.
  package func dataObject(_ expression: Expression) -> (any Sendable)? {
    switch expression.kind {
    case .name, .member: break
    default: return nil
    }
    let lowering = Lowering()
    guard
      case .object(let object, _)? = try? lowering.meaning(of: expression, in: promptScope())
    else { return nil }
    return object is DataTable || object is DataBundle ? object : nil
  }
}

extension Problem {
  /// Each division once, in the order of the names; several names may share one.
  package var distinctSplits: [Split] {
    splits.keys.sorted().compactMap { name in
      splits[name].flatMap { $0.names.min() == name ? $0 : nil }
    }
  }
}
