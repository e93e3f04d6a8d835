// What can be wrong with a text before anything is known of what it means.
//
// Data only; the words are in `SyntaxError+Prose.swift`.

import Diagnostics

package struct SyntaxError: Error, Sendable {
  package enum Kind: Sendable {
    // Characters
    case invalidByte(UInt8)
    case controlCharacter(UInt32)
    case unknownCharacter(String)
    /// A sign of another language; `instead` is what to type here.
    case foreign(String, instead: String)
    case unterminatedString
    case numberTooLarge(String)
    case numberTooSmall(String)
    case numberTooLong
    case nameTooLong
    case groupedDigits(String)
    /// Letters that are no one name: `βm`.
    case joinedLetters(String, product: String, name: String)
    case computedSubscript(String)
    case tooLong(limit: Int)

    // Structure
    case expected(String, found: String, help: String?)
    case unclosed(String)
    case mismatched(opener: String, found: String, closer: String)
    case closesNothing(String)
    case implicitProduct(left: String, right: String)
    case spacedCall(name: String, bracket: String)
    case chainedComparison
    case spacedSign(sign: String, left: String, right: String)
    case matrixRows(suggestion: String?)
    case missingCommas(suggestion: String?)
    case emptyBrackets
    case unnamedAfterNamed
    case assignmentInside
    case compoundAssignment(sign: String, name: String)
    case pipeInside
    case operatorAsName(String)
    case gradientSubscript(String)
    case tooHigh(limit: Int)
    case twice(what: String, name: String)
  }

  /// Kept behind a reference: an error as large as its words would make every frame of the recursive
  /// parser large, which costs depth.
  private final class Details: Sendable {
    let kind: Kind
    let span: Span
    let mark: Diagnostic.Mark?

    init(kind: Kind, span: Span, mark: Diagnostic.Mark?) {
      self.kind = kind
      self.span = span
      self.mark = mark
    }
  }

  private let details: Details

  package var kind: Kind { details.kind }
  package var span: Span { details.span }
  /// A second place that takes part, such as the bracket that is still open.
  package var mark: Diagnostic.Mark? { details.mark }

  package init(_ kind: Kind, _ span: Span, mark: Diagnostic.Mark? = nil) {
    details = Details(kind: kind, span: span, mark: mark)
  }
}
