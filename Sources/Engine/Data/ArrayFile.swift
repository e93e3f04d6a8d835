// Files of numbers by their names' endings: .npy, .npz and .safetensors, and .csv for writing.

import Diagnostics
import Tensors

package enum ArrayFile {
  /// The tensors of a file; a .npy file's is called by the file's name without its ending.
  ///
  /// - Throws: `file.kind` for another ending, and what the file's reader throws.
  package static func read(_ path: String, at span: Span) throws(Diagnostic) -> [NamedTensor] {
    switch ending(of: path) {
    case "npz": return try NumPyArchive.read(path, at: span)
    case "safetensors": return try SafetensorsFile.read(path, at: span)
    case "npy":
      let name = path.split(separator: "/").last.map { String($0.dropLast(4)) } ?? path
      return [NamedTensor(name, try NumPyFile.read(path, at: span))]
    default:
      throw Diagnostic(
        "file.kind", "what kind of file \(path) is cannot be told from its name", at: span,
        help: "its name ends in .safetensors, .npz or .npy")
    }
  }

  /// Writes tensors as the file's name asks.
  ///
  /// - Throws: `file.kind`; `export.one` for several tensors in a .npy or .csv file;
  ///   `export.matrix` for a .csv file of more than two axes; `file.…` as `FileAccess.write`.
  package static func write(_ tensors: [NamedTensor], to path: String, at span: Span)
    throws(Diagnostic)
  {
    let ending = ending(of: path)
    switch ending {
    case "npz": return try NumPyArchive.write(tensors, to: path, at: span)
    case "safetensors": return try SafetensorsFile.write(tensors, to: path, at: span)
    case "npy", "csv": break
    default:
      throw Diagnostic(
        "file.kind", "what kind of file \(path) is to be cannot be told from its name", at: span,
        help: "its name ends in .safetensors, .npz, .npy or .csv")
    }
    guard let only = tensors.first, tensors.count == 1 else {
      throw Diagnostic(
        "export.one", "a .\(ending) file holds one tensor; these are \(tensors.count)", at: span,
        help: "an .npz or .safetensors file holds several")
    }
    if ending == "npy" { return try NumPyFile.write(only.value, to: path, at: span) }
    let shape = only.value.shape
    guard shape.rank <= 2 else {
      throw Diagnostic(
        "export.matrix", "a .csv file holds a matrix; \(only.name) has shape \(shape)", at: span,
        help: "write it to an .npy file")
    }
    let width = shape.rank == 2 ? shape.dimensions[1] : 1
    let header = width == 1 ? [only.name] : (0..<width).map { "\(only.name)_\($0)" }
    let height = shape.dimensions.first ?? 1
    let rows = (0..<height).map { row in
      Array(only.value.elements[row * width..<(row + 1) * width])
    }
    try CSVFile.write(header: header, rows: rows, to: path, at: span)
  }

  private static func ending(of path: String) -> String {
    guard let dot = path.lastIndex(of: ".") else { return "" }
    return path[path.index(after: dot)...].lowercased()
  }
}
