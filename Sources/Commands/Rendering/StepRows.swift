// The lines of one parameter's update as rows of text: which names, which numbers, which sign.
//
// Where they stand on the screen is the layout's business.

import Diagnostics
import Engine
import Notation
import Tensors

struct StepRows {
  let rows: [FormulaRow]

  init(
    _ parameter: StepRecord.ParameterRecord, of record: StepRecord, format: Format,
    showsRemarks: Bool
  ) {
    // A rule over all parameters lists its lines under the first; its vector is not that
    // parameter's value.
    let isFlat = parameter.lines.contains {
      $0.isParameter && $0.value.elements.count != parameter.after.elements.count
    }
    let others =
      isFlat
      ? record.parameters.filter {
        $0.name != parameter.name && $0.optimizer == parameter.optimizer
      }.map(\.name) : []
    let names = LineNames(parameter, among: others)
    var rows = parameter.lines.map { line in
      Self.row(line, names: names, record: record, format: format, showsRemarks: showsRemarks)
    }
    rows = Self.withoutRepeats(rows)
    if isFlat || !parameter.lines.contains(where: \.isParameter) {
      rows.append(
        FormulaRow(
          name: Piece.name(parameter.name).text(format), sign: format.signs.becomes,
          result: TensorFormat(format).line(parameter.after),
          block: Self.block(parameter.after, format)))
    }
    self.rows = rows
  }

  /// A `repeat` whose turns no longer change anything is said once.
  private static func withoutRepeats(_ rows: [FormulaRow]) -> [FormulaRow] {
    var result: [FormulaRow] = []
    var count = 0
    for row in rows {
      if let last = result.last, last.isSame(as: row) {
        count += 1
        result[result.count - 1].repeats = count
      } else {
        result.append(row)
        count = 0
      }
    }
    return result
  }

  /// The lines of a value that is too wide for one; a summary stays what it is.
  private static func block(_ value: Tensor, _ format: Format) -> (@Sendable (Int) -> [String])? {
    guard value.shape.rank > 1, value.elements.count <= TensorFormat.mostInLine else { return nil }
    return { width in
      TensorFormat(Format(width: width, ascii: format.ascii, digits: format.digits)).block(value)
    }
  }

  private static func row(
    _ line: StepRecord.Line, names: LineNames, record: StepRecord, format: Format,
    showsRemarks: Bool
  ) -> FormulaRow {
    let form: TextForm = format.ascii ? .ascii : .pretty
    var row = FormulaRow(
      name: names.name(of: line).text(form),
      sign: line.isParameter ? format.signs.becomes : "=",
      formula: line.formula.map { gradient($0, record: record, format: format) },
      result: TensorFormat(format).line(line.value), block: block(line.value, format),
      remark: showsRemarks ? line.remark : nil)
    guard let expression = line.expression else { return row }
    let formula = names.formula(expression).text(form)
    row.formula = formula
    let putIn = NumbersPutIn(
      expression, operands: line.operands, value: line.value, format: format)
    row.relation = putIn.relation(format)
    // `u = m̂ = [1, 2] = [1, 2]` would say one thing twice.
    row.numbers = putIn.numbers == row.result || putIn.numbers == formula ? nil : putIn.numbers
    return row
  }

  /// `∇L`, in ASCII `grad(L)`.
  private static func gradient(_ formula: String, record: StepRecord, format: Format) -> String {
    guard format.ascii else { return formula }
    for objective in record.objectives {
      if formula == "∇" + objective.name.pretty { return "grad(\(objective.name.ascii))" }
      if formula == "-∇" + objective.name.pretty { return "-grad(\(objective.name.ascii))" }
    }
    return format.signs.plain(formula)
  }
}
