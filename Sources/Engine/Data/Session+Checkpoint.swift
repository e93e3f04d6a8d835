// Parameters and other values written to files, and parameters read back.
//
// A file holds tensors under names. A model alone is written with the names of PyTorch's state_dict
// (`0.weight`), anything else under its path (`f.0.weight`, `w`); both are found again when read.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension Session {
  /// The tensors that expressions name, with the names they get in a file.
  ///
  /// - Throws: `export.…`, and whatever evaluating an expression throws.
  package func exported(_ expressions: [Expression]) throws(Diagnostic) -> [NamedTensor] {
    var result: [NamedTensor] = []
    for (place, expression) in expressions.enumerated() {
      result += try exported(expression, isAlone: expressions.count == 1, place: place)
    }
    var seen = Set<String>()
    for tensor in result where !seen.insert(tensor.name).inserted {
      throw Diagnostic(
        "export.twice", "\(tensor.name) would be in the file twice",
        at: expressions.last?.span)
    }
    guard !result.isEmpty else {
      throw Diagnostic(
        "export.nothing", "there is nothing to write yet", at: expressions.first?.span,
        help: "param w = … or model f = … declares parameters")
    }
    return result
  }

  private func exported(_ expression: Expression, isAlone: Bool, place: Int) throws(Diagnostic)
    -> [NamedTensor]
  {
    guard let path = expression.path else {
      return [NamedTensor("arr_\(place)", try evaluate(expression))]
    }
    let text = path.map(\.canonical).joined(separator: ".")
    if text == "all" {
      return problem.parameters.map { NamedTensor($0.path, value(of: $0)) }
        + problem.buffers.map { NamedTensor($0.path, snapshot[$0.path] ?? $0.initial) }
    }
    switch problem.part(at: path.map(\.canonical)) {
    case .model(let model):
      return named(
        problem.parameters(of: model), problem.buffers(of: model.stages),
        without: isAlone ? model.name.canonical + "." : "")
    case .stage(let stage):
      return named(
        problem.parameters(of: stage), problem.buffers(of: [stage]),
        without: isAlone ? stage.path + "." : "")
    case .parameter(let parameter): return [NamedTensor(parameter.path, value(of: parameter))]
    case .buffer, nil: return [NamedTensor(text, try evaluate(expression))]
    }
  }

  private func named(_ parameters: [Parameter], _ buffers: [LayerBuffer], without prefix: String)
    -> [NamedTensor]
  {
    func short(_ path: String) -> String {
      guard !prefix.isEmpty, path.hasPrefix(prefix) else { return path }
      return StateDict.name(of: String(path.dropFirst(prefix.count)))
    }
    return parameters.map { NamedTensor(short($0.path), value(of: $0)) }
      + buffers.map { NamedTensor(short($0.path), snapshot[$0.path] ?? $0.initial) }
  }

  // MARK: Reading back

  /// Gives parameters and buffers the values of a file: an event that `back` reverts.
  ///
  /// Names are taken as they are; else as those of a model's parameters, as PyTorch's state_dict has
  /// them. A model's parameters have to be there all together.
  ///
  /// - Parameter target: the model, stage or parameter the values are for; nil for whatever their
  ///   names say.
  /// - Returns: what was set, by path, in order, as the parameters hold it.
  /// - Throws: `import.fit` with all that differs, `import.unknown`.
  package mutating func adopt(
    _ tensors: [NamedTensor], into target: [Identifier]?, file: String, at span: Span
  ) throws(Diagnostic) -> [HeldValue] {
    let known = destinations
    guard !known.isEmpty else {
      throw Diagnostic(
        "import.nothing", "there is no parameter yet that could take a value", at: span,
        help: "declare the model or parameters first; data d = npz(\"file.npz\") reads data")
    }
    var spellings: [(String) -> String] = []
    var onlyStage: Stage?
    if let target {
      let words = target.map(\.name.canonical)
      let text = words.joined(separator: ".")
      switch problem.part(at: words) {
      case .parameter(let parameter):
        let path = parameter.path
        spellings = tensors.count == 1 ? [{ _ in path }] : [{ $0 }]
      case .model(let model):
        let name = model.name.canonical
        spellings = [{ "\(name).\($0)" }, { $0 }, { "\(name).0.\($0)" }]
      case .stage(let stage):
        let name = stage.path
        onlyStage = stage
        spellings = [{ "\(name).\($0)" }, { $0 }]
      case .buffer, nil:
        if let parameter = target.count == 1 ? problem.parameter(target[0].name) : nil {
          let path = parameter.path
          spellings = tensors.count == 1 ? [{ _ in path }] : [{ $0 }]
          break
        }
        let names = problem.models.map(\.name.canonical) + problem.parameters.map(\.path)
        throw Diagnostic(
          "import.unknown", "there is no model or parameter \(text)", at: target.first?.span,
          help: didYouMean(text, in: names))
      }
    } else {
      spellings = [{ $0 }]
      for model in problem.models {
        let name = model.name.canonical
        spellings.append { "\(name).\($0)" }
        spellings.append { "\(name).0.\($0)" }
      }
    }
    // The reading under which most names are known; the first of equal ones.
    var readings: [[NamedTensor]] = []
    var most = -1
    for spelling in spellings {
      let renamed = tensors.map { NamedTensor(spelling(StateDict.path(of: $0.name)), $0.value) }
      let count = renamed.count { known[$0.name] != nil }
      if count > most { (readings, most) = ([], count) }
      if count == most { readings.append(renamed) }
    }
    var best = readings.first ?? []
    if target == nil, most > 0, readings.count > 1 {
      best = try onlyFitting(readings, known, file: file, at: span) ?? best
    }
    // PyTorch counts batches, which is of use only for averages not kept here.
    best.removeAll { known[$0.name] == nil && $0.name.hasSuffix("num_batches_tracked") }
    let differences = differences(best, known, stage: onlyStage)
    guard differences.isEmpty else {
      let shown = differences.prefix(12)
      let more = differences.count - shown.count
      throw Diagnostic(
        "import.fit",
        "\(file) does not fit: \(differences.count == 1 ? "this differs" : "these differ")",
        at: span,
        help: shown.joined(separator: "; ") + (more > 0 ? "; and \(more) more" : ""))
    }
    let order = problem.parameters.map(\.path) + problem.buffers.map(\.path)
    let values = order.compactMap { path in
      best.first { $0.name == path }.map { (path: path, value: $0.value) }
    }
    let before = snapshot
    let held = set(values)
    timeline.appendChange("import \(file)", before: before, after: snapshot)
    return held
  }

  /// Of readings that know as many names, the one under which all fits; nil where none does.
  ///
  /// - Throws: `import.which` where several models could be meant.
  private func onlyFitting(
    _ readings: [[NamedTensor]], _ known: [String: Shape], file: String, at span: Span
  ) throws(Diagnostic) -> [NamedTensor]? {
    let fitting = readings.filter { reading in
      let counted = reading.filter {
        known[$0.name] != nil || !$0.name.hasSuffix("num_batches_tracked")
      }
      return differences(counted, known, stage: nil).isEmpty
    }
    guard fitting.count > 1, let first = fitting[0].first else { return fitting.first }
    let models = problem.models.map(\.name.canonical).filter { name in
      fitting.contains { $0.contains { $0.name.hasPrefix(name + ".") } }
    }
    let rest = first.name.split(separator: ".").dropFirst().joined(separator: ".")
    throw Diagnostic(
      "import.which", "several models have \(rest), and the file fits each", at: span,
      help: "say which: "
        + models.map { "import \"\(file)\" into \($0)" }
        .joined(separator: ", or "))
  }

  /// The shapes of what can be set, by path.
  private var destinations: [String: Shape] {
    var result: [String: Shape] = [:]
    for parameter in problem.parameters { result[parameter.path] = parameter.initial.shape }
    for buffer in problem.buffers { result[buffer.path] = buffer.initial.shape }
    return result
  }

  private func differences(_ tensors: [NamedTensor], _ known: [String: Shape], stage: Stage?)
    -> [String]
  {
    var lines: [String] = []
    for tensor in tensors {
      if let shape = known[tensor.name] {
        if shape != tensor.value.shape {
          lines.append("\(tensor.name) is \(shape) here, \(tensor.value.shape) in the file")
        } else if !tensor.value.elements.allSatisfy(\.isFinite) {
          lines.append("\(tensor.name) holds a number in the file that is not finite")
        } else if problem.precision == .float32,
          !tensor.value.elements.allSatisfy({ Float($0).isFinite })
        {
          lines.append("\(tensor.name) holds a number in the file that float32 cannot")
        }
      } else {
        lines.append("\(tensor.name) is in the file only")
      }
    }
    let present = Set(tensors.map(\.name))
    for path in required(present, stage) where !present.contains(path) {
      lines.append("\(path) is not in the file")
    }
    return lines
  }

  /// What has to be there, given what is: all of the stage, or all of each model.
  private func required(_ present: Set<String>, _ stage: Stage?) -> [String] {
    if let stage {
      return problem.parameters(of: stage).map(\.path) + problem.buffers(of: [stage]).map(\.path)
    }
    var paths: [String] = []
    for model in problem.models
    where present.contains(where: { $0.hasPrefix(model.name.canonical + ".") }) {
      let own =
        problem.parameters(of: model).map(\.path) + problem.buffers(of: model.stages).map(\.path)
      paths += own.filter { !paths.contains($0) }
    }
    return paths
  }
}

/// Names in PyTorch's state_dict. Its recurrent layers number their parameters by layer and direction,
/// as weight_ih_l0; here each such layer is one of its own.
private enum StateDict {
  private static let numbered = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]

  static func name(of path: String) -> String {
    numbered.contains { path == $0 || path.hasSuffix("." + $0) } ? path + "_l0" : path
  }

  static func path(of name: String) -> String {
    let path = name.hasSuffix("_l0") ? String(name.dropLast(3)) : name
    return StateDict.name(of: path) == name ? path : name
  }
}
