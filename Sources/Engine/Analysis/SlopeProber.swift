// Differences of a loss around a point: the slopes that a gradient is held against.
//
// It evaluates and compares; which elements are looked at, and what is said about them, is the
// business of `GradientCheck`.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// Evaluates a loss at points near the present one.
final class SlopeProber {
  let parameters: [(name: Name, value: Tensor, gradient: Tensor, input: NodeID)]
  let value: Double
  /// How many elements may be looked at, so that the check takes seconds at most whatever the loss.
  let affordableElements: Int
  private let program: Program
  private let loss: NodeID
  /// The largest number on the way to the loss: where large numbers cancel, rounding leaves more
  /// than the loss's own size suggests.
  private let scale: Double

  init(_ moment: Moment, loss expression: Expression) throws(Diagnostic) {
    let lowering = Lowering()
    let node = try lowering.lower(expression, in: moment.scope(.train))
    guard lowering.graph[node].shape.count == 1 else {
      throw LoweringError.tensor(
        .notScalar(lowering.graph[node].shape), expression.span, operands: []
      ).diagnostic
    }
    let needed = Set(lowering.graph.reachable(from: [node]))
    var found: [(Name, Tensor, NodeID)] = []
    for parameter in moment.session.problem.parameters {
      let input = lowering.graph.input(parameter.path, shape: parameter.initial.shape)
      guard needed.contains(input) else { continue }
      found.append((parameter.name, moment.snapshot[parameter.path] ?? parameter.initial, input))
    }
    let gradients = try lowering.gradients(of: node, by: found.map(\.2), at: expression.span)
    func compile(_ outputs: [NodeID]) throws(Diagnostic) -> Program {
      do {
        let program = try Program(graph: lowering.graph, outputs: outputs, precision: .float64)
        moment.session.problem.write(moment.snapshot, to: program, of: &lowering.graph)
        return program
      } catch {
        throw TensorProse(error).diagnostic
      }
    }
    let onTheWay = lowering.graph.operations(to: node, changingWith: found.map(\.2))
    let whole = try compile([node] + gradients + onTheWay)
    _ = whole.run(steps: 1)
    parameters = zip(found, gradients).map { entry, gradient in
      (entry.0, entry.1, whole.read(gradient), entry.2)
    }
    value = whole.read(node).scalar ?? .nan
    // Four evaluations an element, and one more for good measure.
    let work = lowering.graph.work(of: node)
    affordableElements = max(
      8, min(GradientCheck.mostElements, GradientCheck.mostWork / 5 / max(1, work)))
    scale = onTheWay.reduce(abs(value)) { largest, id in
      whole.read(id).elements.reduce(largest) { $1.isFinite ? max($0, abs($1)) : $0 }
    }
    self.loss = node
    program = try compile([node])
  }

  /// The loss with one parameter replaced.
  private func loss(with elements: [Double], parameter number: Int) -> Double {
    let entry = parameters[number]
    program.write(Tensor(elements, shape: entry.value.shape), to: entry.input)
    _ = program.run(steps: 1)
    return program.read(loss).scalar ?? .nan
  }

  /// Values of the loss on both sides, at a distance along a direction.
  private struct Sides {
    let left: Double
    let right: Double
    /// The width really taken, after rounding.
    let width: Double
  }

  /// Moves along a direction with entries -1, 0 and 1.
  private func probe(_ number: Int, _ direction: (Int) -> Double, width: Double) -> Sides {
    let values = parameters[number].value.elements
    var elements = values
    for i in values.indices where direction(i) != 0 { elements[i] += direction(i) * width }
    let right = loss(with: elements, parameter: number)
    for i in values.indices { elements[i] = values[i] - direction(i) * width }
    let left = loss(with: elements, parameter: number)
    _ = loss(with: values, parameter: number)
    return Sides(left: left, right: right, width: width)
  }

  /// A power of two, so that a coordinate plus and minus it is mostly exact.
  private func width(around coordinate: Double) -> Double {
    let size = max(abs(coordinate), 1e-2)
    return (size * 1e-3).binade
  }

  /// How far rounding of the loss may move a difference.
  private func noise(width: Double) -> Double {
    32 * Double.ulpOfOne * max(scale, .leastNormalMagnitude) / width
  }

  private struct Estimate {
    let slope: Double
    /// What the estimate itself may be off by.
    let uncertainty: Double
    /// The slopes on both sides stay apart as the step is halved: this may be a kink.
    let mayBeKink: Bool
  }

  private func slope(_ number: Int, _ direction: (Int) -> Double, width h: Double) -> Estimate {
    let wide = probe(number, direction, width: h)
    let narrow = probe(number, direction, width: h / 2)
    let a = (wide.right - wide.left) / (2 * h)
    let b = (narrow.right - narrow.left) / h
    let slope = (4 * b - a) / 3
    // Half the gap between the two sides' slopes; for a smooth curve it shrinks with the step.
    let wideGap = abs(wide.right - 2 * value + wide.left) / h
    let narrowGap = abs(narrow.right - 2 * value + narrow.left) / (h / 2)
    let noise = noise(width: h / 2)
    return Estimate(
      slope: slope, uncertainty: abs(slope - b) * 0.01 + noise,
      mayBeKink: narrowGap > 0.8 * wideGap && narrowGap > 1e-6 * abs(slope) + 4 * noise)
  }

