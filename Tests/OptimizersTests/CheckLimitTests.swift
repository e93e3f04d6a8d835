// What would take minutes or all of the memory without a bound: products of long lists, sums of
// hundreds of terms, rules with dozens of decays.

import Diagnostics
import Notation
import Testing

@testable import Optimizers

@Suite(.timeLimit(.minutes(2))) struct CheckLimitTests {
  @Test func outerProductsOfLongListsAreRefused() throws {
    let list = "(" + (1...20_000).map { String($0 % 10) }.joined(separator: ",") + ")"
    let finding = try NumberClaimTests.finding("x = \(list)\nx x^T x = 3")
    #expect(finding?.verdict != .wrong && finding?.verdict != .right)
  }

  @Test func signsInARowHaveABound() throws {
    let times = 3000
    for text in [
      "7" + String(repeating: " \\bmod 3", count: times),
      "-7" + String(repeating: " \\bmod 3 \\cdot 2", count: times),
      "\\frac{a}{b}" + String(repeating: "|_{w}", count: times),
    ] {
      let check = DocumentCheck(Source("$$\(text) = 1$$\n", name: "a.md"))
      #expect(check.formulas.map { $0.error?.id } == ["latex.nesting"])
    }
  }

  @Test func thousandsOfRemarksAreFewOnes() throws {
    let text = String(repeating: "a - = ", count: 5000) + "b"
    var reading: TeXText?
    let time = ContinuousClock().measure { reading = try? TeXText(Span(Source(text))) }
    #expect(try #require(reading).remarks.count <= 100)
    #expect(time < .seconds(10), "\(time)")
  }

  @Test func productsHaveABound() throws {
    let column = FormulaValue([Double](repeating: 1, count: 1001))
    #expect(column.matrixProduct(column.transposed) == nil)
    #expect(column.transposed.matrixProduct(column) == FormulaValue(1001))
    let square = FormulaValue(
      [Double](repeating: 1, count: 90_000), dimensions: [300, 300])
    #expect(square.matrixProduct(square) == nil)
  }

  @Test func sumsOfHundredsOfFractionsAreNotTakenApart() throws {
    let terms = (0..<200).map { "\\frac{a_{\($0)}}{b}" }.joined(separator: "+")
    let text = try TeXText(Span(Source("\\mathrm{softmax}(z)_i = \(terms)")))
    #expect(DefinitionCheck.finding(text: text)?.verdict != .right)
  }

  @Test func rulesWithDozensOfDecaysAreToldApartSoon() throws {
    let terms = (0..<60).map { " - \\beta_{\($0)} g_t" }.joined()
    let rule = try PrintedRule("\\theta_{t+1} = \\theta_t\(terms)").rule
    // Nothing known has as many, so that there is nothing to try.
    let own = RoleValues(rule.declaration)
    let ways = KnownRule.all.reduce(0) { $0 + RoleMatch.all(from: own, to: $1.roles).count }
    #expect(ways == 0)
    let time = ContinuousClock().measure {
      let finding = RuleCheck.finding(for: rule, reading: nil, meant: [])
      #expect(finding.verdict == .unchecked)
    }
    #expect(time < .seconds(30), "\(time)")
  }

  /// Thirty options for each of thirty hyperparameters, and three names to be had of the last two.
  @Test func choicesThatCannotBeCompletedAreGivenUp() throws {
    let names = ["a", "b", "c"].map { Name(canonical: $0) }
    let nothing = (0..<30).map { (form: Notation.Expression.number($0), effort: 0) }
    let parts = names.map { (form: Notation.Expression.of($0), effort: 0) }
    let options = [[HyperForms.Option]](repeating: nothing, count: 28) + [parts, parts]
    let found = HyperSearch.choices(options, needed: Set(names), budgets: [1, 2, 4], limit: 160)
    #expect(found.isEmpty)
    let two = HyperSearch.choices(options, needed: Set(names.prefix(2)), budgets: [1], limit: 160)
    #expect(two.count == 160)
  }

  /// The sixty-fifth name is not taken for the first.
  @Test func moreNamesThanBitsAreNeverComplete() throws {
    let names = (0..<65).map { Name(canonical: "a\($0)") }
    let sum = names.dropLast().map { Notation.Expression.of($0) }.reduce(
      Notation.Expression.number(0)
    ) {
      .of(.add, $0, $1)
    }
    let options = [[(form: sum, effort: 0)]]
    func count(_ needed: [Name]) -> Int {
      HyperSearch.choices(options, needed: Set(needed), budgets: [1], limit: 160).count
    }
    #expect(count(names) == 0)
    #expect(count(names.dropLast()) == 1)
  }

  @Test func catalogueRulesHaveFewMistakesALine() throws {
    var most = 0
    for name in RuleLibrary.names {
      guard let rule = try RuleLibrary.rule(named: name) else { continue }
      let lines = RuleLines(rule)
      for place in lines.lines.indices {
        most = max(most, Mistakes.mutants(ofLine: place, in: lines).count)
      }
    }
    #expect(most > 70 && most < Mistakes.most, "\(most)")
  }

  @Test func longSumsOfNumbersAreQuotedInShort() throws {
    let sum = [String](repeating: "1", count: 3000).joined(separator: "+")
    let finding = try #require(try NumberClaimTests.finding("\(sum) = 3"))
    #expect(finding.verdict == .wrong)
    #expect(finding.headline.count < 300)
    #expect(ClaimMutation.all(try Math(Span(Source(sum)))).isEmpty)
  }

  /// Sixty-six lines that each are the one before twice: put in, there are more parts than numbers.
  @Test func linesThatDoubleAreFollowedOnlySoFar() throws {
    let letters = (0..<26).map { String(UnicodeScalar(UInt8(65 + $0))) }
    let names = (0...66).map { "\\mathrm{\(letters[$0 / 26])\(letters[$0 % 26])}_t" }
    let chain = (1...66).map { "\(names[$0]) = \(names[$0 - 1]) + \(names[$0 - 1])" }
    let lines = ["\(names[0]) = g_t"] + chain + ["\\theta_t = \\theta_{t-1} - \\eta \(names[66])"]
    let rule = try PrintedRule(lines.joined(separator: " \\\\ ")).rule
    #expect(RuleCheck.finding(for: rule, reading: nil, meant: []).verdict != .wrong)
    let isKnown = Identification.of(rule).matches.contains { $0.isEqual }
    #expect(!isKnown)
  }

  /// Hundreds of products of averages, each of which might be another.
  @Test func repairsOfLongRulesHaveABound() throws {
    let letters = (0..<12).map { String(UnicodeScalar(UInt8(65 + $0))) }
    let names = letters.prefix(10).map { "\\mathrm{A\($0)}" }
    let averages = names.map { "\($0)_t = \\beta \($0)_{t-1} + g_t" }
    let squares = names.map { "\($0)_t \($0)_t" }
    let all = (squares + squares + squares).joined(separator: " + ")
    let sum = letters.map { "\\mathrm{B\($0)}_t" }
    let sums = sum.map { "\($0) = \(all)" }
    let step = "\\theta_t = \\theta_{t-1} - \\eta (" + sum.joined(separator: " + ") + ")"
    let rule = try PrintedRule((averages + sums + [step]).joined(separator: " \\\\ ")).rule
    let meant = NamedMethods.find(in: "Momentum")
    let time = ContinuousClock().measure {
      _ = RuleCheck.finding(for: rule, reading: nil, meant: meant)
    }
    #expect(time < .seconds(30), "\(time)")
  }
}
