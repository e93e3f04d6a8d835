// The list of all functions, by name.

extension Function {
  package static let catalogue: [Function] =
    (elementary + activations + reductions + shapes + constants + losses + linear)
    .sorted { $0.name < $1.name }
}
