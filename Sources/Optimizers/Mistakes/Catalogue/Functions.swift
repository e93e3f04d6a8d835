// Mistakes with functions: the other one of a pair, one left out, branches swapped; and with indices.

import Notation

extension Mistake {
  static let minForMax = Mistake("min-for-max", "min for max") { $0.callsTaken("min", for: "max") }
  static let maxForMin = Mistake("max-for-min", "max for min") { $0.callsTaken("max", for: "min") }
  static let sumForMean = Mistake("sum-for-mean", "the sum for the mean", doubt: .variation) {
    $0.callsTaken("sum", for: "mean")
  }
  static let meanForSum = Mistake("mean-for-sum", "the mean for the sum", doubt: .variation) {
    $0.callsTaken("mean", for: "sum")
  }

  static let absoluteLeftOut = Mistake("absolute-left-out", "no absolute value", doubt: .odd) {
    line in
    line.callsLeftOut("abs") { "the absolute value of \($0.shown) is not taken" }
  }

  static let signLeftOut = Mistake("sign-left-out", "no sign taken", doubt: .choice) { line in
    line.callsLeftOut("sign") { "\($0.shown) is taken in full, not its sign alone" }
  }

  static let clipLeftOut = Mistake("clip-left-out", "not clipped", doubt: .variation) { line in
    line.callsLeftOut("clip") { "\($0.shown) is not clipped" }
  }

  static let branchesSwapped = Mistake("branches-swapped", "the other case", doubt: .odd) { line in
    line.changes { site in
      guard let call = site.part.plainCall, call.function == "where", call.arguments.count == 3
      else { return [] }
      let (condition, yes, no) = (call.arguments[0], call.arguments[1], call.arguments[2])
      return [
        (.call("where", [condition, no, yes]), "the two cases of \(condition.shown) are swapped"),
        (yes, "\(yes.shown) is taken whether or not \(condition.shown)"),
        (no, "\(no.shown) is taken whether or not \(condition.shown)"),
      ]
    }
  }

  static let indexSwapped = Mistake("index-swapped", "another coordinate", doubt: .variation) {
    line in
    line.value.names.flatMap { name in
      guard line.vectors.contains(name) else { return [Change]() }
      return line.neighbours.map { place in
        let other = Expression.of(name).indexed(at: place)
        return Change(
          line.value.replacing(name, by: other), "\(other.shown) is taken, of another coordinate")
      }
    }
  }
}

extension LineContext {
  fileprivate func callsTaken(_ wrong: String, for right: String) -> [Change] {
    changes { site in
      guard case .call(var callee, let arguments) = site.part.kind, callee.path.count == 1,
        callee.path.first?.canonical == right
      else { return [] }
      callee.path = [Name(canonical: wrong)]
      return [
        (Expression(.call(callee, arguments), site.part.span), "\(wrong) is taken for \(right)")
      ]
    }
  }

  fileprivate func callsLeftOut(_ function: String, _ says: (Expression) -> String) -> [Change] {
    changes { site in
      guard let call = site.part.plainCall, call.function == function,
        let inner = call.arguments.first
      else { return [] }
      return [(inner, says(inner))]
    }
  }
}
