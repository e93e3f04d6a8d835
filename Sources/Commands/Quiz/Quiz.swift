// A sheet asked number by number: what has been answered so far, and how.
//
// A wrong answer leaves the question open; what comes after it is worked out from the right numbers,
// so a slip costs one question.

import Diagnostics
import Notation
import Optimizers

package struct Quiz: Asker {
  package let sheet: QuizSheet
  /// The question that is open, by its place on the sheet.
  private(set) var place = 0
  /// How the ones before it went, in order.
  private(set) var results: [QuizResult] = []
  /// How many hints the open question has been given.
  private var hints = 0
  /// The wrong answers to the open question, each with what it is if that is known.
  private var slips: [QuizSlip] = []
  private let suspects: QuizSuspects

  package init(_ sheet: QuizSheet) {
    self.sheet = sheet
    suspects = QuizSuspects(sheet.problem)
  }

  package var label: String { "Q\(place + 1)" }
  package var words: [AskerWord] { AskerWord.allCases }

  package var question: Question? { item?.question }

  private var item: QuizItem? { place < sheet.items.count ? sheet.items[place] : nil }

  package func ask(whole: Bool) -> [any Report] {
    guard let item else { return [] }
    let question = QuizReports.question(item, number: place + 1, of: sheet)
    guard whole else { return [question] }
    return [QuizReports.problem(sheet), QuizReports.beginning(of: item.step, sheet), question]
  }

  package mutating func take(_ answer: Answer) -> [any Report] {
    guard let item else { return [] }
    switch answer.number.agreement(with: item.question.value) {
    case .right:
      return [QuizReports.right(item, number: place + 1)] + next(isSkipped: false)
    case .oneDigit:
      return [QuizReports.tooShort(item, number: place + 1)]
    case .lastDigit, .wrong:
      let found = suspects.diagnosis(of: answer, to: item, among: sheet.items)
      let slip = QuizSlip(
        text: answer.expression.text(.pretty), causes: found?.causes ?? [],
        sentences: found?.sentences ?? [])
      slips.append(slip)
      // Without a name for the mistake, the line with its numbers shows where to look.
      let shown = slip.causes.isEmpty ? item.question.hints.last : nil
      return [QuizReports.wrong(item, number: place + 1, slip)] + (shown.map { [$0] } ?? [])
    }
  }

  package mutating func obey(_ word: AskerWord) -> [any Report] {
    guard let item else { return [] }
    switch word {
    case .hint:
      guard hints < item.question.hints.count else {
        hints += 1
        return (item.question.hints.last.map { [$0] } ?? [])
          + [MessageReport("there is no other hint; skip shows the answer", kind: "hint")]
      }
      hints += 1
      return [item.question.hints[hints - 1]]
    case .skip: return [item.question.solution] + next(isSkipped: true)
    case .again: return ask(whole: true)
    case .quit: return []
    }
  }

  package func close(_ ending: AskerEnding) -> [any Report] {
    [QuizReports.score(self, ending)]
  }

  /// How the open question has gone so far, where there were wrong answers.
  var pending: QuizResult? {
    guard let item, !slips.isEmpty else { return nil }
    return QuizResult(item: item, isSkipped: false, hints: hints, slips: slips)
  }

  /// Goes on to the next question and asks it.
  private mutating func next(isSkipped: Bool) -> [any Report] {
    if let item {
      results.append(QuizResult(item: item, isSkipped: isSkipped, hints: hints, slips: slips))
    }
    let step = item?.step
    place += 1
    hints = 0
    slips = []
    guard let item, item.step != step else { return ask(whole: false) }
    return [QuizReports.beginning(of: item.step, sheet)] + ask(whole: false)
  }
}

/// How a question went.
struct QuizResult {
  let item: QuizItem
  let isSkipped: Bool
  let hints: Int
  let slips: [QuizSlip]

  /// Right at once and without help.
  var isClean: Bool { !isSkipped && hints == 0 && slips.isEmpty }
}

/// A wrong answer.
struct QuizSlip {
  /// As it was typed.
  let text: String
  /// What may explain it, the likeliest first.
  let causes: [Diagnosis.Cause]
  /// The same in words, for the person who typed it.
  let sentences: [String]

  /// What is said of it in the end.
  var summary: String? {
    causes.first.map { causes.count == 1 ? $0.sentence : $0.sentence + ", perhaps" }
  }
}
