// Gradient descent as courses print it, with the gradient written out instead of ∇J: the step of a linear
// or logistic regression, the LMS rule, the delta rule.
//
// Where the text says what the loss is, what is subtracted is held to its derivative by finite
// differences. Where it does not, every loss that such a model is fitted with has this gradient, but for a
// constant that the learning rate takes in; that the loss is not said is said. A wrong sign, a missing
// input or another's input is wrong where the way it is printed tells which is the prediction.

import Diagnostics
import Notation

package enum DescentCheck {
  /// nil for a text that has no such update.
  static func finding(
    _ items: [MathItem], in context: ClaimContext, words: DescentWords = DescentWords(),
    isStopped: Stopping = .never
  ) -> Finding? {
    var context = context
    context.add(items)
    let scope = context.scope(.printed)
    var findings: [Finding] = []
    for (place, item) in items.enumerated() {
      guard case .formula(let sides, let relations) = item.kind, !relations.isEmpty else {
        continue
      }
      if var step = DescentStep(item, scope) {
        if step.isChange,
          words.subtractsChange(of: step.parameter, Array(items[(place + 1)...]))
        {
          step.turn()
          findings.append(ofUse(judged(step, scope, words), step, isTurned: true))
          continue
        }
        let own = ofUse(judged(step, scope, words), step)
        switch measured(item, step.parameter, context, words, isStopped) {
        case .found(let finding, _)
        where finding.isMisfit && own.verdict == .right && step.isOfVectors:
          findings.append(
            supposed(
              own, item, step, context, isStopped,
              apart: "its shapes are not those that were tried for the gradient"))
        case .found(let finding, let climbs):
          findings.append(combined(own, finding, climbs: climbs))
        case .apart(let reason):
          findings.append(supposed(own, item, step, context, isStopped, apart: reason))
        case .unsaid: findings.append(supposed(own, item, step, context, isStopped))
        }
      } else if let parameter = updated(item),
        case .found(let finding, _) = measured(item, parameter, context, words, isStopped)
      {
        findings.append(finding)
      } else if let unsaid = DescentStep.unsaidError(item, scope) {
        findings.append(
          Finding(
            .unchecked, "a step with its gradient written out",
            details: [
              "no formula says what \(ClaimText.pretty(unsaid.text)) is: the target minus the prediction, or the"
                + " prediction minus the target"
            ], span: unsaid, reference: "gradient_descent"))
      } else if updated(item) != nil || sides.contains(where: \.hasGradient) {
        // What moves something else in another way is not left out.
        return nil
      }
    }
    return NumberCheck.combined(findings)
  }

  /// w of w := w - …
  private static func updated(_ item: MathItem) -> ClaimSymbol? {
    guard case .formula(let sides, _) = item.kind, sides.count == 2,
      let new = ClaimSymbol(sides[0]),
      case .sum(let terms) = sides[1].kind, let first = terms.first, !first.isNegative,
      let old = ClaimSymbol(first.value), old.isSame(as: new)
    else { return nil }
    return old
  }

  // MARK: By what it is made of

  /// What is done with Δw is not said where no learning rate stands in it, or it is subtracted: its
  /// sign accuses nobody.
  private static func ofUse(_ own: Finding, _ step: DescentStep, isTurned: Bool = false)
    -> Finding
  {
    guard step.isChange, isTurned || step.rate == nil,
      own.mistake == "sign" || own.mistake == "decay-sign"
    else { return own }
    let change = "Δ" + ClaimText.pretty(step.parameter.span.text)
    return Finding(
      .unchecked, "a step with its gradient written out",
      details: [
        "how \(change) is used is not said here: its sign is right where it is"
          + (isTurned ? " added" : " subtracted")
      ],
      span: own.span, reference: own.reference)
  }

  private static func judged(_ step: DescentStep, _ scope: ClaimScope, _ words: DescentWords)
    -> Finding
  {
    var usage = ClaimUsage(scope)
    usage.add(step.error.target)
    let error = step.error
    let name = ClaimText.pretty(step.parameter.span.text)
    let reference = step.decays.isEmpty ? "gradient_descent" : "gradient_descent_l2"
    func wrong(_ id: String, _ details: [String]) -> Finding {
      Finding(
        .wrong, "≠ \(reference)", details: details, mistake: id, span: step.span,
        reference: reference)
    }
    func unchecked(_ details: [String]) -> Finding {
      Finding(
        .unchecked, "a step with its gradient written out", details: details, span: step.span,
        reference: reference)
    }
    let (predicted, target) = (error.pretty, ClaimText.pretty(error.target.span.text))
    if !step.descends {
      guard error.isSure else {
        return unchecked([
          "whether \(predicted) is the prediction and \(target) the target, or the other way round, is not"
            + " said: the sign is right for one of the two"
        ])
      }
      let goal = words.goal
      if goal == .large || goal == .both, !words.speaksOfLikelihood {
        return unchecked([
          "the words speak of making something large, and no formula says what: the step leads away"
            + " from the targets, uphill on every usual loss"
        ])
      }
      let printed = error.isForward ? "added" : "subtracted"
      return wrong(
        "sign",
        [
          "the error \(ClaimText.pretty(error.span.text)) is \(printed): the step leads away from the"
            + " targets, uphill on every usual loss"
        ])
    }
    if let finding = input(step, usage, name, wrong, unchecked) { return finding }
    for decay in step.decays where !decay.isNegative {
      return wrong("decay-sign", ["the penalty's gradient is added: it makes \(name) grow"])
    }
    let model = error.model(usage)
    if case .other(let function) = model, !step.hasSlope {
      return unchecked(["the derivative of \(function) is not a factor, and no loss is said"])
    }
    var arguments = step.rate.map { "lr=\(ClaimText.pretty($0.span.text))" } ?? ""
    if let decay = step.weightDecay { arguments += ", weight_decay=\(decay)" }
    var finding = Finding(
      .right, "= \(reference)" + (arguments.isEmpty ? "" : "(\(arguments))"),
      details: ["the gradient by \(name) is written out: that of \(loss(model, step))"],
      reference: reference)
    if step.rate == nil, !step.isChange {
      finding.details.append("no learning rate is printed: it is 1")
    }
    finding.details.append("no formula says what the loss is; no numbers were compared")
    return finding
  }

  /// The loss that has this gradient.
  private static func loss(_ model: PredictionError.Model, _ step: DescentStep) -> String {
    let of = step.isOfMany ? "the samples" : "one sample"
    let penalty = step.decays.isEmpty ? "" : ", plus a penalty on its square"
    if step.hasSlope { return "half the squared error of \(of)\(penalty)" }
    return switch model {
    case .linear: "half the squared error of \(of)\(penalty)"
    case .sigmoid, .softmax: "the cross-entropy of \(of)\(penalty)"
    case .step:
      "no loss, which a threshold does not have; it is the perceptron's rule\(penalty)"
    case .unsaid, .other:
      "half the squared error of \(of) for a linear model, of the cross-entropy for a sigmoid"
        + " or softmax\(penalty)"
    }
  }

  /// What is wrong with the factor that the error is multiplied by; nil for nothing.
  private static func input(
    _ step: DescentStep, _ usage: ClaimUsage, _ name: String,
    _ wrong: (String, [String]) -> Finding, _ unchecked: ([String]) -> Finding
  ) -> Finding? {
    let inputs = step.error.inputs
    let role = ParameterRole(step)
    guard let input = step.input else {
      if role == .added || role != .multiplied && step.parameter.stem == "b" { return nil }
      let isWeight = ["w", "W", "theta", "Theta", "beta"].contains(step.parameter.stem)
      guard isWeight, let first = inputs.sorted().first else {
        return unchecked([
          "a weight's gradient has what it is multiplied by as a factor; here is the error alone"
        ])
      }
      let letter = step.component.first.map { "\(first)_\($0)" } ?? first
      return wrong(
        "factor-left-out",
        [
          "the factor \(ClaimText.pretty(letter)) is missing: the error alone is the gradient by a bias,"
            + " and \(name) is multiplied by the input"
        ])
    }
    let text = ClaimText.pretty(input.span.text)
    let symbol = ClaimSymbol(input)
    let places = (symbol?.placeLetters ?? []).union(
      symbol == nil ? input.children.reduce(into: Set()) { $0.formUnion($1.placesInside) } : [])
    if role == .added || role == .likelyAdded {
      // x_0 is 1.
      if places.contains("0") { return nil }
      let isWritten = ParameterRole.written(step.parameter, in: step.error.prediction) != nil
      guard role == .added, isWritten || step.parameter.stem == "b",
        let stem = symbol?.stem, inputs.contains(stem)
      else {
        return unchecked(["nothing multiplies a bias; what \(text) is here is not said"])
      }
      return wrong(
        "extra-factor",
        ["\(text) is a factor, but \(name) is added: its gradient is the error alone"])
    }
    // j of θ_j; the samples' letter is bound by the sum, or stands at the target.
    let samples = Set(step.data.sums.compactMap(\.letter)).union(
      ClaimSymbol(step.error.target)?.placeLetters ?? [])
    let component = step.component.first
    guard let component, component.count == 1, component.first?.isLetter ?? false else {
      return nil
    }
    if places.contains(component) { return nil }
    let others = places.subtracting(samples).filter { $0.count == 1 && $0.first?.isLetter ?? false }
    if let other = others.sorted().first, step.component.count == 1, symbol != nil,
      !samples.contains(component)
    {
      return wrong(
        "index-swapped",
        [
          "\(name) is moved by \(text): the index \(other) stands for \(component)"
        ])
    }
    if step.component.count > 1 || samples.contains(component) { return nil }
    return unchecked([
      "\(text) has no index \(component): \(name) is moved by its own input alone, which is not said here"
    ])
  }
}

extension Math {
  /// ∇ or a derivative stands in it.
  var hasGradient: Bool {
    if DerivativeSign(self) != nil { return true }
    return children.contains(where: \.hasGradient)
  }

  /// The letters of the places of all symbols in it.
  fileprivate var placesInside: Set<String> {
    if let symbol = ClaimSymbol(self) { return symbol.placeLetters }
    return children.reduce(into: Set()) { $0.formUnion($1.placesInside) }
  }
}
