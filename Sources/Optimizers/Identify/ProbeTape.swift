// The gradients of a trial run, made so that rules which differ part: signs that change, tiny
// gradients beside √ε, exact zeros, steep and flat coordinates.
//
// At each step the gradient at a point x is k·(x - c) + b, with k, c and b given step by step, so that
// rules which ask for the gradient elsewhere, the loss or the Hessian can be run as well. The same
// every time.

/// k, c and b for each step, a number per coordinate.
struct ProbeTape: Sendable {
  static let coordinates = 6

  var start: [Double]
  var slopes: [[Double]]
  var centers: [[Double]]
  /// What is added whatever the point is.
  var offsets: [[Double]]

  var steps: Int { slopes.count }

  private init(start: [Double]) {
    self.start = start
    slopes = []
    centers = []
    offsets = []
  }

  private static let start = [0.8, -1.3, 0.5, 2, 0.6, -0.4]

  /// No coordinate begins with a zero, so that rules without ε have numbers.
  static func mixed(_ steps: Int) -> ProbeTape {
    var tape = ProbeTape(start: start)
    for step in 1...max(steps, 1) {
      let sign = step % 3 == 0 ? -1.0 : 1.0
      tape.slopes.append([1, 0.3 * sign, 1e-4, step % 4 == 0 ? 0 : 2, 0.05, 0.7])
      tape.centers.append([
        sign * 0.4 + 0.05 * Double(step % 12), -0.2 * Double(step % 5), sign,
        0.3 * Double(step % 7), step % 2 == 0 ? 1.5 : -0.5, 0.1 * Double(step % 3) - 2,
      ])
      tape.offsets.append([Double](repeating: 0, count: coordinates))
    }
    return tape
  }

  /// The last coordinate has no gradient until the fourth step, and no other has one at the second.
  static func zeros(_ steps: Int) -> ProbeTape {
    var tape = mixed(steps)
    for step in tape.slopes.indices {
      if step < 3 { tape.slopes[step][5] = 0 }
      if step == 1 { tape.slopes[step] = [Double](repeating: 0, count: coordinates) }
    }
    return tape
  }

  /// Gradients that change from step to step and do not depend on the parameter.
  static func given(_ steps: Int) -> ProbeTape {
    var tape = ProbeTape(start: start)
    let zeros = [Double](repeating: 0, count: coordinates)
    for step in 1...max(steps, 1) {
      let sign = step % 3 == 0 ? -1.0 : 1.0
      tape.slopes.append(zeros)
      tape.centers.append(zeros)
      tape.offsets.append([
        0.4 * sign + 0.05 * Double(step), -0.31 + 0.07 * Double(step), 1e-3 * sign,
        1.7 - 0.3 * Double(step), 0.04 * Double(step), -0.6 * sign,
      ])
    }
    return tape
  }

  /// Gradients of either sign and of several magnitudes, without order and now and then 0, that do not
  /// depend on the parameter: rules that ask for signs alone agree on them only where they are the same.
  static func scattered(_ steps: Int) -> ProbeTape {
    var tape = ProbeTape(start: start)
    let zeros = [Double](repeating: 0, count: coordinates)
    let scales = [1, 0.3, 0.01, 4, 1, 0.1]
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24)
    }
    for step in 1...max(steps, 1) {
      tape.slopes.append(zeros)
      tape.centers.append(zeros)
      tape.offsets.append(
        scales.indices.map { place in
          // The sum of a few is mostly small, and sometimes large.
          let number = (next() + next() + next() - 1.5) * scales[place]
          return place > 3 && step > 1 && next() < 0.2 ? 0 : number
        })
    }
    return tape
  }

  /// The same gradient at every step, wherever the parameter is.
  static func constant(_ gradient: [Double], _ steps: Int) -> ProbeTape {
    var tape = ProbeTape(start: start)
    let zeros = [Double](repeating: 0, count: coordinates)
    for _ in 0..<steps {
      tape.slopes.append(zeros)
      tape.centers.append(zeros)
      tape.offsets.append(gradient)
    }
    return tape
  }
}
