// Finding what a command's words refer to, each with an error that says what there is instead.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension Session {
  /// The parameter that a name at the prompt means.
  package func parameter(at path: [Identifier]) throws(Diagnostic) -> Parameter {
    guard let first = path.first else {
      throw Diagnostic("parameter.name", "a parameter's name is needed")
    }
    if path.count == 1, let parameter = problem.parameter(first.name) { return parameter }
    if case .parameter(let parameter) = problem.part(at: path.map(\.name.canonical)) {
      return parameter
    }
    let known = problem.parameters.map(\.path)
    let below = known.filter { $0.hasPrefix(first.name.canonical + ".") }
    let meant = below.isEmpty ? known : below
    let text = path.map(\.name.pretty).joined(separator: ".")
    throw Diagnostic(
      "parameter.unknown", "there is no parameter \(text)", at: first.span,
      help: didYouMean(text, in: meant)
        ?? (known.isEmpty
          ? "declare one: param w = …"
          : "there are: \(meant.prefix(8).joined(separator: ", "))\(meant.count > 8 ? ", …" : "")"))
  }

  /// The parameter whose gradient `g=` or `w.g=` gives.
  package func parameterOfGradient(_ path: [Identifier]) throws(Diagnostic) -> Parameter {
    guard let last = path.last, last.name.canonical == "g" else {
      throw Diagnostic(
        "step.given", "only gradients can be given", at: path.first?.span,
        help: "step g=[…], or step w.g=[…] with several parameters")
    }
    if path.count > 1 { return try parameter(at: Array(path.dropLast())) }
    guard let only = problem.parameters.first else {
      throw Diagnostic(
        "step.no-parameter", "there is no parameter yet", at: last.span, help: "param w = [1, -2]")
    }
    guard problem.parameters.count == 1 else {
      let names = problem.parameters.prefix(3).map { "\($0.path).g=…" }
      throw Diagnostic(
        "step.which", "there are several parameters", at: last.span,
        help: "say whose gradient: step \(names.joined(separator: ", "))")
    }
    return only
  }

  /// The gradients given by hand, by the paths of their parameters.
  package func gradients(given bindings: [(path: [Identifier], value: Expression)])
    throws(Diagnostic) -> [String: Tensor]
  {
    var given: [String: Tensor] = [:]
    for (path, value) in bindings {
      let parameter = try parameterOfGradient(path)
      let tensor = try evaluate(value)
      // One number is that of every element; [1] is a vector of one.
      guard tensor.shape == parameter.initial.shape || tensor.shape.rank == 0 else {
        throw Diagnostic(
          "step.shape",
          "\(parameter.name.pretty) has shape \(parameter.initial.shape); this gradient has \(tensor.shape)",
          at: value.span)
      }
      guard given[parameter.path] == nil else {
        throw Diagnostic("step.twice", "this gradient is given twice", at: value.span)
      }
      given[parameter.path] = tensor.broadcast(to: parameter.initial.shape)
    }
    return given
  }

  /// A whole number given as an argument.
  package func wholeNumber(
    _ expression: Expression, atLeast minimum: Int, atMost maximum: Int = 1 << 53, what: String
  ) throws(Diagnostic) -> Int {
    let value = try evaluate(expression)
    guard let number = value.scalar, number == number.rounded() else {
      throw Diagnostic("number.whole", "\(what) must be a whole number", at: expression.span)
    }
    guard number >= Double(minimum) else {
      throw Diagnostic(
        "number.small", "\(what) must be at least \(minimum)", at: expression.span)
    }
    guard number <= Double(maximum), let whole = Int(exactly: number) else {
      throw Diagnostic("number.large", "\(what) must be at most \(maximum)", at: expression.span)
    }
    return whole
  }

  /// A function of the session's own: defined in it, or one that looks at its definitions.
  package func isFunction(_ word: String) -> Bool {
    if ProblemScope.functions.contains(word) { return true }
    if case .function = problem.definitions[Name(canonical: word)] { return true }
    return problem.model(Name(canonical: word)) != nil
  }

  /// Whether a word means something already.
  package func knows(_ word: String) -> Bool {
    let name = Name(canonical: word)
    return problem.definitions[name] != nil || problem.parameter(name) != nil
      || problem.objective(name) != nil || problem.model(name) != nil
      || Lowering.constants[word] != nil || word == "ans"
      || word == "t" || PromptLeaves(self, events: timeline.position).stepNames.contains(word)
      || ProblemScope.functions.contains(word)
  }

  /// Everything that `show` can be asked for by name.
  package var shownNames: [String] {
    problem.knownNames + problem.rules.keys.sorted() + RuleLibrary.names
      + RuleLibrary.aliases.keys.sorted() + Function.catalogue.map(\.name)
  }

  /// The losses at the present position, in the order they were defined.
  package func losses() throws(Diagnostic) -> [(name: Name, value: Double)] {
    let names = problem.objectives.map(\.name)
    guard !names.isEmpty else { return [] }
    let expressions = problem.objectives.map { Expression(.name($0.name), $0.expression.span) }
    let values = try evaluate(expressions, snapshot: snapshot, at: timeline.position)
    return zip(names, values).map { ($0, $1.scalar ?? .nan) }
  }

  /// The losses that can be evaluated now: a definition that one uses may have changed since.
  package func lossesIfAny() -> [(name: Name, value: Double)] {
    if let all = try? losses() { return all }
    return problem.objectives.compactMap { objective in
      let name = Expression(.name(objective.name), objective.expression.span)
      guard let value = try? evaluate(name) else { return nil }
      return (objective.name, value.scalar ?? .nan)
    }
  }

  /// A tensor with some elements replaced, as `w[0] = 3` asks.
  package func replacing(
    _ subscripts: [Expression.Subscript], of old: Tensor, with new: Tensor, at span: Span,
    _ valueSpan: Span
  ) throws(Diagnostic) -> Tensor {
    // The places are found by indexing the numbers 0, 1, 2, … in the tensor's shape.
    let places = Name(canonical: "places of elements")
    var other = self
    other.problem = problem
    other.problem.definitions[places] = .value(
      Tensor((0..<old.shape.count).map(Double.init), shape: old.shape))
    let indexed = try other.evaluate(
      Expression(.index(Expression(.name(places), span), subscripts), span))
    guard new.shape.broadcast(with: indexed.shape) == indexed.shape else {
      throw Diagnostic(
        "assign.shape", "this part has shape \(indexed.shape); the value has \(new.shape)",
        at: valueSpan)
    }
    let values = new.broadcast(to: indexed.shape).elements
    var elements = old.elements
    for (place, value) in zip(indexed.elements, values) {
      if let place = Int(exactly: place), elements.indices.contains(place) {
        elements[place] = value
      }
    }
    return Tensor(elements, shape: old.shape, type: old.elementType)
  }
}

extension Tensor {
  /// The same values under a shape they broadcast to; unchanged when they do not.
  package func broadcast(to target: Shape) -> Tensor {
    guard shape != target, shape.broadcast(with: target) == target,
      target.count <= Tensor.maximumCount
    else { return self }
    var result = [Double](repeating: 0, count: target.count)
    let padded = [Int](repeating: 1, count: target.rank - shape.rank) + shape.dimensions
    for i in result.indices {
      var rest = i
      var place = 0
      var stride = 1
      for axis in (0..<target.rank).reversed() {
        let position = rest % target.dimensions[axis]
        rest /= target.dimensions[axis]
        if padded[axis] != 1 { place += position * stride }
        stride *= padded[axis]
      }
      result[i] = elements[place]
    }
    return Tensor(result, shape: target, type: elementType)
  }
}
