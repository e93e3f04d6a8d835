// Values given by hand or from a file: a parameter holds what a step would leave in it, and the answer
// says so.

import Diagnostics
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct HeldValueTests {
  private let pruned = "param w = [3, -0.1, 2, 0.2]; loss L = sum((w - 1)^2); optimizer sgd(lr=0.1)"

  @Test func prunedElementsStayZeroInAnAssignment() {
    #expect(
      replies(pruned, "prune w 0.5", "w = 3") == ["w = [3, 0, 3, 0]", "2 pruned elements stay 0"])
    #expect(
      replies(pruned, "prune w 0.5", "w[1] = 5") == [
        "w = [3, 0, 2, 0]", "1 pruned element stays 0",
      ]
    )
    #expect(replies(pruned, "prune w 0.5", "w = [5, 0, 6, 0]") == ["w = [5, 0, 6, 0]"])
    #expect(replies(pruned, "prune w 0.5", "unprune w", "w = 3") == ["w = [3, 3, 3, 3]"])
    let model = "model f = linear(3, 2)"
    #expect(
      replies(model, "prune f 0.5", "f.weight = 3").last == "3 pruned elements stay 0")
  }

  @Test(arguments: ["npy", "npz", "safetensors"])
  func prunedElementsStayZeroInAnImport(_ type: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("w.\(type)")
    let lines = [
      pruned, "export w to \"\(path)\"", "w = [7, 0.1, 6, 0.2]", "prune w 0.5",
      "import \"\(path)\" into w",
    ]
    let (interpreter, errors) = session(after: lines.joined(separator: "\n"))
    #expect(errors.isEmpty)
    #expect(interpreter.session.snapshot["w"]?.elements == [3, 0, 2, 0])
    interpreter.run(Source("back"))
    #expect(interpreter.session.snapshot["w"]?.elements == [7, 0, 6, 0])
    let answer = replies(
      pruned, "export w to \"\(path)\"", "prune w 0.5", "import \"\(path)\" into w")
    #expect(answer == ["read \(path): w [4]", "2 pruned elements stay 0"])
  }

  @Test func boundsHoldForWhatIsGiven() throws {
    #expect(
      replies(pruned, "clip_weights w 0.6 every step", "w = [1, 0.5, -2, 0.6]")
        == ["w = [0.6, 0.5, -0.6, 0.6]", "2 elements were brought back within -0.6 … 0.6"])
    #expect(replies(pruned, "clip_weights w 0.6", "w = 1") == ["w = [1, 1, 1, 1]"])
    let folder = try TemporaryFolder()
    let path = folder.path("w.npy")
    #expect(
      replies(
        pruned, "export w to \"\(path)\"", "clip_weights w 0.6 every step",
        "import \"\(path)\" into w"
      ).last
        == "2 elements were brought back within -0.6 … 0.6")
  }

  /// What is set is what a step that changes nothing would leave there.
  @Test(arguments: ["", "prune w 0.5\n", "clip_weights w 0.1 every step\n"])
  func aStepOfNoLengthKeepsWhatWasGiven(_ mode: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("w.npy")
    let lines = """
      param w = [0.1, -0.3, 1, 0.7]
      export w to "\(path)"
      loss L = sum((w - 1)^2)
      optimizer sgd(lr=0)
      set precision float32
      \(mode)import "\(path)" into w
      """
    let (interpreter, errors) = session(after: lines)
    #expect(errors.isEmpty)
    let given = interpreter.session.snapshot["w"]
    interpreter.run(Source("step;"))
    #expect(interpreter.session.snapshot["w"] == given)
    #expect(given?.elements.allSatisfy { Double(Float($0)) == $0 } == true)
  }

  @Test func float32TakesNoNumberPastItsRange() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("w.npy")
    let lines = ["param w = [1e300, 1]", "export w to \"\(path)\"", "w = [1, 1]"]
    let (interpreter, errors) = session(
      after: lines.joined(separator: "\n") + "\nset precision float32\nimport \"\(path)\" into w")
    #expect(errors.map(\.id) == ["import.fit"])
    #expect(interpreter.session.snapshot["w"]?.elements == [1, 1])
  }
}
