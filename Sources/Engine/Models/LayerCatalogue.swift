// The list of all layers.

extension LayerKind {
  package static let catalogue: [LayerKind] = [
    linear, conv2d, maxpool, avgpool, flatten, embedding, rnn, lstm, gru, attention, batchnorm,
    layernorm, dropout,
  ].sorted { $0.name < $1.name }
}
