// Averages whose weights are printed as numbers that do not add up to 1: v = 0.9 v + 0.9 g², where one
// other number would make the rule a known one.

import Diagnostics
import Notation

struct UnevenNumbers {
  let name: Name
  let printed: Expression
  /// What the average keeps of itself, and what it takes of the new.
  let kept: Double
  let taken: Double
  private let rest: Expression
  private let isOldFirst: Bool

  /// The averages of a rule that keep at least half of themselves.
  static func all(in declaration: RuleDeclaration) -> [UnevenNumbers] {
    let states = declaration.stateNames
    return declaration.lines.compactMap { line in
      states.contains(line.name) ? UnevenNumbers(line.name, line.value) : nil
    }
  }

  private init?(_ name: Name, _ value: Expression) {
    let terms = TermList(value).terms
    guard terms.count == 2, !terms.contains(where: \.isNegative) else { return nil }
    let parts = terms.map { SwappedNumbers.weighted($0.value) }
    guard let old = parts.firstIndex(where: { $0?.rest.name == name }),
      let mine = parts[old], let other = parts[1 - old],
      !other.rest.names.contains(name), mine.weight >= 0.5, mine.weight < 1,
      other.weight > 0, other.weight < 1, abs(mine.weight + other.weight - 1) > 1e-12
    else { return nil }
    self.name = name
    printed = value
    kept = mine.weight
    taken = other.weight
    rest = other.rest
    isOldFirst = old == 0
  }

  /// The same with a number put right.
  func line(kept: Double, taken: Double) -> Expression {
    let old = Expression.of(.multiply, .numbered(kept), .of(name))
    let new = Expression.of(.multiply, .numbered(taken), rest)
    return isOldFirst ? .of(.add, old, new) : .of(.add, new, old)
  }

  /// One number for both.
  var isTwice: Bool { kept == taken }
  /// What it would take as an average.
  var complement: Double { UnevenNumbers.complement(kept) }

  /// 1 - x as it is printed: 0.1 for 0.9, without what rounding adds.
  private static func complement(_ value: Double) -> Double {
    ((1 - value) * 1e12).rounded() / 1e12
  }

  /// Each way to make the weights add up to 1 that leaves one number as it is.
  var ways: [(wrong: Double, right: Double, meant: Expression)] {
    let (new, old) = (UnevenNumbers.complement(kept), UnevenNumbers.complement(taken))
    var ways = [(taken, new, line(kept: kept, taken: new))]
    if old >= 0.5 { ways.append((kept, old, line(kept: old, taken: taken))) }
    return ways.map { (wrong: $0.0, right: $0.1, meant: $0.2) }
  }
}

extension RuleVerdict {
  /// A rule with a name whose printed weights do not add up to 1, and that is the known one where they do.
  func uneven(_ accepted: Set<String>) -> Finding? {
    for average in UnevenNumbers.all(in: rule.declaration) {
      var explained: [(wrong: Double, right: Double, meant: Expression, name: String)] = []
      for way in average.ways where !isStopped() {
        let declaration = rule.declaration.with(average.name, way.meant)
        guard let other = try? Rule(declaration),
          let match = ComparedRule(other, given: given, isStopped: isStopped)
            .equal(to: accepted).first(where: isEarnest)
        else { continue }
        explained.append((way.wrong, way.right, way.meant, match.name))
      }
      guard let first = explained.first else { continue }
      let numbers = explained.map {
        "\(NumberFormat.text($0.wrong)) stands for \(NumberFormat.text($0.right))"
      }
      var finding = Finding(
        .wrong, "≠ " + first.name, mistake: "complement", span: average.printed.span,
        reference: first.name)
      finding.details = [
        "the weights \(NumberFormat.text(average.kept)) and \(NumberFormat.text(average.taken)) do not add"
          + " up to 1: " + numbers.joined(separator: ", or "),
        "printed: \(average.name.pretty) = \(average.printed.text(.pretty))",
      ]
      finding.details += explained.map {
        "meant: \(average.name.pretty) = \($0.meant.text(.pretty))"
      }
      return finding
    }
    return nil
  }
}

extension RuleDeclaration {
  fileprivate func with(_ name: Name, _ value: Expression) -> RuleDeclaration {
    var copy = self
    copy.body = body.map { statement in
      guard case .assign(var line) = statement, line.name == name else { return statement }
      line.value = value
      return .assign(line)
    }
    return copy
  }
}
