// Letters written next to one another: one word, or a product.

import Notation

extension FormulaNotation {
  /// `wx` as w·x; nil for what is one word.
  func split(_ math: Math) -> [Math]? {
    guard case .symbol(let symbol) = math.kind, symbol.isRun,
      symbol.name.unicodeScalars.count <= 3, !FormulaNotation.words.contains(symbol.name),
      !(symbol.name.first == "d" && !bareKeys.contains("d")),
      !(symbol.name.count == 3 && symbol.name.allSatisfy(\.isUppercase))
    else { return nil }
    return symbol.name.map { Math(.symbol(MathSymbol(String($0))), math.span) }
  }

  private static let words: Set<String> = [
    "lr", "wd", "eps", "MSE", "CE", "KL", "BN", "LN", "TP", "FP", "TN", "FN", "max", "min", "acc",
    "NLL", "MAE", "BCE", "std", "var", "len", "sgn", "num",
  ]
}
