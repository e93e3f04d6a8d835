// A step beside the derivative of a loss: the one that the text gives, or the one that such a model is
// fitted with.

import Diagnostics
import Notation

extension DescentCheck {
  /// What is subtracted beside the derivative of the loss; nil where no formula says what the loss is.
  static func measured(
    _ item: MathItem, _ parameter: ClaimSymbol, _ context: ClaimContext, _ isStopped: Stopping,
    isSupposed: Bool = false
  ) -> Finding? {
    guard case .formula(let sides, _) = item.kind, sides.count == 2, !sides[1].hasGradient,
      case .sum(let terms) = sides[1].kind,
      let place = terms.firstIndex(where: {
        !$0.isNegative && ClaimSymbol($0.value)?.isSame(as: parameter) ?? false
      })
    else { return nil }
    var claim: [MathTerm] = []
    var rate: String?
    for (other, term) in terms.enumerated() where other != place {
      guard let (letter, rest) = withoutRate(term.value), rate == nil || rate == letter else {
        return nil
      }
      rate = letter
      claim.append(MathTerm(isNegative: !term.isNegative, value: rest))
    }
    guard !claim.isEmpty else { return nil }
    var by = terms[place].value
    // w_t of w_{t+1} = w_t - …: the loss is of w.
    if !isSupposed, parameter.places(sharedWith: ClaimSymbol(sides[0]) ?? parameter).isEmpty,
      case .scripted(let base, _) = by.kind, !parameter.isBias
    {
      by = base
    }
    guard let loss = Differential.loss(of: by, context.scope(.printed)) else { return nil }
    let target = Differential.fraction(loss, by, by.span)
    let math = Math(.sum(claim), sides[1].span)
    let claimed = MathItem(.formula([target, math], [.equals]), item.span)
    guard
      var finding = DerivativeCheck.finding([claimed], in: context, isStopped: isStopped),
      finding.verdict != .unchecked
    else { return nil }
    let of = ClaimText.pretty(labelText(loss))
    let letter = rate.map { ClaimText.pretty($0) } ?? ""
    // The learning rate takes in what is only a number.
    let constants = ["sum-for-mean", "mean-for-sum", "factor-two", "constant-factor"]
    let isConstant =
      finding.mistake.map(constants.contains) ?? false
      && !finding.details.contains { $0.contains("-") && $0.contains("times the derivative") }
    switch finding.verdict {
    case .right:
      finding.headline = "= gradient_descent(lr=\(letter))"
      finding.details = ["what is subtracted is \(letter) times the gradient of \(of)"]
    case .wrong where isConstant:
      finding = Finding(
        .right, "= gradient_descent(lr=\(letter))",
        measure: "agrees with finite differences but for a constant factor",
        details: [
          "what is subtracted is the gradient of \(of) but for a constant factor, which \(letter) takes in"
        ] + finding.details.prefix(1))
    case .wrong:
      guard finding.mistake != nil, finding.mistake != "transposed" else { return nil }
      finding.headline = "≠ gradient_descent"
      finding.details.insert("what is subtracted is not the gradient of \(of)", at: 0)
      finding.span = item.span
    case .unchecked: return nil
    }
    finding.reference = "gradient_descent"
    return finding
  }

  /// α (Xw - y) without α; nil where no learning rate stands in front.
  private static func withoutRate(_ math: Math) -> (String, Math)? {
    switch math.kind {
    case .product(var factors):
      guard factors.count > 1 else { return nil }
      for place in factors.indices
      where factors[place].sign != .slash && factors[place].sign != .over {
        let factor = factors[place].value
        if DescentStep.isRate(factor) {
          factors.remove(at: place)
          guard let first = factors.first, first.sign != .slash, first.sign != .over else {
            return nil
          }
          return (
            factor.span.text,
            factors.count == 1 ? first.value : Math(.product(factors), math.span)
          )
        }
        if let (letter, rest) = withoutRate(factor) {
          factors[place].value = rest
          return (letter, Math(.product(factors), math.span))
        }
        // What stands behind brackets is no learning rate.
        if case .number = factor.kind { continue }
        if case .fraction = factor.kind { continue }
        return nil
      }
      return nil
    case .fraction(let above, let below):
      let one = Math(.number("1"), above.span)
      if DescentStep.isRate(above) {
        return (above.span.text, Math(.fraction(one, below), math.span))
      }
      return withoutRate(above).map { ($0.0, Math(.fraction($0.1, below), math.span)) }
    default: return nil
    }
  }

  static func combined(_ own: Finding, _ measured: Finding) -> Finding {
    var measured = measured
    // What is said of the loss decides.
    if measured.verdict == .right, let reference = own.reference {
      measured.reference = reference
      if own.verdict == .right { measured.headline = own.headline }
    }
    return measured
  }

  /// Where no formula says what the loss is: beside the one that such a model is fitted with.
  static func supposed(
    _ own: Finding, _ item: MathItem, _ step: DescentStep, _ context: ClaimContext,
    _ isStopped: Stopping
  ) -> Finding {
    guard own.verdict == .right,
      let supposed = SupposedLoss(step, context.scope(.printed)),
      let measured = measured(
        item, step.parameter, supposed.added(to: context), isStopped, isSupposed: true)
    else { return own }
    var finding = own
    if measured.verdict == .right {
      finding.measure = measured.measure
      finding.details[finding.details.count - 1] =
        "no formula says what the loss is; compared with that of \(supposed.says)"
      return finding
    }
    finding.verdict = .unchecked
    finding.headline = "a step with its gradient written out"
    finding.details = [
      "it is not the gradient of \(supposed.says), and no formula says what the loss is"
    ]
    return finding
  }
}
