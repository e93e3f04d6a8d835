// A rule's lines made ready to be run for a few steps on the six numbers of a tape, many thousand rules
// a second: the sieve in front of `RuleProbe`.
//
// Its numbers may differ from the executor's in the last places of sums; verdicts show six digits of
// them. It knows elementwise arithmetic, sums over the numbers, the loss, and the gradient at a point; a
// rule that needs more, such as a matrix, is left to others.

import Notation

struct QuickRule: Sendable {
  typealias Numbers = Lanes

  /// Its hyperparameters, in the order of the declaration.
  let parameters: [Name]
  let code: QuickCode
  private let declaration: RuleDeclaration

  /// nil when the rule needs more than this knows.
  init?(_ rule: Rule) { self.init(rule.declaration) }

  init?(_ declaration: RuleDeclaration) {
    guard let code = QuickAssembler.code(declaration) else { return nil }
    self.code = code
    self.declaration = declaration
    parameters = declaration.parameters.map(\.name)
  }

  /// Whether its numbers may be the same by chance: it asks for signs.
  var asksSigns: Bool { declaration.asksSigns }

  // MARK: Running

  /// The parameter after each step of a tape.
  /// - Parameter keepsGoing: asked after each step; false ends the run.
  func run(
    _ values: [Name: Double], _ tape: QuickTape,
    while keepsGoing: (Int, Numbers) -> Bool = { _, _ in true }
  ) -> [Numbers] {
    var result: [Numbers] = []
    result.reserveCapacity(tape.steps.count)
    run(parameters.map { values[$0] ?? .nan }, tape) { step, w in
      result.append(w)
      return keepsGoing(step, w)
    }
    return result
  }

  /// Calls `visit` with the step, from 0, and the parameter after it, until that says to stop.
  func run(_ values: ProbeValues, _ tape: QuickTape, visit: (Int, Numbers) -> Bool) {
    run(first(values), tape, changing: changing(values), visit: visit)
  }

  /// The value of every line at every step, by line and then by step.
  func trace(_ values: [Name: Double], _ tape: QuickTape) -> [[Numbers]] {
    var result = [[Numbers]](repeating: [], count: code.ends.count)
    trace(ProbeValues(values), tape) { line, value in result[line].append(value) }
    return result
  }

  /// The same, one number for a line that is one number for the whole parameter.
  func trace(_ values: ProbeValues, _ tape: QuickTape) -> [[[Double]]] {
    var result = [[[Double]]](repeating: [], count: code.ends.count)
    trace(values, tape) { line, value in
      result[line].append(code.ends[line].isScalar ? [value.a] : value.numbers)
    }
    return result
  }

  private func trace(_ values: ProbeValues, _ tape: QuickTape, visit: (Int, Numbers) -> Void) {
    run(
      first(values), tape, changing: changing(values),
      lines: { memory in
        var start = 0
        for (place, end) in code.ends.enumerated() {
          QuickCode.run(code.lines[start..<end.operation], memory)
          visit(place, memory[end.place])
          start = end.operation
        }
      }, visit: { _, _ in true })
  }

  private func first(_ values: ProbeValues) -> [Double] {
    let fixed = values.changing.map { values.fixed.merging($0(1)) { $1 } } ?? values.fixed
    return parameters.map { fixed[$0] ?? .nan }
  }

  private func changing(_ values: ProbeValues) -> ((Int) -> [Double])? {
    guard let changing = values.changing else { return nil }
    return { step in
      let now = changing(step)
      return parameters.map { now[$0] ?? values.fixed[$0] ?? .nan }
    }
  }

  /// - Parameters:
  ///   - values: of the hyperparameters in their order, at the first step.
  ///   - changing: their values at the step given, from 1, where some depend on it.
  func run(
    _ values: [Double], _ tape: QuickTape, changing: ((Int) -> [Double])? = nil,
    visit: (Int, Numbers) -> Bool
  ) {
    run(
      values, tape, changing: changing, lines: { QuickCode.run(code.lines[...], $0) }, visit: visit)
  }

  private func run(
    _ values: [Double], _ tape: QuickTape, changing: ((Int) -> [Double])?,
    lines: (UnsafeMutableBufferPointer<Lanes>) -> Void, visit: (Int, Numbers) -> Bool
  ) {
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: code.places) { memory in
      memory.initialize(repeating: .zero)
      for (place, value) in code.numbers { memory[place] = Lanes(repeating: value) }
      func set(_ values: [Double]) {
        for (place, value) in values.prefix(parameters.count).enumerated() {
          memory[QuickCode.given + place] = Lanes(repeating: value)
        }
      }
      set(values)
      memory[QuickCode.parameter] = tape.start
      QuickCode.run(code.starts[...], memory)
      for (step, gradient) in tape.steps.enumerated() {
        if step > 0, let changing {
          set(changing(step + 1))
          QuickCode.run(code.constants[...], memory)
        }
        memory[QuickCode.time] = Lanes(repeating: Double(step + 1))
        memory[QuickCode.slope] = gradient.slope
        memory[QuickCode.center] = gradient.center
        memory[QuickCode.offset] = gradient.offset
        memory[QuickCode.gradient] = gradient.at(memory[QuickCode.parameter])
        lines(memory)
        guard visit(step, memory[QuickCode.parameter]) else { return }
      }
    }
  }
}

/// The gradients of a quick run: k·(x - c) + b with a k, a c and a b for each number and each step.
struct QuickTape: Sendable {
  struct Step: Sendable {
    var slope: Lanes
    var center: Lanes
    var offset = Lanes.zero

    func at(_ point: Lanes) -> Lanes { slope * (point - center) + offset }
  }

  var start: Lanes
  var steps: [Step]

  init(start: Lanes, steps: [Step]) {
    self.start = start
    self.steps = steps
  }

  init(_ tape: ProbeTape) {
    start = Lanes(tape.start)
    steps = tape.slopes.indices.map { step in
      Step(
        slope: Lanes(tape.slopes[step]), center: Lanes(tape.centers[step]),
        offset: Lanes(tape.offsets[step]))
    }
  }

  static func mixed(_ count: Int) -> QuickTape { QuickTape(.mixed(count)) }

  /// Enough to tell most rules apart.
  static let short = mixed(7)
  /// Enough for constants of the size of t to show.
  static let middle = mixed(30)
  /// What an equality is confirmed on.
  static let long = mixed(200)
  /// For rules that ask for signs.
  static let scattered = QuickTape(.scattered(300))
  /// For rules with limits, which are far away for so many steps.
  static let unlimited = QuickTape(.scattered(24))
  /// From 1 with the gradient w: what a person would work out by hand.
  static let plain = QuickTape(
    start: Lanes(repeating: 1),
    steps: Array(
      repeating: Step(slope: Lanes(repeating: 1), center: .zero), count: 200))
}
