// The work of a program on arrays, before it is ordered: what computes an array or holds one, and
// where it finds its operands.

import CKernels

/// Something that computes an array, or holds one.
struct WorkItem {
  /// Where an elementwise operation finds an operand.
  enum Access: Hashable {
    /// One number for all elements.
    case number(ScalarCode.Value)
    /// The element at the same position of another item.
    case aligned(Int)
    /// An element at another position of another item.
    case walk(Int, IndexWalk)
  }

  enum Kind {
    /// Memory that is written from outside, or once at the start.
    case input
    case constant(Tensor)
    case elementwise(Int32, [Access], rounds: Bool)
    /// Folds all elements into a number.
    case total(Reduction, Access, into: ScalarCode.Value)
    /// [outer, count, inner] folded over the middle.
    case fold(Reduction, Int, outer: Int, count: Int, inner: Int, rounds: Bool)
    case product(ProductPlan)
    case gather(Int, IndexWalk)
    case take(TakePlan)
    case windows(WindowsPlan)
    case runs([ElementRun])
    case call(@Sendable (KernelCall) -> Void, [Int], [Shape], Shape, Attributes)
    /// Holds a number for those that read memory.
    case spill(ScalarCode.Value)
  }

  var kind: Kind
  var count: Int
  var phase: Phase
}

/// Neighbours that stay neighbours when they are moved; no item stands for zeros.
struct ElementRun {
  var item: Int?
  var from: Int
  var to: Int
  var count: Int
}

/// A matrix product on items, with the strides of each operand.
struct ProductPlan {
  var left: Int
  var right: Int
  var rows: Int
  var inner: Int
  var columns: Int
  var leftStrides: (row: Int, column: Int)
  var rightStrides: (row: Int, column: Int)
  var places: [Int]
  var rounds: Bool
  /// Computed by the system's library (see `MatrixLibrary`).
  var usesLibrary: Bool
}

/// Elements or blocks of `source` at the positions that items name, or the sums that are the gradient
/// of such a choice (see `dk_take`).
struct TakePlan {
  var source: Int
  var indices: [Int]
  /// The sizes of the axes that are indexed.
  var sizes: [Int]
  var leading: Int
  var count: Int
  var trailing: Int
  /// Whether each leading block has its own indices.
  var along: Bool
  var adds: Bool
}

/// Windows of images as rows, or the sums of such rows put back in images (see `dk_windows`).
struct WindowsPlan {
  var source: Int
  var images: Int
  /// Channels, height, width.
  var image: [Int]
  var window: Window
  /// How many windows.
  var places: (Int, Int)
  var adds: Bool
}

extension WorkItem.Kind {
  var isElementwise: Bool {
    if case .elementwise = self { true } else { false }
  }

  /// Done block by block.
  var isGrouped: Bool {
    switch self {
    case .elementwise, .total: true
    default: false
    }
  }

  var isComputed: Bool {
    switch self {
    case .input, .constant: false
    default: true
    }
  }

  /// What is read element by element, and numbers.
  var accesses: [WorkItem.Access] {
    switch self {
    case .elementwise(_, let accesses, _): accesses
    case .total(_, let access, _): [access]
    case .spill(let value): [.number(value)]
    default: []
    }
  }

  /// Items that must be there whole.
  var wholeOperands: [Int] {
    switch self {
    case .input, .constant, .elementwise, .total, .spill: []
    case .fold(_, let source, _, _, _, _): [source]
    case .product(let plan): [plan.left, plan.right]
    case .gather(let source, _): [source]
    case .take(let plan): [plan.source] + plan.indices
    case .windows(let plan): [plan.source]
    case .runs(let runs): runs.compactMap(\.item)
    case .call(_, let inputs, _, _, _): inputs
    }
  }
}
