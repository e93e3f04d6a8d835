// Runs a check and shows its report.

import Diagnostics
import Engine
import Notation
import Optimizers

extension Interpreter {
  /// No document larger than this is checked (64 MiB).
  private static let largestDocument = 1 << 26

  /// Checks what a line names and shows a report for each.
  func check(_ subjects: CheckSubjects, muted: Bool) throws(Diagnostic) {
    try requireCatalogue()
    var reports: [CheckReport] = []
    for subject in subjects.subjects {
      do {
        reports.append(try report(on: subject, subjects.roles))
      } catch {
        // What was checked before is not lost.
        if !subjects.roles.isEmpty { for report in reports { show(report, muted) } }
        throw error
      }
      if subjects.roles.isEmpty, let last = reports.last { show(last, muted) }
      if surface.interrupted() { break }
    }
    guard !subjects.roles.isEmpty else { return }
    // What was broken off may have had the symbol further on.
    if !surface.interrupted() { try subjects.refuseStrangers(in: reports.map(\.check)) }
    for report in reports { show(report, muted) }
  }

  private func report(on subject: CheckSubjects.Subject, _ roles: [Name: HyperRole])
    throws(Diagnostic) -> CheckReport
  {
    switch subject {
    case .file(let path, let span): return try checked(file: path, roles: roles, at: span)
    case .formulas(let span):
      let check = DocumentCheck(
        formulas: span, given: roles, isStopped: Stopping(surface.interrupted))
      try refuseBrokenOff()
      return CheckReport(check, subject: nil)
    case .rule(let rule, let name):
      let isOwn = session.problem.rules[rule.name] != nil
      let check = DocumentCheck(
        rule: rule, isOwn: isOwn, given: roles, isStopped: Stopping(surface.interrupted))
      try refuseBrokenOff()
      return CheckReport(check, subject: name)
    }
  }

  private func show(_ report: CheckReport, _ muted: Bool) {
    if report.hasWrong { hasFoundWrong = true }
    if !muted { surface.show(report) }
  }

  /// Ends a command that compares with the catalogue where there is none: it would find nothing equal.
  func requireCatalogue() throws(Diagnostic) {
    guard RuleLibrary.names.isEmpty else { return }
    throw Diagnostic(
      "catalogue.missing",
      "the optimizers that come with Descent are not found, so nothing can be compared with them",
      help: "set DESCENT_HOME to the folder that holds them, or install with make install")
  }

  /// Ends a command whose search was broken off: there is nothing to show.
  func refuseBrokenOff() throws(Diagnostic) {
    if surface.interrupted() { throw TensorProse(.interrupted).diagnostic }
  }

  /// Checks a document.
  /// - Throws: what `FileAccess.read` throws, `check.binary` for a file that is no text, and
  ///   `check.notebook` for an .ipynb file that is no notebook.
  package func checked(file path: String, roles: [Name: HyperRole] = [:], at span: Span)
    throws(Diagnostic) -> CheckReport
  {
    try requireCatalogue()
    var bytes = try FileAccess.read(path, limit: Interpreter.largestDocument, at: span)
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw Diagnostic(
        "check.encoding", "\(path) is text in UTF-16, which is not read", at: span,
        help: "save it as UTF-8")
    }
    guard !bytes.prefix(1 << 16).contains(0) else {
      throw Diagnostic(
        "check.binary", "\(path) is no text: it holds bytes that are 0", at: span,
        help: "check reads Markdown, notebooks, TeX, reStructuredText and AsciiDoc")
    }
    if path.lowercased().hasSuffix(".ipynb") {
      guard let text = NotebookText.markdown(bytes) else {
        throw Diagnostic(
          "check.notebook", "\(path) is no notebook: it is not JSON, or has no cells", at: span,
          help: "save it again, or copy its text into a Markdown file")
      }
      bytes = text
    }
    let check = DocumentCheck(
      Source(bytes: bytes, name: path), given: roles, isStopped: surface.interrupted)
    return CheckReport(check, subject: path, isFile: true)
  }

  /// Checks documents one after the other, as from the shell; a file that cannot be read is an error
  /// and those after it are checked all the same.
  /// - Returns: whether all could be read and nothing is wrong.
  package func check(files: [String]) -> Bool {
    var isRight = true
    for path in files {
      do {
        let report = try checked(file: path, at: Span(Source(""), 0, 0))
        if report.hasWrong { isRight = false }
        surface.show(report)
      } catch {
        var diagnostic = error
        diagnostic.span = nil
        surface.show(ErrorReport(diagnostic))
        isRight = false
      }
      if surface.interrupted() { return false }
    }
    return isRight
  }
}
