// A small random problem for working an optimizer through by hand: whole numbers a calculator takes
// in at once, a quadratic loss, a learning rate that moves something.
//
// The same seed gives the same problem, whatever the rule, drawn by the counter-based generator. A
// draw with which the rule cannot be worked out well, as when its gradient is 0, is drawn again.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

package struct QuizProblem {
  /// Where the steps were taken, on nobody's session but its own.
  package let session: Session
  package let parameter: Name
  package let start: Tensor
  package let loss: Expression
  package let stages: [ChosenRule]
  /// One for each step, in order.
  package let records: [StepRecord]

  /// Draws that are tried before one is taken as it comes.
  private static let mostDraws = 40
  /// What is left of 0 by rounding, and would be asked for as a number.
  private static let residue = 1e-12
  /// A learning rate below this moves nothing that could be seen, and is raised to 0.1.
  private static let smallestRate = 0.05
  private static let rateNames: Set<String> = ["lr", "learning_rate", "eta", "alpha"]

  /// - Parameters:
  ///   - chain: the rules, looked up in `own`.
  ///   - own: whose rules and numbers the chain may name. It is not touched.
  /// - Throws: an unknown rule or hyperparameter at its place; a rule that no such problem fits.
  package init(_ chain: [Expression], steps: Int, seed: Int, own: Session) throws(Diagnostic) {
    let stages = try Self.withVisibleRate(try own.stages(of: chain))
    var shapes: [Shape] = Self.mixesElements(stages) ? [[2], [2, 2]] : [.scalar, [2], [2, 2]]
    if Self.treatsMatricesApart(stages) { shapes = [[2, 2]] + shapes.dropLast() }
    var refusal: Diagnostic?
    for shape in shapes {
      do {
        self = try Self.drawn(stages, shape, steps: steps, seed: seed, own: own)
        return
      } catch {
        refusal = refusal ?? error
      }
    }
    throw refusal ?? Diagnostic("quiz.problem", "no problem fits this rule")
  }

  private init(
    _ stages: [ChosenRule], _ parameter: Name, _ draw: QuizDraw, steps: Int, own: Session
  ) throws(Diagnostic) {
    self.parameter = parameter
    self.stages = stages
    start = draw.start
    loss = try reading { () throws(SyntaxError) in
      var parser = try Parser(Source(draw.loss(of: parameter)))
      return try parser.parseExpression()
    }
    var session = Session()
    session.interrupted = own.interrupted
    let (loss, start) = (loss, start)
    session.declare(Parameter(name: parameter, initial: start))
    try session.changeProblem { (problem) throws(Diagnostic) in
      problem.rules = own.problem.rules
      // Hyperparameters may be numbers of the session's own.
      problem.definitions = own.problem.definitions
      problem.definitions[parameter] = nil
      problem.definitions[Self.lossName] = nil
      problem.objectives = [Objective(name: Self.lossName, expression: loss, maximize: false)]
    }
    try session.choose([OptimizerGroup(stages: stages)])
    var records: [StepRecord] = []
    for _ in 0..<steps {
      let outcome = try session.take(RunRequest(1, interrupted: own.interrupted))
      switch outcome.ending {
      case .finished: break
      case .notFinite(let bad): throw session.badStepError(bad)
      default: throw Diagnostic("quiz.interrupted", "interrupted")
      }
      if let record = try session.record() { records.append(record) }
    }
    self.session = session
    self.records = records
  }

  package static let lossName = Name(canonical: "L")

  private static func drawn(
    _ stages: [ChosenRule], _ shape: Shape, steps: Int, seed: Int, own: Session
  ) throws(Diagnostic) -> QuizProblem {
    let parameter = Name(canonical: stages.last?.usesTheta == true ? "theta" : "w")
    var usable: QuizProblem?
    var refusal: Diagnostic?
    for attempt in 0..<mostDraws {
      let draw = QuizDraw(shape, seed: seed, attempt: attempt)
      do {
        let problem = try QuizProblem(stages, parameter, draw, steps: steps, own: own)
        if problem.isPlain { return problem }
        usable = usable ?? problem
      } catch {
        // What is wrong with the rule is wrong with every draw.
        guard error.id == "step.not-finite" || error.id == "step.loss-not-finite" else {
          throw error
        }
        refusal = refusal ?? error
      }
    }
    if let usable { return usable }
    throw refusal ?? Diagnostic("quiz.problem", "no problem fits this rule")
  }

  /// Whether every number is one to ask for: none is what rounding left of 0, and the first gradient
  /// points somewhere and is no number that could be taken for it.
  private var isPlain: Bool {
    let lines = records.flatMap { $0.parameters.flatMap(\.lines) }
    let gradient = records.first?.parameters.first?.lines.first { $0.kind == .gradient }
    let sizes = Set(start.elements.map(abs))
    return gradient?.value.elements.allSatisfy { $0 != 0 && !sizes.contains(abs($0)) } == true
      && lines.allSatisfy { line in
        line.value.elements.allSatisfy { $0 == 0 || abs($0) > Self.residue }
      }
  }

  /// Whether a rule's numbers depend on more than one element, as a norm does.
  private static func mixesElements(_ stages: [ChosenRule]) -> Bool {
    stages.contains { stage in
      if stage.rule.declaration.overAll { return true }
      guard let settled = try? stage.settled(for: [2]) else { return true }
      return settled.lines.contains { $0.expression.mixesElements }
    }
  }

  /// Whether a rule does something else with matrices, which it is then asked for: Muon without a
  /// matrix would be plain momentum.
  private static func treatsMatricesApart(_ stages: [ChosenRule]) -> Bool {
    stages.contains { stage in
      guard let vector = try? stage.settled(for: [2]), let matrix = try? stage.settled(for: [2, 2])
      else { return false }
      return vector.lines.map(\.name) != matrix.lines.map(\.name)
    }
  }

  /// The rules with a learning rate of 0.1 where nobody chose one and the default is too small to
  /// see what a step does.
  private static func withVisibleRate(_ stages: [ChosenRule]) throws(Diagnostic) -> [ChosenRule] {
    stages.map { stage in
      guard
        let entry = stage.hyperparameters.first(where: { rateNames.contains($0.name.canonical) }),
        let declared = stage.rule.declaration.parameters.first(where: { $0.name == entry.name }),
        let ours = declared.defaultValue, entry.value.isSame(as: ours),
        case .number(let rate) = ChosenRule.setting(of: ours), rate > 0, rate < smallestRate
      else { return stage }
      let visible = Expression(.number(0.1, spelling: "0.1"), entry.value.span)
      return stage.setting(entry.name, to: visible) ?? stage
    }
  }
}

