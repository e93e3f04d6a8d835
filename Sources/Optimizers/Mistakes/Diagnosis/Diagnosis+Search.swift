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
  ///   - isStopped: ends the search; what is judged by then has no cause.
  package static func of(
    _ answer: TypedAnswer, line: Int, in step: WorkedStep, quantities: [KnownQuantity] = [],
    isStopped: Stopping = .never
  ) -> Diagnosis {
    guard step.lines.indices.contains(line),
      step.lines[line].value.elements.count > WorkedStep.mostElements
    else {
      return Suspects(step, isStopped: isStopped).diagnosis(
        of: answer, line: line, quantities: quantities)
    }
    if answer.places.count > WorkedStep.mostElements {
      return of(
        many: answer, line: line, in: step, quantities: quantities, isStopped: isStopped)
    }
    let shape = step.lines[line].value.shape
    let part = step.reduced(to: answer.places, ofLine: line)
    let here = TypedAnswer(places: Array(answer.places.indices), numbers: answer.numbers)
    let known = quantities.compactMap { quantity -> KnownQuantity? in
      guard quantity.value.shape == shape else { return nil }
      let all = quantity.value.elements
      guard answer.places.allSatisfy(all.indices.contains) else { return nil }
      let elements = answer.places.map { all[$0] }
      return KnownQuantity(quantity.says, Tensor(elements, shape: [elements.count]))
    }
    return Suspects(part, isStopped: isStopped).diagnosis(of: here, line: line, quantities: known)
  }

  /// Judges more numbers than are looked at one by one: a cause has to explain those of a sample.
  private static func of(
    many answer: TypedAnswer, line: Int, in step: WorkedStep, quantities: [KnownQuantity],
    isStopped: Stopping
  ) -> Diagnosis {
    let plain = judged(answer, step.lines[line].value) { _ in [] }
    let wrong = plain.wrong
    guard !wrong.isEmpty else { return plain }
    let most = WorkedStep.mostElements
    let sample =
      wrong.count <= most ? wrong : (0..<most).map { wrong[$0 * (wrong.count - 1) / (most - 1)] }
    let found = of(
      answer.only(sample), line: line, in: step, quantities: quantities, isStopped: isStopped)
    guard !found.causes.isEmpty, found.explained.count == sample.count else { return plain }
    return Diagnosis(
      agreements: plain.agreements, causes: found.causes, explained: plain.explained)
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

  /// - Parameter before: what the value was made from by a small change, where it was: a parameter
  ///   before the step. Numbers are near to each other if their changes are.
  static func judged(
    _ answer: TypedAnswer, _ value: Tensor, before: Tensor? = nil,
    causes: (TypedAnswer) -> [Cause]
  ) -> Diagnosis {
    let agreements = zip(answer.places, answer.numbers).map { place, number in
      value.elements.indices.contains(place)
        ? number.agreement(with: value.elements[place]) : TypedNumber.Agreement.wrong
    }
    let wrong = agreements.indices.filter {
      agreements[$0] == .wrong || agreements[$0] == .lastDigit
    }
    guard let first = wrong.first else {
      return Diagnosis(agreements: agreements, causes: [], explained: [])
    }
    // One digit off may be a slip of the pen whatever else it is.
    let isNear = wrong.allSatisfy { agreements[$0] == .lastDigit }
    let slips = slips(answer.only(wrong), value, before)
    for part in [Array(agreements.indices), wrong, [first]] {
      let found = causes(answer.only(part))
      if !found.isEmpty {
        return Diagnosis(
          agreements: agreements, causes: (isNear ? slips : []) + found, explained: part)
      }
    }
    return Diagnosis(agreements: agreements, causes: slips, explained: wrong)
  }

  /// What has nothing to do with the formula.
  private static func slips(_ answer: TypedAnswer, _ value: Tensor, _ before: Tensor?) -> [Cause] {
    let pairs = zip(answer.places, answer.numbers).filter { value.elements.indices.contains($0.0) }
      .map { (place: $0.0, number: $0.1, right: value.elements[$0.0]) }
    guard !pairs.isEmpty, pairs.allSatisfy({ $0.right.isFinite }) else { return [] }
    func all(_ test: (TypedNumber, Double) -> Bool) -> Bool {
      pairs.allSatisfy { test($0.number, $0.right) }
    }
    func slip(_ id: String, _ says: String) -> [Cause] {
      [Cause(kind: .slip, id: id, says: says, line: nil)]
    }
    if all({ $0.agreement(with: $1) == .lastDigit }) {
      return slip(
        "rounding",
        "right but for the last digit"
          + (all { number, _ in number.digits > 3 }
            ? ": keep more digits on the way, or type fewer" : ""))
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
    let isRounded = pairs.allSatisfy { pair in
      var size = abs(pair.right)
      if let before, before.elements.indices.contains(pair.place) {
        size = min(size, abs(pair.right - before.elements[pair.place]))
      }
      return pair.number.digits > 3 && abs(pair.number.value - pair.right) < nearness * size
    }
    if isRounded {
      return slip(
        "rounding",
        "nearly: it looks as if a number was rounded on the way; keep more digits, or type fewer")
    }
    return []
  }

  /// What three digits on the way leave of a number.
  private static let nearness = 4e-3
}
