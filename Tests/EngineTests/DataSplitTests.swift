// Splits: every row in exactly one part, the same seed the same parts, each class its share.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

private let d = Name(canonical: "d")

private func split(
  _ count: Int, _ shares: [Double] = [], folds: Int? = nil, seed: Double = 1,
  classes: [Int]? = nil, shuffles: Bool = true
) throws -> Split {
  var plan = Split.Plan()
  plan.shares = shares
  plan.folds = folds
  plan.seed = seed
  plan.shuffles = shuffles
  return try Split([d], rowCount: count, plan: plan, classes: classes, at: somewhere)
}

/// A session after some lines, and what went wrong in them.
func session(after lines: String) -> (interpreter: Interpreter, errors: [Diagnostic]) {
  let interpreter = Interpreter(surface: Surface(show: { _ in }))
  var errors: [Diagnostic] = []
  interpreter.surface.show = { if let e = $0 as? ErrorReport { errors.append(e.diagnostic) } }
  for line in lines.split(separator: "\n") { interpreter.run(Source(String(line))) }
  return (interpreter, errors)
}

/// The value of an expression after some lines; nil when something went wrong.
func value(_ expression: String, after lines: String) -> Tensor? {
  let (interpreter, errors) = session(after: lines)
  #expect(errors.isEmpty, "\(errors.map(\.message))")
  interpreter.run(Source(expression))
  return interpreter.session.answer
}

@Suite struct DataSplitTests {
  @Test(arguments: [2, 3, 10, 97, 150, 1797], [[0.5], [0.5, 0.25], [0.34, 0.33]])
  func everyRowIsInOnePart(_ count: Int, _ shares: [Double]) throws {
    guard count > 3 || shares.count == 1 else { return }
    let made = try split(count, shares)
    #expect(made.parts.flatMap(\.rows).sorted() == Array(0..<count))
    #expect(made.parts.map(\.rows) == made.parts.map { $0.rows.sorted() })
    #expect(try split(count, shares) == made)
    var total = 0.0
    for (part, share) in zip(made.parts, shares) {
      total += share
      #expect(abs(Double(part.rows.count) - share * Double(count)) <= 1)
    }
    if count > 20 { #expect(try split(count, shares, seed: 2) != made) }
  }

  @Test func withoutShufflingPartsFollowOneAnother() throws {
    let made = try split(10, [0.5, 0.3], shuffles: false)
    #expect(made.parts.map(\.rows) == [[0, 1, 2, 3, 4], [5, 6, 7], [8, 9]])
  }

  @Test(arguments: [2, 5, 7])
  func foldsTakeTurns(_ count: Int) throws {
    var made = try split(97, [0.8], folds: count)
    let test = try #require(made.part(Split.test)).rows
    var validated: [Int] = []
    for fold in 1...count {
      let isThere = made.activate(fold: fold)
      #expect(isThere)
      #expect(made.activeFold == fold)
      #expect(made.part(Split.test)?.rows == test)
      #expect(made.parts.flatMap(\.rows).sorted() == Array(0..<97))
      validated += made.part(Split.validation)?.rows ?? []
    }
    #expect((validated + test).sorted() == Array(0..<97))
    #expect((made.folds.map(\.count).max() ?? 0) - (made.folds.map(\.count).min() ?? 0) <= 1)
    let before = made
    made.activate(fold: 0)
    made.activate(fold: count + 1)
    #expect(made == before)
  }

  @Test func everyPartHasItsShareOfEachClass() throws {
    let classes = (0..<200).map { $0 < 20 ? 0 : $0 < 70 ? 1 : 2 }
    let sizes = [20.0, 50, 130]
    let made = try split(200, [0.7, 0.1], classes: classes)
    for (part, share) in zip(made.parts, [0.7, 0.1, 0.2]) {
      for label in 0..<3 {
        let count = Double(part.rows.filter { classes[$0] == label }.count)
        #expect(abs(count - share * sizes[label]) <= 1, "\(part.name) \(label)")
      }
    }
    let folds = try split(200, folds: 6, classes: classes).folds
    for label in 0..<3 {
      let counts = folds.map { $0.filter { classes[$0] == label }.count }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "\(counts)")
    }
  }

