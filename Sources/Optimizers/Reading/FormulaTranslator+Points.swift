// The point at which a gradient is taken: the argument that holds the variable, or the variable itself
// inside a model.

import Diagnostics
import Notation

extension FormulaTranslator {
  /// The argument at which the gradient is taken; nil when none is a variable, as in L(x_i, y_i).
  func point(_ arguments: [Math], by: Math?) -> Math? {
    if let wanted = by.flatMap({ symbols.use($0)?.key }) {
      for argument in arguments {
        if let found = holder(of: wanted, in: argument) { return found }
      }
      // J(θ_0, θ_1) by θ_j: the parameter by its coordinates.
      let areCoordinates = arguments.allSatisfy { argument in
        if case .ellipsis = argument.kind { return true }
        guard let use = symbols.use(argument) else { return false }
        return use.key.base == wanted.base && use.key.accents == wanted.accents
      }
      if arguments.count > 1, areCoordinates { return nil }
    }
    for argument in arguments {
      if isVariable(argument) { return argument }
    }
    // The point bears a name of its own, which has to be defined: ∇f(w̃), ∇f(x_{t-τ}).
    let bases = Set(table.assignments.map(\.key.base))
    return arguments.first { argument in
      guard let use = symbols.use(argument) else { return false }
      if bases.contains(use.key.base) { return true }
      return arguments.count == 1 && by == nil && !isSample(argument, use.key)
    }
  }

  /// A sample or a batch: x_i, ξ, B.
  private func isSample(_ math: Math, _ key: SymbolKey) -> Bool {
    if key.face != nil || ["B", "D", "S", "xi", "zeta", "z", "s", "i", "j", "n"].contains(key.base)
    {
      return true
    }
    if case .scripted = math.kind { return ["x", "y", "X", "Y", "d"].contains(key.base) }
    return false
  }

  /// The variable where it stands in an argument: by itself, in a sum of variables as θ - γv, or inside
  /// of a model such as f(x; θ), f_θ(x) and Wx + b, where the gradient is at the variable itself.
  private func holder(of key: SymbolKey, in math: Math) -> Math? {
    if let use = symbols.use(math), use.key == key { return math }
    switch math.kind {
    case .sum(let terms):
      if mentions(key, in: math), terms.allSatisfy({ isVariable($0.value) }) { return math }
    case .fenced(.parenthesis, let items) where items.count == 1:
      return holder(of: key, in: items[0])
    default: break
    }
    return occurrence(of: key, in: math)
  }

  private func occurrence(of key: SymbolKey, in math: Math) -> Math? {
    var parts = math.children
    if let use = symbols.use(math) {
      if use.key == key { return math }
      // Another variable: w is not in w̃, but θ is in f_θ.
      if case .scripted(_, let scripts) = math.kind { parts = scripts.children } else { parts = [] }
    }
    for part in parts {
      if let found = occurrence(of: key, in: part) { return found }
    }
    return nil
  }

  func mentions(_ key: SymbolKey, in math: Math) -> Bool {
    occurrence(of: key, in: math) != nil
  }

  /// Whether an argument speaks of variables of the rule: one it assigns, or the gradient.
  func isVariable(_ math: Math) -> Bool {
    if symbols.isGradient(math) { return true }
    if let use = symbols.use(math) {
      return table.assignments.contains { $0.key == use.key }
    }
    switch math.kind {
    case .sum, .fenced, .product, .fraction: return math.children.contains { isVariable($0) }
    default: return false
    }
  }

  /// The point inside a formula that is differentiated: ∇ Σ L(f(x; θ), y).
  func nested(in function: Math, by: Math?) -> Math? {
    var found: Math?
    func calls(_ math: Math) {
      if case .product(let factors) = math.kind {
        for factor in factors.dropFirst() where found == nil && factor.sign == .implicit {
          if case .fenced(.parenthesis, let items) = factor.value.kind {
            found = point(items, by: by)
          }
        }
      }
      for child in math.children where found == nil { calls(child) }
    }
    calls(function)
    guard found == nil, let wanted = by.flatMap({ symbols.use($0)?.key }) else { return found }
    func uses(_ math: Math) {
      if found != nil { return }
      if let use = symbols.use(math), use.key == wanted, use.time != .none { found = math }
      for child in math.children { uses(child) }
    }
    uses(function)
    return found
  }

  /// ∇_θ L(θ′) with θ′ = θ - α∇L(θ): the derivative goes through θ′, and there is a second one in it.
  func checkThrough(_ point: Math, by: Math?) throws(Diagnostic) {
    guard let by, let wanted = symbols.use(by), let use = symbols.use(point),
      use.key != wanted.key, use.key.base == wanted.key.base,
      let line = table.assignments.first(where: { $0.key == use.key }),
      mentions(wanted.key, in: line.value), descends(line.value)
    else { return }
    throw .reading(
      "second-derivative",
      "the derivative by \(by.span.text) goes through \(point.span.text), which holds a gradient itself",
      point.span,
      help: "for the gradient at \(point.span.text) write \\nabla L(\(point.span.text))")
  }

  private func descends(_ math: Math) -> Bool {
    if symbolsHoldGradient(math) { return true }
    return math.children.contains { descends($0) }
  }
}
