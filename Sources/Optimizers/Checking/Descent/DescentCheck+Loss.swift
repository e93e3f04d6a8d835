// A step beside the derivative of a loss: the one that the text gives, or the one that such a model is
// fitted with.

import Diagnostics
import Notation

extension DescentCheck {
  enum Measured {
    /// - climbs: the loss is made large.
    case found(Finding, climbs: Bool)
    /// A loss is said, and this is not its derivative in a way that one slip explains, or could not be
    /// compared with it.
    case apart(String)
    /// No formula says what the loss is.
    case unsaid
  }

  /// What is subtracted beside the derivative of the loss.
  static func measured(
    _ item: MathItem, _ parameter: ClaimSymbol, _ context: ClaimContext, _ words: DescentWords,
    _ isStopped: Stopping, isSupposed: Bool = false
  ) -> Measured {
    let scope = context.scope(.printed)
    var unread: Measured {
      guard let loss = lossSaid(of: parameter, scope) else { return .unsaid }
      return .apart("it was not compared with the gradient of \(name(of: loss))")
    }
    guard case .formula(let sides, _) = item.kind, sides.count == 2, !sides[1].hasGradient,
      case .sum(let terms) = sides[1].kind,
      let place = terms.firstIndex(where: {
        !$0.isNegative && ClaimSymbol($0.value)?.isSame(as: parameter) ?? false
      })
    else { return unread }
    var claim: [MathTerm] = []
    var rate: String?
    for (other, term) in terms.enumerated() where other != place {
      guard let (letter, rest) = withoutRate(term.value), rate == nil || rate == letter else {
        return unread
      }
      rate = letter
      claim.append(MathTerm(isNegative: !term.isNegative, value: rest))
    }
    guard !claim.isEmpty else { return unread }
    var by = terms[place].value
    // w_t of w_{t+1} = w_t - …: the loss is of w.
    if !isSupposed, parameter.places(sharedWith: ClaimSymbol(sides[0]) ?? parameter).isEmpty,
      case .scripted(let base, _) = by.kind, !parameter.isBias
    {
      by = base
    }
    guard let loss = Differential.loss(of: by, scope) else { return unread }
    let target = Differential.fraction(loss, by, by.span)
    let math = Math(.sum(claim), sides[1].span)
    let claimed = MathItem(.formula([target, math], [.equals]), item.span)
    let of = name(of: loss)
    guard
      var finding = DerivativeCheck.finding([claimed], in: context, isStopped: isStopped),
      finding.verdict != .unchecked
    else { return .apart("it could not be compared with the gradient of \(of)") }
    let letter = rate.map { ClaimText.pretty($0) } ?? ""
    var climbs = false
    switch finding.verdict {
    case .right:
      finding.headline = "= gradient_descent(lr=\(letter))"
      finding.details = ["what is subtracted is \(letter) times the gradient of \(of)"]
    case .wrong:
      // The learning rate takes in what is only a number.
      if let ratio = finding.ratio, ratio > 0 {
        finding = constant(finding, of, letter, rule: "gradient_descent(lr=\(letter))")
      } else if let ratio = finding.ratio, ratio < 0, !isSupposed,
        let upward = upward(loss, scope, words)
      {
        climbs = true
        let rule = "gradient_descent(lr=\(letter)) on −\(of)"
        if !upward {
          finding = Finding(
            .unchecked, "a step with its gradient written out",
            details: [
              "what is added is \(letter) times the gradient of \(of): it is made large, and the words"
                + " speak of both"
            ], span: item.span)
        } else if abs(ratio + 1) < 1e-4 {
          finding = Finding(
            .right, "= \(rule)", measure: "agrees with finite differences",
            details: ["what is added is \(letter) times the gradient of \(of), which is made large"]
          )
        } else {
          finding = constant(finding, of, letter, rule: rule, isAdded: true)
        }
      } else {
        guard finding.mistake != nil, finding.mistake != "transposed" else {
          return .apart("\(of) as it is printed has another gradient")
        }
        finding.headline = "≠ gradient_descent"
        finding.details.insert("what is subtracted is not the gradient of \(of)", at: 0)
        finding.span = item.span
      }
    case .unchecked: return unread
    }
    finding.reference = "gradient_descent"
    return .found(finding, climbs: climbs)
  }

