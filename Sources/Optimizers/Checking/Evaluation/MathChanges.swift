// Every small change of a formula, each made once and put into the whole, up to a limit.
//
// Limits and subscripts stay as they are. What a checker knows beyond the shape of a formula, it adds by
// `also`, part by part.

import Diagnostics
import Notation

struct MathChanges {
  /// Sums and products with more parts are left as they are: so long a one is a table written out, and
  /// to try every change of it takes time with the square of its length.
  static let mostParts = 40

  /// What is a symbol with its scripts, and the power among them.
  let symbol: (Math) -> (isSymbol: Bool, power: Math?)
  /// Whether factors are a function and its argument.
  let isCall: ([MathFactor]) -> Bool
  /// Which are asked for, before they are put into the formula.
  let wants: (MathChange) -> Bool
  let limit: Int
  private(set) var all: [MathChange] = []
  private var root: [(Math, Int)] = []
  private var isExponent = false

  init(
    _ math: Math, limit: Int, symbol: @escaping (Math) -> (isSymbol: Bool, power: Math?),
    isCall: @escaping ([MathFactor]) -> Bool,
    wants: @escaping (MathChange) -> Bool,
    also: (Math, inout MathChanges) -> Void = { _, _ in }
  ) {
    self.limit = limit
    self.wants = wants
    self.symbol = symbol
    self.isCall = isCall
    visit(math, also)
  }

  /// The formula with something else in the place that is looked at.
  private func whole(_ math: Math) -> Math {
    root.reversed().reduce(math) { inner, outer in outer.0.replacing(outer.1, with: inner) }
  }

  mutating func add(_ kind: MathChange.Kind, _ part: Math, _ math: Math, _ span: Span? = nil) {
    guard all.count < limit else { return }
    var change = MathChange(
      kind: kind, part: part, span: span ?? part.span, isExponent: isExponent, math: math)
    guard wants(change) else { return }
    change.math = whole(math)
    all.append(change)
  }

  // MARK: Walking

  private mutating func visit(_ math: Math, _ also: (Math, inout MathChanges) -> Void) {
    let children = math.children
    guard all.count < limit, children.count <= MathChanges.mostParts else { return }
    own(math)
    also(math, &self)
    for place in children.indices where isLookedInto(place, math) {
      let before = isExponent
      if case .scripted = math.kind, place > 0 { isExponent = true }
      root.append((math, place))
      visit(children[place], also)
      root.removeLast()
      isExponent = before
    }
  }

  /// Limits and subscripts stay as they are, and so does a symbol but for its power.
  private func isLookedInto(_ place: Int, _ math: Math) -> Bool {
    let symbol = symbol(math)
    if symbol.isSymbol {
      guard symbol.power != nil, case .scripted = math.kind else { return false }
      return place == math.children.count - 1
    }
    switch math.kind {
    case .big(_, let scripts, _): return place >= scripts.children.count
    case .function(let call): return place >= call.scripts?.children.count ?? 0
    case .scripted(_, let scripts):
      return place == 0 || place == scripts.children.count && scripts.upper != nil
    case .accented, .gradient: return false
    default: return true
    }
  }

  // MARK: Changes of one part

