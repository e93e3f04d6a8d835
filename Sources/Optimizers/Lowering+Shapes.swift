// Lists, indices and the small shape changes that other parts of the lowering need.

import Diagnostics
import Notation
import Tensors

extension Lowering {
  /// `[1, 2]`, `[[1, 2], [3, 4]]`, `[x, y]`. A list of literals becomes one constant.
  func list(_ items: [Expression], at span: Span, in scope: any Scope) throws(Diagnostic) -> NodeID
  {
    if items.isEmpty { return graph.constant(Tensor([], shape: [0])) }
    if let literal = literalVector(items) { return graph.constant(literal) }
    var nodes: [NodeID] = []
    for item in items {
      let node = try lower(item, in: scope)
      if let first = nodes.first, graph[first].shape != graph[node].shape {
        let expected = graph[first].shape
        let seen = graph[node].shape
        if expected.rank == 1, seen.rank == 1 {
          throw LoweringError.ragged(item.span, expected: expected.count, seen: seen.count)
            .diagnostic
        }
        throw Diagnostic(
          "list.shapes",
          "the parts of a list need equal shapes: this has \(seen), the first \(expected)",
          at: item.span)
      }
      nodes.append(node)
    }
    if let matrix = stackedConstants(nodes) { return graph.constant(matrix) }
    return try apply(
      .stack, nodes, Attributes(integers: [stackAxis(of: nodes)]), operands: items, at: span)
  }

  /// Parts are stacked along a new first axis; axes count from the end.
  private func stackAxis(of nodes: [NodeID]) -> Int { -(graph[nodes[0]].shape.rank + 1) }

  private func literalVector(_ items: [Expression]) -> Tensor? {
    var values: [Double] = []
    values.reserveCapacity(items.count)
    for item in items {
      switch item.kind {
      case .number(let value, _): values.append(value)
      case .unary(.negate, let inner):
        guard case .number(let value, _) = inner.kind else { return nil }
        values.append(-value)
      default: return nil
      }
    }
    return Tensor(values, shape: [values.count])
  }

  private func stackedConstants(_ nodes: [NodeID]) -> Tensor? {
    var elements: [Double] = []
    for node in nodes {
      guard case .constant(let tensor) = graph[node].kind else { return nil }
      elements += tensor.elements
    }
    guard let first = nodes.first else { return nil }
    return Tensor(elements, shape: Shape([nodes.count] + graph[first].shape.dimensions))
  }

  /// `x[0]`, `x[:, 1]`, `x[1:3]`, `x[indices]`; `d["column"]` is the scope's.
  func index(
    _ base: Expression, _ subscripts: [Expression.Subscript], at span: Span, in scope: any Scope
  ) throws(Diagnostic) -> NodeID {
    if subscripts.count == 1, case .at(let key) = subscripts[0], case .string(let text) = key.kind {
      let field = Name(canonical: text)
      guard case .node(let node)? = try scope.meaning(of: field, in: base, at: key.span, in: self)
      else {
        throw LoweringError.notATensor(what: base.text(.pretty), base.span).diagnostic
      }
      return node
    }
    let node = try lower(base, in: scope)
    let shape = graph[node].shape
    guard subscripts.count <= shape.rank else {
      throw Diagnostic(
        "index.rank",
        shape.rank == 0
          ? "\(base.text(.pretty)) is a single number and has no elements"
          : "\(base.text(.pretty)) has shape \(shape), so at most \(shape.rank) indices", at: span)
    }
    var slices: [AxisSlice] = []
    var arrays: [(axis: Int, node: NodeID, span: Span)] = []
    for axis in 0..<shape.rank {
      let size = shape.dimensions[axis]
      guard axis < subscripts.count else {
        slices.append(AxisSlice(start: 0, count: size))
        continue
      }
      switch subscripts[axis] {
      case .at(let expression):
        let position = try lower(expression, in: scope)
        if graph[position].shape.isScalar, graph.isConstant(position) {
          slices.append(try self.position(position, size: size, at: expression.span))
        } else {
          arrays.append((axis, position, expression.span))
          slices.append(AxisSlice(start: 0, count: size))
        }
      case .slice(let from, let to, let by, let span):
        slices.append(try slice(from, to, by, size: size, at: span, in: scope))
      }
    }
    guard !arrays.isEmpty else {
      return try apply(
        .slice, [node], AxisSlice.encode(slices, of: shape), operands: [base], at: span)
    }
    guard arrays.count == 1, slices.allSatisfy({ !$0.dropsAxis }) else {
      throw Diagnostic(
        "index.arrays", "one array of indices at a time, with slices beside it", at: span,
        help: "index twice: x[rows][:, 2]")
    }
    let part = try apply(
      .slice, [node], AxisSlice.encode(slices, of: shape), operands: [base], at: span)
    return try apply(
      .gather, [part, arrays[0].node], Attributes(integers: [arrays[0].axis - shape.rank]),
      operands: [base], at: arrays[0].span)
  }

