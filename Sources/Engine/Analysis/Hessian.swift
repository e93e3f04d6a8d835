// The matrix of second derivatives of a loss, and what its eigenvalues say about the place.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct Hessian {
  package enum Curvature: String, Sendable {
    case positiveDefinite, positiveSemidefinite, indefinite, negativeSemidefinite
    case negativeDefinite, zero
  }

  /// [n, n]
  package let matrix: Tensor
  /// What each row and column belongs to: `w[0]`, `w[1]`, `b`.
  package let labels: [Expression]
  /// The matrix as a formula where that is short and not constant.
  package let formula: Expression?
  /// Ascending; nil when an element is not finite.
  package let eigenvalues: [Double]?

  /// Eigenvalues this small beside the largest count as 0.
  private static let negligible = 1e-12

  package var largest: Double { eigenvalues?.last ?? .nan }

  /// Whether an eigenvalue is not 0 only by rounding.
  package func isNegligible(_ value: Double) -> Bool {
    let size = eigenvalues?.reduce(0) { max($0, abs($1)) } ?? 0
    return value != 0 && abs(value) <= Hessian.negligible * size
  }

  package var curvature: Curvature? {
    guard let eigenvalues, let low = eigenvalues.first, let high = eigenvalues.last else {
      return nil
    }
    let size = max(abs(low), abs(high))
    if size == 0 { return .zero }
    let zero = Hessian.negligible * size
    if low > zero { return .positiveDefinite }
    if high < -zero { return .negativeDefinite }
    if low >= -zero { return .positiveSemidefinite }
    return high <= zero ? .negativeSemidefinite : .indefinite
  }

  /// The largest eigenvalue's size over the smallest's; nil when that is 0.
  package var conditionNumber: Double? {
    guard let sizes = eigenvalues?.map({ abs($0) }), let low = sizes.min(), let high = sizes.max(),
      low > Hessian.negligible * high
    else { return nil }
    return high / low
  }
}

extension Moment {
  /// The Hessian of a loss by some parameters together; none named means all it depends on.
  package func hessian(of loss: Expression, by names: [Expression]) throws(Diagnostic) -> Hessian {
    let lowering = Lowering()
    let scope = self.scope(.train)
    let node = try lowering.lower(loss, in: scope)
    guard lowering.graph[node].shape.count == 1 else {
      throw LoweringError.tensor(
        .notScalar(lowering.graph[node].shape), loss.span, operands: []
      ).diagnostic
    }
    let chosen = try chosenParameters(names, loss: node, at: loss.span, in: lowering)
    let shapes = chosen.map { lowering.graph[$0.input].shape }
    let total = shapes.reduce(0) { min($0 + $1.count, 1 << 40) }
    guard total <= Graph.maximumHessianSize else {
      throw Diagnostic(
        "hessian.size",
        "\(total) numbers would give a matrix of \(total) by \(total)",
        at: names.first?.span ?? loss.span,
        help: chosen.count > 1
          ? "up to \(Graph.maximumHessianSize) are possible; take one parameter: hessian "
            + "\(loss.text(.ascii)) by \(chosen[0].parameter.path)"
          : "up to \(Graph.maximumHessianSize) are possible")
    }
    let scalar = try lowering.reshape(node, to: .scalar, at: loss.span)
    let matrix: NodeID
    if chosen.count == 1 {
      matrix = try lowering.hessian(of: scalar, by: chosen[0].input, at: loss.span)
    } else {
      matrix = try jointHessian(of: scalar, chosen.map(\.input), total, at: loss.span, in: lowering)
    }
    let value = try values(of: [matrix], in: lowering)[0]
    let isShort = total <= 3 && !lowering.graph.isConstant(matrix)
    let formula = isShort ? matrixFormula(of: matrix, total, scope.labels, lowering.graph) : nil
    return Hessian(
      matrix: value,
      labels: zip(chosen, shapes).flatMap { entry, shape in
        (0..<shape.count).map { entry.parameter.name.element($0, of: shape) }
      },
      formula: formula,
      eigenvalues: SymmetricEigenvalues.of(value.elements, count: total))
  }

  /// `[[2·y, 2·x], [2·x, -2]]`, element by element; nil where one is too long.
  private func matrixFormula(
    of matrix: NodeID, _ count: Int, _ names: [NodeID: Name], _ graph: Graph
  ) -> Expression? {
    let reader = Readback(graph, names: names)
    var rows: [Expression] = []
    for i in 0..<count {
      var row: [Expression] = []
      for j in 0..<count {
        guard let formula = reader.formula(of: matrix, at: [i, j]), formula.parts.isEmpty else {
          return nil
        }
        row.append(formula.expression)
      }
      rows.append(Expression(.list(row), noSpan))
    }
    if count == 1, case .list(let only) = rows[0].kind { return only.first }
    return Expression(.list(rows), noSpan)
  }

  private func chosenParameters(
    _ names: [Expression], loss: NodeID, at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> [(parameter: Parameter, input: NodeID)] {
    let problem = session.problem
    var chosen: [Parameter] = []
    if names.isEmpty {
      let needed = Set(lowering.graph.reachable(from: [loss]))
      for parameter in problem.parameters {
        let input = lowering.graph.input(parameter.path, shape: parameter.initial.shape)
        if needed.contains(input) { chosen.append(parameter) }
      }
      guard !chosen.isEmpty else {
        throw Diagnostic("hessian.constant", "this depends on no parameter", at: span)
      }
    }
    for name in names {
      guard let parameter = problem.parameters.first(where: { $0.path == name.text(.ascii) }) else {
        throw Diagnostic(
          "parameter.unknown", "there is no parameter \(name.text(.pretty))", at: name.span,
          help: didYouMean(name.text(.ascii), in: problem.parameters.map(\.path))
            ?? "a Hessian is taken by parameters: "
            + problem.parameters.map(\.path).joined(separator: ", "))
      }
      if !chosen.contains(where: { $0.name == parameter.name }) { chosen.append(parameter) }
    }
    return chosen.map {
      ($0, lowering.graph.input($0.path, shape: $0.initial.shape))
    }
  }

  /// The second derivatives by several parameters as one flat vector, whose parts then become the
  /// parameters again.
  private func jointHessian(
    of loss: NodeID, _ inputs: [NodeID], _ total: Int, at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> NodeID {
    let flat = lowering.graph.input("all parameters", shape: [total])
    var forward: [NodeID: NodeID] = [:]
    var vectors: [NodeID] = []
    var start = 0
    for input in inputs {
      let shape = lowering.graph[input].shape
      let piece = try lowering.slice(flat, from: start, to: start + shape.count, at: span)
      forward[input] = try lowering.reshape(piece, to: shape, at: span)
      vectors.append(try lowering.reshape(input, to: [shape.count], at: span))
      start += shape.count
    }
    let moved = try lowering.substitute([loss], forward, at: span)[0]
    let hessian = try lowering.hessian(of: moved, by: flat, at: span)
    let together = try lowering.concatenate(vectors, at: span)
    return try lowering.substitute([hessian], [flat: together], at: span)[0]
  }
}

extension Name {
  /// `w[1]`, `W[0, 2]`; a scalar's only element is itself.
  package func element(_ offset: Int, of shape: Shape) -> Expression {
    let name = Expression(.name(self), noSpan)
    guard shape.rank > 0, let place = shape.place(of: offset) else { return name }
    return Expression(
      .index(
        name, place.map { .at(Expression(.number(Double($0), spelling: "\($0)"), noSpan)) }),
      noSpan)
  }
}
