// How formulas look, with names and with numbers put in.

import Testing

@testable import Notation

@Suite struct Printing {
  @Test(arguments: [
    ("beta1*m + (1 - beta1)*g", "β₁·m + (1 - β₁)·g", "beta1*m + (1 - beta1)*g"),
    ("m / (1 - beta1^t)", "m/(1 - β₁ᵗ)", "m/(1 - beta1^t)"),
    (
      "w - lr * m̂ / (√v̂ + eps)", "w - lr·m\u{302}/(√v\u{302} + ε)",
      "w - lr*m_hat/(sqrt(v_hat) + eps)"
    ),
    ("g^2", "g²", "g^2"), ("√[16, 36]", "√[16, 36]", "sqrt([16, 36])"),
    ("x^-1", "x⁻¹", "x^(-1)"), ("x^0.5", "x^0.5", "x^0.5"), ("x^(a+b)", "x^(a + b)", "x^(a + b)"),
    ("x^beta", "x^β", "x^beta"), ("x^1000", "x^1000", "x^1000"), ("x^T", "x^T", "x^T"),
    ("1e-8^2", "(1e-8)²", "1e-8^2"), ("(x^2)^3", "(x²)³", "(x^2)^3"), ("x^2^3", "x^2³", "x^2^3"),
    ("(-a)^2", "(-a)²", "(-a)^2"), ("-a^2", "-a²", "-a^2"), ("0.9*(-g)", "0.9·(-g)", "0.9*(-g)"),
    ("-a*b", "-a·b", "-a*b"), ("-(a*b)", "-(a·b)", "-(a*b)"), ("a - -b", "a - (-b)", "a - (-b)"),
    ("a < -1", "a < -1", "a < -1"), ("a - (b - c)", "a - (b - c)", "a - (b - c)"),
    ("a - (b + c)", "a - (b + c)", "a - (b + c)"), ("(a - b) - c", "a - b - c", "a - b - c"),
    ("a/(b*c)", "a/(b·c)", "a/(b*c)"), ("x @ W.T + b", "x @ Wᵀ + b", "x @ W.T + b"),
    ("X[:, 1:3].T", "X[:, 1:3]ᵀ", "X[:, 1:3].T"), ("(x.T)^2", "(xᵀ)²", "x.T^2"),
    ("sqrt(x)^2", "(√x)²", "sqrt(x)^2"), ("√(x^2)", "√x²", "sqrt(x^2)"),
    ("∇L[0]", "∇L[0]", "grad(L)[0]"), ("l2(f) + f_1(x)", "l2(f) + f1(x)", "l2(f) + f1(x)"),
    ("sigma(z_1, beta=theta)", "σ(z₁, beta=θ)", "sigma(z1, beta=theta)"),
    ("a <= b and not c != d", "a ≤ b and not c ≠ d", "a <= b and not c != d"),
    ("not (a and b)", "not (a and b)", "not (a and b)"), ("(2).m", "(2).m", "(2).m"),
    ("\"say \"\"x\"\"\"", "\"say \"\"x\"\"\"", "\"say \"\"x\"\"\""),
    ("f.0.weight", "f.0.weight", "f.0.weight"),
  ])
  func forms(typed: String, pretty: String, ascii: String) throws {
    let expression = try parse(typed)
    #expect(expression.text() == pretty)
    #expect(expression.text(.ascii) == ascii)
  }

  /// The values of the first step of Adam in the target session.
  private static let values = [
    "beta1": "0.9", "beta2": "0.999", "m": "[0, 0]", "v": "[0, 0]", "g": "[-4, -6]", "t": "1",
    "w": "[1, -2]", "lr": "0.1", "m_hat": "[-4, -6]", "v_hat": "[16, 36]", "eps": "1e-08",
    "h": "-0.4", "k": "-4", "s": "3 - x",
  ]

  @Test(arguments: [
    ("beta1*m + (1 - beta1)*g", "0.9·[0, 0] + (1 - 0.9)·[-4, -6]"),
    ("beta2*v + (1 - beta2)*g^2", "0.999·[0, 0] + (1 - 0.999)·[-4, -6]²"),
    ("m/(1 - beta1^t)", "[0, 0]/(1 - 0.9¹)"),
    ("w - lr*m_hat/(√v_hat + eps)", "[1, -2] - 0.1·[-4, -6]/(√[16, 36] + 1e-08)"),
    ("beta1*h", "0.9·(-0.4)"), ("h*beta1", "-0.4·0.9"), ("k^2", "(-4)²"), ("1 - h", "1 - (-0.4)"),
    ("1 + h*2", "1 + (-0.4)·2"), ("√k", "√(-4)"), ("-k", "-(-4)"),
    ("f(h, [k, 1])", "f(-0.4, [-4, 1])"),
    ("eps^2", "(1e-08)²"), ("x^k", "x⁻⁴"), ("x^h", "x^(-0.4)"), ("2*s", "2·(3 - x)"),
    ("h < k", "-0.4 < -4"),
    ("(k - 1)*2", "(-4 - 1)·2"), ("k[0]", "(-4)[0]"), ("m.T", "[0, 0]ᵀ"),
  ])
  func numbersPutIn(formula: String, expected: String) throws {
    let printer = ExpressionPrinter(.pretty) { part in
      guard case .name(let name) = part.kind else { return nil }
      return Self.values[name.canonical]
    }
    #expect(printer.text(try parse(formula)) == expected)
  }

  @Test func wholePartsPutIn() throws {
    let printer = ExpressionPrinter(.pretty) { part in
      if case .index(let base, _) = part.kind, case .name(let name) = base.kind {
        return name.canonical == "v" ? "0.069604" : nil
      }
      return nil
    }
    #expect(printer.text(try parse("v[1]/(1 - beta2^t)")) == "0.069604/(1 - β₂ᵗ)")
  }
}