  private func position(_ node: NodeID, size: Int, at span: Span) throws(Diagnostic) -> AxisSlice {
    let value = try constant(node, what: "an index", at: span).scalar ?? .nan
    guard let index = Int(exactly: value) else {
      throw Diagnostic("index.whole", "an index must be a whole number", at: span)
    }
    let place = index < 0 ? index + size : index
    guard place >= 0, place < size else {
      throw Diagnostic(
        "index.range",
        size == 0
          ? "there is nothing to index: this axis is empty"
          : "index \(index) is outside 0 … \(size - 1)", at: span,
        help: "indices start at 0; negative ones count from the end")
    }
    return AxisSlice(start: place, count: 1, dropsAxis: true)
  }

  private func slice(
    _ from: Expression?, _ to: Expression?, _ by: Expression?, size: Int, at span: Span,
    in scope: any Scope
  ) throws(Diagnostic) -> AxisSlice {
    func bound(_ expression: Expression?) throws(Diagnostic) -> Int? {
      guard let expression else { return nil }
      let value = try constant(
        try lower(expression, in: scope), what: "a slice's bound", at: expression.span
      ).scalar
      guard let value, let whole = Int(exactly: value) else {
        throw Diagnostic("index.whole", "a slice needs whole numbers", at: expression.span)
      }
      return whole
    }
    let step = try bound(by) ?? 1
    guard step != 0, step.magnitude <= 1 << 40 else {
      throw Diagnostic("index.step", "a slice's step cannot be \(step)", at: span)
    }
    func clamp(_ bound: Int, _ low: Int, _ high: Int) -> Int {
      min(max(bound < 0 ? bound &+ size : bound, low), high)
    }
    if step > 0 {
      let start = clamp(try bound(from) ?? 0, 0, size)
      let end = clamp(try bound(to) ?? size, 0, size)
      let count = end > start ? (end - start + step - 1) / step : 0
      return AxisSlice(start: count == 0 ? 0 : start, count: count, step: step)
    }
    let start = try bound(from).map { clamp($0, -1, size - 1) } ?? size - 1
    let end = try bound(to).map { clamp($0, -1, size - 1) } ?? -1
    let count = start > end ? (start - end - step - 1) / -step : 0
    return AxisSlice(start: count == 0 ? 0 : start, count: count, step: step)
  }

  // MARK: Shape changes for other parts of the program

  package func broadcast(_ node: NodeID, to shape: Shape, at span: Span) throws(Diagnostic)
    -> NodeID
  {
    if graph[node].shape == shape { return node }
    return try apply(
      .broadcast, [node], Attributes(integers: shape.dimensions), operands: [], at: span)
  }

  package func reshape(_ node: NodeID, to shape: Shape, at span: Span) throws(Diagnostic) -> NodeID
  {
    if graph[node].shape == shape { return node }
    return try apply(
      .reshape, [node], Attributes(integers: shape.dimensions), operands: [], at: span)
  }

  /// Vectors one after the other.
  package func concatenate(_ nodes: [NodeID], at span: Span) throws(Diagnostic) -> NodeID {
    if nodes.count == 1 { return nodes[0] }
    return try apply(.concatenate, nodes, Attributes(integers: [-1]), operands: [], at: span)
  }

  /// A part of a vector.
  package func slice(_ node: NodeID, from: Int, to: Int, at span: Span) throws(Diagnostic) -> NodeID
  {
    let slices = [AxisSlice(start: from, count: to - from)]
    return try apply(
      .slice, [node], AxisSlice.encode(slices, of: graph[node].shape), operands: [], at: span)
  }

  /// The gradient of a scalar by each of the nodes.
  package func gradients(of loss: NodeID, by nodes: [NodeID], at span: Span) throws(Diagnostic)
    -> [NodeID]
  {
    do {
      let scalar = try reshape(
        loss, to: graph[loss].shape.count == 1 ? .scalar : graph[loss].shape, at: span)
      return try graph.gradient(of: scalar, withRespectTo: nodes)
    } catch let error as TensorError {
      throw LoweringError.tensor(error, span, operands: []).diagnostic
    } catch let error as Diagnostic {
      throw error
    } catch {
      throw Diagnostic("internal", "\(error)", at: span)
    }
  }

  /// The nodes with others put in the place of some.
  package func substitute(_ nodes: [NodeID], _ replacing: [NodeID: NodeID], at span: Span)
    throws(Diagnostic) -> [NodeID]
  {
    do {
      return try graph.substitute(nodes, replacing)
    } catch {
      throw LoweringError.tensor(error, span, operands: []).diagnostic
    }
  }

  /// [n, n], the second derivatives of a scalar by the n elements of a node.
  package func hessian(of loss: NodeID, by node: NodeID, at span: Span) throws(Diagnostic) -> NodeID
  {
    do {
      return try graph.hessian(of: loss, withRespectTo: node)
    } catch {
      throw LoweringError.tensor(error, span, operands: []).diagnostic
    }
  }
}
