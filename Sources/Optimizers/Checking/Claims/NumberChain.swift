// One chain of a printed calculation: each side worked out, each link judged by its printed digits.

import Diagnostics
import Notation

/// One chain of equalities with numbers in it.
struct NumberChain {
  let chain: ClaimChain
  let context: ClaimContext
  let claim: NumberClaim
  let isStopped: Stopping
  /// Whether what stands beside it is calculated as well; 0/0 = 0 within a program's text is a remark.
  var isAmongNumbers = true
  /// It is read with another meaning of log or round already.
  var isOtherMeaning = false

  init(_ chain: ClaimChain, _ context: ClaimContext, _ isStopped: Stopping) {
    self.isStopped = isStopped
    self.chain = chain
    self.context = context
    claim = NumberClaim(context: context)
  }

  /// A side that has a value.
  struct Evaluated {
    var place: Int
    var math: Math
    var values: [FormulaValue]
    var printed: PrintedVector?
  }

  func finding() -> Finding? {
    guard speaksOfNumbers, !isBehindColon else { return nil }
    var before: [Evaluated] = []
    var failure: FormulaFailure?
    var remarks: [String] = []
    var compared = 0
    for (place, side) in chain.sides.enumerated() {
      let printed = PrintedVector(side.math)
      // The name of what is calculated; its older value is no claim.
      if place == 0, isName(side.math) || isCall(side.math) { continue }
      // p₁ = p₂ = 1 gives a value to both.
      if let symbol = ClaimSymbol(side.math), symbol.power == nil, printed == nil, before.isEmpty,
        context.known[symbol.key] != nil, place + 1 < chain.sides.count,
        PrintedVector(chain.sides[place + 1].math) != nil
      {
        continue
      }
      let values: [FormulaValue]
      do {
        values = try claim.values(side.math, earlier: before.flatMap(\.values))
      } catch {
        failure = failure ?? error
        continue
      }
      let here = Evaluated(place: place, math: side.math, values: values, printed: printed)
      if let last = before.last {
        if !isPlain(last.math) || !isPlain(side.math) { compared += 1 }
        switch link(last, here, before, isApproximate: side.isApproximate) {
        case .right(let remark): remark.map { remarks.append($0) }
        case .wrong(var finding):
          if isEquation { return nil }
          if isOtherMeaning { return finding }
          for (other, says) in otherMeanings {
            if var right = other.finding(), right.verdict == .right {
              right.details.append(says)
              return right
            }
          }
          if hasPlainLogarithm { finding.details.append("log is read as the natural logarithm") }
          return finding
        case .none: break
        }
      }
      before.append(here)
    }
    guard compared > 0 else { return unchecked(failure) }
    let last = chain.sides[chain.sides.count - 1].math
    return Finding(
      .right, "= " + pretty(last.span),
      measure: compared == 1 ? "calculated" : "\(compared) steps calculated", details: remarks)
  }

  /// A symbol that is given its value here; a power of e is a number by itself.
  func isName(_ math: Math) -> Bool {
    ClaimSymbol(math) != nil && !statesConstant(math)
  }

  // MARK: One link

  enum Link {
    case right(String?)
    case wrong(Finding)
    /// Nothing to compare.
    case none
  }

  func link(
    _ a: Evaluated, _ b: Evaluated, _ before: [Evaluated], isApproximate: Bool
  ) -> Link {
    if let printed = b.printed {
      // A number behind a calculation, or behind another number.
      let source = a.printed == nil ? a : before.last { $0.printed == nil } ?? a
      let spread = self.spread(of: source, before)
      var values = source.values
      // Carried on from further left with all digits.
      for earlier in before.reversed() where earlier.printed == nil { values += earlier.values }
      if a.printed != nil { values = a.values + values }
      // Of π all digits are known.
      let isApproximate = isApproximate && !(source.place == 0 && statesConstant(source.math))
      return judged(
        claim.judge(printed, values, spread: spread, isApproximate: isApproximate), source, b,
        printed, isApproximate: isApproximate)
    }
    if let printed = a.printed, a.place == 0 {
      // 0.271 = 1 - 0.9^3
      let spread = self.spread(of: b, [])
      return judged(
        claim.judge(printed, b.values, spread: spread, isApproximate: isApproximate), b, a, printed,
        isApproximate: isApproximate)
    }
    return expressions(a, b, before, isApproximate: isApproximate)
  }

