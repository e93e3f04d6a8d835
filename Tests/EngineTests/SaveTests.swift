// A session's lines, saved and run again, give the same numbers: with batches, dropout, pruned and
// quantized weights, early stopping, runs that were broken off and runs that went to infinity.

import Diagnostics
import Foundation
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct SaveTests {
  private final class Counter {
    var count = 0
    var isOn = false
  }

  /// Runs lines; before the line that is marked with !, Ctrl-C is pressed some way into it.
  private func run(_ lines: [String]) -> Interpreter {
    let counter = Counter()
    let interpreter = Interpreter(
      surface: Surface(
        show: { _ in },
        interrupted: {
          guard counter.isOn else { return false }
          counter.count += 1
          return counter.count > 3
        }))
    for line in lines {
      (counter.isOn, counter.count) = (line.hasPrefix("!"), 0)
      interpreter.run(Source(line.hasPrefix("!") ? String(line.dropFirst()) : line))
    }
    counter.isOn = false
    return interpreter
  }

  private static let network = [
    "X = randn(60, 3, seed=1); y = X @ [1, -2, 3] + 0.1*randn(60, seed=2)",
    "Xv = randn(20, 3, seed=3); yv = Xv @ [1, -2, 3]",
    "model f = linear(3, 6) |> batchnorm(6) |> relu |> dropout(0.2) |> linear(6, 1)",
    "loss L = mse(f(X), y)", "v = mse(f(Xv), yv)",
  ]

  @Test(arguments: [
    ["optimizer adam(lr=0.01)", "batch 16 of X, y seed=4", "step 10", "prune f 0.5", "step 7"],
    [
      "optimizer sgd(lr=0.05)", "batch 16 of X, y", "schedule lr = plateau(0.05, v, patience=1)",
      "step 5 epochs", "back 3", "step 30",
    ],
    [
      "optimizer adam(lr=0.01)", "batch 32 of X, y last=drop", "step 9",
      "quantize f bits=4 train=true", "step 11", "clip_weights f 0.5 every step", "step 3",
    ],
    [
      "optimizer adam(lr=0.05)", "batch 16 of X, y", "stop when v rises for 2 epochs",
      "step 200 epochs", "prune f.0 0.3", "stop off", "step 5",
    ],
    ["optimizer adam(lr=0.01)", "batch 8 of X, y", "!step 1000000", "step 3"],
    ["optimizer momentum(lr=1e6)", "batch 16 of X, y", "step 1000", "optimizer adam", "step 5"],
    ["optimizer adam", "batch 16 of X, y", "step until v < 1", "accumulate 2", "step 4", "back 2"],
  ])
  func savedSessionsComeToTheSameNumbers(_ lines: [String]) throws {
    let live = run(Self.network + lines)
    #expect(live.session.step > 0)
    let folder = FileManager.default.temporaryDirectory
    let file = folder.appendingPathComponent("save-\(UUID().uuidString).descent").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    live.run(Source("save \"\(file)\""))
    let again = session("open \"\(file)\"")
    #expect(again.session.step == live.session.step)
    #expect(again.session.snapshot.values == live.session.snapshot.values)
    #expect(again.session.snapshot.masks == live.session.snapshot.masks)
    // And they go on alike.
    for interpreter in [live, again] { interpreter.run(Source("step 3")) }
    #expect(again.session.snapshot.values == live.session.snapshot.values)
    // What is saved once is saved the same way again.
    #expect(again.session.lines.count <= live.session.lines.count)
  }

  /// A notebook of the same name is not written over; an earlier script is.
  @Test func leavesOtherFilesAlone() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("save-\(UInt32.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let note = folder.appendingPathComponent("adam.md")
    let script = folder.appendingPathComponent("adam.descent")
    for file in [note, script] { try Data("mine\n".utf8).write(to: file) }
    _ = run(["w = [1, 2]", "save \"\(note.path)\"", "save \"\(script.path)\""])
    #expect(try String(contentsOf: note, encoding: .utf8) == "mine\n")
    #expect(try String(contentsOf: script, encoding: .utf8).contains("w = [1, 2]"))
  }
}
