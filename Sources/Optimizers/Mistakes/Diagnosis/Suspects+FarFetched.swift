// Mistakes that are not in the formula of one line: all that was kept forgotten at once, a gradient
// that was worked out wrong, the decimal point of a hyperparameter.
//
// They are thought of last: what a line's own mistakes explain is never told as one of these.

import Notation
import Tensors

extension Suspects {
  /// What was kept, taken as 0 in every line that reads it. In one line alone it is a term left out.
  func forgotten(_ lines: [Int]) -> [Mutant] {
    let zeroed = lines.compactMap { place -> (line: Int, expression: Expression)? in
      let line = step.lines[place]
      guard line.isState, let expression = line.expression, expression.names.contains(line.name)
      else { return nil }
      return (place, expression.replacing(line.name, by: .number(0)))
    }
    guard zeroed.count > 1, let first = zeroed.first else { return [] }
    let names = zeroed.map { step.lines[$0.line].name.pretty }
    return [
      Mutant(
        mistake: "state-forgotten",
        says: names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
          + " are taken as 0 before the step",
        line: first.line, expression: first.expression, habit: "",
        also: Array(zeroed.dropFirst()))
    ]
  }

  /// A gradient that is wrong itself, in every line after it.
  func gradients(_ lines: [Int]) -> [Mutant] {
    guard
      let place = lines.first(where: {
        step.lines[$0].expression == nil && step.lines[$0].name.canonical == "g"
      })
    else { return [] }
    let name = step.lines[place].name
    let right = Expression.of(WorkedStep.rightName(of: name))
    var made: [(id: String, says: String, value: Expression)] = [
      ("gradient-sign", "g has the wrong sign", .negated(right)),
      (
        "gradient-half", "g is half of what it is, as without a factor 2",
        .of(.divide, right, .number(2))
      ),
      ("gradient-twice", "g is twice what it is", .of(.multiply, .number(2), right)),
    ]
    if step.previous[name] != nil {
      made.insert(
        (
          "previous-value", "g is taken as it was in the step before",
          .of(WorkedStep.previousName(of: name))
        ), at: 0)
    }
    return made.map {
      Mutant(mistake: $0.id, says: $0.says, line: place, expression: $0.value, habit: nil)
    }
  }

  /// A learning rate ten times too large or too small.
  func scaled(_ line: Int) -> [Mutant] {
    guard let expression = step.lines[line].expression else { return [] }
    let context = LineContext(rule, line)
    return expression.names.filter { context.role($0) == .learningRate }.flatMap { name in
      var twice = Mutant(
        mistake: "learning-rate-twice", says: "\(name.pretty) is multiplied in twice", line: line,
        expression: expression.replacing(name, by: .of(.multiply, .of(name), .of(name))),
        habit: nil)
      twice.isFarFetched = true
      return [twice]
        + [(BinaryOperator.multiply, "large"), (.divide, "small")].map { operation, word in
          Mutant(
            mistake: "decimal-point", says: "\(name.pretty) is taken 10 times too \(word)",
            line: line,
            expression: expression.replacing(
              name, by: .of(operation, .of(name), .number(10))), habit: nil)
        }
    }
  }
}

extension Mutant {
  /// Whether it is told only where nothing else explains the number.
  var isLastResort: Bool { isFarFetched || Mutant.farFetched.contains(mistake) }

  private static let farFetched: Set<String> = [
    "gradient-half", "gradient-twice", "decimal-point", "state-forgotten",
    "extra-complement", "extra-correction", "extra-decay", "extra-root", "extra-square",
    "extra-time", "intermediate-for-gradient", "gradient-for-intermediate",
    "parameter-for-lookahead", "corrections-swapped", "coefficients-swapped",
  ]
}
