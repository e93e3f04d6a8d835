// `csv("…")` and `npy("…")`: what `data d = …` reads.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct DataSource {
  package let definition: Definition
  /// `442 rows × 11 columns: age sex bmi …`
  package let summary: String

  /// Reads what the call names.
  package static func load(_ expression: Expression) throws(Diagnostic) -> DataSource {
    guard case .call(let callee, let arguments) = expression.kind, callee.path.count == 1,
      let first = arguments.first, first.label == nil, case .string(let path) = first.value.kind
    else {
      throw Diagnostic(
        "data.source", "data is read from a file", at: expression.span,
        help: "data d = csv(\"file.csv\") or npy(\"file.npy\")")
    }
    switch callee.path[0].canonical {
    case "csv":
      let table = try CSVFile.read(
        path, options: try options(arguments.dropFirst()), at: first.value.span)
      return DataSource(definition: .table(table), summary: table.summary)
    case "npy", "load":
      guard arguments.count == 1 else {
        throw Diagnostic(
          "data.argument", "npy takes a file only", at: arguments[1].value.span)
      }
      let tensor = try NumPyFile.read(path, at: first.value.span)
      return DataSource(
        definition: .value(tensor), summary: "\(tensor.elementType.rawValue) \(tensor.shape)")
    default:
      throw Diagnostic(
        "data.format", "no data format \(callee.path[0].canonical)", at: callee.span,
        help: "there are csv(\"…\") and npy(\"…\")")
    }
  }

  private static func options(_ arguments: ArraySlice<Expression.Argument>) throws(Diagnostic)
    -> CSVOptions
  {
    var options = CSVOptions()
    for argument in arguments {
      guard let label = argument.label else {
        throw Diagnostic(
          "data.argument", "this argument needs a name", at: argument.value.span,
          help: "header=, delimiter=, missing=, decimal=, text=")
      }
      switch label.canonical {
      case "header": options.header = try flag(argument.value)
      case "delimiter":
        let text = try text(argument.value)
        guard text.count == 1, let character = text.first else {
          throw Diagnostic("data.delimiter", "a delimiter is one character", at: argument.value.span)
        }
        options.delimiter = character
      case "missing":
        guard let missing = CSVOptions.Missing(rawValue: try text(argument.value)) else {
          throw Diagnostic(
            "data.missing", "missing is nan, \"skip\" or \"refuse\"", at: argument.value.span)
        }
        options.missing = missing
      case "decimal":
        let mark = try text(argument.value)
        guard mark == "," || mark == "." else {
          throw Diagnostic("data.decimal", "decimal is \",\" or \".\"", at: argument.value.span)
        }
        options.decimalComma = mark == ","
      case "text": options.textColumns = try texts(argument.value)
      default:
        throw Diagnostic(
          "data.argument", "csv has no option \(label.canonical)",
          at: argument.labelSpan ?? argument.value.span,
          help: didYouMean(
            label.canonical, in: ["header", "delimiter", "missing", "decimal", "text"])
            ?? "there are header, delimiter, missing, decimal and text")
      }
    }
    return options
  }

  private static func flag(_ value: Expression) throws(Diagnostic) -> Bool {
    if case .name(let name) = value.kind, name.canonical == "true" { return true }
    if case .name(let name) = value.kind, name.canonical == "false" { return false }
    throw Diagnostic("data.flag", "true or false is needed here", at: value.span)
  }

  private static func text(_ value: Expression) throws(Diagnostic) -> String {
    switch value.kind {
    case .string(let text): return text
    case .name(let name): return name.canonical
    default: throw Diagnostic("data.text", "text in quotes is needed here", at: value.span)
    }
  }

  private static func texts(_ value: Expression) throws(Diagnostic) -> Set<String> {
    guard case .list(let items) = value.kind else { return [try text(value)] }
    var result = Set<String>()
    for item in items { result.insert(try text(item)) }
    return result
  }
}
