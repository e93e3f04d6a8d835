// Forms in which texts print what is known: p^T and p^S of teacher and student, the entropy H(S_v) of a
// part and its size |S_v|, w_1x_1 + w_2x_2 for a sum over both.

import Diagnostics
import Notation

enum PrintedForms {
  /// The items with names in the place of what only looks like a power, a call or a length.
  /// - Parameter words: what the text speaks of; G alone is a gain only where they say so.
  static func named(_ items: [MathItem], words: String) -> [MathItem] {
    let printed = items.map { item in
      if case .formula(let sides, _) = item.kind { sides } else { [Math]() }
    }
    let formulas = withNamedCalls(printed, words: words)
    let items = zip(items, formulas).map { item, sides in
      var item = item
      if case .formula(_, let relations) = item.kind { item.kind = .formula(sides, relations) }
      return item
    }
    let labelled = teachers(in: formulas.flatMap { $0 })
    let saysGain = KnownDefinitions.gainWords.contains { words.unaccented.contains($0.unaccented) }
    let isGain = formulas.compactMap(\.first).contains { PrintedForms.isGain($0, saysGain) }
    guard isGain || !labelled.isEmpty else { return items }
    return items.map { item in
      var item = item
      if case .formula(let sides, let relations) = item.kind {
        let changed = sides.enumerated().map { place, side in
          var side = labelled.isEmpty ? side : relabelled(side, labelled)
          if isGain, place > 0 { side = entropies(side) }
          return side
        }
        item.kind = .formula(changed, relations)
      }
      return item
    }
  }

  // MARK: Teacher and student

  /// Letters that have both a T and an S above them.
  private static func teachers(in sides: [Math]) -> Set<String> {
    var above: [String: Set<String>] = [:]
    func visit(_ math: Math) {
      if let (base, label) = labelled(math) { above[base, default: []].insert(label.uppercased()) }
      for child in math.children { visit(child) }
    }
    for side in sides { visit(side) }
    return Set(above.filter { $0.value == ["T", "S"] }.keys)
  }

  private static func labelled(_ math: Math) -> (base: String, label: String)? {
    guard case .scripted(let base, let scripts) = math.kind,
      case .symbol(let symbol) = base.kind, !symbol.isRun, symbol.face == nil,
      case .symbol(let label)? = scripts.upper?.kind, ["T", "S", "t", "s"].contains(label.name)
    else { return nil }
    return (symbol.name, label.name)
  }

  private static func relabelled(_ math: Math, _ letters: Set<String>) -> Math {
    MathRewrite.topDown(math) { part in
      guard let (base, label) = labelled(part), letters.contains(base),
        case .scripted(_, var scripts) = part.kind
      else { return nil }
      scripts.upper = nil
      let name = Math(.symbol(MathSymbol("\(base)^\(label)", isWord: true)), part.span)
      return scripts.isEmpty ? name : Math(.scripted(name, scripts), part.span)
    }
  }

  // MARK: Information gain

  private static let gains: Set<String> = [
    "IG", "Gain", "InfoGain", "InformationGain", "gain", "G",
  ]
  private static let measures: Set<String> = [
    "H", "Entropy", "entropy", "Ent", "E", "I", "Info", "info", "Gini", "gini", "Impurity",
  ]

  /// `IG(S, A)`, `\text{Gain}(D, a)`
  private static func isGain(_ math: Math, _ saysGain: Bool) -> Bool {
    guard case .product(let factors) = math.kind, factors.count == 2, factors[1].sign == .implicit,
      case .fenced = factors[1].value.kind, let name = word(factors[0].value)
    else { return word(math).map { gains.contains($0) && $0.count > 1 } ?? false }
    return gains.contains(name) && (name.count > 1 || saysGain)
  }

  private static func word(_ math: Math) -> String? {
    switch math.kind {
    case .symbol(let symbol): symbol.name
    case .product(let factors) where factors.count == 2:
      word(factors[0].value).flatMap { first in word(factors[1].value).map { first + $0 } }
    default: nil
    }
  }

  private static func entropies(_ math: Math) -> Math {
    MathRewrite.topDown(math) { part in
      switch part.kind {
      case .fenced(.bars, let items) where items.count == 1: return size(items[0], part)
      case .product(let factors):
        var result: [MathFactor] = []
        var place = 0
        var isChanged = false
        while place < factors.count {
          if place + 1 < factors.count, factors[place + 1].sign == .implicit,
            let name = word(factors[place].value), measures.contains(name),
            case .fenced(.parenthesis, let items) = factors[place + 1].value.kind
          {
            let span = factors[place].value.span.joined(with: factors[place + 1].value.span)
            result.append(
              MathFactor(sign: factors[place].sign, value: entropy(items, span)))
            isChanged = true
            place += 2
          } else {
            result.append(
              MathFactor(sign: factors[place].sign, value: entropies(factors[place].value)))
            place += 1
          }
        }
        guard isChanged else { return nil }
        return result.count == 1 ? result[0].value : Math(.product(result), part.span)
      default: return nil
      }
    }
  }

