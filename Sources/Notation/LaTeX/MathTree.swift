// A formula as it is printed: base, accent, face, subscript and superscript kept apart.
//
// Nothing is decided here: whether a superscript is a power, whether f(x) is a call, whether `dW` is
// one name. Sums and products are flat, so that a long line is no deep tree; everything else is
// bounded in depth by the parser.

import Diagnostics

package struct Math: Sendable {
  package indirect enum Kind: Sendable {
    case number(String)
    /// A letter, a Greek letter's name, a word; `isRun` if it is letters written next to one another,
    /// which may be a product as well.
    case symbol(MathSymbol)
    case scripted(Math, MathScripts)
    case accented(String, Math)
    case sum([MathTerm])
    case product([MathFactor])
    case fraction(Math, Math)
    case root(Math, degree: Math?)
    /// Brackets and what is between them, at commas and semicolons.
    case fenced(MathFence, [Math])
    /// `\log x`, `\max(a, b)`, `\operatorname{clip}(x, -c, c)`; no arguments when none follow.
    case function(MathFunction)
    /// Σ, Π with their limits and body.
    case big(String, MathScripts, Math)
    case gradient(MathGradient)
    case cases([MathCase])
    /// In conditions, limits and labels: a < b.
    case relation([Math], [TeXRelation])
    /// `|_{w = w_0}`
    case evaluated(Math, at: Math)
    /// A sign alone in a script: `+`, `*`.
    case mark(String)
    /// `^{\odot 2}`
    case elementwise(Math)
    case ellipsis
  }

  package var kind: Kind
  package var span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

package struct MathSymbol: Sendable, Hashable {
  package var name: String
  /// Only for letters that are other letters in this face: calligraphic, blackboard bold.
  package var face: String?
  /// Letters without space between them; may be several names.
  package var isRun = false
  /// Written as words: \mathrm{lr}, \text{lr}, \operatorname{lr}.
  package var isWord = false

  package init(_ name: String, face: String? = nil, isRun: Bool = false, isWord: Bool = false) {
    self.name = name
    self.face = face
    self.isRun = isRun
    self.isWord = isWord
  }
}

package struct MathScripts: Sendable {
  /// The parts of the subscript, at its commas.
  package var lower: [Math] = []
  package var upper: Math?
  package var primes = 0
  /// The script is not in braces although it should be: `^(t+1)`, `^10`, `^-8`.
  package var slip: Span?

  package init() {}
}

package struct MathTerm: Sendable {
  package var isNegative: Bool
  package var value: Math

  package init(isNegative: Bool, value: Math) {
    self.isNegative = isNegative
    self.value = value
  }
}

package struct MathFactor: Sendable {
  package enum Sign: Sendable, Equatable {
    /// Standing next to what is before.
    case implicit
    /// · × ⊙
    case times
    /// `/`
    case slash
    /// ⊘ ÷, and \Big/
    case over
  }
  package var sign: Sign
  package var value: Math

  package init(sign: Sign, value: Math) {
    self.sign = sign
    self.value = value
  }
}

package struct MathFunction: Sendable {
  package var name: String
  package var scripts: MathScripts?
  package var arguments: [Math]
  package var nameSpan: Span
  /// The arguments stood in brackets.
  package var isBracketed: Bool

  package init(
    name: String, scripts: MathScripts?, arguments: [Math], nameSpan: Span, isBracketed: Bool
  ) {
    self.name = name
    self.scripts = scripts
    self.arguments = arguments
    self.nameSpan = nameSpan
    self.isBracketed = isBracketed
  }

  /// `A \cap B`: an operator that has no value here.
  package var isOperator: Bool { arguments.count == 2 && TeXCommands.others[name] != nil }
}

package struct MathGradient: Sendable {
  /// By what: \nabla_\theta.
  package var by: [Math]
  package var power: Math?
  /// The function's name with its scripts, or the formula; nil for ∇ alone.
  package var function: Math?
  /// Its arguments; nil when none are written.
  package var arguments: [Math]?
}

package struct MathCase: Sendable {
  package var value: Math
  /// nil for “otherwise”.
  package var condition: Math?
}

/// What stands in a row between separators.
package struct MathItem: Sendable {
  package enum Kind: Sendable {
    /// Sides and the relations between them; one side alone is an expression.
    case formula([Math], [TeXRelation])
    case words(String)
    /// A row of an algorithm that steers it: “for t = 1, 2, … do”.
    case control(String)
  }
  package var kind: Kind
  package var span: Span
  /// In brackets, or after “where”: said in passing.
  package var isRemark = false
  /// The number of the formula it belongs to.
  package var formula = 0
  /// It begins a row.
  package var startsRow = false

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

extension Math {
  /// The parts directly below.
  package var children: [Math] {
    switch kind {
    case .number, .symbol, .mark, .ellipsis: []
    case .scripted(let base, let scripts): [base] + scripts.children
    case .accented(_, let inner), .elementwise(let inner): [inner]
    case .sum(let terms): terms.map(\.value)
    case .product(let factors): factors.map(\.value)
    case .fraction(let a, let b): [a, b]
    case .root(let inner, let degree): [inner] + (degree.map { [$0] } ?? [])
    case .fenced(_, let items): items
    case .function(let call): (call.scripts?.children ?? []) + call.arguments
    case .big(_, let scripts, let body): scripts.children + [body]
    case .gradient(let gradient):
      gradient.by + (gradient.power.map { [$0] } ?? []) + (gradient.function.map { [$0] } ?? [])
        + (gradient.arguments ?? [])
    case .cases(let cases): cases.flatMap { [$0.value] + ($0.condition.map { [$0] } ?? []) }
    case .relation(let sides, _): sides
    case .evaluated(let inner, let at): [inner, at]
    }
  }
}

extension MathScripts {
  package var children: [Math] { lower + (upper.map { [$0] } ?? []) }
  package var isEmpty: Bool { lower.isEmpty && upper == nil && primes == 0 }
}
