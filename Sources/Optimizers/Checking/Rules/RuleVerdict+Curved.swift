// The mistake in a rule that asks for the loss or its second derivatives, Newton's or Polyak's: none of the
// quick runs can hold it, so each line put right is compared in full.

import Diagnostics
import Notation

extension RuleVerdict {
  /// What one part put right makes the rule that is meant; nil for a rule that runs quickly.
  func curved(_ accepted: [String]) -> Finding? {
    guard QuickRule(rule) == nil, !accepted.isEmpty else { return nil }
    let lines = RuleLines(rule)
    let names = Set(accepted)
    var left = RuleVerdict.mostCurved
    // A sign that makes it climb is one of the parameter's own line.
    let places = lines.lines.indices.reversed()
    for place in places {
      for way in ways(lines, place) {
        left -= 1
        guard left > 0, !isStopped() else { return nil }
        let mutant = Mutant(
          mistake: way.id, says: way.says, line: place, expression: way.meant, habit: nil)
        guard let other = try? Rule(rule.declaration(with: mutant, lines)) else { continue }
        let compared = ComparedRule(other, given: given, isStopped: isStopped)
        // A learning rate below 0 is another sign, and no rule is meant so.
        guard let match = compared.equal(to: names).first(where: isEarnest) else { continue }
        let (name, printed) = lines.lines[place]
        let (wrong, _) = Parting.of(printed, way.meant)
        let says =
          Mistakes.mutants(ofLine: place, in: RuleLines(other)).first { mutant in
            var sieve = FormulaSieve(printed)
            return mutant.mistake == way.id && !sieve.isNew(mutant.expression)
          }?.says ?? way.says
        return Finding(
          .wrong, "≠ " + match.name,
          details: [
            says, "printed: \(name.pretty) = \(printed.text(.pretty))",
            "meant: \(name.pretty) = \(way.meant.text(.pretty))",
          ], mistake: way.id, span: wrong.span.text.isEmpty ? printed.span : wrong.span,
          reference: match.name)
      }
    }
    return nil
  }

  /// How many ways to put it right are tried.
  private static let mostCurved = 60

  private typealias Way = (id: String, says: String, meant: Expression)

  private func ways(_ lines: RuleLines, _ place: Int) -> [Way] {
    let printed = lines.lines[place].value
    let signs: [Way] = Mistakes.mutants(ofLine: place, in: lines).compactMap { mutant in
      guard mutant.mistake.hasSuffix("sign"),
        let mistake = Mistakes.catalogue.first(where: { $0.id == mutant.mistake })
      else { return nil }
      return (mutant.mistake, mistake.title, mutant.expression)
    }
    // ‖g‖ for ‖g‖².
    let squares: [Way] = Site.all(in: printed).compactMap { site in
      guard site.isBelow, !site.isInPower, case .call(let callee, _) = site.part.kind,
        callee.path.first?.canonical == "norm"
      else { return nil }
      return (
        "missing-square", "\(site.part.text(.pretty)) is not squared",
        site.put(.of(.power, site.part, .numbered(2)))
      )
    }
    return signs + squares
  }
}
