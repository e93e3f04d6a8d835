// An update in which the gradient is written out, taken apart: which parameter is moved, by the error of
// which prediction, times what, and what shrinks it besides.
//
//   \theta_j := \theta_j - \alpha \frac{1}{m}\sum_i (h_\theta(x^{(i)}) - y^{(i)}) x_j^{(i)}
//   w_i \leftarrow w_i + \eta (t - o) x_i          \Delta w_i = \eta (t - o) x_i

import Diagnostics
import Notation

struct DescentStep {
  /// As it is printed on the right, with the places of its components.
  let parameter: ClaimSymbol
  /// Letters and numbers of its component: j of θ_j.
  let component: [String]
  let error: PredictionError
  /// The term with the error.
  private(set) var data: DescentTerm
  /// What the error is multiplied by in each, and what is neither input nor constant.
  let input: Math?
  /// The derivative of a sigmoid, written out or as a prime.
  let hasSlope: Bool
  /// Terms with the parameter itself.
  private(set) var decays: [DescentTerm]
  let rate: Math?
  /// Δw = …: what is done with it stands elsewhere.
  let isChange: Bool
  let span: Span

  /// Many samples at once.
  var isOfMany: Bool {
    !data.sums.isEmpty || error.isTransposed
      || input.flatMap { ClaimSymbol($0) }?.stem.first?.isUppercase ?? false
  }

  /// The error of one sample times its input: no matrix is multiplied, and no order can be wrong.
  var isOfVectors: Bool {
    guard let symbol = input.flatMap({ ClaimSymbol($0) }) else { return true }
    return !symbol.isTransposed && symbol.stem.first?.isLowercase ?? false
      && parameter.stem.first?.isLowercase ?? false
  }

  /// λ/m of - α (λ/m) θ; nil where the learning rate is no factor of it.
  var weightDecay: String? {
    guard decays.count == 1, let rate else { return nil }
    let letter = ClaimText.pretty(rate.span.text)
    var rest = decays[0].factors.filter { ClaimSymbol($0.math)?.isSame(as: parameter) != true }
    guard
      let place = rest.firstIndex(where: {
        !$0.isBelow && ClaimText.pretty($0.math.span.text) == letter
      })
    else { return nil }
    rest.remove(at: place)
    func text(_ isBelow: Bool) -> String {
      rest.filter { $0.isBelow == isBelow }.map { ClaimText.pretty($0.math.span.text) }
        .joined(separator: "·")
    }
    let (above, below) = (text(false), text(true))
    return (above.isEmpty ? "1" : above) + (below.isEmpty ? "" : "/" + below)
  }

  /// The error falls: the prediction is drawn to its target.
  var descends: Bool { data.isNegative == error.isForward }

  /// The change is subtracted where it is used.
  mutating func turn() {
    data.isNegative.toggle()
    for place in decays.indices { decays[place].isNegative.toggle() }
  }

