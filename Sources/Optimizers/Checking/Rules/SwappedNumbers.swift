// Averages whose weights are printed as numbers, where the small one stands at what the average was and
// the large one at what is new: v = 0.1 v + 0.9 g² has lost nine tenths of itself at every step.
//
// Such numbers are a decay in some rule's sense; nobody means them who does not speak of a small one.

import Diagnostics
import Notation

struct SwappedNumbers {
  let name: Name
  let printed: Expression
  let meant: Expression
  /// What the average keeps of itself.
  let kept: Double

  /// A decay is 0.9, 0.99, 0.999; what keeps this much or less has its weights swapped. From here to a
  /// half it may be meant.
  private static let most = 0.1 + 1e-12

  var isCertain: Bool { kept <= SwappedNumbers.most }

  /// The averages of a rule that keep less than half of themselves.
  static func all(in declaration: RuleDeclaration) -> [SwappedNumbers] {
    let states = declaration.stateNames
    return declaration.lines.compactMap { line in
      states.contains(line.name) ? SwappedNumbers(line.name, line.value) : nil
    }
  }

  private init?(_ name: Name, _ value: Expression) {
    let terms = TermList(value).terms
    guard terms.count == 2, !terms.contains(where: \.isNegative) else { return nil }
    let parts = terms.map { SwappedNumbers.weighted($0.value) }
    guard let old = parts.firstIndex(where: { $0?.rest.name == name }),
      let mine = parts[old], let other = parts[1 - old],
      !other.rest.names.contains(name), mine.weight > 0, mine.weight < 0.5,
      abs(mine.weight + other.weight - 1) < 1e-12
    else { return nil }
    self.name = name
    printed = value
    kept = mine.weight
    let swapped = [(other.weight, mine.rest), (mine.weight, other.rest)].map { weight, rest in
      Expression.of(.multiply, .numbered(weight), rest)
    }
    meant = .of(.add, swapped[old], swapped[1 - old])
  }

  /// A number times the rest; nil where the number is no number alone, or there is none.
  static func weighted(_ term: Expression) -> (weight: Double, rest: Expression)? {
    let factors = FactorList(term)
    guard factors.below.isEmpty else { return nil }
    var weight: Double?
    var rest: [Expression] = []
    for factor in factors.above {
      if let value = ScalarFormula.value(of: factor, { _ in nil }) {
        weight = (weight ?? 1) * value
      } else {
        rest.append(factor)
      }
    }
    guard let weight, let product = Expression.product(rest) else { return nil }
    return (weight, product)
  }

  /// `the weights 0.1 and 0.9 are swapped`
  var says: String {
    let (small, large) = (NumberFormat.text(kept), NumberFormat.text(1 - kept))
    return isCertain
      ? "the weights \(small) and \(large) are swapped"
      : "\(name.pretty) keeps \(small) of what it was and takes \(large) of what is new: usually it is "
        + "the other way round"
  }
}

extension RuleVerdict {
  /// A rule that has a name, and printed decays that are none.
  func swapped(_ match: Identification.Match) -> Finding? {
    guard !meant.isEmpty else { return nil }
    let spoken = SpokenDecays(words)
    let swapped = SwappedNumbers.all(in: rule.declaration).filter {
      $0.isCertain && !spoken.allow($0.kept)
    }
    guard let first = swapped.first else { return nil }
    var finding = Finding(
      .wrong, "≠ " + match.name, details: ["= " + match.call], mistake: "swapped-weights",
      span: first.printed.span, reference: match.name)
    for average in swapped {
      finding.details += [
        average.says, "printed: \(average.name.pretty) = \(average.printed.text(.pretty))",
        "meant: \(average.name.pretty) = \(average.meant.text(.pretty))",
      ]
    }
    return finding
  }

  /// What the numbers and hyperparameters of a right rule leave to be said.
  func remarks(on name: String, _ forms: [Name: Expression]) -> [String] {
    var remarks = SwappedNumbers.all(in: rule.declaration).map { average in
      average.isCertain
        ? average.says + ", if the average is to be a slow one" : average.says
    }
    for average in UnevenNumbers.all(in: rule.declaration) where average.isTwice {
      let number = NumberFormat.text(average.kept)
      remarks.append(
        "\(average.name.pretty) keeps \(number) and takes \(number) of what is new; an average would take "
          + NumberFormat.text(average.complement))
    }
    if let rate = unprintedRate(name, forms) {
      remarks.append("no learning rate is printed: this is \(name) only with \(rate.pretty) = 1")
    }
    if let (first, second) = exchangedDecays(name, forms) {
      remarks.append(
        "\(first.pretty) and \(second.pretty) are exchanged throughout: elsewhere "
          + "\(second.pretty) is what \(first.pretty) is here")
    }
    let idle = rule.declaration.idleHyperparameters.filter { !isInIdleLine($0) }
    if !idle.isEmpty {
      let names = idle.map(\.pretty).joined(separator: ", ")
      remarks.append("\(names) \(idle.count == 1 ? "plays" : "play") no part")
    }
    return remarks
  }

  /// The learning rate that has to be 1, where that is not what it usually is.
  private func unprintedRate(_ name: String, _ forms: [Name: Expression]) -> Name? {
    guard roles.names(.learningRate).isEmpty, let known = KnownRule.named([name]).first else {
      return nil
    }
    return known.roles.names(.learningRate).first { rate in
      known.roles.defaults[rate] != 1 && (forms[rate]?.isNumber(1) ?? false)
    }
  }

  /// It stands in a line of which it is said that nothing uses it.
  private func isInIdleLine(_ name: Name) -> Bool {
    rule.declaration.lines.contains { idle.contains($0.name) && $0.value.names.contains(name) }
  }
}
