// The list of all functions, by name.

extension Function {
  package static let catalogue: [Function] =
    (elementary + activations + reductions + shapes + ordering + constants + random + losses
    + linear
    + scaling + metrics + samples + augmentation + normalisation + quantization + windows
    + schedules)
    .sorted { $0.name < $1.name }
}

/// Functions that are looked for together.
package enum FunctionFamily: String, CaseIterable, Sendable {
  case schedules, losses, metrics, augmentation

  package var functions: [Function] {
    switch self {
    case .schedules: Function.schedules
    case .losses: Function.losses
    case .metrics: Function.metrics
    case .augmentation: Function.augmentation
    }
  }
}
