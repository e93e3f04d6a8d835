// The error of a prediction: what a model says minus what it should be, or the other way round.
//
//   h_\theta(x^{(i)}) - y^{(i)}     Xw - y     t - o     y_i - \hat y_i
//
// Which of the two is the prediction is known from how it is written (a function of the inputs, a hat,
// the parameter in it), else from its letter; letters that may be either leave it open.

import Diagnostics
import Notation

struct PredictionError {
  let prediction: [Math]
  let target: Math
  /// The prediction is added and the target subtracted.
  let isForward: Bool
  /// How it is written tells which is the prediction, and not the two letters alone.
  let isSure: Bool
  let span: Span
  let isTransposed: Bool
  /// As it is printed, without its brackets.
  let text: String

  /// - Parameters:
  ///   - math: with its brackets, or a symbol that stands for such an error.
  ///   - parameter: what is moved.
  init?(_ math: Math, parameter: ClaimSymbol, _ words: ClaimUsage) {
    var inner = math
    var isTransposed = false
    if case .scripted(let base, let scripts) = math.kind, let upper = scripts.upper,
      upper.isTranspose, scripts.lower.isEmpty
    {
      (inner, isTransposed) = (base, true)
    }
    switch inner.kind {
    case .fenced(.parenthesis, let items), .fenced(.bracket, let items),
      .fenced(.brace, let items):
      guard items.count == 1 else { return nil }
      inner = items[0]
    default:
      // e_t = d_t - y_t says what e is.
      guard let symbol = ClaimSymbol(inner),
        let definition = words.scope.definitions[words.name(symbol).key]
      else { return nil }
      inner = definition.value
    }
    guard case .sum(let terms) = inner.kind, terms.count > 1 else { return nil }
    text = inner.span.text
    let kinds = terms.map { Side($0.value, parameter, words, isOfTwo: terms.count == 2) }
    // The target is one term; all that is on the other side is the prediction.
    let ranks = kinds.map(\.rank)
    guard let best = ranks.max(), best > 0, let place = ranks.firstIndex(of: best),
      ranks.count(where: { $0 == best }) == 1, kinds[place].isSymbol,
      kinds.indices.allSatisfy({ $0 == place || kinds[$0].isPart })
    else { return nil }
    let others = terms.indices.filter { $0 != place }
    guard others.allSatisfy({ terms[$0].isNegative != terms[place].isNegative }),
      others.count == 1 || others.contains(where: { kinds[$0].rank == 0 })
    else { return nil }
    prediction = others.map { terms[$0].value }
    target = terms[place].value
    isForward = terms[place].isNegative
    // A letter that stands for an output in one book is the symbol sent in another.
    isSure =
      best > 2 || others.allSatisfy { ranks[$0] < 1 || best > 1 && kinds[$0].isOutput }
    span = math.span
    self.isTransposed = isTransposed
  }

  /// One side of the difference.
  private struct Side {
    /// How likely it is what is wanted: 0 for what is surely predicted.
    let rank: Int
    let isSymbol: Bool
    /// It can be a prediction, or a part of one.
    let isPart: Bool
    /// A letter that is nothing else: o, p, a^{[L]}.
    var isOutput = false

    init(_ math: Math, _ parameter: ClaimSymbol, _ words: ClaimUsage, isOfTwo: Bool) {
      let symbol = ClaimSymbol(math)
      isSymbol = symbol != nil && symbol?.power == nil
      if math.mentions(parameter, words) {
        // x - μ is a distance from the parameter, no prediction made with it.
        let isAlone = symbol?.letters.isEmpty ?? false
        (rank, isPart) = (0, !isAlone || !isOfTwo)
        return
      }
      guard let symbol else {
        isPart = math.isApplied(words) || !isOfTwo
        rank = 0
        return
      }
      let base = symbol.base
      let label = (symbol.lower.map(labelText) + symbol.marks).joined(separator: "_")
      let stem = String(base.prefix { $0 != "_" })
      if base.hasSuffix("_hat") || PredictionError.said(label, base) {
        (rank, isPart) = (0, true)
      } else if PredictionError.wanted.contains(where: { label.hasPrefix($0) || base == $0 }) {
        (rank, isPart) = (4, false)
      } else if ["t", "d", "T", "D"].contains(stem) {
        (rank, isPart) = (3, false)
      } else if ["y", "Y"].contains(stem) {
        (rank, isPart) = (2, true)
      } else if ["o", "a", "p", "h", "f", "s", "O", "A", "P", "H", "sigma", "pi"].contains(stem) {
        (rank, isPart) = (1, true)
        isOutput = !["a", "h", "f", "s", "A", "H"].contains(stem) || symbol.isOfLayer
      } else {
        // y = mx + c
        (rank, isPart) = (-1, !isOfTwo)
      }
    }
  }

