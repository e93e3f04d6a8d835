// NumPy's files: every type that is read, every one that is refused, and damage of all kinds.
//
// The numbers' bytes are NumPy's own: `np.array(…, dtype=…).tobytes().hex()`, NumPy 2.4.

import Diagnostics
import Tensors
import Testing

@testable import Engine

private func bytes(hex: String) -> [UInt8] {
  var digits = Array(hex.utf8)[...]
  var result: [UInt8] = []
  while let high = digits.popFirst(), let low = digits.popFirst() {
    result.append(UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16) ?? 0)
  }
  return result
}

/// A file with this dictionary and these bytes behind it.
private func file(_ dictionary: String, _ data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
  let text = Array(dictionary.utf8) + [0x0A]
  let count = UInt8(text.count & 0xFF)
  let high = UInt8(text.count >> 8)
  let length = version == 1 ? [count, high] : [count, high, 0, 0]
  return NumPyHeader.magic + [version, 0] + length + text + data
}

private func file(
  _ descriptor: String, fortran: Bool = false, _ shape: String, _ hex: String, version: UInt8 = 1
) -> [UInt8] {
  file(
    "{'descr': '\(descriptor)', 'fortran_order': \(fortran ? "True" : "False"),"
      + " 'shape': \(shape), }", bytes(hex: hex), version: version)
}

private func read(_ bytes: [UInt8]) throws -> Tensor {
  try NumPyFile.parse(bytes, name: "a.npy", at: somewhere)
}

private func error(_ bytes: [UInt8]) -> Diagnostic? { diagnostic { try read(bytes) } }

