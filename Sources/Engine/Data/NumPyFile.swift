// NumPy's .npy files: one array each, as a tensor and back.
//
// Every number is read as it is or not at all: whole numbers beyond 2^53, which a tensor cannot
// hold, are an error, and so are complex numbers and Python objects (which are never unpickled).

import Diagnostics
import Tensors

package enum NumPyFile {
  /// The array of a file. float16, float32 → float32; float64 → float64; whole numbers → int64;
  /// bool → bool. Fortran order is turned into row-major.
  ///
  /// - Throws: `file.…` as `FileAccess.read`; `npy.notNumPy`, `npy.version`, `npy.header`,
  ///   `npy.type`, `npy.tooLarge`, `npy.cutShort`, `npy.trailing`, `npy.inexact`.
  package static func read(_ path: String, at span: Span) throws(Diagnostic) -> Tensor {
    let bytes = try FileAccess.read(FileAccess.locate(path), at: span)
    return try parse(bytes, name: path, at: span)
  }

  /// The array in the bytes of a file; `name` is what errors call it.
  package static func parse(
    _ bytes: [UInt8], name: String, at span: Span
  ) throws(Diagnostic) -> Tensor {
    let header: NumPyHeader
    do {
      header = try NumPyHeader(of: bytes)
    } catch {
      throw diagnostic(error, bytes, name: name, at: span)
    }
    guard let type = NumPyType(header.descriptor) else {
      throw unsupported(header.descriptor, name: name, at: span)
    }
    let shape = Shape(header.shape)
    // Each size too: beside a 0, a huge one would pass for an empty array.
    guard shape.count <= Tensor.maximumCount,
      header.shape.allSatisfy({ $0 <= Tensor.maximumCount })
    else {
      throw Diagnostic(
        "npy.tooLarge", "\(name): an array of shape \(shape) is too large", at: span,
        help: "no more than \(Tensor.maximumCount) numbers are read")
    }
    let expected = shape.count * type.size
    let available = bytes.count - header.dataStart
    guard available >= expected else {
      throw Diagnostic(
        "npy.cutShort",
        "\(name) is cut short: an array of shape \(shape) needs \(expected) bytes, and"
          + " \(available) are there", at: span, help: "save or copy it again")
    }
    guard available == expected else {
      throw Diagnostic(
        "npy.trailing", "\(name): \(available - expected) bytes follow the array", at: span,
        help: "save one array a file")
    }
    guard var elements = type.decode(bytes[header.dataStart...], count: shape.count) else {
      throw Diagnostic(
        "npy.inexact",
        "\(name): a whole number beyond 2^53 = 9007199254740992 cannot be held exactly",
        at: span, help: "save the array as float64 if rounding is meant")
    }
    if header.isFortranOrder { elements = rowMajor(elements, shape) }
    return Tensor(elements, shape: shape, type: type.elementType)
  }

  /// How many bytes a file has in all by its header, given its beginning; nil when there is no such
  /// header, or one of a type or size that is not read.
  static func length(_ beginning: [UInt8]) -> Int? {
    guard let header = try? NumPyHeader(of: beginning), let type = NumPyType(header.descriptor),
      header.shape.allSatisfy({ $0 <= Tensor.maximumCount })
    else { return nil }
    let count = Shape(header.shape).count
    guard count <= Tensor.maximumCount else { return nil }
    return header.dataStart + count * type.size
  }

  /// The elements of an array stored with its first axis fastest, with the last one fastest.
  private static func rowMajor(_ elements: [Double], _ shape: Shape) -> [Double] {
    guard shape.rank > 1, elements.count > 1 else { return elements }
    var strides: [Int] = []
    var stride = 1
    for dimension in shape.dimensions {
      strides.append(stride)
      stride *= dimension
    }
    var index = [Int](repeating: 0, count: shape.rank)
    var offset = 0
    var result: [Double] = []
    result.reserveCapacity(elements.count)
    for _ in 0..<elements.count {
      result.append(elements[offset])
      var axis = shape.rank - 1
      while axis >= 0 {
        index[axis] += 1
        offset += strides[axis]
        if index[axis] < shape.dimensions[axis] { break }
        offset -= strides[axis] * shape.dimensions[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return result
  }

  // MARK: - Writing

  /// Writes a tensor in version 1.0, little-endian: float64 as `<f8`, float32 as `<f4`, int64 as
  /// `<i8`, bool as `|b1`. Replaces an old file in one step.
  ///
  /// - Throws: `file.…` as `FileAccess.write`.
  package static func write(
    _ tensor: Tensor, to path: String, at span: Span
  ) throws(Diagnostic) {
    try FileAccess.write(bytes(of: tensor), to: path, at: span)
  }

  /// The bytes of a .npy file that holds the tensor.
  package static func bytes(of tensor: Tensor) -> [UInt8] {
    let dimensions = tensor.shape.dimensions
    switch tensor.elementType {
    case .float64:
      return NumPyHeader.bytes(descriptor: "<f8", shape: dimensions)
        + littleEndian(tensor.elements.map(\.bitPattern))
    case .float32:
      return NumPyHeader.bytes(descriptor: "<f4", shape: dimensions)
        + littleEndian(tensor.elements.map { Float($0).bitPattern })
    case .int64:
      let numbers = tensor.elements.map { Int64(exactly: $0) }
      // A whole number that is none after all (nan, 1e300) is better kept as it is.
      guard !numbers.contains(nil) else {
        return bytes(of: Tensor(tensor.elements, shape: tensor.shape, type: .float64))
      }
      return NumPyHeader.bytes(descriptor: "<i8", shape: dimensions)
        + littleEndian(numbers.map { UInt64(bitPattern: $0 ?? 0) })
    case .bool:
      return NumPyHeader.bytes(descriptor: "|b1", shape: dimensions)
        + tensor.elements.map { $0 == 0 ? 0 : 1 }
    }
  }

  private static func littleEndian<Bits: FixedWidthInteger>(_ numbers: [Bits]) -> [UInt8] {
    numbers.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }

  // MARK: - Errors

  private static func diagnostic(
    _ error: NumPyHeaderError, _ bytes: [UInt8], name: String, at span: Span
  ) -> Diagnostic {
    switch error {
    case .notNumPy:
      if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
        return Diagnostic(
          "npy.notNumPy", "\(name) is an archive (.npz, .pt or another), not one array", at: span,
          help: "save the array by itself: np.save(\"w.npy\", w)")
      }
      if bytes.first == 0x80 {
        return Diagnostic(
          "npy.notNumPy", "\(name) is a Python pickle, which is never opened here", at: span,
          help: "pickles can run code; np.save(\"w.npy\", w) saves the numbers alone")
      }
      return Diagnostic(
        "npy.notNumPy",
        bytes.isEmpty ? "\(name) is empty" : "\(name) does not begin as a .npy file does",
        at: span, help: "np.save(\"w.npy\", w) writes one")
    case .unknownVersion(let major, let minor):
      return Diagnostic(
        "npy.version", "\(name) has version \(major).\(minor) of the .npy format", at: span,
        help: "versions 1.0, 2.0 and 3.0 are known")
    case .cutShort:
      return Diagnostic(
        "npy.cutShort", "\(name) is cut short within its header", at: span,
        help: "save or copy it again")
    case .malformed(let what):
      return Diagnostic("npy.header", "\(name): its header is damaged: \(what)", at: span)
    case .structured:
      return Diagnostic(
        "npy.type", "\(name) holds records with named fields, not numbers", at: span,
        help: "save one field: np.save(\"x.npy\", a[\"x\"])")
    }
  }

  private static func unsupported(
    _ descriptor: String, name: String, at span: Span
  ) -> Diagnostic {
    let shown = descriptor.count > 20 ? descriptor.prefix(19) + "…" : descriptor
    let (kind, help) = NumPyType.describe(descriptor)
    return Diagnostic(
      "npy.type", "\(name) holds \(kind) (dtype \(shown)), which cannot be read", at: span,
      help: help)
  }
}