  private mutating func own(_ math: Math) {
    func with(_ kind: Math.Kind) -> Math { Math(kind, math.span) }
    let symbol = symbol(math)
    if symbol.isSymbol {
      if symbol.power != nil { powers(math) }
      wrapped(math)
      transposes(math)
      return
    }
    switch math.kind {
    case .sum(let terms):
      self.terms(terms, math)
      wrapped(math)
    case .product(let factors) where !isCall(factors): self.factors(factors, math)
    case .fraction(let above, let below):
      add(.withoutDivisor, below, above, math.span)
      add(.inverted, math, with(.fraction(below, above)))
      add(.withRoot, below, with(.fraction(above, Math(.root(below, degree: nil), below.span))))
      if case .sum(let terms) = above.kind, terms.count > 1, var last = terms.last {
        let part = last.value
        last.value = with(.fraction(part, below))
        add(.lastAloneDivided(by: below), part, with(.sum(Array(terms.dropLast()) + [last])))
      }
      wrapped(math)
    case .root(let inner, _): add(.withoutRoot, math, inner)
    case .scripted(let base, _):
      powers(math)
      if case .fenced(.norm, _) = base.kind { add(.squared, math, MathChanges.squared(math)) }
    case .function(let call):
      let others = ["max": "min", "min": "max", "cos": "sin", "sin": "cos"]
      if let other = others[call.name] {
        var changed = call
        changed.name = other
        add(.otherFunction(call.name, other), math, with(.function(changed)), call.nameSpan)
      }
      if call.arguments.count == 1, ["exp", "log"].contains(call.name) {
        add(.without(call.name), math, call.arguments[0])
      }
      wrapped(math)
    case .fenced(let fence, let items):
      guard fence == .norm || items.count == 1 else { break }
      if fence == .bars {
        add(.squareForAbsolute, math, MathChanges.squared(items[0]))
      } else {
        add(.squared, math, MathChanges.squared(math))
        if fence != .norm { add(.absolute, math, with(.fenced(.bars, items))) }
        if fence == .parenthesis { transposes(math) }
      }
    case .big(let name, let scripts, let body):
      if name == "sum" {
        add(.meanForSum, math, with(.big("mean", scripts, body)))
        add(.productForSum, math, with(.big("prod", scripts, body)))
      } else if name == "prod" {
        add(.sumForProduct, math, with(.big("sum", scripts, body)))
      }
      wrapped(math)
    case .relation(let sides, let relations):
      let others: [TeXRelation: TeXRelation] = [
        .less: .greater, .greater: .less, .lessOrEqual: .greaterOrEqual,
        .greaterOrEqual: .lessOrEqual,
      ]
      guard relations.count == 1, let other = others[relations[0]] else { break }
      add(.conditionSwapped, math, with(.relation(sides, [other])))
    case .number(let text):
      let others = text == "1" ? ["2", "0"] : text == "2" ? ["1"] : text == "0" ? ["1"] : []
      for other in others { add(.number(other), math, with(.number(other))) }
      guard let value = Double(text), value > 0, value < 1 else { break }
      add(.complement, math, with(.number("\(1 - value)")))
    default: break
    }
  }

  private mutating func terms(_ terms: [MathTerm], _ math: Math) {
    func with(_ terms: [MathTerm]) -> Math { Math(.sum(terms), math.span) }
    for place in terms.indices {
      var turned = terms
      turned[place].isNegative.toggle()
      add(
        .turned(isNegative: turned[place].isNegative, isFirst: place == 0), terms[place].value,
        with(turned))
      guard terms.count > 1 else { continue }
      var fewer = terms
      fewer.remove(at: place)
      add(.withoutTerm, terms[place].value, with(fewer))
      guard case .fraction(let above, let below) = terms[place].value.kind else { continue }
      for (other, rest) in terms.enumerated() where other != place {
        var fewer = terms
        let under = with([MathTerm(isNegative: false, value: below), rest])
        fewer[place].value = Math(.fraction(above, under), terms[place].value.span)
        fewer.remove(at: other)
        add(.intoDivisor, rest.value, with(fewer))
      }
    }
    guard terms.count == 2 else { return }
    if terms[1].isNegative, case .number("1") = terms[0].value.kind {
      add(.withoutComplement, terms[1].value, terms[1].value, math.span)
    }
    if !terms[0].isNegative, !terms[1].isNegative {
      let factors = terms.map { MathFactor(sign: .times, value: $0.value) }
      add(.timesForPlus, math, Math(.product(factors), math.span))
    }
  }

