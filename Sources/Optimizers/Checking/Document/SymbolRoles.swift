// What the words round a formula say its symbols are for: “where α is the learning rate”,
// 其中，$\alpha$是学习率.
//
// Words are evidence for names only. Where the structure of a rule leaves a choice they decide it;
// where it is certain and they say otherwise, that is a remark. Nothing is judged by them.

import Diagnostics
import Notation

struct SymbolRoles {
  struct Claim {
    var role: HyperRole
    /// The words, as written.
    var phrase: String
    var span: Span
  }

  private(set) var claims: [Name: Claim] = [:]
  /// How many inline formulas before and behind are looked at.
  private static let reach = 100

  /// Reads the text between the display before a formula and the one after it.
  init(_ document: FormulaDocument, _ places: [Int]) {
    guard let first = places.first, let last = places.last else { return }
    let formulas = document.formulas
    var start = first
    while start > 0, !formulas[start - 1].isDisplay,
      formulas[start - 1].section == formulas[first].section
    {
      start -= 1
    }
    var end = last + 1
    while end < formulas.count, !formulas[end].isDisplay,
      formulas[end].section == formulas[last].section
    {
      end += 1
    }
    // Of a long text the words nearest the formula.
    start = max(start, first - SymbolRoles.reach)
    end = min(end, last + 1 + SymbolRoles.reach)
    var shared: [(name: Name, span: Span)] = []
    for place in start..<end where !formulas[place].isDisplay {
      guard let name = SymbolRoles.name(formulas[place].span) else {
        shared = []
        continue
      }
      let own = formulas[place].whole
      let next = place + 1 < formulas.count ? formulas[place + 1].whole.start : own.end + 120
      let after = Span(document.source, own.end, min(next, own.end + 120)).text
      let before = Span(
        document.source, max(place > 0 ? formulas[place - 1].whole.end : 0, own.start - 60),
        own.start
      ).text
      if let (role, phrase) = SymbolRoles.role(after: after) ?? SymbolRoles.role(before: before) {
        for (name, span) in shared + [(name, formulas[place].span)] where claims[name] == nil {
          claims[name] = Claim(role: role, phrase: phrase, span: span)
        }
        shared = []
      } else if SymbolRoles.joins.contains(after.trimmedBlanks.lowercased()) {
        // “β₁ and β₂ are decay rates”
        shared.append((name, formulas[place].span))
      } else {
        shared = []
      }
    }
  }

  private static func name(_ span: Span) -> Name? {
    guard span.end - span.start <= 40, let name = Name(latex: span.text) else { return nil }
    // The learning rate of a step is a learning rate.
    for suffix in ["_t", "_k", "_n"] where name.canonical.hasSuffix(suffix) {
      return Name(canonical: String(name.canonical.dropLast(2)))
    }
    return name
  }

  private static let joins: Set<String> = [
    "and", ",", ", and", "or", "和", "与", "、", "，", "及", "und", "et", "y", "e", "&", "/", "以及",
  ]

  /// Phrases and what they say; the more special before the more general.
  private static let phrases: [(role: HyperRole, words: [String])] = [
    (
      .weightDecay,
      [
        "weight decay", "weight-decay", "regularization", "regularisation", "权重衰减", "正则化",
        "gewichtsabnahme", "regularisierung", "régularisation",
      ]
    ),
    (
      .learningRate,
      [
        "learning rate", "learning-rate", "step size", "step-size", "stepsize", "step length",
        "学习率", "学习速率", "步长", "學習率", "学習率", "학습률", "lernrate", "schrittweite",
        "taux d'apprentissage", "taux d’apprentissage", "pas d'apprentissage",
        "tasa de aprendizaje", "taxa de aprendizado", "скорость обучения",
      ]
    ),
    (
      .epsilon,
      [
        "small constant", "small positive", "small number", "small value", "tiny",
        "division by zero",
        "divide by zero", "dividing by zero", "numerical stability", "小的常数", "小常数", "小的正数",
        "小正数", "小数值", "小的数", "除零", "除以零", "除以0", "数值稳定", "kleine konstante",
        "kleine zahl", "division durch null", "petite constante", "petit nombre",
        "division par zéro", "pequeña constante",
      ]
    ),
    (
      .firstDecay,
      [
        "decay rate", "decay factor", "decay coefficient", "decay parameter", "decay constant",
        "momentum coefficient", "momentum parameter", "momentum factor", "momentum term",
        "smoothing", "forgetting factor", "discount", "衰减", "动量因子", "动量系数", "动量参数",
        "动量超参数", "momentum", "abkling", "zerfall", "glättung", "impulsfaktor",
        "facteur d'oubli", "taux de décroissance", "décroissance",
      ]
    ),
  ]

