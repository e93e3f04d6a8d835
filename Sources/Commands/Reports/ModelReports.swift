// What is said of a model: what was declared, its layers with their shapes, one layer.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

enum ModelReports {
  /// `f : linear(10→20) |> relu |> linear(20→1), 241 parameters`
  /// - Parameter affected: the losses and definitions that use a model of this name already.
  static func declared(
    _ model: Model, in problem: Problem, affected: [Name], restarts: Bool
  ) -> MessageReport {
    let layers = model.stages.flatMap(\.layers)
    let chosen = layers.filter(\.choosesInitialiser).flatMap(\.parameters)
    let count = problem.parameters(of: model).reduce(0) { $0 + $1.initial.shape.count }
    var fields: [String: JSONValue] = [
      "name": .string(model.name.canonical), "layers": .string(model.text),
      "parameters": .number(Double(count)),
    ]
    if restarts { fields["step"] = .number(0) }
    if !affected.isEmpty { fields["affects"] = .array(affected.map { .string($0.canonical) }) }
    return MessageReport(kind: "model", fields: fields) { format in
      var lines = [line(model, in: problem)]
      if model.stages.count == 1, let first = model.parameters.first {
        let short = shortPath(of: first, in: model)
        lines[0].append(" (\(short) means \(first.path))", .dim)
      }
      for parameter in chosen { lines.append(start(of: parameter, format)) }
      if !affected.isEmpty {
        let names = affected.map { $0.text(format) }.joined(separator: ", ")
        lines.append(StyledText("this changes \(names)", .dim))
      }
      if restarts {
        lines.append(
          StyledText(
            "the history starts again at step 0 (undo brings the old one back)", .dim))
      }
      return lines
    }
  }

  /// A model in one line; the parameters of one with a single layer by name.
  static func line(_ model: Model, in problem: Problem) -> StyledText {
    let count = problem.parameters(of: model).reduce(0) { $0 + $1.initial.shape.count }
    var line = StyledText(model.name.canonical, .name)
    line.append(" : \(model.text), \(count) parameter\(count == 1 ? "" : "s")")
    if model.stages.count == 1, !model.parameters.isEmpty {
      let parts = model.parameters.map { "\($0.path) \($0.shape)" }
      line.append(": " + parts.joined(separator: ", "))
    }
    return line
  }

  /// `f.weight`, by which a model of one stage knows `f.0.weight`.
  private static func shortPath(of parameter: LayerParameter, in model: Model) -> String {
    let name = model.name.canonical
    return "\(name).\(parameter.path.dropFirst(name.utf8.count + 3))"
  }

  /// `  init he: f.0.weight ~ N(0, 2/fan_in), std = √(2/10) = 0.447214`
  static func start(of parameter: LayerParameter, _ format: Format) -> StyledText {
    let formula = parameter.initialiser.formula(of: parameter.path, for: parameter.shape) {
      NumberFormat.text($0, digits: format.digits)
    }
    return StyledText("  init \(parameter.initialiser.name): \(formula)")
  }

  /// What `show f`, `show f.0` or `show f.0.weight` answers; nil when the path leads nowhere.
  static func part(at path: [String], in session: Session) -> (any Report)? {
    switch session.problem.part(at: path) {
    case .model(let model): return table(model, in: session)
    case .stage(let stage):
      switch stage.content {
      case .layer(let layer): return page(layer, in: session)
      case .model(let name): return session.problem.model(name).map { table($0, in: session) }
      case .skip, .function: return table([stage], name: stage.path, in: session)
      }
    case .parameter(let parameter):
      return MessageReport.parameter(
        parameter.name, session.value(of: parameter),
        states: session.snapshot.stateWords(of: parameter.path))
    case .buffer(let buffer):
      return MessageReport.definition(
        Name(canonical: buffer.path), session.snapshot[buffer.path] ?? buffer.initial)
    case nil: return nil
    }
  }

  // MARK: The table of layers

  private static func table(_ model: Model, in session: Session) -> TableReport {
    table(model.stages, name: model.name.canonical, in: session, of: model)
  }