  /// nil for what is no such update.
  init?(_ item: MathItem, _ scope: ClaimScope) {
    guard case .formula(let sides, let relations) = item.kind, sides.count == 2,
      relations.count == 1
    else { return nil }
    var left = sides[0]
    var isWhole = true
    var isChange = false
    var turns = false
    switch relations[0] {
    case .equals, .assign, .becomes: break
    case .update(let sign):
      isWhole = false
      guard sign == "+" || sign == "-" else { return nil }
      turns = sign == "-"
    default: return nil
    }
    if case .product(let factors) = left.kind, factors.count == 2,
      case .symbol(let symbol) = factors[0].value.kind, symbol.name == "Delta"
    {
      (left, isWhole, isChange) = (factors[1].value, false, true)
    }
    guard let new = ClaimSymbol(left), new.power == nil || isWhole, new.letters.isEmpty else {
      return nil
    }
    let words = DescentStep.words(sides, scope)
    guard
      let terms = DescentTerms(
        words: words,
        isWhole: {
          PredictionError($0, parameter: new, words) != nil || DescentStep.isComplement($0)
        }
      ).terms(of: sides[1])
    else { return nil }
    var old: ClaimSymbol? = isWhole ? nil : new
    var data: DescentTerm?
    var decays: [DescentTerm] = []
    var error: PredictionError?
    for var term in terms {
      if turns { term.isNegative.toggle() }
      let errors = term.factors.compactMap {
        $0.isBelow ? nil : PredictionError($0.math, parameter: new, words)
      }
      if errors.count == 1 {
        guard data == nil else { return nil }
        (error, data) = (errors[0], term)
        continue
      }
      let own = term.factors.filter { ClaimSymbol($0.math).map { $0.isSame(as: new) } ?? false }
      guard errors.isEmpty, own.count == 1, !own[0].isBelow, let symbol = ClaimSymbol(own[0].math)
      else { return nil }
      term.factors.removeAll { if case .number("1") = $0.math.kind { true } else { false } }
      if term.factors.count == 1, old == nil, !term.isNegative {
        old = symbol
      } else if term.factors.allSatisfy({
        $0.math.span.start == own[0].math.span.start
          || DescentStep.isConstant($0.math, isBelow: $0.isBelow)
      }) {
        decays.append(term)
      } else {
        return nil
      }
    }
    // What draws to where it began, or on from where it was before, is no decay.
    guard let error, let old, let data,
      decays.allSatisfy({
        $0.factors.allSatisfy { DescentStep.isOther($0.math, than: old) != true }
      })
    else { return nil }
    parameter = old
    component = new.places(sharedWith: old)
    self.error = error
    self.data = data
    self.decays = decays
    self.isChange = isChange
    span = item.span
    // All that is left is one input.
    var inputs: [Math] = []
    var hasSlope = false
    for factor in data.factors {
      if PredictionError(factor.math, parameter: new, words) != nil { continue }
      if DescentStep.isConstant(factor.math, isBelow: factor.isBelow) { continue }
      if DescentStep.isSlope(factor.math, of: error) {
        hasSlope = true
        continue
      }
      guard !factor.isBelow, DescentStep.canBeInput(factor.math, words) else { return nil }
      inputs.append(factor.math)
    }
    guard inputs.count <= 1 else { return nil }
    input = inputs.first
    self.hasSlope = hasSlope
    rate = data.factors.first { !$0.isBelow && DescentStep.isRate($0.math) }?.math
  }

  /// e of w + μ e x, of which nothing says what it is; nil for anything else.
  static func unsaidError(_ item: MathItem, _ scope: ClaimScope) -> Span? {
    guard case .formula(let sides, let relations) = item.kind, sides.count == 2,
      relations[0].isDefining, let new = ClaimSymbol(sides[0])
    else { return nil }
    let words = words(sides, scope)
    guard let terms = DescentTerms(words: words, isWhole: { _ in false }).terms(of: sides[1]),
      terms.count == 2, let old = terms[0].factors.first, terms[0].factors.count == 1,
      ClaimSymbol(old.math)?.isSame(as: new) ?? false
    else { return nil }
    let rest = terms[1].factors.filter { !isConstant($0.math, isBelow: $0.isBelow) }
    let errors = rest.compactMap { factor in
      ClaimSymbol(factor.math).flatMap { ["e", "err", "error"].contains($0.stem) ? $0.span : nil }
    }
    guard rest.count == 2, errors.count == 1, rest.allSatisfy({ !$0.isBelow }),
      rest.contains(where: { canBeInput($0.math, words) })
    else { return nil }
    return errors[0]
  }

  private static func words(_ sides: [Math], _ scope: ClaimScope) -> ClaimUsage {
    var scope = scope
    scope.values = [:]
    var words = ClaimUsage(scope)
    for side in sides { words.add(side) }
    return words
  }

  /// w_0 and w_{t-1} beside the w_t that is moved; nil for what is no such symbol.
  private static func isOther(_ math: Math, than old: ClaimSymbol) -> Bool? {
    guard let symbol = ClaimSymbol(math), symbol.isSame(as: old) else { return nil }
    return symbol.key != old.key
  }

  // MARK: Factors

  private static let rates: Set<String> = [
    "alpha", "eta", "mu", "gamma", "epsilon", "varepsilon", "kappa", "rho", "nu", "tau", "lr", "r",
    "c", "learning_rate", "step",
  ]
  private static let counts: Set<String> = [
    "m", "n", "N", "M", "B", "S", "b", "k", "t", "lambda", "K", "C", "beta",
  ]
  /// Above the bar these are matrices: a filter's gain.
  private static let divisors: Set<String> = ["M", "B", "S", "K"]

