// Moving averages: one step, written out, and corrected for their beginning at 0.

extension KnownDefinitions {
  private static let ema = DefinitionFamily(
    "ema", "the moving average written out", names: ["ema"],
    words: [
      "moving average", "moyenne mobile", "media móvil", "gleitender mittelwert", "滑动平均", "移动平均",
    ])
  private static let beta = KnownInput.scalar(
    "b", .between(0.5, 0.95), ["beta", "rho", "gamma", "alpha", "beta_1", "beta_2", "lambda"])
  private static let g = KnownInput.vector("g", "n", .real, ["g", "x", "theta", "y", "v", "a"])

  private static let last = KnownInput.each(
    "m", .real,
    [
      "v_t-1", "m_t-1", "s_t-1", "S_t-1", "EMA_t-1", "theta_bar_t-1", "x_bar_t-1", "mu_t-1",
      "V_t-1",
      "y_t-1", "a_t-1", "w_bar_t-1", "theta_tilde_t-1", "l_t-1", "E_t-1",
    ])
  private static let new = KnownInput.each(
    "x", .real, ["theta_t", "x_t", "g_t", "y_t", "Y_t", "w_t", "a_t", "p_t", "v_t", "X_t"])
  private static let correction = DefinitionFamily(
    "bias-correction", "the bias correction", words: ["bias correction", "bias-correct", "偏差修正"])

  static let averages = [
    KnownDefinition(
      "ema_closed_form", ema, "(1 - β)·Σ βᵗ⁻ⁱ·gᵢ: what m = β·m + (1 - β)·g is after t steps from 0",
      [g, beta], "(1 - b)*sum(b^({n} - arange(1, {n} + 1))*g)"),
    KnownDefinition(
      "ema_corrected", ema, "the moving average divided by 1 - βᵗ: its bias is corrected",
      [g, beta], "(1 - b)*sum(b^({n} - arange(1, {n} + 1))*g)/(1 - b^{n})"),
    KnownDefinition(
      "momentum_closed_form", ema, "Σ βᵗ⁻ⁱ·gᵢ: what v = β·v + g is after t steps from 0",
      [g, beta],
      "sum(b^({n} - arange(1, {n} + 1))*g)"),
    KnownDefinition(
      "ema_step", ema, "β of the last average, 1 - β of the new value", [last, new, beta],
      "b*m + (1 - b)*x", needsNames: true, isOnlyRecognised: true),
    KnownDefinition(
      "ema_step_new", ema, "α of the new value, 1 - α of the last average", [last, new, beta],
      "b*x + (1 - b)*m", needsNames: true, isOnlyRecognised: true),
    KnownDefinition(
      "ema_step_squares", ema, "β of the last average, 1 - β of the new value's square",
      [last, new, beta], "b*m + (1 - b)*x^2", needsNames: true, isOnlyRecognised: true),
    KnownDefinition(
      "bias_correction", correction,
      "divided by 1 - βᵗ, t counted from 1: what began at 0 is made up for",
      [
        .each("m", .real, ["m_t", "v_t", "s_t", "m", "v", "S_t", "V_t"]), beta,
        .scalar("t", .whole(1, 9), ["t", "k", "n", "i"]),
      ], "m/(1 - b^t)", needsNames: true),
  ]
}
