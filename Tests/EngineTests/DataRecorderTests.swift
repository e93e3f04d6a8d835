// Recording a run, and replaying gradients from a file.

import Diagnostics
import Tensors
import Testing

@testable import Engine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

private let w = RecordedValue(name: "w", shape: [2])
private let matrix = RecordedValue(name: "A", shape: [2, 2])
private let loss = RecordedValue(name: "L", shape: .scalar)

@Suite struct DataRecorderTests {
  @Test func header() throws {
    #expect(w.columnNames == ["w[0]", "w[1]"])
    #expect(matrix.columnNames == ["A[0, 0]", "A[0, 1]", "A[1, 0]", "A[1, 1]"])
    #expect(loss.columnNames == ["L"])
    #expect(RecordedValue(name: "e", shape: [0, 2]).columnNames == [])
  }

  @Test func rows() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("run.csv")
    let recorder = try Recorder(path, values: [w, loss, matrix], at: somewhere)
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
    var recorder: Recorder? = try Recorder(folder.path("r.csv"), values: [loss], at: somewhere)
    for step in 1...20_000 { try recorder?.append(step: step, [Tensor(Double(step) / 7)]) }
    recorder = nil
    let table = try CSVFile.read(folder.path("r.csv"), at: somewhere)
    #expect(table.rowCount == 20_000)
    #expect(
      try table.column("L", at: somewhere).elements == (1...20_000).map { Double($0) / 7 })
  }

  @Test func onlyRecordingsAreReplaced() throws {
    let folder = try TemporaryFolder()
    let data = try folder.file("data.csv", "a,b\n1,2\n")
    let refused = diagnostic { try Recorder(data, values: [loss], at: somewhere) }
    #expect(refused?.id == "record.notRecording")
    #expect(folder.text("data.csv") == "a,b\n1,2\n")
    let old = try folder.file("old.csv", "step,x\n1,2\n")
    let recorder = try Recorder(old, values: [loss], at: somewhere)
    #expect(folder.text("old.csv") == "step,x\n1,2\n")
    try recorder.flush()
    #expect(folder.text("old.csv") == "step,L\n")
    _ = try Recorder(folder.file("empty.csv", ""), values: [loss], at: somewhere)
    #expect(
      diagnostic { try Recorder(folder.path("no/r.csv"), values: [loss], at: somewhere) }?.id
        == "file.missing")
    #expect(
      diagnostic { try Recorder(folder.path, values: [loss], at: somewhere) }?.id == "file.folder")
  }

  @Test func errorsComeOnce() throws {
    let folder = try TemporaryFolder()
    let recorder = try Recorder(folder.path("r.csv"), values: [w], at: somewhere)
    let changed = diagnostic { try recorder.append(step: 1, [Tensor(1)]) }
    #expect(changed?.message.contains("w is now []; it was [2]") == true)
    #expect(diagnostic { try recorder.append(step: 2, [Tensor(1)]) } == nil)
    #expect(recorder.rowCount == 0)
    // What was given before is not lost.
    try recorder.flush()
    #expect(folder.text("r.csv") == "step,w[0],w[1]\n")

    try folder.folder("gone")
    let lost = try Recorder(folder.path("gone/r.csv"), values: [loss], at: somewhere)
    rmdir(folder.path("gone"))
    #expect(diagnostic { try lost.flush() }?.id == "file.missing")
    #expect(diagnostic { try lost.append(step: 1, [Tensor(1)]) } == nil)
    #expect(diagnostic { try lost.flush() } == nil)

    let big = RecordedValue(name: "W", shape: [1000, 1000])
    #expect(
      diagnostic { try Recorder(folder.path("s.csv"), values: [big], at: somewhere) }?.id
        == "record.tooWide")
    let huge = RecordedValue(name: "W", shape: Shape([Int.max, 3]))
    #expect(
      diagnostic { try Recorder(folder.path("s.csv"), values: [loss, huge], at: somewhere) }?.id
        == "record.tooWide")
  }
}

