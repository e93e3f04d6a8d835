// The header of a .npy file: a Python dictionary of three known keys, read strictly.
//
// Format: NEP 1, "A Simple File Format for NumPy Arrays", versions 1.0 to 3.0. Nothing the header
// says is believed before it is checked against the file's length.

/// How the numbers of a .npy file lie in it.
struct NumPyHeader: Equatable {
  /// The type as written, such as `<f8`.
  let descriptor: String
  let isFortranOrder: Bool
  let shape: [Int]
  /// Where the numbers begin.
  let dataStart: Int
}

/// What is wrong with the beginning of a .npy file.
enum NumPyHeaderError: Error, Equatable {
  /// It does not begin as a .npy file does.
  case notNumPy
  case unknownVersion(major: Int, minor: Int)
  /// The file ends within the header.
  case cutShort
  /// The dictionary is not one, or lacks a key.
  case malformed(String)
  /// An array of records with named fields.
  case structured
}

extension NumPyHeader {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// NumPy itself refuses larger ones unless told otherwise.
  static let maximumLength = 10_000
  static let maximumRank = 64

  init(of bytes: [UInt8]) throws(NumPyHeaderError) {
    guard bytes.starts(with: Self.magic) else { throw .notNumPy }
    guard bytes.count >= 10 else { throw .cutShort }
    let major = Int(bytes[6])
    let start: Int
    let length: Int
    switch major {
    case 1:
      start = 10
      length = Int(bytes[8]) | Int(bytes[9]) << 8
    case 2, 3:
      guard bytes.count >= 12 else { throw .cutShort }
      start = 12
      length =
        Int(bytes[8]) | Int(bytes[9]) << 8 | Int(bytes[10]) << 16 | Int(bytes[11]) << 24
    default: throw .unknownVersion(major: major, minor: Int(bytes[7]))
    }
    guard length <= bytes.count - start else { throw .cutShort }
    guard length <= Self.maximumLength else {
      throw .malformed("it is \(length) bytes long")
    }
    var literal = PythonLiteral(bytes[start..<start + length])
    let entries = try literal.dictionary()

    guard case .string(let descriptor)? = entries["descr"] else {
      if case .list? = entries["descr"] { throw .structured }
      throw .malformed("it names no type (descr)")
    }
    guard case .boolean(let isFortranOrder)? = entries["fortran_order"] else {
      throw .malformed("fortran_order is neither True nor False")
    }
    guard case .tuple(let shape)? = entries["shape"] else {
      throw .malformed("shape is not a tuple of sizes")
    }
    guard entries.count == 3 else { throw .malformed("it has a key that is not known") }
    guard shape.count <= Self.maximumRank else {
      throw .malformed("it has \(shape.count) dimensions")
    }
    self.init(
      descriptor: descriptor, isFortranOrder: isFortranOrder, shape: shape,
      dataStart: start + length)
  }

  /// The bytes of a header, padded so that the numbers begin at a multiple of 64.
  static func bytes(descriptor: String, shape: [Int]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(sizes)), }"
    // Version 1.0 holds 65 535 bytes, which no shape of at most 64 sizes comes near.
    let length = (10 + text.utf8.count + 1 + 63) / 64 * 64 - 10
    let padding = [UInt8](repeating: 0x20, count: length - text.utf8.count - 1)
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8 & 0xFF)]
      + Array(text.utf8) + padding + [0x0A]
  }
}
