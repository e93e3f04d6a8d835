// The element types of .npy files that are read, and how their bytes become numbers.

import Tensors

struct NumPyType: Equatable {
  enum Kind: Equatable { case bool, signed, unsigned, float }

  let kind: Kind
  /// Bytes an element: 1, 2, 4 or 8.
  let size: Int
  let isBigEndian: Bool

  /// From a type as NumPy writes it: `<f8`, `|b1`, `>i4`; nil for one that is not read.
  init?(_ descriptor: String) {
    let characters = Array(descriptor.utf8)
    guard characters.count == 3, let size = Int(String(decoding: characters[2...], as: UTF8.self))
    else { return nil }
    switch characters[0] {
    case UInt8(ascii: "<"), UInt8(ascii: "|"), UInt8(ascii: "="): isBigEndian = false
    case UInt8(ascii: ">"): isBigEndian = true
    default: return nil
    }
    let sizes: [Int]
    switch characters[1] {
    case UInt8(ascii: "b"): (kind, sizes) = (.bool, [1])
    case UInt8(ascii: "i"): (kind, sizes) = (.signed, [1, 2, 4, 8])
    case UInt8(ascii: "u"): (kind, sizes) = (.unsigned, [1, 2, 4, 8])
    case UInt8(ascii: "f"): (kind, sizes) = (.float, [2, 4, 8])
    default: return nil
    }
    // `|` says that the order does not matter, which is true of single bytes only.
    guard sizes.contains(size), characters[0] != UInt8(ascii: "|") || size == 1 else { return nil }
    self.size = size
  }

  var elementType: ElementType {
    switch kind {
    case .bool: .bool
    case .signed, .unsigned: .int64
    case .float: size == 8 ? .float64 : .float32
    }
  }

  /// The first `count` numbers; nil when one is too large a whole number to be exact, or when there
  /// are not enough bytes.
  func decode(_ bytes: ArraySlice<UInt8>, count: Int) -> [Double]? {
    guard bytes.count / size >= count else { return nil }
    return bytes.withUnsafeBytes { buffer in
      switch (kind, size) {
      case (.bool, _): numbers(buffer, count, UInt8.self) { $0 == 0 ? 0 : 1 }
      case (.signed, 1): numbers(buffer, count, UInt8.self) { Double(Int8(bitPattern: $0)) }
      case (.signed, 2): numbers(buffer, count, UInt16.self) { Double(Int16(bitPattern: $0)) }
      case (.signed, 4): numbers(buffer, count, UInt32.self) { Double(Int32(bitPattern: $0)) }
      case (.signed, _):
        numbers(buffer, count, UInt64.self) { bits in
          let value = Int64(bitPattern: bits)
          return value.magnitude <= 1 << 53 ? Double(value) : nil
        }
      case (.unsigned, 1): numbers(buffer, count, UInt8.self) { Double($0) }
      case (.unsigned, 2): numbers(buffer, count, UInt16.self) { Double($0) }
      case (.unsigned, 4): numbers(buffer, count, UInt32.self) { Double($0) }
      case (.unsigned, _):
        numbers(buffer, count, UInt64.self) { $0 <= 1 << 53 ? Double($0) : nil }
      case (.float, 2): numbers(buffer, count, UInt16.self, Self.half)
      case (.float, 4): numbers(buffer, count, UInt32.self) { Double(Float(bitPattern: $0)) }
      case (.float, _): numbers(buffer, count, UInt64.self) { Double(bitPattern: $0) }
      }
    }
  }

  private func numbers<Bits: FixedWidthInteger>(
    _ buffer: UnsafeRawBufferPointer, _ count: Int, _ type: Bits.Type, _ value: (Bits) -> Double?
  ) -> [Double]? {
    var result: [Double] = []
    result.reserveCapacity(count)
    for index in 0..<count {
      let raw = buffer.loadUnaligned(fromByteOffset: index * size, as: type)
      guard let number = value(isBigEndian ? Bits(bigEndian: raw) : Bits(littleEndian: raw))
      else { return nil }
      result.append(number)
    }
    return result
  }

  /// IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of fraction.
  static func half(_ bits: UInt16) -> Double {
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF)
    let magnitude: Double
    switch exponent {
    case 0: magnitude = fraction * 0x1p-24
    case 31: magnitude = fraction == 0 ? .infinity : .nan
    default:
      magnitude = Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
    return bits >> 15 == 0 ? magnitude : -magnitude
  }

  /// What a type that is not read is, and what to do about it.
  static func describe(_ descriptor: String) -> (kind: String, help: String?) {
    let letter = descriptor.drop { "<>|=".contains($0) }.first
    switch letter {
    case "O": return ("Python objects", "a.astype(float) makes it numbers")
    case "c": return ("complex numbers", "save a.real and a.imag in a file each")
    case "f": return ("numbers of more than 64 bits", "a.astype(np.float64) rounds them")
    case "U", "S", "a": return ("text", "save numbers, or the table as CSV")
    case "M", "m": return ("dates or times", "a.astype(np.int64) makes it numbers")
    case "V": return ("raw bytes or records", "save the numbers in it as float64")
    default: return ("elements of an unknown type", "a.astype(np.float64) makes it numbers")
    }
  }
}
