// What defining commands answer: one line that says what there is now.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

extension Name {
  /// As the format can show it.
  func text(_ format: Format) -> String { format.ascii ? ascii : pretty }
}

extension MessageReport {
  /// `w : param [2] = [1, -2]`
  static func parameter(
    _ name: Name, _ value: Tensor, states: [String] = [], restarts: Bool = false
  ) -> MessageReport {
    var fields: [String: JSONValue] = [
      "name": .string(name.canonical), "value": JSONValue(value),
      "shape": .array(value.shape.dimensions.map { .number(Double($0)) }),
    ]
    if states.contains("frozen") { fields["frozen"] = .bool(true) }
    if restarts { fields["step"] = .number(0) }
    return MessageReport(kind: "parameter", fields: fields) { format in
      let shape = value.shape.isScalar ? "" : " \(value.shape)"
      var line = StyledText(name.text(format), .name)
      line.append(" : param\(shape)\(states.map { ", \($0)" }.joined()) = ")
      line.append(TensorFormat(format).line(value), .result)
      guard restarts else { return [line] }
      return [
        line, StyledText("the history starts again at step 0 (undo brings the old one back)", .dim),
      ]
    }
  }

  /// `w = [1, 0]`, and what kept the parameter from taking a value as it was given.
  static func assigned(_ name: Name, _ held: HeldValue) -> MessageReport {
    definition(name, held.value, held: [held])
  }

  /// `L = 13`, and what else changes with it.
  static func definition(
    _ name: Name, _ value: Tensor, affected: [Name] = [], replaced: [Name] = [],
    held: [HeldValue] = []
  ) -> MessageReport {
    var fields: [String: JSONValue] = [
      "name": .string(name.canonical), "value": JSONValue(value),
      "shape": .array(value.shape.dimensions.map { .number(Double($0)) }),
    ]
    if !affected.isEmpty { fields["affects"] = .array(affected.map { .string($0.canonical) }) }
    if !replaced.isEmpty { fields["replaces"] = .array(replaced.map { .string($0.canonical) }) }
    fields.merge(HeldText.fields(held)) { $1 }
    return MessageReport(kind: "definition", fields: fields) { format in
      let label = name.text(format)
      let tensor = TensorFormat(format)
      var lines: [StyledText] = []
      if value.shape.rank == 2, value.elements.count <= TensorFormat.mostAlone,
        value.shape.count > 0
      {
        lines.append(StyledText(label, .name) + StyledText(" ="))
        lines += tensor.block(value).map { StyledText("  ") + StyledText($0, .result) }
      } else {
        lines.append(
          StyledText(label, .name) + StyledText(" = ") + StyledText(tensor.line(value), .result))
      }
      if !affected.isEmpty { lines.append(changes(affected, format)) }
      if !replaced.isEmpty {
        let names = replaced.map { $0.text(format) }.joined(separator: ", ")
        lines.append(StyledText("this replaces the loss \(names)", .dim))
      }
      lines += HeldText.lines(held, format)
      return lines
    }
  }

  /// A definition as it was typed, where there is no value to show yet.
  static func formula(_ name: Name, _ right: Expression) -> MessageReport {
    MessageReport(
      kind: "definition",
      fields: ["name": .string(name.canonical), "formula": .string(right.text(.ascii))]
    ) { format in
      [
        StyledText(name.text(format), .name)
          + StyledText(" = \(right.text(format.ascii ? .ascii : .pretty))")
      ]
    }
  }

  /// `f(x, a=2) = a·x`, and what else changes with it.
  static func function(
    _ name: Name, _ parameters: [StatementHead.Parameter], _ body: Expression, affected: [Name]
  ) -> MessageReport {
    var fields: [String: JSONValue] = [
      "name": .string(name.canonical), "formula": .string(body.text(.ascii)),
      "parameters": .array(parameters.map { .string($0.name.name.canonical) }),
    ]
    if !affected.isEmpty { fields["affects"] = .array(affected.map { .string($0.canonical) }) }
    return MessageReport(kind: "definition", fields: fields) { format in
      let form: TextForm = format.ascii ? .ascii : .pretty
      let list = parameters.map { parameter in
        parameter.name.name.text(format) + (parameter.value.map { "=\($0.text(form))" } ?? "")
      }
      var lines = [
        StyledText(name.text(format), .name)
          + StyledText("(\(list.joined(separator: ", "))) = \(body.text(form))")
      ]
      if !affected.isEmpty { lines.append(changes(affected, format)) }
      return lines
    }
  }

