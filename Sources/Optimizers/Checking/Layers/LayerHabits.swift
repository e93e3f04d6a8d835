// Which layer a document's weights are numbered by, and what its δ is the gradient by.
//
// Most number weights by the layer they lead to, zˡ = Wˡ aˡ⁻¹, and take δ for ∂C/∂z. Others print
// zˡ⁺¹ = Wˡ aˡ, or δ = ∂C/∂a: what is printed is what is meant.

import Notation

struct LayerHabits: Sendable {
  /// How many layers behind its own number a weight or a bias leads to.
  private var offsets: [LayerQuantity.Kind: Set<Int>] = [:]
  /// The same where nothing printed tells.
  var assumed = 0
  private var errors: Set<LayerQuantity.Kind> = []
  /// δ is something that the network has no gradient for, such as -∂C/∂z.
  private var hasOtherError = false

  /// Takes in the number of a weight or a bias of a printed layer, and that of what the layer gives.
  mutating func learn(_ kind: LayerQuantity.Kind, _ own: Int?, of output: Int?) {
    guard let own, let output else { return }
    offsets[kind, default: []].insert(output - own)
  }

  /// Takes in what δ is said to be the gradient by; nil for something else.
  mutating func learnError(_ kind: LayerQuantity.Kind?) {
    if let kind { errors.insert(kind) } else { hasOtherError = true }
  }

  /// The layer that a weight or a bias of this number leads to; nil where the document has it both ways.
  func layer(_ kind: LayerQuantity.Kind, printed number: Int) -> Int? {
    guard kind == .weight || kind == .bias else { return number }
    guard let offsets = offsets[kind] else { return number + assumed }
    return offsets.count == 1 ? offsets.first.map { number + $0 } : nil
  }

  /// Whether a printed layer tells how weights are numbered.
  var knowsWeights: Bool { offsets[.weight] != nil }

  /// Whether anything is said of it.
  var saysError: Bool { hasOtherError || !errors.isEmpty }

  /// What δ is the gradient by; nil where that is not known.
  var error: LayerQuantity.Kind? {
    guard !hasOtherError, errors.count <= 1 else { return nil }
    return errors.first ?? .before
  }
}

extension LayerReading {
  /// The number of the layer that is printed above a symbol, whatever is below.
  static func plainLayer(_ math: Math) -> Int? {
    guard let plain = withoutSubscripts(math) else { return nil }
    return LayerSymbol(plain)?.label.layer
  }
}
