// Pruning, bounding, quantising: PyTorch's numbers, what stays 0, what comes back, and how far
// rounding goes.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct ShrinkingTests {
  struct Record: Decodable {
    let id: String
    let torch: String
    let lines: [String]
    let expected: [String: RecordedTensor]
  }

  @Test(arguments: ["shrinking.jsonl", "clipping.jsonl"])
  func recordedRuns(_ file: String) throws {
    let records = try RecordedData.lines(file, as: Record.self)
    #expect(records.count > 10)
    for record in records {
      let live = session(record.lines.joined(separator: "\n")).session
      for (text, expected) in record.expected {
        let ours = try number(text, in: live)
        let apart = distance(ours, expected.elements)
        #expect(apart < 1e-12, "\(record.id) \(record.torch): \(text) = \(ours), \(apart) off")
      }
    }
  }

  private func number(_ text: String, in session: Session) throws -> [Double] {
    var parser = try Parser(Source(text))
    return try session.evaluate(parser.parseExpression()).elements
  }

  // MARK: Quantisation

  static let quantizers = (2...9).flatMap { bits in
    [true, false].flatMap { symmetric in
      [true, false].map {
        Quantizer(bits: bits, isSymmetric: symmetric, isPerChannel: $0)
      }
    }
  }

  @Test(arguments: quantizers.indices)
  func theFunctionGivesTheNumbersShown(_ index: Int) throws {
    let quantizer = Self.quantizers[index]
    let axis = quantizer.isPerChannel ? ", axis=0" : ""
    for (seed, shift) in [(1, 0), (2, 3), (3, -5), (4, 1)] {
      let live = session("let x = 2*randn(5, 7, seed=\(seed)) + \(shift)").session
      let call = "quantize(x, bits=\(quantizer.bits), symmetric=\(quantizer.isSymmetric)\(axis))"
      let x = Tensor(try number("x", in: live), shape: [5, 7])
      let result = quantizer.quantized(x)
      #expect(try number(call, in: live) == result.values.elements, "\(call)")
      for part in result.parts {
        // A half of a step, and the rounding of the numbers themselves.
        #expect(part.largestError <= part.scale / 2 * (1 + 1e-9), "\(call)")
        #expect(part.integers.allSatisfy(quantizer.integerRange.contains))
      }
      // Numbers that are on the levels stay where they are.
      let again = quantizer.quantized(result.values).values.elements
      #expect(distance(again, result.values.elements) < 1e-12, "\(call)")
    }
  }

  @Test func constantsAndZerosQuantizeToThemselves() {
    for quantizer in Self.quantizers {
      #expect(quantizer.quantized(Tensor([0, 0], shape: [2])).values.elements == [0, 0])
      let three = quantizer.quantized(Tensor([3, 3], shape: [2])).values.elements
      #expect(distance(three, [3, 3]) < 1e-15)
      #expect(quantizer.quantized(Tensor([], shape: [0])).values.elements == [])
    }
  }

  @Test func trainingRoundsOnTheWayIntoTheLossOnly() throws {
    let net = """
      param w = [0.3, -1.2]
      loss L = sum(w^2)
      optimizer sgd(lr=0.1)
      quantize w bits=2 train
      """
    let live = session(net).session
    #expect(try number("w", in: live) == [0.3, -1.2])
    #expect(distance(try number("L", in: live), [1.44]) < 1e-15)
    #expect(distance(try number("grad(L, w)", in: live), [0, -2.4]) < 1e-15)
    let stepped = session(net, "step 3", "quantize w off")
    #expect(stepped.session.snapshot.modes.quantizers.isEmpty)
    stepped.run(Source("back"))
    #expect(stepped.session.snapshot.modes.quantizers.keys.sorted() == ["w"])
    stepped.run(Source("back 4"))
    #expect(stepped.session.snapshot.modes.quantizers.isEmpty)
    #expect(distance(try number("L", in: stepped.session), [0.3 * 0.3 + 1.2 * 1.2]) < 1e-15)
  }

  @Test func tablesReadParametersAsTheyWereReadThen() throws {
    let live = session(
      """
      param w = [0.3, -1.2]
      loss L = sum(w^2)
      optimizer sgd(lr=0.1)
      step 2
      quantize w bits=2 train
      step 2
      """)
    var parser = try Parser(Source("L"))
    let loss = try parser.parseExpression()
    let rows = try live.session.values(of: [loss], atSteps: [0, 1, 2, 3, 4], visit: { _ in true })
    for row in rows {
      live.run(Source("goto \(row.step)"))
      #expect(row.values[0] == (try live.session.evaluate(loss)), "step \(row.step)")
    }
  }

  // MARK: Pruning

  static let optimizers = [
    "adam(lr=0.1)", "momentum(lr=0.1)", "adamw(lr=0.1)", "muon(lr=0.1)", "sam(lr=0.1)",
    "clip_norm(1) |> adam(lr=0.1)",
  ]

  @Test(arguments: optimizers)
  func prunedElementsStayZero(_ optimizer: String) throws {
    let lines = """
      param w = [[3, -0.1, 2], [0.2, 1.5, -4]]
      loss L = sum((w - [[1, 1, 1], [2, 2, 2]])^2)
      optimizer \(optimizer)
      step 3
      prune w 0.5
      """
    let live = session(lines)
    let zeros = live.session.snapshot["w"]?.elements.indices.filter {
      live.session.snapshot["w"]?.elements[$0] == 0
    }
    #expect(zeros?.count == 3)
    let start = live.session.snapshot
    for _ in 0..<5 {
      live.run(Source("step;"))
      let now = live.session.snapshot["w"]?.elements ?? []
      #expect(zeros?.allSatisfy { now[$0] == 0 } == true, "\(optimizer): \(now)")
    }
    #expect(live.session.snapshot["w"] != start["w"])
    live.run(Source("back 5"))
    #expect(live.session.snapshot == start)
    live.run(Source("back"))
    #expect(live.session.snapshot.masks.isEmpty)
    live.run(Source("goto 8"))
    let replayed = session(lines, "step 5").session.snapshot
    #expect(live.session.snapshot == replayed)
  }

  @Test func pruningIsUndoneByBackAndUnprune() throws {
    let live = session("param w = [1, 0.1, -3]; param v = [2]; prune w 0.67")
    #expect(live.session.snapshot["w"]?.elements == [0, 0, -3])
    live.run(Source("w[0] = 5"))
    #expect(live.session.snapshot["w"]?.elements == [0, 0, -3])
    live.run(Source("unprune w"))
    live.run(Source("w[0] = 5"))
    #expect(live.session.snapshot["w"]?.elements == [5, 0, -3])
    live.run(Source("back 4"))
    #expect(live.session.snapshot["w"]?.elements == [1, 0.1, -3])
    #expect(live.session.snapshot.masks.isEmpty)
  }

  @Test func pruningFurtherKeepsWhatIsPruned() throws {
    let live = session("param w = [1, 2, 3, 4]", "prune w 0.5", "w[2] = 0.1", "prune w 0.25")
    #expect(live.session.snapshot["w"]?.elements == [0, 0, 0.1, 4])
    live.run(Source("prune w 0.75"))
    #expect(live.session.snapshot["w"]?.elements == [0, 0, 0, 4])
  }

  @Test func weightsAreMeantAndNotBiases() {
    let live = session("model f = linear(3, 4) |> relu |> linear(4, 1)", "prune f 0.5")
    #expect(live.session.snapshot.masks.keys.sorted() == ["f.0.weight", "f.2.weight"])
    live.run(Source("prune f.0.bias 0.5"))
    #expect(live.session.snapshot.masks["f.0.bias"] != nil)
  }

  // MARK: Bounds

  @Test func boundsHoldAfterEveryStepUntilTheyAreTakenOff() throws {
    let live = session(
      """
      param w = [0.5, -2]
      loss L = sum((w - 3)^2)
      optimizer momentum(lr=0.1)
      clip_weights w 0.6 every step
      step 20
      """)
    #expect(live.session.snapshot["w"]?.elements == [0.6, 0.6])
    live.run(Source("clip_weights w off\nstep"))
    #expect(live.session.snapshot["w"]?.elements.allSatisfy { $0 > 0.6 } == true)
    live.run(Source("goto 0"))
    // The bounds were set at step 0 and taken off at step 20.
    #expect(live.session.snapshot.modes.bounds["w"] == 0.6)
    live.run(Source("goto 21"))
    #expect(live.session.snapshot.modes.bounds.isEmpty)
    live.run(Source("goto 19\nstep"))
    #expect(live.session.snapshot["w"]?.elements == [0.6, 0.6])
  }

  @Test func mistakesAreSaid() {
    for (line, words) in [
      ("prune w 1.5", "the share to prune is from 0 to 1"),
      ("prune x 0.5", "there is no parameter x"),
      ("quantize w bits=1", "must be at least 2"), ("quantize w bits=40", "must be at most 24"),
      ("quantize w levels=4", "quantize has no option levels"),
      ("quantize [1, inf]", "holds inf"), ("clip_weights w -1", "the bound is one number"),
      ("distill f from g", "there is no model f"),
    ] {
      let reply = replies("param w = [1, 2]", line).first ?? ""
      #expect(reply.hasPrefix("error: ") && reply.contains(words), "\(line): \(reply)")
    }
  }
}
