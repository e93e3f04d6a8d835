// The commands that are known, by what they are: letters, functions, signs, what is skipped.
//
// A command in none of these tables is an error at its place; nothing is dropped that is not here.

enum TeXCommands {
  /// Blank space of any width but \quad.
  static let spaces: Set<String> = [
    ",", ";", ":", "!", ">", " ", "/", "thinspace", "medspace", "thickspace", "enspace", "enskip",
    "negthinspace", "allowbreak", "noindent", "null", "break", "nobreak", "relax", "protect",
  ]
  static let gaps: Set<String> = ["quad", "qquad"]

  /// What changes the look alone: (arguments it takes).
  static let skipped: [String: Int] = [
    "displaystyle": 0, "textstyle": 0, "scriptstyle": 0, "scriptscriptstyle": 0, "limits": 0,
    "nolimits": 0, "nonumber": 0, "notag": 0, "hline": 0, "mathstrut": 0, "strut": 0, "hfill": 0,
    "small": 0, "large": 0, "Large": 0, "footnotesize": 0, "scriptsize": 0, "tiny": 0, "LARGE": 0,
    "huge": 0, "normalsize": 0, "centering": 0, "normalfont": 0, "boldmath": 0, "unboldmath": 0,
    "displaylimits": 0, "displaybreak": 0, "allowdisplaybreaks": 0, "IEEEyesnumber": 0,
    "IEEEnonumber": 0, "IEEEeqnarraynumspace": 0, "skew": 1,
    "big": 0, "Big": 0, "bigg": 0, "Bigg": 0, "bigl": 0, "Bigl": 0, "biggl": 0, "Biggl": 0,
    "bigr": 0, "Bigr": 0, "biggr": 0, "Biggr": 0, "bigm": 0, "Bigm": 0, "biggm": 0, "Biggm": 0,
    "middle": 0, "left": 0, "right": 0, "mathopen": 0, "mathclose": 0,
    "label": 1, "tag": 1, "color": 1, "hspace": 1, "vspace": 1, "phantom": 1, "hphantom": 1,
    "vphantom": 1, "cline": 1, "rule": 2, "textcolor": 1, "colorbox": 1, "fcolorbox": 2,
    "mathcolor": 1,
    "require": 1, "definecolor": 3,
  ]

  /// Commands round text.
  static let texts: Set<String> = [
    "text", "textrm", "textnormal", "textit", "textbf", "textsf", "texttt", "textsc", "mbox",
    "hbox", "emph", "textup", "intertext", "shortintertext",
  ]

  /// Type faces; those whose letters are letters of their own keep their name.
  static let faces: [String: String?] = [
    "mathbf": nil, "boldsymbol": nil, "bm": nil, "pmb": nil, "mathit": nil, "mathsf": nil,
    "mathtt": nil, "mathnormal": nil, "vec": nil, "bold": nil, "symbf": nil, "mathbfit": nil,
    "overrightarrow": nil, "vb": nil, "va": nil, "vectorbold": nil, "mathbfup": nil, "symbfit": nil,
    "symbfup": nil, "symup": nil, "symit": nil, "mathbold": nil, "mathup": nil, "mathcal": "cal",
    "mathscr": "cal", "mathbb": "bb", "mathfrak": "frak",
    "Bbb": "bb", "mathds": "bb", "mathbbm": "bb",
  ]

  /// `{\bf x}`
  static let faceSwitches: Set<String> = ["bf", "rm", "it", "sf", "tt", "bfseries", "cal"]

  static let accents: [String: String] = [
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde",
    "widetilde": "tilde", "dot": "dot", "ddot": "ddot", "check": "check", "breve": "breve",
    "underline": "underline", "widecheck": "check", "mathring": "ring", "acute": "acute",
    "grave": "grave",
  ]

  /// Greek letters and their kin; the value is the letter's name.
  static let letters: Set<String> = [
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta",
    "vartheta", "iota", "kappa", "varkappa", "lambda", "mu", "nu", "xi", "pi", "varpi", "rho",
    "varrho", "sigma", "varsigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
    "Alpha", "Beta", "Epsilon", "Zeta", "Eta", "Iota", "Kappa", "Mu", "Nu", "Omicron", "Rho",
    "Tau", "Chi", "omicron", "ell", "hbar", "imath", "jmath", "infty", "partial", "emptyset",
    "varnothing", "R", "eps", "triangle", "vartriangle",
    "aleph", "beth", "gimel", "daleth", "digamma", "mho", "eth", "wp",
  ]

  /// Signs that a script may consist of, and what they are called.
  static let scriptMarks: [String: String] = [
    "top": "T", "intercal": "T", "star": "*", "ast": "*", "prime": "'", "dagger": "dagger",
    "circ": "circ", "bullet": "bullet", "perp": "perp", "bot": "perp", "pm": "pm", "mp": "mp",
  ]

