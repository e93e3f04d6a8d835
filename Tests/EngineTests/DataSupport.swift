// What the tests of data files share: a place to point at, a folder that goes away, random bytes.

import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A span for errors that nobody renders.
let somewhere = Span(Source("csv(\"table.csv\")"), 0, 16)

/// The error a piece of work ends in; nil when it succeeds.
func diagnostic(of work: () throws -> some Any) -> Diagnostic? {
  do {
    _ = try work()
    return nil
  } catch {
    return error as? Diagnostic
  }
}

/// A new folder, removed with all that is in it when the value goes away.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/descent-tests-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Diagnostic("test.folder", "no folder") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func path(_ name: String) -> String { path + "/" + name }

  /// Writes a file without the code that is tested, and returns its path.
  @discardableResult
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    guard let file = fopen(path(name), "wb") else { throw Diagnostic("test.file", "no file") }
    let written = fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    guard written == bytes.count else { throw Diagnostic("test.file", "cut short") }
    return path(name)
  }

  @discardableResult
  func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

  func folder(_ name: String) throws {
    guard mkdir(path(name), 0o700) == 0 else { throw Diagnostic("test.folder", "no folder") }
  }

  /// A file's text; nil when there is none.
  func text(_ name: String) -> String? {
    guard let file = fopen(path(name), "rb") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// The names in the folder, hidden ones too, sorted.
  func names() -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { buffer in
        String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  deinit {
    for name in names() {
      unlink(path(name))
      rmdir(path(name))
    }
    rmdir(path)
  }
}

/// Sebastiano Vigna's SplitMix64: a few lines, and the same numbers on every machine.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
