// The lines of a rule as mistakes see them: which names are states, which is the parameter, what each
// hyperparameter does. Made from a rule, or from the lines of a step that was recorded.
//
// Conditions are not looked at: the lines of every branch are there, in the order they are written.

import Notation

package struct RuleLines: Sendable {
  package typealias Line = (name: Name, value: Expression)

  package let lines: [Line]
  package let states: Set<Name>
  package let parameter: Name
  /// Hyperparameters and constants, in the order they are declared.
  package let hyper: [Name]
  package let roles: [Name: HyperRole]
  /// The names whose value comes of the gradient, directly or by others, the parameter aside.
  let moved: Set<Name>

  package init(lines: [Line], states: Set<Name>, parameter: Name, hyper: [Name]) {
    self.lines = lines
    self.states = states
    self.parameter = parameter
    self.hyper = hyper
    roles = HyperRoles(lines: lines, states: states, parameter: parameter, hyper: Set(hyper))
      .roles()
    var moved: Set<Name> = []
    var count = -1
    while moved.count > count {
      count = moved.count
      for line in lines where line.name != parameter {
        let isMoved = line.value.contains { part in
          part.name.map { $0.canonical == "g" || moved.contains($0) }
            ?? (part.plainCall?.function == "grad")
        }
        if isMoved { moved.insert(line.name) }
      }
    }
    self.moved = moved
  }

  package init(_ rule: Rule) {
    var lines: [Line] = []
    var states: Set<Name> = []
    var hyper = rule.declaration.parameters.map(\.name)
    Rule.visit(rule.declaration.body) { statement in
      switch statement {
      case .state(let line): states.insert(line.name)
      case .let(let line): hyper.append(line.name)
      case .assign(let line): lines.append((line.name, line.value))
      case .when, .repeat: break
      }
    }
    self.init(
      lines: lines, states: states,
      parameter: lines.last { Rule.parameterNames.contains($0.name.canonical) }?.name
        ?? Name(canonical: "w"),
      hyper: hyper)
  }

  /// What a state, the gradient or the parameter was called before its line: `m_old`.
  package static func oldName(of name: Name) -> Name {
    Name(canonical: name.canonical + "_old")
  }

  /// The names that have a value before the first line.
  package var givenNames: Set<Name> {
    states.union([parameter, Name(canonical: "g")])
  }

  /// The first line that gives a name a value.
  func firstLine(of name: Name) -> Int? { lines.firstIndex { $0.name == name } }

  /// The line that gave a name its value where line `place` reads it.
  func line(of name: Name, before place: Int) -> Int? {
    lines[..<place].lastIndex { $0.name == name }
  }

  /// Whether a state gathers squares, or is one that a root is taken of.
  func gathersSquares(_ state: Name) -> Bool {
    lines.contains { line in
      guard line.name == state else { return false }
      return line.value.contains { part in
        switch part.kind {
        case .binary(.power, _, let exponent): exponent.isNumber(2)
        case .binary(.multiply, let a, let b): a.isSame(as: b) && !a.isLiteralNumber
        case .call(let callee, _): callee.path.first?.canonical == "abs"
        default: false
        }
      }
    }
  }

  /// The state that a line divides by a bias correction: `m` for m̂ = m/(1 - β₁ᵗ).
  func corrected(_ name: Name, before place: Int) -> Name? {
    guard let line = line(of: name, before: place), !states.contains(name),
      case .binary(.divide, let above, let below) = lines[line].value.kind,
      case .name(let state) = above.kind, states.contains(state), isCorrection(below, before: line)
    else { return nil }
    return state
  }

  /// 1 - βᵗ, its root, or the name of a line that is one.
  func isCorrection(_ expression: Expression, before place: Int) -> Bool {
    switch expression.kind {
    case .binary(.subtract, let one, let power):
      guard one.isNumber(1) else { return false }
      if case .binary(.power, let base, let exponent) = power.kind {
        return exponent.names.contains(Name(canonical: "t"))
          && base.names.allSatisfy { hyper.contains($0) }
      }
      // A product of decays so far, as NAdam keeps.
      if case .name(let name) = power.kind { return states.contains(name) }
      return false
    case .unary(.squareRoot, let inner): return isCorrection(inner, before: place)
    case .name(let name):
      guard let line = line(of: name, before: place) else { return false }
      return isCorrection(lines[line].value, before: line)
    default: return false
    }
  }
}
