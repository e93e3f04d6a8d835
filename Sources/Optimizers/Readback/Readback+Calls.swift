// Operations written as calls: what each takes besides its operands, under the language's own keywords.
//
// An operation without a function of its name is still printed as a call; such a formula can be read
// but not typed.

import Notation
import Tensors

extension Readback {
  func call(
    _ node: NodeID, _ operation: Operation, _ inputs: [Expression], operands: [NodeID],
    _ attributes: Attributes
  ) -> Expression {
    let shape = graph[operands[0]].shape
    var labels: [(String, Expression)] = []
    switch operation {
    case .pad: return unsliced(inputs[0], shape, attributes)
    case .stack:
      let axis = graph[node].shape.rank + (attributes.integers.first ?? -1)
      if axis == 0 { return .made(.list(inputs)) }
      labels = [("axis", .made(Double(axis)))]
    case .concatenate:
      let axis = shape.rank + (attributes.integers.first ?? -1)
      if axis != 0 { labels = [("axis", .made(Double(axis)))] }
    case .permute:
      let leading = shape.rank - attributes.integers.count
      let order = Array(0..<max(0, leading)) + attributes.integers.map { $0 + shape.rank }
      let axes = order.map { Expression.made(Double($0)) }
      return .made(call: "transpose", inputs, [("axes", .made(.list(axes)))])
    case .oneHot:
      if let classes = attributes.integers.first {
        labels = [("classes", .made(Double(classes)))]
      }
    default:
      if operation.folds {
        labels = Readback.axes(attributes, rank: shape.rank)
      } else {
        return byName(operation, inputs, shape, attributes)
      }
    }
    return .made(call: operation.name, inputs, labels)
  }

  /// Calls with settings of their own.
  private func byName(
    _ operation: Operation, _ inputs: [Expression], _ shape: Shape, _ attributes: Attributes
  ) -> Expression {
    let integers = attributes.integers
    let number = { (value: Int) in Expression.made(Double(value)) }
    let isTrue = Expression.made(Name(canonical: "true"))
    switch operation.name {
    case "softmax", "log_softmax":
      let axis = integers.first.map { $0 == -1 ? [] : [("axis", number($0 + shape.rank))] } ?? []
      return .made(call: operation.name, inputs, axis)
    case "cumsum":
      let axis = (integers.first ?? -1) + shape.rank
      let labels = axis == 0 ? [] : [("axis", number(axis))]
      return .made(
        call: operation.name, inputs, labels + (attributes.flag ? [("reverse", isTrue)] : []))
    case "sort", "argsort":
      return .made(call: operation.name, inputs, attributes.flag ? [("descending", isTrue)] : [])
    case "gather":
      guard inputs.count == 2, let axis = integers.first.map({ $0 + shape.rank }), axis >= 0 else {
        break
      }
      let before = [Expression.Subscript](
        repeating: .slice(nil, nil, nil, unwritten), count: axis)
      return .made(.index(inputs[0], before + [.at(inputs[1])]))
    case "scatter_add":
      // The function adds along the first axis; the sizes of the whole follow the axis.
      guard inputs.count == 2, integers.count > 1, integers[0] == 1 - integers.count else { break }
      return .made(call: operation.name, inputs, [("size", number(integers[1]))])
    case "quantize":
      var labels = [("bits", number(integers.first ?? 8))]
      if !attributes.flag { labels.append(("symmetric", .made(Name(canonical: "false")))) }
      if integers.count > 1, integers[1] != 0 {
        labels.append(("axis", number(integers[1] + shape.rank)))
      }
      return .made(call: operation.name, inputs, labels)
    case "diagonal", "diagonal_matrix": return .made(call: "diag", inputs)
    case "rand", "randn":
      return .made(
        call: operation.name, integers.dropFirst().map(number), inputs.map { ("seed", $0) })
    default: break
    }
    return .made(call: operation.name, inputs)
  }

  /// `axis=0`, `axis=[0, 1], keepdims=true`; axes counted from the front, as they are typed.
  static func axes(_ attributes: Attributes, rank: Int) -> [(String, Expression)] {
    var labels: [(String, Expression)] = []
    let axes = attributes.integers.map { Expression.made(Double($0 < 0 ? $0 + rank : $0)) }
    if axes.count == 1 {
      labels.append(("axis", axes[0]))
    } else if !axes.isEmpty {
      labels.append(("axis", .made(.list(axes))))
    }
    if attributes.flag { labels.append(("keepdims", .made(Name(canonical: "true")))) }
    return labels
  }

  /// The elements back where a slice took them, zeros beside them.
  private func unsliced(_ x: Expression, _ shape: Shape, _ attributes: Attributes) -> Expression {
    let slices = AxisSlice.decode(attributes)
    let sizes = stride(from: 4, to: attributes.integers.count, by: 5).map {
      attributes.integers[$0]
    }
    guard slices.count == sizes.count, slices.allSatisfy({ $0.step == 1 }) else {
      return .made(call: "pad", [x])
    }
    let kept = slices.filter { !$0.dropsAxis }.count
    var dimensions = Array(shape.dimensions.dropLast(kept)) + slices.map(\.count)
    let leading = dimensions.count - slices.count
    var result = x
    if slices.contains(where: \.dropsAxis) {
      result = .made(call: "reshape", [x, Readback.sizes(Shape(dimensions))])
    }
    for (i, slice) in slices.enumerated() {
      let axis = leading + i
      let after = sizes[i] - slice.start - slice.count
      guard after > 0 || slice.start > 0 else { continue }
      var blocks = [result]
      for (count, atFront) in [(slice.start, true), (after, false)] where count > 0 {
        dimensions[axis] = count
        let zeros = Readback.filled(0, Shape(dimensions))
        if atFront { blocks.insert(zeros, at: 0) } else { blocks.append(zeros) }
      }
      dimensions[axis] = sizes[i]
      result = .made(
        call: "concat", blocks, axis == 0 ? [] : [("axis", .made(Double(axis)))])
    }
    return result
  }
}

extension Operation {
  /// Whether it folds axes and takes `axis=`.
  var folds: Bool {
    if case .reduce = kernel { return true }
    return self == .norm || self == .argmax || self == .argmin || name == "logsumexp"
  }
}
