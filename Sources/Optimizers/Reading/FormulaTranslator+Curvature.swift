// The loss itself and its curvature in a rule: f(x) beside ∇f(x), and what a Hessian's inverse stands
// before: [∇²f(x)]⁻¹∇f(x), H⁻¹g, f′(x)/f″(x).
//
// A Hessian is read only where it is solved with; alone, or inside a norm, it stays an error.

import Diagnostics
import Notation

extension FormulaTranslator {
  /// What is said of an H that no line defines.
  static let asHessian = "is read as the Hessian, ∇² of the loss"

  // MARK: The loss

  /// f(x), where the text takes the gradient of f.
  func loss(_ use: SymbolUse, at point: Math, _ span: Span, _ depth: Int) throws(Diagnostic)
    -> Expression?
  {
    guard use.key.labels.isEmpty, differentiated.contains(use.key.stem) else { return nil }
    // f(x^*), f(x_*): the least value there is, a number.
    if let minimum = symbols.use(point), minimum.time == .none,
      !table.assignments.contains(where: { $0.key == minimum.key }),
      let label = minimum.key.labels.first
    {
      var least = use.key
      least.labels = [label]
      return Build.name(Reference(number(of: least), .none).name, span)
    }
    return Build.call("loss", [try translate(point, depth + 1)], span)
  }

  /// What the text takes gradients of, without scripts.
  func findDifferentiated() -> Set<String> {
    var found: Set<String> = []
    func add(_ gradient: SymbolReader.GradientUse?) {
      guard var function = gradient?.function else { return }
      if case .product(let factors) = function.kind, let first = factors.first {
        function = first.value
      }
      if case .scripted(let base, _) = function.kind { function = base }
      if let use = symbols.use(function) { found.insert(use.key.stem) }
    }
    func visit(_ math: Math) {
      if case .product(let factors) = math.kind {
        for place in factors.indices { add(symbols.gradient(of: factors, at: place)) }
      } else {
        add(symbols.gradient(of: [one(math)], at: 0))
      }
      for child in math.children { visit(child) }
    }
    for line in table.assignments { visit(line.value) }
    return found
  }

  /// Newton's method for a root, x - f(x)/f′(x), minimises nothing.
  func checkNoRoot(_ above: Expression, _ below: Expression, _ span: Span) throws(Diagnostic) {
    guard above.plainCall?.function == "loss" else { return }
    let isGradient: Bool =
      switch below.kind {
      case .name(let name): name == gradientName
      default: below.plainCall?.function == "grad"
      }
    guard isGradient else { return }
    throw .reading(
      "root", "a function divided by its slope leads to a root of it, not to a minimum", span,
      help: "Newton's method for a minimum is x - [\\nabla^2 f(x)]^{-1} \\nabla f(x)")
  }

  // MARK: The Hessian

  /// M⁻¹ and what stands behind it, where M is a Hessian: the step that solves with it.
  func solved(_ factors: [MathFactor], at place: Int, _ depth: Int) throws(Diagnostic)
    -> (Expression, Int)?
  {
    guard let (matrix, count) = try inverse(factors, at: place, depth),
      place + count < factors.count,
      factors[place + count].sign == .implicit || factors[place + count].sign == .times
    else { return nil }
    let (vector, taken) = try operand(factors, at: place + count, depth)
    let span = factors[place].value.span.joined(with: vector.span)
    return (Build.call("solve", [matrix, vector], span), count + taken)
  }

  /// f′(x)/f″(x)
  func solved(_ above: Math, over below: Math, _ span: Span, _ depth: Int) throws(Diagnostic)
    -> Expression?
  {
    guard isSlope(above), let matrix = try hessian(below, depth) else { return nil }
    return Build.call("solve", [matrix, try translate(above, depth + 1)], span)
  }

  private func isSlope(_ math: Math) -> Bool {
    guard case .product(let factors) = math.kind else { return symbols.isGradient(math) }
    return symbols.gradient(of: factors, at: 0)?.count == factors.count
  }

  /// ∇²f(x), also with λI added: what a line of its own may say.
  func isHessian(_ math: Math) -> Bool {
    switch math.kind {
    case .gradient(let gradient): gradient.power.flatMap(wholeNumber) == 2
    case .sum(let terms): terms.count == 2 && isHessian(terms[0].value)
    default: false
    }
  }

  /// [∇²f(x)]⁻¹, (∇²f(x) + λI)⁻¹, H⁻¹, H_f(x)⁻¹: what is inverted, and how many factors it takes.
  private func inverse(_ factors: [MathFactor], at place: Int, _ depth: Int) throws(Diagnostic)
    -> (Expression, Int)?
  {
    guard let inner = withoutInverse(factors[place].value) else {
      // H_f(x)⁻¹
      guard place + 1 < factors.count, factors[place + 1].sign == .implicit,
        let point = withoutInverse(factors[place + 1].value),
        case .fenced(_, let items) = point.kind,
        items.count == 1, isHessianLetter(factors[place].value)
      else { return nil }
      let at = try translate(items[0], depth + 1)
      return (Build.call("hessian", [at], factors[place].value.span), 2)
    }
    // H⁻¹(x)
    if place + 2 < factors.count, factors[place + 1].sign == .implicit,
      isHessianLetter(inner) || isNamedHessian(inner),
      case .fenced(.parenthesis, let items) = factors[place + 1].value.kind, items.count == 1
    {
      let at = try translate(items[0], depth + 1)
      return (Build.call("hessian", [at], inner.span), 2)
    }
    return try hessian(inner, depth).map { ($0, 1) }
  }

