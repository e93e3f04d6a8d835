// Several tensors as one flat vector and back, for rules over all parameters.

import Diagnostics
import Notation
import Optimizers
import Tensors

struct Packing {
  let shapes: [Shape]
  let flat: NodeID

  /// A single vector needs no packing and keeps its name.
  var isTrivial: Bool { shapes.count == 1 && shapes[0].rank == 1 }

  init(_ parts: [NodeID], in lowering: Lowering) throws(Diagnostic) {
    shapes = parts.map { lowering.graph[$0].shape }
    flat = try Packing.pack(parts, shapes: shapes, in: lowering)
  }

  func pack(_ parts: [NodeID], in lowering: Lowering) throws(Diagnostic) -> NodeID {
    try Packing.pack(parts, shapes: shapes, in: lowering)
  }

  private static func pack(_ parts: [NodeID], shapes: [Shape], in lowering: Lowering)
    throws(Diagnostic) -> NodeID
  {
    if shapes.count == 1, shapes[0].rank == 1 { return parts[0] }
    var vectors: [NodeID] = []
    for (part, shape) in zip(parts, shapes) {
      vectors.append(try lowering.reshape(part, to: [shape.count], at: noSpan))
    }
    return try lowering.concatenate(vectors, at: noSpan)
  }

  /// The part of a packed vector that belongs to tensor number `part`.
  func unpack(_ vector: NodeID, part: Int, in lowering: Lowering) throws(Diagnostic) -> NodeID {
    if isTrivial { return vector }
    let start = shapes[..<part].reduce(0) { $0 + $1.count }
    let piece = try lowering.slice(
      vector, from: start, to: start + shapes[part].count, at: noSpan)
    return try lowering.reshape(piece, to: shapes[part], at: noSpan)
  }

  /// How the part of a packed vector that belongs to tensor number `part` is written: `g[6:8]`.
  func slice(of name: Name, part: Int) -> Expression {
    func number(_ value: Int) -> Expression {
      Expression(.number(Double(value), spelling: "\(value)"), noSpan)
    }
    let start = shapes[..<part].reduce(0) { $0 + $1.count }
    return Expression(
      .index(
        Expression(.name(name), noSpan),
        [.slice(number(start), number(start + shapes[part].count), nil, noSpan)]), noSpan)
  }
}
