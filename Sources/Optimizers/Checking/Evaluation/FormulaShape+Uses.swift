// How the shape of a formula is found: every use of a symbol, with its indices, through all that the text
// defines.

import Diagnostics
import Notation

extension FormulaShape {
  mutating func visit(_ math: Math, in scope: String, whole: Bool, bound: Set<String>) {
    var bound = bound
    switch math.kind {
    case .symbol(let symbol):
      if symbol.isRun, notation.definition(of: symbol.name) == nil,
        let letters = notation.split(math)
      {
        for letter in letters { visit(letter, in: scope, whole: whole, bound: bound) }
        return
      }
      use(math, in: scope, whole: whole, bound: bound)
      return
    case .accented: use(math, in: scope, whole: whole, bound: bound)
    case .scripted(let base, let scripts):
      if case .symbol(let symbol) = base.kind, symbol.isRun,
        let reference = notation.reference(math), notation.definition(of: reference.key) == nil,
        let letters = notation.split(base)
      {
        for letter in letters.dropLast() { visit(letter, in: scope, whole: whole, bound: bound) }
        if let last = letters.last {
          visit(Math(.scripted(last, scripts), math.span), in: scope, whole: whole, bound: bound)
        }
        return
      }
      if notation.reference(math) != nil {
        use(math, in: scope, whole: whole, bound: bound)
        return
      }
      var whole = whole
      if case .fenced(.norm, _) = base.kind { whole = true }
      if case .mark("T") = scripts.upper?.kind { whole = true }
      if let upper = scripts.upper, FormulaNotation.letter(upper) == "T", !notation.hasNumberT {
        visit(base, in: scope, whole: true, bound: bound)
        return
      }
      visit(base, in: scope, whole: whole, bound: bound)
      if let upper = scripts.upper, !isMark(upper) {
        visit(upper, in: scope, whole: false, bound: bound)
      }
      for item in scripts.lower where notation.holdsIndex(item) || isRelation(item) {
        visit(item, in: scope, whole: false, bound: bound)
      }
    case .fenced(let fence, let items):
      if fence == .bars, items.count == 1, let key = FormulaNotation.letter(items[0]),
        notation.sets.contains(key)
      {
        return
      }
      let inner = whole || fence == .norm || fence == .angle
      for item in items { visit(item, in: scope, whole: inner, bound: bound) }
    case .function(let call):
      let reduces =
        ["max", "min"].contains(call.name) && call.arguments.count == 1
        && call.scripts?.lower.isEmpty ?? true
        || FormulaFunctions.reducing.contains(call.name)
      if let scripts = call.scripts {
        bound.formUnion(scripts.lower.flatMap(FormulaNotation.boundLetters))
        visit(scripts, in: scope, bound: bound)
      }
      for argument in call.arguments {
        visit(argument, in: scope, whole: whole || reduces, bound: bound)
      }
    case .big(_, let scripts, let body):
      bound.formUnion(scripts.lower.flatMap(FormulaNotation.boundLetters))
      visit(scripts, in: scope, bound: bound)
      visit(body, in: scope, whole: whole || scripts.lower.isEmpty, bound: bound)
    case .relation(let sides, _) where sides.count == 2:
      for side in sides { visit(side, in: scope, whole: whole, bound: bound) }
      // 1{y = k}: y is one of what k runs through.
      for (side, other) in [(sides[0], sides[1]), (sides[1], sides[0])] {
        guard let letter = FormulaNotation.letter(other), bound.contains(letter),
          let key = notation.reference(side)?.key, found[key] != nil
        else { continue }
        let place = node("\(scope) \(letter)")
        found[key]?.classNode = place
      }
    case .sum(let terms):
      for term in FormulaTerms.joined(terms, isBound: bound.contains) {
        visit(term.value, in: scope, whole: whole, bound: bound)
      }
    case .product(let factors): product(factors, in: scope, whole: whole, bound: bound)
    default:
      for child in math.children { visit(child, in: scope, whole: whole, bound: bound) }
    }
  }

  private func isMark(_ math: Math) -> Bool {
    if case .mark = math.kind { return true }
    return false
  }

  private func isRelation(_ math: Math) -> Bool {
    if case .relation = math.kind { return true }
    return false
  }

  /// Limits: the upper one, filters, and what stands beside the bound letter.
  private mutating func visit(_ scripts: MathScripts, in scope: String, bound: Set<String>) {
    for letter in scripts.lower.flatMap(FormulaNotation.boundLetters) {
      _ = node("\(scope) \(letter)")
    }
    for item in scripts.lower {
      guard case .relation(let sides, let relations) = item.kind, relations[0] != .member else {
        continue
      }
      for side in sides { visit(side, in: scope, whole: false, bound: bound) }
    }
    if let upper = scripts.upper, !isMark(upper) {
      visit(upper, in: scope, whole: false, bound: bound)
    }
  }

  private mutating func product(
    _ factors: [MathFactor], in scope: String, whole: Bool, bound: Set<String>
  ) {
    product(FormulaFactor.read(factors, notation), in: scope, whole: whole, bound: bound)
  }

