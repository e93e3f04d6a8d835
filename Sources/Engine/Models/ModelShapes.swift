// The shape that comes out of each stage of a model, found without computing anything.
//
// The input's shape is that of a place where the model is applied, else what the first layer's sizes
// say. Each is tried with two sizes of batch and of time: what differs between the two is not a size
// of the model, and is shown by its letter.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct ModelShapes {
  /// Sizes as they are shown: numbers, `n` and `time`.
  package typealias Sizes = [String]

  /// What goes into the model.
  package let input: Sizes
  /// What comes out of stages, by path.
  package let outputs: [String: Sizes]

  /// Two sizes of a batch, and of the time of a sequence; no product of them is another's.
  private static let probes = [(n: 5, time: 7), (n: 11, time: 13)]

  /// A size of an input: fixed, or one that changes from use to use.
  fileprivate enum Size: Equatable {
    case fixed(Int)
    case batch
    case time

    func value(_ probe: (n: Int, time: Int)) -> Int {
      switch self {
      case .fixed(let size): size
      case .batch: probe.n
      case .time: probe.time
      }
    }
  }
}

extension Session {
  /// The shapes in a model; nil while nothing says what its input is.
  package func shapes(of model: Model) -> ModelShapes? {
    for candidate in applied(model) + ModelShapes.guesses(for: model, in: problem) {
      if let shapes = ModelShapes(model, candidate, in: problem) { return shapes }
    }
    return nil
  }

  /// The inputs a model has in losses and definitions.
  private func applied(_ model: Model) -> [[ModelShapes.Size]] {
    let formulas =
      problem.objectives.map(\.expression)
      + problem.definitions.sorted { $0.key < $1.key }.compactMap { entry in
        if case .formula(let formula) = entry.value { formula } else { nil }
      }
    var found: [[ModelShapes.Size]] = []
    for formula in formulas where expression(formula, uses: model.name) {
      let lowering = Lowering()
      let scope = promptScope()
      guard (try? lowering.meaning(of: formula, in: scope)) != nil else { continue }
      for application in scope.applications where application.path == model.name.canonical {
        let sizes = lowering.graph[application.input].shape.dimensions
        let rest = sizes.dropFirst().map { ModelShapes.Size.fixed($0) }
        let first = sizes.first.map { sizes.count > 1 ? ModelShapes.Size.batch : .fixed($0) }
        found.append((first.map { [$0] } ?? []) + rest)
      }
    }
    return found
  }
}

extension ModelShapes {
  /// What the first layer's sizes leave open is a batch of samples, or of sequences.
  fileprivate static func guesses(for model: Model, in problem: Problem) -> [[Size]] {
    var seen = Set<Name>()
    guard let sizes = inputSizes(of: model.stages, in: problem, &seen) else { return [] }
    let known = sizes.map { Size.fixed($0) }
    return [[.batch] + known, [.batch, .time] + known]
  }

  /// What the first layer of a known size takes. A model that was seen before said nothing.
  private static func inputSizes(
    of stages: [Stage], in problem: Problem, _ seen: inout Set<Name>
  ) -> [Int]? {
    for stage in stages {
      switch stage.content {
      case .function: continue
      case .layer(let layer):
        if layer.kind.name == "dropout" { continue }
        return layer.inputShape
      case .model(let name):
        guard seen.insert(name).inserted, let model = problem.model(name) else { return nil }
        return inputSizes(of: model.stages, in: problem, &seen)
      case .skip(let inner, let shortcut):
        if let sizes = inputSizes(of: inner + shortcut, in: problem, &seen) {
          return sizes
        }
      }
    }
    return nil
  }

  fileprivate init?(_ model: Model, _ sizes: [Size], in problem: Problem) {
    var runs: [[String: [Int]]] = []
    for probe in ModelShapes.probes {
      let lowering = Lowering()
      let scope = ProblemScope(problem, leaves: InputLeaves())
      let x = lowering.graph.input(
        "an input of \(model.name.canonical)", shape: Shape(sizes.map { $0.value(probe) }))
      guard
        (try? scope.apply(
          .model(model), path: model.name.canonical, to: x, pass: .eval, at: noSpan, in: lowering))
          != nil
      else { return nil }
      var shapes: [String: [Int]] = [:]
      for entry in scope.applications.flatMap(\.entries) where shapes[entry.stage.path] == nil {
        shapes[entry.stage.path] = lowering.graph[entry.output].shape.dimensions
      }
      shapes[""] = lowering.graph[x].shape.dimensions
      runs.append(shapes)
    }
    var outputs: [String: Sizes] = [:]
    for (path, first) in runs[0] {
      guard let second = runs[1][path], second.count == first.count else { return nil }
      outputs[path] = zip(first, second).map(ModelShapes.letter)
    }
    input = outputs[""] ?? []
    outputs[""] = nil
    self.outputs = outputs
  }

  private static func letter(_ a: Int, _ b: Int) -> String {
    if a == b { return "\(a)" }
    let (first, second) = (probes[0], probes[1])
    if a == first.n, b == second.n { return "n" }
    if a == first.time, b == second.time { return "time" }
    if a % first.n == 0, b % second.n == 0, a / first.n == b / second.n { return "\(a / first.n)n" }
    return "?"
  }
}
