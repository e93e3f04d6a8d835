// From the typed chain of stages to a model: layers found by name, arguments evaluated, paths given.
//
// Everything that can be wrong with a model by itself is said here, at its place in the text. What
// depends on the input is said when the model is applied.

import Diagnostics
import Notation
import Optimizers
import Tensors

struct ModelBuilder {
  let name: Name
  let problem: Problem
  let lowering: Lowering
  let scope: ProblemScope

  /// How many stages a model may have, and how many elements its parameters together.
  static let mostStages = 512
  static let mostElements = 1 << 25

  func build(_ typed: [Notation.ModelStage]) throws(Diagnostic) -> Model {
    let stages = try stages(typed, under: name.canonical)
    let model = Model(name: name, stages: stages)
    var total = 0
    for parameter in model.parameters {
      total = total.addingReportingOverflow(parameter.shape.count).partialValue
      guard parameter.shape.count <= ModelBuilder.mostElements, total >= 0,
        total <= ModelBuilder.mostElements
      else {
        throw Diagnostic(
          "model.size", "the parameters of this model are too many", at: typed.first?.span,
          help: "at most \(ModelBuilder.mostElements) in all")
      }
    }
    return model
  }

  private func stages(_ typed: [Notation.ModelStage], under path: String, from first: Int = 0)
    throws(Diagnostic) -> [Stage]
  {
    guard typed.count <= ModelBuilder.mostStages else {
      throw Diagnostic(
        "model.stages", "a model has at most \(ModelBuilder.mostStages) stages",
        at: typed[ModelBuilder.mostStages].span)
    }
    var result: [Stage] = []
    for (i, stage) in typed.enumerated() {
      result.append(try self.stage(stage, path: "\(path).\(first + i)"))
    }
    if let misfit = Passage.along(result.map(\.passage)).misfit {
      let (giver, taker) = (result[misfit.giver], result[misfit.taker])
      var diagnostic = Diagnostic(
        "model.shape",
        "\(taker.path), \(taker.text), takes \(misfit.taken.text); \(giver.path), \(giver.text), gives"
          + " \(misfit.given.size)", at: typed[misfit.taker].span)
      diagnostic.marks = [.init(typed[misfit.giver].span, misfit.given.text)]
      throw diagnostic
    }
    return result
  }

  /// What a skip does to sizes; what is added has to have the same.
  private func passage(
    ofSkip stages: [Stage], shortcut: [Stage], path: String, at span: Span
  ) throws(Diagnostic) -> Passage {
    let main = Passage.along(stages.map(\.passage)).passage
    let beside = Passage.along(shortcut.map(\.passage)).passage
    var takes: Side?
    var added: Side?
    if case .changes(let taken, let gives) = beside { (takes, added) = (taken, gives) }
    guard case .changes(let taken, let gives) = main else {
      return shortcut.isEmpty ? main : beside
    }
    if shortcut.isEmpty { added = taken }
    if let added, let gives, added.axis == gives.axis, added.size != gives.size {
      throw Diagnostic(
        "model.skip",
        "\(path) adds \(added.text) and \(gives.size): a skip needs equal shapes on both ways",
        at: span, help: "skip(…, shortcut=linear(…)) brings the input to the other shape")
    }
    return .changes(takes: taken ?? takes, gives: gives)
  }

  private func stage(_ typed: Notation.ModelStage, path: String) throws(Diagnostic) -> Stage {
    switch typed {
    case .layer(let expression): return try stage(expression, path: path)
    case .skip(let inner, let shortcut, let span):
      let stages = try stages(inner, under: path)
      let beside = try self.stages(shortcut, under: path, from: stages.count)
      let text = stages.map(\.text).joined(separator: " |> ")
      let other =
        beside.isEmpty ? "" : ", shortcut=" + beside.map(\.text).joined(separator: " |> ")
      return Stage(
        path: path, text: "skip(\(text)\(other))", content: .skip(stages, shortcut: beside),
        passage: try passage(ofSkip: stages, shortcut: beside, path: path, at: span))
    }
  }

  private func stage(_ expression: Expression, path: String) throws(Diagnostic) -> Stage {
    var name: Name
    var place = expression.span
    var arguments: [Expression.Argument] = []
    var isCall = false
    switch expression.kind {
    case .name(let word): name = word
    case .call(let callee, let given) where callee.path.count == 1:
      name = callee.path[0]
      place = callee.span
      arguments = given
      isCall = true
    default:
      throw Diagnostic(
        "model.stage", "a layer, a function or a model is named here", at: expression.span,
        help: "for example linear(10, 20) |> relu |> linear(20, 1)")
    }
    let word = name.canonical
    if let other = problem.model(name), !isCall {
      try checkNotCircular(other, at: place)
      return Stage(path: path, text: word, content: .model(name), passage: other.passage)
    }
    let isOwn: Bool
    if case .function = problem.definitions[name] { isOwn = true } else { isOwn = false }
    if !isOwn, let kind = LayerKind.named(word) {
      let layer = try layer(kind, arguments, path: path, at: place)
      return Stage(path: path, text: layer.title, content: .layer(layer), passage: layer.passage)
    }
    guard isOwn || Function.named(word) != nil else {
      throw unknown(name, at: place)
    }
    if !isOwn, let function = Function.named(word), function.parameters.first?.kind != .tensor {
      throw Diagnostic(
        "model.function", "\(word) is no function of one tensor", at: place,
        help: "a stage is a layer or a function of x such as relu, tanh, softmax")
    }
    let keepsShape = !isOwn && Function.activationNames.contains(word)
    return Stage(
      path: path, text: expression.text(.pretty), content: .function(expression),
      passage: keepsShape ? .keepsShape : .unknown)
  }

