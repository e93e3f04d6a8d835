// Recording a run, and replaying gradients from a file.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Engine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

private let w = (name: "w", shape: Shape([2]))
private let matrix = (name: "A", shape: Shape([2, 2]))
private let loss = (name: "L", shape: Shape.scalar)

private func recorder(_ path: String, _ names: String...) throws(Diagnostic) -> Recorder {
  try Recorder(
    path: path, at: somewhere,
    expressions: names.map { ($0, Expression(.name(Name(canonical: $0)), somewhere)) })
}

@Suite struct DataRecorderTests {
  @Test func header() throws {
    func names(_ name: String, _ shape: Shape) -> [String] {
      RecordedValue(name: name, shape: shape).columnNames
    }
    #expect(names("w", [2]) == ["w[0]", "w[1]"])
    #expect(names("A", [2, 2]) == ["A[0, 0]", "A[0, 1]", "A[1, 0]", "A[1, 1]"])
    #expect(names("L", .scalar) == ["L"])
    #expect(names("e", [0, 2]) == [])
  }

  @Test func rows() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("run.csv")
    let recorder = try recorder(path, "w", "L", "A")
    #expect(folder.names() == [])
    try recorder.append(
      step: 1, [Tensor([0.5, -2], shape: [2]), Tensor(13), Tensor([1, 2, 3, 4], shape: [2, 2])])
    try recorder.flush()
    #expect(
      folder.text("run.csv") == """
        step,w[0],w[1],L,"A[0, 0]","A[0, 1]","A[1, 0]","A[1, 1]"
        1,0.5,-2,13,1,2,3,4

        """)
    try recorder.append(
      step: 2,
      [Tensor([0.1, 1e-300], shape: [2]), Tensor(.nan), Tensor([1, 2, 3, 4], shape: [2, 2])])
    try recorder.flush()
    #expect(recorder.rowCount == 2)
    let table = try CSVFile.read(path, options: CSVOptions(missing: .nan), at: somewhere)
    #expect(try table.column("w[1]", at: somewhere).elements == [-2, 1e-300])
    #expect(try table.column("A[1, 0]", at: somewhere).elements == [3, 3])
    #expect(try table.column("L", at: somewhere).elements[1].isNaN)
  }

  @Test func whatIsLeftIsWrittenAtTheEnd() throws {
    let folder = try TemporaryFolder()
    for ending in ["finish", "deinit"] {
      let path = folder.path(ending)
      var run: Recorder? = try recorder(path, "L")
      for step in 1...20_000 { try run?.append(step: step, [Tensor(Double(step) / 7)]) }
      if ending == "finish" { try run?.finish() } else { run = nil }
      let table = try CSVFile.read(path, at: somewhere)
      #expect(table.rowCount == 20_000)
      #expect(try table.column("L", at: somewhere).elements == (1...20_000).map { Double($0) / 7 })
    }
  }

  @Test func onlyRecordingsAreReplaced() throws {
    let folder = try TemporaryFolder()
    let data = try folder.file("data.csv", "a,b\n1,2\n")
    #expect(diagnostic { try recorder(data, "L") }?.id == "record.notRecording")
    #expect(folder.text("data.csv") == "a,b\n1,2\n")
    let old = try folder.file("old.csv", "step,x\n1,2\n")
    let run = try recorder(old, "L")
    try run.flush()
    #expect(folder.text("old.csv") == "step,x\n1,2\n")
    try run.append(step: 1, [Tensor(3)])
    try run.finish()
    #expect(folder.text("old.csv") == "step,L\n1,3\n")
    _ = try recorder(folder.file("empty.csv", ""), "L")
    #expect(diagnostic { try recorder(folder.path("no/r.csv"), "L") }?.id == "file.missing")
    #expect(diagnostic { try recorder(folder.path, "L") }?.id == "file.folder")
  }

  @Test func errorsComeOnce() throws {
    let folder = try TemporaryFolder()
    let run = try recorder(folder.path("r.csv"), "w")
    try run.append(step: 1, [Tensor([1, 2], shape: [2])])
    let changed = diagnostic { try run.append(step: 2, [Tensor(1)]) }
    #expect(changed?.message.contains("w is now []; it was [2]") == true)
    #expect(diagnostic { try run.append(step: 3, [Tensor(1)]) } == nil)
    #expect(run.rowCount == 1)
    // What was given before is not lost.
    try run.finish()
    #expect(folder.text("r.csv") == "step,w[0],w[1]\n1,1,2\n")

    try folder.folder("gone")
    let lost = try recorder(folder.path("gone/r.csv"), "L")
    rmdir(folder.path("gone"))
    try lost.append(step: 1, [Tensor(1)])
    #expect(diagnostic { try lost.flush() }?.id == "file.missing")
    #expect(diagnostic { try lost.append(step: 2, [Tensor(1)]) } == nil)
    #expect(diagnostic { try lost.finish() } == nil)

    let wide = try recorder(folder.path("s.csv"), "L", "W")
    let big = Tensor([Double](repeating: 0, count: 1_000_000), shape: [1000, 1000])
    #expect(diagnostic { try wide.append(step: 1, [Tensor(1), big]) }?.id == "record.tooWide")
    let few = try recorder(folder.path("t.csv"), "L", "W")
    #expect(diagnostic { try few.append(step: 1, [Tensor(1)]) }?.id == "record.shape")
  }
}

@Suite struct DataGradientTapeTests {
  private func tape(
    _ text: String, _ parameters: [(name: String, shape: Shape)]
  ) throws -> GradientTape {
    try GradientTape.parse(Array(text.utf8), name: "g.csv", parameters: parameters, at: somewhere)
  }

