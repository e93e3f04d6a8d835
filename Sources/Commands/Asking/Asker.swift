// Somebody who asks questions, one after the other: a quiz, or a lesson.
//
// An asker is a value that the interpreter holds beside the session, so that undoing and going back
// leave it alone. It answers with reports and never touches the session.

import Diagnostics

package protocol Asker {
  /// What stands before the prompt while its question is open: `Q3`.
  var label: String { get }
  /// The open question; nil once everything is asked.
  var question: Question? { get }
  /// The words that are commands while a question is open.
  var words: [AskerWord] { get }

  /// Puts the open question.
  /// - Parameter whole: with everything that is needed to answer it.
  func ask(whole: Bool) -> [any Report]
  /// Takes an answer to the open question.
  mutating func take(_ answer: Answer) -> [any Report]
  /// Obeys one of its words, other than the one that ends it.
  mutating func obey(_ word: AskerWord) -> [any Report]
  /// Says how it went; nothing is asked after it.
  func close(_ ending: AskerEnding) -> [any Report]
}

/// A word that means something while a question is open.
package enum AskerWord: String, Sendable, CaseIterable {
  case hint, skip, again, quit

  package var summary: String {
    switch self {
    case .hint: "shows the formula, then the numbers put in"
    case .skip: "shows the answer and goes on"
    case .again: "shows the problem and the question again"
    case .quit: "ends the questions"
    }
  }

  /// The word that a line means.
  package init?(line: String) {
    let word = line.lowercased()
    if word == "exit" { self = .quit } else { self.init(rawValue: word) }
  }
}

package enum AskerEnding: Sendable {
  /// Every question is behind.
  case finished
  /// By `quit`.
  case left
  /// There are no more lines.
  case inputEnded
}
