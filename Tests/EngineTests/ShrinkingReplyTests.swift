// What the shrinking commands take and answer: which parameters a model's name means, words in any
// order, and what a step shows of the rounding.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct ShrinkingReplyTests {
  private static let normed =
    "model f = linear(3, 4) |> batchnorm(4) |> relu |> layernorm(4) |> linear(4, 1)"

  @Test func normsKeepTheirScales() {
    let (pruned, errors) = session(after: Self.normed + "\nprune f 0.5\nquantize f train")
    #expect(errors.isEmpty)
    let weights = ["f.0.weight", "f.4.weight"]
    #expect(pruned.session.snapshot.masks.keys.sorted() == weights)
    #expect(pruned.session.snapshot.modes.quantizers.keys.sorted() == weights)
    let (named, none) = session(
      after: Self.normed + "\nprune f.1 0.5\nprune f.3.weight 0.5\nquantize f.1.weight train")
    #expect(none.isEmpty)
    #expect(named.session.snapshot.masks.keys.sorted() == ["f.1.weight", "f.3.weight"])
    #expect(
      replies(Self.normed, "quantize f.1.weight train", "quantize f off")
        == ["losses and models read f.1.weight unrounded again"])
  }

  @Test(arguments: ["unprune f", "prune f off"])
  func onlyWhatWasPrunedIsFreed(_ line: String) {
    #expect(
      replies(Self.normed, "prune f.0, f.4.bias 0.5", line)
        == ["every element of f.0.weight, f.4.bias moves again"])
    #expect(replies(Self.normed, line) == ["nothing of f is pruned"])
  }

  @Test func wordsInAnyOrder() {
    let w = "param w = [[0.3, -1.27], [0.8, 2]]"
    let words = ["bits=4", "affine", "per channel", "train"]
    let expected = session(after: w + "\nquantize w bits=4 affine per channel train").interpreter
      .session.snapshot.modes.quantizers
    #expect(expected["w"] == Quantizer(bits: 4, isSymmetric: false, isPerChannel: true))
    for i in 0..<4 {
      let turned = words[i...] + words[..<i]
      for order in [Array(turned), turned.reversed()] {
        let (interpreter, errors) = session(
          after: w + "\nquantize w " + order.joined(separator: " "))
        #expect(errors.isEmpty, "\(order)")
        #expect(interpreter.session.snapshot.modes.quantizers == expected, "\(order)")
      }
    }
    #expect(replies(w, "quantize w affine affine").first?.hasPrefix("error: ") == true)
    let models = "model f = linear(2, 2); model g = linear(2, 3) |> linear(3, 2)"
    let lines = replies(models, "distill f from g temperature=3, weight=0.5")
    #expect(replies(models, "distill f from g weight=0.5 temperature=3") == lines)
    #expect(lines.contains { $0.contains("temperature=3") })
  }

  @Test func oneNameForWhatIsRounded() {
    let answer = replies("quantize 5 bits=4")
    #expect(answer.contains { $0.contains("max|x|/") })
    #expect(answer.contains { $0.contains("x̂") } && !answer.contains { $0.contains("5̂") })
    let named = replies("param w = [0.3, -1]", "quantize w bits=4")
    #expect(named.contains { $0.contains("ŵ") } && !named.contains { $0.contains("x̂") })
  }

  @Test func aBoundOfZeroHasNoSign() {
    let answer = replies("param w = [0.3, -1]", "clip_weights w 0 every step")
    #expect(!answer.contains { $0.contains("-0") })
    let after = session(after: "param w = [0.3, -1]\nclip_weights w 0").interpreter.session
    #expect(after.snapshot["w"]?.elements.allSatisfy { $0.sign == .plus } == true)
  }

  @Test func sizesOfAllKinds() {
    #expect(ByteSize.text(1) == "1 byte")
    #expect(ByteSize.text(9_999) == "9999 bytes")
    #expect(ByteSize.text(76_600) == "77 kB")
    #expect(ByteSize.text(64_000_000) == "64 MB")
    #expect(ByteSize.text(Int.max).hasSuffix(" GB"))
  }

  @Test func aStepShowsWhatTheLossRead() throws {
    let lines = """
      param w = [0.3, -1.27, 0.8]
      loss L = sum((w - 1)^2)
      optimizer sgd(lr=0.1)

      """
    for words in ["bits=4", "bits=3 affine", "bits=4 per channel"] {
      let (interpreter, errors) = session(after: lines + "quantize w \(words) train\nstep")
      #expect(errors.isEmpty)
      let record = try #require(try interpreter.session.record())
      let parameter = record.parameters[0]
      let quantizer = try #require(interpreter.session.snapshot.modes.quantizers["w"])
      let expected = quantizer.quantized(parameter.before).values
      #expect(parameter.value(of: Name(canonical: "w_hat"))?.elements == expected.elements)
      // The gradient is that of the loss at the rounded numbers.
      let gradient = try #require(parameter.lines.first?.value.elements)
      #expect(gradient == expected.elements.map { 2 * ($0 - 1) })
    }
    // A definition of one's own called scale stays what it is.
    let own = session(after: lines + "scale = 0.5\noptimizer sgd(lr=scale)\nquantize w train\nstep")
    #expect(own.errors.isEmpty)
    let record = try #require(try own.interpreter.session.record())
    #expect(record.parameters[0].value(of: Name(canonical: "lr"))?.scalar == 0.5)
    own.interpreter.run(Source("scale"))
    #expect(own.interpreter.session.answer?.scalar == 0.5)
  }

  @Test func searchesAndComparisonsHaveTheirLength() throws {
    let lines = """
      param w = [1, -2]
      loss L = sum(w^2)
      optimizer sgd(lr=0.1)
      """
    for command in ["search lr in [0.1, 0.2] for 10 steps", "compare sgd(lr=0.1) for 10 steps"] {
      #expect(
        replies(lines, "stop when L < 100", command) == replies(lines, command), "\(command)")
    }
  }

  @Test func undoSaysWhatItUndid() {
    #expect(replies("param w = 1", "clear", "undo") == ["undid: clear"])
    #expect(replies("param w = 1", "clear", "undo", "redo") == ["redid: clear"])
    #expect(replies("param w = 1", "clear", "undo", "undo") == ["undid: param w = 1"])
  }
}
