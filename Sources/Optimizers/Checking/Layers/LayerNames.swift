// The layers that a document prints, z = W a + b and a = σ(z), and what each symbol is in them.
//
// Where nothing is printed the usual letters stand for what they usually are, and the order of factors
// is open.

import Notation

struct LayerNames: Sendable {
  private var forwards: [LayerForward] = []
  /// a of a = σ(z), by its name: z.
  private var activated: [String: String] = [:]
  /// What the letters of printed layers are.
  private var roles: [String: LayerQuantity.Kind] = [:]
  /// How layers are printed unit by unit, with the section.
  private var componentwise: [(convention: LayerConvention, section: Int)] = []
  private var habits = LayerHabits()
  /// The same without layers' numbers.
  private(set) var units = UnitNames()
  /// Functions that some layer ends in.
  private(set) var activations: Set<String> = []

  /// Sections with a gradient in which something says that the quantities are matrices.
  private var matrixSections: Set<Int> = []

  private static let most = 60
  private static let usual: [String: LayerQuantity.Kind] = {
    var result: [String: LayerQuantity.Kind] = [:]
    for name in ["W", "w", "W_bf", "Theta", "theta"] { result[name] = .weight }
    for name in ["b", "B"] { result[name] = .bias }
    for name in ["z", "Z", "s", "u", "net"] { result[name] = .before }
    for name in ["a", "A", "h", "H", "o", "x", "X"] { result[name] = .after }
    return result
  }()

  /// What the document defines.
  var defined: Set<String> = []

  // MARK: Learning

  /// Takes in a chain of equations.
  mutating func learn(_ chain: ClaimChain, section: Int) {
    if chain.sides.count > 1,
      isGradient(chain.sides[0].math) || UnitCheck.mayClaim(chain.sides[0].math)
    {
      units.learn(chain, section: section)
    }
    var head = chain.sides[0].math
    for side in chain.sides.dropFirst().map(\.math) {
      learn(head, side, section: section)
      if ClaimSymbol(side) != nil { head = side }
    }
  }

  /// Takes in an equation.
  mutating func learn(_ left: Math, _ value: Math, section: Int) {
    if isGradient(left), LayerNames.speaksOfMatrices(left) || LayerNames.speaksOfMatrices(value) {
      matrixSections.insert(section)
    }
    learnUnits(left, value, section)
    if let error = errorSaid(left, value) { habits.learnError(error) }
    guard forwards.count < LayerNames.most, activated.count < LayerNames.most,
      let output = LayerSymbol(left), !output.isTransposed, !isGradient(left)
    else { return }
    let (inner, function) = LayerForward.unwrapped(value)
    if case .product(let factors) = inner.kind, factors.contains(where: { isGradient($0.value) }) {
      return
    }
    if let forward = LayerForward(inner, output, isAfter: function != nil, section) {
      forwards.removeAll { $0.output == forward.output && $0.section != section }
      forwards.append(forward)
      habits.learn(.weight, forward.weightLayer, of: output.label.layer)
      habits.learn(.bias, forward.biasLayer, of: output.label.layer)
      for (base, kind) in forward.roles { roles[base] = kind }
      if let function { activations.insert(function) }
    } else if let function, let before = LayerSymbol(inner), !before.isTransposed {
      guard forwards.contains(where: { $0.output == before.name }) || before.label != .none
      else { return }
      activated[output.name] = before.name
      roles[output.base] = .after
      activations.insert(function)
    }
  }

  /// z_j = Σₖ w_{jk} aₖ, a_j = σ(z_j)
  private mutating func learnUnits(_ left: Math, _ value: Math, _ section: Int) {
    guard componentwise.count < LayerNames.most else { return }
    if let (convention, weight, bias) = unitwise(left, value) {
      componentwise.append((convention, section))
      let own = LayerReading.plainLayer(left)
      habits.learn(.weight, LayerReading.plainLayer(weight), of: own)
      if let bias { habits.learn(.bias, LayerReading.plainLayer(bias), of: own) }
    }
    let (inner, function) = LayerForward.unwrapped(value)
    if let convention = units.learnLayer(left, inner, function: function) {
      componentwise.append((convention, section))
    }
    if let function { units.learnActivation(left, inner, function) }
    if gradientVariable(LayerReading.unsigned(value)).flatMap({ UnitSymbol($0) }) != nil {
      units.learnSign(left, value, section: section)
    }
    if component(left)?.quantity.kind == .after, let function {
      activations.insert(function)
    }
  }

