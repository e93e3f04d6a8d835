// What is to be checked, read off the line: files, formulas, rules, and what some symbols are for.
//
//   check "post.md"          check notes.tex, post.md      check adam
//   check "\theta = …"       check latex "…"               check "…" where gamma = lr, rho = beta

import Diagnostics
import Engine
import Notation
import Optimizers

struct CheckSubjects {
  enum Subject {
    case file(path: String, span: Span)
    case formulas(Span)
    case rule(Rule, name: String)
  }

  private(set) var subjects: [Subject] = []
  private(set) var roles: [Name: HyperRole] = [:]
  /// The symbols that roles were given to, where they stand.
  private var given: [Identifier] = []

  private let session: Session
  private let source: Source
  private let end: Int
  private var place: Int

  /// - Parameter text: the line behind the command's word.
  init(_ text: Span, in session: Session) throws(Diagnostic) {
    self.session = session
    let inside = text.clamped
    source = inside.source
    place = inside.start
    end = inside.end
    while skipBlanks() { try readOne() }
    guard !subjects.isEmpty else {
      throw Diagnostic(
        "check.nothing", "there is nothing to check here", at: text,
        help: "for example: check \"post.md\", or check adam")
    }
  }

  private var bytes: ArraySlice<UInt8> { source.bytes[place..<end] }

  /// Goes to the next word; whether there is one.
  private mutating func skipBlanks() -> Bool {
    while place < end, source.bytes[place] <= 0x20 || source.bytes[place] == UInt8(ascii: ",") {
      place += 1
    }
    return place < end
  }

  private mutating func readOne() throws(Diagnostic) {
    if bytes.first == UInt8(ascii: "\"") {
      let span = try string()
      return subjects.append(subject(quoted: span))
    }
    if bytes.starts(with: "$$".utf8) { return try readDisplay() }
    let word = self.word()
    switch word.text {
    case "latex" where skipBlanks() && (bytes.first == UInt8(ascii: "\"") || bytes.first == 0x24):
      if bytes.first == UInt8(ascii: "\"") {
        subjects.append(.formulas(try string()))
      } else {
        try readDisplay()
      }
    case "where" where !subjects.isEmpty: try readRoles(word)
    default: subjects.append(try subject(bare: word))
    }
  }

  /// `$$ … $$` or `$ … $`, with another one or `where …` behind it at most.
  private mutating func readDisplay() throws(Diagnostic) {
    let (display, rest) = DisplayedFormula.split(Span(source, place, end), isOne: true)
    subjects.append(.formulas(display))
    place = rest?.start ?? end
    guard let rest, !rest.text.hasPrefix("$$"),
      rest.text.split(whereSeparator: \.isWhitespace).first != "where"
    else { return }
    throw Diagnostic(
      "check.behind", "nothing is read behind the closing $$", at: rest,
      help: "where gamma = lr may follow; words belong into \\text{…}")
  }

  /// `"…"`, a quote inside written twice.
  private mutating func string() throws(Diagnostic) -> Span {
    let open = place
    var next = place + 1
    while next < end {
      if source.bytes[next] == UInt8(ascii: "\"") {
        guard next + 1 < end, source.bytes[next + 1] == UInt8(ascii: "\"") else { break }
        next += 1
      }
      next += 1
    }
    guard next < end else {
      throw Diagnostic(
        "string.open", "this quote is never closed", at: Span(source, open, open + 1),
        help: "type the missing \"")
    }
    place = next + 1
    return Span(source, open + 1, next)
  }

  private mutating func word() -> Span {
    let start = place
    while place < end, source.bytes[place] > 0x20, source.bytes[place] != UInt8(ascii: ",") {
      place += 1
    }
    return Span(source, start, place)
  }

  // MARK: What it is

  private func subject(quoted span: Span) -> Subject {
    let text = span.text
    let isFormula = text.contains { "\\=$".contains($0) }
    return isFormula && !FileAccess.exists(text)
      ? .formulas(span) : .file(path: text, span: span)
  }

  private func subject(bare span: Span) throws(Diagnostic) -> Subject {
    let text = span.text
    if let rule = try session.rule(named: text) { return .rule(rule, name: text) }
    if text.contains("\\") || text.contains("$") {
      throw Diagnostic(
        "check.quotes", "formulas are written in quotes", at: span,
        help: "check \"\\theta_{t+1} = \\theta_t - \\eta g_t\"")
    }
    if text.contains(".") || text.contains("/") || FileAccess.exists(text) {
      return .file(path: text, span: span)
    }
    throw Diagnostic(
      "check.unknown", "there is no rule \(text), and no file of that name", at: span,
      help: didYouMean(text, in: RuleLibrary.names + session.problem.rules.keys)
        ?? "check takes a file, formulas in quotes, or a rule's name")
  }

  // MARK: Roles

  /// `gamma = lr, rho = beta`
  private mutating func readRoles(_ whereWord: Span) throws(Diagnostic) {
    do {
      var parser = try Parser(Span(source, place, end))
      repeat {
        let symbol = try parser.expectName("a symbol of the formulas")
        try parser.expect(.assign)
        let word = try parser.expectName("what it is for")
        guard let role = CheckSubjects.roles[word.name.canonical] else {
          throw Diagnostic(
            "check.role", "\(word.name.canonical) is nothing a symbol can be for", at: word.span,
            help: didYouMean(word.name.canonical, in: CheckSubjects.roles.keys.sorted())
              ?? "known are lr, beta, rho, eps and wd")
        }
        roles[symbol.name] = role
        given.append(symbol)
      } while parser.accept(.comma) != nil
      try parser.expectEnd()
    } catch let error as SyntaxError {
      throw error.diagnostic
    } catch let error as Diagnostic {
      throw error
    } catch {
      throw Diagnostic("check.where", "this is not understood", at: whereWord)
    }
    place = end
  }

  /// - Throws: at a symbol with a role that nothing has which was checked.
  func refuseStrangers(in checks: [DocumentCheck]) throws(Diagnostic) {
    let formulas = checks.flatMap(\.formulas)
    // What is not understood may have it.
    guard !given.isEmpty, formulas.allSatisfy({ $0.error == nil }) else { return }
    var known: [Name] = []
    for formula in formulas {
      for parameter in formula.rule?.parameters ?? [] where !known.contains(parameter.name) {
        known.append(parameter.name)
      }
    }
    guard let stranger = given.first(where: { !known.contains($0.name) }) else { return }
    let what = "\(stranger.name.pretty) is no symbol of what is checked"
    throw Diagnostic(
      "check.stranger", what, at: stranger.span,
      help: known.isEmpty
        ? "there is no update rule here, and only a rule's symbols are for something"
        : "there " + (known.count == 1 ? "is " : "are ")
          + known.map(\.pretty).joined(separator: ", "))
  }

  private static let roles: [String: HyperRole] = [
    "lr": .learningRate, "learning_rate": .learningRate, "step_size": .learningRate,
    "beta": .firstDecay, "beta1": .firstDecay, "mu": .firstDecay, "momentum": .firstDecay,
    "decay": .firstDecay, "beta2": .secondDecay, "rho": .secondDecay, "eps": .epsilon,
    "wd": .weightDecay, "weight_decay": .weightDecay, "lambda": .weightDecay, "constant": .other,
  ]
}
