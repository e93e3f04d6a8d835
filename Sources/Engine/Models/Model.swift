// A model: layers one after the other, with the parameters and buffers they bring.
//
// A value that knows its parts and their paths. The parameters themselves are ordinary parameters of
// the problem, under their paths (`f.0.weight`); nothing here holds their present values.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct Model: Sendable {
  package let name: Name
  package let stages: [Stage]
  /// Parameters and buffers in the order of the stages; those of models used as a layer are theirs.
  package let parameters: [LayerParameter]
  package let buffers: [LayerBuffer]
  /// What it does to the sizes of what goes through it.
  let passage: Passage

  package init(name: Name, stages: [Stage]) {
    self.name = name
    self.stages = stages
    passage = Passage.along(stages.map(\.passage)).passage
    let layers = stages.flatMap(\.layers)
    parameters = layers.flatMap { layer in layer.parameters }
    buffers = layers.flatMap { layer in layer.buffers }
  }

  /// `linear(10→20) |> relu |> linear(20→1)`
  package var text: String { stages.map(\.text).joined(separator: " |> ") }

  /// The models used as layers in it, at any depth of `skip`.
  package var parts: [Name] { stages.flatMap(\.models) }
}

/// One stage of a model. Stages are counted from 0 as in torch.nn.Sequential, those without
/// parameters included.
package struct Stage: Sendable {
  package indirect enum Content: Sendable {
    case layer(Layer)
    /// A function of the catalogue or the session: its name, or a call that lacks its first argument.
    case function(Expression)
    case model(Name)
    case skip([Stage], shortcut: [Stage])
  }

  /// `f.0`, inside a skip `f.1.0`.
  package let path: String
  /// As it is shown: `linear(10→20)`.
  package let text: String
  package let content: Content
  /// What it does to the sizes of what goes through it.
  let passage: Passage

  /// All layers at or below this stage, other models' left out.
  package var layers: [Layer] {
    switch content {
    case .layer(let layer): [layer]
    case .function, .model: []
    case .skip(let stages, let shortcut): (stages + shortcut).flatMap(\.layers)
    }
  }

  var models: [Name] {
    switch content {
    case .layer, .function: []
    case .model(let name): [name]
    case .skip(let stages, let shortcut): (stages + shortcut).flatMap(\.models)
    }
  }

  /// The stage at or below this one that has a path.
  func stage(at path: String) -> Stage? {
    if path == self.path { return self }
    guard path.hasPrefix(self.path + "."), case .skip(let stages, let shortcut) = content else {
      return nil
    }
    return (stages + shortcut).lazy.compactMap { $0.stage(at: path) }.first
  }
}

// MARK: - Paths

/// What a dotted name in a model stands for.
package enum ModelPart {
  case model(Model)
  case stage(Stage)
  case parameter(Parameter)
  case buffer(LayerBuffer)
}

extension Problem {
  package func model(_ name: Name) -> Model? { models.first { $0.name == name } }

  /// What a path such as `f`, `f.0` or `f.0.weight` stands for. A model of one stage also answers
  /// `f.weight`; a model used as a layer answers under its place as well.
  package func part(at path: [String]) -> ModelPart? {
    guard let first = path.first, let model = model(Name(canonical: first)) else { return nil }
    if path.count == 1 { return .model(model) }
    let text = path.joined(separator: ".")
    if let parameter = parameter(Name(canonical: text)) { return .parameter(parameter) }
    if let buffer = model.buffers.first(where: { $0.path == text }) { return .buffer(buffer) }
    for count in stride(from: path.count, through: 2, by: -1) {
      let prefix = path[..<count].joined(separator: ".")
      guard let stage = model.stages.lazy.compactMap({ $0.stage(at: prefix) }).first else {
        continue
      }
      if case .model(let other) = stage.content, other != model.name {
        return part(at: [other.canonical] + path[count...])
      }
      if count == path.count { return .stage(stage) }
    }
    if model.stages.count == 1, path[1] != "0" {
      return part(at: [first, "0"] + path.dropFirst())
    }
    return nil
  }

