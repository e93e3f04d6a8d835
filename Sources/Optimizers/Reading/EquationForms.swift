// An equation with several right sides: θ_{t+1} = θ_t + Δθ_t = θ_t - η g_t.
//
// The first form that makes a rule is the one that is read. The others are claims: each is read in its
// place and run beside it, and what comes of it is said. Chains of numbers are no forms.

import Diagnostics
import Notation

struct EquationForms {
  private let items: [MathItem]
  private let chains: [Int]
  /// How many forms the longest chain has.
  let count: Int

  static let most = 4

  init(_ items: [MathItem]) {
    self.items = items
    var chains: [Int] = []
    var count = 1
    for (place, item) in items.enumerated() {
      guard case .formula(let sides, let relations) = item.kind, sides.count > 2,
        relations.allSatisfy({ $0 == .equals || $0 == .assign }),
        EquationForms.isSymbol(sides[0]), !EquationForms.isNumber(sides[sides.count - 1])
      else { continue }
      chains.append(place)
      count = max(count, sides.count - 1)
    }
    self.chains = chains
    self.count = min(count, EquationForms.most)
  }

  /// Lines one below the other that give θ_t from θ_{t-1} each: one update in several forms, and not one
  /// after the other, since none goes on from the θ_t of the one before.
  static func joined(_ items: [MathItem]) -> [MathItem] {
    guard items.count > 1 else { return items }
    var result: [MathItem] = []
    for item in items {
      guard case .formula(let sides, let relations) = item.kind, sides.count == 2,
        let last = result.last, last.formula == item.formula,
        case .formula(let before, let others) = last.kind, relations[0].isDefining,
        others.allSatisfy({ $0 == relations[0] }), before.count < most,
        let own = step(sides[0]), let other = step(before[0]),
        own.name == other.name, own.index == other.index,
        ([sides[1]] + before.dropFirst()).allSatisfy({ side in
          !reads(own, side, atSameStep: true) && reads(own, side, atSameStep: false)
        })
      else {
        result.append(item)
        continue
      }
      result[result.count - 1].kind = .formula(before + [sides[1]], others + [relations[0]])
    }
    return result
  }

  private typealias Step = (name: String, index: String)

  /// θ_t, with its index.
  private static func step(_ math: Math) -> Step? {
    guard case .scripted(let base, let scripts) = math.kind, scripts.lower.count == 1,
      scripts.upper == nil, scripts.primes == 0, isSymbol(base)
    else { return nil }
    return (base.plainText, scripts.lower[0].plainText)
  }

  private static func reads(_ step: Step, _ math: Math, atSameStep: Bool) -> Bool {
    if let other = self.step(math), other.name == step.name {
      return (other.index == step.index) == atSameStep
    }
    return math.children.contains { reads(step, $0, atSameStep: atSameStep) }
  }

  /// A variable at a step, or ∇J: not 1 - β.
  private static func isSymbol(_ math: Math) -> Bool {
    switch math.kind {
    case .symbol, .accented, .scripted, .gradient: true
    case .product(let factors): factors.count == 2
    case .fraction: true
    default: false
    }
  }

  private static func isNumber(_ math: Math) -> Bool {
    switch math.kind {
    case .number: true
    case .sum(let terms): terms.count == 1 && isNumber(terms[0].value)
    case .fenced(_, let items): items.allSatisfy(isNumber)
    default: false
    }
  }

  /// The text with one form of each chain: the last where there are fewer.
  func items(form: Int) -> [MathItem] {
    var result = items
    for place in chains {
      guard case .formula(let sides, let relations) = items[place].kind else { continue }
      let side = min(form + 1, sides.count - 1)
      result[place].kind = .formula([sides[0], sides[side]], [relations[0]])
    }
    return result
  }

  /// A form of the first chain that has so many.
  func side(form: Int) -> Math? {
    for place in chains {
      guard case .formula(let sides, _) = items[place].kind, form + 1 < sides.count else {
        continue
      }
      return sides[form + 1]
    }
    return nil
  }
}

extension FormulaReader {
  /// Reads a text once for each form of its chains.
  /// - Throws: the first form's error when none makes a rule.
  static func read(
    forms: EquationForms, _ run: ([MathItem]) throws(Diagnostic) -> FormulaReading
  ) throws(Diagnostic) -> FormulaReading {
    var readings: [(form: Int, reading: FormulaReading?, error: Diagnostic?)] = []
    for form in 0..<forms.count {
      do {
        readings.append((form, try run(forms.items(form: form)), nil))
      } catch {
        readings.append((form, nil, error))
      }
    }
    guard let chosen = readings.first(where: { $0.reading?.rule != nil }),
      var reading = chosen.reading, let rule = reading.rule
    else {
      if let reading = readings.first(where: { $0.reading != nil })?.reading { return reading }
      throw readings.first?.error
        ?? .reading("forms", "no form of this equation is understood", nil)
    }
    for other in readings where other.form != chosen.form {
      guard let side = forms.side(form: other.form) else { continue }
      let read = forms.side(form: chosen.form)
      var note = note(other.reading?.rule, beside: rule, side, read)
      if note.kind == .slip { note.contradicts = read?.span }
      reading.notes.append(note)
    }
    reading.notes.sort { $0.span.start < $1.span.start }
    return reading
  }

  private static func note(
    _ other: RuleReading?, beside rule: RuleReading, _ side: Math, _ read: Math?
  ) -> ReadingNote {
    // Those that play a part in it: where ε̂ stands for ε, another rule is meant.
    func playing(_ declaration: RuleDeclaration) -> Set<Name> {
      Set(declaration.parameters.map(\.name)).subtracting(declaration.idleHyperparameters)
    }
    let names = playing(rule.declaration)
    let others = (other?.declaration).map { playing($0) } ?? []
    let here = DifferentiatedFunctions(in: side)
    let there = read.map { DifferentiatedFunctions(in: $0) } ?? DifferentiatedFunctions()
    // ∂C/∂w and ∂C/∂w + 2αw, of the same C, are not the same for any α that plays a part.
    let isMore =
      others.isStrictSuperset(of: names) && !here.names.isEmpty && here.isSame(as: there)
    guard let other, others == names || isMore,
      let outcome = isMore
        ? RuleProbe.comparison(other.declaration, with: rule.declaration)
        : RuleProbe.comparison(rule.declaration, with: other.declaration),
      outcome.hasSuffix("the same numbers") || !here.differs(from: there)
    else {
      return ReadingNote(.left, "one form is read; what it is said to equal is not", side.span)
    }
    return outcome.hasSuffix("the same numbers")
      ? ReadingNote(.convention, "this form gives the same numbers", side.span)
      : ReadingNote(
        .slip, "this is said to be the same as the form that is read, but \(outcome)", side.span)
  }
}
