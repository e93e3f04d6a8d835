// A layer: its sizes, the parameters and buffers it has for them, and what it computes.
//
// What a kind of layer is and means is one value, `LayerKind`, in a file of its own under Layers/;
// help, completion, the list of layers and a test of each are read off it.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// A trainable tensor of a layer.
package struct LayerParameter: Sendable {
  /// `f.0.weight`
  package var path: String
  package let shape: Shape
  /// Whether `f.biases` means it and `f.weights` does not: an additive term, or a norm's.
  package let isBias: Bool
  /// Whether it is a norm's scale, which PyTorch's recipes for pruning and quantising leave alone.
  package let isNormScale: Bool
  package var initialiser: Initialiser
  package var name: Name { Name(canonical: path) }

  /// - Parameter name: within the layer: `weight`.
  init(
    _ name: String, _ shape: Shape, isBias: Bool = false, isNormScale: Bool = false,
    _ initialiser: Initialiser
  ) {
    self.isNormScale = isNormScale
    path = name
    self.shape = shape
    self.isBias = isBias
    self.initialiser = initialiser
  }
}

/// A number or tensor that steps change and no optimizer moves, such as a running mean.
package struct LayerBuffer: Sendable {
  package var path: String
  package let initial: Tensor

  init(_ name: String, _ initial: Tensor) {
    path = name
    self.initial = initial
  }
}

/// A layer in its place in a model.
package struct Layer: Sendable {
  package typealias Forward = @Sendable (LayerPass, NodeID) throws(Diagnostic) -> NodeID

  package let kind: LayerKind
  /// `f.0`
  package let path: String
  /// As it is shown: `linear(10→20)`.
  package let title: String
  package let parameters: [LayerParameter]
  package let buffers: [LayerBuffer]
  /// The shape of an input as far as the layer's sizes say, the batch left out; nil where they do
  /// not say.
  package let inputShape: [Int]?
  /// What it does to the sizes of what goes through it.
  let passage: Passage
  package let forward: Forward
  /// Whether an initialiser was asked for by name.
  package let choosesInitialiser: Bool
}

/// What a kind of layer comes to for some arguments.
package struct LayerParts {
  var title: String
  var parameters: [LayerParameter] = []
  var buffers: [LayerBuffer] = []
  var inputShape: [Int]?
  var passage = Passage.unknown
  var forward: Layer.Forward
}

/// One kind of layer, such as `linear`.
package struct LayerKind: Sendable {
  package typealias Make = @Sendable (FunctionCall) throws(TensorError) -> LayerParts

  /// Name, arguments and what it is in a sentence.
  package let function: Function
  /// The class it equals: `torch.nn.Linear`.
  package let torch: String
  /// What it computes, line by line.
  package let formulas: [String]
  /// Each parameter and buffer: its name and shape, and what it is.
  package let layout: [(name: String, meaning: String)]
  package let notes: [String]
  /// Whether `init=` and `bias_init=` may be given.
  package let takesInitialisers: Bool
  /// Working sessions.
  package let examples: [[String]]
  let make: Make

  package var name: String { function.name }

  init(
    _ name: String, _ parameters: [Tensors.Parameter], _ summary: String, torch: String,
    formulas: [String], layout: [(name: String, meaning: String)] = [], notes: [String] = [],
    takesInitialisers: Bool = false, examples: [[String]], make: @escaping Make
  ) {
    function = Function(name, parameters, summary) { call throws(TensorError) in
      throw call.invalid("this is a layer", help: "model f = \(name)(…)")
    }
    self.torch = torch
    self.formulas = formulas
    self.layout = layout
    self.notes = notes
    self.takesInitialisers = takesInitialisers
    self.examples = examples
    self.make = make
  }

  private var hasBias: Bool { function.parameters.contains { $0.name == "bias" } }

  /// `linear(inputs, outputs, bias=true, init=…, bias_init=…)`
  package var signature: String {
    guard takesInitialisers else { return function.signature }
    return String(function.signature.dropLast()) + ", init=…" + (hasBias ? ", bias_init=…)" : ")")
  }

  package static func named(_ name: String) -> LayerKind? {
    catalogue.first { $0.name == name || $0.function.aliases.contains(name) }
  }
}
