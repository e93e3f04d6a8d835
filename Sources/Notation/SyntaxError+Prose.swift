// The words for what can be wrong with a text: what was seen, what was expected, what to type.

import Diagnostics

extension SyntaxError: DiagnosticConvertible {
  package var diagnostic: Diagnostic {
    let words = self.words
    return Diagnostic(
      "syntax." + words.id, words.message, at: span, marks: mark.map { [$0] } ?? [],
      help: words.help)
  }

  private typealias Words = (id: String, message: String, help: String?)

  private var words: Words { characterWords ?? structureWords }

  // MARK: Characters

  private var characterWords: Words? {
    switch kind {
    case .invalidByte(let byte):
      (
        "invalid-byte", "the byte 0x\(hex(UInt32(byte), 2)) is not UTF-8 text",
        "save the file as UTF-8"
      )
    case .controlCharacter(let value):
      (
        "control-character",
        value == 0 ? "a NUL byte (U+0000)" : "a control character (U+\(hex(value, 4)))",
        "delete it; it cannot be seen"
      )
    case .unknownCharacter(let character):
      ("unknown-character", "\(character) has no meaning here", nil)
    case .foreign(let sign, let instead):
      ("foreign-sign", "\(sign) is not written here", "type \(instead)")
    case .unterminatedString:
      (
        "unterminated-string", "this quote is never closed",
        "end the text with \"; inside it, \"\" is one quote"
      )
    case .numberTooLarge(let spelling):
      ("number-range", "\(spelling) is larger than any float64", "the largest is about 1.8e308")
    case .numberTooSmall(let spelling):
      (
        "number-range", "\(spelling) is smaller than any float64 but zero",
        "the smallest is about 4.9e-324"
      )
    case .numberTooLong:
      ("number-length", "a number with too many characters", nil)
    case .nameTooLong:
      ("name-length", "a name with too many characters", "choose a shorter one")
    case .groupedDigits(let plain):
      ("grouped-digits", "digits are not grouped with _", "type \(plain)")
    case .joinedLetters(let seen, let product, let name):
      (
        "joined-letters", "\(seen) is not one name: a Greek letter stands alone",
        "type \(product) for a product, \(name) for one name"
      )
    case .computedSubscript(let seen):
      (
        "computed-subscript", "\(seen): a subscript is part of the name and cannot be computed",
        "on the right of a rule's line, a name is its old value"
      )
    case .tooLong(let limit):
      (
        "too-long", "a statement of more than \(limit) bytes",
        "put large data in a file and read it with csv(\"…\")"
      )
    default: nil
    }
  }

  // MARK: Structure

  private var structureWords: Words {
    switch kind {
    case .expected(let what, let found, let help):
      ("expected", "expected \(what), found \(found)", help)
    case .unclosed(let bracket):
      ("unclosed", "this \(bracket) is never closed", "type the missing \(closer(bracket))")
    case .mismatched(_, let found, let closer):
      ("mismatched", "expected \(closer), found \(found)", nil)
    case .closesNothing(let bracket):
      ("closes-nothing", "this \(bracket) closes nothing", nil)
    case .implicitProduct(let left, let right):
      (
        "implicit-product", "no sign between \(short(left)) and \(short(right))",
        "for the product, type \(short(left))*\(right == "(" ? "(…)" : short(right))"
      )
    case .spacedCall(let name, let bracket):
      (
        "spaced-call", "a blank between \(name) and \(bracket)",
        bracket == "(" ? "a call is written \(name)(…)" : "an element is written \(name)[…]"
      )
    case .chainedComparison:
      ("chained-comparison", "comparisons do not chain", "type 0 < x and x < 1")
    case .spacedSign(let sign, let left, let right):
      (
        "spaced-sign", "one element or two? A blank before \(sign) and none after",
        "type [\(short(left)), \(sign)\(right)] or [\(short(left)) \(sign) \(right)]"
      )
    case .matrixRows(let suggestion):
      (
        "matrix-rows", "rows are not separated by ; but are lists of their own",
        "type \(suggestion ?? "[[1, 2], [3, 4]]")"
      )
    case .missingCommas(let suggestion):
      (
        "missing-commas", "elements are separated by commas",
        "type \(suggestion ?? "[1, 2]")"
      )
    default: wordsOfUse
    }
  }

  private var wordsOfUse: Words {
    switch kind {
    case .emptyBrackets:
      ("empty-brackets", "nothing between the brackets", nil)
    case .unnamedAfterNamed:
      (
        "unnamed-after-named", "an argument without a name after one with a name",
        "put it first, or name it"
      )
    case .assignmentInside:
      ("assignment-inside", "= defines a name and cannot stand here", "to compare, type ==")
    case .compoundAssignment(let sign, let name):
      (
        "compound-assignment", "\(sign)= is not written here",
        "type \(short(name)) = \(short(name)) \(sign) …"
      )
    case .pipeInside:
      (
        "pipe-inside", "|> joins the layers of a model or the stages of an optimizer",
        "elsewhere, apply a function: f(x)"
      )
    case .operatorAsName(let word):
      ("operator-as-name", "\(word) is an operator, not a name", nil)
    case .gradientSubscript(let variable):
      (
        "gradient-subscript", "∇ takes no subscript",
        "type grad(L, \(variable.isEmpty ? "w" : variable))"
      )
    case .tooHigh(let limit):
      (
        "too-high", "more than \(limit) operations or brackets inside one another",
        "give a part of it a name, or use sum([…])"
      )
    case .twice(let what, let name):
      ("twice", "the \(what) \(name) is given twice", nil)
    default:
      ("unknown", "this is not understood", nil)
    }
  }

  private func closer(_ bracket: String) -> String {
    switch bracket {
    case "[": "]"
    case "{": "}"
    default: ")"
    }
  }

  /// A piece of the person's own text for a message, if it is short.
  private func short(_ text: String) -> String {
    text.count <= 24 && !text.contains("\n") ? text : "…"
  }

  private func hex(_ value: UInt32, _ digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