  private static let stops: Set<Character> = [".", "。", ";", "；", "\n", "$", "?", "!"]

  /// `… is the learning rate`, up to the clause's end.
  private static func role(after text: String) -> (HyperRole, String)? {
    var clause = text.prefix { !stops.contains($0) }.lowercased()
    if let cut = clause.firstIndex(where: { $0 == "，" || $0 == "," }) {
      // A comma ends what is said, unless nothing has been said yet.
      let head = clause[..<cut]
      if head.contains(where: { !$0.isWhitespace }) { clause = String(head) }
    }
    guard hasLink(clause) else { return nil }
    return earliest(in: clause)
  }

  /// `the learning rate $\alpha$`
  private static func role(before text: String) -> (HyperRole, String)? {
    var clause = text.lowercased()[...]
    while let last = clause.last, last.isWhitespace || "(（:：".contains(last) { clause.removeLast() }
    for (role, words) in phrases {
      for word in words where clause.hasSuffix(word) { return (role, word) }
    }
    return nil
  }

  private static let links = [
    "is", "are", "denotes", "denote", "represents", "being", "as", "the", "a", "=", ":", "(", "（",
    "ist", "sind", "bezeichnet", "die", "der", "das", "est", "sont", "désigne", "le", "la", "es",
    "son",
  ]

  /// Whether what follows a symbol speaks of it.
  private static func hasLink(_ clause: String) -> Bool {
    let text = clause.trimmedBlanks
    if ["是", "为", "表示", "代表", "：", "即", "叫", "称", "（", "分别", "指"].contains(where: {
      text.hasPrefix($0)
    }) {
      return true
    }
    guard let first = text.split(whereSeparator: { $0.isWhitespace || $0 == "," }).first else {
      return false
    }
    return links.contains(String(first)) || "(:=–-|".contains(text.first ?? " ")
  }

  private static func earliest(in clause: String) -> (HyperRole, String)? {
    var best: (place: Int, role: HyperRole, phrase: String)?
    for (role, words) in phrases {
      for word in words {
        guard let place = clause.place(of: word), place < 60 else { continue }
        if let found = best, found.place <= place { continue }
        best = (place, role, word)
      }
    }
    return best.map { ($0.role, $0.phrase) }
  }
}

extension SymbolRoles {
  /// The roles of a rule with what the words decide, and remarks where they contradict.
  func applied(to rule: RuleReading) -> (roles: [Name: HyperRole], remarks: [ReadingNote]) {
    var roles = Dictionary(rule.roles.map { ($0.name, $0.role) }, uniquingKeysWith: { a, _ in a })
    var remarks: [ReadingNote] = []
    for (name, structure) in rule.roles {
      guard let claim = claims[name] else { continue }
      switch (structure, claim.role) {
      case (.other, .learningRate), (.constant, .learningRate):
        // Of several factors the words say which is the rate.
        for other in rule.roles
        where roles[other.name] == .learningRate && claims[other.name]?.role != .learningRate {
          roles[other.name] = .other
        }
        roles[name] = .learningRate
      case (.other, _): roles[name] = claim.role
      case (.learningRate, .firstDecay), (.learningRate, .epsilon),
        (.firstDecay, .learningRate), (.secondDecay, .learningRate), (.epsilon, .learningRate),
        (.firstDecay, .epsilon), (.secondDecay, .epsilon), (.weightDecay, .learningRate):
        remarks.append(
          ReadingNote(
            .ambiguity,
            "the words call \(name.pretty) “\(claim.phrase)”; in the formula it is the "
              + structure.words + ", and so it is taken", claim.span))
      default: break
      }
    }
    return (roles, remarks)
  }
}

extension HyperRole {
  fileprivate var words: String {
    self == .epsilon ? "number added to the denominator" : rawValue
  }
}

extension String {
  fileprivate var trimmedBlanks: String {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }

  /// The offset in characters of the first occurrence.
  fileprivate func place(of word: String) -> Int? {
    let own = Array(self)
    let wanted = Array(word)
    guard wanted.count <= own.count else { return nil }
    return (0...(own.count - wanted.count)).first { own[$0...].starts(with: wanted) }
  }
}
