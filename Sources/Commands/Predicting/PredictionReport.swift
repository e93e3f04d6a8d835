// What became of predictions: right with the number in full, or wrong with what gives the number
// typed.
//
//   ✓ m̂[0] will be -3.7861007…
//   ✗ that is m[0], before the bias correction: divide it by 1 - β₁³ = 0.271

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

struct PredictionReport: Report {
  let predictions: [Prediction]

  var kind: String { "predictions" }

  func text(_ format: Format) -> [StyledText] {
    predictions.flatMap { prediction in
      lines(prediction, format).flatMap { $0.plainSigns(format).folded(to: format.width) }
        + explained(prediction, format)
    }
  }

  private func lines(_ prediction: Prediction, _ format: Format) -> [StyledText] {
    let name = prediction.target.text(format.ascii ? .ascii : .pretty)
    let diagnosis = prediction.diagnosis
    if diagnosis.isRight {
      return [
        StyledText("✓ ", .good) + StyledText("\(name) will be ")
          + StyledText(inFull(prediction.value, format), .result)
          + StyledText(
            prediction.exactly.map {
              " in float32, \(inFull(Tensor($0), format)) without its rounding"
            } ?? "", .dim)
      ]
    }
    // One of several is said with its name.
    let wrong = wrongElements(prediction, format)
    let which = predictions.count > 1 && wrong.isEmpty ? "\(name): " : ""
    if diagnosis.isRightSoFar {
      let more = diagnosis.agreements.count > 1 ? "more digits" : "one more digit"
      return [StyledText("… ", .note) + StyledText("\(which)right so far, \(more)")]
    }
    var sentences = diagnosis.sentences
    if sentences.isEmpty { sentences = ["no mistake known here gives that number"] }
    var lines = sentences.enumerated().map { number, sentence in
      number == 0
        ? StyledText("✗ ", .bad) + StyledText(which + wrong + sentence)
        : StyledText("  " + sentence)
    }
    let explained = Set(diagnosis.explained)
    let others = diagnosis.wrong.filter { !explained.contains($0) }
    if !diagnosis.causes.isEmpty, !others.isEmpty {
      lines.append(
        StyledText("  wrong as well: " + elements(others, of: prediction, format)))
    }
    return lines
  }

  private func explained(_ prediction: Prediction, _ format: Format) -> [StyledText] {
    guard !prediction.rows.isEmpty else { return [] }
    return FormulaReport(prediction.rows).text(format).map { StyledText("  ") + $0 }
  }

  /// Which of several numbers are meant: `m[1]: `.
  private func wrongElements(_ prediction: Prediction, _ format: Format) -> String {
    let diagnosis = prediction.diagnosis
    let meant = diagnosis.causes.isEmpty ? diagnosis.wrong : diagnosis.explained
    guard diagnosis.agreements.count > 1, meant.count < diagnosis.agreements.count else {
      return ""
    }
    return elements(meant, of: prediction, format) + ": "
  }

  private func elements(_ places: [Int], of prediction: Prediction, _ format: Format) -> String {
    let names = places.prefix(4).map { place in
      prediction.target.indexed(at: prediction.value.shape.indices(at: place))
        .text(format.ascii ? .ascii : .pretty)
    }
    return names.joined(separator: ", ") + (places.count > 4 ? ", …" : "")
  }

  /// Two digits more than usual, and dots where there are still more.
  private func inFull(_ value: Tensor, _ format: Format) -> String {
    guard let number = value.scalar, value.shape.count == 1 else {
      return TensorFormat(format).line(value)
    }
    let digits = min(format.digits + 2, NumberFormat.mostDigits)
    let text = NumberFormat.text(number, digits: digits)
    let isAll = abs(NumberFormat.value(of: text) - number) <= 1e-13 * abs(number)
    return isAll ? text : text.padded(to: digits) + "…"
  }

  func json() -> [String: JSONValue] {
    [
      "predictions": .array(
        predictions.map { prediction in
          var fields: [String: JSONValue] = [
            "of": .string(prediction.target.text(.ascii)),
            "typed": .array(prediction.typed.map { .number($0.value) }),
            "right": .bool(prediction.diagnosis.isRight),
          ]
          if prediction.diagnosis.isRight { fields["value"] = JSONValue(prediction.value) }
          if let exactly = prediction.exactly { fields["exactly"] = JSONValue(number: exactly) }
          if !prediction.diagnosis.isRight, prediction.diagnosis.isRightSoFar {
            fields["digits"] = .string("one more")
          }
          if !prediction.diagnosis.causes.isEmpty {
            fields["causes"] = .array(
              prediction.diagnosis.causes.map {
                .object([
                  "mistake": .string($0.id), "text": .string(Signs(ascii: true).plain($0.sentence)),
                ])
              })
          }
          return .object(fields)
        })
    ]
  }
}

extension String {
  /// With zeros behind, so that so many digits are there: what follows is not next to nothing.
  fileprivate func padded(to digits: Int) -> String {
    guard !contains("e"), !contains("n") else { return self }
    let shown = filter(\.isNumber).drop { $0 == "0" }.count
    guard shown > 0, shown < digits else { return self }
    return self + (contains(".") ? "" : ".") + String(repeating: "0", count: digits - shown)
  }
}
