// A layer as it is printed: z = W a + b, h = σ(W x + b).

import Notation

struct LayerForward: Sendable {
  var convention: LayerConvention
  var weight: String
  var input: String
  var bias: String?
  var output: String
  /// h = σ(W x + b): the output has gone through the activation.
  var isAfter: Bool
  var section: Int
  /// What the letters are.
  var roles: [(String, LayerQuantity.Kind)]
  /// The layers that the weight and the bias are numbered by.
  var weightLayer: Int?
  var biasLayer: Int?

  static let weights: Set<String> = ["W", "w", "Theta", "theta", "U", "V"]

  /// nil for what is no layer.
  /// - Parameter isAfter: the sum stands in an activation.
  init?(_ math: Math, _ output: LayerSymbol, isAfter: Bool, _ section: Int) {
    var terms = [math]
    if case .sum(let parts) = math.kind {
      guard parts.count <= 2, parts.allSatisfy({ !$0.isNegative }) else { return nil }
      terms = parts.map(\.value)
    }
    var bias: LayerSymbol?
    var found: (weight: LayerSymbol, input: LayerSymbol, isFirst: Bool)?
    for term in terms {
      if case .product(let factors) = term.kind {
        guard found == nil, factors.count == 2, factors[1].sign != .slash,
          factors[1].sign != .over, let a = LayerSymbol(factors[0].value),
          let b = LayerSymbol(factors[1].value)
        else { return nil }
        switch (LayerForward.weights.contains(a.base), LayerForward.weights.contains(b.base)) {
        case (true, false): found = (a, b, true)
        case (false, true): found = (b, a, false)
        default: return nil
        }
      } else {
        guard bias == nil, let symbol = LayerSymbol(term) else { return nil }
        bias = symbol
      }
    }
    guard let (weight, input, isFirst) = found, !input.isTransposed,
      weight.name != input.name, input.name != output.name
    else { return nil }
    // w x + b may be of numbers.
    if weight.base == weight.base.lowercased() {
      switch weight.label {
      case .none, .below: return nil
      default: break
      }
    }
    convention = LayerConvention(isWeightFirst: isFirst, isTransposed: weight.isTransposed)
    self.weight = weight.name
    self.input = input.name
    self.bias = bias?.name
    self.output = output.name
    self.isAfter = isAfter
    self.section = section
    weightLayer = weight.label.layer
    biasLayer = bias?.label.layer
    roles =
      [(weight.base, .weight), (input.base, .after)] + (bias.map { [($0.base, .bias)] } ?? [])
      + [(output.base, isAfter ? .after : .before)]
  }

  /// What an activation is applied to, and its name.
  static func unwrapped(_ math: Math) -> (Math, String?) {
    switch math.kind {
    case .function(let call) where call.arguments.count == 1 && call.scripts == nil:
      return (call.arguments[0], call.name)
    case .product(let factors):
      guard factors.count == 2, factors[1].sign == .implicit,
        case .fenced(let fence, let items) = factors[1].value.kind,
        fence == .parenthesis || fence == .bracket, items.count == 1,
        let head = ClaimSymbol(factors[0].value), head.primes == 0, !head.isTransposed,
        !weights.contains(head.base)
      else { return (math, nil) }
      return (items[0], head.base)
    default: return (math, nil)
    }
  }
}
