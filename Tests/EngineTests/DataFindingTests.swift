// Small things a person runs into with data and batches: what is counted, what is ambiguous, what is
// left out.

import Diagnostics
import Notation
import Testing

@testable import Commands
@testable import Engine

/// What a line answers, as text, after others.
func shown(_ line: String, after lines: String = "") -> String {
  let (interpreter, errors) = session(after: lines)
  #expect(errors.isEmpty, "\(errors.map(\.message))")
  var text: [String] = []
  interpreter.surface.show = { report in
    text += report.text(Format(width: 100)).map(\.plain)
  }
  interpreter.run(Source(line))
  return text.joined(separator: "\n")
}

@Suite struct DataFindingTests {
  private static let regression = "X = randn(10, 2); y = X @ [1, -2];\n"

  @Test(arguments: [
    ("batch all of X, y", "batch all of X, y: 10 rows, all in every step"),
    ("batch 10 of X, y", "batch 10 of X, y: 10 rows, 1 batch an epoch; shuffled, seed 0"),
  ])
  func rowsAreCounted(_ line: String, _ answer: String) {
    #expect(shown(line, after: Self.regression) == answer)
  }

  @Test func oneUpdateIsNoUpdates() {
    #expect(
      shown("accumulate 5", after: Self.regression + "batch 2 of X, y").contains(
        "5 to an update: 1 update an epoch"))
  }

  @Test func aFileThatFitsSeveralModelsGoesIntoNone() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("two.npz")
    let lines = """
      model f = linear(2, 3) |> tanh |> linear(3, 1)
      model h = linear(2, 3) |> relu |> linear(3, 1)
      model wide = linear(2, 8) |> linear(8, 1)
      export f to "\(path)"

      """
    let (interpreter, errors) = session(after: lines + "import \"\(path)\"")
    #expect(errors.map(\.id) == ["import.which"])
    #expect(errors.first?.message == "several models have 0.weight, and the file fits each")
    #expect(errors.first?.help?.hasSuffix("into f, or import \"\(path)\" into h") == true)
    #expect(interpreter.session.timeline.isEmpty)
    #expect(session(after: lines + "import \"\(path)\" into h").errors.isEmpty)
    // The only one that it fits is meant.
    let (other, none) = session(
      after: """
        model wide = linear(2, 8) |> linear(8, 1)
        model f = linear(2, 3) |> tanh |> linear(3, 1)
        import "\(path)"
        """)
    #expect(none.isEmpty, "\(none.map(\.message))")
    #expect(!other.session.timeline.isEmpty)
  }

  /// A mebibyte behind an array of three numbers: see Data/make/overlong.py.
  @Test func anArchiveIsUnpackedNoFurtherThanItsHeaderSays() throws {
    let path = RecordedData.folder.appendingPathComponent("overlong.npz").path
    let failure = diagnostic { try NumPyArchive.read(path, at: somewhere) }
    #expect(failure?.id == "npz.damaged")
    #expect(
      failure?.message.hasSuffix(
        "x.npy would unpack to 1048728 bytes, and by its header it has 152") == true,
      "\(failure?.message ?? "")")
  }
}

@Suite struct FindingTests {
  @Test func showListsAllThatShapesTheNextStep() {
    let lines = """
      X = randn(10, 2); y = X @ [1, -2];
      param w = [0, 0]
      loss L = mse(X @ w, y)
      optimizer sgd(lr=0.1)
      split X, y into 5 folds
      fold 2
      batch 4 of X, y seed=3 last=drop
      accumulate 2
      workers 2
      stop when norm(g) < 1e-6
      watch norm(w)
      """
    let text = shown("show", after: lines)
    for part in [
      "split X, y : 10 rows in 5 folds of 2, of which fold 2 is val",
      "batch 4 of X, y: 10 rows, 2 batches an epoch, 2 rows left out of each, 2 to an update: 1 "
        + "update an",
      "each over 2 workers; shuffled, seed 3", "runs stop when norm(g) < 1e-6",
      "watching norm(w)",
    ] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
  }

  @Test(arguments: [
    ("sum(b*0/0)", "0/0 is nan"), ("mean(zeros(0)) + b", "0/0 is nan, since sum(zeros(0)) = 0"),
    ("sum((1e200*[b, 2*b] - 3)^2)", "is inf, since ("),
  ])
  func whereNanComesFrom(_ loss: String, _ cause: String) {
    let (_, errors) = session(
      after: "param b = 0.5\nloss M = \(loss)\noptimizer sgd(lr=0.1)\nstep")
    #expect(errors.last?.message.contains(cause) == true, "\(errors.map(\.message))")
    #expect(errors.last?.message.contains("0.0") == false)
  }

  @Test func aPathIsOfTheStepsTaken() {
    let lines = "param w = [1, 2]\nloss L = sum(w^2)\noptimizer sgd(lr=0.1)\nstep 3;\n"
    let (_, errors) = session(after: lines + "plot path w[0], w[1] for 50 steps")
    #expect(errors.map(\.id) == ["plot.ahead"])
    #expect(session(after: lines + "plot path w[0], w[1]").errors.isEmpty)
  }

