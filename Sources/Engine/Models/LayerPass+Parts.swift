// Parts of tensors as layers need them: one time step of a sequence, some columns, axes rearranged.

import Diagnostics
import Optimizers
import Tensors

extension LayerPass {
  /// The part of a sequence [n, time, features] at one time: [n, features].
  func timeStep(_ x: NodeID, _ time: Int) throws(Diagnostic) -> NodeID {
    let sizes = shape(x).dimensions
    var slices = sizes.map { AxisSlice(start: 0, count: $0) }
    slices[sizes.count - 2] = AxisSlice(start: time, count: 1, dropsAxis: true)
    return try apply(.slice, [x], AxisSlice.encode(slices, of: shape(x)))
  }

  /// Some neighbours along the last axis.
  func columns(_ x: NodeID, from start: Int, count: Int) throws(Diagnostic) -> NodeID {
    let slice = AxisSlice(start: start, count: count)
    return try apply(.slice, [x], AxisSlice.encode([slice], of: shape(x)))
  }

  /// x @ weightᵀ + bias, for any number of axes before the features.
  func affine(_ x: NodeID, _ weight: NodeID, _ bias: NodeID?) throws(Diagnostic) -> NodeID {
    var names = ["x": x, "weight": weight]
    names["bias"] = bias
    return try formula(bias == nil ? "x @ weight.T" : "x @ weight.T + bias", names)
  }

  func reshape(_ x: NodeID, _ sizes: [Int]) throws(Diagnostic) -> NodeID {
    if shape(x).dimensions == sizes { return x }
    return try apply(.reshape, [x], Attributes(integers: sizes))
  }

  /// The axes in another order, all of them counted from the end.
  func permute(_ x: NodeID, _ order: [Int]) throws(Diagnostic) -> NodeID {
    try apply(.permute, [x], Attributes(integers: order))
  }

  func zeros(_ sizes: [Int]) throws(Diagnostic) -> NodeID {
    try apply(.broadcast, [constant(0)], Attributes(integers: sizes))
  }

  /// Checks a sequence [n, time, features] and gives its n and its time.
  func sequence(_ x: NodeID, features: Int) throws(Diagnostic) -> (n: Int, time: Int) {
    let sizes = shape(x).dimensions
    guard sizes.count == 3, sizes[2] == features else {
      throw refuse(
        shape(x), takes: "sequences [n, time, \(features)]",
        help: sizes.count == 2 && sizes[1] == features
          ? "reshape(x, 1, \(sizes[0]), \(features)) makes it one sequence" : nil)
    }
    return (sizes[0], sizes[1])
  }

  /// Checks images [n, channels, height, width].
  func images(_ x: NodeID, channels: Int?) throws(Diagnostic) {
    let sizes = shape(x).dimensions
    guard sizes.count == 4, channels == nil || sizes[1] == channels else {
      let count = channels.map(String.init) ?? "channels"
      throw refuse(
        shape(x), takes: "images [n, \(count), height, width]",
        help: sizes.count < 4 ? "reshape(x, -1, \(channels ?? 1), height, width) makes images" : nil
      )
    }
  }
}
