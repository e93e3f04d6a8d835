// A formula with parts of it replaced, from the leaves up. Scripts, limits and conditions are mapped as
// well; places stay those of the text.

extension Math {
  /// - Parameter replace: what stands in place of a part; nil keeps it.
  package func mapped(_ replace: (Math) -> Math?) -> Math {
    var copy = self
    func all(_ parts: [Math]) -> [Math] { parts.map { $0.mapped(replace) } }
    switch kind {
    case .number, .symbol, .mark, .ellipsis: break
    case .scripted(let base, let scripts):
      copy.kind = .scripted(base.mapped(replace), scripts.mapped(replace))
    case .accented(let accent, let inner): copy.kind = .accented(accent, inner.mapped(replace))
    case .elementwise(let inner): copy.kind = .elementwise(inner.mapped(replace))
    case .sum(let terms):
      copy.kind = .sum(
        terms.map { MathTerm(isNegative: $0.isNegative, value: $0.value.mapped(replace)) })
    case .product(let factors):
      copy.kind = .product(
        factors.map { MathFactor(sign: $0.sign, value: $0.value.mapped(replace)) })
    case .fraction(let above, let below):
      copy.kind = .fraction(above.mapped(replace), below.mapped(replace))
    case .root(let inner, let degree):
      copy.kind = .root(inner.mapped(replace), degree: degree?.mapped(replace))
    case .fenced(let fence, let items): copy.kind = .fenced(fence, all(items))
    case .function(var call):
      call.scripts = call.scripts?.mapped(replace)
      call.arguments = all(call.arguments)
      copy.kind = .function(call)
    case .big(let name, let scripts, let body):
      copy.kind = .big(name, scripts.mapped(replace), body.mapped(replace))
    case .gradient(var gradient):
      gradient.by = all(gradient.by)
      gradient.power = gradient.power?.mapped(replace)
      gradient.function = gradient.function?.mapped(replace)
      gradient.arguments = gradient.arguments.map(all)
      copy.kind = .gradient(gradient)
    case .cases(let cases):
      copy.kind = .cases(
        cases.map {
          MathCase(
            value: $0.value.mapped(replace), condition: $0.condition?.mapped(replace))
        })
    case .relation(let sides, let relations): copy.kind = .relation(all(sides), relations)
    case .evaluated(let inner, let at):
      copy.kind = .evaluated(inner.mapped(replace), at: at.mapped(replace))
    }
    return replace(copy) ?? copy
  }
}

extension MathScripts {
  fileprivate func mapped(_ replace: (Math) -> Math?) -> MathScripts {
    var copy = self
    copy.lower = lower.map { $0.mapped(replace) }
    copy.upper = upper?.mapped(replace)
    return copy
  }
}
