// A number that a mistake gives is traced back to it.

import Diagnostics
import Foundation
import Notation
import Tensors
import Testing

@testable import Optimizers

@Suite struct DiagnosisTests {
  /// Every rule of the catalogue on a vector, and on a matrix where that makes other lines of it.
  /// Libraries' calls that come to the lines of another rule are left out.
  static func worked() -> [WorkedRule] {
    var seen: Set<String> = []
    return Catalogue.files.flatMap { file -> [WorkedRule] in
      guard let rule = try? file.rule() else { return [] }
      var shapes: [Shape] = [[2]]
      if rule.declaration.body.contains(where: { if case .when = $0 { true } else { false } }) {
        shapes.append([2, 2])
      }
      return shapes.compactMap { shape in
        guard let worked = try? WorkedRule(rule, shape: shape, steps: 3) else { return nil }
        let lines = worked.step.lines.map { "\($0.name) = \($0.expression?.text() ?? "")" }
        return seen.insert(lines.joined(separator: "\n")).inserted ? worked : nil
      }
    }
  }

  @Test func namesTheMistakeThatWasMade() throws {
    var made = 0
    var unseen = 0
    var alone = 0
    let rules = DiagnosisTests.worked()
    #expect(rules.count > 90)
    for rule in rules {
      let suspects = Suspects(rule.step)
      for (place, line) in rule.step.lines.enumerated() where line.expression != nil {
        for outcome in suspects.outcomes(of: place) where outcome.kind == .mistake {
          let shape = line.value.shape
          let element = place % max(1, shape.count)
          guard let number = outcome.value.fitting(shape)?.elements[element], number.isFinite
          else { continue }
          // Six digits, zeros at the end included.
          let text = String(format: "%#.6g", number)
          let typed = try #require(TypedNumber(try expression(text)))
          made += 1
          let answer = TypedAnswer(places: [element], numbers: [typed])
          let diagnosis = suspects.diagnosis(of: answer, line: place)
          guard !diagnosis.isRight else {
            unseen += 1
            continue
          }
          // What is thought of last is told only where nothing else gives the number.
          let isExplained = diagnosis.causes.contains { cause in
            cause.kind == .quantity
              || suspects.outcomes(of: place).contains {
                $0.mutant.mistake == cause.id && answer.shows($0.value, of: shape)
              }
          }
          // A line that comes to another quantity is told as that quantity.
          let isNamed = diagnosis.causes.contains { cause in
            cause.id == outcome.mutant.mistake || outcome.mutant.isLastResort && isExplained
              || cause.kind == .quantity && cause.line != nil
                && cause.line.map { rule.step.lines[$0].name } == outcome.mutant.expression.name
          }
          let seen = "\(rule.name): \(line.name) = \(outcome.mutant.expression.text()) = \(text)"
          #expect(isNamed, "\(seen) \(outcome.mutant.mistake) \(diagnosis.sentences)")
          if diagnosis.causes.count == 1 { alone += 1 }
        }
      }
    }
    #expect(
      alone * 10 > (made - unseen) * 8,
      "\(rules.count) rules, \(made) mistakes: \(unseen) without effect, \(alone) named alone")
  }

  /// What a mistake in an earlier line makes of a later one is traced back as well.
  @Test(arguments: ["adam", "rmsprop", "momentum_ema", "adagrad"])
  func followsMistakesThatAreCarriedOn(_ name: String) throws {
    let worked = try #require(try WorkedRule(try Catalogue.rule(name), shape: [2], steps: 3))
    let suspects = Suspects(worked.step)
    let last = try #require(worked.step.lines.lastIndex { $0.isParameter })
    for outcome in suspects.outcomes(of: last) where outcome.kind == .carried {
      let number = outcome.value.elements[0]
      guard number.isFinite else { continue }
      let typed = try #require(TypedNumber(try expression(String(format: "%#.6g", number))))
      let diagnosis = suspects.diagnosis(of: TypedAnswer(places: [0], numbers: [typed]), line: last)
      guard !diagnosis.isRight else { continue }
      #expect(
        diagnosis.causes.contains { $0.id == outcome.mutant.mistake || $0.kind != .carried },
        "\(name) \(outcome.mutant.says) \(number) \(diagnosis.sentences)")
    }
  }

  @Test(
    arguments: [
      ("-3.786", -3.7861007, "right"), ("-3.79", -3.7861007, "right"),
      ("-4", -3.7861007, "oneDigit"),
      ("-3.78", -3.7861007, "right"), ("-3.80", -3.7861007, "lastDigit"),
      ("3.786", -3.7861007, "wrong"),
      ("4", 4.0, "right"), ("0.4", 0.4, "right"), ("0.4", 0.44, "oneDigit"), ("0", 0.0, "right"),
      ("0", 1e-9, "wrong"), ("0.00", 0.004, "wrong"), ("1e-3", 0.001, "right"),
      ("1.0e-3", 0.00101, "right"), ("100", 104.0, "wrong"),
      ("0.12345678", 0.1234569, "right"),
    ] as [(String, Double, String)])
  func judgesToTheDigitsTyped(_ text: String, _ right: Double, _ agreement: String) throws {
    let typed = try #require(TypedNumber(try expression(text)))
    #expect("\(typed.agreement(with: right))" == agreement)
  }
}
