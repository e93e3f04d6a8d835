// plateau: a learning rate that is lowered when a watched value stops improving.
//
// The one schedule with a memory. Its state is carried from step to step like an optimizer's, so
// going back in time restores it. The conventions are PyTorch's ReduceLROnPlateau (2.15), asked at
// the end of every epoch, or after every step where no batch is set: the first epoch uses `start` as
// it is, and the next knows the value that the one before has led to.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct Plateau {
  /// How often the watched value is judged.
  package enum Rhythm: String, CaseIterable, Sendable {
    case epoch, step
  }

  /// A spelling of it: the library's own, or ours.
  package struct Spelling: Sendable {
    package let callee: String
    /// Names of the arguments in order, and what they stand for.
    package let arguments: [(name: String, role: String)]

    /// The arguments with the library's defaults.
    package var usage: String {
      let parts = arguments.map { name, role in
        guard let standard = Plateau.defaults[role] else { return name }
        return "\(name)=\(standard)"
      }
      return "\(callee)(\(parts.joined(separator: ", ")))"
    }
  }

  package static let own = Spelling(
    callee: "plateau",
    arguments: [
      ("start", "start"), ("watch", "watch"), ("factor", "factor"), ("patience", "patience"),
      ("threshold", "threshold"), ("cooldown", "cooldown"), ("min", "min"), ("eps", "eps"),
      ("mode", "mode"), ("threshold_mode", "threshold_mode"), ("every", "every"),
    ])

  package static let torch = Spelling(
    callee: "torch.ReduceLROnPlateau",
    arguments: [
      ("lr", "start"), ("watch", "watch"), ("mode", "mode"), ("factor", "factor"),
      ("patience", "patience"), ("threshold", "threshold"), ("threshold_mode", "threshold_mode"),
      ("cooldown", "cooldown"), ("min_lr", "min"), ("eps", "eps"), ("every", "every"),
    ])

  package static let spellings = [own, torch]

  /// The spelling that a call uses; nil for another function.
  package static func spelling(_ callee: [Name]) -> Spelling? {
    let text = callee.map(\.canonical).joined(separator: ".")
    return spellings.first { $0.callee == text }
  }

  private static let defaults = [
    "factor": "0.1", "patience": "10", "threshold": "1e-4", "cooldown": "0", "min": "0",
    "eps": "1e-8", "mode": "min", "threshold_mode": "rel", "every": "epoch",
  ]

  /// Arguments that are one of some words.
  static let choices = [
    "mode": ["min", "max"], "threshold_mode": ["rel", "abs"],
    "every": Rhythm.allCases.map(\.rawValue),
  ]

  /// The numbers among the arguments, and what a step needs to know beforehand.
  struct Arguments {
    var numbers: [String: NodeID] = [:]
    var words: [String: String] = [:]

    var rhythm: Rhythm { words["every"].flatMap(Rhythm.init) ?? .epoch }
  }

  /// The number that an argument has when it is left out.
  static func standard(_ role: String) -> Double? { defaults[role].flatMap(Double.init) }

  /// What a number has to be, where that is known beforehand.
  static func range(_ role: String) -> (words: String, holds: (Double) -> Bool)? {
    switch role {
    case "factor": ("above 0 and below 1", { $0 > 0 && $0 < 1 })
    case "patience", "cooldown", "threshold", "min", "eps": ("0 or more", { $0 >= 0 })
    default: nil
    }
  }

  /// The state: its name and start, as formulas of the arguments.
  private static let states = [("rate", "start"), ("best", "worst"), ("bad", "0"), ("wait", "0")]

  /// When a value is better than the best so far: by mode and threshold_mode.
  private static let better = [
    "min rel": "watch < best*(1 - threshold)", "max rel": "watch > best*(1 + threshold)",
    "min abs": "watch < best - threshold", "max abs": "watch > best + threshold",
  ]

  /// One judgement. `first` is 1 in the first step, when there is nothing to judge yet.
  private static let lines = [
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
  ///   - judges: whether the value is judged in this step; else everything stays as it is.
  static func apply(
    _ arguments: Arguments, path: String, t: NodeID, judges: Bool, in lowering: Lowering
  ) throws(Diagnostic) -> Applied {
    let scope = PlateauScope()
    for (role, node) in arguments.numbers { scope.bindings[Name(spelling: role)] = node }
    let mode = arguments.words["mode"] ?? "min"
    scope.bindings[Name(canonical: "worst")] = lowering.graph.constant(
      Tensor(mode == "max" ? -Double.infinity : .infinity))
    scope.bindings[Name(canonical: "t")] = t
    var starts: [(name: Name, input: NodeID, start: NodeID)] = []
    for (text, formula) in states {
      let name = Name(spelling: text)
      let start = try lower(formula, in: scope, lowering)
      let input = lowering.graph.input("\(path).\(text)", shape: .scalar, type: .float64)
      starts.append((name, input, start))
    }
    for state in starts { scope.bindings[state.name] = state.input }
    scope.bindings[Name(canonical: "first")] = try lower("t == 1", in: scope, lowering)
    if judges {
      let better = better["\(mode) \(arguments.words["threshold_mode"] ?? "rel")"] ?? "0"
      scope.bindings[Name(canonical: "better")] = try lower(better, in: scope, lowering)
      for (name, formula) in lines {
        scope.bindings[Name(spelling: name)] = try lower(formula, in: scope, lowering)
      }
    } else {
      // In the first step they are at their start, which makes them results, to be carried on.
      for state in starts {
        scope.bindings[Name(canonical: "begin")] = state.start
        scope.bindings[state.name] = try lower(
          "where(first, begin, \(state.name.canonical))", in: scope, lowering)
      }
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