@Suite struct DataGradientTapeTests {
  private func tape(
    _ text: String, _ parameters: [RecordedValue]
  ) throws -> GradientTape {
    try GradientTape.parse(Array(text.utf8), name: "g.csv", for: parameters, at: somewhere)
  }

  private func tape(_ tensor: Tensor, _ parameters: [RecordedValue]) throws -> GradientTape {
    try GradientTape.parse(
      NumPyFile.bytes(of: tensor), name: "g.npy", for: parameters, at: somewhere)
  }

  private func count(_ count: Int, _ shape: Shape) -> Tensor {
    Tensor((0..<count).map(Double.init), shape: shape)
  }

  @Test func arrays() throws {
    let one = try tape(count(12, [3, 2, 2]), [matrix])
    #expect(one.stepCount == 3)
    #expect(one.gradients(at: 1) == [Tensor([4, 5, 6, 7], shape: [2, 2])])
    #expect(one.gradients(at: 3) == nil)
    #expect(one.gradients(at: -1) == nil)
    #expect(try tape(count(12, [3, 4]), [matrix]).gradients(at: 2)?[0].elements == [8, 9, 10, 11])
    #expect(try tape(count(3, [3]), [loss]).gradients(at: 2) == [Tensor(2)])
    let two = try tape(count(6, [2, 3]), [w, loss])
    #expect(two.gradients(at: 1) == [Tensor([3, 4], shape: [2]), Tensor(5)])
    #expect(try tape(count(0, [0, 2]), [w]).stepCount == 0)
    let single = Tensor([1, 2], shape: [1, 2], type: .float32)
    #expect(try tape(single, [w]).gradients(at: 0)?[0].elementType == .float32)
  }

  @Test func shapesThatDoNotFit() throws {
    let column = RecordedValue(name: "v", shape: [3, 1])
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
    let huge = RecordedValue(name: "W", shape: Shape([Int.max, 3]))
    #expect(diagnostic { try tape(count(4, [2, 2]), [huge, w]) }?.id == "tape.noParameters")
  }

  @Test(arguments: [
    "0.1,-0.2\n3,4\n", "w[0],w[1]\n0.1,-0.2\n3,4\n", "w[1],w[0]\n-0.2,0.1\n4,3\n",
    "step,w.g[0],w.g[1],w[0],w[1]\n1,0.1,-0.2,9,9\n2,3,4,9,9\n", "g[0],g[1]\n0.1,-0.2\n3,4",
    "step,first,second\n1,0.1,-0.2\n2,3,4", "t;x;y\n1;0.1;-0.2\n2;3;4",
  ])
  func tables(_ text: String) throws {
    let read = try tape(text, [w])
    #expect(read.stepCount == 2)
    #expect(read.gradients(at: 0) == [Tensor([0.1, -0.2], shape: [2])])
    #expect(read.gradients(at: 1) == [Tensor([3, 4], shape: [2])])
  }

  @Test func severalParameters() throws {
    let read = try tape(
      "b,\"A[0,0]\",\"A[0, 1]\",\"A[1,0]\",\"A[1,1]\"\n5,1,2,3,4\n",
      [matrix, RecordedValue(name: "b", shape: .scalar)])
    #expect(read.gradients(at: 0) == [Tensor([1, 2, 3, 4], shape: [2, 2]), Tensor(5)])
  }

  @Test func notANumberIsANumberHere() throws {
    let read = try tape("w[0],w[1]\nnan,inf\n1,2\n3,4\n", [w])
    #expect(read.gradients(at: 0)?[0].elements[0].isNaN == true)
    #expect(read.gradients(at: 0)?[0].elements[1] == .infinity)
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
    let recorder = try Recorder(
      folder.path("r.csv"), values: [RecordedValue(name: "w.g", shape: [2]), loss], at: somewhere)
    try recorder.append(step: 1, [Tensor([1, -0.1], shape: [2]), Tensor(3)])
    try recorder.flush()
    let read = try GradientTape.read(folder.path("r.csv"), for: [w], at: somewhere)
    #expect(read.gradients(at: 0) == [Tensor([1, -0.1], shape: [2])])
  }
}
