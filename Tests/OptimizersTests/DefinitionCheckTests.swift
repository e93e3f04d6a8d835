// Printed definitions, right and wrong, are told apart by their numbers.

import Diagnostics
import Foundation
import Notation
import Testing

@testable import Optimizers

/// One formula of `definitions.txt`: `## verdict | what the finding must say; … | words before it`. Of
/// “heading // sentence” the words are both.
struct PrintedDefinition: CustomTestStringConvertible {
  var verdict: String
  var says: [String]
  var words: String
  var naming: DefinitionNaming?
  var latex: String

  var testDescription: String { latex }

  static let all: [PrintedDefinition] = {
    guard
      let text = try? String(
        contentsOf: Recorded.folder.appendingPathComponent("definitions.txt"), encoding: .utf8)
    else {
      return []
    }
    return text.components(separatedBy: "## ").compactMap { block in
      guard let end = block.firstIndex(of: "\n") else { return nil }
      let head = block[..<end].components(separatedBy: "|")
        .map { $0.trimmingCharacters(in: .whitespaces) }
      let words = head.count > 2 ? head[2] : ""
      let parts = words.components(separatedBy: "//").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      return PrintedDefinition(
        verdict: head[0],
        says: head.count > 1
          ? head[1].components(separatedBy: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty } : [],
        words: parts.joined(separator: " "),
        naming: parts.count == 2
          ? DefinitionNaming(headings: [parts[0]], sentence: parts[1]) : nil,
        latex: block[end...].trimmingCharacters(in: .whitespacesAndNewlines))
    }
  }()
}

@Suite struct DefinitionCheckTests {
  static func text(_ finding: Finding) -> String {
    ([finding.headline, finding.measure, finding.mistake, finding.reference].compactMap { $0 }
      + finding.details).joined(separator: "\n")
  }

  @Test(arguments: PrintedDefinition.all) func printed(_ entry: PrintedDefinition) throws {
    let span = Span(Source(entry.latex))
    let finding = DefinitionCheck.finding(
      text: try TeXText(span), reading: try? FormulaReader.read(span), words: entry.words,
      naming: entry.naming)
    guard let finding else {
      #expect(entry.verdict == "unchecked", "nothing was found\n\(entry.latex)")
      return
    }
    let text = Self.text(finding)
    #expect(
      finding.verdict.rawValue == entry.verdict, "\(entry.latex)\n\(finding.verdict): \(text)")
    for piece in entry.says {
      #expect(text.contains(piece), "\(entry.latex)\nsays:\n\(text)\nbut not: \(piece)")
    }
  }

  @Test func thereAreManyOfThem() {
    #expect(PrintedDefinition.all.count > 100)
  }

  /// Every known definition can be worked out by Descent itself, on ordinary inputs.
  @Test(arguments: KnownDefinitions.all.map(\.id)) func referencesRun(_ id: String) throws {
    let known = try #require(KnownDefinitions.all.first { $0.id == id })
    for number in 0..<6 {
      let sample = DefinitionSamples.sample(number, of: known, isVector: number % 2 == 1)
      let value = try DefinitionReference.value(known.reference, sample)
      let isFinite = value.elements.allSatisfy(\.isFinite)
      #expect(isFinite, "\(id) on \(sample.given)")
    }
  }

  @Test func identifiersAreUnique() {
    #expect(Set(KnownDefinitions.all.map(\.id)).count == KnownDefinitions.all.count)
  }
}
