// Commands of packages and of the page's own TeX (physics, mathtools, siunitx, MathJax, KaTeX), by what
// they stand for in plain commands.
//
// A document's own definition of a name goes before these. Only what sets the same formula is here: a
// term that is struck out is left to the parser, which says that it does not know whether it counts.

import Diagnostics

enum TeXPackages {
  /// (name, arguments, default of the first one in [ ], what it stands for)
  private static let table: [(name: String, arguments: Int, optional: String?, body: String)] = [
    // Fractions.
    ("sfrac", 2, nil, #"\frac{#1}{#2}"#), ("nicefrac", 2, nil, #"\frac{#1}{#2}"#),
    ("flatfrac", 2, nil, #"\frac{#1}{#2}"#), ("xfrac", 2, nil, #"\frac{#1}{#2}"#),
    ("surd", 0, nil, #"\sqrt"#),
    // Signs.
    ("minus", 0, nil, "-"), ("vcentcolon", 0, nil, ":"), ("ratio", 0, nil, ":"),
    ("colonequals", 0, nil, #"\coloneqq"#), ("Coloneqq", 0, nil, #"\coloneqq"#),
    ("defeq", 0, nil, #"\coloneqq"#), ("eqdef", 0, nil, #"\coloneqq"#),
    ("xleftarrow", 2, "", #"\leftarrow"#), ("xlongleftarrow", 2, "", #"\leftarrow"#),
    ("xLeftarrow", 2, "", #"\leftarrow"#), ("xrightarrow", 2, "", #"\leadsto"#),
    ("xlongrightarrow", 2, "", #"\leadsto"#), ("xRightarrow", 2, "", #"\Rightarrow"#),
    ("xlongequal", 2, "", "="), ("xmapsto", 2, "", #"\mapsto"#),
    // Ends of rows and of lines.
    ("newline", 0, nil, #"\\"#), ("cr", 0, nil, #"\\"#), ("crcr", 0, nil, #"\\"#),
    ("tabularnewline", 0, nil, #"\\"#),
    // Frames, colours and links.
    ("bbox", 2, "", "{#2}"), ("htmlClass", 2, nil, "{#2}"), ("htmlId", 2, nil, "{#2}"),
    ("htmlStyle", 2, nil, "{#2}"), ("htmlData", 2, nil, "{#2}"), ("class", 2, nil, "{#2}"),
    ("style", 2, nil, "{#2}"), ("cssId", 2, nil, "{#2}"), ("href", 2, nil, "{#2}"),
    // Brackets.
    ("pqty", 1, nil, #"\left( #1 \right)"#), ("bqty", 1, nil, #"\left[ #1 \right]"#),
    ("Bqty", 1, nil, #"\left\{ #1 \right\}"#), ("vqty", 1, nil, #"\left| #1 \right|"#),
    ("norm", 1, nil, #"\left\lVert #1 \right\rVert"#), ("lgroup", 0, nil, "("),
    ("rgroup", 0, nil, ")"),
    // Gradients.
    ("grad", 0, nil, #"\nabla"#), ("gradient", 0, nil, #"\nabla"#), ("dd", 0, nil, #"\mathrm{d}"#),
    // Numbers.
    ("num", 2, "", "{#2}"),
  ]

  static let macros: [String: TeXMacros.Macro] = {
    var macros: [String: TeXMacros.Macro] = [:]
    for (name, arguments, optional, body) in table {
      macros[name] = TeXMacros.Macro(
        arguments: arguments, optional: optional.map(tokens), body: tokens(body))
    }
    return macros
  }()

  /// `\pdv[n]{f}{x}`, `\dv{x}`: the sign of each.
  static let derivatives: [String: String] = [
    "pdv": "partial", "partialderivative": "partial", "diffp": "partial", "dv": "d",
    "derivative": "d", "diff": "d", "odv": "d",
  ]

  /// Whether a command is one of those here.
  static func isKnown(_ name: String) -> Bool {
    macros[name] != nil || derivatives[name] != nil || name == "qty"
  }

  private static func tokens(_ text: String) -> [TeXToken] {
    let source = Source(text)
    let all = (try? TeXLexer.tokens(Span(source, 0, source.bytes.count))) ?? []
    return all.filter { !$0.isEnd }
  }
}

extension TeXMacros {
  /// `\pdv{f}{x}` is ∂f/∂x, `\pdv{x}` ∂/∂x, `\pdv[2]{f}{x}` ∂²f/∂x²; nil where no argument follows.
  mutating func derivative(_ sign: String, _ token: TeXToken) throws(Diagnostic) -> [TeXToken]? {
    let order = bracketed() ?? []
    guard peek?.kind == .beginGroup else { return nil }
    var function = try argument(after: token)
    var variable: [TeXToken] = []
    if peek?.kind == .beginGroup {
      variable = try argument(after: token)
    } else {
      (function, variable) = ([], function)
    }
    // `\pdv{f}{x}{y}` is by both.
    var second: [TeXToken]?
    if sign == "partial", order.isEmpty, peek?.kind == .beginGroup {
      second = try argument(after: token)
    }
    func own(_ kind: TeXToken.Kind) -> TeXToken { TeXToken(kind, token.start, token.end) }
    let open = own(.beginGroup)
    let close = own(.endGroup)
    var last = close
    if token.expansions == 0 { last.end = max(token.end, readEnd) }
    let differential =
      sign == "d"
      ? [own(.command("mathrm")), open, own(.letter("d")), close] : [own(.command(sign))]
    var power = order.isEmpty ? [] : [own(.superscriptSign), open] + order + [close]
    var below = differential + variable + power
    if let second {
      below += differential + second
      power = [own(.superscriptSign), own(.digit("2"))]
    }
    return [own(.command("frac")), open] + differential + power + function + [close, open] + below
      + [last]
  }

  /// `\qty{ … }` is a pair of braces; `\qty{5}{\metre}` a number with its unit, which nothing here has.
  mutating func quantity(_ token: TeXToken) throws(Diagnostic) -> [TeXToken] {
    let inner = try argument(after: token)
    if peek?.kind == .beginGroup {
      throw .tex(
        "unit", "a number with a unit is not read", Span(source, token.start, token.end),
        help: "write the number alone")
    }
    func own(_ sign: Unicode.Scalar) -> TeXToken {
      TeXToken(.sign(sign), token.start, token.end)
    }
    return [own("(")] + inner + [own(")")]
  }
}
