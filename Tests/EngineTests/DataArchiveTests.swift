// .npz and .safetensors files: what NumPy and PyTorch write is read, what is written is read back,
// and a damaged file is one error.

import Diagnostics
import Tensors
import Testing

@testable import Engine

private func recorded(_ name: String) -> String {
  RecordedData.folder.appendingPathComponent(name).path
}

private func bytes(_ name: String) throws -> [UInt8] {
  try FileAccess.read(recorded(name), at: somewhere)
}

@Suite struct DataArchiveTests {
  @Test(arguments: ["stored.npz", "packed.npz"])
  func archivesOfNumPy(_ name: String) throws {
    let read = try NumPyArchive.read(recorded(name), at: somewhere)
    #expect(read.map(\.name) == ["x", "y", "flags", "long_run", "fortran", "scalar"])
    let values = Dictionary(read.map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a })
    #expect(values["x"] == Tensor([0, 0.25, 0.5, 0.75, 1, 1.25], shape: [2, 3]))
    #expect(values["y"] == Tensor([0, 1, 0x1p40], shape: [3], type: .int64))
    #expect(values["flags"] == Tensor([1, 0], shape: [2], type: .bool))
    #expect(values["long_run"] == Tensor([], shape: [2000], type: .float32))
    #expect(values["fortran"] == Tensor([0, 1, 2, 3, 4, 5], shape: [2, 3], type: .int64))
    #expect(values["scalar"]?.scalar == 2.5)
  }

  @Test func everyTypeOfSafetensors() throws {
    let read = try SafetensorsFile.read(recorded("types.safetensors"), at: somewhere)
    let values = Dictionary(read.map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a })
    for name in ["f64", "f32", "f16"] {
      #expect(values[name]?.elements == [1.5, -2, 0], "\(name)")
    }
    #expect(values["f64"]?.elementType == .float64)
    #expect(values["f16"]?.elementType == .float32)
    #expect(values["bf16"]?.elements.prefix(2) == [1.5, -2])
    #expect(values["i64"] == Tensor([1, -2, 0x1p40], shape: [3], type: .int64))
    for name in ["i32", "i16", "i8"] { #expect(values[name]?.elements == [1, -2, 3], "\(name)") }
    #expect(values["u8"]?.elements == [1, 2, 255])
    #expect(values["flags"] == Tensor([1, 0, 1], shape: [3], type: .bool))
    #expect(values["matrix"]?.shape == [2, 3])
    #expect(values["scalar"]?.shape == .scalar)
    #expect(values["empty"]?.shape == [0, 3])
    #expect(values["größe \"x\""]?.elements == [1])
  }

  private static let tensors = [
    NamedTensor("w", Tensor([1.5, .pi, -0.0, 1e300], shape: [2, 2])),
    NamedTensor("f.0.weight", Tensor([Double(Float(0.1)), .infinity], shape: [2], type: .float32)),
    NamedTensor("n", Tensor([-5, 0x1p53], shape: [2, 1], type: .int64)),
    NamedTensor("b", Tensor([1, 0, 1], shape: [3], type: .bool)),
    NamedTensor("empty", Tensor([], shape: [0, 4])), NamedTensor("\"ä\\\n", Tensor(3)),
  ]

  @Test func whatIsWrittenIsReadBack() throws {
    let folder = try TemporaryFolder()
    for name in ["x.npz", "x.safetensors"] {
      try ArrayFile.write(Self.tensors, to: folder.path(name), at: somewhere)
      let read = try ArrayFile.read(folder.path(name), at: somewhere)
      #expect(read.sorted { $0.name < $1.name } == Self.tensors.sorted { $0.name < $1.name })
    }
    try ArrayFile.write([Self.tensors[0]], to: folder.path("x.npy"), at: somewhere)
    #expect(
      try ArrayFile.read(folder.path("x.npy"), at: somewhere)[0].value == Self.tensors[0].value)
    try ArrayFile.write([Self.tensors[0]], to: folder.path("x.csv"), at: somewhere)
    #expect(folder.text("x.csv")?.hasPrefix("w_0,w_1\n1.5,3.14159") == true)
    for (name, id) in [("x.txt", "file.kind"), ("x", "file.kind"), ("y.npy", "export.one")] {
      let failure = diagnostic {
        try ArrayFile.write(Self.tensors, to: folder.path(name), at: somewhere)
      }
      #expect(failure?.id == id)
    }
  }

  /// Cut anywhere, or with any byte changed, a file is read as it was or refused, and never traps.
  @Test(arguments: ["stored.npz", "packed.npz", "types.safetensors", "network.safetensors"])
  func damagedFiles(_ name: String) throws {
    let whole = try bytes(name)
    func read(_ bytes: [UInt8]) -> Diagnostic? {
      diagnostic {
        name.hasSuffix("npz")
          ? try NumPyArchive.parse(bytes, name: name, at: somewhere)
          : try SafetensorsFile.parse(bytes, name: name, at: somewhere)
      }
    }
    for length in stride(from: 0, to: whole.count, by: max(1, whole.count / 300)) {
      #expect(read(Array(whole.prefix(length))) != nil, "\(length)")
    }
    var random = SplitMix(state: 5)
    for _ in 0..<1500 {
      var changed = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<changed.count, using: &random)
        changed[place] = UInt8.random(in: 0...255, using: &random)
      }
      _ = read(changed)
    }
  }

  @Test func headersThatLie() throws {
    func read(_ header: String, _ data: [UInt8] = []) -> String? {
      let text = Array(header.utf8)
      let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
      return diagnostic {
        try SafetensorsFile.parse(length + text + data, name: "x", at: somewhere)
      }?.id
    }
    let one = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
    #expect(read(one, [0, 0, 0, 0]) == nil)
    #expect(read(one, [0, 0, 0]) == "safetensors.damaged")
    #expect(read(one, [0, 0, 0, 0, 0]) == "safetensors.damaged")
    #expect(read(one.replacing("[1]", with: "[-1]"), [0, 0, 0, 0]) == "safetensors.damaged")
    #expect(
      read(one.replacing("[1]", with: "[0,99999999999999]"), []) == "safetensors.damaged")
    #expect(read(one.replacing("F32", with: "C64"), [0, 0, 0, 0]) == "safetensors.type")
    #expect(read(one.replacing("[0,4]", with: "[4,0]"), [0, 0, 0, 0]) == "safetensors.damaged")
    #expect(read("{}") == nil)
    #expect(read("[]") == "safetensors.damaged")
    #expect(read(String(repeating: "[", count: 100_000)) == "safetensors.damaged")
    #expect(JSONText("{\"a\":1,\"a\":2}"[...].utf8.slice) == nil)
    #expect(
      JSONText(" [1e3, -2, \"\\u00e4\\ud83d\\ude00\", null, true] ".utf8.slice)
        == .array([.number(1000), .number(-2), .string("ä😀"), .null, .bool(true)]))
  }
}

extension Sequence<UInt8> {
  fileprivate var slice: ArraySlice<UInt8> { Array(self)[...] }
}
