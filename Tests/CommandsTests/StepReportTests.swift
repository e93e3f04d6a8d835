import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct StepReportTests {
  @Test func firstStepOfAdam() throws {
    let report = StepReport(try exampleSteps(1)[0])
    #expect(
      report.plain() == """
        step 1 · adam                                              L  13 → 12.02
          g  = ∇L                     = [-4, -6]
          m  = β₁·m + (1 - β₁)·g      = 0.9·[0, 0] + (1 - 0.9)·[-4, -6]          = [-0.4, -0.6]
          v  = β₂·v + (1 - β₂)·g²     = 0.999·[0, 0] + (1 - 0.999)·[-4, -6]²     = [0.016, 0.036]
          m̂  = m/(1 - β₁ᵗ)            = [-0.4, -0.6]/(1 - 0.9¹)                  = [-4, -6]
          v̂  = v/(1 - β₂ᵗ)            = [0.016, 0.036]/(1 - 0.999¹)              = [16, 36]
          w  ← w - lr·m̂/(√v̂ + ε)      = [1, -2] - 0.1·[-4, -6]/(√[16, 36] + 1e-08) = [1.1, -1.9]
        """)
  }

  @Test func shortForm() throws {
    let steps = try exampleSteps(3)
    let lines = steps.dropFirst().map { StepReport($0, full: false).plain() }
    #expect(
      lines.joined(separator: "\n") == """
        step 2                                                     L  12.02 → 11.0812
        step 3                                                     L  11.0812 → 10.1842
        """)
  }

  @Test func narrowScreen() throws {
    let report = StepReport(try exampleSteps(3)[2])
    #expect(
      report.plain(width: 40) == """
        step 3 · adam       L  11.0812 → 10.1842
          g  = ∇L = [-3.60033, -5.60021]
          m  = β₁·m + (1 - β₁)·g
             = 0.9·[-0.74, -1.12]
               + (1 - 0.9)·[-3.60033, -5.60021]
             = [-1.02603, -1.56802]
          v  = β₂·v + (1 - β₂)·g²
             = 0.999·[0.030424, 0.069604]
               + (1 - 0.999)
               ·[-3.60033, -5.60021]²
             = [0.043356, 0.100897]
          m̂  = m/(1 - β₁ᵗ)
             = [-1.0260333, -1.5680205]
               /(1 - 0.9³)
             = [-3.7861, -5.78605]
          v̂  = v/(1 - β₂ᵗ)
             = [0.04335597, 0.1008967]
               /(1 - 0.999³)
             = [14.4665, 33.6659]
          w  ← w - lr·m̂/(√v̂ + ε)
             = [1.199834, -1.800103]
               - 0.1·[-3.7861, -5.78605]
               /(√[14.4665, 33.6659] + 1e-08)
             = [1.29938, -1.70038]
        """)
  }

  @Test func asciiHoldsOnlyASCII() throws {
    let text = StepReport(try exampleSteps(2)[1], remarks: true).plain(ascii: true)
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    #expect(text.contains("grad(L)"))
    #expect(text.contains("w     <- w - lr*m_hat/(sqrt(v_hat) + eps)"))
    #expect(text.contains("first moment"))
  }

  @Test func severalParametersAndAStateNamedAsOne() throws {
    var first = HandAdam(w: [1, -2])
    var second = HandAdam(w: [0.5])
    let record = StepRecord(
      step: 3,
      objectives: [
        .init(name: name("D"), before: 1, after: 0.9999999),
        .init(name: name("G"), before: 1, after: 0.5),
      ],
      parameters: [
        try first.update(gradient: [1, 2]), try second.update(gradient: [1], parameter: "m"),
      ])
    #expect(
      StepReport(record).plain() == """
        step 3 · adam                                              D  1 → 0.9999999   G  1 → 0.5
          w [2] · adam (t = 1)
            g  = ∇L                     = [1, 2]
            m  = β₁·m + (1 - β₁)·g      = 0.9·[0, 0] + (1 - 0.9)·[1, 2]            = [0.1, 0.2]
            v  = β₂·v + (1 - β₂)·g²     = 0.999·[0, 0] + (1 - 0.999)·[1, 2]²       = [0.001, 0.004]
            m̂  = m/(1 - β₁ᵗ)            = [0.1, 0.2]/(1 - 0.9¹)                    = [1, 2]
            v̂  = v/(1 - β₂ᵗ)            = [0.001, 0.004]/(1 - 0.999¹)              = [1, 4]
            w  ← w - lr·m̂/(√v̂ + ε)      = [1, -2] - 0.1·[1, 2]/(√[1, 4] + 1e-08)   = [0.9, -2.1]
          m [1] · adam (t = 1)
            g   = ∇L                     = [1]
            m.m = β₁·m.m + (1 - β₁)·g    = 0.9·[0] + (1 - 0.9)·[1]                  = [0.1]
            v   = β₂·v + (1 - β₂)·g²     = 0.999·[0] + (1 - 0.999)·[1]²             = [0.001]
            m̂   = m.m/(1 - β₁ᵗ)          = [0.1]/(1 - 0.9¹)                         = [1]
            v̂   = v/(1 - β₂ᵗ)            = [0.001]/(1 - 0.999¹)                     = [1]
            m   ← m - lr·m̂/(√v̂ + ε)      = [0.5] - 0.1·[1]/(√[1] + 1e-08)           = [0.4]
        """)
    let values = try #require(StepReport(record).json()["values"]?.fields)
    #expect(
      values.keys.sorted() == [
        "m", "m.g", "m.m", "m.m_hat", "m.v", "m.v_hat", "w", "w.g", "w.m", "w.m_hat", "w.v",
        "w.v_hat",
      ])
    let losses = try #require(StepReport(record).json()["losses"]?.fields)
    #expect(losses["G"] == .object(["before": .number(1), "after": .number(0.5)]))
  }

  @Test func aRuleOverAllParametersMovesOneVector() throws {
    let flat = vector([1, 2, 3])
    let lines = [
      gradientLine(vector([1, 2])),
      try line(
        "w", "w - lr*g", ["w": flat, "lr": Tensor(0.5), "g": vector([1, 2, 3])],
        vector([0.5, 1, 1.5]), isParameter: true),
    ]
    func parameter(_ text: String, _ lines: [StepRecord.Line], _ after: Tensor)
      -> StepRecord.ParameterRecord
    {
      .init(
        name: name(text), optimizer: "newton", t: 1, constants: [], lines: lines, before: after,
        after: after)
    }
    let record = StepRecord(
      step: 1, objectives: [],
      parameters: [
        parameter("a", lines, vector([0.5, 1])),
        parameter("b", [gradientLine(vector([3]))], vector([1.5])),
      ])
    let text = StepReport(record).plain()
    #expect(text.contains("[a, b] ← [a, b] - lr·g          = [1, 2, 3] - 0.5·[1, 2, 3]"))
    #expect(text.contains("a      ← [0.5, 1]"))
    #expect(text.contains("b  ← [1.5]"))
  }

  @Test func largeParametersAreSummedUp() throws {
    var adam = HandAdam(w: (0..<100).map(Double.init))
    let record = StepRecord(
      step: 1, objectives: [],
      parameters: [try adam.update(gradient: (0..<100).map(Double.init))])
    #expect(
      StepReport(record).plain().hasSuffix(
        "  w  ← w - lr·m̂/(√v̂ + ε)      = [100]: 0, 0.9, …, 98.9  (norm 572.155)"))
  }

  @Test func matricesStandInColumnsAndRepeatsAreSaidOnce() throws {
    let matrix = Tensor((0..<12).map { 1.0 / (Double($0) - 3.5) }, shape: [3, 4])
    let halved = try line("α", "a / 2", ["a": Tensor(0)], Tensor(0))
    let parameter = StepRecord.ParameterRecord(
      name: name("w"), optimizer: "mine", t: 1, constants: [],
      lines: [
        halved, halved, halved,
        try line("w", "w - g", ["w": matrix, "g": matrix], matrix, isParameter: true),
      ], before: matrix, after: matrix)
    let record = StepRecord(step: 1, objectives: [], parameters: [parameter])
    #expect(
      StepReport(record).plain(width: 80) == """
        step 1 · mine
          α  = a/2                    = 0/2                                      = 0
             2 more times
          w  ← w - g
             = [[-0.285714, -0.4     , -0.666667, -2       ],
                [ 2       ,  0.666667,  0.4     ,  0.285714],
                [ 0.222222,  0.181818,  0.153846,  0.133333]]
        """)
  }

  @Test func noLineIsWiderThanTheScreen() throws {
    var random = RandomNumbers(seed: 6)
    for _ in 0..<80 {
      let size = random.integer(1...4)
      var adam = HandAdam(w: (0..<size).map { _ in random.number() })
      _ = try adam.update(gradient: (0..<size).map { _ in random.number() })
      let parameter = ["w", "f.0.weight", "theta"][random.integer(0...2)]
      let updated = try adam.update(
        gradient: (0..<size).map { _ in random.number() }, parameter: parameter)
      let record = StepRecord(
        step: random.integer(1...1_000_000),
        objectives: [.init(name: name("L"), before: random.number(), after: random.number())],
        parameters: [updated])
      let format = Format(
        width: random.integer(40...200), ascii: random.integer(0...1) == 0,
        digits: random.integer(1...7))
      for full in [true, false] {
        for line in StepReport(record, full: full, remarks: true).text(format) {
          #expect(line.width <= format.width, "at \(format.width): \(line.plain)")
        }
      }
    }
  }

  @Test func jsonOfAStep() throws {
    let fields = StepReport(try exampleSteps(1)[0]).json()
    #expect(fields["step"] == .number(1))
    #expect(fields["loss"] == .number(13))
    let values = try #require(fields["values"]?.fields)
    #expect(values.keys.sorted() == ["g", "m", "m_hat", "v", "v_hat", "w"])
    #expect(values["g"] == .array([.number(-4), .number(-6)]))
  }
}

extension JSONValue {
  var fields: [String: JSONValue]? {
    if case .object(let fields) = self { fields } else { nil }
  }
}
