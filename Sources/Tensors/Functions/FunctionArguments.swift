// Which argument goes to which parameter.
//
// In two steps, because the layer above evaluates an argument according to its parameter's kind:
// `match` looks at labels only, `arguments` takes the values.

/// A call that does not fit a function's parameters. `argument` counts the call's arguments from 0.
package enum FunctionError: Error, Sendable, Equatable {
  case unknownParameter(function: String, name: String, argument: Int, known: [String])
  case tooManyArguments(function: String, argument: Int, maximum: Int)
  case positionalAfterKeyword(function: String, argument: Int)
  case givenTwice(function: String, parameter: String, argument: Int)
  case missing(function: String, parameter: String)
  case wrongKind(function: String, parameter: String, argument: Int, expected: String)
}

/// An argument, evaluated as its parameter's kind asks.
package enum ArgumentValue: Sendable, Equatable {
  /// For `tensor` and `tensors`.
  case node(NodeID)
  /// For `integer` (one), `axes` and `shape`.
  case integers([Int])
  case number(Double)
  case flag(Bool)
}

/// The arguments of one call, by parameter.
package struct FunctionArguments: Sendable {
  fileprivate var values: [String: [ArgumentValue]] = [:]
  fileprivate var defaults: [String: Parameter.Default] = [:]
  /// What keeps the draws of this call apart from those of any other: the session's seed, a hash of
  /// the definition's name, the ordinal of the call in it.
  package var randomKey: [Int]
  /// The step counter t, where there is one.
  package var step: NodeID?
}

extension Function {
  /// The index of the parameter that each argument goes to.
  /// - Parameter labels: the keyword of each argument, nil for a positional one.
  package func match(labels: [String?]) throws(FunctionError) -> [Int] {
    var result: [Int] = []
    var given = Set<Int>()
    var next = 0
    var seenKeyword = false
    for (argument, label) in labels.enumerated() {
      let place: Int
      if let label {
        seenKeyword = true
        guard let index = parameters.firstIndex(where: { $0.name == label }) else {
          throw .unknownParameter(
            function: name, name: label, argument: argument, known: parameters.map(\.name))
        }
        place = index
      } else {
        if seenKeyword { throw .positionalAfterKeyword(function: name, argument: argument) }
        guard next < parameters.count else {
          throw .tooManyArguments(
            function: name, argument: argument, maximum: parameters.count)
        }
        place = next
        if parameters[place].isVariadic {
          result.append(place)
          given.insert(place)
          continue
        }
        next += 1
      }
      guard given.insert(place).inserted else {
        throw .givenTwice(
          function: name, parameter: parameters[place].name, argument: argument)
      }
      result.append(place)
    }
    for (place, parameter) in parameters.enumerated()
    where parameter.value == .required && !given.contains(place) {
      throw .missing(function: name, parameter: parameter.name)
    }
    return result
  }

  /// The arguments as `build` takes them.
  /// - Parameters:
  ///   - values: the value of each argument of the call.
  ///   - places: what `match` gave for it. A list of tensors gives several values one place.
  package func arguments(
    _ values: [ArgumentValue], places: [Int], randomKey: [Int] = [], step: NodeID? = nil
  ) throws(FunctionError) -> FunctionArguments {
    var result = FunctionArguments(randomKey: randomKey, step: step)
    for (argument, (value, place)) in zip(values, places).enumerated() {
      guard parameters.indices.contains(place) else {
        throw .tooManyArguments(function: name, argument: argument, maximum: parameters.count)
      }
      let parameter = parameters[place]
      guard let fitting = value.converted(to: parameter.kind) else {
        throw .wrongKind(
          function: name, parameter: parameter.name, argument: argument,
          expected: parameter.kind.words)
      }
      result.values[parameter.name, default: []].append(fitting)
    }
    for parameter in parameters { result.defaults[parameter.name] = parameter.value }
    return result
  }
}

extension Parameter.Kind {
  /// What a message says is expected.
  package var words: String {
    switch self {
    case .tensor, .tensors: "a value"
    case .integer: "a whole number that does not change from step to step"
    case .number: "a number that does not change from step to step"
    case .flag: "true or false"
    case .axes: "an axis or a list of axes"
    case .shape: "sizes: whole numbers that are not negative"
    }
  }
}

