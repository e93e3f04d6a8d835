// Laws that every rule file keeps: it says what it is, reads back as it prints, lowers a convex
// quadratic, and gives the same bits when it is replayed.

import Diagnostics
import Foundation
import Notation
import Optimizers
import Tensors
import Testing

@Suite struct CatalogueTests {
  /// A convex quadratic in `count` coordinates, its minimum away from 0.
  static func quadratic(_ count: Int) -> String {
    let squares = (0..<count).map {
      "\(0.5 + 0.5 * Double($0))*(x\($0) - \(0.5 * Double($0 + 1)))^2"
    }
    return squares.joined(separator: " + ") + " + 0.1*(x0 + x1 - 1.5)^2"
  }

  static func start(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map { 0.7 * Double($0) - 2 }, shape: shape)
  }

  /// Rules that update a parameter by themselves, with the shapes they are for.
  static func runs(of file: Catalogue.File, objective: Bool = true) throws -> [RuleRun] {
    let rule = try file.rule()
    guard !rule.isStage else { return [] }
    let shapes: [Shape] = file.name == "torch.Muon" ? [[2, 3], [3, 2]] : [[3], [2, 3]]
    return try shapes.map { shape in
      try RuleRun(
        [file.name + "()"], start: start(shape), source: .objective(quadratic(shape.count)))
    }
  }

  @Test func everyFileIsFound() {
    #expect(Catalogue.files.count > 140)
  }

  @Test func libraryKnowsEveryFile() throws {
    let names = RuleLibrary.names
    #expect(names.sorted() == Catalogue.files.map(\.name).sorted())
    for name in names { #expect(try RuleLibrary.rule(named: name)?.name == name) }
    for (alias, name) in RuleLibrary.aliases {
      #expect(!names.contains(alias), "\(alias) is a rule of its own")
      #expect(try RuleLibrary.rule(named: alias)?.name == name)
    }
  }

  @Test(arguments: Catalogue.files)
  func ruleSaysWhatItIs(_ file: Catalogue.File) throws {
    let rule = try file.rule()
    #expect(rule.name == file.name)
    #expect(rule.isStage == file.isStage)
    #expect(rule.title?.isEmpty == false, "\(file.path) has no title")
    #expect(rule.source?.isEmpty == false, "\(file.path) names no source")
    for line in try file.text().split(separator: "\n", omittingEmptySubsequences: false) {
      #expect(!line.hasSuffix(" ") && !line.contains("\t"), "\(file.path): blank space in \(line)")
    }
  }

  @Test(arguments: Catalogue.files)
  func printedRuleReadsBackTheSame(_ file: Catalogue.File) throws {
    let declaration = try file.rule().declaration
    for form in [TextForm.pretty, .ascii] {
      let printer = RulePrinter(form)
      let printed = printer.text(declaration)
      let again = try RuleDeclaration.parse(Source(printed, name: file.path))
      #expect(again.count == 1)
      #expect(again.map { printer.text($0) } == [printed])
    }
  }

  @Test(arguments: Catalogue.files)
  func lowersAConvexQuadratic(_ file: Catalogue.File) throws {
    for run in try Self.runs(of: file) {
      run.step()
      let before = run.lossBefore
      run.run(steps: 200)
      let stayedFinite = run.parameter.elements.allSatisfy(\.isFinite)
      #expect(stayedFinite, "\(file.name): \(run.parameter.elements)")
      #expect(run.lossBefore < before, "\(file.name): \(before) → \(run.lossBefore)")
    }
  }

  @Test(arguments: Catalogue.files)
  func replayEqualsLiveBitForBit(_ file: Catalogue.File) throws {
    for (live, replayed) in zip(try Self.runs(of: file), try Self.runs(of: file)) {
      live.run(steps: 7)
      let snapshot = live.snapshot
      live.run(steps: 13)
      for _ in 0..<3 { replayed.step() }
      replayed.snapshot = snapshot
      for _ in 0..<13 { replayed.step() }
      for (a, b) in zip(live.snapshot, replayed.snapshot) {
        #expect(a.elements.map(\.bitPattern) == b.elements.map(\.bitPattern), "\(file.name)")
      }
    }
  }

  @Test func onlyTheLinesOfTheFlagsRun() throws {
    let start = Tensor([1, 2], shape: [2])
    let lines = { (call: String) in
      try RuleRun([call], start: start, source: .given).lines.map { $0.expression.text(.ascii) }
    }
    #expect(try lines("torch.SGD(lr=0.1)") == ["w - lr*g"])
    #expect(
      try lines("torch.SGD(lr=0.1, momentum=0.9, nesterov=true, maximize=true)")
        == ["-g", "momentum*v + g", "w - lr*(g + momentum*v)"])
    #expect(try lines("torch.Adam(betas=[0.9, 0.99])").count == 5)
  }

  @Test func linesOfPythonProgramsArePastedAsTheyAre() throws {
    let pasted = [
      ("torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)", "torch.SGD"),
      ("optim.AdamW(params, 0.1, betas=(0.9, 0.99), amsgrad=False)", "torch.AdamW"),
      ("tf.keras.optimizers.Adam(learning_rate=0.1, weight_decay=None)", "keras.Adam"),
      ("optax.sgd(0.1, momentum=None)", "optax.sgd"),
    ]
    for (call, name) in pasted {
      guard case .call(let callee, let arguments) = try expression(call).kind else {
        Issue.record("\(call) is no call")
        continue
      }
      let written = callee.path.map(\.canonical).joined(separator: ".")
      let rule = try #require(try RuleLibrary.rule(named: written))
      #expect(rule.name == name)
      let chosen = try ChosenRule(rule, arguments: arguments, at: callee.span)
      #expect(chosen.hyperparameters.first?.value.text(.ascii) == "0.1")
      let run = try RuleRun([chosen], start: Tensor([1, 2], shape: [2]), source: .given)
      run.step(Tensor([1, -1], shape: [2]))
      #expect(run.parameter.elements != [1, 2])
    }
  }

  /// A schedule for the momentum settles `when momentum != 0` as any momentum does.
  @Test func scheduledHyperparameterCountsAsGiven() throws {
    let chosen = try chosenRule("torch.SGD(lr=0.1, momentum=0.9 - 0.1/t)")
    #expect(try chosen.settled(for: [2]).lines.map(\.name.canonical) == ["v", "w"])
  }

  @Test func unknownHyperparameterIsRefused() {
    #expect(throws: Diagnostic.self) { try chosenRule("adam(learning_rate=0.1)") }
    #expect(throws: Diagnostic.self) { try chosenRule("torch.SGD(nesterow=true)") }
  }
}
