// How causes are told for an answer: elements by their index, the step's number put in.

import Diagnostics
import Notation
import Tensors

struct SuspectWords {
  let answer: TypedAnswer
  let line: Int
  let step: WorkedStep
  let rule: RuleLines

  var shape: Shape { step.lines[line].value.shape }

  // MARK: Quantities

  /// What else has the number that was typed.
  func quantities(and further: [KnownQuantity]) -> [Diagnosis.Cause] {
    var found: [Diagnosis.Cause] = []
    func add(_ id: String, _ value: Tensor, line: Int? = nil, _ says: () -> String) {
      guard answer.shows(value, of: shape) else { return }
      let text = says()
      if found.contains(where: { $0.says == text }) { return }
      found.append(Diagnosis.Cause(kind: .quantity, id: id, says: text, line: line))
    }
    for (place, other) in step.lines.enumerated() where place != line {
      add("quantity", other.value, line: place) { says(ofLine: place) }
    }
    let known = step.environment(at: line)
    for state in step.lines where state.isState {
      guard let old = known[RuleLines.oldName(of: state.name)] else { continue }
      add("quantity", old) { "\(element(state.name, old)) before the step" }
    }
    add("quantity", step.before) { "\(element(step.parameter, step.before)) before the step" }
    for (name, value) in step.constants where value.shape.isScalar {
      add("quantity", value) { name.pretty }
    }
    for quantity in further { add("quantity", quantity.value) { quantity.says } }
    if answer.places.count == 1, shape.count <= WorkedStep.mostElements {
      let asked = step.lines[line]
      let name = asked.isParameter ? step.parameter : asked.name
      for place in asked.value.elements.indices where place != answer.places[0] {
        add("coordinate", Tensor(asked.value.elements[place])) {
          "\(name.pretty)[\(indexText(place))], another coordinate"
        }
      }
    }
    return found
  }

  /// What another line's value is to the line asked for.
  private func says(ofLine place: Int) -> String {
    let other = step.lines[place]
    let shown = element(other.isParameter ? step.parameter : other.name, other.value)
    if other.name == step.lines[line].name {
      return place < line
        ? "\(shown) before this line changes it" : "\(shown) after a later line changes it"
    }
    if place < line, let below = correction(ofLine: line, reading: other.name) {
      let value =
        step.value(of: below, at: line)?.scalar.map { " = " + NumberFormat.text($0) } ?? ""
      return "\(shown), before the bias correction: divide it by \(numbered(below))\(value)"
    }
    if place > line, correction(ofLine: place, reading: step.lines[line].name) != nil {
      return "\(shown), after the bias correction"
    }
    return shown
  }

  /// What a line divides a state by, where that is a bias correction.
  private func correction(ofLine place: Int, reading state: Name) -> Expression? {
    guard case .binary(.divide, let above, let below)? = step.lines[place].expression?.kind,
      above.name == state, rule.isCorrection(below, before: place)
    else { return nil }
    return below
  }

  // MARK: Parts

  /// The parts of the line's formula that have the number.
  func parts() -> [Diagnosis.Cause] {
    guard let whole = step.lines[line].expression else { return [] }
    var found: [Diagnosis.Cause] = []
    var visited = 0
    func visit(_ part: Expression, _ says: (String) -> String) {
      visited += 1
      guard visited <= Self.mostParts, found.isEmpty else { return }
      if let value = step.value(of: part, at: line),
        value.elements.allSatisfy(\.isFinite), answer.shows(value, of: shape)
      {
        found.append(
          Diagnosis.Cause(kind: .quantity, id: "part", says: says(part.shown), line: nil))
        return
      }
      for child in part.children where !child.children.isEmpty {
        visit(child) { "\($0), a part of the line" }
      }
    }
    let name = shownName(step.lines[line]).pretty
    switch whole.kind {
    case .binary(.subtract, let a, let b) where step.lines[line].isParameter:
      if !b.children.isEmpty { visit(b) { "\($0) alone, not yet taken from \(name)" } }
      if !a.children.isEmpty { visit(a) { "\($0), a part of the line" } }
    case .binary(.add, let a, let b) where step.lines[line].isParameter:
      if !b.children.isEmpty { visit(b) { "\($0) alone, not yet added to \(name)" } }
      if !a.children.isEmpty { visit(a) { "\($0), a part of the line" } }
    default:
      for child in whole.children where !child.children.isEmpty {
        visit(child) { "\($0), a part of the line" }
      }
    }
    return found
  }

  private static let mostParts = 60

  // MARK: Mistakes

  func cause(_ mutant: Mutant, _ kind: Diagnosis.Cause.Kind) -> Diagnosis.Cause {
    let t = Expression.of(Name(canonical: "t"))
    let isLast = mutant.also.isEmpty && mutant.line == line
    /// Every t of the line is one step off.
    func isShifted(_ operation: BinaryOperator) -> Bool {
      let other = Expression.of(operation, t, .number(1))
      return step.lines[mutant.line].expression?
        .replacing(Name(canonical: "t"), by: other).isSame(as: mutant.expression) ?? false
    }
    let isLater = isShifted(.add)
    if mutant.mistake == "time-off-by-one", isLast, isLater || isShifted(.subtract) {
      return Diagnosis.Cause(
        kind: .quantity, id: mutant.mistake,
        says: "the value at t = \(isLater ? step.t + 1 : step.t - 1); "
          + "the step being taken is t = \(step.t)", line: mutant.line)
    }
    let place =
      isLast || !mutant.also.isEmpty || step.lines[mutant.line].expression == nil
      ? "" : ", in the line of \(shownName(step.lines[mutant.line]).pretty)"
    return Diagnosis.Cause(
      kind: kind, id: mutant.mistake, says: mutant.says + place, line: mutant.line)
  }

  // MARK: Words

  /// 1 - β₁³ for 1 - β₁ᵗ.
  private func numbered(_ expression: Expression) -> String {
    expression.replacing(Name(canonical: "t"), by: .number(step.t)).shown
  }

  private func shownName(_ line: WorkedStep.Line) -> Name {
    line.isParameter ? step.parameter : line.name
  }

  /// `m[0]` where one element is asked for and the value has as many.
  private func element(_ name: Name, _ value: Tensor) -> String {
    guard answer.places.count == 1, value.shape == shape, shape.rank > 0 else { return name.pretty }
    return "\(name.pretty)[\(indexText(answer.places[0]))]"
  }

  private func indexText(_ place: Int) -> String {
    (step.elementIndices?[place] ?? shape.indices(at: place)).map(String.init)
      .joined(separator: ", ")
  }
}

extension Shape {
  /// The indices of an element by its place in the order of storage.
  package func indices(at place: Int) -> [Int] {
    var rest = place
    return dimensions.reversed().map { size in
      defer { rest /= max(1, size) }
      return rest % max(1, size)
    }.reversed()
  }
}