  private func unknown(_ name: Name, at span: Span) -> Diagnostic {
    let word = name.canonical
    if let near = ModelBuilder.torchNames[word.lowercased()] {
      return Diagnostic(
        "model.unknown", "there is no layer \(word)", at: span, help: "here it is \(near)")
    }
    let known =
      LayerKind.catalogue.map(\.name) + Function.activationNames
      + problem.models.map(\.name.canonical)
    return Diagnostic(
      "model.unknown", "there is no layer \(word)", at: span,
      help: didYouMean(word, in: known) ?? "help layers lists them")
  }

  /// Other people's words for our layers.
  private static let torchNames = [
    "dense": "linear(inputs, outputs)", "fc": "linear(inputs, outputs)",
    "affine": "linear(inputs, outputs)", "conv": "conv2d(channels, kernels, size)",
    "convolution": "conv2d(channels, kernels, size)", "batchnorm1d": "batchnorm(features)",
    "batchnorm2d": "batchnorm(channels)", "maxpool2d": "maxpool(size)",
    "avgpool2d": "avgpool(size)", "multiheadattention": "attention(features, heads=…)",
    "residual": "skip(…)", "sequential": "a |> b |> c",
  ]

  private func checkNotCircular(_ other: Model, at span: Span) throws(Diagnostic) {
    var seen = Set<Name>()
    var pending = [other.name]
    while let next = pending.popLast() {
      if next == name {
        throw Diagnostic(
          "model.circular", "\(name.pretty) cannot be a part of itself", at: span,
          help: "give the new model another name")
      }
      if seen.insert(next).inserted, let model = problem.model(next) { pending += model.parts }
    }
  }

  // MARK: Layers

  private func layer(
    _ kind: LayerKind, _ arguments: [Expression.Argument], path: String, at span: Span
  ) throws(Diagnostic) -> Layer {
    let choices = ["init", "bias_init"]
    var chosen: [String: (Initialiser, Span)] = [:]
    var rest: [Expression.Argument] = []
    for argument in arguments {
      if kind.takesInitialisers, let label = argument.label?.canonical, choices.contains(label) {
        chosen[label] = (try initialiser(argument.value), argument.value.span)
      } else {
        rest.append(argument)
      }
    }
    let bound: FunctionArguments
    do {
      bound = try lowering.bind(kind.function, rest, at: span, in: scope).bound
    } catch {
      guard error.help == "usage: \(kind.function.signature)" else { throw error }
      var error = error
      error.help = "usage: \(kind.signature)"
      throw error
    }
    var parts: LayerParts
    do {
      parts = try kind.make(FunctionCall(kind.function, bound))
    } catch {
      var diagnostic = TensorProse(error).diagnostic
      diagnostic.span = span
      if diagnostic.help == nil { diagnostic.help = "usage: \(kind.signature)" }
      throw diagnostic
    }
    for i in parts.parameters.indices {
      let key = parts.parameters[i].isBias ? "bias_init" : "init"
      parts.parameters[i].path = "\(path).\(parts.parameters[i].path)"
      guard let (initialiser, place) = chosen[key] else { continue }
      guard initialiser.law(for: parts.parameters[i].shape) != nil else {
        throw Diagnostic(
          "init.shape", "\(initialiser.name) needs a weight with two axes", at: place,
          help: "for a bias: zeros, constant(…), uniform(…), normal(…)")
      }
      guard initialiser.isAffordable(for: parts.parameters[i].shape) else {
        throw Diagnostic(
          "init.size",
          "\(initialiser.name) takes too long for a weight of shape \(parts.parameters[i].shape)",
          at: place, help: "xavier and he take no time")
      }
      parts.parameters[i].initialiser = initialiser
    }
    for i in parts.buffers.indices { parts.buffers[i].path = "\(path).\(parts.buffers[i].path)" }
    return Layer(
      kind: kind, path: path, title: parts.title, parameters: parts.parameters,
      buffers: parts.buffers, inputShape: parts.inputShape, passage: parts.passage,
      forward: parts.forward, choosesInitialiser: !chosen.isEmpty)
  }

  /// `he`, `normal(0, 0.1)`
  private func initialiser(_ expression: Expression) throws(Diagnostic) -> Initialiser {
    var name = ""
    var place = expression.span
    var arguments: [Expression.Argument] = []
    switch expression.kind {
    case .name(let word): name = word.canonical
    case .call(let callee, let given) where callee.path.count == 1:
      name = callee.path[0].canonical
      place = callee.span
      arguments = given
    default: break
    }
    guard let kind = InitialiserKind.named(name) else {
      let known = InitialiserKind.catalogue.map(\.name)
      throw Diagnostic(
        "init.unknown",
        name.isEmpty ? "an initialiser is named here" : "there is no initialiser \(name)",
        at: place,
        help: didYouMean(name, in: known) ?? "there are: \(known.joined(separator: ", "))")
    }
    let bound = try lowering.bind(kind.function, arguments, at: place, in: scope).bound
    do {
      return try kind.initialiser(FunctionCall(kind.function, bound))
    } catch {
      var diagnostic = TensorProse(error).diagnostic
      diagnostic.span = place
      throw diagnostic
    }
  }
}

extension Function {
  /// The functions a model most likely has between its layers.
  package static let activationNames = [
    "relu", "sigmoid", "tanh", "leaky_relu", "elu", "gelu", "silu", "softplus", "softmax",
    "log_softmax",
  ]
}
