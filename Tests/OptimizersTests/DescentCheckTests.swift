// Gradient descent with its gradient written out, as courses print it: what is right, what is wrong and
// why, and what only looks like it.

import Diagnostics
import Foundation
import Notation
import Testing

@testable import Optimizers

@Suite struct DescentCheckTests {
  struct Case: Sendable, CustomStringConvertible {
    var outcome: String
    var said: String
    var text: String
    var description: String { "\(outcome) | \(said): \(text.suffix(120))" }
  }

  static let cases: [Case] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Data/descents.txt")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.components(separatedBy: "\n=== ").dropFirst().map { block in
      let lines = block.components(separatedBy: "\n")
      let head = lines[0].components(separatedBy: "|").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      return Case(
        outcome: head[0], said: head.count > 1 ? head[1] : "",
        text: lines.dropFirst().joined(separator: "\n"))
    }
  }()

  static func last(_ text: String) -> CheckedFormula? {
    DocumentCheck(Source(text, name: "a.md")).formulas.last
  }

  @Test func isEnough() { #expect(Self.cases.count >= 50) }

  @Test(arguments: cases) func judges(_ one: Case) throws {
    let all = DocumentCheck(Source(one.text, name: "a.md")).formulas
    let last = try #require(all.last)
    let finding = last.finding
    let said =
      [finding?.headline, finding?.mistake].compactMap { $0 } + (finding?.details ?? [])
    let note = Comment(rawValue: "\(last.outcome) \(said)")
    // Nothing before it is accused either.
    #expect(all.dropLast().allSatisfy { $0.outcome != .wrong }, note)
    if one.outcome == "other" {
      #expect(last.kind != .rule && last.outcome != .wrong, note)
      return
    }
    #expect(last.kind == .rule && last.outcome.rawValue == one.outcome, note)
    if one.outcome == "wrong" {
      #expect(finding?.mistake == one.said, note)
    } else {
      #expect(one.said.isEmpty || said.contains { $0.contains(one.said) }, note)
    }
  }

  /// The loss is said aloud, and numbers are compared where it can be differentiated.
  @Test func comparesWithTheLossThatIsSaidOrSupposed() throws {
    let step = #"""
      $$\theta_j := \theta_j - \alpha \frac{1}{m}\sum_{i=1}^{m}(h_\theta(x^{(i)}) - y^{(i)})x_j^{(i)}$$
      """#
    let alone = try #require(Self.last(step)?.finding)
    #expect(alone.measure?.contains("finite differences") ?? false, "\(alone)")
    #expect(alone.details.last?.hasPrefix("no formula says what the loss is") ?? false)
    let loss = #"""
      $$h_\theta(x) = \theta^T x$$
      $$J(\theta) = \frac{1}{2m}\sum_{i=1}^m (h_\theta(x^{(i)}) - y^{(i)})^2$$
      """#
    let said = try #require(Self.last(loss + "\n" + step)?.finding)
    #expect(said.details == ["what is subtracted is α times the gradient of J"], "\(said)")
    // A constant is the learning rate's.
    let sum = loss.replacingOccurrences(of: #"\frac{1}{2m}"#, with: "")
    let other = try #require(Self.last(sum + "\n" + step)?.finding)
    #expect(other.verdict == .right, "\(other)")
    #expect(other.details.first?.contains("but for a constant factor") ?? false, "\(other)")
  }
}
