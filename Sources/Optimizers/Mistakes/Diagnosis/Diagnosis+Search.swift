// Judging numbers that were typed for a line of a step, or for any other value.
//
// A cause is looked for that explains all numbers at once, then those that are wrong, then the first
// of these; slips of the pen come last.

import Notation
import Tensors

extension Diagnosis {
  /// Judges numbers typed for a line of a step.
  /// - Parameters:
  ///   - line: the line's place in the step.
  ///   - quantities: further numbers that may have been taken for it.
  package static func of(
    _ answer: TypedAnswer, line: Int, in step: WorkedStep, quantities: [KnownQuantity] = []
  ) -> Diagnosis {
    guard step.lines.indices.contains(line),
      step.lines[line].value.elements.count > WorkedStep.mostElements
    else { return Suspects(step).diagnosis(of: answer, line: line, quantities: quantities) }
    let shape = step.lines[line].value.shape
    let part = step.reduced(to: answer.places, ofLine: line)
    let here = TypedAnswer(places: Array(answer.places.indices), numbers: answer.numbers)
    let known = quantities.compactMap { quantity -> KnownQuantity? in
      guard quantity.value.shape == shape else { return nil }
      let elements = answer.places.map { quantity.value.elements[$0] }
      return KnownQuantity(quantity.says, Tensor(elements, shape: [elements.count]))
    }
    return Suspects(part).diagnosis(of: here, line: line, quantities: known)
  }

  /// Judges numbers typed for a value that is no line of a step: a loss, an expression.
  package static func of(
    _ answer: TypedAnswer, value: Tensor, quantities: [KnownQuantity] = []
  ) -> Diagnosis {
    judged(answer, value) { part in
      quantities.filter { part.shows($0.value, of: value.shape) }.map {
        Cause(kind: .quantity, id: "quantity", says: $0.says, line: nil)
      }
    }
  }

  static func judged(
    _ answer: TypedAnswer, _ value: Tensor, causes: (TypedAnswer) -> [Cause]
  ) -> Diagnosis {
    let agreements = zip(answer.places, answer.numbers).map { place, number in
      value.elements.indices.contains(place)
        ? number.agreement(with: value.elements[place]) : TypedNumber.Agreement.wrong
    }
    let wrong = agreements.indices.filter {
      agreements[$0] == .wrong || agreements[$0] == .lastDigit
    }
    guard !wrong.isEmpty else { return Diagnosis(agreements: agreements, causes: []) }
    for part in [answer, answer.only(wrong), answer.only([wrong[0]])] {
      let found = causes(part)
      if !found.isEmpty { return Diagnosis(agreements: agreements, causes: found) }
    }
    return Diagnosis(agreements: agreements, causes: slips(answer.only(wrong), value))
  }

  /// What has nothing to do with the formula.
  private static func slips(_ answer: TypedAnswer, _ value: Tensor) -> [Cause] {
    let pairs = zip(answer.places, answer.numbers).filter { value.elements.indices.contains($0.0) }
      .map { (number: $0.1, right: value.elements[$0.0]) }
    guard !pairs.isEmpty, pairs.allSatisfy({ $0.right.isFinite }) else { return [] }
    func all(_ test: (TypedNumber, Double) -> Bool) -> Bool {
      pairs.allSatisfy { test($0.number, $0.right) }
    }
    func slip(_ id: String, _ says: String) -> [Cause] {
      [Cause(kind: .slip, id: id, says: says, line: nil)]
    }
    if all({ $0.agreement(with: $1) == .lastDigit }) {
      return slip("rounding", "right but for the last digit")
    }
    if all({ $0.shows(-$1) }) { return slip("sign", "right but for the sign") }
    var scale = 1
    for _ in 1...6 {
      scale *= 10
      if all({ $0.shows($1 * Double(scale)) }) {
        return slip(
          "decimal-point", "right but for the decimal point: that is \(scale) times too large")
      }
      if all({ $0.shows($1 / Double(scale)) }) {
        return slip(
          "decimal-point", "right but for the decimal point: that is \(scale) times too small")
      }
    }
    if all({ $0.shows($1 * 2) }) { return slip("factor-two", "that is twice the right number") }
    if all({ $0.shows($1 / 2) }) { return slip("factor-two", "that is half the right number") }
    if all({ $0.digits > 3 && abs($0.value - $1) < 1e-3 * abs($1) }) {
      return slip("rounding", "nearly: it looks as if a number was rounded on the way")
    }
    return []
  }
}
