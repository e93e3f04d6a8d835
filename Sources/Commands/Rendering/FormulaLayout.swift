// Lines `name = formula = numbers = result` under one another, with their signs in columns.
//
// The columns stand where they stood at the step before wherever that is possible: they are wider
// than most formulas need, and one that needs more runs over. A line that does not fit the width is
// broken at its `=` signs, then inside the formula; no text is lost.

import Diagnostics

/// One line before it is laid out.
struct FormulaRow {
  var name: String
  /// `=` or `←`.
  var sign = "="
  var formula: String?
  var numbers: String?
  /// Before the result: `=` or `≈`.
  var relation = "="
  var result: String
  /// The result over several lines, columns aligned, for where it does not fit on one.
  var block: (@Sendable (_ width: Int) -> [String])?
  var remark: String?
  /// How many more times the same line ran.
  var repeats = 0

  func isSame(as other: FormulaRow) -> Bool {
    name == other.name && formula == other.formula && numbers == other.numbers
      && result == other.result && sign == other.sign
  }
}

struct FormulaLayout {
  let width: Int
  let indent: Int
  private let nameColumns: Int
  private let signColumns: Int
  /// Columns kept free for a formula and for numbers.
  private var formulaStop = 22
  private var numbersStop = 40

  /// A name, a formula longer than this does not widen its column.
  private static let mostNameColumns = 6
  private static let mostFormulaColumns = 36

  static func lines(_ rows: [FormulaRow], format: Format, indent: Int = 2) -> [StyledText] {
    let formulas = rows.compactMap { $0.formula.map { TextWidth.columns(of: $0) } }
    let numbers = rows.compactMap { $0.numbers.map { TextWidth.columns(of: $0) } }
    let widest = formulas.filter { $0 <= mostFormulaColumns }.max() ?? 0
    var roomy = FormulaLayout(rows, format: format, indent: indent)
    roomy.formulaStop = max(roomy.formulaStop, widest)
    var tight = roomy
    tight.formulaStop = widest
    tight.numbersStop = min(numbers.max() ?? 0, roomy.numbersStop)
    var narrow = roomy
    narrow.formulaStop = min(widest, 12)
    narrow.numbersStop = 0
    // Fewest lines; of equals, the roomiest.
    var best = roomy.lines(rows)
    for layout in [tight, narrow] {
      let lines = layout.lines(rows)
      if lines.count < best.count { best = lines }
    }
    return best
  }

  private init(_ rows: [FormulaRow], format: Format, indent: Int) {
    width = max(20, format.width)
    self.indent = indent
    let names = rows.map { TextWidth.columns(of: $0.name) }
    nameColumns = max(2, names.filter { $0 <= Self.mostNameColumns }.max() ?? 0)
    signColumns = rows.map { TextWidth.columns(of: $0.sign) }.max() ?? 1
  }

  private func lines(_ rows: [FormulaRow]) -> [StyledText] {
    rows.flatMap { row in
      var lines = self.lines(row)
      if row.repeats > 0 {
        let times = row.repeats == 1 ? "once more" : "\(row.repeats) more times"
        lines.append(StyledText(String(repeating: " ", count: resultIndent) + times, .dim))
      }
      if let remark = row.remark {
        lines += Wrapping.paragraph(remark, width: width, indent: resultIndent + 2)
          .map { StyledText($0, .dim) }
      }
      return lines
    }
  }

  /// Where a continued line has its `=`.
  private var resultIndent: Int { indent + nameColumns + 1 }

  private func head(_ row: FormulaRow) -> StyledText {
    var line = StyledText(String(repeating: " ", count: indent))
    line.append(TextWidth.padded(row.name, to: nameColumns), .name)
    line.append(" " + TextWidth.padded(row.sign, to: signColumns) + " ")
    return line
  }

  private func lines(_ row: FormulaRow) -> [StyledText] {
    let padded = oneLine(row, numbersStop: numbersStop)
    if padded.width <= width { return [padded] }
    let close = oneLine(row, numbersStop: 0)
    if close.width <= width { return [close] }
    return broken(row)
  }

  private func oneLine(_ row: FormulaRow, numbersStop: Int) -> StyledText {
    var line = head(row)
    if let formula = row.formula {
      line.append(TextWidth.padded(formula, to: formulaStop))
      if let numbers = row.numbers {
        line.append(" = ")
        line.append(TextWidth.padded(numbers, to: numbersStop), .number)
      }
      line.append(" \(row.relation) ")
    }
    line.append(row.result, .result)
    return line
  }

  /// The formula, the numbers and the result on lines of their own, except that the result joins the
  /// line before it where that is whole and leaves room for it.
  private func broken(_ row: FormulaRow) -> [StyledText] {
    let start = head(row)
    guard let formula = row.formula else {
      return result(row, after: start)
    }
    var lines: [StyledText] = []
    var last = folded(formula, style: .plain, after: start)
    let continued = String(repeating: " ", count: resultIndent)
    if let numbers = row.numbers {
      lines = last
      last = folded(numbers, style: .number, after: StyledText(continued + "= "))
    }
    if last.count == 1 {
      var joined = last[0]
      joined.append(" \(row.relation) ")
      joined.append(row.result, .result)
      if joined.width <= width { return lines + [joined] }
    }
    return lines + last + result(row, after: StyledText("\(continued)\(row.relation) "))
  }

  /// The result after the beginning of a line: whole, as a block, or folded.
  private func result(_ row: FormulaRow, after start: StyledText) -> [StyledText] {
    let room = width - start.width
    if TextWidth.columns(of: row.result) > room, room > 0, let block = row.block?(room) {
      let blanks = StyledText(String(repeating: " ", count: start.width))
      let lines = block.enumerated().map { ($0 == 0 ? start : blanks) + StyledText($1, .result) }
      if lines.allSatisfy({ $0.width <= width }) { return lines }
    }
    return folded(row.result, style: .result, after: start)
  }

  /// Text after the beginning of a line, folded so that its parts stand under one another.
  private func folded(_ text: String, style: Style, after start: StyledText) -> [StyledText] {
    let taken = start.width
    // Under a long name the rest of a formula would have no room.
    let indent = taken > width / 2 ? resultIndent + 2 : taken
    let parts = Wrapping.lines(text, width: width, indent: indent, first: taken)
    return parts.enumerated().map { i, part in
      i == 0 ? start + StyledText(part, style) : StyledText(part, style)
    }
  }
}
