// Forms in which texts print a rule of the catalogue, and which are no mistakes: with decoupled weight
// decay where the catalogue has none, or with what most keep at 1 left out.

import Diagnostics
import Notation

enum KnownForms {
  /// A form of a rule of the catalogue.
  struct Form {
    /// The catalogue's name.
    let name: String
    /// What makes it another.
    let says: String
    let text: String
  }

  static let all: [Form] = [
    Form(
      name: "signum", says: "with decoupled weight decay",
      text: """
        rule signum(lr=0.001, beta=0.9, weight_decay=0.01) {
          state m = 0
          m = beta*m + (1 - beta)*g
          w = w - lr*(sign(m) + weight_decay*w)
        }
        """),
    Form(
      name: "sign_sgd", says: "with decoupled weight decay",
      text: """
        rule sign_sgd(lr=0.001, weight_decay=0.01) {
          w = w - lr*(sign(g) + weight_decay*w)
        }
        """),
    // Dozat 2016, algorithm 2: n̂ = ν·n/(1 - νᵗ).
    Form(
      name: "nadam", says: "β₂ multiplies the corrected average of squares, as in Dozat 2016",
      text: """
        rule nadam(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8) {
          state m = 0, v = 0
          m = beta1*m + (1 - beta1)*g
          v = beta2*v + (1 - beta2)*g^2
          m̂ = beta1*m/(1 - beta1^(t + 1)) + (1 - beta1)*g/(1 - beta1^t)
          v̂ = beta2*v/(1 - beta2^t)
          w = w - lr*m̂/(√v̂ + eps)
        }
        """),
    Form(
      name: "rprop_minus", says: "the sizes of the steps have no limits",
      text: """
        rule rprop_minus(lr=0.01, up=1.2, down=0.5) {
          state s = lr, g_prev = 0
          k      = g*g_prev
          s      = where(k > 0, s*up, where(k < 0, s*down, s))
          g_prev = g
          w      = w - s*sign(g)
        }
        """),
    Form(
      name: "rprop", says: "the sizes of the steps have no limits",
      text: """
        rule rprop(lr=0.01, up=1.2, down=0.5) {
          state s = lr, g_prev = 0
          k      = g*g_prev
          s      = s*where(k > 0, up, where(k < 0, down, 1))
          g      = where(k < 0, 0, g)
          g_prev = g
          w      = w - s*sign(g)
        }
        """),
    Form(
      name: "rprop_plus", says: "the sizes of the steps have no limits",
      text: """
        rule rprop_plus(lr=0.01, up=1.2, down=0.5) {
          state s = lr, g_prev = 0, d = 0
          k      = g*g_prev
          s      = where(k > 0, s*up, where(k < 0, s*down, s))
          d      = where(k < 0, -d, -s*sign(g))
          g_prev = where(k < 0, 0, g)
          w      = w + d
        }
        """),
    // Where the last point is kept in place of its gradient.
    Form(
      name: "optimistic_gradient_descent", says: "the last gradient is asked for anew",
      text: """
        rule optimistic_gradient_descent(lr=0.01) {
          state w_prev = w
          w_old = w_prev
          w_prev = w
          w = w - 2*lr*g + lr*grad(w_old)
        }
        """),
    Form(
      name: "optimistic_gradient_descent", says: "the gradient before the first step is 0",
      text: """
        rule optimistic_gradient_descent(lr=0.01) {
          state g_prev = 0
          d = 2*g - g_prev
          g_prev = g
          w = w - lr*d
        }
        """),
    // optax's `eps_root`, for gradients through the rule.
    Form(
      name: "adam", says: "ε inside the root as well",
      text: """
        rule adam(lr=0.001, beta1=0.9, beta2=0.999, eps_root=1e-8, eps=1e-8) {
          state m = 0, v = 0
          m = beta1*m + (1 - beta1)*g
          v = beta2*v + (1 - beta2)*g^2
          m̂ = m/(1 - beta1^t)
          v̂ = v/(1 - beta2^t)
          w = w - lr*m̂/(√(v̂ + eps_root) + eps)
        }
        """),
    Form(
      name: "novograd", says: "without a first step of its own",
      text: """
        rule novograd(lr=0.001, beta1=0.95, beta2=0.98, eps=1e-8, weight_decay=0) {
          state m = 0, v = 0
          v = beta2*v + (1 - beta2)*sum(g^2)
          m = beta1*m + (g/(√v + eps) + weight_decay*w)
          w = w - lr*m
        }
        """),
    // Loshchilov & Hutter 2019, algorithm 2, with the schedule's multiplier held at 1.
    Form(
      name: "adamw_unscaled", says: "the weight decay is not multiplied by the learning rate",
      text: """
        rule adamw_unscaled(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.00001) {
          state m = 0, v = 0
          m = beta1*m + (1 - beta1)*g
          v = beta2*v + (1 - beta2)*g^2
          m̂ = m/(1 - beta1^t)
          v̂ = v/(1 - beta2^t)
          w = w - (lr*m̂/(√v̂ + eps) + weight_decay*w)
        }
        """),
  ]

  /// The rule of a form; nil when it is none.
  static func rule(_ form: Form) -> Rule? {
    guard
      let declaration = try? RuleDeclaration.parse(Source(form.text, name: form.name)).first
    else { return nil }
    return try? Rule(declaration)
  }
}
