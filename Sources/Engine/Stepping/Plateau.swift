// plateau: a learning rate that is lowered when a watched value stops improving.
//
// The one schedule with a memory. Its state is carried from step to step like an optimizer's, so
// going back in time restores it. The conventions are PyTorch's ReduceLROnPlateau (2.15, mode min,
// relative threshold), asked once after every step: the first step uses `start` as it is, and step
// t + 1 knows the value that step t has led to.

import Diagnostics
import Notation
import Optimizers
import Tensors

struct Plateau {
  /// The arguments in order, with the library's defaults.
  static let parameters: [(name: String, standard: Double?)] = [
    ("start", nil), ("watch", nil), ("factor", 0.1), ("patience", 10), ("threshold", 1e-4),
    ("cooldown", 0), ("min", 0), ("eps", 1e-8),
  ]

  static let usage =
    "plateau(start, watch, factor=0.1, patience=10, threshold=1e-4, cooldown=0, min=0, eps=1e-8)"

  /// The state: its name and start, as formulas of the arguments.
  private static let states = [("rate", "start"), ("best", "inf"), ("bad", "0"), ("wait", "0")]

  /// One step of it. `first` is 1 in the first step, when there is nothing to judge yet.
  private static let lines = [
    ("better", "watch < best*(1 - threshold)"),
    ("best", "where(first, best, where(better, watch, best))"),
    ("bad", "where(first, 0, where(better, 0, bad + 1))"),
    ("bad", "where(wait > 0, 0, bad)"),
    ("wait", "where(first, wait, max(wait - 1, 0))"),
    ("due", "bad > patience"),
    ("lower", "max(rate*factor, min)"),
    ("rate", "where(due and rate - lower > eps, lower, rate)"),
    ("wait", "where(due, cooldown, wait)"),
    ("bad", "where(due, 0, bad)"),
  ]

  /// What a plateau comes to in a graph.
  struct Applied {
    let value: NodeID
    let states: [AppliedState]
  }

  /// Builds one step.
  /// - Parameters:
  ///   - path: what its states are called in a snapshot.
  ///   - t: the number of the update, from 1.
  static func apply(
    _ arguments: [Name: NodeID], path: String, t: NodeID, in lowering: Lowering
  ) throws(Diagnostic) -> Applied {
    let scope = PlateauScope()
    scope.bindings = arguments
    scope.bindings[Name(canonical: "t")] = t
    scope.bindings[Name(canonical: "first")] = try lower("t == 1", in: scope, lowering)
    var starts: [(name: Name, input: NodeID, start: NodeID)] = []
    for (text, formula) in states {
      let name = Name(spelling: text)
      let start = try lower(formula, in: scope, lowering)
      let input = lowering.graph.input("\(path).\(text)", shape: .scalar, type: .float64)
      starts.append((name, input, start))
    }
    for state in starts { scope.bindings[state.name] = state.input }
    for (name, formula) in lines {
      scope.bindings[Name(spelling: name)] = try lower(formula, in: scope, lowering)
    }
    let applied = starts.map { state in
      AppliedState(
        name: state.name, input: state.input, start: state.start,
        output: scope.bindings[state.name] ?? state.input)
    }
    return Applied(value: applied[0].output, states: applied)
  }

  private static func lower(_ formula: String, in scope: PlateauScope, _ lowering: Lowering)
    throws(Diagnostic) -> NodeID
  {
    do {
      var parser = try Parser(Source(formula))
      let expression = try parser.parseExpression()
      return try lowering.lower(expression, in: scope)
    } catch let error as any DiagnosticConvertible {
      throw error.diagnostic
    } catch {
      throw Diagnostic("internal", "\(error)")
    }
  }
}

private final class PlateauScope: Scope {
  var bindings: [Name: NodeID] = [:]

  func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic) -> Meaning? {
    bindings[name].map(Meaning.node)
  }

  var knownNames: [String] { [] }
}
