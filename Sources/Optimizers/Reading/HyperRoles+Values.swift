// The value that a hyperparameter has unless one is given, by what it is for.

import Notation

extension HyperRoles {
  /// Names that mean one thing alone: Rprop's.
  private static let usual: [String: String] = [
    "eta_plus": "1.2", "eta_minus": "0.5", "Delta_max": "50", "Delta_min": "1e-6", "Delta0": "0.01",
  ]

  /// The value a hyperparameter has unless another is given; nil for one that must be.
  static func value(of name: Name, role: HyperRole, among roles: [Name: HyperRole]) -> String? {
    if let known = usual[name.canonical] { return known }
    switch role {
    case .learningRate: return "0.001"
    case .firstDecay:
      return name.canonical == "beta2" && roles[Name(canonical: "beta1")] == .firstDecay
        ? "0.99" : "0.9"
    case .secondDecay: return roles.values.contains(.firstDecay) ? "0.999" : "0.9"
    case .epsilon: return "1e-8"
    case .weightDecay: return "0.01"
    case .constant, .other:
      switch name.canonical {
      case "mu", "rho", "beta", "gamma", "beta1", "mu1": return "0.9"
      case "beta2", "nu2": return "0.999"
      case "beta3": return "0.99"
      case "nu": return "0.7"
      case "lambda": return "0.01"
      case "tau": return "0"
      case "eps", "delta": return "1e-8"
      case "alpha", "eta": return "0.001"
      case "c", "C": return "1"
      default: return nil
      }
    }
  }
}
