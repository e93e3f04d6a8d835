// Every layer gives PyTorch's numbers: outputs, gradients, running statistics, on recorded cases.

import Diagnostics
import Foundation
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

/// A recorded case; `Data/models/make/record.py` says how it was made.
struct RecordedLayer: Decodable, Sendable, CustomTestStringConvertible {
  struct Values: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]
    var tensor: Tensor { Tensor(values, shape: Shape(shape)) }
  }

  let name: String
  let model: String
  let train: Bool
  let start: [String: Values]
  let x: Values
  let c: Values
  let y: Values
  let gradients: [String: Values]
  let after: [String: Values]
  var testDescription: String { name }

  static let all: [RecordedLayer] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Data/models/layers.jsonl")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(RecordedLayer.self, from: Data($0.utf8))
    }
  }()

  /// A session with this model, its parameters and buffers as recorded, X and C.
  func interpreter() throws -> Interpreter {
    let interpreter = session("model f = \(model)")
    for (path, values) in start {
      // Whole numbers of batches are recorded by some versions as [].
      #expect(interpreter.session.snapshot[path]?.shape.dimensions == values.shape, "\(path)")
      interpreter.session.snapshot[path] = values.tensor
    }
    for (name, values) in [("X", x), ("C", c)] {
      try interpreter.session.changeProblem { problem throws(Diagnostic) in
        problem.definitions[Name(canonical: name)] = .value(values.tensor)
      }
    }
    if gradients["X"] != nil {
      try interpreter.session.changeProblem { problem throws(Diagnostic) in
        problem.definitions[Name(canonical: "X")] = nil
      }
      interpreter.session.declare(Parameter(name: Name(canonical: "X"), initial: x.tensor))
    }
    return interpreter
  }
}

extension Interpreter {
  func value(_ text: String) throws -> Tensor {
    var parser = try Parser(Source(text))
    return try session.evaluate(try parser.parseExpression())
  }
}

/// The largest difference, relative to the largest element.
func apart(_ a: Tensor, _ b: Tensor) -> Double {
  guard a.shape == b.shape else { return .infinity }
  let scale = max(1, b.elements.reduce(0) { max($0, abs($1)) })
  return zip(a.elements, b.elements).reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
}

@Suite struct ModelTorchTests {
  static let tolerance = 1e-12

  @Test func thereAreCasesForEveryLayer() {
    #expect(RecordedLayer.all.count == 60)
    for kind in LayerKind.catalogue {
      #expect(RecordedLayer.all.contains { $0.model.contains(kind.name) }, "\(kind.name)")
    }
  }

  @Test(arguments: RecordedLayer.all)
  func outputsAndGradientsAreTorchs(_ recorded: RecordedLayer) throws {
    let interpreter = try recorded.interpreter()
    let call = recorded.train ? "f(X, train=true)" : "f(X)"
    let output = try interpreter.value(call)
    #expect(apart(output, recorded.y.tensor) <= Self.tolerance)
    for (path, gradient) in recorded.gradients.sorted(by: { $0.key < $1.key }) {
      let ours = try interpreter.value("grad(sum(\(call)*C), \(path))")
      let distance = apart(ours, gradient.tensor)
      #expect(distance <= Self.tolerance, "∂L/∂\(path) is \(distance) away")
    }
  }

  @Test(arguments: RecordedLayer.all.filter { !$0.after.isEmpty && !$0.train })
  func runningStatisticsStandStillInEvalMode(_ recorded: RecordedLayer) throws {
    let interpreter = try recorded.interpreter()
    interpreter.run(Source("f(X)\nparam dummy = 1; loss L = dummy + sum(f(X)*C)\nL"))
    for (path, expected) in recorded.after.sorted(by: { $0.key < $1.key }) {
      let now = try interpreter.value(path)
      #expect(apart(now, expected.tensor) <= Self.tolerance, "\(path)")
    }
  }

  @Test(arguments: RecordedLayer.all.filter { !$0.after.isEmpty && $0.train })
  func runningStatisticsAreTorchs(_ recorded: RecordedLayer) throws {
    let interpreter = try recorded.interpreter()
    interpreter.run(
      Source("param dummy = 1; loss L = dummy + sum(f(X)*C); optimizer sgd(lr=0) for dummy"))
    let before = interpreter.session.snapshot
    interpreter.run(Source("step"))
    for (path, expected) in recorded.after.sorted(by: { $0.key < $1.key }) {
      let now = try #require(interpreter.session.snapshot[path])
      #expect(apart(now, expected.tensor) <= Self.tolerance, "\(path)")
      #expect(now != before[path])
    }
    interpreter.run(Source("back"))
    for path in recorded.after.keys {
      #expect(interpreter.session.snapshot[path] == before[path], "\(path) after back")
    }
  }
}
