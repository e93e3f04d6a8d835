// What is said of a model: what was declared, its layers with their shapes, one layer.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

enum ModelReports {
  /// `f : linear(10→20) |> relu |> linear(20→1), 241 parameters`
  static func declared(_ model: Model, in problem: Problem, restarts: Bool) -> MessageReport {
    let parameters = problem.parameters(of: model)
    let count = parameters.reduce(0) { $0 + $1.initial.shape.count }
    let layers = model.stages.flatMap(\.layers)
    let chosen = layers.filter(\.choosesInitialiser).flatMap(\.parameters)
    var fields: [String: JSONValue] = [
      "name": .string(model.name.canonical), "layers": .string(model.text),
      "parameters": .number(Double(count)),
    ]
    if restarts { fields["step"] = .number(0) }
    let single = model.stages.count == 1
    return MessageReport(kind: "model", fields: fields) { format in
      var line = StyledText(model.name.text(format), .name)
      line.append(" : \(model.text), ")
      line.append("\(count) parameter\(count == 1 ? "" : "s")")
      if single, !parameters.isEmpty {
        let parts = model.parameters.map { parameter in
          let field = parameter.path.dropFirst(model.name.canonical.count + 3)
          return "\(model.name.text(format)).\(field) \(parameter.shape)"
        }
        line.append(": " + parts.joined(separator: ", "))
      }
      var lines = [line]
      for parameter in chosen {
        lines.append(start(of: parameter, format))
      }
      if restarts {
        lines.append(
          StyledText(
            "the history starts again at step 0 (undo brings the old one back)", .dim))
      }
      return lines
    }
  }

  /// `  init he: f.0.weight ~ N(0, 2/fan_in), std = √(2/10) = 0.447214`
  static func start(of parameter: LayerParameter, _ format: Format) -> StyledText {
    let formula = parameter.initialiser.formula(of: parameter.path, for: parameter.shape) {
      NumberFormat.text($0, digits: format.digits)
    }
    return StyledText("  init \(parameter.initialiser.name): \(formula)")
  }
}