  private mutating func product(
    _ factors: [FormulaFactor], in scope: String, whole: Bool, bound: Set<String>
  ) {
    for (place, factor) in factors.enumerated() {
      switch factor.operand {
      case .plain(let math):
        visit(math, in: scope, whole: whole, bound: bound)
        if place > 0, factor.sign != .over { noteRow(factors[place - 1].math, before: math) }
      case .call(let head, let items, let brackets):
        call(head, items, brackets, in: scope, whole: whole, bound: bound)
      case .applied(_, let inner), .together(let inner):
        product(inner, in: scope, whole: whole, bound: bound)
      }
    }
  }

  /// w^T x: both are vectors.
  private mutating func noteRow(_ left: Math, before math: Math) {
    guard let before = notation.reference(left), before.isTransposed,
      let reference = notation.reference(math), notation.definition(of: reference.key) == nil
    else { return }
    guard reference.indices.isEmpty else {
      found[reference.key]?.picksVector = true
      return
    }
    found[reference.key]?.isWhole = true
    // w_k^T x: k picks a vector.
    if !before.indices.isEmpty { found[before.key]?.picksVector = true }
  }

  private mutating func call(
    _ head: Math, _ items: [Math], _ brackets: Math, in scope: String, whole: Bool,
    bound: Set<String>
  ) {
    guard let reference = notation.reference(head) else { return }
    if case .scripted(_, let scripts) = brackets.kind {
      for index in scripts.lower { visit(index, in: scope, whole: false, bound: bound) }
      if let upper = scripts.upper, !isMark(upper) {
        visit(upper, in: scope, whole: false, bound: bound)
      }
    }
    if let power = reference.power { visit(power, in: scope, whole: false, bound: bound) }
    if notation.isOpaque(reference.key, items) {
      let letters = reference.indices.isEmpty ? notation.letters(in: items) : []
      note(reference, letters: letters, in: scope, whole: whole, bound: bound)
      return
    }
    if let definition = notation.definition(of: reference.key) {
      enter(definition)
      for (place, index) in reference.indices.enumerated() {
        if let letter = FormulaNotation.letter(index) {
          join(node("\(definition.key)#\(place)"), node("\(scope) \(letter)"))
        }
      }
    }
    let reduces = FormulaFunctions.reducing.contains(FormulaFunctions.canonical(reference.key))
    for item in items { visit(item, in: scope, whole: whole || reduces, bound: bound) }
  }

  private mutating func enter(_ definition: FormulaDefinition) {
    guard depth < FormulaShape.deepest, seen.insert(definition.key).inserted else { return }
    depth += 1
    defer { depth -= 1 }
    for (place, letter) in definition.indices.enumerated() {
      join(node("\(definition.key)#\(place)"), node("\(definition.key) \(letter)"))
    }
    visit(definition.value, in: definition.key, whole: false, bound: [])
  }

  private mutating func use(_ math: Math, in scope: String, whole: Bool, bound: Set<String>) {
    guard let reference = notation.reference(math) else {
      for child in math.children { visit(child, in: scope, whole: whole, bound: bound) }
      return
    }
    if let power = reference.power, FormulaNotation.letter(power) != "T" || !whole {
      visit(power, in: scope, whole: whole && reference.key == "e", bound: bound)
    }
    note(reference, letters: [], in: scope, whole: whole, bound: bound)
  }

  private mutating func note(
    _ reference: FormulaReference, letters: [String], in scope: String, whole: Bool,
    bound: Set<String>
  ) {
    let key = reference.key
    if reference.indices.isEmpty, letters.isEmpty {
      if bound.contains(key) || notation.isIndex(key) && notation.indexLetters.contains(key) {
        return
      }
      if key == "pi" || key == "infty" || key == "π" { return }
      if key == "e", reference.power != nil, notation.definition(of: "e") == nil { return }
    }
    if key == "delta", reference.indices.count == 2 { return }
    if let definition = notation.definition(of: key) { enter(definition) }
    for (place, index) in reference.indices.enumerated() {
      let own = node("\(key)#\(place)")
      if let letter = FormulaNotation.letter(index),
        bound.contains(letter) || notation.isIndex(letter)
      {
        join(own, node("\(scope) \(letter)"))
      } else if case .number = index.kind {
        continue
      } else if let inner = notation.reference(index) {
        // By value: z_y, p_{i, y_i}.
        note(inner, letters: [], in: scope, whole: false, bound: bound)
        found[inner.key]?.classNode = own
      } else {
        visit(index, in: scope, whole: false, bound: bound)
      }
    }
    for (place, letter) in letters.enumerated() {
      join(node("\(key)#\(place)"), node("\(scope) \(letter)"))
    }
    guard notation.definition(of: key) == nil else { return }
    if found[key] == nil {
      found[key] = Found(span: reference.span)
      order.append(key)
    }
    let rank = max(reference.indices.count, letters.count)
    if rank > found[key]?.rank ?? 0 { found[key]?.rank = rank }
    if whole || reference.isTransposed, reference.indices.isEmpty { found[key]?.isWhole = true }
  }
}
