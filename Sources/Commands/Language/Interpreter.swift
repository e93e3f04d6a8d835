// Text in, reports out: splits input into statements, runs each, keeps undo.
//
// It holds the session and nothing else that lasts. A statement that fails leaves the session as it
// was before it.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

/// How far a long run has come.
package struct Progress {
  package let step: Int
  package let taken: Int
  /// nil when the run ends by a condition.
  package let count: Int?
}

/// Where the reports go and how a run is stopped.
package struct Surface {
  package var show: (any Report) -> Void
  package var progress: (Progress?) -> Void
  package var interrupted: () -> Bool
  /// Whether files may be written; lessons and notebooks from elsewhere may not.
  package var mayWrite = true

  package init(
    show: @escaping (any Report) -> Void, progress: @escaping (Progress?) -> Void = { _ in },
    interrupted: @escaping () -> Bool = { false }
  ) {
    self.show = show
    self.progress = progress
    self.interrupted = interrupted
  }
}

package final class Interpreter {
  package var session = Session()
  package var surface: Surface
  package let commands: CommandTable
  /// Set by `quit`.
  package var isFinished = false
  /// The question that lines answer; beside the session, so that undo leaves it alone.
  package var asking: Asking?

  /// Set when a check found something wrong: a script that did so does not end well.
  package internal(set) var hasFoundWrong = false

  /// An error that does not undo its statement: a run that had to stop keeps the steps it took.
  var failure: Diagnostic?
  /// What is to be saved in place of the statement being run; empty when it came to nothing.
  var lineInstead: String?

  private var hasToldOfLibrary = false

  /// What undo goes back to, with the bytes that only this one still needs.
  private var past: [(session: Session, bytes: Int, line: String)] = []
  private var future: [(session: Session, line: String)] = []
  /// How many input lines can be undone.
  private static let undoDepth = 200
  /// How often a session may go back and another way from there.
  private static let mostBranches = 500
  /// How many bytes the session's tensors may take; undo may keep an eighth as much beside.
  private let memoryLimit: Int
  /// How many scripts may open one another.
  private static let nestingLimit = 16
  private(set) var nesting = 0

  package init(
    surface: Surface, commands: CommandTable = .standard,
    memoryLimit: Int = MemoryLimit.standard
  ) {
    self.surface = surface
    self.commands = commands
    self.memoryLimit = memoryLimit
  }

  /// Runs every statement of a text; stops at the first error, which is shown.
  /// - Returns: whether all went well.
  @discardableResult
  package func run(_ source: Source) -> Bool {
    for statement in splitStatements(source) {
      do {
        try execute(statement)
      } catch {
        surface.progress(nil)
        surface.show(ErrorReport(error))
        return false
      }
      if isFinished { break }
      if surface.interrupted() { return false }
    }
    return true
  }

  /// Runs the statements of another file as part of this session.
  package func runNested(_ source: Source, at span: Span) throws(Diagnostic) {
    guard nesting < Interpreter.nestingLimit else {
      throw Diagnostic(
        "open.nesting", "files open one another more than \(Interpreter.nestingLimit) deep",
        at: span)
    }
    nesting += 1
    defer {
      nesting -= 1
      // A question that the file leaves open is answered by the lines that follow it.
      if let depth = asking?.depth { asking?.depth = min(depth, nesting) }
    }
    for statement in splitStatements(source) {
      try execute(statement)
      if isFinished || surface.interrupted() { break }
    }
    // What the last line came to is not what the file did.
    lineInstead = nil
  }

  /// Runs one statement.
  package func execute(_ statement: Statement) throws(Diagnostic) {
    do {
      if try takeForQuestion(statement) { return }
    } catch {
      throw located(error, statement)
    }
    let isAsked = asking != nil
    try executeOrdinary(statement)
    if isAsked, nesting <= asking?.depth ?? -1 { askAgain() }
  }

  private func executeOrdinary(_ statement: Statement) throws(Diagnostic) {
    let before = session
    session.statementNumber += 1
    session.interrupted = surface.interrupted
    lineInstead = nil
    let outermost = nesting == 0
    do {
      let effect = try perform(statement)
      if effect == .changes {
        let line = lineInstead ?? statement.span.text
        if !line.isEmpty { session.lines.append(line + (statement.muted ? ";" : "")) }
      }
      if effect != .inspects, outermost, lineInstead != "" {
        // A line that is saved as others, or not at all, goes by what was typed.
        let isSaved = effect == .changes
        try remember(
          before, line: isSaved ? lineInstead ?? statement.span.text : statement.span.text)
      }
    } catch {
      session = before
      _ = session.notes.take()
      throw located(error, statement)
    }
    for note in session.notes.take() { surface.show(ErrorReport(note)) }
    tellOfMissingLibrary()
    if let failure {
      self.failure = nil
      throw located(failure, statement)
    }
  }

  /// Says once that large matrix products would be faster with a library that is not there.
  private func tellOfMissingLibrary() {
    guard MatrixLibrary.isMissed, !hasToldOfLibrary else { return }
    hasToldOfLibrary = true
    surface.show(
      ErrorReport(
        Diagnostic(
          "blas.missing",
          "large matrix products take longer than they could: OpenBLAS is not installed",
          help: "on Debian and Ubuntu: apt install libopenblas0-pthread",
          severity: .note)))
  }

  /// In a file an error without a place of its own is at its statement; at the prompt the statement
  /// is the line just typed, and showing it again says nothing.
  private func located(_ error: Diagnostic, _ statement: Statement) -> Diagnostic {
    guard error.span == nil, statement.span.source.name != nil else { return error }
    var error = error
    error.span = statement.span
    return error
  }

  /// Says that a line that might have changed something only listed what there is: it is not saved,
  /// and undo passes it by.
  func changesNothing() { lineInstead = "" }

  private func perform(_ statement: Statement) throws(Diagnostic) -> Command.Effect {
    if try pastedFormulas(statement) { return .changes }
    var parser = try reading { () throws(SyntaxError) in try Parser(statement) }
    if parser.accept(.question) != nil {
      return try runCommand("help", &parser, statement)
    }
    let head = try reading { () throws(SyntaxError) in
      try parser.parseHead(
        isCommand: { commands[$0] != nil },
        isFunction: { Function.named($0) != nil || session.isFunction($0) })
    }
    if case .command(let word) = head {
      return try runCommand(word.name.canonical, &parser, statement)
    }
    if case .expression = head { try refuseUnknownCommand(&parser) }
    let value = try reading { () throws(SyntaxError) in
      let value = try parser.parseExpression()
      try parser.expectEnd()
      return value
    }
    if case .expression = head {
      try evaluate(value, muted: statement.muted)
      return .inspects
    }
    try define(head, value, muted: statement.muted)
    return .changes
  }

  private func runCommand(_ word: String, _ parser: inout Parser, _ statement: Statement)
    throws(Diagnostic) -> Command.Effect
  {
    guard let command = commands[word] else {
      throw Diagnostic("command.unknown", "no command \(word)")
    }
    let arguments = try command.arguments(&parser, statement: statement)
    if command.runsLong { session.interrupted = { false } }
    try command.run(self, arguments)
    return command.effect
  }

  private func evaluate(_ expression: Expression, muted: Bool) throws(Diagnostic) {
    do {
      let value = try session.evaluate(expression)
      session.answer = value
      if !muted { surface.show(ValueReport(name: nil, value: value)) }
    } catch {
      if error.id == "value.text", let text = try session.text(of: expression) {
        if !muted { surface.show(MessageReport.characters(text)) }
        return
      }
      if error.id == "value.not-a-tensor", let report = TableReport.data(expression, in: session) {
        return surface.show(report)
      }
      if error.id == "value.not-a-tensor", let path = expression.path?.map(\.canonical),
        let report = ModelReports.part(at: path, in: session)
      {
        surface.show(report)
        return
      }
      if error.id == "value.not-a-tensor", case .name(let name) = expression.kind {
        surface.show(try Overview.name(name, in: session, at: expression.span))
        return
      }
      throw error
    }
  }

  /// `optmizer adam`: a word nobody knows with something behind it was meant as a command.
  private func refuseUnknownCommand(_ parser: inout Parser) throws(Diagnostic) {
    guard let word = parser.peek.name?.canonical, !session.knows(word), Function.named(word) == nil
    else { return }
    let next = parser.token(1)
    var isOperand = parser.token(1).isEnd
    switch next.kind {
    case .name(let name): isOperand = !["and", "or", "mod", "not"].contains(name.canonical)
    case .number, .string: isOperand = true
    default: break
    }
    guard isOperand else { return }
    let near = didYouMean(word, in: commands.words)
    if next.isEnd && near == nil { return }
    throw Diagnostic(
      "command.unknown", "no command \(word)", at: next.isEnd ? parser.span(parser.peek) : nil,
      help: near ?? "help lists the commands")
  }

  // MARK: Undo

  /// Keeps the session that a line has changed, for undo, within the bounds.
  private func remember(_ before: Session, line: String) throws(Diagnostic) {
    guard session.timeline.branches.count <= Interpreter.mostBranches else {
      throw Diagnostic(
        "history.branches",
        "the history has \(Interpreter.mostBranches) branches, which are the most",
        help: "declaring a parameter anew starts the history anew; branch goes to the end of one")
    }
    var bytes = 0
    // Counting takes a walk over the history, so it is left out while the process is small.
    if MemoryLimit.peak > memoryLimit / 8 {
      var use = MemoryUse()
      use.add(session)
      let own = use.bytes
      guard own <= memoryLimit else {
        throw Diagnostic(
          "memory",
          "this session would take \(own >> 20) MB, and \(memoryLimit >> 20) MB are the most",
          help: "clear starts an empty one; declaring a parameter anew starts its history anew")
      }
      use.add(before)
      bytes = use.bytes - own
    }
    var before = before
    before.dropRecord()
    past.append((before, bytes, line))
    var total = past.reduce(0) { $0 + $1.bytes }
    while past.count > Interpreter.undoDepth || (total > memoryLimit / 8 && !past.isEmpty) {
      total -= past.removeFirst().bytes
    }
    future = []
  }

  /// Puts the session back to before the last line that changed it.
  package func undo() throws(Diagnostic) -> String {
    guard let previous = past.popLast() else {
      throw Diagnostic("undo.nothing", "there is nothing to undo")
    }
    future.append((session, previous.line))
    session = previous.session
    return previous.line
  }

  package func redo() throws(Diagnostic) -> String {
    guard let next = future.popLast() else {
      throw Diagnostic("redo.nothing", "there is nothing to redo")
    }
    past.append((session, 0, next.line))
    session = next.session
    return next.line
  }
}

/// Reads something; what is wrong with the text becomes a diagnostic.
func reading<Result>(_ body: () throws(SyntaxError) -> Result) throws(Diagnostic) -> Result {
  do {
    return try body()
  } catch {
    throw error.diagnostic
  }
}
