// What defines a macro: \newcommand, \def, \let, \DeclareMathOperator, and those of packages.

import Diagnostics

extension TeXMacros {
  mutating func define(_ token: TeXToken, _ kind: String) throws(Diagnostic) {
    let target = try argument(after: token).filter { !$0.isSign("=") }
    guard target.count == 1, let name = target[0].command else {
      throw .tex(
        "macro-name", "\\\(kind) needs the name of a command", at(token),
        help: "for example \\newcommand{\\vg}{\\mathbf{g}}")
    }
    switch kind {
    case "def", "gdef":
      var arguments = 0
      while let next = peek, next.kind != .beginGroup {
        guard case .argument(let number) = next.kind, number == arguments + 1 else {
          throw pattern(next)
        }
        arguments += 1
        _ = self.next()
      }
      macros[name] = Macro(arguments: arguments, body: try argument(after: token))
    case "let":
      if peek?.isSign("=") == true { _ = next() }
      guard let meaning = next(), !meaning.isEnd else {
        throw .tex("macro-argument", "an argument is missing", at(token))
      }
      macros[name] =
        meaning.command.flatMap { macros[$0] } ?? Macro(arguments: 0, body: [meaning])
    case "DeclareMathOperator":
      let body = try argument(after: token)
      let open = TeXToken(.beginGroup, token.start, token.end)
      let close = TeXToken(.endGroup, token.start, token.end)
      let head = TeXToken(.command("operatorname"), token.start, token.end)
      macros[name] = Macro(arguments: 0, body: [head, open] + body + [close])
    case "DeclarePairedDelimiter":
      let open = try argument(after: token)
      let close = try argument(after: token)
      func own(_ name: String) -> TeXToken {
        TeXToken(.command(name), token.start, token.end)
      }
      let inner = TeXToken(.argument(1), token.start, token.end)
      macros[name] = Macro(
        arguments: 1, body: [own("left")] + open + [inner, own("right")] + close,
        isDelimiter: true)
    case "NewDocumentCommand", "RenewDocumentCommand":
      try defineBySpecification(name, token)
    default:
      var arguments = 0
      if let count = bracketed() {
        guard count.count == 1, case .digit(let digit) = count[0].kind else {
          throw .tex(
            "macro-count", "the number of arguments is one digit", at(token),
            help: "for example \\newcommand{\\vg}[2]{#1_{#2}}")
        }
        arguments = Int(digit.value) - 0x30
      }
      let optional = bracketed()
      macros[name] = Macro(
        arguments: arguments, optional: optional, body: try argument(after: token))
    }
  }

  /// `\NewDocumentCommand{\vg}{O{t} m}{…}`: one optional argument, the first, and others that are not.
  private mutating func defineBySpecification(_ name: String, _ token: TeXToken)
    throws(Diagnostic)
  {
    var specification = try argument(after: token)[...]
    var optional: [TeXToken]?
    var arguments = 0
    while let letter = specification.popFirst() {
      switch letter.kind {
      case .letter("m"): arguments += 1
      case .letter("o") where arguments == 0:
        optional = []
        arguments = 1
      case .letter("O") where arguments == 0 && specification.first?.kind == .beginGroup:
        guard let close = specification.firstIndex(where: { $0.kind == .endGroup }) else {
          throw .tex(
            "macro-count", "this argument is never closed", at(letter), help: "type the missing }")
        }
        optional = Array(specification[..<close].dropFirst())
        specification = specification[(close + 1)...]
        arguments = 1
      default:
        throw pattern(letter)
      }
    }
    macros[name] = Macro(
      arguments: arguments, optional: optional, body: try argument(after: token))
  }

  private func pattern(_ token: TeXToken) -> Diagnostic {
    .tex(
      "macro-pattern", "a macro with a pattern of its own is not read", at(token),
      help: "give its arguments by number alone: \\newcommand{\\vg}[2]{#1_{#2}}")
  }
}
