// What a step did: the losses before and after, and every line of the update with its numbers.

import Diagnostics
import Engine
import Notation
import Tensors

package struct StepReport: Report {
  package let record: StepRecord
  /// All lines, or only the losses, on one line.
  package let isFull: Bool
  /// Whether the rule's remarks on its lines are printed.
  package let showsRemarks: Bool
  /// Whether the lines that many parameters share are printed once.
  package let isGrouped: Bool

  /// Where the losses stand in the first line.
  private static let lossColumn = 59

  package init(
    _ record: StepRecord, full: Bool = true, remarks: Bool = false, grouped: Bool = false
  ) {
    isGrouped = grouped && record.parameters.count > StepReport.mostInFull
    self.record = record
    isFull = full
    showsRemarks = remarks
  }

  package var kind: String { "step" }

  package func text(_ format: Format) -> [StyledText] {
    let first = header(format)
    guard isFull else { return first }
    if isGrouped, let groups = grouped(format) { return first + groups }
    let single = record.parameters.count == 1
    return first
      + record.parameters.flatMap { parameter in
        let rows = StepRows(parameter, of: record, format: format, showsRemarks: showsRemarks).rows
        return (single ? [] : title(parameter, format))
          + FormulaLayout.lines(rows, format: format, indent: single ? 2 : 4)
      }
  }

  // MARK: Heads

  /// `step 1 · adam                     L  13 → 12.02`
  private func header(_ format: Format) -> [StyledText] {
    var line = StyledText("step \(record.step)", .accent)
    if isFull, let optimizer = commonOptimizer {
      line.append(" \(format.signs.dot) \(optimizer)")
      if let only = record.parameters.first, record.parameters.count == 1, only.t != record.step {
        line.append(" (t = \(only.t))", .dim)
      }
    }
    if let batch = record.batch {
      line.append(" \(format.signs.dot) ")
      line.append(BatchReport.place(batch), .dim)
    }
    var losses = record.objectives.map { LossChange.text($0, format: format) }
    let remarks = (record.batch != nil ? ["batch"] : []) + (record.isTraining ? ["training"] : [])
    if !remarks.isEmpty, let last = losses.popLast() {
      losses.append(last + StyledText("  (\(remarks.joined(separator: ", ")))", .dim))
    }
    guard !losses.isEmpty else { return line.folded(to: format.width) }
    let all = losses.dropFirst().reduce(losses[0]) { $0 + StyledText("   ") + $1 }
    let column = min(Self.lossColumn, format.width - all.width)
    if column >= line.width + 2 {
      line.pad(to: column)
      return [line + all]
    }
    return line.folded(to: format.width)
      + losses.flatMap { (StyledText("  ") + $0).folded(to: format.width) }
  }

  private var commonOptimizer: String? {
    guard let first = record.parameters.first?.optimizer else { return nil }
    return record.parameters.allSatisfy { $0.optimizer == first } ? first : nil
  }

  /// `w [2] · adam (t = 3)`
  private func title(_ parameter: StepRecord.ParameterRecord, _ format: Format) -> [StyledText] {
    var line = StyledText("  ")
    line.append(parameter.name.text(format.ascii ? .ascii : .pretty), .accent)
    if !parameter.after.shape.isScalar { line.append(" \(parameter.after.shape)") }
    line.append(" \(format.signs.dot) \(parameter.optimizer)")
    line.append(" (t = \(parameter.t))", .dim)
    return line.folded(to: format.width)
  }

  // MARK: JSON

  package func json() -> [String: JSONValue] {
    var fields: [String: JSONValue] = ["step": .number(Double(record.step))]
    if let first = record.objectives.first {
      fields["loss"] = JSONValue(number: first.before)
      fields["loss_after"] = JSONValue(number: first.after)
    }
    if record.objectives.count > 1 {
      fields["losses"] = .object(
        Dictionary(
          record.objectives.map {
            (
              $0.name.ascii,
              .object([
                "before": JSONValue(number: $0.before), "after": JSONValue(number: $0.after),
              ])
            )
          }, uniquingKeysWith: { $1 }))
    }
    if let batch = record.batch { fields["batch"] = BatchReport.json(batch) }
    if record.isTraining { fields["training"] = .bool(true) }
    if let optimizer = commonOptimizer { fields["optimizer"] = .string(optimizer) }
    let several = record.parameters.count > 1
    var values: [String: JSONValue] = [:]
    var hyperparameters: [String: JSONValue] = [:]
    var updates: [String: JSONValue] = [:]
    for parameter in record.parameters {
      func key(_ name: Name) -> String {
        several || name == parameter.name ? "\(parameter.name.ascii).\(name.ascii)" : name.ascii
      }
      for line in parameter.lines where !line.isParameter {
        values[key(line.name)] = JSONValue(line.value)
      }
      for (name, value) in parameter.constants { hyperparameters[key(name)] = JSONValue(value) }
      values[parameter.name.ascii] = JSONValue(parameter.after)
      updates[parameter.name.ascii] = .number(Double(parameter.t))
    }
    fields["values"] = .object(values)
    fields["hyperparameters"] = .object(hyperparameters)
    fields["t"] = .object(updates)
    return fields
  }
}

/// `L  13 → 12.02`
package enum LossChange {
  package static func text(_ objective: StepRecord.ObjectiveRecord, format: Format) -> StyledText {
    let (before, after) = numbers(objective.before, objective.after, digits: format.digits)
    var text = StyledText(objective.name.text(format.ascii ? .ascii : .pretty), .name)
    text.append("  ")
    text.append(before, .number)
    text.append(" \(format.signs.to) ")
    text.append(after, .result)
    return text
  }

  /// Two numbers with as many digits as it takes to see that they differ.
  package static func numbers(_ a: Double, _ b: Double, digits: Int) -> (String, String) {
    for count in max(1, digits)...max(1, digits, NumberFormat.mostDigits) {
      let texts = (NumberFormat.text(a, digits: count), NumberFormat.text(b, digits: count))
      if texts.0 != texts.1 || a == b { return texts }
    }
    return (NumberFormat.text(a, digits: digits), NumberFormat.text(b, digits: digits))
  }
}
