// Some of the data: the same definitions with one row, or the rows of the coming step, in the place
// of all rows.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct BackpropSample {
  /// The numbers of the rows taken.
  package let indices: [Int]
  /// How many there are.
  package let count: Int
  /// Whether they are those of the coming step, rather than one asked for.
  package let isBatch: Bool
  /// The data the loss reads, each with the rows that are left of it.
  package let rows: [(name: Name, value: Tensor)]
}

extension Moment {
  /// This moment with the rows that the coming step takes; nil where it takes all.
  func takingComingRows() throws(Diagnostic) -> (Moment, BackpropSample)? {
    guard let coming = try session.comingRows(), coming.batching.takesRows else { return nil }
    let indices = coming.indices
    guard indices.count < coming.layout.rows else { return nil }
    var problem = session.problem
    var rows: [(name: Name, value: Tensor)] = []
    for name in coming.batching.names {
      let whole = try evaluate([Expression(.name(name), noSpan)])[0]
      guard whole.shape.dimensions.first == coming.layout.rows else { return nil }
      let part = whole.rows(indices)
      problem.definitions[name] = .value(part)
      rows.append((name, part))
    }
    return (
      with(problem),
      BackpropSample(indices: indices, count: coming.layout.rows, isBatch: true, rows: rows)
    )
  }

  /// This moment with one row of the data that a loss is computed from.
  func taking(sample: Int, of loss: Expression) throws(Diagnostic) -> (Moment, BackpropSample) {
    let data = try dataNames(of: loss)
    guard let count = data.first?.value.shape.dimensions.first else {
      throw Diagnostic(
        "backprop.samples", "\(loss.text(.pretty)) reads no data with a name", at: loss.span,
        help: "define them, one sample a row: X = …; y = …")
    }
    guard sample >= 0, sample < count else {
      throw Diagnostic(
        "index.range", "sample \(sample) is outside 0 … \(count - 1)", at: loss.span,
        help: "samples count from 0")
    }
    var problem = session.problem
    var rows: [(name: Name, value: Tensor)] = []
    for (name, whole) in data {
      let row = whole.rows([sample])
      problem.definitions[name] = .value(row)
      rows.append((name, row))
    }
    return (
      with(problem), BackpropSample(indices: [sample], count: count, isBatch: false, rows: rows)
    )
  }

  /// The definitions that are data: they depend on nothing that is trained, and their first axis has
  /// the size that counts the samples: that of a model's input, else the largest.
  private func dataNames(of loss: Expression) throws(Diagnostic) -> [(name: Name, value: Tensor)] {
    let lowering = Lowering()
    let scope = scope(.train)
    _ = try lowering.lower(loss, in: scope)
    var found: [(name: Name, value: Tensor)] = []
    var seen: Set<Name> = []
    var pending = [loss]
    while let expression = pending.popLast() {
      for name in expression.names where seen.insert(name).inserted {
        if let objective = session.problem.objective(name) {
          pending.append(objective.expression)
          continue
        }
        guard session.problem.parameter(name) == nil else { continue }
        switch session.problem.definitions[name] {
        case .value(let tensor): found.append((name, tensor))
        case .formula(let formula):
          guard case .node(let node)? = try scope.meaning(of: name, at: loss.span, in: lowering)
          else { continue }
          if lowering.graph.isConstant(node) {
            found.append((name, try evaluate([Expression(.name(name), loss.span)])[0]))
          } else {
            pending.append(formula)
          }
        case .function(_, _, let body): pending.append(body)
        case .table, .bundle, nil: break
        }
      }
      for name in expression.calledNames where seen.insert(name).inserted {
        if case .function(_, _, let body) = session.problem.definitions[name] {
          pending.append(body)
        }
      }
    }
    let inputs = scope.applications.compactMap { application -> Int? in
      let shape = lowering.graph[application.input].shape
      return shape.rank > 1 ? shape.dimensions.first : nil
    }
    let sizes = found.compactMap { $0.value.shape.dimensions.first }
    guard let count = inputs.first ?? sizes.max() else { return [] }
    return found.filter { $0.value.shape.dimensions.first == count }.sorted { $0.name < $1.name }
  }
}
