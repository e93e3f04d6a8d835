// An operation is one value with an entry per interpretation: how it computes, what shape comes
// out, how a gradient passes through it, how it is written, what it means.
//
// Nothing else in the project knows an operation by name, so adding one is adding one such value
// (and its name to `Operation.catalogue`).

/// Settings of one application of an operation: axes, a shape, a constant exponent.
package struct Attributes: Hashable, Sendable {
  package var integers: [Int]
  package var numbers: [Double]
  package var flag: Bool

  package init(integers: [Int] = [], numbers: [Double] = [], flag: Bool = false) {
    self.integers = integers
    self.numbers = numbers
    self.flag = flag
  }

  package static let none = Attributes()
}

/// How an operation is written. Plain data, so that this layer needs no printer.
package enum OperatorNotation: Sendable {
  /// `a + b`; `symbol` is the ASCII spelling the parser reads: + - * / @ ^ < <= > >= == != and or mod
  case infix(symbol: String)
  /// `-a`, `not a`, `√a`
  case prefix(symbol: String)
  /// `aᵀ` (symbol "T"), `a²` (symbol "^2")
  case postfix(symbol: String)
  /// `f(a, b)`
  case call
  /// `x[…]`: by the slices in its attributes (`AxisSlice.decode`), or, where there are more operands,
  /// by those tensors of positions from the axis in its attributes on.
  case index
  /// Not written at all: a broadcast or reshape that the reader does not need to see.
  case silent
}

/// How the executor computes an operation.
package enum Kernel: Sendable {
  /// The same scalar function at each element, operands broadcast. The executor fuses neighbours.
  case elementwise(Opcode)
  /// Folds axes `attributes.integers` (counted from the end, as -1, -2, …); `attributes.flag` keeps
  /// them as size 1. No axes listed means all.
  case reduce(Reduction)
  /// Matrix product of NumPy's `@` (vectors, matrices, leading batch axes).
  case matmul
  /// The same elements in the same order under another shape: nothing to compute.
  case view
  /// Only moves elements: transpose, slice, broadcast, concat, the padding that undoes a slice. Each
  /// output element is a copy of the input element that its position (never a value) decides, or 0.
  /// The executor runs it once on numbered elements to learn where each goes, so that in a small
  /// program it costs nothing and a transposed operand of a product is never copied.
  case rearrange(@Sendable (KernelCall) -> Void)
  /// Made of simpler operations, which the executor puts in its place (`Graph.expandComposites`).
  case composite(@Sendable (_ inputs: [Term], Attributes) throws(TensorError) -> Term)
  /// Anything else: reads whole inputs, writes the whole output; must not keep the pointers.
  case general(@Sendable (KernelCall) -> Void)
}

/// The loops that the executor has of its own for kernels that move elements by their values or over
/// each other, in float32 too. What they compute is what the operation's kernel does; those that add
/// round each sum in float32.
package enum KernelLoop: Sendable {
  case gather, scatterAdd, pick, gatherAlong, scatterAlong, patches, unpatches

  package var adds: Bool {
    switch self {
    case .scatterAdd, .scatterAlong, .unpatches: true
    case .gather, .pick, .gatherAlong, .patches: false
    }
  }
}

/// The scalar functions of the elementwise kernels. The executor has one inner loop for each, per
/// precision. Comparisons give 0 or 1.
package enum Opcode: UInt8, Sendable, CaseIterable {
  case add, subtract, multiply, divide, power, modulo, minimum, maximum
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual, and, or
  /// select(c, a, b) = c ≠ 0 ? a : b
  case select
  case negate, not, absolute, sign, square, squareRoot, reciprocal
  case exp, log, log1p, expm1, sin, cos, tan, tanh, erf, floor, ceil, round
  /// 1/(1+e^-x), log(1+e^x); computed without overflow
  case sigmoid, softplus
  /// Rounds to float32 and back.
  case roundToFloat
  /// x where x > 0, else 0; NaN stays NaN.
  case relu
}

package enum Reduction: UInt8, Sendable, CaseIterable { case sum, max, min, product }

