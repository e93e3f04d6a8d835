// What backprop calls the values inside a model: z₁ = X @ Wᵀ + b for the first layer with
// parameters, a₁ for what the function after it makes of that, and so on.
//
// Only names: which operations get a line is the backward pass's business.

import Notation
import Optimizers
import Tensors

struct LayerNames {
  /// The name of each stage's output; those that a definition names have none here.
  private(set) var names: [NodeID: Name] = [:]
  private var layers: [NodeID: String] = [:]
  private var parameterLayers: [(path: String, layer: String)] = []

  init(_ applications: [ModelApplication], labels: [NodeID: Name], in graph: Graph) {
    let taken = labels.values.map(\.canonical)
    let sum = Self.free(["z", "n", "s"], taken)
    let activation = Self.free(["a", "h", "o"], taken)
    var count = 0
    var seen: Set<NodeID> = []
    for application in applications {
      var isActivated = true
      var layer: String?
      for entry in application.entries where seen.insert(entry.output).inserted {
        let stage = entry.stage
        // A model as a layer, and a skip, come after their parts.
        guard stage.isSimple else { continue }
        if !stage.layers.flatMap(\.parameters).isEmpty {
          count += 1
          isActivated = false
          names[entry.output] = Name(canonical: "\(sum)\(count)")
          layer = "\(stage.path) \(stage.text)"
          parameterLayers.append((stage.path + ".", layer ?? stage.path))
        } else if !isActivated {
          isActivated = true
          names[entry.output] = Name(canonical: "\(activation)\(count)")
          layer = layer.map { "\($0) |> \(stage.text)" }
          if let layer, !parameterLayers.isEmpty {
            parameterLayers[parameterLayers.count - 1].layer = layer
            for (node, old) in layers where layer.hasPrefix(old + " |> ") { layers[node] = layer }
          }
        } else {
          layer = "\(stage.path) \(stage.text)"
        }
        layers[entry.output] = layer
        for node in graph.between(entry.input, entry.output) where layers[node] == nil {
          layers[node] = layer
        }
      }
    }
    for node in labels.keys { names[node] = nil }
  }

  func layer(of node: NodeID) -> String? { layers[node] }

  func layer(ofParameter path: String) -> String? {
    parameterLayers.first { path.hasPrefix($0.path) }?.layer
  }

  /// A letter that no name in sight begins with a number after.
  private static func free(_ stems: [String], _ taken: [String]) -> String {
    stems.first { stem in
      !taken.contains { $0.hasPrefix(stem) && $0.dropFirst(stem.count).allSatisfy(\.isNumber) }
    } ?? "part"
  }
}

extension Graph {
  /// What a stage's output is computed from, up to its input.
  fileprivate func between(_ input: NodeID, _ output: NodeID) -> [NodeID] {
    var found: Set<NodeID> = [input]
    var pending = operands(of: output)
    while let node = pending.popLast() {
      guard found.insert(node).inserted else { continue }
      pending += operands(of: node)
    }
    found.remove(input)
    return found.sorted()
  }
}

extension Stage {
  /// Whether it has no stages inside.
  fileprivate var isSimple: Bool {
    switch content {
    case .layer, .function: true
    case .model, .skip: false
    }
  }
}
