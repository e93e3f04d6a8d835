// A check report as JSON: the counts, and one object a formula.

import Diagnostics
import Notation
import Optimizers

extension CheckReport {
  package func json() -> [String: JSONValue] {
    let places = LinePlaces(check.formulas.first?.formulas.first?.span.source)
    var fields: [String: JSONValue] = [
      "formulas": .array(check.formulas.map { json($0, places) }),
      "count": .number(Double(check.count)),
      "rules": .number(Double(check.rules)),
      "symbols": .number(Double(check.symbols)),
      "stopped": .bool(check.unread > 0),
    ]
    for outcome in CheckedFormula.Outcome.allCases {
      fields[outcome.key] = .number(Double(check.count(outcome)))
    }
    if let subject { fields[isFile ? "file" : "name"] = .string(subject) }
    return fields
  }

  private func json(_ formula: CheckedFormula, _ places: LinePlaces) -> JSONValue {
    var fields: [String: JSONValue] = [
      "line": .number(Double(formula.line)),
      "lines": .array(formula.formulas.map { .number(Double($0.line)) }),
      "title": .string(formula.title),
      "verdict": .string(formula.outcome.key),
      "source": .string(formula.formulas.map(\.span.text).joined(separator: "\n")),
    ]
    if let kind = formula.kind {
      fields["type"] = .string(kind.rawValue)
      fields["why"] = .string(formula.why)
    }
    if let rule = formula.rule { fields["rule"] = .string(RulePrinter(.ascii).text(rule)) }
    if !formula.roles.isEmpty {
      fields["roles"] = .object(
        Dictionary(
          formula.roles.map { ($0.name.canonical, .string($0.role.rawValue)) },
          uniquingKeysWith: { first, _ in first }))
    }
    if let finding = formula.finding {
      fields["headline"] = .string(finding.headline)
      fields["details"] = .array(finding.details.map { .string($0) })
      if let measure = finding.measure { fields["measure"] = .string(measure) }
      if let mistake = finding.mistake { fields["mistake"] = .string(mistake) }
      if let reference = finding.reference { fields["reference"] = .string(reference) }
      if let span = finding.span { fields["place"] = place(span.clamped, places) }
    }
    if let error = formula.error {
      var inner: [String: JSONValue] = [
        "id": .string(error.id), "message": .string(error.message),
        "broken": .bool(formula.isBroken),
      ]
      if let help = error.help { inner["help"] = .string(help) }
      if let span = error.span { inner["place"] = place(span.clamped, places) }
      fields["error"] = .object(inner)
    }
    if !formula.notes.isEmpty {
      fields["notes"] = .array(
        formula.notes.map {
          .object(["kind": .string($0.kind.rawValue), "text": .string($0.text)])
        })
    }
    return .object(fields)
  }

  private func place(_ span: Span, _ places: LinePlaces) -> JSONValue {
    let line = places.line(of: span)
    let before = span.source.bytes[line.lowerBound..<max(line.lowerBound, span.start)]
    return .object([
      "line": .number(Double(places.number(of: span))),
      "column": .number(Double(String(decoding: before, as: UTF8.self).count + 1)),
      "start": .number(Double(span.start)), "end": .number(Double(span.end)),
      "source": .string(span.text),
    ])
  }
}

extension CheckedFormula.Outcome {
  fileprivate var key: String { self == .notUnderstood ? "not_understood" : rawValue }
}
