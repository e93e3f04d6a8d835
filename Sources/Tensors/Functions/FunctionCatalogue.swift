// The list of all functions, by name.

extension Function {
  package static let catalogue: [Function] =
    (elementary + activations + reductions + shapes + ordering + constants + random + losses
    + linear
    + scaling + metrics + samples + augmentation + normalisation + quantization + windows
    + schedules)
    .sorted { $0.name < $1.name }
}
