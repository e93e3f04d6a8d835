// A text with formulas, read: its equations in order and the words around them.

import Diagnostics

/// A reading of signs that could be another one.
package struct TeXRemark: Sendable {
  package enum Kind: Sendable { case slip, ambiguity }
  package var kind: Kind
  package var text: String
  package var span: Span
}

package struct TeXText: Sendable {
  /// Equations, expressions and words, in the order written.
  package var items: [MathItem]
  /// How many formulas there are between delimiters.
  package var formulas: Int
  /// What was read as it may not be meant.
  package private(set) var remarks: [TeXRemark] = []

  /// Reads a text: macros put in, delimiters and environments taken off, every formula parsed.
  /// - Parameter given: macros that were defined elsewhere.
  /// - Throws: at the place of what cannot be read.
  package init(_ span: Span, given: TeXDefinitions = TeXDefinitions()) throws(Diagnostic) {
    let raw = try TeXLexer.tokens(span)
    let tokens = try TeXMacros.expanded(raw, of: span.source, given: given)
    items = []
    formulas = 0
    for piece in try TeXPieces.split(tokens, of: span.source) {
      switch piece.kind {
      case .prose:
        let text = piece.text
        if text.contains(where: { $0.isLetter }) {
          var item = MathItem(.words(text), piece.span)
          item.formula = formulas
          // Outside of any formula: said in passing.
          item.isRemark = true
          items.append(item)
        }
      case .formula:
        formulas += 1
        var parser = MathParser(piece.tokens, of: span.source, end: piece.span.end)
        for var item in try parser.items() {
          item.formula = formulas
          items.append(item)
        }
        remarks += parser.remarks
      }
    }
  }

  /// All words, for evidence.
  package var words: String {
    items.compactMap { if case .words(let text) = $0.kind { text } else { nil } }
      .joined(separator: " ")
  }
}

extension Math {
  /// One expression and nothing else, such as a symbol: `\eta^{+}`, `\text{lr}`.
  package init(_ span: Span) throws(Diagnostic) {
    let tokens = try TeXMacros.expanded(try TeXLexer.tokens(span), of: span.source)
    var parser = MathParser(tokens.filter { !$0.isEnd }, of: span.source, end: span.end)
    self = try parser.expression()
    try parser.skip()
    guard parser.peek.isEnd else { throw parser.expected("the end of the expression") }
  }
}

extension TeXText {
  /// Formulas of a document without their delimiters, as one text.
  package init(formulas spans: [Span], given: TeXDefinitions = TeXDefinitions())
    throws(Diagnostic)
  {
    items = []
    formulas = 0
    for span in spans {
      let inner = try TeXText(span, given: given)
      for var item in inner.items {
        item.formula += formulas
        items.append(item)
      }
      formulas += max(1, inner.formulas)
      remarks += inner.remarks
    }
  }
}
