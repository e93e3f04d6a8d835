// What `show` answers: the session at a glance, one definition, one rule.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

enum Overview {
  /// Parameters, definitions, losses, the optimizer and the place in time.
  static func session(_ session: Session) throws(Diagnostic) -> MessageReport {
    let problem = session.problem
    let losses = session.lossesIfAny()
    var fields: [String: JSONValue] = ["step": .number(Double(session.step))]
    fields["parameters"] = .object(
      Dictionary(
        problem.parameters.map { ($0.path, JSONValue(session.value(of: $0))) },
        uniquingKeysWith: { a, _ in a }))
    fields["models"] = .array(problem.models.map { .string($0.name.canonical) })
    fields["definitions"] = .array(problem.definitions.keys.sorted().map { .string($0.canonical) })
    fields["losses"] = .object(
      Dictionary(
        losses.map { ($0.name.canonical, .number($0.value)) }, uniquingKeysWith: { a, _ in a }))
    // A model stands for its parameters.
    let values = problem.parameters.filter { problem.layerParameter($0.name) == nil }
      .map { ($0, session.value(of: $0)) }
    let snapshot = session.snapshot
    let step = session.step
    let splits = problem.distinctSplits
    if !splits.isEmpty {
      fields["splits"] = .array(
        splits.map { .array($0.names.map { .string($0.canonical) }) })
    }
    let stop = session.stopRule == nil ? nil : StopReport.show(session)
    if let rule = session.stopRule { fields["stop"] = .string(rule.text) }
    let watched = session.watches.map(\.text).joined(separator: ", ")
    let recording = session.recording?.path
    let batching = problem.batching == nil ? nil : try BatchReport.summary(session)
    return MessageReport(kind: "session", fields: fields) { format in
      var lines: [StyledText] = []
      let tensor = TensorFormat(format)
      for (parameter, value) in values {
        let shape = value.shape.isScalar ? "" : " \(value.shape)"
        let state = snapshot.stateWords(of: parameter.path).map { ", \($0)" }.joined()
        lines.append(
          StyledText(parameter.name.text(format), .name)
            + StyledText(" : param\(shape)\(state) = ") + StyledText(tensor.line(value), .result))
      }
      for model in problem.models { lines.append(ModelReports.line(model, in: problem)) }
      for (name, definition) in problem.definitions.sorted(by: { $0.key < $1.key }) {
        lines.append(line(name, definition, format))
      }
      for objective in problem.objectives {
        let verb = objective.maximize ? "maximize" : "loss"
        let formula = objective.expression.text(format.ascii ? .ascii : .pretty)
        var line =
          StyledText("\(verb) ") + StyledText(objective.name.text(format), .name)
          + StyledText(" = \(formula)")
        if let loss = losses.first(where: { $0.name == objective.name }) {
          line.append(" = ")
          line.append(NumberFormat.text(loss.value, digits: format.digits), .result)
        } else {
          line.append(", which has no value now", .dim)
        }
        lines.append(line)
      }
      if !problem.optimizer.isEmpty {
        lines += MessageReport.optimizer(problem.optimizer).text(format)
      }
      for split in splits {
        var line = StyledText("split ") + MessageReport.summary(split, format)
        if let fold = split.activeFold { line.append(", of which fold \(fold) is val") }
        lines.append(line)
      }
      if let batching { lines.append(StyledText(batching)) }
      if let stop { lines += stop.text(format) }
      if !watched.isEmpty { lines.append(StyledText("watching \(watched)")) }
      if let recording { lines.append(StyledText("recording to \(recording)")) }
      if lines.isEmpty {
        return [StyledText("nothing is defined yet; begin with param w = [1, -2], or type help")]
      }
      lines.append(StyledText("at step \(step)", .dim))
      return lines
    }
  }

  /// One name of the session.
  static func name(_ name: Name, in session: Session, at span: Span) throws(Diagnostic)
    -> any Report
  {
    if let parameter = session.problem.parameter(name) {
      return MessageReport.parameter(
        name, session.value(of: parameter),
        states: session.snapshot.stateWords(of: name.canonical))
    }
    if let objective = session.problem.objective(name) {
      let value = try session.evaluate(Expression(.name(name), span))
      return definition(name, .formula(objective.expression), value)
    }
    if let found = session.problem.definitions[name] {
      if case .formula = found {
        do {
          return definition(name, found, try session.evaluate(Expression(.name(name), span)))
        } catch  where error.id == "step.none" || error.id == "value.not-a-tensor" {
          return definition(name, found, nil)
        }
      }
      return definition(name, found, nil)
    }
    if let function = Function.named(name.canonical) { return HelpIndex.function(function) }
    let value = try session.evaluate(Expression(.name(name), span))
    return MessageReport.definition(name, value)
  }

  private static func definition(_ name: Name, _ definition: Definition, _ value: Tensor?)
    -> MessageReport
  {
    var fields: [String: JSONValue] = ["name": .string(name.canonical)]
    if let value { fields["value"] = JSONValue(value) }
    if case .formula(let formula) = definition { fields["formula"] = .string(formula.text(.ascii)) }
    return MessageReport(kind: "definition", fields: fields) { format in
      var line = Overview.line(name, definition, format)
      if let value {
        line.append(" = ")
        line.append(TensorFormat(format).line(value), .result)
      }
      return [line]
    }
  }

  private static func line(_ name: Name, _ definition: Definition, _ format: Format) -> StyledText {
    let form: TextForm = format.ascii ? .ascii : .pretty
    let label = name.text(format)
    switch definition {
    case .formula(let formula):
      return StyledText(label, .name) + StyledText(" = \(formula.text(form))")
    case .function(let parameters, let defaults, let body):
      let list = zip(parameters, defaults).map { parameter, value in
        parameter.text(format) + (value.map { "=\($0.text(form))" } ?? "")
      }
      return StyledText(label, .name)
        + StyledText("(\(list.joined(separator: ", "))) = \(body.text(form))")
    case .value(let tensor):
      return StyledText("let ") + StyledText(label, .name) + StyledText(" = ")
        + StyledText(TensorFormat(format).line(tensor), .result)
    case .bundle(let bundle):
      return StyledText(label, .name) + StyledText(" : \(bundle.summary)")
    case .table(let table):
      return StyledText(label, .name) + StyledText(" : \(table.summary)")
    }
  }

  /// A rule's lines, as they could be typed.
  static func rule(_ rule: Rule) -> MessageReport {
    let declaration = rule.declaration
    let source = RulePrinter(.ascii).lines(declaration).joined(separator: "\n")
    return MessageReport(
      kind: "rule",
      fields: ["name": .string(rule.name), "source": .string(source)]
    ) { format in
      RulePrinter(format.ascii ? .ascii : .pretty, width: format.width).lines(declaration)
        .map { StyledText($0) }
    }
  }
}
