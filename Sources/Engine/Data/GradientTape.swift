// `replay "grads.npy"`: gradients recorded elsewhere, one set a step, from PyTorch say.
//
// A .npy file has the steps along its first axis; a CSV file has a step a row. Which number belongs
// to which parameter is decided by names or by the one order possible, and never by guessing.

import Diagnostics
import Tensors

package struct GradientTape: Sendable {
  /// The file, as it was typed.
  package let path: String
  package let stepCount: Int
  /// The parameters the gradients are for, in the order they are given.
  package let parameters: [RecordedValue]
  /// Row-major `[stepCount, width]`, the parameters' elements one after another.
  private let elements: [Double]
  private let width: Int
  private let elementType: ElementType

  /// Reads a tape for parameters of these names and shapes; the ending `.npy` tells the format.
  ///
  /// - Throws: `file.…`, `npy.…`, `data.…` as the file's reader; `tape.shape`, `tape.columns`,
  ///   `tape.noParameters`.
  package static func read(
    _ path: String, for parameters: [RecordedValue], at span: Span
  ) throws(Diagnostic) -> GradientTape {
    let bytes = try FileAccess.read(FileAccess.locate(path), at: span)
    return try parse(bytes, name: path, for: parameters, at: span)
  }

  /// Reads a tape from the bytes of a file; `name` is what errors call it.
  package static func parse(
    _ bytes: [UInt8], name: String, for parameters: [RecordedValue], at span: Span
  ) throws(Diagnostic) -> GradientTape {
    var width = 0
    for parameter in parameters {
      let (sum, over) = width.addingReportingOverflow(parameter.shape.count)
      width = over ? Int.max : sum
    }
    guard width > 0, width <= Tensor.maximumCount else {
      throw Diagnostic(
        "tape.noParameters", "there is no parameter for the gradients of \(name)", at: span,
        help: "declare one first: param w = [1, -2]")
    }
    let isArray =
      bytes.starts(with: NumPyHeader.magic) || name.lowercased().hasSuffix(".npy")
    let tensor =
      isArray
      ? try array(bytes, name, parameters, width, at: span)
      : try table(bytes, name, parameters, width, at: span)
    return GradientTape(
      path: name, stepCount: tensor.elements.count / width, parameters: parameters,
      elements: tensor.elements, width: width,
      elementType: tensor.elementType == .float32 ? .float32 : .float64)
  }

  /// The gradients of a step, counted from 0, one for each parameter; nil past the end.
  package func gradients(at step: Int) -> [Tensor]? {
    guard step >= 0, step < stepCount else { return nil }
    var start = step * width
    return parameters.map { parameter in
      let end = start + parameter.shape.count
      defer { start = end }
      return Tensor(Array(elements[start..<end]), shape: parameter.shape, type: elementType)
    }
  }

  // MARK: - Arrays

  private static func array(
    _ bytes: [UInt8], _ name: String, _ parameters: [RecordedValue], _ width: Int, at span: Span
  ) throws(Diagnostic) -> Tensor {
    let tensor = try NumPyFile.parse(bytes, name: name, at: span)
    let dimensions = tensor.shape.dimensions
    let expected = parameters.count == 1 ? parameters[0].shape.dimensions : [width]
    let inner = Array(dimensions.dropFirst())
    // A parameter's gradient may also be given flat, and that of a single number without its axis.
    guard !dimensions.isEmpty, inner == expected || inner == [width] || inner.isEmpty && width == 1
    else {
      let wanted = (["steps"] + expected.map(String.init)).joined(separator: ", ")
      let of =
        parameters.count == 1
        ? "\(parameters[0].name) is \(parameters[0].shape)"
        : parameters.map { "\($0.name) \($0.shape)" }.joined(separator: ", ") + " one after another"
      throw Diagnostic(
        "tape.shape", "\(name) has the shape \(tensor.shape) where [\(wanted)] is expected: \(of)",
        at: span,
        help: inner == expected.reversed()
          ? "the last axes are in the other order: np.save(…, g.swapaxes(1, -1))"
          : dimensions == expected
            ? "for a single step, g[None] gives it the axis of steps" : nil)
    }
    return tensor
  }

  // MARK: - Tables

  private static func table(
    _ bytes: [UInt8], _ name: String, _ parameters: [RecordedValue], _ width: Int, at span: Span
  ) throws(Diagnostic) -> Tensor {
    var options = CSVOptions()
    options.acceptsNaN = true
    let table: DataTable
    do {
      table = try CSVFile.parse(bytes, name: name, options: options, at: span)
    } catch {
      var explained = error
      if error.id == "data.notANumber" {
        explained.help = "every cell holds a number; nan, inf and -inf are numbers here"
      }
      throw explained
    }
    let columns = try GradientColumns.order(of: table, name, parameters, width, at: span)
    let shape = Shape([table.rowCount, width])
    guard shape.count <= Tensor.maximumCount else {
      throw Diagnostic("data.tooLarge", "\(name) is too large", at: span)
    }
    var elements = [Double](repeating: 0, count: shape.count)
    for (position, column) in columns.enumerated() {
      for row in 0..<min(table.rowCount, column.elements.count) {
        elements[row * width + position] = column.elements[row]
      }
    }
    return Tensor(elements, shape: shape)
  }
}