extension ArgumentValue {
  /// Nil when a value of this kind cannot stand for that parameter.
  fileprivate func converted(to kind: Parameter.Kind) -> ArgumentValue? {
    switch (kind, self) {
    case (.tensor, .node), (.tensors, .node), (.number, .number), (.flag, .flag): self
    case (.axes, .integers): self
    case (.shape, .integers(let sizes)): sizes.allSatisfy { $0 >= -1 } ? self : nil
    case (.integer, .integers(let one)): one.count == 1 ? self : nil
    case (.number, .integers(let one)): one.count == 1 ? .number(Double(one[0])) : nil
    case (.integer, .number(let number)), (.axes, .number(let number)),
      (.shape, .number(let number)):
      Int(exactly: number).flatMap { ArgumentValue.integers([$0]).converted(to: kind) }
    case (.flag, .integers(let one)): one == [0] || one == [1] ? .flag(one == [1]) : nil
    case (.flag, .number(let number)): number == 0 || number == 1 ? .flag(number == 1) : nil
    default: nil
    }
  }
}

// MARK: - Reading arguments

/// A call being built: the arguments as terms and numbers.
package struct FunctionCall {
  let builder: GraphBuilder
  let function: String
  let arguments: FunctionArguments

  init(builder: GraphBuilder, function: String, arguments: FunctionArguments) {
    self.builder = builder
    self.function = function
    self.arguments = arguments
  }

  /// Arguments to be read that are all known numbers: there is no graph.
  package init(_ function: Function, _ arguments: FunctionArguments) {
    self.init(builder: GraphBuilder(Graph()), function: function.name, arguments: arguments)
  }

  /// Whether the function has a parameter of this name.
  func takes(_ name: String) -> Bool { arguments.defaults[name] != nil }

  /// A tensor argument.
  subscript(name: String) -> Term {
    get throws(TensorError) {
      guard let term = try optional(name) else { throw missing(name) }
      return term
    }
  }

  /// A tensor argument that may be left out.
  package func optional(_ name: String) throws(TensorError) -> Term? {
    if case .node(let id)? = arguments.values[name]?.first { return builder.term(id) }
    switch arguments.defaults[name] {
    case .number(let number): return builder.constant(number)
    case .step:
      guard let step = arguments.step else {
        throw .invalid(
          operation: function, message: "there is no step counter here",
          help: "give it: \(function)(…, \(name)=…)")
      }
      return builder.term(step)
    default: return nil
    }
  }

  func all(_ name: String) -> [Term] {
    (arguments.values[name] ?? []).compactMap { value -> Term? in
      if case .node(let id) = value { builder.term(id) } else { nil }
    }
  }

  package func integers(_ name: String) -> [Int]? {
    if let given = arguments.values[name] {
      return given.flatMap { value -> [Int] in
        if case .integers(let list) = value { list } else { [] }
      }
    }
    if case .integers(let list) = arguments.defaults[name] { return list }
    return nil
  }

  package func integer(_ name: String) throws(TensorError) -> Int {
    guard let integer = integers(name)?.first else { throw missing(name) }
    return integer
  }

  package func number(_ name: String) throws(TensorError) -> Double {
    if case .number(let number)? = arguments.values[name]?.first { return number }
    if case .number(let number) = arguments.defaults[name] { return number }
    throw missing(name)
  }

  package func flag(_ name: String) -> Bool {
    if case .flag(let flag)? = arguments.values[name]?.first { return flag }
    return arguments.defaults[name] == .flag(true)
  }

  /// Axes of a tensor, counted from the end; none when all are meant.
  func axes(_ name: String = "axis", of term: Term) throws(TensorError) -> [Int] {
    let axes = try term.shape.axesFromEnd(integers(name) ?? [])
    return axes.count == term.shape.rank ? [] : axes
  }

  /// The one axis of a tensor, counted from the end.
  func axis(_ name: String = "axis", of shape: Shape) throws(TensorError) -> Int {
    guard let axis = try shape.axesFromEnd([integer(name)]).first else { throw missing(name) }
    return axis
  }

  package func invalid(_ message: String, help: String? = nil) -> TensorError {
    .invalid(operation: function, message: message, help: help)
  }

  private func missing(_ name: String) -> TensorError { invalid("\(name) is not given") }
}
