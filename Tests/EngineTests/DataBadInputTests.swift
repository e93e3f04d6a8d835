// What can be wrong with data: one clear error each, in these words, and the session as it was.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct DataBadInputTests {
  private static let setUp = """
    data d = csv("iris.csv")
    X = columns(d)
    y = codes(d.species)
    param w = zeros(4, 3)
    model f = linear(4, 3)
    loss L = cross_entropy(X @ w, y)
    optimizer sgd(lr=0.1)
    step 2;
    """

  static let cases: [(line: String, message: String)] = [
    ("standardize(X*[1, 0, 1, 1])", "standardize: column 1 has the same value in every row"),
    ("minmax(X, by=X[:1])", "minmax: column 0 has the same value in every row"),
    (
      "standardize(d.petal_width*0)", "standardize: d.petal_width·0 has the same value in every row"
    ),
    (
      "loss M = mse([1, 2, 3]*w[0, 0], [1, nan, 2])",
      "this loss is nan: the data holds nan in row 1, counted from 0"
    ),
    ("standardize(X[:0])", "standardize: there are no rows"),
    ("standardize([1, nan, 2])", "standardize: [1, nan, 2] holds nan in row 1, counted from 0"),
    ("minmax([[1, 2], [3, inf]])", "minmax: column 1 holds inf in row 1, counted from 0"),
    (
      "loss M = cross_entropy(X @ w[:, :2], y)",
      "cross_entropy: row 100, counted from 0, has the label 2; classes are 0 … 1"
    ),
    (
      "loss M = cross_entropy(X @ w, y - 1)",
      "cross_entropy: row 0, counted from 0, has the label -1; classes are 0 … 2"
    ),
    (
      "loss M = cross_entropy(f(X), d.petal_width)",
      "cross_entropy: row 0, counted from 0, has the label 0.2; classes are 0 … 2"
    ),
    ("one_hot(y, 2)", "one_hot: row 100, counted from 0, has the label 2; classes are 0 … 1"),
    (
      "one_hot(y + 0.5)",
      "one_hot: row 0, counted from 0, has the label 0.5; classes are 0, 1, 2, …"
    ),
    (
      "accuracy(X @ w, y + 1)",
      "accuracy: row 100, counted from 0, has the label 3; classes are 0 … 2"
    ),
    (
      "confusion([0, 1, 5], [0, 1, 1], classes=3)",
      "confusion: row 2, counted from 0, has the prediction 5; classes are 0 … 2"
    ),
    ("r2([1, 2], [3, 3])", "r2: [3, 3] has the same target in every row"),
    ("split d 0.001", "train would be empty: there are only 150 rows to deal out"),
    ("split d into 151 folds", "fold 151 would be empty: there are only 150 rows to deal out"),
    ("split d 0.5 by=petal_width", "class 0.5 has 1 row, too few for 2 parts to have some each"),
    ("loss M = cross_entropy(f(columns(d, \"petal width\")), y)", "f.0"),
    ("data e = csv(\"EMPTY\")", "EMPTY is empty"),
    ("data e = csv(\"HEADER\")", "HEADER"),
    ("data e = csv(\"HOLE\")", "HOLE"),
    ("data e = npy(\"EMPTY\")", "EMPTY is empty"), ("data e = npz(\"EMPTY\")", "EMPTY is empty"),
    ("data e = text(\"EMPTY\")", "EMPTY is empty"),
    (
      "data e = safetensors(\"EMPTY\")",
      "EMPTY is no safetensors file, or damaged: it is only 0 bytes long"
    ),
    ("import \"WRONG.npz\"", "WRONG.npz does not fit: this differs"),
  ]

  @Test(arguments: cases.indices)
  func oneErrorAndNothingChanged(_ index: Int) throws {
    let folder = try TemporaryFolder()
    try folder.file("EMPTY", "")
    try folder.file("HEADER", "a,b\n")
    try folder.file("HOLE", "a,b\n1,2\n3,\n")
    try NumPyArchive.write(
      [NamedTensor("w", Tensor([1], shape: [1]))], to: folder.path("WRONG.npz"), at: somewhere)
    var (line, message) = Self.cases[index]
    for name in ["EMPTY", "HEADER", "HOLE", "WRONG"] {
      line = line.replacing("\"" + name, with: "\"" + folder.path(name))
      if message.hasPrefix(name) { message = folder.path(message) }
    }
    let (interpreter, errors) = session(after: Self.setUp)
    #expect(errors.isEmpty, "\(errors)")
    let before = interpreter.session
    var shown: [Diagnostic] = []
    interpreter.surface.show = { if let e = $0 as? ErrorReport { shown.append(e.diagnostic) } }
    interpreter.run(Source(line))
    #expect(shown.count == 1, "\(line): \(shown)")
    #expect(shown.first?.message.hasPrefix(message) == true, "\(line): \(shown.map(\.message))")
    #expect(interpreter.session.snapshot == before.snapshot)
    #expect(interpreter.session.lines == before.lines)
    #expect(interpreter.session.timeline.position == before.timeline.position)
    interpreter.run(Source("step"))
    #expect(interpreter.session.step == 3)
  }

  @Test func dataWithGapsNamesTheColumn() {
    let (_, errors) = session(
      after: """
        data d = csv("penguins.csv", missing=nan)
        X = columns(d, "bill_length_mm", "bill_depth_mm")
        param w = 0
        loss L = mse(X[:, 0]*w, d.body_mass_g)
        """)
    #expect(errors.count == 1, "\(errors)")
    let message = errors.first?.message ?? ""
    #expect(
      message.hasSuffix("holds nan in row 3, counted from 0") && message.contains("bill_length_mm")
        || message.contains("body_mass_g"), "\(message)")
  }

  /// Data that changes under a loss is checked when the next step is to be taken.
  @Test func labelsThatBecomeWrong() {
    let (interpreter, errors) = session(after: Self.setUp + "\ny = codes(d.species) + 1\nstep")
    #expect(errors.count == 1, "\(errors)")
    #expect(errors.first?.message.hasPrefix("cross_entropy: row 100") == true)
    #expect(interpreter.session.step == 2)
  }
}