  private func isGradient(_ math: Math) -> Bool {
    if DerivativeSign(math) != nil || Differential.variable(math) != nil { return true }
    return LayerSymbol(math)?.base.hasPrefix("delta") ?? false
  }

  // MARK: Asking

  /// In which section a formula stands.
  var section = 0

  /// The last layer.
  var top: Int {
    if forwards.contains(where: { $0.weight.contains("|l") || $0.weight.contains("|L") }) {
      return LayerQuantity.most
    }
    return forwards.compactMap(depth(of:)).max() ?? LayerQuantity.most
  }

  /// What the network should give.
  func isTarget(_ symbol: LayerSymbol) -> Bool {
    ["y", "Y", "y_bf", "Y_bf"].contains(symbol.base) && symbol.label == .none
      && !forwards.contains { $0.output == symbol.name } && activated[symbol.name] == nil
  }

  /// The conventions of the layers that are printed in the section; where it has none, that of all the
  /// others if they are of one mind.
  var conventions: Set<LayerConvention> {
    let here = Set(forwards.filter { $0.section == section }.map(\.convention))
    if !here.isEmpty { return here }
    let all = Set(forwards.map(\.convention))
    return all.count == 1 ? all : []
  }

  /// Whether a function is, or is usually, what a layer ends in.
  func isActivation(_ function: String) -> Bool {
    activations.contains(function)
      || ["sigma", "sigmoid", "phi", "varphi", "tanh", "relu"].contains(function.lowercased())
  }

  /// The same of layers that are printed unit by unit, or else as matrices.
  var unitConventions: Set<LayerConvention> {
    let here = Set(componentwise.filter { $0.section == section }.map(\.convention))
    if !here.isEmpty { return here }
    let all = Set(componentwise.map(\.convention))
    if !all.isEmpty { return all.count == 1 ? all : [] }
    return Set(conventions.map { $0.isOutputsFirst ? .columns : .columnsTransposed })
  }

  /// Whether the text shows that a layer has several units: a transpose, ⊙ or bold letters in a formula
  /// of its gradients, a capital weight in a printed layer.
  var saysMatrices: Bool {
    if matrixSections.contains(section) { return true }
    let here = forwards.filter { $0.section == section }
    return (here.isEmpty ? forwards : here).contains {
      $0.convention == .columnsTransposed || $0.convention == .rowsTransposed
        || LayerNames.isCapital($0.weight) || LayerNames.isCapital($0.input)
    }
  }

  private static func isCapital(_ name: String) -> Bool {
    name.first?.isUppercase ?? false || name.split(separator: "|")[0].hasSuffix("_bf")
  }

  private static func speaksOfMatrices(_ math: Math) -> Bool {
    let text = math.span.text
    if text.contains("⊙") || text.contains("\\odot") || text.contains("\\circ") { return true }
    func says(_ math: Math) -> Bool {
      if case .scripted(_, let scripts) = math.kind, let upper = scripts.upper,
        upper.isTranspose
      {
        return true
      }
      if let symbol = LayerSymbol(math) {
        if symbol.isTransposed || symbol.base.hasSuffix("_bf") { return true }
        // W by itself is a letter; Wˡ is a layer's matrix, and A, X, Z are of many samples.
        if ["A", "X", "Z"].contains(symbol.base) { return true }
        if symbol.label.layer != nil, LayerForward.weights.contains(symbol.base),
          isCapital(symbol.base)
        {
          return true
        }
      }
      if let by = Differential.variable(math), says(by) { return true }
      if let sign = DerivativeSign(math), sign.by.contains(where: says) { return true }
      return math.children.contains(where: says)
    }
    return says(math)
  }

  /// How often the first layer comes before a symbol's: 1 for what the first one gives.
  private func depth(_ name: String, _ seen: Int = 0) -> Int? {
    guard seen <= LayerQuantity.most else { return nil }
    let output = activated[name] ?? name
    guard let forward = forwards.last(where: { $0.output == output }) else { return 0 }
    return depth(forward.input, seen + 1).map { $0 + 1 }
  }

