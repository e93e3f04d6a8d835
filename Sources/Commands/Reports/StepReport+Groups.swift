// A step of many parameters, such as a model's: the lines they share once, then how far each moved.
//
// `show step` prints the lines of each with its numbers.

import Diagnostics
import Engine
import Notation
import Tensors

extension StepReport {
  /// Up to this many parameters are shown with all their numbers.
  package static let mostInFull = 4

  /// The lines that parameters share, and a row for each; nil where they share none.
  func grouped(_ format: Format) -> [StyledText]? {
    var groups: [(lines: [String], parameters: [StepRecord.ParameterRecord])] = []
    for parameter in record.parameters {
      guard let lines = rule(of: parameter, format) else { return nil }
      if let place = groups.firstIndex(where: { $0.lines == lines }) {
        groups[place].parameters.append(parameter)
      } else {
        groups.append((lines, [parameter]))
      }
    }
    guard groups.contains(where: { $0.parameters.count > 1 }) else { return nil }
    var text: [StyledText] = []
    for group in groups {
      let several = groups.count > 1
      let names = several ? group.parameters.map { $0.name.text(format) } : []
      let whose = several ? "for " + names.joined(separator: ", ") : "for each parameter w"
      text += StyledText("  \(whose)", .dim).folded(to: format.width)
      text += group.lines.flatMap { StyledText("    " + $0).folded(to: format.width) }
    }
    let table = TableReport(
      columns: [
        .init("parameter", .left), .init("shape", .left), .init("norm of g"),
        .init("norm of change"), .init("norm of w"),
      ],
      rows: record.parameters.map(row))
    return text + table.text(format).map { StyledText("  ") + $0 } + [
      StyledText("  show step prints every line with its numbers", .dim)
    ]
  }

  private func row(_ parameter: StepRecord.ParameterRecord) -> [TableReport.Cell] {
    let change = zip(parameter.before.elements, parameter.after.elements)
      .reduce(0.0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }.squareRoot()
    let gradient = parameter.lines.first { $0.kind != .rule }?.value.euclideanNorm ?? 0
    return [
      .text("\(parameter.name.canonical)"), .text("\(parameter.after.shape)"), .number(gradient),
      .number(change), .number(parameter.after.euclideanNorm),
    ]
  }

  /// The lines of a parameter's update as they stand in its rule; nil for a rule over all parameters,
  /// whose lines belong to none.
  private func rule(of parameter: StepRecord.ParameterRecord, _ format: Format) -> [String]? {
    guard
      parameter.lines.contains(where: {
        $0.isParameter && $0.value.elements.count == parameter.after.elements.count
      })
    else { return nil }
    let form: TextForm = format.ascii ? .ascii : .pretty
    let widest =
      parameter.lines.map { TextWidth.columns(of: $0.name.text(format)) }.max() ?? 0
    return parameter.lines.map { line in
      let sign = line.isParameter ? format.signs.becomes : "="
      let name = TextWidth.padded(line.name.text(format), to: widest)
      var right = line.formula ?? line.expression?.text(form) ?? ""
      // After a rule over all parameters each goes on with its own part: the same line for all.
      if case .index(let vector, _) = line.expression?.kind, case .name(line.name) = vector.kind {
        right = "\(line.name.text(format))[its own part]"
      }
      return format.signs.plain("\(name) \(sign) \(right)")
    }
  }
}
