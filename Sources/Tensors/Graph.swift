// A graph: operations applied to inputs and constants, in an order where operands come first.
//
// Equal applications are one node. Building simplifies only what leaves every number as it was, so
// that a gradient reads as a student would write it.

package struct NodeID: Hashable, Sendable, Comparable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
  package static func < (a: NodeID, b: NodeID) -> Bool { a.index < b.index }
}

package struct Node: Sendable {
  package enum Kind: Sendable {
    /// Given from outside at each run: a parameter, a state, t, a column of data.
    case input(String)
    case constant(Tensor)
    case apply(Operation, [NodeID], Attributes)
  }
  package let kind: Kind
  package let shape: Shape
  package let elementType: ElementType
}

package struct Graph: Sendable {
  package private(set) var nodes: [Node] = []

  package init() {}

  package subscript(id: NodeID) -> Node { nodes[id.index] }
}
