// Step records made by hand, for tests of what is shown: formulas read from text, numbers worked out
// with plain arithmetic.

import Diagnostics
import Notation
import Tensors

@testable import Commands
@testable import Engine

func name(_ text: String) -> Name { Name(canonical: text) }

func formula(_ text: String) throws -> Expression {
  var parser = try Parser(Source(text))
  let expression = try parser.parseExpression()
  try parser.expectEnd()
  return expression
}

func vector(_ elements: [Double]) -> Tensor { Tensor(elements, shape: [elements.count]) }

func line(
  _ target: String, _ text: String, _ operands: [String: Tensor], _ value: Tensor,
  isParameter: Bool = false, remark: String? = nil
) throws -> StepRecord.Line {
  StepRecord.Line(
    kind: .rule, name: name(target), expression: try formula(text), formula: nil,
    operands: Dictionary(uniqueKeysWithValues: operands.map { (name($0), $1) }), value: value,
    isState: target == "m" || target == "v", isParameter: isParameter, remark: remark)
}

func gradientLine(_ value: Tensor, formula: String = "∇L") -> StepRecord.Line {
  StepRecord.Line(
    kind: .gradient, name: name("g"), expression: nil, formula: formula, operands: [:],
    value: value, isState: false, isParameter: false, remark: nil)
}

/// Adam on any gradient, one update at a time.
struct HandAdam {
  var w: [Double]
  var m: [Double]
  var v: [Double]
  var t = 0
  var lr = 0.1
  var beta1 = 0.9
  var beta2 = 0.999
  var eps = 1e-8

  init(w: [Double]) {
    self.w = w
    m = w.map { _ in 0 }
    v = m
  }

  mutating func update(gradient g: [Double], parameter: String = "w") throws
    -> StepRecord.ParameterRecord
  {
    t += 1
    let (b1, b2) = (Tensor(beta1), Tensor(beta2))
    let (oldW, oldM, oldV) = (w, m, v)
    let time = Tensor(Double(t))
    let c1 = 1 - power(beta1, t)
    let c2 = 1 - power(beta2, t)
    for i in w.indices {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i]
      v[i] = beta2 * v[i] + (1 - beta2) * (g[i] * g[i])
    }
    let mHat = m.map { $0 / c1 }
    let vHat = v.map { $0 / c2 }
    for i in w.indices { w[i] -= lr * mHat[i] / (vHat[i].squareRoot() + eps) }
    let lines = [
      gradientLine(vector(g)),
      try line(
        "m", "beta1*m + (1 - beta1)*g", ["beta1": b1, "m": vector(oldM), "g": vector(g)],
        vector(m), remark: "first moment"),
      try line(
        "v", "beta2*v + (1 - beta2)*g^2", ["beta2": b2, "v": vector(oldV), "g": vector(g)],
        vector(v)),
      try line(
        "m_hat", "m / (1 - beta1^t)", ["m": vector(m), "beta1": b1, "t": time], vector(mHat)),
      try line(
        "v_hat", "v / (1 - beta2^t)", ["v": vector(v), "beta2": b2, "t": time], vector(vHat)),
      try line(
        "w", "w - lr * m_hat / (√v_hat + eps)",
        [
          "w": vector(oldW), "lr": Tensor(lr), "m_hat": vector(mHat), "v_hat": vector(vHat),
          "eps": Tensor(eps),
        ], vector(w), isParameter: true),
    ]
    return StepRecord.ParameterRecord(
      name: name(parameter), optimizer: "adam", t: t,
      constants: [
        (name("lr"), Tensor(lr)), (name("beta1"), b1), (name("beta2"), b2),
        (name("eps"), Tensor(eps)),
      ], lines: lines, before: vector(oldW), after: vector(w))
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { value, _ in value * base }
  }
}

/// The steps of EXPERIENCE's first session: Adam from [1, -2] towards [3, 1].
func exampleSteps(_ count: Int) throws -> [StepRecord] {
  var adam = HandAdam(w: [1, -2])
  func loss(_ w: [Double]) -> Double { (w[0] - 3) * (w[0] - 3) + (w[1] - 1) * (w[1] - 1) }
  return try (1...count).map { step in
    let before = loss(adam.w)
    let record = try adam.update(gradient: [2 * (adam.w[0] - 3), 2 * (adam.w[1] - 1)])
    return StepRecord(
      step: step,
      objectives: [.init(name: name("L"), before: before, after: loss(adam.w))],
      parameters: [record])
  }
}

extension Report {
  func plain(width: Int = 100, ascii: Bool = false, digits: Int = 6) -> String {
    text(Format(width: width, ascii: ascii, digits: digits)).map(\.plain).joined(separator: "\n")
  }
}
