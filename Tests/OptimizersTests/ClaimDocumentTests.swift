// Claims in whole documents, as `check` reads them: derivatives and worked numbers in many notations,
// right and wrong, and a published example of back-propagation with optimizer runs, line by line.

import Diagnostics
import Foundation
import Testing

@testable import Optimizers

/// One document of `claims.txt`: `## verdict | a part of what is said`, then a formula a line; the last
/// one is the claim.
struct ClaimDocument: CustomTestStringConvertible {
  var verdict: String
  var says: String
  var formulas: [String]

  var testDescription: String { formulas.joined(separator: "; ") }

  static let all: [ClaimDocument] = {
    let file = Recorded.folder.appendingPathComponent("claims.txt")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.components(separatedBy: "## ").compactMap { block in
      var lines = block.split(separator: "\n").map(String.init)
      guard lines.count > 1 else { return nil }
      let head = lines.removeFirst().components(separatedBy: "|")
        .map { $0.trimmingCharacters(in: .whitespaces) }
      return ClaimDocument(
        verdict: head[0], says: head.count > 1 ? head[1] : "", formulas: lines)
    }
  }()
}

@Suite struct ClaimDocumentTests {
  static func check(_ formulas: [String]) -> [CheckedFormula] {
    let text = formulas.map { $0.hasPrefix("# ") ? $0 : "$$\($0)$$" }.joined(separator: "\n\n")
    return DocumentCheck(Source(text + "\n")).formulas
  }

  @Test func documentsAreThere() { #expect(ClaimDocument.all.count > 150) }

  @Test(arguments: ClaimDocument.all) func claim(_ document: ClaimDocument) throws {
    let last = try #require(ClaimDocumentTests.check(document.formulas).last)
    #expect(last.line == document.formulas.count * 2 - 1)
    let finding = last.finding
    #expect(
      finding?.verdict.rawValue ?? "unchecked" == document.verdict, "\(String(describing: finding))"
    )
    let all = [finding?.headline, finding?.mistake].compactMap { $0 } + (finding?.details ?? [])
    #expect(document.says.isEmpty || all.contains { $0.contains(document.says) }, "\(all)")
  }

  /// The lines of `worked-lines.txt`: `right`, `wrong`, or `-` for what claims nothing.
  @Test func publishedExampleLineByLine() throws {
    let file = Recorded.folder.appendingPathComponent("worked-lines.txt")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(
      String.init)
    let formulas = lines.map { $0.hasPrefix("#") ? $0 : String($0.drop { $0 != " " }.dropFirst()) }
    let checked = ClaimDocumentTests.check(formulas)
    var compared = 0
    for (place, line) in lines.enumerated() where line.hasPrefix("right") || line.hasPrefix("wrong")
    {
      let found = checked.first { $0.line == place * 2 + 1 }?.finding
      #expect(found.map { line.hasPrefix($0.verdict.rawValue) } == true, "\(line)")
      compared += 1
    }
    #expect(compared > 100)
  }

  @Test func formsThatContradictOneAnother() throws {
    let first = try #require(
      ClaimDocumentTests.check([
        #"v_t = \beta v_{t-1} + g_t, \quad \theta_t = \theta_{t-1} - \alpha v_t = \theta_{t-1} - \alpha\beta v_{t-1} + \alpha g_t"#
      ]).first)
    #expect(first.finding?.verdict == .wrong)
    #expect(first.finding?.mistake == "unequal-forms")
    #expect(first.finding?.details.count { $0.contains("θ") } == 2)
  }
}