  private static let wanted = ["target", "true", "label", "desired", "y_true", "des"]

  private static func said(_ label: String, _ base: String) -> Bool {
    ["pred", "out", "output", "y_pred", "prediction"].contains { label == $0 || base == $0 }
  }

  // MARK: What the prediction is made of

  enum Model {
    case linear, sigmoid, softmax, step
    /// Another function that has a name: tanh.
    case other(String)
    case unsaid
  }

  func model(_ words: ClaimUsage) -> Model {
    var result: Model?
    var isCall = false
    func visit(_ math: Math) {
      if let name = math.functionName(words) {
        isCall = true
        switch name {
        case "sigma", "sigmoid", "logistic", "expit": result = .sigmoid
        case "softmax": result = .softmax
        case "sign", "sgn", "step", "Theta", "threshold": result = .step
        case "tanh", "ReLU", "relu", "exp", "sin", "cos", "log": result = .other(name)
        default: break
        }
      }
      for child in math.children where result == nil { visit(child) }
    }
    for part in prediction { visit(part) }
    if let result { return result }
    func isProduct(_ math: Math) -> Bool {
      switch math.kind {
      case .product: true
      case .fenced(_, let items): items.contains(where: isProduct)
      case .big(_, _, let body): isProduct(body)
      case .sum(let terms): terms.contains { isProduct($0.value) }
      default: (ClaimSymbol(math)?.letters.count ?? 0) > 1
      }
    }
    return !isCall && prediction.contains(where: isProduct) ? .linear : .unsaid
  }

  /// What the parameter is multiplied by in a prediction that is written out, or given to the function:
  /// the letters of inputs.
  var inputs: Set<String> {
    var result: Set<String> = []
    func visit(_ math: Math) {
      if let symbol = ClaimSymbol(math) {
        let bases = symbol.letters.isEmpty ? [symbol.base] : symbol.letters
        result.formUnion(bases.filter { ["x", "X", "phi", "Phi", "z"].contains($0) })
        return
      }
      for child in math.children { visit(child) }
    }
    for part in prediction { visit(part) }
    return result
  }

  var pretty: String {
    prediction.map { ClaimText.pretty($0.span.text) }.joined(separator: " + ")
  }
}

extension ClaimSymbol {
  /// Without accents.
  var stem: String { String(base.prefix { $0 != "_" }) }

  /// a^{[L]}, a^{(L)}
  fileprivate var isOfLayer: Bool { upperPlaces.contains { labelText($0).hasPrefix("L") } }

  /// b, θ_0, w_0: nothing multiplies it in a prediction.
  var isBias: Bool {
    stem == "b" || base.hasPrefix("bias")
      || lower.contains { wholeNumber($0) == 0 || labelText($0).hasPrefix("b") }
  }
}

extension Math {
  /// Whether a symbol stands somewhere in it.
  func mentions(_ symbol: ClaimSymbol, _ words: ClaimUsage) -> Bool {
    if let own = ClaimSymbol(self) {
      return own.letters.isEmpty ? own.stem == symbol.stem : own.letters.contains(symbol.stem)
    }
    return children.contains { $0.mentions(symbol, words) }
  }

  /// f of f(x); nil for what is no call.
  func functionName(_ words: ClaimUsage) -> String? {
    switch kind {
    case .function(let call): return call.name
    case .product(let factors):
      guard factors.count >= 2, case .fenced(_, let items) = factors[1].value.kind,
        words.isCall(factors[0].value, factors[1].value, items)
          || ["y", "h", "f", "net", "model", "g"].contains(ClaimSymbol(factors[0].value)?.stem)
      else { return nil }
      return ClaimSymbol(factors[0].value)?.stem
    default: return nil
    }
  }

  /// A function of something, or a product of a weight and an input.
  fileprivate func isApplied(_ words: ClaimUsage) -> Bool { functionName(words) != nil }
}