  /// M of M⁻¹.
  private func withoutInverse(_ math: Math) -> Math? {
    guard case .scripted(let base, var scripts) = math.kind,
      scripts.upper.flatMap(wholeNumber) == -1
    else { return nil }
    scripts.upper = nil
    if scripts.lower.isEmpty, scripts.primes == 0 { return base }
    return Math(.scripted(base, scripts), math.span)
  }

  /// ∇²f(x), f″(x), a symbol for it, and either with λI added; nil for anything else.
  func hessian(_ math: Math, _ depth: Int) throws(Diagnostic) -> Expression? {
    switch math.kind {
    case .fenced(let kind, let items):
      guard kind == .parenthesis || kind == .bracket || kind == .brace, items.count == 1 else {
        return nil
      }
      return try hessian(items[0], depth + 1)
    case .gradient(let gradient):
      guard gradient.power.flatMap(wholeNumber) == 2 else { return nil }
      if let function = gradient.function { noteFunction(function) }
      var arguments: [Expression] = []
      if let point = gradient.arguments.flatMap({ self.point($0, by: gradient.by.first) }) {
        arguments = [try translate(point, depth + 1)]
      }
      return Build.call("hessian", arguments, math.span)
    case .product(let factors):
      // f″(x), H(x), Hf(x)
      guard let last = factors.last, last.sign == .implicit,
        case .fenced(.parenthesis, let items) = last.value.kind, items.count == 1,
        factors.count == 2 && isSecondDerivative(factors[0].value)
          || isHessianLetter(factors[0].value)
            && (factors.count == 2 || factors.count == 3 && isDifferentiated(factors[1].value))
      else { return nil }
      return Build.call("hessian", [try translate(items[0], depth + 1)], math.span)
    case .sum(let terms):
      guard terms.count == 2, !terms[0].isNegative, let matrix = try hessian(terms[0].value, depth)
      else { return nil }
      guard var factors = identityFactors(terms[1].value) else { return nil }
      let identity = Build.call("eye", [Build.call("size", [], math.span)], math.span)
      var damping = identity
      if let last = factors.popLast() {
        let all = factors + [last]
        damping = Build.binary(.multiply, try product(all, math.span, depth + 1), identity)
      }
      return Build.binary(terms[1].isNegative ? .subtract : .add, matrix, damping)
    case .symbol, .scripted:
      if isNamedHessian(math) { return try translate(math, depth + 1) }
      guard isHessianLetter(math) else { return nil }
      var letter = math
      if case .scripted(let base, _) = math.kind { letter = base }
      note(.ambiguity, "\(letter.span.text) \(FormulaTranslator.asHessian)", math.span)
      return Build.call("hessian", [], math.span)
    default: return nil
    }
  }

  /// f″ of a function that gradients are taken of.
  private func isSecondDerivative(_ math: Math) -> Bool {
    guard case .scripted(let base, let scripts) = math.kind, scripts.primes == 2,
      scripts.upper == nil, scripts.lower.isEmpty
    else { return false }
    return isDifferentiated(base)
  }

  private func isDifferentiated(_ math: Math) -> Bool {
    symbols.use(math).map { differentiated.contains($0.key.stem) } ?? false
  }

  /// H_t, where a line says that it is ∇²f(x_t).
  private func isNamedHessian(_ math: Math) -> Bool {
    guard let use = symbols.use(math) else { return false }
    return table.assignments.contains { $0.key == use.key && isHessian($0.value) }
  }

  /// H, H_f, H_t that no line defines.
  private func isHessianLetter(_ math: Math) -> Bool {
    guard let use = symbols.use(math), use.key.base == "H", use.key.accents.isEmpty else {
      return false
    }
    return !table.assignments.contains { $0.key == use.key }
  }

  /// The factors beside the identity in λI; nil where there is none.
  func identityFactors(_ math: Math) -> [MathFactor]? {
    func isIdentity(_ math: Math) -> Bool {
      guard let use = symbols.use(math), use.key.base == "I", use.key.accents.isEmpty,
        use.time == .none, use.power == nil
      else { return false }
      return !table.assignments.contains { $0.key == use.key }
    }
    if isIdentity(math) { return [] }
    guard case .product(let factors) = math.kind, let last = factors.last, last.sign == .implicit,
      isIdentity(last.value)
    else { return nil }
    return Array(factors.dropLast())
  }
}