  /// |S_v| is the size of a part, |S| that of the whole.
  private static func size(_ inner: Math, _ part: Math) -> Math? {
    switch inner.kind {
    case .scripted(_, let scripts) where scripts.upper == nil && scripts.lower.count == 1:
      return indexed("n_part", scripts.lower[0], part.span)
    case .scripted(_, let scripts):
      guard scripts.lower.isEmpty, let upper = scripts.upper else { return nil }
      return indexed("n_part", upper, part.span)
    case .symbol: return Math(.symbol(MathSymbol("n_whole", isWord: true)), part.span)
    default: return nil
    }
  }

  private static func entropy(_ items: [Math], _ span: Span) -> Math {
    if items.count == 1, case .scripted(_, let scripts) = items[0].kind {
      if let item = scripts.lower.first ?? scripts.upper { return indexed("H_part", item, span) }
    }
    if items.count == 1, case .symbol = items[0].kind {
      return Math(.symbol(MathSymbol("H_whole", isWord: true)), span)
    }
    return Math(.symbol(MathSymbol("H_given", isWord: true)), span)
  }

  private static func indexed(_ name: String, _ item: Math, _ span: Span) -> Math {
    var scripts = MathScripts()
    scripts.lower = [item]
    return Math(.scripted(Math(.symbol(MathSymbol(name, isWord: true)), span), scripts), span)
  }

  // MARK: Numbered terms

  /// `w_1x_1 + w_2x_2 + b` anywhere in a formula as a sum over i, and the pair whose numbers differ; nil
  /// without one.
  static func overIndex(_ math: Math) -> (math: Math, odd: (String, String)?)? {
    var found: (Math, odd: (String, String)?)?
    let whole = MathRewrite.topDown(math) { part in
      guard found == nil, let sum = summed(part) else { return nil }
      found = sum
      return sum.0
    }
    return found.map { (whole, $0.odd) }
  }

  private static func summed(_ math: Math) -> (Math, odd: (String, String)?)? {
    guard case .sum(let terms) = math.kind, terms.count >= 2, terms.count <= 40 else { return nil }
    var bases: (String, String)?
    var next: Int?
    var count = 0
    var isLeftOut = false
    var rest: [MathTerm] = []
    var span = terms[0].value.span
    var odd: (String, String)?
    var seconds: [String] = []
    var firsts: [String] = []
    for term in terms {
      if case .ellipsis = term.value.kind {
        isLeftOut = true
        continue
      }
      guard case .product(let factors) = term.value.kind, factors.count == 2,
        factors[1].sign == .implicit || factors[1].sign == .times,
        let a = numbered(factors[0].value), let b = numbered(factors[1].value)
      else {
        // θ₀ is a bias.
        guard let bias = numbered(term.value) else {
          rest.append(term)
          continue
        }
        guard bias.number == 0, !term.isNegative else { return nil }
        let name = Math(.symbol(MathSymbol(bias.base + "_0", isWord: true)), term.value.span)
        rest.append(MathTerm(isNegative: false, value: name))
        continue
      }
      guard !term.isNegative, bases == nil || bases?.0 == a.base && bases?.1 == b.base else {
        return nil
      }
      bases = (a.base, b.base)
      firsts.append(a.label)
      seconds.append(b.label)
      if a.label != b.label {
        odd =
          odd ?? (
            ClaimText.pretty(factors[0].value.span.text),
            ClaimText.pretty(factors[1].value.span.text)
          )
      }
      if let number = a.number, !isLeftOut {
        guard number == next ?? number, next != nil || number <= 1 else { return nil }
        next = number + 1
      } else if !isLeftOut {
        return nil
      }
      span = count == 0 ? term.value.span : span.joined(with: term.value.span)
      count += 1
    }
    guard let bases, bases.0 != bases.1, count >= 2, rest.count <= 1 else { return nil }
    // w₁x₂ + w₂x₃ is another model, a convolution: each input has one weight of its own.
    if odd != nil, Set(seconds).count == seconds.count, Set(seconds) != Set(firsts) { return nil }
    func component(_ base: String) -> Math {
      indexed(base, Math(.symbol(MathSymbol("i")), span), span)
    }
    var scripts = MathScripts()
    scripts.lower = [Math(.symbol(MathSymbol("i")), span)]
    let body = Math(
      .product([
        MathFactor(sign: .implicit, value: component(bases.0)),
        MathFactor(sign: .implicit, value: component(bases.1)),
      ]), span)
    let sum = Math(.big("sum", scripts, body), span)
    guard !rest.isEmpty else { return (sum, odd) }
    return (Math(.sum([MathTerm(isNegative: false, value: sum)] + rest), math.span), odd)
  }

  private static func numbered(_ math: Math) -> (base: String, label: String, number: Int?)? {
    guard case .scripted(let base, let scripts) = math.kind, scripts.upper == nil,
      scripts.primes == 0, scripts.lower.count == 1, case .symbol(let symbol) = base.kind,
      !symbol.isRun
    else { return nil }
    let item = scripts.lower[0]
    if let number = wholeNumber(item) { return (symbol.name, "\(number)", number) }
    guard let letter = indexLike(item), ["n", "m", "d", "p", "k", "D", "N"].contains(letter.letter)
    else { return nil }
    return (symbol.name, labelText(item), nil)
  }
}