  /// `seed = 4`, and what changes with it.
  static func setting(_ text: String, affected: [Name]) -> MessageReport {
    var fields: [String: JSONValue] = ["text": .string(text)]
    if !affected.isEmpty { fields["affects"] = .array(affected.map { .string($0.canonical) }) }
    return MessageReport(fields: fields) { format in
      [StyledText(text)] + (affected.isEmpty ? [] : [changes(affected, format)])
    }
  }

  /// `this changes L, r`
  private static func changes(_ names: [Name], _ format: Format) -> StyledText {
    StyledText("this changes " + names.map { $0.text(format) }.joined(separator: ", "), .dim)
  }

  /// `adam  lr=0.1 beta1=0.9 beta2=0.999 eps=1e-08    (Kingma & Ba 2015, algorithm 1)`
  static func optimizer(_ groups: [OptimizerGroup], note: String? = nil) -> MessageReport {
    let described = groups.map { group in
      JSONValue.object([
        "rules": .array(
          group.stages.map { stage in
            .object([
              "name": .string(stage.rule.name),
              "hyperparameters": .object(
                Dictionary(
                  stage.hyperparameters.map {
                    ($0.name.canonical, JSONValue.hyperparameter($0.value))
                  },
                  uniquingKeysWith: { a, _ in a })),
            ])
          }),
        "parameters": group.parameters.map { .array($0.map { .string($0.canonical) }) } ?? .null,
      ])
    }
    var fields: [String: JSONValue] = ["groups": .array(described)]
    if let note { fields["note"] = .string(note) }
    return MessageReport(kind: "optimizer", fields: fields) { format in
      var lines: [StyledText] = []
      for group in groups {
        for (i, stage) in group.stages.enumerated() {
          var line = StyledText(i > 0 ? "  |> " : "")
          line.append(stage.rule.name, .name)
          let settings = stage.hyperparameters.map {
            "\($0.name.ascii)=\(hyperparameter($0.value, format))"
          }
          if !settings.isEmpty { line.append("  " + settings.joined(separator: " ")) }
          if i == group.stages.count - 1, let names = group.parameters {
            line.append("  for " + names.map { $0.text(format) }.joined(separator: ", "))
          }
          if let citation = stage.rule.source {
            let source = StyledText("    (\(citation))", .dim)
            if line.width + source.width <= format.width {
              line.append(source)
            } else {
              lines.append(line)
              line = source
            }
          }
          lines.append(line)
        }
      }
      if let note { lines.append(StyledText(note, .dim)) }
      return lines
    }
  }

  /// Numbers in the session's format, formulas as typed: `lr=0.1`, `eps=1e-08`, `lr=0.1·0.95ᵗ`.
  private static func hyperparameter(_ value: Expression, _ format: Format) -> String {
    if case .number(let number, _) = value.kind {
      return NumberFormat.text(number, digits: max(format.digits, 6))
    }
    return value.text(format.ascii ? .ascii : .pretty)
  }

  /// A long run in one line: `step 500 of 500   L 29074 → 3013`
  static func run(
    step: Int, taken: Int, count: Int?, before: [(name: Name, value: Double)],
    after: [(name: Name, value: Double)], coming: BatchRows? = nil
  ) -> MessageReport {
    var fields: [String: JSONValue] = [
      "step": .number(Double(step)), "taken": .number(Double(taken)),
    ]
    if before.count == 1 {
      fields["loss"] = .number(before[0].value)
      fields["loss_after"] = after.first.map { .number($0.value) }
    } else if !before.isEmpty {
      fields["losses"] = .object(
        Dictionary(
          zip(before, after).map { pair in
            (pair.0.name.canonical, .array([.number(pair.0.value), .number(pair.1.value)]))
          }, uniquingKeysWith: { a, _ in a }))
    }
    if let coming {
      fields["epochs"] = .number(Double(coming.epoch))
      fields["position"] = .number(Double(coming.position))
    }
    let epochs = coming.map { ", " + BatchReport.progress($0) } ?? ""
    let isPartial = coming?.batching.takesRows == true
    return MessageReport(kind: "run", fields: fields) { format in
      var line = StyledText("step ", .plain)
      line.append("\(step)", .accent)
      if let count {
        line.append("  (\(taken < count ? "\(taken) of " : "")\(count) steps\(epochs))")
      } else if !epochs.isEmpty {
        line.append("  (\(epochs.dropFirst(2)))")
      }
      var right = StyledText("")
      for (old, new) in zip(before, after) {
        right.append("  \(old.name.text(format))  ", .name)
        right.append(
          "\(NumberFormat.text(old.value, digits: format.digits)) \(format.signs.to) "
            + NumberFormat.text(new.value, digits: format.digits), .result)
      }
      if isPartial, !after.isEmpty { right.append("  (all data)", .dim) }
      line.pad(to: max(line.width + 2, min(59, format.width - right.width)))
      return [line + right]
    }
  }

