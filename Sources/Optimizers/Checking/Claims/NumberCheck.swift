// Worked numbers: whether a printed result is what the printed calculation gives, to its digits.
//
//   m_1 = 0.9 \cdot 0 + 0.1 \cdot (-4) = -0.4
//
// Each pair of neighbours in a chain is compared; the first that differ are named. What a digit may be
// off by is in `PrintedDigits`. A value that was given in another section accuses nobody, unless it was
// given only once and a known slip explains the number: otherwise the claim is unchecked, and why is
// said.

import Diagnostics
import Notation

package enum NumberCheck {
  /// What the worked numbers of a text are; nil when it has none.
  /// - Parameters:
  ///   - context: what the document has said before it.
  ///   - isStopped: ends the search for a mistake.
  package static func finding(
    _ items: [MathItem], in context: ClaimContext, isStopped: Stopping = .never
  ) -> Finding? {
    var context = context
    var findings: [Finding] = []
    let items = ClaimChain.items(items)
    for (place, item) in items.enumerated() {
      if isStopped() { break }
      if let chain = ClaimChain(item),
        let finding = NumberChain(chain, context, isStopped).finding()
      {
        findings.append(finding)
      }
      // Nothing asks what the last one says.
      if place + 1 < items.count { context.add(item) }
    }
    return combined(findings)
  }

  /// The same for TeX as it is typed; nil also when it cannot be read.
  package static func finding(_ span: Span, in context: ClaimContext = ClaimContext()) -> Finding? {
    guard let text = try? TeXText(span) else { return nil }
    return finding(text.items, in: context)
  }

  /// One finding for several: the first that is wrong, else what could not be checked, else right.
  static func combined(_ findings: [Finding]) -> Finding? {
    guard findings.count > 1 else { return findings.first }
    guard
      var result = findings.first(where: { $0.verdict == .wrong })
        ?? findings.first(where: { $0.verdict == .unchecked }) ?? findings.first
    else { return nil }
    let right = findings.filter { $0.verdict == .right }.count
    if result.verdict == .right {
      result.headline = findings.map(\.headline).joined(separator: "; ")
      result.details = findings.flatMap(\.details)
    } else {
      let others = findings.filter { $0.verdict == result.verdict }.dropFirst()
      result.details += others.map { $0.headline }
      if right > 0 { result.details.append("the other \(right) of \(findings.count) are right") }
    }
    return result
  }
}

/// One chain of equalities with numbers in it.
struct NumberChain {
  private let chain: ClaimChain
  private let context: ClaimContext
  private let claim: NumberClaim
  private let isStopped: Stopping

  init(_ chain: ClaimChain, _ context: ClaimContext, _ isStopped: Stopping) {
    self.isStopped = isStopped
    self.chain = chain
    self.context = context
    claim = NumberClaim(context: context)
  }

  /// A side that has a value.
  private struct Evaluated {
    var place: Int
    var math: Math
    var values: [ClaimValue]
    var printed: PrintedVector?
  }

