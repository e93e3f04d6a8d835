// The order of the lines, and what looks into the future.

import Diagnostics
import Notation

extension RuleAssembler {
  func ordered() throws(Diagnostic) -> [TranslatedLine] {
    try checkFuture()
    try checkFutureGradients()
    let order = try LineOrder(
      lines, now: now, keys: keys, parameter: parameter, given: Set(aliases.keys),
      hasWhere: hasWhere)
    isProgram = order.isProgram
    return order.lines
  }

  /// ∇f(θ_{t+1}) in the line of θ_{t+1}.
  func implicitGradient(_ value: Expression) -> Span? {
    if case .call(let callee, let arguments) = value.kind,
      callee.path.first?.canonical == "grad", arguments.count == 1,
      case .name(let name) = arguments[0].value.kind, let reference = Reference(name),
      reference.key == parameter, case .step(let step) = reference.time, step == now[parameter]
    {
      return arguments[0].value.span
    }
    for child in value.children {
      if let found = implicitGradient(child) { return found }
    }
    return nil
  }

  /// v_{t+1} on the right where v_t is the newest there is.
  func checkFuture() throws(Diagnostic) {
    for line in lines where line.key == parameter {
      if let span = implicitGradient(line.value) {
        throw .reading(
          "implicit", "the gradient at the new \(pretty(parameter)), which this line makes", span,
          help: "take it one step before")
      }
    }
    for line in lines {
      for (reference, span) in line.value.references {
        guard case .step(let step) = reference.time, let newest = now[reference.key],
          step > newest
        else { continue }
        throw .reading(
          "future-index",
          "\(pretty(reference.key)) is read \(step - newest == 1 ? "one step" : "\(step - newest) steps")"
            + " ahead of the newest there is", span,
          // Its own line reads what was before, another one what there is by then.
          help: RuleAssembler.shifted(
            span.text, by: (line.key == reference.key ? newest - 1 : newest) - step
          ).map {
            "\($0) is probably meant"
          }
            ?? "on the right, the value before is \(index.letter.map { "…_{\($0)-1}" } ?? "the old one")"
        )
      }
    }
  }

  /// `v_{t-1}` for `v_{t+1}` and -2; nil where the text adds nothing to its index.
  private static func shifted(_ text: String, by steps: Int) -> String? {
    guard let plus = text.lastIndex(of: "+") else { return nil }
    let rest = text[text.index(after: plus)...].drop { $0 == " " }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard let offset = Int(digits), offset < 100 else { return nil }
    let (meant, isTooFar) = offset.addingReportingOverflow(steps)
    guard !isTooFar else { return nil }
    let shift = meant == 0 ? "" : meant > 0 ? "+\(meant)" : "\(meant)"
    return text[..<plus] + shift + rest.dropFirst(digits.count)
  }
}
