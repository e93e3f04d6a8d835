// A value: a shape, an element type and the elements in row-major order.

/// How an element is meant. Every type is stored as a Double, which holds each exactly: a float32
/// is a rounded Double, an int64 is exact up to 2^53, a bool is 0 or 1.
package enum ElementType: String, Sendable, CaseIterable, Comparable {
  case bool, int64, float32, float64

  private var order: Int {
    switch self {
    case .bool: 0
    case .int64: 1
    case .float32: 2
    case .float64: 3
    }
  }
  package static func < (a: ElementType, b: ElementType) -> Bool { a.order < b.order }
}

package struct Tensor: Sendable, Equatable {
  package let shape: Shape
  package let elementType: ElementType
  /// Row-major; `elements.count == shape.count`.
  package private(set) var elements: [Double]

  /// No tensor may have more elements than this (1 GiB of float64).
  package static let maximumCount = 1 << 27

  /// Pads with zeros or cuts when `elements` does not have `shape.count` of them; callers pass the
  /// right number.
  package init(_ elements: [Double], shape: Shape, type: ElementType = .float64) {
    self.shape = shape
    self.elementType = type
    if elements.count == shape.count {
      self.elements = elements
    } else {
      let count = min(shape.count, Tensor.maximumCount)
      self.elements = Array(elements.prefix(count))
      self.elements += [Double](repeating: 0, count: count - self.elements.count)
    }
  }

  package init(_ value: Double, type: ElementType = .float64) {
    self.init([value], shape: .scalar, type: type)
  }

  /// The value of a one-element tensor.
  package var scalar: Double? { elements.count == 1 ? elements[0] : nil }
}