  /// `at step 2 · L = 11.0812`
  static func place(step: Int, losses: [(name: Name, value: Double)]) -> MessageReport {
    var fields: [String: JSONValue] = ["step": .number(Double(step))]
    if losses.count == 1 {
      fields["loss"] = .number(losses[0].value)
    } else if !losses.isEmpty {
      fields["losses"] = .object(
        Dictionary(
          losses.map { ($0.name.canonical, .number($0.value)) }, uniquingKeysWith: { a, _ in a }))
    }
    return MessageReport(kind: "place", fields: fields) { format in
      var line = StyledText("at step ")
      line.append("\(step)", .accent)
      for loss in losses {
        line.append(" \(format.signs.dot) \(loss.name.text(format)) = ")
        line.append(NumberFormat.text(loss.value, digits: format.digits), .result)
      }
      return [line]
    }
  }

  /// Lines of text as they are.
  static func lines(_ kind: String, _ lines: [String]) -> MessageReport {
    MessageReport(kind: kind, fields: ["lines": .array(lines.map { .string($0) })]) { _ in
      lines.map { StyledText($0) }
    }
  }

  /// What is watched, in the middle of a run: `step 50   norm(w) = 5`
  /// - Parameter batch: the texts of those that see the step's batch.
  static func watched(
    step: Int, _ values: some Sequence<(String, Tensor)>, batch: Set<String> = []
  ) -> MessageReport {
    let values = Array(values)
    return MessageReport(
      kind: "watch",
      fields: [
        "step": .number(Double(step)),
        "values": .object(
          Dictionary(values.map { ($0, JSONValue($1)) }, uniquingKeysWith: { a, _ in a })),
      ]
    ) { format in
      var line = StyledText("step \(step)")
      for (text, value) in values {
        line.append("   ")
        line.append(text, .name)
        line.append(" = ")
        line.append(TensorFormat(format).line(value), .result)
        if batch.contains(text) { line.append("  (batch)", .dim) }
      }
      return [line]
    }
  }

  /// A watched expression: `  norm(w) = 5`
  static func watched(_ text: String, _ value: Tensor, ofBatch: Bool = false) -> MessageReport {
    var fields: [String: JSONValue] = ["expression": .string(text), "value": JSONValue(value)]
    if ofBatch { fields["batch"] = .bool(true) }
    return MessageReport(kind: "watch", fields: fields) { format in
      [
        StyledText("  ") + StyledText(text, .name) + StyledText(" = ")
          + StyledText(TensorFormat(format).line(value), .result)
          + StyledText(ofBatch ? "  (batch)" : "", .dim)
      ]
    }
  }
}

/// What is said where parameters did not take a value as it was given.
enum HeldText {
  static func lines(_ held: [HeldValue], _ format: Format) -> [StyledText] {
    var lines: [StyledText] = []
    let pruned = held.reduce(0) { $0 + $1.pruned }
    if pruned > 0 {
      lines.append(
        StyledText(
          pruned == 1 ? "1 pruned element stays 0" : "\(pruned) pruned elements stay 0", .dim))
    }
    let bounded = held.reduce(0) { $0 + $1.bounded }
    if bounded > 0 {
      let bounds = Set(held.filter { $0.bounded > 0 }.compactMap(\.bound))
      let only = bounds.count == 1 ? bounds.first : nil
      let range = only.map { Self.range(of: $0, format) }
      lines.append(
        StyledText(
          (bounded == 1 ? "1 element was" : "\(bounded) elements were")
            + " brought back within \(range ?? "the bounds")", .dim))
    }
    return lines
  }

  private static func range(of bound: Double, _ format: Format) -> String {
    "\(NumberFormat.text(-bound, digits: format.digits)) … "
      + NumberFormat.text(bound, digits: format.digits)
  }

  static func fields(_ held: [HeldValue]) -> [String: JSONValue] {
    var fields: [String: JSONValue] = [:]
    let pruned = held.reduce(0) { $0 + $1.pruned }
    if pruned > 0 { fields["stay_zero"] = .number(Double(pruned)) }
    let bounded = held.reduce(0) { $0 + $1.bounded }
    if bounded > 0 { fields["bounded"] = .number(Double(bounded)) }
    return fields
  }
}

extension JSONValue {
  /// A number where it is one, else the formula as text.
  static func hyperparameter(_ value: Expression) -> JSONValue {
    switch ChosenRule.setting(of: value) {
    case .number(let number): .number(number)
    case .flag(let flag): .bool(flag)
    case .none: .null
    case .text(let text): .string(text)
    case .list, .changing: .string(value.text(.ascii))
    }
  }
}
