// Why a part of a formula has no value here.

import Diagnostics

enum FormulaFailure: Error {
  /// A symbol that nothing before it gives a value, as it is printed.
  case unknown(String, Span)
  /// A function that nothing before it defines.
  case unknownFunction(String, Span)
  /// Vectors and matrices that do not fit together.
  case shape(String, Span)
  /// What this evaluator does not do.
  case notUnderstood(String, Span)
  /// Dividing by zero, the logarithm of a negative number.
  case undefined(String, Span)
  /// Too long to calculate.
  case tooLong(Span)

  var text: String {
    switch self {
    case .unknown(let name, _): "nothing here says what \(name) is"
    case .unknownFunction(let name, _): "nothing here says what the function \(name) is"
    case .shape(let text, _): text
    case .notUnderstood(let text, _): text
    case .undefined(let text, _): text
    case .tooLong: "it is too large to work out"
    }
  }

  var span: Span {
    switch self {
    case .unknown(_, let span), .unknownFunction(_, let span), .shape(_, let span),
      .notUnderstood(_, let span), .undefined(_, let span), .tooLong(let span):
      span
    }
  }
}
