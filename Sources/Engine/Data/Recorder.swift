// `record "run.csv" w, m, L`: a row of a CSV file for each step taken.
//
// Rows are gathered and written some at a time; the file is there to be read after every flush. A
// file that is not a recording is never overwritten, and an error is thrown once, not at each step.

import Diagnostics
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is recorded under a name: one number, or a tensor of one shape throughout.
package struct RecordedValue: Sendable, Equatable {
  package let name: String
  package let shape: Shape

  package init(name: String, shape: Shape) {
    self.name = name
    self.shape = shape
  }

  /// A column's name for each element, row-major: `L`, or `w[0]`, `w[1]`, or `A[0, 1]`.
  package var columnNames: [String] { indexLabels(of: shape).map { name + $0 } }
}

/// `[0]`, `[1]`, … or `[0, 0]`, `[0, 1]`, … in row-major order; one empty label for a scalar.
func indexLabels(of shape: Shape) -> [String] {
  guard !shape.isScalar else { return [""] }
  guard shape.count > 0 else { return [] }
  var index = [Int](repeating: 0, count: shape.rank)
  var labels: [String] = []
  labels.reserveCapacity(shape.count)
  for _ in 0..<shape.count {
    labels.append("[" + index.map(String.init).joined(separator: ", ") + "]")
    var axis = shape.rank - 1
    while axis >= 0 {
      index[axis] += 1
      if index[axis] < shape.dimensions[axis] { break }
      index[axis] = 0
      axis -= 1
    }
  }
  return labels
}

/// Writes one recording. Its rows stand in the order the steps were taken, each with its step's
/// number in the first column, so steps taken again after `back` come again.
package final class Recorder {
  package let path: String
  package let values: [RecordedValue]
  /// How many rows were given so far.
  package private(set) var rowCount = 0

  private static let bufferSize = 1 << 16
  private let span: Span
  private let destination: String
  private var descriptor: Int32?
  private var buffer: [UInt8]
  /// Whether rows are no longer taken, after an error that was thrown.
  private var isStopped = false

  /// Prepares the recording; an old one is replaced when the first rows are written.
  ///
  /// - Throws: `record.notRecording` when the file holds something else, `record.tooWide`, and
  ///   `file.…` for a path that cannot be written.
  package init(_ path: String, values: [RecordedValue], at span: Span) throws(Diagnostic) {
    var width = 1
    for value in values {
      let (sum, over) = width.addingReportingOverflow(value.shape.count)
      guard !over, sum <= CSVCells.maximumColumns else {
        throw Diagnostic(
          "record.tooWide", "\(value.name) \(value.shape) makes too many columns to record",
          at: span, help: "record a part of it, or norm(\(value.name))")
      }
      width = sum
    }
    let (destination, mode) = try FileAccess.destination(path, at: span)
    if mode != nil { try Self.refuseUnlessRecording(destination, path, at: span) }
    // Last, after all that may throw: from here on, `deinit` runs and writes what is gathered.
    self.path = path
    self.values = values
    self.span = span
    self.destination = destination
    buffer = CSVFile.line((["step"] + values.flatMap(\.columnNames)).map(CSVFile.cell))
  }

  deinit {
    try? flush()
    if let descriptor { close(descriptor) }
  }

  /// Adds a row: the step's number and a tensor for each value.
  ///
  /// - Throws: `record.shape` when a value's shape has changed, `file.write`; once only, after which
  ///   rows are dropped.
  package func append(step: Int, _ tensors: [Tensor]) throws(Diagnostic) {
    guard !isStopped else { return }
    guard tensors.count == values.count else {
      throw stop(
        Diagnostic(
          "record.shape", "\(path) records \(values.count) values, and \(tensors.count) are given",
          at: span))
    }
    var cells = [String(step)]
    for (value, tensor) in zip(values, tensors) {
      guard value.shape == tensor.shape else {
        throw stop(
          Diagnostic(
            "record.shape",
            "\(value.name) is now \(tensor.shape); it was \(value.shape) when \(path) was begun",
            at: span, help: "recording has stopped; record it to another file"))
      }
      for element in tensor.elements { cells.append(CSVFile.number(element)) }
    }
    buffer += CSVFile.line(cells)
    rowCount += 1
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes what has been gathered, so that the file holds every row given so far.
  package func flush() throws(Diagnostic) {
    guard !buffer.isEmpty else { return }
    let rows = buffer
    // Emptied first: rows that cannot be written are not tried again.
    buffer.removeAll(keepingCapacity: true)
    if descriptor == nil {
      let opened = open(destination, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0o666)
      guard opened >= 0 else {
        throw stop(FileAccess.openingFailed(path, destination, errno, at: span))
      }
      descriptor = opened
    }
    guard let descriptor else { return }
    let problem = FileAccess.writeAll(rows, to: descriptor)
    guard problem == 0 else {
      throw stop(
        FileAccess.failure("file.write", "\(path) cannot be written", problem, at: span))
    }
  }

  private func stop(_ diagnostic: Diagnostic) -> Diagnostic {
    isStopped = true
    return diagnostic
  }

  /// A file may be replaced when it is empty or begins as recordings do.
  private static func refuseUnlessRecording(
    _ destination: String, _ path: String, at span: Span
  ) throws(Diagnostic) {
    let start = FileAccess.beginning(of: destination, count: 5)
    guard let start, start.isEmpty || start == Array("step,".utf8) || start == Array("step\n".utf8)
    else {
      throw Diagnostic(
        "record.notRecording", "\(path) is there already, and is not a recording", at: span,
        help: "choose another name, or delete that file first")
    }
  }
}
