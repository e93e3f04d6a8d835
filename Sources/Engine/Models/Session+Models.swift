// Declaring a model: its parameters get their first values, under its name.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension Session {
  /// Declares a model and its parameters. One of the same name before it goes, with its parameters.
  package mutating func declare(_ name: Name, _ stages: [Notation.ModelStage])
    throws(Diagnostic) -> Model
  {
    let builder = ModelBuilder(
      name: name, problem: problem, lowering: Lowering(), scope: promptScope())
    let model = try builder.build(stages)
    var fresh: [Parameter] = []
    for parameter in model.parameters {
      let key = [problem.seed, stableHash(parameter.path)]
      guard let values = parameter.initialiser.values(for: parameter.shape, key: key) else {
        throw Diagnostic("model.size", "\(parameter.path) is too large")
      }
      let rounded =
        problem.precision == .float32
        ? Tensor(values.elements.map { Double(Float($0)) }, shape: values.shape) : values
      fresh.append(Parameter(name: parameter.name, initial: rounded))
    }
    replace(model, parameters: fresh)
    return model
  }

  private mutating func replace(_ model: Model, parameters: [Parameter]) {
    let old = problem.model(model.name)
    let oldPaths =
      old.map { old in old.parameters.map(\.path) + old.buffers.map(\.path) } ?? []
    let restarts = oldPaths.contains { timeline.base[$0] != nil } && !timeline.isEmpty
    let place =
      problem.parameters.firstIndex { oldPaths.contains($0.path) } ?? problem.parameters.count
    problem.parameters.removeAll { oldPaths.contains($0.path) }
    problem.parameters.insert(
      contentsOf: parameters, at: min(place, problem.parameters.count))
    if let index = problem.models.firstIndex(where: { $0.name == model.name }) {
      problem.models[index] = model
    } else {
      problem.models.append(model)
    }
    steppers = [:]
    var values: [String: Tensor] = [:]
    for parameter in parameters { values[parameter.path] = parameter.initial }
    for buffer in model.buffers { values[buffer.path] = buffer.initial }
    for path in oldPaths {
      snapshot.frozen.remove(path)
      snapshot.forgetState(of: path)
      snapshot.forgetModes(of: path)
      snapshot[path] = nil
    }
    for path in values.keys {
      snapshot.forgetState(of: path)
      snapshot.forgetModes(of: path)
    }
    for (path, value) in values { snapshot[path] = value }
    if timeline.isEmpty || restarts {
      timeline = Timeline(base: snapshot)
    } else {
      for (path, value) in values { timeline.base[path] = value }
    }
  }

  /// The parameters that a path at the prompt means: one, or all of a layer or a model.
  package func parameters(at path: [Identifier]) throws(Diagnostic) -> [Parameter] {
    let words = path.map(\.name.canonical)
    switch problem.part(at: words) {
    case .parameter(let parameter): return [parameter]
    case .model(let model): return try some(problem.parameters(of: model), at: path)
    case .stage(let stage): return try some(problem.parameters(of: stage), at: path)
    case .buffer(let buffer):
      throw Diagnostic(
        "parameter.buffer", "\(buffer.path) is no parameter: only steps change it",
        at: path.last?.span)
    case nil: return [try parameter(at: path)]
    }
  }

  private func some(_ parameters: [Parameter], at path: [Identifier]) throws(Diagnostic)
    -> [Parameter]
  {
    guard parameters.isEmpty else { return parameters }
    throw Diagnostic(
      "parameter.none", "\(path.map(\.name.pretty).joined(separator: ".")) has no parameters",
      at: path.last?.span)
  }
}