  func spread(of side: Evaluated, _ before: [Evaluated]) -> [Double] {
    var seen: Set<Double> = []
    for earlier in before where earlier.place < side.place {
      for literal in Literals.of(earlier.math) { seen.insert(literal.value) }
    }
    return claim.spread(side.math, isFirst: seen.isEmpty, before: seen)
  }

  func judged(
    _ verdict: NumberClaim.Verdict, _ source: Evaluated, _ target: Evaluated,
    _ printed: PrintedVector, isApproximate: Bool
  ) -> Link {
    switch verdict {
    case .right(let outcome):
      return .right(remark(outcome, source, printed))
    case .sizes(let text):
      return .wrong(
        Finding(
          .wrong, "\(pretty(source.math)) is not \(pretty(target.math))", details: [text],
          span: target.math.span))
    case .wrong(let outcome, let component, let value, let number):
      return .wrong(
        wrong(outcome, component, value, number, source: source, target: target))
    }
  }

  func remark(
    _ outcome: PrintedDigits.Outcome, _ source: Evaluated, _ printed: PrintedVector
  ) -> String? {
    let value = source.values.first?.elements ?? []
    guard
      let place = printed.numbers.indices.first(where: { place in
        value.indices.contains(place)
          && ![.exact, .rounded].contains(
            PrintedDigits(printed.numbers[place], value: value[place]).outcome)
      })
    else { return nil }
    let number = printed.numbers[place]
    let text = number.printed(value[place])
    switch outcome {
    case .truncated:
      return "\(pretty(number.span)) is cut off; rounded it is \(text)"
    case .carried, .rounded, .exact:
      // A thousand times as much is the same print read the other way.
      let times = abs(value[place] / number.value)
      if number.groupSign == "," || abs(times - 1000) < 1 || abs(times - 0.001) < 1e-6 {
        return nil
      }
      return "with the numbers as printed it is \(text); \(pretty(number.span)) is right when "
        + "more digits are carried"
    case .slip, .wrong: return nil
    }
  }

  func wrong(
    _ outcome: PrintedDigits.Outcome, _ component: Int?, _ value: Double, _ number: PrintedNumber,
    source: Evaluated, target: Evaluated
  ) -> Finding {
    let shown = number.told(value)
    var headline = "\(pretty(source.math)) is \(shown), not \(pretty(number.span))"
    if let component {
      headline =
        "component \(component + 1) of \(pretty(source.math)) is \(shown), not "
        + pretty(number.span)
    }
    var details: [String] = []
    var mistake: String?
    let fits = { (value: Double) in PrintedDigits(number, value: value).outcome <= .rounded }
    if outcome == .slip {
      mistake = "rounding"
      details.append("a slip in the last digit: it is \(NumberFormat.text(value, digits: 12))")
    } else if number.value == value.rounded(.towardZero), number.isWhole {
      mistake = "truncated"
      details.append("cut off: it is \(NumberFormat.text(value))")
    } else if let reason = NumberMistakes.explain(
      source.math, component: component, value: value, number: number, context: context,
      isStopped: isStopped, fits: fits)
    {
      mistake = reason.id
      details.append(reason.says)
    }
    if chain.sides.count > 3 || chain.sides.count == 3 && ClaimSymbol(chain.sides[0].math) == nil {
      details.append(
        "the first step that does not hold: \(pretty(source.math)) = \(pretty(target.math))")
    }
    let finding = settled(
      Finding(
        .wrong, headline, details: details, mistake: mistake, span: number.span,
        reference: shown), source)
    return mistake == nil && isNear(value, number.value) ? doubted(finding, source) : finding
  }

  /// A number beside the right one that no slip gives: it may have been worked out for a value nearby,
  /// v = 11.001 after v = 11.
  private func isNear(_ right: Double, _ printed: Double) -> Bool {
    let isShort = Double(NumberFormat.text(right, digits: 4)) == right
    return isShort && abs(right - printed) <= 0.001 * abs(right)
  }