  private static func table(
    _ stages: [Stage], name: String, in session: Session, of whole: Model? = nil
  ) -> TableReport {
    let problem = session.problem
    let root = Name(canonical: String(name.prefix { $0 != "." }))
    let shapes = (whole ?? problem.model(root)).flatMap { session.shapes(of: $0) }
    let rows = rows(stages, shapes, session, indent: 0)
    var seen = Set<Name>()
    var parameters: [Engine.Parameter] = []
    for stage in stages {
      for parameter in problem.parameters(of: stage) where seen.insert(parameter.name).inserted {
        parameters.append(parameter)
      }
    }
    let total = parameters.reduce(0) { $0 + $1.initial.shape.count }
    let frozen = parameters.filter { session.snapshot.frozen.contains($0.path) }
      .reduce(0) { $0 + $1.initial.shape.count }
    let width = problem.precision == .float32 ? 4 : 8
    var footer = "\(total) parameters: \(total - frozen) trainable, \(frozen) frozen"
    footer += " · \(ByteSize.text(total * width)) as \(width == 4 ? "float32" : "float64")"
    let pruned = parameters.reduce(0) { sum, parameter in
      sum + (session.snapshot.masks[parameter.path]?.elements.count { $0 == 0 } ?? 0)
    }
    if pruned > 0 { footer += " · \(pruned) pruned" }
    if parameters.contains(where: { session.snapshot.modes.quantizers[$0.path] != nil }) {
      footer += " · read rounded"
    }
    if let shapes {
      footer += " · input [\(shapes.input.joined(separator: ", "))]"
    } else {
      footer += " · shapes are known once it is applied, as in y = \(root.canonical)(X)"
    }
    return TableReport(
      title: "\(name) : \(stages.map(\.text).joined(separator: " |> "))",
      columns: [
        .init("stage", .left), .init("layer", .left), .init("output", .left),
        .init("parameters", .right), .init("of", .left),
      ],
      rows: rows, footer: footer, kind: "layers")
  }

  private static func rows(
    _ stages: [Stage], _ shapes: ModelShapes?, _ session: Session, indent: Int
  ) -> [[TableReport.Cell]] {
    let problem = session.problem
    return stages.flatMap { stage -> [[TableReport.Cell]] in
      let blank = String(repeating: "  ", count: indent)
      let output = shapes?.outputs[stage.path].map { "[\($0.joined(separator: ", "))]" } ?? "?"
      let count = problem.parameters(of: stage).reduce(0) { $0 + $1.initial.shape.count }
      var row: [TableReport.Cell] = [
        .text(blank + stage.path), .text(stage.text), .text(output), .count(count),
      ]
      switch stage.content {
      case .function: return [row + [.empty]]
      case .layer(let layer):
        return [row + [.text(parts(of: layer, in: session))]]
      case .model(let name): return [row + [.text("those of \(name.canonical)")]]
      case .skip(let inner, let shortcut):
        row[1] = .text("skip: x + …")
        return [row + [.empty]]
          + self.rows(inner + shortcut, shapes, session, indent: indent + 1)
      }
    }
  }

  /// `weight [3, 2], bias [3] frozen; buffers: running_mean [3]`
  private static func parts(of layer: Layer, in session: Session) -> String {
    func field(_ path: String) -> Substring { path.dropFirst(layer.path.count + 1) }
    let names = layer.parameters.map { parameter in
      let mark = session.snapshot.frozen.contains(parameter.path) ? " frozen" : ""
      return "\(field(parameter.path)) \(parameter.shape)\(mark)"
    }
    let buffers = layer.buffers.map { buffer in
      buffer.initial.shape.isScalar
        ? "\(field(buffer.path))" : "\(field(buffer.path)) \(buffer.initial.shape)"
    }
    let parts = [names.joined(separator: ", ")].filter { !$0.isEmpty }
    guard !buffers.isEmpty else { return parts.joined() }
    return (parts + ["buffers: " + buffers.joined(separator: ", ")]).joined(separator: "; ")
  }

  // MARK: One layer

  /// A layer's formula, its parameters with how they began, its buffers as they are.
  private static func page(_ layer: Layer, in session: Session) -> MessageReport {
    let snapshot = session.snapshot
    let values = layer.parameters.map { parameter in
      (parameter, session.snapshot[parameter.path])
    }
    let buffers = layer.buffers.map { ($0, session.snapshot[$0.path] ?? $0.initial) }
    let fields: [String: JSONValue] = [
      "name": .string(layer.path), "layer": .string(layer.title),
      "torch": .string(layer.kind.torch),
      "formulas": .array(layer.kind.formulas.map { .string($0) }),
      "parameters": .object(
        Dictionary(
          values.compactMap { parameter, value in value.map { (parameter.path, JSONValue($0)) } },
          uniquingKeysWith: { a, _ in a })),
      "buffers": .object(
        Dictionary(
          buffers.map { ($0.0.path, JSONValue($0.1)) }, uniquingKeysWith: { a, _ in a })),
    ]
    return MessageReport(kind: "layer", fields: fields) { format in
      var lines = [
        StyledText(layer.path, .name) + StyledText(" : \(layer.title)")
          + StyledText("    (\(layer.kind.torch))", .dim)
      ]
      lines += layer.kind.formulas.map { StyledText("  \($0)") }
      for (parameter, value) in values {
        var line = StyledText(parameter.path, .name)
        let state = snapshot.stateWords(of: parameter.path).map { ", \($0)" }.joined()
        line.append(" : param \(parameter.shape)\(state)")
        if let value {
          line.append(" = ")
          line.append(TensorFormat(format).line(value), .result)
        }
        lines += [line, start(of: parameter, format)]
      }
      for (buffer, value) in buffers {
        lines.append(
          StyledText(buffer.path, .name) + StyledText(" : buffer = ")
            + StyledText(TensorFormat(format).line(value), .result))
      }
      return lines
    }
  }
}
