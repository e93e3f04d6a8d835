// A data set that is no table: several arrays of one file, or a text as the numbers of its characters.

import Diagnostics
import Notation
import Tensors

package struct DataBundle: Sendable {
  package let fields: [NamedTensor]
  /// The text's different code points in the order of their numbers; nil for arrays.
  package let vocabulary: [Unicode.Scalar]?

  package init(fields: [NamedTensor], vocabulary: [Unicode.Scalar]? = nil) {
    self.fields = fields
    self.vocabulary = vocabulary
  }

  /// The field of a name; its canonical form does too.
  ///
  /// - Throws: `data.field` with the names there are.
  package func field(_ name: String, at span: Span) throws(Diagnostic) -> Tensor {
    if let exact = fields.first(where: { $0.name == name }) { return exact.value }
    let matches = fields.filter { DataTable.asName($0.name) == DataTable.asName(name) }
    if let match = matches.first, matches.count == 1 { return match.value }
    let names = fields.map(\.name)
    throw Diagnostic(
      "data.field", "there is no \"\(name)\" in this data set", at: span,
      help: didYouMean(name, in: names) ?? "it has \(names.joined(separator: ", "))")
  }

  /// `x_train float64 [60, 4], y_train int64 [60]`, or how many characters, and which.
  package var summary: String {
    if let vocabulary, let codes = fields.first?.value {
      let signs = vocabulary.prefix(100).map { character in
        switch character {
        case "\n": "newline"
        case " ": "blank"
        case "\t": "tab"
        default: String(Character(character))
        }
      }
      return "\(codes.elements.count) characters, \(vocabulary.count) different: "
        + signs.joined(separator: " ") + (signs.count < vocabulary.count ? " …" : "")
    }
    let shown = fields.prefix(12).map {
      "\($0.name) \($0.value.elementType.rawValue) \($0.value.shape)"
    }
    let more = fields.count - shown.count
    return shown.joined(separator: ", ") + (more > 0 ? ", … and \(more) more" : "")
  }
}

// MARK: - Text

extension DataBundle {
  /// No longer texts are read.
  private static let longestText = 1 << 26

  /// A text: `codes` the number of each character, `vocabulary` the characters' code points,
  /// `classes` how many there are. A character is a code point of Unicode, as in Python: an accent
  /// that is written by itself, or a part of a composed emoji, is one. Line ends are read as one
  /// character, whichever way they are written; the characters are numbered in the order of their
  /// code points.
  ///
  /// - Throws: `file.…` as `FileAccess.read`; `text.utf8`, `text.empty`.
  static func text(_ path: String, at span: Span) throws(Diagnostic) -> DataBundle {
    let bytes = try FileAccess.read(FileAccess.locate(path), limit: longestText, at: span)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Diagnostic(
        "text.utf8", "\(path) is no text in UTF-8", at: span, help: "save it in that encoding")
    }
    var characters = points(of: text)
    if characters.first == "\u{FEFF}" { characters.removeFirst() }
    guard !characters.isEmpty else {
      throw Diagnostic("text.empty", "\(path) is empty", at: span)
    }
    let vocabulary = Set(characters).sorted()
    let numbers = Dictionary(
      vocabulary.enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { a, _ in a })
    let codes = characters.map { numbers[$0] ?? 0 }
    let points = vocabulary.map { Double($0.value) }
    return DataBundle(
      fields: [
        NamedTensor("codes", Tensor(codes, shape: [codes.count], type: .int64)),
        NamedTensor("vocabulary", Tensor(points, shape: [points.count], type: .int64)),
        NamedTensor("classes", Tensor(Double(points.count), type: .int64)),
      ], vocabulary: vocabulary)
  }

  /// A text's code points, with every line end as one newline.
  private static func points(of text: String) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var follows = false
    for scalar in text.unicodeScalars {
      // After \r, \n belongs to the same line end.
      if !(follows && scalar == "\n") {
        result.append(Character(scalar).isNewline ? "\n" : scalar)
      }
      follows = scalar == "\r"
    }
    return result
  }

  /// The characters that numbers stand for; nil for a bundle of arrays.
  ///
  /// - Throws: `text.code` for a number no character has.
  package func decode(_ codes: Tensor, at span: Span) throws(Diagnostic) -> String? {
    guard let vocabulary else { return nil }
    var text = ""
    for code in codes.elements {
      guard let place = Int(exactly: code), vocabulary.indices.contains(place) else {
        throw Diagnostic(
          "text.code", "\(code) is the number of no character", at: span,
          help: "the characters have the numbers 0 … \(vocabulary.count - 1)")
      }
      text.unicodeScalars.append(vocabulary[place])
    }
    return text
  }

  /// The numbers of a text's characters.
  ///
  /// - Throws: `text.unknown` for a character that does not occur in the data.
  package func encode(_ text: String, at span: Span) throws(Diagnostic) -> Tensor? {
    guard let vocabulary else { return nil }
    let numbers = Dictionary(
      vocabulary.enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { a, _ in a })
    var codes: [Double] = []
    for character in DataBundle.points(of: text) {
      guard let code = numbers[character] else {
        throw Diagnostic(
          "text.unknown", "the character \(character) does not occur in this text", at: span)
      }
      codes.append(code)
    }
    return Tensor(codes, shape: [codes.count], type: .int64)
  }
}