  @Test func partsStandWhereTheWholeMay() throws {
    let lines = "data d = csv(\"iris.csv\")\nsplit d 0.6 0.2 seed=1, by=species"
    #expect(value("size(d.train.petal_width)", after: lines)?.scalar == 90)
    #expect(value("size(d.val[\"sepal length\"])", after: lines)?.scalar == 30)
    #expect(
      value("shape(columns(d.test, \"petal width\", \"petal length\"))", after: lines)?
        .elements == [30, 2])
    #expect(value("shape(columns(d.test))", after: lines)?.elements == [30, 4])
    #expect(value("sum(codes(d.test, \"species\"))", after: lines)?.scalar == 30)
    #expect(value("size(t.petal_width)", after: lines + "\nt = d.train")?.scalar == 90)
  }

  @Test func aPartNumbersItsClassesAsTheWholeDoes() throws {
    let lines = "data d = csv(\"iris.csv\")\nsplit d 0.9 shuffle=false"
    #expect(value("min(codes(d.test, \"species\"))", after: lines)?.scalar == 2)
  }

  @Test func tensorsAreSplitRowByRow() throws {
    let lines = "X = reshape(arange(40), 20, 2)\ny = X[:, 0]/2\nsplit X, y 0.75 seed=4"
    #expect(value("sum(abs(X.train[:, 0]/2 - y.train))", after: lines)?.scalar == 0)
    #expect(value("shape(X.test)", after: lines)?.elements == [5, 2])
    // A part of a live formula is live.
    let live = lines + "\nX = reshape(arange(40), 20, 2) + 100"
    #expect(value("min(X.train) >= 100", after: live)?.scalar == 1)
    let (interpreter, errors) = session(after: lines + "\nX = ones(7, 2)\nX.train")
    #expect(errors.map(\.id) == ["split.stale"])
    #expect(interpreter.session.lines.count == 4)
  }

  @Test func foldsBelongToTheSession() throws {
    var (interpreter, _) = session(after: "X = arange(10)\nsplit X into 5 folds seed=1\nfold 3")
    let x = Name(canonical: "X")
    #expect(interpreter.session.activeFold(of: x) == 3)
    #expect(interpreter.session.foldCount(of: x) == 5)
    #expect(interpreter.session.foldedNames == [x])
    #expect(interpreter.session.lines.last == "fold 3")
    _ = try interpreter.undo()
    #expect(interpreter.session.activeFold(of: x) == 1)
    let again = interpreter.session.lines.joined(separator: "\n")
    (interpreter, _) = session(after: again)
    #expect(interpreter.session.activeFold(of: x) == 1)
  }

  @Test(arguments: [
    ("split X 0.01", "split.empty"), ("split X 0.99", "split.empty"),
    ("split X into 11 folds", "split.empty"), ("split X 0.99 into 2 folds", "split.empty"),
    ("split X 0.1 into 2 folds", "split.empty"), ("split X 0.8 0.3", "split.share"),
    ("split X 80", "split.share"), ("split X 0.5 0.2 0.2", "split.share"),
    ("split X, y 0.5", "split.rows"), ("split X, X 0.5", "split.twice"),
    ("split q 0.5", "split.what"), ("split X 0.5 by=y", "split.classes"),
    ("split X 0.5 by=arange(10)", "split.classes"), ("split X 0.5 sed=1", "split.option"),
    ("fold 2", "fold.none"), ("fold X 2", "fold.none"), ("split X.train 0.5", "split.what"),
    ("X.train", "field.unknown"),
  ])
  func badSplitsAreOneError(_ line: String, _ id: String) {
    let (interpreter, errors) = session(after: "X = arange(10)\ny = [1, 2]\n" + line)
    #expect(errors.count == 1 && (errors[0].id == id || id == "field.unknown"), "\(errors)")
    #expect(interpreter.session.lines.count == 2)
    #expect(interpreter.session.problem.splits.isEmpty)
  }
}
