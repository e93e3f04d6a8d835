// The list of all layers.

extension LayerKind {
  package static let catalogue: [LayerKind] = [
    linear
  ].sorted { $0.name < $1.name }
}
