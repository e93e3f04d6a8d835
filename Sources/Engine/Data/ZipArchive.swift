// Zip archives, as far as NumPy's .npz files need them: entries stored or deflated, in one volume,
// below 4 GiB, not encrypted.
//
// Format: PKWARE's APPNOTE 6.3. What the directory says is believed only after it has been held to
// the file's length and the entry's checksum.

import CZlib

struct ZipArchive {
  struct Entry {
    let name: String
    let bytes: [UInt8]
  }

  enum Failure: Error, Equatable {
    case notAnArchive
    case cutShort
    /// Encryption, another compression, a size beyond 4 GiB.
    case unsupported(String)
    case damaged(String)
    case tooLarge
  }

  /// An archive of more entries is refused.
  static let mostEntries = 65_535

  /// The entries in the order of the directory.
  /// - Parameters:
  ///   - limit: how many bytes they may have in all.
  ///   - expected: how long an entry is by what it begins with; nil where that does not say. What is
  ///     longer than that is never unpacked.
  static func entries(
    of bytes: [UInt8], limit: Int, expected: ([UInt8]) -> Int? = { _ in nil }
  ) throws(Failure) -> [Entry] {
    guard bytes.starts(with: [0x50, 0x4B]) else { throw .notAnArchive }
    let end = try endOfDirectory(bytes)
    let count = number(bytes, end + 10, 2)
    var place = number(bytes, end + 16, 4)
    guard count < mostEntries, place < 0xFFFF_FFFF else { throw .unsupported("a zip64 archive") }
    var entries: [Entry] = []
    var total = 0
    for _ in 0..<count {
      guard place >= 0, place + 46 <= bytes.count, number(bytes, place, 4) == 0x0201_4B50 else {
        throw .cutShort
      }
      let nameLength = number(bytes, place + 28, 2)
      let next =
        place + 46 + nameLength + number(bytes, place + 30, 2) + number(bytes, place + 32, 2)
      guard next <= bytes.count else { throw .cutShort }
      let name = String(decoding: bytes[place + 46..<place + 46 + nameLength], as: UTF8.self)
      let size = number(bytes, place + 24, 4)
      guard size < 0xFFFF_FFFF else { throw .unsupported("\(name): an entry of zip64") }
      total += size
      guard total <= limit else { throw .tooLarge }
      entries.append(
        Entry(
          name: name, bytes: try content(bytes, directory: place, name, size, expected: expected)))
      place = next
    }
    return entries
  }

  /// An archive with the entries stored as they are.
  static func bytes(of entries: [Entry]) -> [UInt8] {
    var result: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let name = Array(entry.name.utf8)
      let sum = Int(checksum(entry.bytes))
      // Version 2.0, names in UTF-8, stored, the date 1 January 1980.
      let common =
        little(20, 2) + little(0x800, 2) + little(0, 2) + little(0, 2) + little(0x21, 2)
        + little(sum, 4) + little(entry.bytes.count, 4) + little(entry.bytes.count, 4)
        + little(name.count, 2) + little(0, 2)
      directory += little(0x0201_4B50, 4) + little(20, 2) + common
      directory += little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4)
      directory += little(result.count, 4) + name
      result += little(0x0403_4B50, 4) + common + name + entry.bytes
    }
    let start = result.count
    result += directory
    result += little(0x0605_4B50, 4) + little(0, 4) + little(entries.count, 2)
    result +=
      little(entries.count, 2) + little(directory.count, 4) + little(start, 4) + little(0, 2)
    return result
  }

  // MARK: Parts

  /// Where the end record begins, which a comment of up to 65 535 bytes may follow.
  private static func endOfDirectory(_ bytes: [UInt8]) throws(Failure) -> Int {
    var place = bytes.count - 22
    let lowest = max(0, place - 65_535)
    while place >= lowest {
      if number(bytes, place, 4) == 0x0605_4B50 { return place }
      place -= 1
    }
    throw .cutShort
  }

  private static func content(
    _ bytes: [UInt8], directory: Int, _ name: String, _ size: Int, expected: ([UInt8]) -> Int?
  ) throws(Failure) -> [UInt8] {
    let flags = number(bytes, directory + 8, 2)
    let method = number(bytes, directory + 10, 2)
    let sum = number(bytes, directory + 16, 4)
    let packed = number(bytes, directory + 20, 4)
    let local = number(bytes, directory + 42, 4)
    guard flags & 1 == 0 else { throw .unsupported("\(name) is encrypted") }
    guard local + 30 <= bytes.count, number(bytes, local, 4) == 0x0403_4B50 else { throw .cutShort }
    let start = local + 30 + number(bytes, local + 26, 2) + number(bytes, local + 28, 2)
    guard packed < 0xFFFF_FFFF, start <= bytes.count, packed <= bytes.count - start else {
      throw .cutShort
    }
    let raw = bytes[start..<start + packed]
    let result: [UInt8]
    switch method {
    case 0:
      guard packed == size else { throw .damaged("\(name) has two sizes") }
      result = Array(raw)
    case 8:
      // Deflate makes nothing more than about 1032 times smaller.
      guard size / 1100 <= packed else { throw .damaged("\(name) cannot be that large") }
      if size > longestBeginning, let length = expected(beginning(of: raw)), length < size {
        throw .damaged("\(name) would unpack to \(size) bytes, and by its header it has \(length)")
      }
      guard let inflated = inflate(raw, size: size) else {
        throw .damaged("\(name) cannot be unpacked")
      }
      result = inflated
    default: throw .unsupported("\(name) is compressed by method \(method)")
    }
    guard Int(checksum(result)) == sum else { throw .damaged("\(name) fails its checksum") }
    return result
  }

  /// Bytes that are enough to tell how long an entry should be.
  private static let longestBeginning = 1 << 14

  private static func beginning(of raw: ArraySlice<UInt8>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: longestBeginning) { buffer, filled in
      filled = raw.withUnsafeBufferPointer { input in
        Int(
          descent_inflate_beginning(
            input.baseAddress, UInt32(input.count), buffer.baseAddress, UInt32(longestBeginning)))
      }
    }
  }

  private static func inflate(_ raw: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    var code: Int32 = 1
    let result = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      raw.withUnsafeBufferPointer { input in
        code = descent_inflate(
          input.baseAddress, UInt32(input.count), buffer.baseAddress, UInt32(size))
      }
      filled = code == 0 ? size : 0
    }
    return code == 0 ? result : nil
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer {
      UInt32(truncatingIfNeeded: descent_crc32($0.baseAddress, UInt32($0.count)))
    }
  }

  /// A little-endian number; 0 beyond the end.
  private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
    guard place >= 0, place + count <= bytes.count else { return 0 }
    var result = 0
    for i in (0..<count).reversed() { result = result << 8 | Int(bytes[place + i]) }
    return result
  }

  private static func little(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
