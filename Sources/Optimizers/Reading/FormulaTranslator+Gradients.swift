// Gradients: what they are of and where they are taken; sums of them over samples.

import Diagnostics
import Notation

extension FormulaTranslator {
  func gradient(_ use: SymbolReader.GradientUse, _ depth: Int) throws(Diagnostic) -> Expression {
    if let function = use.function {
      try checkOneFunction(function)
      noteFunction(function)
    }
    if let by = use.by, let variable = symbols.use(by) {
      gradientVariables.append((number(of: variable.key), by.span))
    }
    if use.isPrimed {
      note(.convention, "\(use.span.text) is read as the gradient there", use.span)
    }
    if let step = use.step {
      return Build.name(
        Reference(number(of: SymbolKey(base: "gradient")), .step(step)).name, use.span)
    }
    var point = use.at
    if point == nil, let arguments = use.arguments { point = self.point(arguments, by: use.by) }
    if point == nil, let function = use.function {
      point = nested(in: function, by: use.by)
    }
    if point == nil, let by = use.by, let variable = symbols.use(by),
      variable.time != .none || !variable.key.accents.isEmpty
    {
      point = by
    }
    guard let point else { return Build.name(gradientName, use.span) }
    try checkThrough(point, by: use.by)
    let at = try translate(point, depth + 1)
    if case .name(let name) = at.kind, let reference = Reference(name) {
      gradientPoints.append((reference, point.span))
    }
    return Build.call("grad", [at], use.span)
  }

  /// ∇(L + λR) is no gradient that a rule is given.
  func checkOneFunction(_ math: Math) throws(Diagnostic) {
    guard case .fenced(_, let items) = math.kind, items.count == 1,
      case .sum(let terms) = items[0].kind, terms.count > 1
    else { return }
    throw .reading(
      "gradient-of-sum", "the gradient of a sum; a rule is given that of one loss", math.span,
      help: "write the other terms' gradients out: \\nabla L(w) + \\lambda w")
  }

  /// Remembers what the gradient is of, without the number of the sample or the step.
  func noteFunction(_ math: Math) {
    var base = math
    if case .scripted(let inner, _) = math.kind { base = inner }
    switch base.kind {
    case .symbol, .accented:
      if let use = symbols.use(base) { gradientFunctions.append((use.key.stem, math.span)) }
    default: break
    }
  }

  // MARK: Sums over samples

  /// What a sum of gradients over samples counts: `n`, or the set; nil for any other sum.
  func sampleSum(_ math: Math) -> (count: Math, isSet: Bool)? {
    switch math.kind {
    case .big("sum", let scripts, let body):
      guard symbolsHoldGradient(body) else { return nil }
      return counted(scripts)
    case .gradient(let gradient):
      guard let function = gradient.function, case .big("sum", let scripts, _) = function.kind
      else {
        return nil
      }
      return counted(scripts)
    case .product(let factors):
      for factor in factors {
        if let found = sampleSum(factor.value) { return found }
      }
      return nil
    case .fenced(let fence, let items):
      return items.count == 1 && fence != .norm && fence != .bars ? sampleSum(items[0]) : nil
    default: return nil
    }
  }

  func counted(_ scripts: MathScripts) -> (count: Math, isSet: Bool)? {
    if let first = scripts.lower.first, case .relation(let sides, let relations) = first.kind {
      if relations[0] == .member { return (sides[1], true) }
      if let upper = scripts.upper { return (upper, false) }
    }
    return scripts.lower.first.map { ($0, true) }
  }

  func symbolsHoldGradient(_ math: Math) -> Bool {
    if symbols.isGradient(math) { return true }
    if case .product(let factors) = math.kind {
      return factors.indices.contains { symbols.gradient(of: factors, at: $0) != nil }
    }
    if case .fenced(_, let items) = math.kind { return items.contains { symbolsHoldGradient($0) } }
    return false
  }

  /// 1/n Σ ∇L(θ; x_i): the 1/n goes with the sum.
  func cancelled(_ factors: [MathFactor]) throws(Diagnostic) -> [MathFactor]? {
    var sum: (place: Int, count: Math, isSet: Bool)?
    for (place, factor) in factors.enumerated() {
      if case .fraction(let above, _) = factor.value.kind, let found = sampleSum(above) {
        sum = (place, found.count, found.isSet)
      } else if let found = sampleSum(factor.value) {
        sum = (place, found.count, found.isSet)
      }
    }
    guard let sum else { return nil }
    var result = factors
    let wanted = compact(sum.count)
    let set = compact(unscripted(sum.count))
    func matches(_ math: Math) -> Bool {
      if sum.isSet {
        if case .fenced(.bars, let items) = math.kind, items.count == 1 {
          return compact(items[0]) == wanted || compact(unscripted(items[0])) == set
        }
        // The size of a batch often has its own letter.
        if let use = symbols.use(math) {
          return ["m", "n", "b", "B", "N", "batch_size"].contains(use.key.base)
        }
        return false
      }
      return compact(math) == wanted
    }
    for (place, factor) in factors.enumerated() {
      if case .fraction(let above, let below) = factor.value.kind {
        if matches(below) {
          result[place].value = above
          if case .number("1") = above.kind, factors.count > 1, factor.sign != .slash {
            result.remove(at: place)
          }
          return result
        }
        if case .product(var parts) = below.kind,
          let index = parts.firstIndex(where: { matches($0.value) && $0.sign != .slash })
        {
          parts.remove(at: index)
          result[place].value = Math(
            .fraction(above, Math(.product(parts), below.span)), factor.value.span)
          return result
        }
      }
      if factor.sign == .slash, matches(factor.value) {
        result.remove(at: place)
        return result
      }
    }
    note(
      .convention, "the sum over the samples is taken as the gradient; no 1/n stands before it",
      factors[sum.place].value.span)
    return nil
  }

  /// The set of a batch without the number of its step: ℬ_t is ℬ.
  private func unscripted(_ math: Math) -> Math {
    if case .scripted(let base, _) = math.kind { return base }
    return math
  }

  func compact(_ math: Math) -> String {
    math.span.text.filter { !" {}\n\t".contains($0) }
  }
}