  @Test(arguments: [
    ("plot L against w", "w has 2 elements"),
    ("plot zeros(0)", "zeros(0) has no elements"),
    ("plot L for X from -1 to 1", "X stands for a single number here"),
  ])
  func plotsSayWhatIsWrong(_ line: String, _ message: String) {
    let lines = """
      X = [[1, 2], [3, 4]]
      param w = [1, 2]
      loss L = sum((X @ w)^2)
      optimizer sgd(lr=0.001)
      step 3;

      """
    let errors = session(after: lines + line).errors
    let text = errors.map { $0.message + " " + ($0.help ?? "") }.joined()
    #expect(text.contains(message), "\(text)")
  }

  @Test func helpIsLegible() {
    for command in ["split", "generate"] {
      let text = shown("help \(command)")
      #expect(!text.contains("…=") && !text.contains("=…="), "\(text)")
      #expect(!text.contains("more=…"), "\(text)")
    }
    #expect(shown("help record").contains("after back"))
  }

  @Test func listingIsNothingToUndo() {
    let (interpreter, _) = session(
      after: "param w = 1\nset\nbatch\nstop\nwatch\naccumulate\nworkers\nundo")
    #expect(interpreter.session.problem.parameters.isEmpty)
    #expect(interpreter.session.lines.isEmpty)
  }

  @Test func anotherSeedChangesWhatIsDrawn() {
    let lines = "X = randn(3)\nparam w = 1\nloss L = sum(w*X)\ny = 2"
    #expect(shown("set seed 4", after: lines) == "seed = 4\nthis changes L, X")
  }

  @Test(arguments: [
    ("model f = rnn(2, 3)\nf(zeros(1, 0, 2))", "takes 1 to 512 time steps; there are 0"),
    ("model f = flatten(5)\nf(ones(2, 2))", "a tensor with more than 5 axes"),
    ("model f = dropout(0.5)\nf(ones(2), train=3)", "train is true or false"),
    ("quantize [1, 2] bits=8 train", "train is for parameters, and this is a value"),
    ("X = [1, 2, 3]\nsplit X 0.8 seed=-1", "the seed must be at least 0"),
  ])
  func whatIsRefusedSaysWhy(_ lines: String, _ message: String) {
    let errors = session(after: lines).errors
    #expect(errors.count == 1 && errors[0].message.contains(message), "\(errors.map(\.message))")
  }

  @Test(arguments: [
    ("[-2]", "[0,8]", "the shape of a is no list of whole numbers from 0 on"),
    ("[2.5]", "[0,8]", "the shape of a is no list of whole numbers from 0 on"),
    ("[2]", "[0,800]", "a would end at byte 800 of the data, which has 8"),
    ("[2]", "[8]", "the data_offsets of a are no beginning and end"),
  ])
  func headersOfSafetensors(_ shape: String, _ offsets: String, _ message: String) {
    let text = Array(
      "{\"a\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}".utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    let failure = diagnostic {
      try SafetensorsFile.parse(
        length + text + [UInt8](repeating: 0, count: 8), name: "x", at: somewhere)
    }
    #expect(failure?.message.hasSuffix(message) == true, "\(failure?.message ?? "")")
  }

  @Test func everyDropoutHasDrawsOfItsOwn() {
    let lines = """
      X = ones(3, 3)
      model f = linear(3, 3) |> dropout(0.5) |> linear(3, 3) |> dropout(0.5)
      loss L = sum(f(X)^2)
      """
    let text = shown("backprop L", after: lines)
    #expect(text.contains("f.1.u") && text.contains("f.3.u"), "\(text)")
    #expect(!text.contains("step clock"))
  }

  @Test func aScheduleThatIsSearchedIsSetAside() {
    let lines = """
      param w = 1
      loss L = w^2
      optimizer sgd(lr=0.1)
      schedule lr = 0.1*0.9^t
      """
    let text = shown("search lr in [0.1, 0.2] for 3 steps", after: lines)
    #expect(text.contains("the schedule of lr was set aside"), "\(text)")
    let plain = shown(
      "search lr in [0.1, 0.2] for 3 steps",
      after: "param w = 1\nloss L = w^2\noptimizer sgd(lr=0.1)")
    #expect(!plain.contains("schedule"))
  }

  @Test func whatIsDeclaredAnewSaysWhatItWas() {
    #expect(
      shown("param w = 2", after: "param w = 1\nfreeze w").contains("no longer in force: w: frozen")
    )
    let text = shown(
      "model f = linear(1, 2)", after: "model f = linear(2, 2)\nprune f 0.5\nfreeze f.0.bias")
    #expect(
      text.contains("no longer in force: f.0.weight: 2 of 4 pruned; f.0.bias: frozen"), "\(text)")
  }

  @Test func textIsReadByCodePoints() throws {
    let folder = try TemporaryFolder()
    // An accent by itself, a family of three joined people, a flag, two kinds of line end.
    let content = "e\u{301}x\r\n👨‍👩‍👧 🇩🇪\r"
    try folder.file("a.txt", content)
    let (interpreter, errors) = session(after: "data d = text(\"\(folder.path("a.txt"))\")")
    #expect(errors.isEmpty)
    let bundle = try #require(
      interpreter.session.dataObject(Expression(.name(Name(canonical: "d")), somewhere))
        as? DataBundle)
    let codes = try #require(bundle.fields.first?.value)
    #expect(codes.elements.count == 13)
    #expect(bundle.fields[1].value.elements.count == bundle.vocabulary?.count)
    let back = try #require(try bundle.decode(codes, at: somewhere))
    #expect(Array(back.unicodeScalars) == Array("e\u{301}x\n👨‍👩‍👧 🇩🇪\n".unicodeScalars))
    #expect(try bundle.encode(back, at: somewhere) == codes)
  }
}