  private static func constant(
    _ wrong: Finding, _ of: String, _ letter: String, rule: String, isAdded: Bool = false
  ) -> Finding {
    Finding(
      .right, "= \(rule)", measure: "agrees with finite differences but for a constant factor",
      details: [
        "what is \(isAdded ? "added" : "subtracted") is the gradient of \(of) but for a constant factor,"
          + " which \(letter) takes in"
      ] + (isAdded ? [] : Array(wrong.details.prefix(1))))
  }

  // MARK: The loss that is said

  /// The loss of w is that of w_t and of θ_j too.
  private static func lossSaid(of parameter: ClaimSymbol, _ scope: ClaimScope) -> Math? {
    let whole = Math(.symbol(MathSymbol(parameter.base)), parameter.span)
    return Differential.loss(of: whole, scope)
  }

  private static func name(of loss: Math) -> String {
    let label = labelText(loss)
    return label == "ell" ? "ℓ" : ClaimText.pretty(label)
  }

  /// Whether a step that makes the function larger is meant: true where it is, false where the words speak
  /// of both, nil where nothing speaks of it.
  private static func upward(_ loss: Math, _ scope: ClaimScope, _ words: DescentWords) -> Bool? {
    if let value = ClaimSymbol(loss).flatMap({ scope.definitions[$0.key]?.value }),
      isLogLikelihood(value)
    {
      return true
    }
    return switch words.goal {
    case .large: true
    case .both: false
    case .small, .unsaid: nil
    }
  }

  /// Σ y log h + (1 - y) log(1 - h): each logarithm has a weight and is added. A log(1 + e^{-z}) or
  /// log σ has none, and is a part of a loss.
  private static func isLogLikelihood(_ math: Math) -> Bool {
    var logarithms = 0
    var isPositive = true
    func hasLogarithm(_ math: Math) -> Bool {
      if case .function(let call) = math.kind, ["log", "ln"].contains(call.name) { return true }
      return math.children.contains(where: hasLogarithm)
    }
    func visit(_ math: Math, isNegative: Bool, isWeighted: Bool) {
      switch math.kind {
      case .sum(let terms):
        for term in terms where hasLogarithm(term.value) {
          visit(term.value, isNegative: isNegative != term.isNegative, isWeighted: isWeighted)
        }
      case .function(let call) where ["log", "ln"].contains(call.name):
        logarithms += 1
        if isNegative || !isWeighted { isPositive = false }
      case .product(let factors):
        let isWeighted =
          isWeighted
          || factors.contains { factor in
            if case .number = factor.value.kind { return false }
            if case .fraction = factor.value.kind { return false }
            return !hasLogarithm(factor.value)
          }
        for factor in factors where hasLogarithm(factor.value) {
          visit(factor.value, isNegative: isNegative, isWeighted: isWeighted)
        }
      default:
        for child in math.children where hasLogarithm(child) {
          visit(child, isNegative: isNegative, isWeighted: isWeighted)
        }
      }
    }
    visit(math, isNegative: false, isWeighted: false)
    return logarithms > 0 && isPositive
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

  static func combined(_ own: Finding, _ measured: Finding, climbs: Bool) -> Finding {
    var measured = measured
    // What is said of the loss decides.
    if measured.verdict == .right, let reference = own.reference, !climbs {
      measured.reference = reference
      if own.verdict == .right { measured.headline = own.headline }
    }
    return measured
  }

  /// Where no formula says what the loss is, or the step is not held to that: beside the one that such a
  /// model is fitted with.
  static func supposed(
    _ own: Finding, _ item: MathItem, _ step: DescentStep, _ context: ClaimContext,
    _ isStopped: Stopping, apart: String? = nil
  ) -> Finding {
    guard own.verdict == .right else { return own }
    let reason = apart ?? "no formula says what the loss is"
    var finding = own
    finding.details[finding.details.count - 1] =
      "\(reason); \(apart == nil ? "no numbers were compared" : "its form alone was judged")"
    guard let supposed = SupposedLoss(step, context.scope(.printed)),
      case .found(let measured, _) = measured(
        item, step.parameter, supposed.added(to: context), DescentWords(), isStopped,
        isSupposed: true),
      !(measured.isMisfit && step.isOfVectors)
    else { return finding }
    if measured.verdict == .right {
      finding.measure = measured.measure
      finding.details[finding.details.count - 1] =
        "\(reason); compared with that of \(supposed.says)"
      return finding
    }
    finding.verdict = .unchecked
    finding.headline = "a step with its gradient written out"
    finding.details = ["it is not the gradient of \(supposed.says), and \(reason)"]
    return finding
  }
}