  /// The parameter that an expression names: `w`, `f.0.weight`.
  package func parameter(meant expression: Expression) -> Parameter? {
    guard let path = expression.path else { return nil }
    if path.count == 1 { return parameter(path[0]) }
    if case .parameter(let parameter) = part(at: path.map(\.canonical)) { return parameter }
    return nil
  }

  /// The parameters of a model, those of its parts included.
  package func parameters(of model: Model) -> [Parameter] {
    parameters(under: model.stages)
  }

  package func parameters(of stage: Stage) -> [Parameter] {
    parameters(under: [stage])
  }

  private func parameters(under stages: [Stage]) -> [Parameter] {
    let names = Set(layers(under: stages).flatMap(\.parameters).map(\.name))
    return parameters.filter { names.contains($0.name) }
  }

  /// The buffers of layers, those of models used as layers included.
  func buffers(of stages: [Stage]) -> [LayerBuffer] {
    layers(under: stages).flatMap(\.buffers)
  }

  /// The layers at or below stages, those of models used as layers after them. A model that stands
  /// in several places is visited once: nested, its places may be more than could be counted.
  private func layers(under stages: [Stage]) -> [Layer] {
    var layers = stages.flatMap(\.layers)
    var pending = Array(stages.flatMap(\.models).reversed())
    var seen = Set<Name>()
    while let next = pending.popLast() {
      guard seen.insert(next).inserted, let other = model(next) else { continue }
      layers += other.stages.flatMap(\.layers)
      pending += other.parts.reversed()
    }
    return layers
  }

  /// What is known of a parameter that belongs to a layer.
  package func layerParameter(_ name: Name) -> LayerParameter? {
    models.lazy.compactMap { $0.parameters.first { $0.name == name } }.first
  }

  /// Puts the numbers of a snapshot into a program over a graph of this problem.
  func write(_ snapshot: Snapshot, to program: Program, of graph: inout Graph) {
    for parameter in parameters {
      let input = graph.input(parameter.path, shape: parameter.initial.shape, type: .float64)
      program.write(snapshot[parameter.path] ?? parameter.initial, to: input)
    }
    for buffer in buffers {
      let input = graph.input(buffer.path, shape: buffer.initial.shape, type: .float64)
      program.write(snapshot[buffer.path] ?? buffer.initial, to: input)
    }
    for (path, mask) in snapshot.masks {
      let input = graph.input(
        Snapshot.maskPath(of: path), shape: mask.shape, type: .float64)
      program.write(mask, to: input)
    }
    let clock = graph.input(Snapshot.clockPath, shape: .scalar, type: .float64)
    program.write(snapshot[Snapshot.clockPath] ?? Tensor(0), to: clock)
  }

  /// All buffers of all models.
  package var buffers: [LayerBuffer] { models.flatMap(\.buffers) }

  /// The names that may follow a path: stages, a layer's parameters and buffers.
  package func fields(of path: [String]) -> [String] {
    let prefix = path.joined(separator: ".") + "."
    guard let target = part(at: path) else { return [] }
    var names: [String] = []
    func add(_ all: [String], after prefix: String) {
      for name in all where name.hasPrefix(prefix) {
        let field = String(name.dropFirst(prefix.count).prefix { $0 != "." })
        if !names.contains(field) { names.append(field) }
      }
    }
    switch target {
    case .model(let model):
      names = model.stages.indices.map { "\($0)" } + ["weights", "biases"]
      if model.stages.count == 1 {
        add(
          model.parameters.map(\.path) + model.buffers.map(\.path),
          after: model.name.canonical + ".0.")
      }
    case .stage(let stage):
      add(
        stage.layers.flatMap { $0.parameters.map(\.path) + $0.buffers.map(\.path) },
        after: stage.path + ".")
      if case .skip(let stages, let shortcut) = stage.content {
        add((stages + shortcut).map(\.path), after: stage.path + ".")
      }
    case .parameter, .buffer: add(parameters.map(\.path), after: prefix)
    }
    return names
  }
}
