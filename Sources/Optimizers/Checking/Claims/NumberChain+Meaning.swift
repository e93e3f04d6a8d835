// What a chain of numbers is meant to say: a calculation, an equation to be solved, a time of day.

import Diagnostics
import Notation

extension NumberChain {
  /// Whether there is anything here to calculate: not `x = 2`, not a formula without numbers.
  var speaksOfNumbers: Bool {
    let sides = chain.sides.dropFirst()
    guard
      sides.contains(where: { PrintedVector($0.math) != nil })
        || chain.sides.contains(where: { isArithmetic($0.math) })
    else { return false }
    // m_0 = v_0 = 0
    if sides.dropLast().allSatisfy({ ClaimSymbol($0.math) != nil && context.value($0.math) == nil })
      && isName(chain.sides[0].math)
    {
      return false
    }
    return true
  }

  /// x² - 1 = 0 asks for x; it claims nothing of the x there was before.
  var isEquation: Bool {
    guard chain.sides.count == 2, let printed = PrintedVector(chain.sides[1].math),
      printed.numbers.allSatisfy({ $0.value == 0 })
    else { return false }
    var hasSymbols = false
    visitSymbols(chain.sides[0].math) { _ in hasSymbols = true }
    return hasSymbols
  }

  /// The 30 of 8:30 is no number of its own.
  var isBehindColon: Bool {
    let (bytes, start) = (chain.span.source.bytes, chain.sides[0].math.span.start)
    guard start > 1, start <= bytes.count, bytes[start - 1] == UInt8(ascii: ":") else {
      return false
    }
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[start - 2])
  }

  /// What log and round may mean where the usual meaning does not hold: to the base 10 or 2, halves up.
  var otherMeanings: [(chain: NumberChain, says: String)] {
    func isLog(_ call: MathFunction) -> Bool {
      call.name == "log" && call.scripts?.lower.isEmpty ?? true
        && call.nameSpan.text.hasSuffix("log")
    }
    let decimal = changed { part in
      guard case .function(var call) = part.kind, isLog(call) else { return nil }
      call.name = "lg"
      return Math(.function(call), part.span)
    }
    let binary = changed { part in
      guard case .function(var call) = part.kind, isLog(call) else { return nil }
      var scripts = call.scripts ?? MathScripts()
      scripts.lower = [Math(.number("2"), part.span)]
      call.scripts = scripts
      return Math(.function(call), part.span)
    }
    let rounding = ["round", "nint", "rint"]
    let halvesUp = changed { part in
      if case .function(var call) = part.kind, rounding.contains(call.name) {
        call.name = "roundaway"
        return Math(.function(call), part.span)
      }
      guard case .symbol(let symbol) = part.kind, rounding.contains(symbol.name) else { return nil }
      return Math(.symbol(MathSymbol("roundaway", isWord: true)), part.span)
    }
    return [
      decimal.map { ($0, "log is the logarithm to the base 10 here") },
      binary.map { ($0, "log is the logarithm to the base 2 here") },
      halvesUp.map { ($0, "halves are rounded away from zero here") },
    ].compactMap { $0 }
  }

  /// Whether it takes a logarithm without saying to which base.
  var hasPlainLogarithm: Bool { otherMeanings.contains { $0.says.hasPrefix("log") } }

  /// nil where nothing changes.
  private func changed(_ change: @escaping (Math) -> Math?) -> NumberChain? {
    var hasChanged = false
    var other = chain
    for place in other.sides.indices {
      other.sides[place].math = MathRewrite.bottomUp(other.sides[place].math) { part in
        let new = change(part)
        if new != nil { hasChanged = true }
        return new
      }
    }
    guard hasChanged else { return nil }
    var result = NumberChain(other, context, isStopped)
    result.isOtherMeaning = true
    return result
  }

  /// A number with nothing to calculate, not even a power of ten.
  func isPlain(_ math: Math) -> Bool {
    switch math.kind {
    case .number: true
    case .sum(let terms): terms.count == 1 && isPlain(terms[0].value)
    case .fenced(let fence, let items):
      ![.floor, .ceiling, .bars, .norm].contains(fence) && items.allSatisfy(isPlain)
    default: false
    }
  }

  /// Numbers alone, with something to calculate.
  func isArithmetic(_ math: Math) -> Bool {
    guard !isPlain(math) else { return false }
    return (try? ClaimEvaluator(ClaimScope()).value(math)) != nil
  }

  func isCall(_ math: Math) -> Bool {
    guard case .product(let factors) = math.kind, factors.count == 2,
      case .fenced(let fence, let items) = factors[1].value.kind,
      fence == .parenthesis || fence == .bracket, factors[1].sign == .implicit,
      let symbol = ClaimSymbol(factors[0].value)
    else { return false }
    // \sigma(0.3775) is calculated; J(\theta) is a name.
    let isKnown = context.value(math) != nil
    return !isKnown && (symbol.power == nil) && items.allSatisfy { PrintedNumber($0) == nil }
  }

  func unchecked(_ failure: FormulaFailure?) -> Finding? {
    guard let failure, let last = chain.sides.last, PrintedVector(last.math) != nil,
      chain.sides.count > 2 || mixesNumbers(chain.sides[0].math)
        || isAmongNumbers && isCalculated(failure)
    else { return nil }
    var text = failure.text
    switch failure {
    case .undefined(let what, let span) where what == FormulaEvaluator.zeroDivisor:
      let below = pretty(span)
      if below != "0" { text = "\(below) is 0: " + text }
    case .undefined, .tooLong:
      if failure.span.text != chain.sides[0].math.span.text {
        text = pretty(failure.span) + ": " + text
      }
    default: break
    }
    return Finding(.unchecked, pretty(chain.span), details: [text], span: failure.span)
  }

  /// Whether all that is in the way is a number that there is not, 1/0, or that takes too long.
  private func isCalculated(_ failure: FormulaFailure) -> Bool {
    switch failure {
    case .undefined, .tooLong: true
    default: false
    }
  }

  func mixesNumbers(_ math: Math) -> Bool {
    Literals.of(math).contains { !$0.isWhole }
  }

}