/// The numbers of one draw.
private struct QuizDraw {
  let start: Tensor
  let minimum: [Int]
  let curvature: [Int]

  init(_ shape: Shape, seed: Int, attempt: Int) {
    let stream = RandomStream(key: RandomStream.key([0x51_55_49_5A, attempt]), seed: Double(seed))
    func number(_ place: Int, _ range: ClosedRange<Int>) -> Int {
      range.lowerBound + Int(stream.block(place).0 % UInt64(range.count))
    }
    var (start, minimum, curvature): ([Int], [Int], [Int]) = ([], [], [])
    for i in 0..<shape.count {
      let bottom = number(3 * i, -4...5)
      // A start up to four from the minimum, never at it.
      let away = number(3 * i + 1, 1...8)
      start.append(bottom + (away > 4 ? away - 4 : -away))
      minimum.append(bottom)
      curvature.append(shape.count > 2 ? 1 : number(3 * i + 2, 1...2))
    }
    self.start = Tensor(start.map(Double.init), shape: shape)
    self.minimum = minimum
    self.curvature = curvature
  }

  /// `(w - 3)^2`, `(w[0] - 3)^2 + 2*(w[1] + 1)^2`, for a matrix `sum((w - [[1, 2], [3, 4]])^2)`.
  func loss(of parameter: Name) -> String {
    let name = parameter.ascii
    guard start.shape.rank < 2 else {
      let rows = stride(from: 0, to: minimum.count, by: 2).map {
        "[\(minimum[$0]), \(minimum[$0 + 1])]"
      }
      return "sum((\(name) - [" + rows.joined(separator: ", ") + "])^2)"
    }
    return minimum.indices.map { i in
      let element = start.shape.isScalar ? name : "\(name)[\(i)]"
      let distance =
        minimum[i] == 0
        ? element : "(\(element) \(minimum[i] < 0 ? "+" : "-") \(abs(minimum[i])))"
      return (curvature[i] == 1 ? "" : "\(curvature[i])*") + distance + "^2"
    }.joined(separator: " + ")
  }
}

extension ChosenRule {
  /// Whether it calls the parameter θ.
  fileprivate var usesTheta: Bool {
    guard let settled = try? settled(for: .scalar) else { return false }
    return settled.lines.contains { $0.name.canonical == "theta" }
  }
}

extension Expression {
  /// Whether an element of it can depend on other elements of its operands.
  fileprivate var mixesElements: Bool {
    switch kind {
    case .binary(.matmul, _, _), .unary(.transpose, _), .index, .list: true
    case .call(let callee, let arguments):
      !(callee.path.count == 1
        && (callee.path[0].canonical == "grad"
          || Recomputation.isElementwise(callee.path[0].canonical, arguments: arguments.count)))
        || arguments.contains { $0.label != nil || $0.value.mixesElements }
    default: children.contains(where: \.mixesElements)
    }
  }
}
