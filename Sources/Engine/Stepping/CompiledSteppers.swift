// The steppers whose programs are kept; compiling for one more drops those of the longest unused.
//
// A session's history refers to a stepper for each stretch of steps. Its programs hold as much memory
// as the parameters several times over, and are quickly compiled again when the past is replayed.

final class CompiledSteppers {
  private var recent: [Stepper] = []

  /// How many steppers may keep their programs.
  static let capacity = 4

  /// Notes that a stepper has compiled something.
  func note(_ stepper: Stepper) {
    recent.removeAll { $0 === stepper }
    recent.append(stepper)
    if recent.count > CompiledSteppers.capacity { recent.removeFirst().dropPrograms() }
  }
}
