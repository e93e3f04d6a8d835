// NumPy's .npz files: several named arrays, as `np.savez` and `np.savez_compressed` write them.

import Diagnostics
import Tensors

package enum NumPyArchive {
  /// How many bytes the arrays may have in all, unpacked.
  private static let limit = 1 << 30

  /// The arrays by name, in the order of the file.
  ///
  /// - Throws: `file.…` as `FileAccess.read`; `npz.…` when it is no such archive; `npy.…` as
  ///   `NumPyFile.read` for an array in it.
  package static func read(_ path: String, at span: Span) throws(Diagnostic) -> [NamedTensor] {
    let bytes = try FileAccess.read(FileAccess.locate(path), at: span)
    return try parse(bytes, name: path, at: span)
  }

  /// The same for the bytes of a file; `name` is what errors call it.
  package static func parse(_ bytes: [UInt8], name: String, at span: Span) throws(Diagnostic)
    -> [NamedTensor]
  {
    let entries: [ZipArchive.Entry]
    do {
      entries = try ZipArchive.entries(of: bytes, limit: limit, expected: NumPyFile.length)
    } catch {
      throw diagnostic(error, bytes, name: name, at: span)
    }
    var result: [NamedTensor] = []
    for entry in entries {
      guard entry.name.hasSuffix(".npy") else {
        throw Diagnostic(
          "npz.entry", "\(name) holds \(entry.name), which is no array", at: span,
          help: "np.savez(\"x.npz\", w=w, b=b) writes arrays alone")
      }
      let field = String(entry.name.dropLast(4))
      guard !result.contains(where: { $0.name == field }) else {
        throw Diagnostic("npz.twice", "\(name) holds two arrays called \(field)", at: span)
      }
      result.append(
        NamedTensor(field, try NumPyFile.parse(entry.bytes, name: "\(name), \(field)", at: span)))
    }
    guard !result.isEmpty else {
      throw Diagnostic("npz.empty", "\(name) holds no arrays", at: span)
    }
    return result
  }

  /// Writes arrays, not compressed; an old file is replaced in one step.
  package static func write(
    _ tensors: [NamedTensor], to path: String, at span: Span
  ) throws(Diagnostic) {
    try FileAccess.write(bytes(of: tensors), to: path, at: span)
  }

  static func bytes(of tensors: [NamedTensor]) -> [UInt8] {
    ZipArchive.bytes(
      of: tensors.map { .init(name: $0.name + ".npy", bytes: NumPyFile.bytes(of: $0.value)) })
  }

  private static func diagnostic(
    _ failure: ZipArchive.Failure, _ bytes: [UInt8], name: String, at span: Span
  ) -> Diagnostic {
    switch failure {
    case .notAnArchive:
      Diagnostic(
        "npz.notNumPy",
        bytes.isEmpty ? "\(name) is empty" : "\(name) does not begin as an .npz file does",
        at: span, help: "np.savez(\"x.npz\", w=w, b=b) writes one")
    case .cutShort:
      Diagnostic("npz.cutShort", "\(name) is cut short", at: span, help: "save or copy it again")
    case .unsupported(let what):
      Diagnostic(
        "npz.unsupported", "\(name) cannot be read: \(what)", at: span,
        help: "np.savez and np.savez_compressed write what can be read")
    case .damaged(let what):
      Diagnostic("npz.damaged", "\(name) is damaged: \(what)", at: span, help: "copy it again")
    case .tooLarge:
      Diagnostic("npz.tooLarge", "\(name) holds more than 1 GiB", at: span)
    }
  }
}

/// A tensor and what it is called in a file.
package struct NamedTensor: Sendable, Equatable {
  package let name: String
  package let value: Tensor

  package init(_ name: String, _ value: Tensor) {
    self.name = name
    self.value = value
  }
}