  private func doubted(_ finding: Finding, _ source: Evaluated) -> Finding {
    var restsOnValues = false
    visitSymbols(source.math) { symbol in
      let key = ClaimEvaluator(context.scope(.printed)).key(of: symbol) ?? symbol.key
      if context.known[key] != nil { restsOnValues = true }
    }
    guard restsOnValues, finding.verdict == .wrong else { return finding }
    var finding = finding
    finding.verdict = .unchecked
    finding.details.append("another value nearby may be meant here")
    return finding
  }

  /// A claim that rests on values of another section is not accused.
  func settled(_ finding: Finding, _ sides: Evaluated...) -> Finding {
    var names: [String] = []
    var isOther = false
    for side in sides {
      visitSymbols(side.math) { symbol in
        let key = ClaimEvaluator(context.scope(.printed)).key(of: symbol) ?? symbol.key
        if let known = context.known[key] {
          let isSure = known.times == 1 && finding.mistake != nil
          if known.section != context.section, !isSure { isOther = true }
          names.append("\(symbol.pretty) = \(text(known.printed))")
        } else if let definition = context.definitions[key] {
          if context.definedIn[key] != [context.section] { isOther = true }
          names.append("\(symbol.pretty) = \(pretty(definition.value))")
        }
      }
    }
    guard !names.isEmpty else { return finding }
    var unique: [String] = []
    for name in names where !unique.contains(name) { unique.append(name) }
    let basis = "with " + unique.joined(separator: ", ")
    var finding = finding
    finding.details.insert(basis, at: 0)
    guard isOther else { return finding }
    finding.verdict = .unchecked
    finding.details.append("those were said further up and may not be meant here")
    finding.mistake = nil
    return finding
  }

  func visitSymbols(_ math: Math, _ run: (ClaimSymbol) -> Void) {
    if let symbol = ClaimSymbol(math) {
      run(symbol)
      return
    }
    for child in math.children { visitSymbols(child, run) }
  }

  func expressions(
    _ a: Evaluated, _ b: Evaluated, _ before: [Evaluated], isApproximate: Bool
  ) -> Link {
    let seen = Set(Literals.of(a.math).map(\.value))
    let spread = claim.spread(b.math, isFirst: false, before: seen)
    let other = claim.spread(a.math, isFirst: true, before: [])
    var closest: (value: Double, target: Double)?
    for first in before.flatMap(\.values) + a.values {
      for second in b.values {
        let (x, y) = (first.elements, second.elements)
        guard x.count == y.count else { continue }
        var isSame = true
        for place in x.indices {
          let scale = max(abs(x[place]), abs(y[place]))
          var room = 1e-9 * scale
          if spread.indices.contains(place) { room += spread[place] * 1.000001 }
          if other.indices.contains(place) { room += other[place] * 1.000001 }
          if isApproximate { room += 0.005 * scale }
          if abs(x[place] - y[place]) > room {
            isSame = false
            closest = closest ?? (x[place], y[place])
          }
        }
        if isSame { return .right(nil) }
      }
    }
    // “0.35 ≈ 1/e”: how rough it may be is not said.
    if isApproximate, let closest,
      abs(closest.value - closest.target) < 0.1 * max(abs(closest.value), abs(closest.target))
    {
      return .none
    }
    guard let closest else {
      return .wrong(
        Finding(
          .wrong, "\(pretty(a.math)) is not \(pretty(b.math))",
          details: ["they have different sizes"], span: b.math.span))
    }
    return .wrong(
      settled(
        Finding(
          .wrong,
          "\(pretty(a.math)) is \(NumberFormat.text(closest.value)), but \(pretty(b.math)) is "
            + NumberFormat.text(closest.target), details: [], span: b.math.span), a, b))
  }

  /// The longest formula that a headline quotes, in characters.
  static let longestQuote = 100

  func pretty(_ math: Math) -> String { pretty(math.span) }
  func pretty(_ span: Span) -> String {
    FormulaTitle.shortened(ClaimText.pretty(span.text), to: NumberChain.longestQuote)
  }

  func text(_ value: FormulaValue) -> String {
    let numbers = value.elements.map { NumberFormat.text($0) }
    return numbers.count == 1 ? numbers[0] : "[" + numbers.joined(separator: ", ") + "]"
  }
}
