// The right side of `data d = csv("file.csv")`: which file, and how it is to be read.

import Diagnostics
import Notation
import Tensors

/// A data set that was read.
package struct DataSource {
  /// What the name comes to stand for: a table, or an array's value.
  package let definition: Definition
  /// What was read, and what a person should know of the reading.
  package let summary: String

  /// Reads what `csv("…")`, `npy("…")` or a file's bare name in quotes asks for.
  ///
  /// - Throws: `data.source` when it asks for nothing known, `data.option` for an option that is
  ///   not understood, and whatever the file's reader throws.
  package static func load(_ expression: Expression) throws(Diagnostic) -> DataSource {
    switch expression.kind {
    case .string(let path):
      let name = path.lowercased()
      if name.hasSuffix(".npy") { return try array(path, at: expression.span) }
      if name.hasSuffix(".npz") || name.hasSuffix(".safetensors") {
        return try arrays(path, at: expression.span)
      }
      if name.hasSuffix(".txt") { return try text(path, at: expression.span) }
      return try table(path, CSVOptions(), at: expression.span)
    case .call(let callee, let arguments) where callee.path.count == 1:
      switch callee.path[0].canonical {
      case "csv":
        let (path, span) = try file(arguments, of: expression, example: "csv(\"file.csv\")")
        return try table(path, try options(arguments), at: span)
      case "npy", "npz", "load", "safetensors", "text":
        let word = callee.path[0].canonical
        let ending = word == "load" ? "npy" : word == "text" ? "txt" : word
        let (path, span) = try file(
          arguments, of: expression, example: "\(word)(\"file.\(ending)\")")
        if let option = arguments.first(where: { $0.label != nil }) {
          throw Diagnostic(
            "data.option", "\(word) takes a file only",
            at: option.labelSpan ?? option.value.span)
        }
        switch word {
        case "text": return try text(path, at: span)
        case "npz": return bundle(try NumPyArchive.read(path, at: span))
        case "safetensors": return bundle(try SafetensorsFile.read(path, at: span))
        default:
          return path.lowercased().hasSuffix(".npz")
            ? try arrays(path, at: span) : try array(path, at: span)
        }
      default: break
      }
    default: break
    }
    throw Diagnostic(
      "data.source", "a data set is read from a file", at: expression.span,
      help: "csv(\"file.csv\"), npy(\"file.npy\"), npz(\"file.npz\") or text(\"file.txt\"); a"
        + " formula's value needs no data in front")
  }

  private static func text(_ path: String, at span: Span) throws(Diagnostic) -> DataSource {
    let bundle = try DataBundle.text(path, at: span)
    return DataSource(definition: .bundle(bundle), summary: bundle.summary)
  }

  private static func arrays(_ path: String, at span: Span) throws(Diagnostic) -> DataSource {
    bundle(try ArrayFile.read(path, at: span))
  }

  private static func bundle(_ fields: [NamedTensor]) -> DataSource {
    let bundle = DataBundle(fields: fields)
    return DataSource(definition: .bundle(bundle), summary: bundle.summary)
  }

  private static func table(
    _ path: String, _ options: CSVOptions, at span: Span
  ) throws(Diagnostic) -> DataSource {
    let table = try CSVFile.read(path, options: options, at: span)
    return DataSource(
      definition: .table(table),
      summary: ([table.summary] + table.notes).joined(separator: "; "))
  }

  private static func array(_ path: String, at span: Span) throws(Diagnostic) -> DataSource {
    let tensor = try NumPyFile.read(path, at: span)
    return DataSource(
      definition: .value(tensor), summary: "\(tensor.elementType.rawValue) \(tensor.shape)")
  }

  // MARK: - Arguments

  /// The one argument without a label: the file's name.
  private static func file(
    _ arguments: [Expression.Argument], of call: Expression, example: String
  ) throws(Diagnostic) -> (String, Span) {
    let files = arguments.filter { $0.label == nil }
    guard let file = files.first, case .string(let path) = file.value.kind else {
      throw Diagnostic(
        "data.source", "a file's name in quotes is expected",
        at: files.first?.value.span ?? call.span, help: "for example \(example)")
    }
    guard files.count == 1 else {
      throw Diagnostic(
        "data.source", "only one file is read at a time", at: files[1].value.span)
    }
    return (path, file.value.span)
  }

  private static func options(
    _ arguments: [Expression.Argument]
  ) throws(Diagnostic) -> CSVOptions {
    var options = CSVOptions()
    var seen: Set<String> = []
    for argument in arguments {
      guard let label = argument.label else { continue }
      guard seen.insert(label.canonical).inserted else {
        throw Diagnostic(
          "data.option", "\(label) is given twice", at: argument.labelSpan ?? argument.value.span)
      }
      try set(label, to: argument, in: &options)
    }
    return options
  }

  private static func set(
    _ label: Name, to argument: Expression.Argument, in options: inout CSVOptions
  ) throws(Diagnostic) {
    let value = argument.value
    func refusal(_ expected: String) -> Diagnostic {
      Diagnostic("data.option", "\(label) is \(expected)", at: value.span)
    }
    switch label.canonical {
    case "header":
      switch word(value) {
      case "true", "1": options.header = true
      case "false", "0": options.header = false
      default: throw refusal("true or false")
      }
    case "delimiter":
      guard let text = word(value) else { throw refusal("a character in quotes, such as \";\"") }
      if text == "tab" || text == "\\t" {
        options.delimiter = "\t"
      } else if let character = text.first, text.count == 1 {
        options.delimiter = character
      } else {
        throw refusal("one character in quotes, such as \";\", or \"tab\"")
      }
    case "missing":
      switch word(value) {
      case "nan": options.missing = .nan
      case "skip": options.missing = .skip
      case "error", "refuse": options.missing = .refuse
      default: throw refusal("nan, \"skip\" or \"error\"")
      }
    case "decimal":
      switch word(value) {
      case ",": options.decimalComma = true
      case ".": options.decimalComma = false
      default: throw refusal("\",\" or \".\"")
      }
    case "text":
      switch value.kind {
      case .string(let name): options.textColumns = [name]
      case .list(let names):
        for name in names {
          guard case .string(let text) = name.kind else { throw refusal("columns in quotes") }
          options.textColumns.insert(text)
        }
      default: throw refusal("a column in quotes, or several: [\"zip\", \"id\"]")
      }
    default:
      let known = ["header", "delimiter", "missing", "decimal", "text"]
      throw Diagnostic(
        "data.option", "csv has no option \(label)", at: argument.labelSpan ?? value.span,
        help: didYouMean(label.canonical, in: known)
          ?? "its options are \(known.joined(separator: ", "))")
    }
  }

  /// A string's text, a name or a literal, in one form.
  private static func word(_ expression: Expression) -> String? {
    switch expression.kind {
    case .string(let text): text
    case .name(let name): name.canonical
    case .number(_, let spelling): spelling
    default: nil
    }
  }
}
