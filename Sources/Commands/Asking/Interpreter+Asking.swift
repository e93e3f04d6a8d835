// What a line means while a question is open.
//
//   -0.4 · 0.1*4 · m = -0.4      an answer: a number, a formula, either under the name asked for
//   hint · skip · again · quit   the asker's words
//   = 1 - 0.9^2                  only worked out
//   anything else                as always, and the question is asked again
//
// Lines that are for the question leave the session and its history as they are.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

/// A question open at the prompt.
package struct Asking {
  package var asker: any Asker
  /// How deep in files that open one another it was asked: lines of files opened meanwhile are not
  /// for it.
  var depth: Int
}

/// What a line is to the open question.
private enum LineMeaning {
  case word(AskerWord)
  case answer(Expression)
  case calculation(Expression)
  /// `v = 3` where m is asked for.
  case other(Expression)
  case ordinary
}

extension Interpreter {
  /// What the prompt shows while a question is open: `Q3`.
  package var askingLabel: String? { asking?.asker.label }

  /// Opens the questions of an asker.
  func begin(_ asker: any Asker, at span: Span) throws(Diagnostic) {
    guard asking == nil else {
      throw Diagnostic(
        "asking.open", "a question is open already", at: span,
        help: "answer it, or type quit to end the questions")
    }
    asking = Asking(asker: asker, depth: nesting)
    askAgain(whole: true)
  }

  /// Puts the open question once more.
  func askAgain(whole: Bool = false) {
    guard let asking else { return }
    for report in asking.asker.ask(whole: whole) { surface.show(report) }
  }

  /// Ends the questions, if there are any open.
  /// - Returns: whether there were.
  @discardableResult
  package func endAsking(_ ending: AskerEnding) -> Bool {
    guard let open = asking else { return false }
    asking = nil
    for report in open.asker.close(ending) { surface.show(report) }
    return true
  }

  /// Takes a line for the open question.
  /// - Returns: whether it was for it; other lines are to be run as always.
  func takeForQuestion(_ statement: Statement) throws(Diagnostic) -> Bool {
    guard let open = asking, nesting <= open.depth, let question = open.asker.question else {
      return false
    }
    switch try meaning(of: statement, question, open.asker.words) {
    case .ordinary: return false
    case .other(let target):
      guard target.names.contains(where: { question.names.contains($0) }) else { return false }
      throw Diagnostic(
        "asking.other",
        "the question is \(question.asked.text(.pretty)), not \(target.text(.pretty))",
        at: target.span, help: "a number alone answers it")
    case .word(.quit): endAsking(.left)
    case .word(let word): show(changing(open) { $0.obey(word) })
    case .calculation(let expression):
      surface.show(ValueReport(name: nil, value: try value(expression, knowing: question)))
      askAgain()
    case .answer(let expression):
      let value = try answerValue(expression, question, open.asker.words)
      show(changing(open) { $0.take(Answer(expression, value: value)) })
    }
    if let now = asking, now.asker.question == nil { endAsking(.finished) }
    return true
  }

  private func changing(_ open: Asking, _ change: (inout any Asker) -> [any Report])
    -> [any Report]
  {
    var open = open
    let reports = change(&open.asker)
    asking = open
    return reports
  }

  private func show(_ reports: [any Report]) {
    for report in reports { surface.show(report) }
  }

  private func meaning(of statement: Statement, _ question: Question, _ words: [AskerWord])
    throws(Diagnostic) -> LineMeaning
  {
    if let word = AskerWord(line: statement.span.text), words.contains(word) { return .word(word) }
    if statement.span.text.hasPrefix("$$") { return .ordinary }
    return try reading { () throws(SyntaxError) in
      var parser = try Parser(statement)
      if parser.isSymbol(.question) { return .ordinary }
      if parser.accept(.assign) != nil {
        let expression = try parser.parseExpression()
        try parser.expectEnd()
        return .calculation(expression)
      }
      let head = try parser.parseHead(
        isCommand: { commands[$0] != nil }, isFunction: { Function.named($0) != nil })
      switch head {
      case .expression: break
      case .definition(let name):
        let target = Expression(.name(name.name), name.span)
        guard target.names(question.asked) else { return .other(target) }
      case .assignment(let target):
        guard target.names(question.asked) else { return .other(target) }
      case .function, .stored, .command: return .ordinary
      }
      let expression = try parser.parseExpression()
      try parser.expectEnd()
      return .answer(expression)
    }
  }

  /// The one number that a line answers with.
  private func answerValue(
    _ expression: Expression, _ question: Question, _ words: [AskerWord]
  ) throws(Diagnostic) -> Double {
    if case .name(let name) = expression.kind, question.known[name] == nil,
      Lowering.constants[name.canonical] == nil
    {
      let known = words.map(\.rawValue)
      throw Diagnostic(
        "asking.word", "\(name.pretty) is no number here", at: expression.span,
        help: didYouMean(name.canonical, in: known)
          ?? "a number or a formula answers; \(known.joined(separator: ", ")) are the words")
    }
    let value = try value(expression, knowing: question)
    guard value.elements.count == 1, let number = value.elements.first else {
      throw Diagnostic(
        "asking.one", "one number is asked for, \(question.asked.text(.pretty))",
        at: expression.span)
    }
    return number
  }

  /// What a formula comes to with the names that are known to the question. A person's own names
  /// serve too; the last step of their session does not.
  private func value(_ expression: Expression, knowing question: Question) throws(Diagnostic)
    -> Tensor
  {
    var calculator = Session()
    let own = session.problem.definitions
    try calculator.changeProblem { (problem) throws(Diagnostic) in
      problem.definitions = own.merging(question.known.mapValues { .value($0) }) { $1 }
    }
    calculator.interrupted = surface.interrupted
    return try calculator.evaluate(expression)
  }
}

extension Expression {
  /// Whether the two name the same thing: `m_hat[0]` and `m̂[0]`, `m` and `m[0]` of one element.
  fileprivate func names(_ other: Expression) -> Bool {
    if text(.ascii) == other.text(.ascii) { return true }
    if case .index(let base, _) = other.kind { return text(.ascii) == base.text(.ascii) }
    return false
  }
}
