// Safetensors: named tensors with a JSON header, the format in which networks' weights are passed on.
//
// Format: https://github.com/huggingface/safetensors, "Format". The header is held to the file: every
// byte of data belongs to exactly one tensor.

import Diagnostics
import Tensors

package enum SafetensorsFile {
  /// The reference implementation refuses longer headers too.
  private static let longestHeader = 100_000_000

  /// The tensors by name, in the order of the header. F64 is read as float64; F32, F16 and BF16 as
  /// float32; whole numbers as int64; BOOL as bool.
  ///
  /// - Throws: `file.…` as `FileAccess.read`; `safetensors.…` when the file is no such file, is
  ///   damaged, or holds a type that is not read.
  package static func read(_ path: String, at span: Span) throws(Diagnostic) -> [NamedTensor] {
    let bytes = try FileAccess.read(FileAccess.locate(path), at: span)
    return try parse(bytes, name: path, at: span)
  }

  /// The same for the bytes of a file; `name` is what errors call it.
  package static func parse(_ bytes: [UInt8], name: String, at span: Span) throws(Diagnostic)
    -> [NamedTensor]
  {
    func damaged(_ what: String) -> Diagnostic {
      Diagnostic(
        "safetensors.damaged", "\(name) is no safetensors file, or damaged: \(what)", at: span,
        help: "safetensors.torch.save_file(model.state_dict(), \"f.safetensors\") writes one")
    }
    guard bytes.count >= 8 else { throw damaged("it is only \(bytes.count) bytes long") }
    var length = 0
    for i in (0..<8).reversed() {
      guard length < 1 << 48 else { throw damaged("its header is too long") }
      length = length << 8 | Int(bytes[i])
    }
    guard length <= longestHeader, length <= bytes.count - 8 else {
      throw damaged("its header is too long")
    }
    guard case .object(let entries)? = JSONText(bytes[8..<8 + length]) else {
      throw damaged("its header cannot be read")
    }
    let start = 8 + length
    var parts: [(name: String, place: Range<Int>)] = []
    var result: [NamedTensor] = []
    for (key, value) in entries where key != "__metadata__" {
      guard case .object(let fields) = value else { throw damaged("\(key) is not described") }
      func field(_ name: String) -> JSONText? { fields.first { $0.key == name }?.value }
      guard case .string(let type)? = field("dtype") else { throw damaged("\(key) has no dtype") }
      guard let sizes = field("shape")?.wholeNumbers, sizes.allSatisfy({ $0 >= 0 }) else {
        throw damaged("the shape of \(key) is no list of whole numbers from 0 on")
      }
      guard let offsets = field("data_offsets")?.wholeNumbers, offsets.count == 2,
        offsets[0] >= 0, offsets[0] <= offsets[1]
      else { throw damaged("the data_offsets of \(key) are no beginning and end") }
      guard offsets[1] <= bytes.count - start else {
        throw damaged(
          "\(key) would end at byte \(offsets[1]) of the data, which has \(bytes.count - start)")
      }
      guard let format = Format(type) else {
        throw Diagnostic(
          "safetensors.type", "\(name): \(key) is of type \(type), which is not read", at: span,
          help: "F64, F32, F16, BF16, whole numbers and BOOL are")
      }
      let shape = Shape(sizes)
      guard sizes.allSatisfy({ $0 >= 0 && $0 <= Tensor.maximumCount }),
        shape.count <= Tensor.maximumCount, sizes.count <= Graph.maximumRank
      else {
        throw Diagnostic(
          "safetensors.tooLarge", "\(name): \(key) of shape \(shape) is too large", at: span)
      }
      guard offsets[1] - offsets[0] == shape.count * format.size else {
        throw damaged("\(key) of shape \(shape) does not fill its place")
      }
      let place = start + offsets[0]..<start + offsets[1]
      guard let elements = format.decode(bytes[place], count: shape.count) else {
        throw Diagnostic(
          "safetensors.inexact", "\(name): \(key) holds a whole number beyond 2^53", at: span)
      }
      parts.append((key, place))
      result.append(NamedTensor(key, Tensor(elements, shape: shape, type: format.elementType)))
    }
    var end = start
    for part in parts.sorted(by: {
      ($0.place.lowerBound, $0.place.upperBound) < ($1.place.lowerBound, $1.place.upperBound)
    }) {
      guard part.place.lowerBound == end else { throw damaged("its tensors overlap or leave gaps") }
      end = part.place.upperBound
    }
    guard end == bytes.count else { throw damaged("bytes follow the last tensor") }
    return result
  }

  // MARK: - Writing

  /// Writes tensors under their names; an old file is replaced in one step.
  package static func write(
    _ tensors: [NamedTensor], to path: String, at span: Span
  ) throws(Diagnostic) {
    try FileAccess.write(bytes(of: tensors), to: path, at: span)
  }

  static func bytes(of tensors: [NamedTensor]) -> [UInt8] {
    // Wider types first, so that every tensor begins at a multiple of its size.
    let sorted = tensors.sorted {
      (-$0.value.elementType.width, $0.name) < (-$1.value.elementType.width, $1.name)
    }
    var data: [UInt8] = []
    var entries = ["\"__metadata__\":{\"format\":\"pt\"}"]
    for tensor in sorted {
      let start = data.count
      append(tensor.value, to: &data)
      let sizes = tensor.value.shape.dimensions.map(String.init).joined(separator: ",")
      entries.append(
        "\(JSONText.quoted(tensor.name)):{\"dtype\":\"\(tensor.value.elementType.safetensorsName)\","
          + "\"shape\":[\(sizes)],\"data_offsets\":[\(start),\(data.count)]}")
    }
    var header = Array(("{" + entries.joined(separator: ",") + "}").utf8)
    while header.count % 8 != 0 { header.append(0x20) }
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return length + header + data
  }

  private static func append(_ tensor: Tensor, to data: inout [UInt8]) {
    func add(_ bits: some FixedWidthInteger) {
      withUnsafeBytes(of: bits.littleEndian) { data.append(contentsOf: $0) }
    }
    for element in tensor.elements {
      switch tensor.elementType {
      case .float64: add(element.bitPattern)
      case .float32: add(Float(element).bitPattern)
      case .int64: add(UInt64(bitPattern: Int64(exactly: element) ?? 0))
      case .bool: data.append(element == 0 ? 0 : 1)
      }
    }
  }

  /// How a type's numbers lie in the file.
  private struct Format {
    let numpy: NumPyType?
    var size: Int { numpy?.size ?? 2 }
    var elementType: ElementType { numpy?.elementType ?? .float32 }

    init?(_ name: String) {
      let types = [
        "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2",
        "I8": "|i1", "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1", "BOOL": "|b1",
      ]
      if name == "BF16" {
        numpy = nil
      } else {
        guard let type = types[name].flatMap({ NumPyType($0) }) else { return nil }
        numpy = type
      }
    }

    func decode(_ bytes: ArraySlice<UInt8>, count: Int) -> [Double]? {
      if let numpy { return numpy.decode(bytes, count: count) }
      // bfloat16 is the upper half of a float32.
      return (0..<count).map { i in
        let place = bytes.startIndex + 2 * i
        let bits = UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 24
        return Double(Float(bitPattern: bits))
      }
    }
  }
}

extension ElementType {
  fileprivate var safetensorsName: String {
    switch self {
    case .bool: "BOOL"
    case .int64: "I64"
    case .float32: "F32"
    case .float64: "F64"
    }
  }

  fileprivate var width: Int {
    switch self {
    case .bool: 1
    case .float32: 4
    case .int64, .float64: 8
    }
  }
}
