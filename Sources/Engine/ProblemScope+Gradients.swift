// norm(g) over several parameters: the gradients of all that a step moves, taken as one vector.
//
// norm(f.g) and norm(f.0.g) take those of a model or a layer. By itself g stays one parameter's.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension ProblemScope {
  /// What the argument of `norm` stands for where it means the gradients of several parameters; nil
  /// for any other argument.
  ///
  /// - Throws: `gradient.none` where no parameter of the model is moved.
  func gradients(_ argument: Expression, in lowering: Lowering) throws(Diagnostic) -> NodeID? {
    guard let path = argument.path, path.last?.canonical == "g" else { return nil }
    let owner = path.dropLast()
    var members: Set<Name>?
    if owner.isEmpty {
      guard problem.parameters.count > 1, problem.definitions[path[0]] == nil,
        problem.parameter(path[0]) == nil, problem.objective(path[0]) == nil
      else { return nil }
    } else {
      switch problem.part(at: owner.map(\.canonical)) {
      case .model(let model): members = Set(problem.parameters(of: model).map(\.name))
      case .stage(let stage): members = Set(problem.parameters(of: stage).map(\.name))
      default: return nil
      }
    }
    guard let all = try leaves.gradients(at: argument.span, in: lowering) else { return nil }
    let chosen = all.filter { members?.contains($0.owner) ?? true }.map(\.node)
    guard !chosen.isEmpty else {
      let text = owner.map(\.canonical).joined(separator: ".")
      throw Diagnostic(
        "gradient.none", "no parameter of \(text) is moved, so there is no gradient",
        at: argument.span, help: "unfreeze \(text), or give the optimizer a group for it")
    }
    return try Packing(chosen, in: lowering).flat
  }
}

/// `w.g` where a step leaves w alone.
func standsStill(_ owner: Name, _ name: Name, at span: Span) -> Diagnostic {
  Diagnostic(
    "step.stood-still",
    "steps do not move \(owner.pretty), so \(owner.pretty).\(name.pretty) has no value", at: span,
    help: "it is frozen, or no optimizer or loss is for it")
}
