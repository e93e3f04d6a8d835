// Which mistake gives a wrong number of a quiz.

import Diagnostics
import Engine
import Notation
import Tensors

extension QuizSheet {
  /// What a wrong answer is, where that is known: a sentence.
  func diagnosis(of answer: Answer, at place: Int) -> String? {
    let item = items[place]
    let asked = item.question.asked.text(.pretty)
    for other in items where other.step == item.step {
      if other.question.asked.text(.ascii) == item.question.asked.text(.ascii) { continue }
      if answer.verdict(for: other.question.value) == .right {
        return "that is \(other.question.asked.text(.pretty)), and not \(asked)"
      }
    }
    if answer.verdict(for: -item.question.value) == .right { return "the sign is the other one" }
    for other in items where other.step != item.step && other.line.name == item.line.name {
      if other.places == item.places, answer.verdict(for: other.question.value) == .right {
        return "that is \(asked) of step \(other.step); this is step \(item.step)"
      }
    }
    return nil
  }
}
