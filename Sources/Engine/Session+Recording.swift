// record: values written to a file with every step.

import Diagnostics
import Notation
import Tensors

/// A recording in progress. The file is begun with the first step, when every value has its shape.
package final class Recording {
  package let path: String
  package let expressions: [(text: String, expression: Expression)]
  private let span: Span
  private var recorder: Recorder?

  package init(path: String, at span: Span, expressions: [(text: String, expression: Expression)]) {
    self.path = path
    self.span = span
    self.expressions = expressions
  }

  package var rowCount: Int { recorder?.rowCount ?? 0 }

  /// Begins the file if the values have shapes by now.
  func prepare(_ values: [Tensor]) throws(Diagnostic) {
    guard recorder == nil else { return }
    recorder = try Recorder(
      path, values: zip(expressions, values).map { RecordedValue(name: $0.text, shape: $1.shape) },
      at: span)
  }

  /// Adds a row.
  package func append(step: Int, _ values: [Tensor]) throws(Diagnostic) {
    try prepare(values)
    try recorder?.append(step: step, values)
  }

  /// Writes what is still in memory.
  package func flush() throws(Diagnostic) { try recorder?.flush() }
}

extension Session {
  /// Starts a recording; what can be checked about the file is checked now.
  package mutating func startRecording(_ recording: Recording) throws(Diagnostic) {
    do {
      let values = try evaluate(
        recording.expressions.map(\.expression), snapshot: snapshot, at: timeline.position)
      try recording.prepare(values)
    } catch  where error.id == "step.none" {
      // A value of the step; the file is begun with the first one.
    }
    self.recording = recording
  }

  /// Adds the present step to the recording, if there is one.
  package func recordRow() throws(Diagnostic) {
    guard let recording else { return }
    let values = try evaluate(
      recording.expressions.map(\.expression), snapshot: snapshot, at: timeline.position)
    try recording.append(step: step, values)
  }
}