  static func isRate(_ math: Math) -> Bool {
    guard let symbol = ClaimSymbol(math), !symbol.isTransposed,
      symbol.letters.isEmpty || symbol.base.count > 2
    else { return false }
    return rates.contains(symbol.stem)
  }

  /// A number, a learning rate, how many there are.
  static func isConstant(_ math: Math, isBelow: Bool = false) -> Bool {
    switch math.kind {
    case .number: return true
    case .fenced(.bars, _): return true
    case .fenced(_, let items): return items.count == 1 && isConstant(items[0], isBelow: isBelow)
    case .fraction(let above, let below):
      return isConstant(above, isBelow: isBelow) && isConstant(below, isBelow: !isBelow)
    default: break
    }
    guard let symbol = ClaimSymbol(math), !symbol.isTransposed else { return false }
    return isRate(math)
      || counts.contains(symbol.stem) && symbol.letters.isEmpty
        && (isBelow || !divisors.contains(symbol.stem))
  }

  /// ŷ, (1 - ŷ), o(1 - o), σ'(z): the slope of the unit.
  private static func isSlope(_ math: Math, of error: PredictionError) -> Bool {
    let own = error.prediction.map { ClaimSymbol.plain($0.span.text) }
    guard own.count == 1 else { return false }
    if ClaimSymbol.plain(math.span.text) == own[0] { return true }
    if case .fenced(_, let items) = math.kind, items.count == 1,
      case .sum(let terms) = items[0].kind, terms.count == 2,
      case .number("1") = terms[0].value.kind,
      !terms[0].isNegative, terms[1].isNegative,
      ClaimSymbol.plain(terms[1].value.span.text) == own[0]
    {
      return true
    }
    if case .function(let call) = math.kind { return call.scripts?.primes ?? 0 > 0 }
    if case .product(let factors) = math.kind {
      return ClaimSymbol(factors[0].value)?.primes ?? 0 > 0
    }
    return (ClaimSymbol(math)?.primes ?? 0) > 0
  }

  /// 1 - o; the 1 - αλ of a decay is none.
  private static func isComplement(_ math: Math) -> Bool {
    guard case .fenced(_, let items) = math.kind, items.count == 1,
      case .sum(let terms) = items[0].kind, terms.count == 2, !terms[0].isNegative,
      terms[1].isNegative, case .number("1") = terms[0].value.kind
    else { return false }
    return ClaimSymbol(terms[1].value).map { !counts.contains($0.stem) && !rates.contains($0.stem) }
      ?? false
  }

  private static func canBeInput(_ math: Math, _ words: ClaimUsage) -> Bool {
    if let symbol = ClaimSymbol(math) {
      return symbol.power == nil && symbol.primes == 0
        && ["x", "X", "phi", "Phi", "varphi", "z", "h", "a", "o", "u"].contains(symbol.stem)
    }
    guard let name = math.functionName(words) else { return false }
    return ["phi", "varphi", "Phi", "f", "x"].contains(name)
  }
}

extension ClaimSymbol {
  /// The same letter, whatever the step.
  func isSame(as other: ClaimSymbol) -> Bool {
    base == other.base && letters.isEmpty && isTransposed == other.isTransposed
  }

  /// What stands below or above both of the new one and the old: the places of a component. What
  /// differs counts steps.
  func places(sharedWith old: ClaimSymbol) -> [String] {
    let own = (lower + upperPlaces).map(labelText)
    let its = (old.lower + old.upperPlaces).map(labelText)
    return own.filter { its.contains($0) && !["t", "new", "old"].contains($0) }
  }

  /// The letters and numbers of its places.
  var placeLetters: Set<String> {
    Set(
      (lower + upperPlaces).flatMap { place -> [String] in
        if let letter = indexLike(place)?.letter { return [letter] }
        // x_{id}
        let label = labelText(place)
        return label.count == 2 ? [label] + label.map(String.init) : [label]
      }
    )
    .union(power.flatMap { indexLike($0)?.letter }.map { [$0] } ?? [])
  }
}
