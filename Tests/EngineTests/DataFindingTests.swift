// Small things a person runs into with data and batches: what is counted, what is ambiguous, what is
// left out.

import Diagnostics
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
