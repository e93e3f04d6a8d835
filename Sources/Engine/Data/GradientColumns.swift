// Which column of a recorded table is which element of which parameter's gradient.

import Diagnostics
import Tensors

enum GradientColumns {
  /// The columns in the order of the parameters' elements.
  ///
  /// By name when the file has names that say so: `w[0]`, `w.g[0]` or, with one parameter, `g[0]`.
  /// Otherwise in the order of the file, when there are as many as there are elements; a column
  /// called `step` or `t` does not count.
  static func order(
    of table: DataTable, _ name: String, _ parameters: [RecordedValue], _ width: Int, at span: Span
  ) throws(Diagnostic) -> [Tensor] {
    var byName: [String: DataTable.Column] = [:]
    for column in table.columns { byName[plain(column.name)] = column }
    var found: [DataTable.Column] = []
    var missing: [String] = []
    for parameter in parameters {
      for label in indexLabels(of: parameter.shape) {
        let spellings = spellings(of: parameter, label, isOnly: parameters.count == 1)
        if let column = spellings.lazy.compactMap({ byName[plain($0)] }).first {
          found.append(column)
        } else {
          missing.append(parameter.name + label)
        }
      }
    }
    if !missing.isEmpty {
      guard found.isEmpty else {
        throw Diagnostic(
          "tape.columns", "\(name) has no column for \(list(missing))", at: span,
          help: "its columns are \(list(table.columns.map(\.name)))")
      }
      let wanted = Set(parameters.map(\.name))
      found = table.columns.filter { column in
        !["step", "t"].contains(column.name.lowercased()) || wanted.contains(column.name)
      }
      guard found.count == width else {
        let shapes = parameters.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
        throw Diagnostic(
          "tape.shape",
          "\(name) has \(found.count) numbers a row where \(width) are expected: \(shapes)",
          at: span, help: "a row holds one step's gradient, the last axis changing fastest")
      }
    }
    var tensors: [Tensor] = []
    for column in found {
      guard let numbers = column.numbers else {
        throw Diagnostic(
          "data.textColumn", "\(name): the column \"\(column.name)\" holds text, not gradients",
          at: span)
      }
      tensors.append(numbers)
    }
    return tensors
  }

  private static func spellings(
    of parameter: RecordedValue, _ label: String, isOnly: Bool
  ) -> [String] {
    // The gradient's own column first: a recording may hold the parameter beside it.
    let own = ["\(parameter.name).g\(label)", "grad_\(parameter.name)\(label)"]
    return own + (isOnly ? ["g\(label)"] : []) + [parameter.name + label]
  }

  /// Without blanks: `A[0,1]` is `A[0, 1]`.
  private static func plain(_ name: String) -> String {
    name.filter { !$0.isWhitespace }
  }

  private static func list(_ names: [String]) -> String {
    names.count <= 6
      ? names.joined(separator: ", ")
      : names.prefix(5).joined(separator: ", ") + ", … (\(names.count))"
  }
}
