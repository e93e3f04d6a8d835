// One number that is asked for: what it is called, what it is, what helps to find it.
//
// A question knows nothing of who asks it, of scores or of the session; it is a value, and answering
// it changes nothing.

import Diagnostics
import Notation
import Tensors

package struct Question {
  /// What is asked, as a line may name it before an `=`: `m_hat`, `w[0]`.
  package let asked: Expression
  /// The number that is right.
  package let value: Double
  /// What has a value while the question is open: a formula of these is an answer too.
  package let known: [Name: Tensor]
  /// Names that belong to what is asked about, with a value by now or not: a line gives them none.
  package let names: Set<Name>
  /// From the gentlest to the last before the answer itself.
  package let hints: [FormulaReport]
  /// The answer and how it is found.
  package let solution: FormulaReport
  /// A few words on the right answer: `first moment`.
  package let remark: String?

  package init(
    asked: Expression, value: Double, known: [Name: Tensor] = [:], names: Set<Name> = [],
    hints: [FormulaReport] = [],
    solution: FormulaReport, remark: String? = nil
  ) {
    self.asked = asked
    self.value = value
    self.known = known
    self.names = names
    self.hints = hints
    self.solution = solution
    self.remark = remark
  }
}