  func check(parameter number: Int, element place: Int) -> GradientCheck.Entry {
    let entry = parameters[number]
    let ours = entry.gradient.elements[place]
    let direction = { (i: Int) in i == place ? 1.0 : 0.0 }
    let h = width(around: entry.value.elements[place])
    let estimate = slope(number, direction, width: h)
    var numeric = estimate.slope
    var verdict = verdict(ours, estimate)
    var sides: (left: Double, right: Double)?
    if verdict == .wrong || (verdict == .right && estimate.mayBeKink) {
      let closer = look(closer: number, direction, ours: ours, from: h)
      if verdict == .wrong || [.kink, .jump].contains(closer.verdict) { verdict = closer.verdict }
      numeric = closer.numeric ?? numeric
      sides = closer.sides
    }
    return GradientCheck.Entry(
      parameter: entry.name, indices: entry.value.shape.place(of: place) ?? [], ours: ours,
      numeric: numeric, error: error(ours, numeric),
      isRounding: abs(ours - numeric) <= estimate.uncertainty, verdict: verdict, sides: sides)
  }

  /// One number for all the elements of a parameter.
  func checkAll(of number: Int) -> GradientCheck.Direction {
    let entry = parameters[number]
    // Signs without a pattern, the same in every run.
    let direction = { (i: Int) in stableHash("\(i)") & 1 == 0 ? 1.0 : -1.0 }
    var ours = 0.0
    for (i, slope) in entry.gradient.elements.enumerated() { ours += direction(i) * slope }
    // A step along it crosses a kink of some relu in any net; the smaller the step, the fewer.
    let largest = entry.value.elements.reduce(0) { max($0, abs($1)) }
    var h = width(around: largest) / 16
    var best = (numeric: Double.nan, gap: Double.infinity, isRight: false)
    for _ in 0..<6 where !best.isRight {
      let sides = probe(number, direction, width: h)
      let central = (sides.right - sides.left) / (2 * h)
      let gap = abs(central - ours)
      if gap < best.gap {
        let allowed = 1e-5 * max(abs(ours), abs(central)) + noise(width: h)
        best = (central, gap, gap <= allowed)
      }
      h /= 16
    }
    return GradientCheck.Direction(
      parameter: entry.name, ours: ours, numeric: best.numeric,
      error: error(ours, best.numeric), isRight: best.isRight)
  }

  private func error(_ ours: Double, _ numeric: Double) -> Double {
    let gap = abs(ours - numeric)
    return gap == 0 ? 0 : gap / max(abs(ours), abs(numeric))
  }

  private func verdict(_ ours: Double, _ estimate: Estimate) -> GradientCheck.Verdict {
    guard ours.isFinite, estimate.slope.isFinite else { return ours.isFinite ? .wrong : .notFinite }
    let allowed =
      GradientCheck.tolerance * max(abs(ours), abs(estimate.slope)) + estimate.uncertainty
    return abs(ours - estimate.slope) <= allowed ? .right : .wrong
  }

  /// Both sides with shrinking steps: a slope that settles, or two that stay apart.
  private func look(
    closer number: Int, _ direction: (Int) -> Double, ours: Double, from start: Double
  ) -> (verdict: GradientCheck.Verdict, numeric: Double?, sides: (left: Double, right: Double)?) {
    var h = start / 8
    var last: (left: Double, right: Double)?
    var apart = false
    var jumps = false
    var lastGap = Double.infinity
    var approaches = 0
    for _ in 0..<6 {
      let sides = probe(number, direction, width: h)
      let left = (value - sides.left) / h
      let right = (sides.right - value) / h
      guard left.isFinite, right.isFinite else { return (.notFinite, nil, nil) }
      let central = (sides.right - sides.left) / (2 * h)
      let noise = noise(width: h)
      // Where only the curvature jumps, the difference nears the slope as slowly as the step shrinks.
      let gap = abs(central - ours)
      approaches = lastGap.isFinite && gap > 0 && gap <= 0.25 * lastGap ? approaches + 1 : 0
      if approaches >= 2 { return (.rightBesideKink, central, nil) }
      lastGap = gap
      let size = max(abs(left), abs(right), abs(ours))
      if noise > 1e-3 * size { break }
      apart = abs(right - left) > 1e-3 * size + 4 * noise
      if !apart, abs(central - ours) <= 1e-5 * size + noise {
        return (.rightBesideKink, central, nil)
      }
      if let last, apart {
        // A bend's two sides approach each other as the step shrinks; a kink's do not.
        let before = abs(last.right - last.left)
        apart = abs(right - left) > 0.7 * before
        jumps = abs(right - left) > 4 * before
      }
      last = (left, right)
      h /= 8
    }
    guard let last, apart else { return (.wrong, nil, nil) }
    if jumps { return (.jump, nil, nil) }
    let slack = 1e-3 * max(abs(last.left), abs(last.right))
    let between =
      ours >= min(last.left, last.right) - slack && ours <= max(last.left, last.right) + slack
    return (between ? .kink : .wrong, nil, last)
  }
}

extension Graph {
  /// The most elements that are looked at for the size of what is on the way.
  private static let mostElements = 1 << 20

  /// The operations between some inputs and a node; none where they are very large.
  fileprivate func operations(to node: NodeID, changingWith inputs: [NodeID]) -> [NodeID] {
    var changing = Set(inputs)
    var found: [NodeID] = []
    var count = 0
    for id in reachable(from: [node]) where operands(of: id).contains(where: changing.contains) {
      changing.insert(id)
      found.append(id)
      count = min(1 << 40, count + self[id].shape.count)
    }
    return count <= Graph.mostElements ? found : []
  }

  /// Roughly how many multiplications a node takes: elements, and a row times a column for each
  /// element of a matrix product.
  fileprivate func work(of node: NodeID) -> Int {
    reachable(from: [node]).reduce(0) { total, id in
      var work = self[id].shape.count
      if case .apply(.matmul, let operands, _) = self[id].kind {
        work = min(1 << 40, work) * max(1, self[operands[0]].shape.dimensions.last ?? 1)
      }
      return min(1 << 50, total + min(1 << 50, work))
    }
  }
}