  private mutating func factors(_ factors: [MathFactor], _ math: Math) {
    guard factors.count > 1 else { return }
    for place in factors.indices {
      var fewer = factors
      fewer.remove(at: place)
      if place == 0 {
        if fewer[0].sign == .slash || fewer[0].sign == .over { continue }
        fewer[0].sign = .implicit
      }
      let rest = fewer.count == 1 ? fewer[0].value : Math(.product(fewer), math.span)
      add(.withoutFactor, factors[place].value, rest)
    }
    for place in factors.indices.dropLast()
    where factors[place + 1].sign == .implicit || factors[place + 1].sign == .times {
      var swapped = factors
      swapped[place].value = factors[place + 1].value
      swapped[place + 1].value = factors[place].value
      add(.before(factors[place].value), swapped[place].value, Math(.product(swapped), math.span))
    }
  }

  private mutating func powers(_ math: Math) {
    guard case .scripted(let base, let scripts) = math.kind, let power = scripts.upper else {
      return
    }
    if case .symbol(let symbol) = base.kind, symbol.name == "e", scripts.lower.isEmpty {
      add(.without("exp"), math, power)
    }
    var less = scripts
    less.upper = nil
    let bare = less.isEmpty ? base : Math(.scripted(base, less), math.span)
    let whole = wholeNumber(power)
    add(.withoutPower(whole), math, bare)
    guard let whole else { return }
    for step in [1, -1] where whole + step > 0 {
      var other = scripts
      other.upper = Math(.number(String(whole + step)), power.span)
      add(.power(whole + step, step: step), math, Math(.scripted(base, other), math.span))
    }
    guard whole == 2 || whole == 3 else { return }
    // 3^2 taken for 3·2.
    let factors = [
      MathFactor(sign: .implicit, value: bare),
      MathFactor(sign: .times, value: Math(.number(String(whole)), power.span)),
    ]
    add(.timesForPower(whole), math, Math(.product(factors), math.span))
  }

  private mutating func transposes(_ math: Math) {
    var scripts = MathScripts()
    scripts.upper = Math(.mark("T"), math.span)
    switch math.kind {
    case .symbol, .fenced:
      add(.transposed, math, Math(.scripted(math, scripts), math.span))
    case .scripted(let base, let scripts) where scripts.lower.isEmpty:
      if symbol(math).power == nil, scripts.upper != nil { add(.notTransposed, base, base) }
    default: break
    }
  }

  /// What may stand, or be left out, round any operand.
  private mutating func wrapped(_ math: Math) {
    add(.negated, math, MathChanges.negated(math))
    guard !isExponent else { return }
    for name in ["exp", "log"] { add(.with(name), math, MathChanges.call(name, math)) }
    add(.squared, math, MathChanges.squared(math))
    add(.withRoot, math, Math(.root(math, degree: nil), math.span))
    let one = MathTerm(isNegative: false, value: Math(.number("1"), math.span))
    add(.complement, math, Math(.sum([one, MathTerm(isNegative: true, value: math)]), math.span))
  }

  // MARK: Putting formulas together

  static func negated(_ math: Math) -> Math {
    Math(.sum([MathTerm(isNegative: true, value: math)]), math.span)
  }

  static func squared(_ math: Math) -> Math {
    let two = Math(.number("2"), math.span)
    if case .function(var call) = math.kind, call.scripts?.upper == nil {
      call.scripts = call.scripts ?? MathScripts()
      call.scripts?.upper = two
      return Math(.function(call), math.span)
    }
    var scripts = MathScripts()
    scripts.upper = two
    switch math.kind {
    case .fenced, .symbol, .number: return Math(.scripted(math, scripts), math.span)
    default:
      let inner = Math(.fenced(.parenthesis, [math]), math.span)
      return Math(.scripted(inner, scripts), math.span)
    }
  }

  static func call(_ name: String, _ math: Math) -> Math {
    Math(
      .function(
        MathFunction(
          name: name, scripts: nil, arguments: [math], nameSpan: math.span, isBracketed: true)),
      math.span)
  }
}
