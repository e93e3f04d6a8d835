// Parameters written to files and read back: an event that back reverts, all or nothing.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

private let network = RecordedData.folder.appendingPathComponent("network.safetensors").path
private let model = "model f = linear(2, 3) |> batchnorm(3) |> relu |> linear(3, 1)\n"

@Suite struct DataCheckpointTests {
  @Test(arguments: ["", " into f"])
  func aNetworkOfPyTorch(_ into: String) throws {
    let lines = model + "import \"\(network)\"\(into)"
    let output = try #require(value("f([[1, 2], [-1, 0.5]])", after: lines))
    // As printed by make/arrays.py.
    #expect(distance(output.elements, [-0.4463363262135727, -0.7316668943126308]) < 1e-14)
  }

  /// PyTorch numbers the parameters of its recurrent layers; both ways.
  @Test func aRecurrentNetworkOfPyTorch() throws {
    let recurrent = RecordedData.folder.appendingPathComponent("recurrent.safetensors").path
    let folder = try TemporaryFolder()
    let lines = """
      model f = lstm(2, 3) |> linear(3, 1)
      import "\(recurrent)" into f
      export f to "\(folder.path("again.safetensors"))"
      """
    let output = try #require(value("f([[[1, 2], [-1, 0.5]]])", after: lines))
    // As printed by make/recurrent.py.
    #expect(distance(output.elements, [-0.05486674477002909, -0.09478169570600899]) < 1e-14)
    let names = try ArrayFile.read(folder.path("again.safetensors"), at: somewhere).map(\.name)
    #expect(names.contains("0.weight_ih_l0") && names.contains("0.bias_hh_l0"))
  }

  @Test(arguments: ["c.safetensors", "c.npz"])
  func backAndForth(_ name: String) throws {
    let folder = try TemporaryFolder()
    let lines = """
      \(model)param w = [1, 2]
      loss L = sum(f([[1, 2], [3, 4]])^2) + sum(w^2)
      optimizer adam(lr=0.1)
      step 3;
      export f, w to "\(folder.path(name))"
      export f to "\(folder.path("alone-" + name))"
      let before = f([[1, 2], [3, 4]])
      step 2;
      """
    let (interpreter, errors) = session(after: lines)
    #expect(errors.isEmpty, "\(errors)")
    let later = interpreter.session.snapshot
    for file in [name, "alone-" + name] {
      interpreter.run(Source("import \"\(folder.path(file))\"\nf([[1, 2], [3, 4]]) - before"))
      #expect(interpreter.session.answer?.elements == [0, 0], "\(file)")
      interpreter.run(Source("back"))
      #expect(interpreter.session.snapshot == later, "\(file)")
    }
    interpreter.run(Source("import \"\(folder.path(name))\"\nstep"))
    #expect(interpreter.session.step == 6)
  }

  @Test func float32IsRounded() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("w.safetensors")
    let (_, errors) = session(after: "param w = [0.1, 2]\nexport w to \"\(path)\" as float32")
    #expect(errors.isEmpty)
    let read = try ArrayFile.read(path, at: somewhere)
    #expect(
      read == [NamedTensor("w", Tensor([Double(Float(0.1)), 2], shape: [2], type: .float32))])
  }

  @Test func partsOfWhatThereIs() throws {
    let folder = try TemporaryFolder()
    let (interpreter, errors) = session(
      after: """
        \(model)param w = [1, 2]
        export f.0 to "\(folder.path("stage.npz"))"
        export w to "\(folder.path("w.npy"))"
        f.0.weight = 0
        w = 0
        import "\(folder.path("stage.npz"))" into f.0
        import "\(folder.path("w.npy"))" into w
        """)
    #expect(errors.isEmpty, "\(errors)")
    #expect(interpreter.session.snapshot["w"]?.elements == [1, 2])
    #expect(interpreter.session.snapshot["f.0.weight"]?.elements.contains(0) == false)
  }

  @Test func whatDiffersIsListed() throws {
    let (interpreter, errors) = session(
      after: "model f = linear(2, 4) |> batchnorm(4) |> relu\nimport \"\(network)\"")
    #expect(errors.map(\.id) == ["import.fit"])
    let help = errors.first?.help ?? ""
    #expect(help.contains("f.0.weight is [4, 2] here, [3, 2] in the file"), "\(help)")
    #expect(help.contains("f.3.bias is in the file only"), "\(help)")
    #expect(interpreter.session.timeline.isEmpty)
    let (_, missing) = session(
      after: model.replacing("\n", with: " |> linear(1, 1)\n") + "import \"\(network)\"")
    #expect(missing.first?.help == "f.4.weight is not in the file; f.4.bias is not in the file")
  }

  @Test(arguments: [
    ("import \"no.npz\"", "file.missing"), ("import \"x.csv\"", "file.kind"),
    ("import \"\(network)\" into q", "import.unknown"),
    ("import \"\(network)\" into w", "import.fit"), ("export q to \"/tmp/x.npz\"", "name.unknown"),
    ("export w to \"w\"", "file.kind"), ("export w, w to \"/tmp/x.npz\"", "export.twice"),
    ("export d to \"/tmp/x.npz\"", "export.table"),
    ("export zeros(2, 2, 2) to \"/tmp/x.csv\"", "export.matrix"),
    ("export w to \"/no/such/w.npy\"", "file.missing"),
  ])
  func badFilesAreOneError(_ line: String, _ id: String) {
    let (interpreter, errors) = session(
      after: "data d = csv(\"iris.csv\")\nparam w = [1, 2]\n" + line)
    #expect(errors.map(\.id) == [id], "\(errors)")
    #expect(interpreter.session.lines.count == 2)
  }
}
