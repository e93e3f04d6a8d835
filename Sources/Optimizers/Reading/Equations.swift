// What an equation of a text can be: one line of what may become a rule, a function, or a claim.

import Diagnostics
import Notation

/// `x = …`, one line of what may become a rule.
struct Assignment {
  var key: SymbolKey
  var time: TimeMark
  var value: Math
  /// `:=` or `←`, not `=`: a line of a program, which reads what lines above it made.
  var isAssigned: Bool
  /// `+=`: the sign.
  var update: Unicode.Scalar?
  var span: Span
  var order: Int
  var isRemark: Bool
  /// What the left side adds up to when it is a difference: θ_{t+1} - θ_t = …
  var added: [MathTerm] = []

  /// The same line for a variable.
  func to(_ use: SymbolUse, _ added: [MathTerm] = []) -> Assignment {
    var copy = self
    copy.key = use.key
    copy.time = use.time
    copy.added = added
    return copy
  }
}

/// `f(x) = …`
struct FunctionDefinition {
  var arguments: [SymbolKey]
  var lower: [SymbolKey]
  var value: Math
  var span: Span
}

/// An equation that says something else.
struct Claim {
  enum Kind { case gradient, function, relation, argmin, other }
  var kind: Kind
  var text: String
  var span: Span
}

extension Math {
  /// `\argmin_x …`, with what stands behind it.
  var namesMinimiser: Bool {
    switch kind {
    case .function(let call): call.name == "argmin" || call.name == "argmax"
    case .product(let factors): factors[0].value.namesMinimiser
    case .sum(let terms): terms[0].value.namesMinimiser
    default: false
    }
  }

  /// A letter with accents and scripts.
  var isSymbolLike: Bool {
    switch kind {
    case .symbol: return true
    case .scripted(let base, _), .accented(_, let base): return base.isSymbolLike
    default: return false
    }
  }
}