@Suite struct DataNumPyTests {
  @Test func everyType() throws {
    #expect(
      try read(file("<f2", "(6,)", "003c00c00038ff7b0100007c"))
        == Tensor([1, -2, 0.5, 65504, 0x1p-24, .infinity], shape: [6], type: .float32))
    #expect(
      try read(file(">f4", "(2, 2)", "3fc00000c00000003dcccccd7f61b1e6"))
        == Tensor(
          [1.5, -2, Double(Float(0.1)), Double(Float(3e38))], shape: [2, 2], type: .float32))
    #expect(
      try read(file("<f8", "(2,)", "9a9999999999b93f0000000000000080"))
        == Tensor([0.1, -0.0], shape: [2]))
    #expect(
      try read(file("|i1", "(2,)", "807f")) == Tensor([-128, 127], shape: [2], type: .int64))
    #expect(
      try read(file("|u1", "(2,)", "80ff")) == Tensor([128, 255], shape: [2], type: .int64))
    #expect(
      try read(file("<i2", "(2,)", "0080ff7f"))
        == Tensor([-32768, 32767], shape: [2], type: .int64))
    #expect(
      try read(file(">u2", "(2,)", "0000ffff")) == Tensor([0, 65535], shape: [2], type: .int64))
    #expect(
      try read(file(">i4", "(1,)", "80000000"))
        == Tensor([-2_147_483_648], shape: [1], type: .int64))
    #expect(
      try read(file("<u4", "(1,)", "ffffffff"))
        == Tensor([4_294_967_295], shape: [1], type: .int64))
    #expect(
      try read(file("<i8", "()", "000000000000e0ff"))
        == Tensor(-9_007_199_254_740_992, type: .int64))
    #expect(
      try read(file("<u8", "(1,)", "0000000000002000"))
        == Tensor([9_007_199_254_740_992], shape: [1], type: .int64))
    #expect(
      try read(file("|b1", "(2, 1)", "0100")) == Tensor([1, 0], shape: [2, 1], type: .bool))
    #expect(try read(file("<f8", "(0, 3)", "")) == Tensor([], shape: [0, 3]))
  }

  @Test func fortranOrder() throws {
    let hex =
      "00000000000000000000000000000840000000000000f03f0000000000001040"
      + "00000000000000400000000000001440"
    #expect(
      try read(file("<f8", fortran: true, "(2, 3)", hex))
        == Tensor([0, 1, 2, 3, 4, 5], shape: [2, 3]))
    // Element [i, j, k] of a 2×3×2 array that holds 0…11 in the file is i + 2j + 6k.
    let order = "000102030405060708090a0b"
    #expect(
      try read(file("|u1", fortran: true, "(2, 3, 2)", order)).elements
        == [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11])
  }

  @Test func versionsAndSpellings() throws {
    for version in [1, 2, 3] as [UInt8] {
      #expect(try read(file("|u1", "(2,)", "0102", version: version)).elements == [1, 2])
    }
    for dictionary in [
      "{\"shape\":(2L,),\"descr\":\"|u1\",\"fortran_order\":False}",
      "{ 'fortran_order' : False , 'shape' : ( 2 , ) , 'descr' : '|u1' , }   ",
    ] {
      #expect(try read(file(dictionary, [1, 2])).elements == [1, 2])
    }
    #expect(try read(file("<f2", "(1,)", "007e")).elements[0].isNaN)
  }

  /// Every half-precision number, against the machine's own conversion.
  @Test func everyHalf() {
    #if !(os(macOS) && arch(x86_64))
      let wrong = (UInt16.min...UInt16.max).filter { bits in
        let value = NumPyType.half(bits)
        let expected = Double(Float16(bitPattern: bits))
        return value.isNaN != expected.isNaN
          || !value.isNaN && value.bitPattern != expected.bitPattern
      }
      #expect(wrong == [])
    #endif
  }

  @Test func writesWhatNumPyWrites() throws {
    // np.save of np.arange(6.).reshape(2, 3), up to the numbers.
    let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }"
    let padding = String(repeating: " ", count: 118 - 1 - text.utf8.count)
    let expected = NumPyHeader.magic + [1, 0, 118, 0] + Array((text + padding + "\n").utf8)
    let written = NumPyFile.bytes(of: Tensor([0, 1, 2, 3, 4, 5], shape: [2, 3]))
    #expect(Array(written.prefix(128)) == expected)
    #expect(written.count == 128 + 48)
  }

  @Test func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.npy")
    let tensors = [
      Tensor(3.25), Tensor([], shape: [0]), Tensor([.nan, -.infinity, -0.0, 5], shape: [2, 2]),
      Tensor([0.5, 1.5], shape: [1, 2, 1], type: .float32),
      Tensor([-0x1p53, 7], shape: [2], type: .int64), Tensor([1, 0], shape: [2], type: .bool),
      Tensor([1], shape: Shape([Int](repeating: 1, count: 64))),
    ]
    for tensor in tensors {
      try NumPyFile.write(tensor, to: path, at: somewhere)
      let back = try NumPyFile.read(path, at: somewhere)
      #expect(back.shape == tensor.shape)
      #expect(back.elementType == tensor.elementType)
      #expect(back.elements.map(\.bitPattern) == tensor.elements.map(\.bitPattern))
    }
  }

  // MARK: - Refused

  @Test(arguments: [
    ("|O", "Python objects (dtype |O)"), ("<c16", "complex numbers (dtype <c16)"),
    ("<f16", "more than 64 bits"), ("<U5", "text"), ("|S3", "text"), ("<M8[ns]", "dates"),
    ("|V4", "raw bytes"), ("<q8", "unknown"), ("f8", "more than 64 bits"), ("<f3", "64 bits"),
    ("", "unknown"), ("<i-8", "unknown"),
  ])
  func typesThatAreNotRead(_ descriptor: String, _ words: String) throws {
    let failure = try #require(error(file(descriptor, "(1,)", "0000000000000000")))
    #expect(failure.id == "npy.type")
    #expect(failure.message.contains(words), "\(failure.message)")
  }

  @Test func structured() {
    let dictionary =
      "{'descr': [('x', '<f8'), ('y]', '<i4', (2,))], 'fortran_order': False, 'shape': (1,), }"
    #expect(error(file(dictionary))?.message.contains("records with named fields") == true)
  }

  @Test func wholeNumbersThatDoNotFit() {
    for (type, hex) in [("<i8", "010000000000e0ff"), ("<u8", "ffffffffffffffff")] {
      let failure = error(file(type, "(1,)", hex == "010000000000e0ff" ? "ffffffffffffdfff" : hex))
      #expect(failure?.id == "npy.inexact")
      #expect(failure?.message.contains("2^53 = 9007199254740992") == true)
    }
  }

  @Test(arguments: [
    ("(2,)", "npy.cutShort"), ("(0,)", "npy.trailing"), ("(134217729,)", "npy.tooLarge"),
    ("(9223372036854775807, 9223372036854775807)", "npy.tooLarge"),
    ("(0, 9223372036854775807)", "npy.tooLarge"), ("(9223372036854775808,)", "npy.header"),
    ("(-1,)", "npy.header"), ("(1)", "npy.header"), ("1", "npy.header"), ("(1.5,)", "npy.header"),
    ("(1,,)", "npy.header"), ("(1", "npy.header"), ("'1'", "npy.header"), ("True", "npy.header"),
    ("[1]", "npy.header"),
    ("(" + String(repeating: "1, ", count: 65) + ")", "npy.header"),
  ])
  func shapes(_ shape: String, _ id: String) {
    let failure = error(file("<f8", shape, "0000000000000000"))
    #expect(failure?.id == id, "\(failure?.message ?? "read")")
  }

  @Test(arguments: [
    "", "{", "{}", "{'descr': '<f8'}", "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}",
    "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': True}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x",
    "{'descr': '<f8' 'fortran_order': False, 'shape': (1,)}",
    "{'descr: 1", "{'a': [[[[[[[[", "{'a': ['", "{'descr': '\\x3cf8'}", "{1: 2}", "\u{0}",
    "{'descr': __import__('os')}",
  ])
  func damagedHeaders(_ dictionary: String) {
    #expect(error(file(dictionary, bytes(hex: "0000000000000000")))?.id == "npy.header")
  }

  @Test func notNumPyAtAll() {
    #expect(error([])?.message == "a.npy is empty")
    #expect(error([0x80, 4, 0x95])?.message.contains("pickle") == true)
    #expect(error([0x50, 0x4B, 3, 4])?.message.contains("archive") == true)
    #expect(error(Array("1,2".utf8))?.id == "npy.notNumPy")
    #expect(error(NumPyHeader.magic + [4, 0, 0, 0, 0, 0])?.id == "npy.version")
    #expect(error(NumPyHeader.magic + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF])?.id == "npy.cutShort")
  }

  /// Every beginning of a good file, and every byte of it changed, ends in a tensor or an error.
  @Test func cutAndChanged() {
    let whole = file("<i2", fortran: true, "(2, 2)", "0100020003000400")
    for count in whole.indices {
      #expect(error(Array(whole.prefix(count))) != nil)
    }
    var random = SplitMix(state: 5)
    for index in whole.indices {
      for _ in 0..<20 {
        var changed = whole
        changed[index] = UInt8.random(in: 0...255, using: &random)
        _ = try? read(changed)
      }
    }
  }
}