  /// Functions written without brackets at need, and the name each has here.
  static let functions: [String: String] = [
    "log": "log", "ln": "log", "exp": "exp", "sin": "sin", "cos": "cos", "tan": "tan",
    "tanh": "tanh", "max": "max", "min": "min", "sign": "sign", "sgn": "sign", "arg": "arg",
    "argmin": "argmin", "argmax": "argmax", "sup": "sup", "inf": "inf", "lim": "lim",
    "det": "det", "dim": "dim", "sinh": "sinh", "cosh": "cosh", "Pr": "Pr", "gcd": "gcd",
    "limsup": "limsup", "liminf": "liminf", "lg": "lg", "abs": "abs",
  ]

  /// Operators with limits, whose body is the product behind them.
  static let bigs: Set<String> = ["sum", "prod", "int", "bigcup", "bigcap", "coprod", "oint"]

  /// Signs of a product.
  static let products: Set<String> = [
    "cdot", "times", "odot", "circ", "ast", "otimes", "bigodot", "bullet", "star", "cdotp",
    "centerdot", "*",
  ]
  /// A line through a part.
  static let strikes: Set<String> = [
    "cancel", "bcancel", "xcancel", "cancelto", "sout", "st", "enclose", "hcancel",
  ]
  static let divisions: Set<String> = ["oslash", "div"]

  /// Operators on sets and the like, which nothing here computes, and their signs.
  static let others: [String: String] = [
    "cap": "∩", "cup": "∪", "setminus": "∖", "smallsetminus": "∖", "sqcup": "⊔", "sqcap": "⊓",
    "uplus": "⊎", "oplus": "⊕", "ominus": "⊖",
  ]

  static let relations: [String: TeXRelation] = [
    "leftarrow": .assign, "gets": .assign, "longleftarrow": .assign, "Leftarrow": .assign,
    "coloneqq": .assign, "coloneq": .assign, "triangleq": .equals, "equiv": .equals,
    "doteq": .equals, "le": .lessOrEqual, "leq": .lessOrEqual, "leqslant": .lessOrEqual,
    "ge": .greaterOrEqual, "geq": .greaterOrEqual, "geqslant": .greaterOrEqual, "lt": .less,
    "gt": .greater, "ne": .notEqual, "neq": .notEqual, "approx": .other, "simeq": .other,
    "cong": .other, "sim": .distributed, "propto": .other, "in": .member, "notin": .other,
    "subset": .other, "subseteq": .other, "to": .becomes, "rightarrow": .becomes,
    "longrightarrow": .becomes, "mapsto": .other, "Rightarrow": .other, "implies": .other,
    "iff": .other, "Leftrightarrow": .other, "ll": .other, "gg": .other, "lesssim": .other,
    "gtrsim": .other, "xrightarrow": .other, "ni": .other, "perp": .other,
    "longmapsto": .other, "Longrightarrow": .other, "Longleftrightarrow": .other,
    "impliedby": .other, "succeq": .other, "preceq": .other, "succ": .other, "prec": .other,
    "supset": .other, "supseteq": .other, "asymp": .other, "leadsto": .other,
    "leftrightarrow": .other, "vdash": .other, "models": .other, "nleq": .other, "ngeq": .other,
  ]

  static let ellipses: Set<String> = [
    "ldots", "dots", "cdots", "dotsc", "dotsb", "vdots", "dotsm", "dotso", "dotsi",
    "ddots", "hdots",
  ]

  /// Opening fences and what closes them.
  static let fences: [String: (open: MathFence, close: String)] = [
    "{": (.brace, "}"), "lbrace": (.brace, "rbrace"), "lvert": (.bars, "rvert"),
    "lVert": (.norm, "rVert"), "|": (.norm, "|"), "Vert": (.norm, "Vert"), "vert": (.bars, "vert"),
    "lfloor": (.floor, "rfloor"), "lceil": (.ceiling, "rceil"), "langle": (.angle, "rangle"),
    "lbrack": (.bracket, "rbrack"), "lparen": (.parenthesis, "rparen"),
  ]
}

/// What stands between the two sides of an equation.
package enum TeXRelation: Sendable, Hashable {
  case equals
  /// ←, :=
  case assign
  /// `+=`, `-=`, …: the sign
  case update(Unicode.Scalar)
  case less, lessOrEqual, greater, greaterOrEqual, notEqual
  case member
  /// →: w → w′ = …
  case becomes
  /// ~
  case distributed
  case other

  package var isDefining: Bool {
    switch self {
    case .equals, .assign, .update: true
    default: false
    }
  }
}

/// A pair of brackets.
package enum MathFence: String, Sendable {
  case parenthesis, bracket, brace, bars, norm, floor, ceiling, angle
}
