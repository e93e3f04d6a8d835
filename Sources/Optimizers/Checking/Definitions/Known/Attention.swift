// Scaled dot-product attention (Vaswani et al. 2017, equation 1), for all queries and for one.

extension KnownDefinitions {
  private static let family = DefinitionFamily(
    "attention", "scaled dot-product attention", names: ["attention", "attn"],
    words: [
      "dot-product attention", "dot product attention", "self-attention", "attention weights",
      "attention", "注意力", "aufmerksamkeit",
    ])
  private static let width = KnownInput.scalar(
    "d", .whole(2, 9), ["d_k", "d", "d_h", "d_head", "d_model", "D", "d_q"])
  private static let queries = KnownInput.matrix("Q", .real, ["Q", "q"], certain: ["Q"])
  private static let keys = KnownInput.matrix("K", .real, ["K", "k"], certain: ["K"])
  private static let values = KnownInput.matrix("V", .real, ["V", "v"], certain: ["V"])
  private static let large = [
    AwkwardInput(
      "large products",
      [
        "Q": FormulaValue(rows: [[80, 0], [0, 80]]), "K": FormulaValue(rows: [[80, 0], [0, 80]]),
      ], "subtract the largest of each row first; it cancels out")
  ]

  static let attentions = [
    KnownDefinition(
      "attention", family, "softmax of the products divided by √d, times the values",
      [queries, keys, values, width], "softmax(Q @ K.T/sqrt(d)) @ V", needsNames: true,
      mayBeTransposed: true),
    KnownDefinition(
      "attention_weights", family, "softmax of the products divided by √d, for every query",
      [queries, keys, width], "softmax(Q @ K.T/sqrt(d))", needsNames: true,
      mayBeTransposed: true),
    KnownDefinition(
      "attention_scores", family, "the products of queries and keys divided by √d",
      [queries, keys, width], "Q @ K.T/sqrt(d)", needsNames: true,
      mayBeTransposed: true),
    KnownDefinition(
      "attention_unscaled", family,
      "softmax of the products, times the values: not divided by √d (Luong et al. 2015)",
      [queries, keys, values], "softmax(Q @ K.T) @ V", needsNames: true,
      mayBeTransposed: true),
  ]
}
