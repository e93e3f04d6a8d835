// An error as data: what happened, where, and what to type instead.
//
// Each layer has small typed error enums; `diagnostic` turns one into this form, and only the
// renderer turns this form into text.

/// What a person is told about something that went wrong.
package struct Diagnostic: Error, Sendable {
  package enum Severity: Sendable { case error, warning, note }

  /// A second place that takes part, with a few words on it, such as an operand's shape.
  package struct Mark: Sendable {
    package var span: Span
    package var label: String

    package init(_ span: Span, _ label: String) {
      self.span = span
      self.label = label
    }
  }

  package var severity: Severity
  /// A stable name such as `shape.mismatch`, for scripts and translations.
  package var id: String
  /// One sentence without the place: what was seen and what was expected.
  package var message: String
  /// The place the caret points at.
  package var span: Span?
  package var marks: [Mark]
  /// What to do about it; nil when the message says all there is.
  package var help: String?

  package init(
    _ id: String, _ message: String, at span: Span? = nil, marks: [Mark] = [],
    help: String? = nil, severity: Severity = .error
  ) {
    self.id = id
    self.message = message
    self.span = span
    self.marks = marks
    self.help = help
    self.severity = severity
  }
}

/// A typed error that knows its own words.
package protocol DiagnosticConvertible: Error {
  var diagnostic: Diagnostic { get }
}

extension Diagnostic: DiagnosticConvertible {
  package var diagnostic: Diagnostic { self }
}
