// Which rule of the catalogue a rule is, by its numbers: names and letters play no part but in which
// hyperparameter answers to which.
//
// Every catalogue rule is run beside it on the same gradients (`ProbeTape`), with hyperparameters that
// do the same set to the same values, β and 1 - β swapped and lr scaled by 1 - β where that helps.
// Equal means equal to 1e-9 at every step, zeros and tiny gradients included; whether a changing
// learning rate tells them apart is said.

import Diagnostics
import Notation

package struct Identification: Sendable {
  package struct Match: Sendable {
    /// The catalogue's name, without stages in front.
    package var name: String
    /// Its hyperparameters in terms of the rule's: lr = α, beta = 1 - ρ.
    package var arguments: [(name: Name, value: String)]
    /// Gradient stages in front of it, with their hyperparameters.
    package var stages: [(name: String, arguments: [(name: Name, value: String)])] = []
    /// The largest difference over the probes, relative to max(1, |w|); infinite where another rule is
    /// nearer by far.
    package var distance: Double
    /// The first step and coordinate where they part; nil when they do not.
    package var parting: (step: Int, coordinate: Int, own: Double, other: Double)?
    /// They are the same as long as the learning rate is constant, and only then.
    package var needsConstantRate = false
    /// The rule has no number (0/0) in places where this one has.
    package var hasGaps = false
    /// Steps that were the same, and the largest difference in units in the last place; for a match.
    package var steps = 0
    package var ulps = 0.0
    /// The hyperparameters need no other form than their own.
    package var isPlain = true
    /// How many of them are numbers, for want of a counterpart.
    package var switchedOff = 0

    package var isEqual: Bool { distance <= RunDistance.tolerance }

    /// `adam(lr=α, beta1=β₁, …)`, `clip_norm(c=c) |> gradient_descent(lr=α)`.
    package var call: String {
      let parts = stages + [(name, arguments)]
      return parts.map { part in
        part.arguments.isEmpty
          ? part.name
          : part.name + "("
            + part.arguments.map { "\($0.name.canonical)=\($0.value)" }.joined(separator: ", ")
            + ")"
      }.joined(separator: " |> ")
    }

    /// The first line in which a rule that is not equal departs; for the nearest.
    package var line: LineParting?
    /// What makes the rule this one; for the nearest, where a small change does it.
    package var change: RuleChange?

    /// Its hyperparameters as formulas of the rule's own.
    var forms: [Name: Expression] = [:]
  }

  /// The catalogue's own rules, the best first: those that are equal, then the nearest.
  package var matches: [Match]
  /// Calls of libraries that are equal.
  package var calls: [Match] = []
  /// What distinguishes the rule from its relatives.
  package var features = Features()
  /// The first step and coordinate in which the rule has no number, with the cause.
  package var undefined: UndefinedNumber?
  /// Hyperparameters of the rule that play no part in its numbers.
  package var idle: [Name] = []

  package var best: Match? { matches.first }

  /// The nearest rule that is not the same.
  package var runnerUp: Match? {
    matches.first { match in !match.isEqual && match.name != best?.name }
  }
}

/// Lines of two rules that do the same until here.
package struct LineParting: Sendable {
  /// The line as the rule has it.
  package var own: String
  /// The other rule's line in the rule's names; nil when it has none like it.
  package var other: String?
  package var step: Int
  package var coordinate: Int
  package var ownValue: Double
  package var otherValue: Double?
}

/// A change that has been tried: the changed rule has the other's numbers.
package struct RuleChange: Sendable {
  /// `write v̂ = v/(1 - β₂ᵗ) in place of v̂ = v/(1 - β₁ᵗ)`
  package var text: String
  package var rule: Rule
}

/// A number that a rule does not have: 0/0 where a gradient is 0.
package struct UndefinedNumber: Sendable {
  package var step: Int
  package var coordinate: Int
  package var cause: String
}

extension Identification {
  /// Compares a rule with every rule of the catalogue.
  /// - Parameters:
  ///   - given: what some of its hyperparameters are for, in place of what its lines show.
  ///   - isStopped: ends the comparison; what was found by then is answered.
  package static func of(
    _ rule: Rule, roles given: [Name: HyperRole] = [:], isStopped: Stopping = .never
  ) -> Identification {
    Candidates.shared.withLock { candidates in
      guard let subject = Subject(rule, given: given, isStopped: isStopped) else {
        return Identification(matches: [])
      }
      return subject.identification(among: candidates)
    }
  }

  /// Compares a rule with one of the catalogue: the hyperparameters that fit best, and for one that is
  /// not the same where they part and what would make them the same.
  /// - Returns: nil when there is no such rule, or one of them cannot be run by itself.
  package static func comparison(
    of rule: Rule, with name: String, roles given: [Name: HyperRole] = [:]
  ) -> Match? {
    Candidates.shared.withLock { candidates in
      guard let subject = Subject(rule, given: given),
        let candidate = candidates.candidate(named: name)
      else { return nil }
      return subject.comparison(with: candidate)
    }
  }
}