  private func depth(of forward: LayerForward) -> Int? {
    guard let layer = depth(forward.input).map({ $0 + 1 }), layer <= LayerQuantity.most else {
      return nil
    }
    return layer
  }

  /// With weights numbered by the layer that they come from, zˡ⁺¹ = Wˡ aˡ; nil where what is printed tells
  /// how they are numbered.
  var numberedByInput: LayerNames? {
    guard !habits.knowsWeights, habits.assumed == 0 else { return nil }
    var other = self
    other.habits.assumed = 1
    return other
  }

  /// Whether the document says what δ is the gradient by.
  var saysError: Bool { habits.saysError }

  /// What a symbol is; nil when nothing tells.
  func quantity(_ math: Math) -> LayerQuantity? {
    if let by = gradientVariable(math) { return quantity(by)?.gradient }
    guard let symbol = LayerSymbol(math) else { return nil }
    if symbol.base == "delta" || symbol.base == "delta_bf" { return error(symbol) }
    return quantity(symbol)
  }

  private func quantity(_ symbol: LayerSymbol) -> LayerQuantity? {
    if let layer = symbol.label.layer,
      let kind = roles[symbol.base] ?? LayerNames.usual[symbol.base]
    {
      return habits.layer(kind, printed: layer).flatMap { made(kind, $0) }
    }
    for forward in forwards.reversed() {
      guard let layer = depth(of: forward) else { continue }
      if symbol.name == forward.weight { return made(.weight, layer) }
      if symbol.name == forward.bias { return made(.bias, layer) }
      if symbol.name == forward.output { return made(forward.isAfter ? .after : .before, layer) }
      if symbol.name == forward.input { return made(.after, layer - 1) }
      if activated[symbol.name] == forward.output { return made(.after, layer) }
    }
    guard symbol.label == .none, let kind = LayerNames.usual[symbol.base],
      // w may be a number.
      kind != .weight || symbol.base != symbol.base.lowercased()
    else { return nil }
    if symbol.base.lowercased() == "x" { return made(.after, 0) }
    // One layer by itself: W, its input, what it gives.
    return made(kind, kind == .after ? 0 : 1)
  }

  private func made(_ kind: LayerQuantity.Kind, _ layer: Int) -> LayerQuantity? {
    LayerQuantity(kind: kind, layer: 0).shifted(by: layer)
      ?? (layer == 0 && kind == .after ? LayerQuantity(kind: .after, layer: 0) : nil)
  }

  /// δ of a layer is the gradient by z.
  private func error(_ symbol: LayerSymbol) -> LayerQuantity? {
    var result: LayerQuantity?
    switch symbol.label {
    case .none:
      let here = forwards.filter { $0.section == section }
      let layers = Set(here.compactMap(depth(of:)))
      guard layers.count <= 1 else { return nil }
      result = made(.before, layers.first ?? 1)
    case .below(let text):
      // δ_z, or δ_2 beside W_2.
      if let layer = forwards.lazy.filter({ $0.weight.hasSuffix("|" + text) })
        .compactMap({ depth(of: $0) }).first
      {
        result = made(.before, layer)
      } else if let forward = forwards.last(where: { $0.output == text + "|" }),
        let layer = depth(of: forward)
      {
        result = made(forward.isAfter ? .after : .before, layer)
      }
    default:
      result = symbol.label.layer.flatMap { layer in habits.error.flatMap { made($0, layer) } }
    }
    return result?.gradient
  }

  static let losses: Set<String> = [
    "L", "L_cal", "J", "J_cal", "E", "E_cal", "C", "C_cal", "ell", "loss", "Loss", "cost", "l",
    "mathcalL", "Loss_cal",
  ]

  /// W of dW, ∂L/∂W and ∇_W L.
  func gradientVariable(_ math: Math) -> Math? {
    if let by = Differential.variable(math) { return by }
    guard let sign = DerivativeSign(math), sign.order == 1, sign.by.count == 1,
      let of = sign.of.flatMap({ ClaimSymbol($0) }), LayerNames.losses.contains(of.base)
    else { return nil }
    return sign.by[0]
  }
}
