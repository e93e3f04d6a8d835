// What `show workers` answers: each worker's gradient, their average, and how far it is from the
// gradient of the whole batch.

import Diagnostics
import Engine
import Notation
import Tensors

enum WorkersReport {
  static func show(_ session: Session, at span: Span) throws(Diagnostic) -> MessageReport {
    var session = session
    guard let comparison = try session.compareWorkers() else {
      throw Diagnostic(
        "workers.none", "no workers are set", at: span,
        help: "batch 32 of X, y and then workers 4")
    }
    return report(comparison)
  }

  private static func report(_ comparison: WorkerComparison) -> MessageReport {
    MessageReport(kind: "workers", fields: fields(comparison)) { format in
      let tensor = TensorFormat(format)
      var head = StyledText("step \(comparison.step)", .accent)
      head.append(
        " \(format.signs.dot) \(BatchReport.place(comparison.batch)): \(comparison.batch.count) rows "
          + "over \(comparison.workers.count) workers")
      var lines = [head]
      let labels = comparison.workers.map { "worker \($0.number)" } + ["average", "whole batch"]
      let width = labels.map(\.count).max() ?? 0
      func line(_ label: String, _ value: Tensor, _ note: String = "") -> StyledText {
        var line = StyledText("  \(label)")
        line.pad(to: width + 4)
        line.append(tensor.line(value), .result)
        if !note.isEmpty { line.append("   \(note)", .dim) }
        return line
      }
      for (i, parameter) in comparison.parameters.enumerated() {
        lines.append(StyledText("\(parameter.text(format)).g", .name))
        for (label, worker) in zip(labels, comparison.workers) {
          lines.append(line(label, worker.gradients[i], i == 0 ? rows(worker) : ""))
        }
        lines.append(line("average", comparison.average[i], i == 0 ? weights(comparison) : ""))
        lines.append(line("whole batch", comparison.whole[i]))
      }
      var last = StyledText("largest difference  ")
      last.append(
        NumberFormat.text(comparison.largestDifference, digits: min(format.digits, 3)), .result)
      if !(comparison.largestDifference <= 1e-9 * comparison.largestElement) {
        last.append(
          "   the loss is no mean over rows, draws at random, or looks at the whole batch", .warning
        )
      }
      lines.append(last)
      return lines
    }
  }

  /// `2 rows: 3 5`
  private static func rows(_ worker: WorkerComparison.Worker) -> String {
    let shown = worker.rows.prefix(8).map(String.init).joined(separator: " ")
    return "\(worker.rows.count) row\(worker.rows.count == 1 ? "" : "s"): \(shown)"
      + (worker.rows.count > 8 ? " …" : "")
  }

  private static func weights(_ comparison: WorkerComparison) -> String {
    let counts = comparison.workers.map(\.rows.count)
    guard Set(counts).count > 1 else { return "" }
    return "weighted by rows: " + counts.map(String.init).joined(separator: ", ")
  }

  private static func fields(_ comparison: WorkerComparison) -> [String: JSONValue] {
    func named(_ tensors: [Tensor]) -> JSONValue {
      .object(
        Dictionary(
          zip(comparison.parameters.map(\.canonical), tensors.map { JSONValue($0) }),
          uniquingKeysWith: { a, _ in a }))
    }
    return [
      "step": .number(Double(comparison.step)), "batch": BatchReport.json(comparison.batch),
      "workers": .array(
        comparison.workers.map { worker in
          .object([
            "rows": .array(worker.rows.map { .number(Double($0)) }),
            "losses": .object(
              Dictionary(
                zip(
                  comparison.objectives.map(\.canonical),
                  worker.losses.map { JSONValue(number: $0) }
                ), uniquingKeysWith: { a, _ in a })),
            "gradients": named(worker.gradients),
          ])
        }),
      "average": named(comparison.average), "whole": named(comparison.whole),
      "largest_difference": JSONValue(number: comparison.largestDifference),
    ]
  }
}