  private func tape(_ tensor: Tensor, _ parameters: [(name: String, shape: Shape)]) throws
    -> GradientTape
  {
    try GradientTape.parse(
      NumPyFile.bytes(of: tensor), name: "g.npy", parameters: parameters, at: somewhere)
  }

  private func count(_ count: Int, _ shape: Shape) -> Tensor {
    Tensor((0..<count).map(Double.init), shape: shape)
  }

  @Test func arrays() throws {
    let one = try tape(count(12, [3, 2, 2]), [matrix])
    #expect(one.steps.count == 3)
    #expect(one.steps[1] == ["A": Tensor([4, 5, 6, 7], shape: [2, 2])])
    #expect(try tape(count(12, [3, 4]), [matrix]).steps[2]["A"]?.elements == [8, 9, 10, 11])
    #expect(try tape(count(3, [3]), [loss]).steps[2] == ["L": Tensor(2)])
    let two = try tape(count(6, [2, 3]), [w, loss])
    #expect(two.steps[1] == ["w": Tensor([3, 4], shape: [2]), "L": Tensor(5)])
    #expect(try tape(count(0, [0, 2]), [w]).steps.count == 0)
    let single = Tensor([1, 2], shape: [1, 2], type: .float32)
    #expect(try tape(single, [w]).steps[0]["w"]?.elementType == .float32)
  }

  @Test func shapesThatDoNotFit() throws {
    let column = (name: "v", shape: Shape([3, 1]))
    let turned = try #require(diagnostic { try tape(count(6, [2, 1, 3]), [column]) })
    #expect(turned.id == "tape.shape")
    #expect(
      turned.message == "g.npy has the shape [2, 1, 3] where [steps, 3, 1] is expected: v is [3, 1]"
    )
    #expect(turned.help?.contains("other order") == true)
    #expect(diagnostic { try tape(count(2, [2]), [w]) }?.help?.contains("g[None]") == true)
    #expect(diagnostic { try tape(Tensor(1), [loss]) }?.id == "tape.shape")
    #expect(diagnostic { try tape(count(4, [2, 2]), [w, loss]) }?.id == "tape.shape")
    #expect(diagnostic { try tape(count(4, [2, 2]), []) }?.id == "tape.noParameters")
    let huge = (name: "W", shape: Shape([Int.max, 3]))
    #expect(diagnostic { try tape(count(4, [2, 2]), [huge, w]) }?.id == "tape.noParameters")
  }

  @Test(arguments: [
    "0.1,-0.2\n3,4\n", "w[0],w[1]\n0.1,-0.2\n3,4\n", "w[1],w[0]\n-0.2,0.1\n4,3\n",
    "step,w.g[0],w.g[1],w[0],w[1]\n1,0.1,-0.2,9,9\n2,3,4,9,9\n", "g[0],g[1]\n0.1,-0.2\n3,4",
    "step,first,second\n1,0.1,-0.2\n2,3,4", "t;x;y\n1;0.1;-0.2\n2;3;4",
  ])
  func tables(_ text: String) throws {
    let read = try tape(text, [w])
    #expect(read.steps.count == 2)
    #expect(read.steps[0] == ["w": Tensor([0.1, -0.2], shape: [2])])
    #expect(read.steps[1] == ["w": Tensor([3, 4], shape: [2])])
  }

  @Test func severalParameters() throws {
    let read = try tape(
      "b,\"A[0,0]\",\"A[0, 1]\",\"A[1,0]\",\"A[1,1]\"\n5,1,2,3,4\n",
      [matrix, (name: "b", shape: .scalar)])
    #expect(read.steps[0] == ["A": Tensor([1, 2, 3, 4], shape: [2, 2]), "b": Tensor(5)])
  }

  @Test func notANumberIsANumberHere() throws {
    let read = try tape("w[0],w[1]\nnan,inf\n1,2\n3,4\n", [w])
    #expect(read.steps[0]["w"]?.elements[0].isNaN == true)
    #expect(read.steps[0]["w"]?.elements[1] == .infinity)
    let failure = diagnostic { try tape("w[0],w[1]\n1,\n1,2\n3,4\n", [w]) }
    #expect(failure?.message == "g.csv, line 2: w[1] is empty")
    #expect(failure?.help?.contains("missing") == false)
  }

  @Test func tablesThatDoNotFit() throws {
    let three = try #require(diagnostic { try tape("1,2,3\n4,5,6\n", [w]) })
    #expect(three.message == "g.csv has 3 numbers a row where 2 are expected: w [2]")
    let half = try #require(diagnostic { try tape("w[0],x\n1,2\n", [w]) })
    #expect(half.message == "g.csv has no column for w[1]")
    let row = try #require(diagnostic { try tape("w[0],w[1]\n1,2\n3\n", [w]) })
    #expect(row.message.contains("g.csv, line 3: 1 cell where the header has 2"))
    let text = try #require(diagnostic { try tape("w[0],w[1]\n1,a\n3,b\n", [w]) })
    #expect(text.id == "data.textColumn")
  }

  @Test func aRecordingReplays() throws {
    let folder = try TemporaryFolder()
    let recorder = try recorder(folder.path("r.csv"), "w.g", "L")
    try recorder.append(step: 1, [Tensor([1, -0.1], shape: [2]), Tensor(3)])
    try recorder.flush()
    let read = try GradientTape.read(folder.path("r.csv"), parameters: [w], at: somewhere)
    #expect(read.steps.map { $0["w"] } == [Tensor([1, -0.1], shape: [2])])
  }
}
