// One input for the fuzzer and for the deterministic pass over its seeds. Nothing may trap, hang or
// print an escape; that is all that is asked.

import Commands
import Diagnostics
import Engine
import Notation
import Optimizers

enum FuzzEntry {
  /// The first byte says what reads the rest.
  static func run(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let rest = Array(bytes.dropFirst())
    switch first {
    case UInt8(ascii: "p"): parse(rest)
    case UInt8(ascii: "r"): _ = try? RuleDeclaration.parse(Source(bytes: rest, name: "x.rule"))
    case UInt8(ascii: "c"): _ = try? CSVFile.parse(rest, name: "x.csv", at: nowhere)
    case UInt8(ascii: "n"): _ = try? NumPyFile.parse(rest, name: "x.npy", at: nowhere)
    case UInt8(ascii: "z"): _ = try? NumPyArchive.parse(rest, name: "x.npz", at: nowhere)
    case UInt8(ascii: "s"):
      _ = try? SafetensorsFile.parse(rest, name: "x.safetensors", at: nowhere)
    case UInt8(ascii: "l"): readFormula(rest)
    case UInt8(ascii: "d"): readDocument(rest)
    case UInt8(ascii: "k"): checkDocument(rest)
    default: interpret(rest)
    }
  }

  private static let nowhere = Span(Source(""), 0, 0)

  /// What parses, prints; what is printed, parses again.
  private static func parse(_ bytes: [UInt8]) {
    let source = Source(bytes: bytes)
    for statement in splitStatements(source) {
      do {
        var parser = try Parser(statement)
        let expression = try parser.parseExpression()
        for form in [TextForm.pretty, .ascii] {
          var again = try Parser(Source(expression.text(form)))
          _ = try again.parseExpression()
        }
      } catch {
        _ = DiagnosticRenderer(width: 80, ascii: false).lines(error.diagnostic)
      }
    }
  }

  /// A formula is a rule that can be run, something else, or an error with its place.
  private static func readFormula(_ bytes: [UInt8]) {
    do { show(try FormulaReader.read(Span(Source(bytes: bytes)))) } catch { show(error) }
  }

  private static func readDocument(_ bytes: [UInt8]) {
    for formula in DocumentReader.read(FormulaDocument(Source(bytes: bytes, name: "x.md"))) {
      if let reading = formula.reading { show(reading) }
      if let error = formula.error { show(error) }
    }
  }

  /// A document is checked whole, or interrupted as Ctrl-C would.
  private static func checkDocument(_ bytes: [UInt8]) {
    let clock = ContinuousClock()
    let deadline = clock.now + .milliseconds(200)
    let check = DocumentCheck(Source(bytes: bytes, name: "x.md")) { clock.now > deadline }
    let report = CheckReport(check, subject: "x.md", isFile: true)
    _ = report.text(Format(width: 60))
    _ = report.json()
  }

  private static func show(_ reading: FormulaReading) {
    guard let rule = reading.rule else { return }
    do {
      _ = try Rule(rule.declaration)
    } catch {
      preconditionFailure("a rule was read that is none: \(error)")
    }
    _ = try? LaTeXPrinter.text(rule.declaration)
  }

  private static func show(_ error: Diagnostic) {
    precondition(error.span != nil, "an error without its place: \(error)")
    _ = DiagnosticRenderer(width: 60, ascii: true).lines(error)
  }

  /// A session without files, interrupted when it takes long.
  private static func interpret(_ bytes: [UInt8]) {
    let clock = ContinuousClock()
    let deadline = clock.now + .milliseconds(200)
    let interpreter = Interpreter(surface: Surface(show: { _ in }))
    interpreter.surface = Surface(
      show: { report in
        _ = report.text(Format(width: 60))
        _ = report.json()
      }, interrupted: { clock.now > deadline })
    interpreter.surface.mayWrite = false
    for statement in splitStatements(Source(bytes: bytes)).prefix(40) {
      guard !interpreter.isFinished, clock.now < deadline else { break }
      do { try interpreter.execute(statement) } catch {
        _ = DiagnosticRenderer(width: 60, ascii: true).lines(error)
      }
    }
  }
}