  func finding() -> Finding? {
    guard speaksOfNumbers, !isBehindColon else { return nil }
    var before: [Evaluated] = []
    var failure: ClaimFailure?
    var remarks: [String] = []
    var compared = 0
    for (place, side) in chain.sides.enumerated() {
      let printed = PrintedVector(side.math)
      // The name of what is calculated; its older value is no claim.
      if place == 0, ClaimSymbol(side.math) != nil || isCall(side.math) { continue }
      let values: [ClaimValue]
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
          if let decimal = withDecimalLogarithms {
            if var right = decimal.finding(), right.verdict == .right {
              right.details.append("log is the logarithm to the base 10 here")
              return right
            }
            finding.details.append("log is read as the natural logarithm")
          }
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

  /// Whether there is anything here to calculate: not `x = 2`, not a formula without numbers.
  private var speaksOfNumbers: Bool {
    let sides = chain.sides.dropFirst()
    guard
      sides.contains(where: { PrintedVector($0.math) != nil })
        || chain.sides.contains(where: { isArithmetic($0.math) })
    else { return false }
    // m_0 = v_0 = 0
    if sides.dropLast().allSatisfy({ ClaimSymbol($0.math) != nil && context.value($0.math) == nil })
      && ClaimSymbol(chain.sides[0].math) != nil
    {
      return false
    }
    return true
  }

  /// x² - 1 = 0 asks for x; it claims nothing of the x there was before.
  private var isEquation: Bool {
    guard chain.sides.count == 2, let printed = PrintedVector(chain.sides[1].math),
      printed.numbers.allSatisfy({ $0.value == 0 })
    else { return false }
    var hasSymbols = false
    visitSymbols(chain.sides[0].math) { _ in hasSymbols = true }
    return hasSymbols
  }

  /// The 30 of 8:30 is no number of its own.
  private var isBehindColon: Bool {
    let (bytes, start) = (chain.span.source.bytes, chain.sides[0].math.span.start)
    guard start > 1, start <= bytes.count, bytes[start - 1] == UInt8(ascii: ":") else {
      return false
    }
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[start - 2])
  }

  /// The chain with log, where it is printed so and without a base, as lg; nil where it is not.
  private var withDecimalLogarithms: NumberChain? {
    var hasChanged = false
    var other = chain
    for place in other.sides.indices {
      other.sides[place].math = MathRewrite.bottomUp(other.sides[place].math) { part in
        guard case .function(var call) = part.kind, call.name == "log",
          call.scripts?.lower.isEmpty ?? true, call.nameSpan.text.hasSuffix("log")
        else { return nil }
        hasChanged = true
        call.name = "lg"
        return Math(.function(call), part.span)
      }
    }
    return hasChanged ? NumberChain(other, context, isStopped) : nil
  }

  /// A number with nothing to calculate, not even a power of ten.
  private func isPlain(_ math: Math) -> Bool {
    switch math.kind {
    case .number: true
    case .sum(let terms): terms.count == 1 && isPlain(terms[0].value)
    case .fenced(let fence, let items):
      ![.floor, .ceiling, .bars, .norm].contains(fence) && items.allSatisfy(isPlain)
    default: false
    }
  }

  /// Numbers alone, with something to calculate.
  private func isArithmetic(_ math: Math) -> Bool {
    guard !isPlain(math) else { return false }
    return (try? ClaimEvaluator(ClaimScope()).value(math)) != nil
  }

  private func isCall(_ math: Math) -> Bool {
    guard case .product(let factors) = math.kind, factors.count == 2,
      case .fenced(let fence, let items) = factors[1].value.kind,
      fence == .parenthesis || fence == .bracket, factors[1].sign == .implicit,
      let symbol = ClaimSymbol(factors[0].value)
    else { return false }
    // \sigma(0.3775) is calculated; J(\theta) is a name.
    let isKnown = context.value(math) != nil
    return !isKnown && (symbol.power == nil) && items.allSatisfy { PrintedNumber($0) == nil }
  }

  private func unchecked(_ failure: ClaimFailure?) -> Finding? {
    guard let failure, let last = chain.sides.last, PrintedVector(last.math) != nil,
      chain.sides.count > 2 || mixesNumbers(chain.sides[0].math)
    else { return nil }
    return Finding(
      .unchecked, pretty(chain.span), details: [failure.text], span: failure.span)
  }

  private func mixesNumbers(_ math: Math) -> Bool {
    Literals.of(math).contains { !$0.isWhole }
  }

  // MARK: One link

  private enum Link {
    case right(String?)
    case wrong(Finding)
    /// Nothing to compare.
    case none
  }

  private func link(
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

  private func spread(of side: Evaluated, _ before: [Evaluated]) -> [Double] {
    var seen: Set<Double> = []
    for earlier in before where earlier.place < side.place {
      for literal in Literals.of(earlier.math) { seen.insert(literal.value) }
    }
    return claim.spread(side.math, isFirst: seen.isEmpty, before: seen)
  }

  private func judged(
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

  private func remark(
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
      if number.isAmbiguous { return nil }
      return "with the numbers as printed it is \(text); \(pretty(number.span)) is right when "
        + "more digits are carried"
    case .slip, .wrong: return nil
    }
  }

  private func wrong(
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
      details.append("a slip in the last digit: it is \(Numeral.text(value, digits: 12))")
    } else if number.value == value.rounded(.towardZero), number.isWhole {
      mistake = "truncated"
      details.append("cut off: it is \(Numeral.text(value))")
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
    return settled(
      Finding(
        .wrong, headline, details: details, mistake: mistake, span: number.span,
        reference: shown), source)
  }

  /// A claim that rests on values of another section is not accused.
  private func settled(_ finding: Finding, _ sides: Evaluated...) -> Finding {
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

  private func visitSymbols(_ math: Math, _ run: (ClaimSymbol) -> Void) {
    if let symbol = ClaimSymbol(math) {
      run(symbol)
      return
    }
    for child in math.children { visitSymbols(child, run) }
  }

  private func expressions(
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
          "\(pretty(a.math)) is \(Numeral.text(closest.value)), but \(pretty(b.math)) is "
            + Numeral.text(closest.target), details: [], span: b.math.span), a, b))
  }

  /// The longest formula that a headline quotes, in characters.
  private static let longestQuote = 100

  private func pretty(_ math: Math) -> String { pretty(math.span) }
  private func pretty(_ span: Span) -> String {
    FormulaTitle.shortened(ClaimText.pretty(span.text), to: NumberChain.longestQuote)
  }

  private func text(_ value: ClaimValue) -> String {
    let numbers = value.elements.map { Numeral.text($0) }
    return numbers.count == 1 ? numbers[0] : "[" + numbers.joined(separator: ", ") + "]"
  }
}