/// What a general kernel is given: dense row-major float64 buffers.
package struct KernelCall {
  package let inputs: [UnsafeBufferPointer<Double>]
  package let inputShapes: [Shape]
  package let output: UnsafeMutableBufferPointer<Double>
  package let outputShape: Shape
  package let attributes: Attributes
  /// Asked by kernels that take long; when it says so they leave the output as it is then.
  package var interrupted: () -> Bool = { false }

  package init(
    inputs: [UnsafeBufferPointer<Double>], inputShapes: [Shape],
    output: UnsafeMutableBufferPointer<Double>, outputShape: Shape, attributes: Attributes
  ) {
    self.inputs = inputs
    self.inputShapes = inputShapes
    self.output = output
    self.outputShape = outputShape
    self.attributes = attributes
  }
}

/// Where sample inputs are drawn from when an operation is tested against finite differences.
package enum SamplingDomain: Sendable {
  case real
  case positive
  case unitInterval
  /// Away from the kinks at the listed points.
  case realExcept([Double])
  /// Each input from its own domain.
  case each([SamplingDomain])
  /// A whole number from 0 below the bound.
  case integers(below: Int)
}

/// One primitive of the graph.
package final class Operation: Sendable {
  package typealias ShapeRule =
    @Sendable (_ inputs: [Shape], _ attributes: Attributes) throws(TensorError) -> Shape
  package typealias TypeRule = @Sendable (_ inputs: [ElementType]) -> ElementType
  /// The gradient for one input of an application, given the gradient of its result; nil where
  /// there is none (an integer index, the condition of `where`). It may have the shape of the
  /// result where the input was broadcast: `Graph.gradient` sums it.
  package typealias Pullback =
    @Sendable (_ application: Application, _ operand: Int) throws(TensorError) -> Term?
  /// An existing or simpler node with exactly the same numbers, if there is one.
  package typealias Simplification =
    @Sendable (_ graph: inout Graph, _ inputs: [NodeID], _ attributes: Attributes) -> NodeID?

  /// The arity of an operation that takes one or more inputs.
  package static let variadic = -1

  /// The way through an operand's array that gives the elements of the result, when `walk` gives
  /// those of the operand.
  package typealias Path = @Sendable (_ walk: IndexWalk, _ attributes: Attributes) -> IndexWalk

  package let name: String
  package let arity: Int
  package let summary: String
  package let notation: OperatorNotation
  package let kernel: Kernel
  /// The executor's own loop for that kernel, if it has one.
  package let loop: KernelLoop?
  /// Where a `rearrange` kernel of one operand takes each element from, so that it need not be run on
  /// numbered ones.
  package let path: Path?
  package let shape: ShapeRule
  package let type: TypeRule
  package let domain: SamplingDomain
  /// How many of its first inputs it is linear in, each by itself: a scalar factor of one of them
  /// is a factor of the result.
  package let linearInputs: Int
  package let simplification: Simplification?
  /// nil for what is constant between jumps (comparisons, floor, argmax) or has no input to
  /// differentiate: its gradient is zero.
  package let pullback: Pullback?

  package init(
    _ name: String, arity: Int, summary: String, notation: OperatorNotation = .call,
    kernel: Kernel, loop: KernelLoop? = nil, path: Path? = nil,
    shape: @escaping ShapeRule,
    type: @escaping TypeRule = ElementType.number,
    domain: SamplingDomain = .real, linearInputs: Int = 0, simplification: Simplification? = nil,
    pullback: Pullback?
  ) {
    self.name = name
    self.arity = arity
    self.summary = summary
    self.notation = notation
    self.kernel = kernel
    self.loop = loop
    self.path = path
    self.shape = shape
    self.type = type
    self.domain = domain
    self.linearInputs = linearInputs
    self.simplification = simplification
    self.pullback = pullback
  }
}

extension ElementType {
  /// The result of arithmetic: the widest of the inputs' types; booleans count as whole numbers.
  @Sendable package static func number(_ inputs: [ElementType]) -> ElementType {
    max(inputs.max() ?? .float64, .int64)
  }

  /// The result of a function of real numbers: whole numbers become float64.
  @Sendable package static func real(_ inputs: [ElementType]) -> ElementType {
    let widest = inputs.max() ?? .float64
    return widest <= .int64 ? .float64 : widest
  }

  /// As the inputs, for what only moves elements.
  @Sendable package static func same(_ inputs: [ElementType]) -> ElementType {
    inputs.max() ?? .float64
  }

  @Sendable package static func truth(_ inputs: [ElementType]) -> ElementType { .bool }
  @Sendable package static func whole(_ inputs: [ElementType]) -> ElementType { .int64 }
}

/// Operations are the same when they are one value of the catalogue.
extension Operation: Hashable {
  package static func == (a: Operation, b: Operation) -> Bool { a === b }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
