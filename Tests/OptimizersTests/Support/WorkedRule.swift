// A rule worked out for a few steps as with a calculator, on gradients of a quadratic.

import Diagnostics
import Notation
import Tensors

@testable import Optimizers

struct WorkedRule {
  let name: String
  let step: WorkedStep

  /// - Returns: nil for a rule that a calculator cannot do.
  init?(_ rule: Rule, shape: Shape, steps: Int) throws {
    let nowhere = Span(Source(""), 0, 0)
    let arguments = rule.declaration.parameters.filter { $0.defaultValue == nil }.map {
      Expression.Argument(
        label: $0.name, value: Expression(.number(0.5, spelling: "0.5"), nowhere))
    }
    let chosen = try ChosenRule(rule, arguments: arguments, at: nowhere)
    let settled = try chosen.settled(for: rule.declaration.overAll ? [shape.count] : shape)
    let shape: Shape = rule.declaration.overAll ? [shape.count] : shape
    let slope = Tensor((0..<shape.count).map { 0.7 + 0.45 * Double($0) }, shape: shape)
    let center = Tensor((0..<shape.count).map { 0.3 - 0.8 * Double($0) }, shape: shape)
    func gradient(_ w: Tensor) -> Tensor {
      Tensor(
        w.elements.indices.map { slope.elements[$0] * (w.elements[$0] - center.elements[$0]) },
        shape: shape)
    }
    let surroundings: (String, Tensor) -> Tensor? = { function, at in
      guard at.shape == shape else { return nil }
      switch function {
      case "grad": return gradient(at)
      case "loss":
        return Tensor(
          at.elements.indices.reduce(0.0) {
            let apart = at.elements[$1] - center.elements[$1]
            return $0 + 0.5 * slope.elements[$1] * apart * apart
          })
      default:
        let n = shape.count
        return Tensor(
          (0..<n * n).map { $0 / n == $0 % n ? slope.elements[$0 / n] : 0 }, shape: [n, n])
      }
    }
    func value(_ expression: Expression, _ known: [Name: Tensor]) -> Tensor? {
      let line = WorkedStep.Line(
        name: Name(canonical: "x"), expression: expression, operands: known, value: Tensor(0))
      return WorkedStep(
        lines: [line], constants: [], parameter: Name(canonical: "w"), before: Tensor(0), t: 1,
        surroundings: surroundings
      ).value(of: expression, at: 0)
    }

    var w = Tensor((0..<shape.count).map { 1.1 - 0.6 * Double($0) }, shape: shape)
    let roles = RuleLines(rule).roles
    var constants: [(name: Name, value: Tensor)] = []
    var known: [Name: Tensor] = [:]
    for (place, entry) in chosen.hyperparameters.enumerated() {
      // Values that tell mistakes apart, where these are no settings.
      let varied: Double?
      switch roles[entry.name] {
      case .learningRate: varied = 0.13
      case .firstDecay: varied = 0.72 + 0.01 * Double(place)
      case .secondDecay: varied = 0.87
      case .epsilon: varied = 0.031
      default: varied = nil
      }
      let isNumber = value(entry.value, [:])?.shape.isScalar ?? false
      guard
        let number = isNumber
          ? varied.map({ Tensor($0) }) ?? value(entry.value, [:]) : value(entry.value, [:])
      else { continue }
      constants.append((entry.name, number))
      known[entry.name] = number
    }
    for line in settled.constants {
      guard let number = value(line.expression, known) else { continue }
      constants.append((line.name, number))
      known[line.name] = number
    }
    func setParameter(_ value: Tensor) {
      for name in Rule.parameterNames { known[Name(canonical: name)] = value }
    }
    setParameter(w)
    let states = Set(settled.states.map(\.name))
    for state in settled.states {
      guard let start = value(state.start, known) else { return nil }
      known[state.name] = start
    }
    var last: WorkedStep?
    for t in 1...steps {
      known[Name(canonical: "t")] = Tensor(Double(t))
      let g = gradient(w)
      known[Name(canonical: "g")] = g
      let before = w
      var lines = [
        WorkedStep.Line(name: Name(canonical: "g"), expression: nil, operands: [:], value: g)
      ]
      for line in settled.lines {
        guard var result = value(line.expression, known) else { return nil }
        let isParameter = Rule.parameterNames.contains(line.name.canonical)
        if isParameter, let fitting = result.fitting(shape) { result = fitting }
        lines.append(
          WorkedStep.Line(
            name: line.name, expression: line.expression,
            operands: known.filter { line.expression.names.contains($0.key) }, value: result,
            isState: states.contains(line.name), isParameter: isParameter))
        if isParameter {
          setParameter(result)
          w = result
        } else {
          known[line.name] = result
        }
      }
      last = WorkedStep(
        lines: lines, constants: constants, parameter: Name(canonical: "w"), before: before, t: t,
        surroundings: surroundings)
    }
    guard let last else { return nil }
    name = rule.name
    step = last
  }
}
