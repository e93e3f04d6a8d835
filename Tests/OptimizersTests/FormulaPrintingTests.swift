// A rule printed as formulas is read back as the same rule.

import Diagnostics
import Foundation
import Notation
import Optimizers
import Tensors
import Testing

@Suite struct FormulaPrintingTests {
  static let rules = Catalogue.files.filter { !$0.isLibraryCall && !$0.isStage }

  /// Rules with blocks, matrices or questions to the problem have no formula.
  static let without: Set<String> = [
    "adafactor", "backtracking", "barzilai_borwein", "bfgs", "conjugate_gradient", "lookahead",
    "muon", "steepest_descent",
  ]

  @Test func remaindersAreReadBack() throws {
    let rule = try PrintedRule(
      #"w_{t+1} = w_t - \eta (1 + t \bmod 3) g_t \cdot (2 t + 1 \bmod 2)"#
    ).rule
    let latex = try LaTeXPrinter.text(rule.declaration)
    #expect(latex.contains("\\bmod"))
    let again = try PrintedRule(latex).rule
    #expect(try LaTeXPrinter.text(again.declaration) == latex)
  }

  @Test(arguments: rules.map(\.name)) func isReadBack(_ name: String) throws {
    let rule = try Catalogue.rule(name)
    let latex: String
    do {
      latex = try LaTeXPrinter.text(rule.declaration)
    } catch {
      #expect(Self.without.contains(name), "\(name): \(error.message)")
      return
    }
    let printed: PrintedRule
    do {
      printed = try PrintedRule(latex)
    } catch let error as Diagnostic {
      Issue.record("\(name): \(error.message) at \(error.span?.text ?? "")\n\(latex)")
      return
    }
    let start = Tensor([1.2, -0.7, 0.4], shape: [3])
    let source = GradientSource.objective(NotationTests.objective)
    let nowhere = Span(Source(""), 0, 0)
    // The catalogue's own values, since those of the reader are by role.
    let arguments = rule.declaration.parameters.compactMap { parameter in
      parameter.defaultValue.map {
        Expression.Argument(label: parameter.name, value: $0)
      }
    }
    for argument in arguments {
      #expect(
        printed.reading.declaration.parameters.contains { $0.name == argument.label },
        "\(name): \(argument.label?.canonical ?? "") is lost in\n\(latex)\n\(RulePrinter(.ascii).text(printed.reading.declaration))"
      )
    }
    let reference = try RuleRun(
      [try ChosenRule(rule, arguments: arguments, at: nowhere)], start: start, source: source)
    let live = try RuleRun(
      [try ChosenRule(printed.rule, arguments: arguments, at: nowhere)], start: start,
      source: source)
    var worst = 0.0
    for _ in 0..<12 {
      reference.step()
      live.step()
      worst = max(worst, relativeDifference(live.parameter, reference.parameter))
    }
    #expect(
      worst <= 1e-12,
      "\(name) is \(worst) away\n\(latex)\n\(RulePrinter(.ascii).text(printed.reading.declaration))"
    )
  }

  @Test func pythonHasEveryLine() throws {
    for file in Self.rules {
      let rule = try file.rule()
      for library in [PythonPrinter.Library.numpy, .torch] {
        do {
          let text = try PythonPrinter.text(rule.declaration, library)
          for parameter in rule.declaration.parameters where parameter.name.canonical != "lambda" {
            #expect(text.contains(parameter.name.canonical), "\(file.name)")
          }
        } catch {
          #expect(error.span != nil || !error.message.isEmpty)
        }
      }
    }
  }
}
