// A function is what the language calls by name: an operation, or a formula of operations.
//
// A function only adds nodes to a graph. What it computes is said in its summary, exactly: mean or
// sum, which logarithm, probabilities or logits.

package struct Function: Sendable {
  package typealias Build =
    @Sendable (_ graph: inout Graph, _ arguments: FunctionArguments) throws(TensorError) -> NodeID

  package let name: String
  package let aliases: [String]
  package let parameters: [Parameter]
  package let summary: String
  /// The same in the language itself, for a function that is a formula.
  package let formula: String?
  /// Whether each place that calls it needs its own `FunctionArguments.randomKey`.
  package let isRandom: Bool
  package let build: Build

  package init(
    _ name: String, aliases: [String] = [], _ parameters: [Parameter], _ summary: String,
    formula: String? = nil, isRandom: Bool = false,
    _ body: @escaping @Sendable (FunctionCall) throws(TensorError) -> Term
  ) {
    self.name = name
    self.aliases = aliases
    self.parameters = parameters
    self.summary = summary
    self.formula = formula
    self.isRandom = isRandom
    build = { graph, arguments throws(TensorError) in
      try graph.building { builder throws(TensorError) in
        try body(FunctionCall(builder: builder, function: name, arguments: arguments)).id
      }
    }
  }

  /// A function that is one operation on tensors named x, or a and b, or a, b and c.
  init(_ operation: Operation, name: String? = nil, aliases: [String] = [], _ names: [String]) {
    self.init(
      name ?? operation.name, aliases: aliases, names.map { .tensor($0) }, operation.summary
    ) { call throws(TensorError) in
      var inputs: [Term] = []
      for name in names { inputs.append(try call[name]) }
      return try call.builder.apply(operation, inputs)
    }
  }
}

/// One parameter of a function.
package struct Parameter: Sendable {
  package enum Kind: Sendable, Equatable {
    /// A value of the graph.
    case tensor
    /// All the positional arguments from here on, each a value of the graph.
    case tensors
    /// Known when the graph is built, as are all the kinds below.
    case integer
    case number
    case flag
    /// One axis or a list of them; negative ones count from the end.
    case axes
    /// Sizes, as a list or as several positional arguments.
    case shape
  }

  package enum Default: Sendable, Equatable {
    case required
    /// May be left out; the summary says what that means.
    case absent
    case number(Double)
    case integers([Int])
    case flag(Bool)
    /// The step counter t.
    case step
  }

  package let name: String
  package let kind: Kind
  package let value: Default
  /// Whether several positional arguments may go to it.
  package let isVariadic: Bool

  private init(name: String, kind: Kind, value: Default, isVariadic: Bool = false) {
    self.name = name
    self.kind = kind
    self.value = value
    self.isVariadic = isVariadic
  }

  package static func tensor(_ name: String, _ value: Default = .required) -> Parameter {
    Parameter(name: name, kind: .tensor, value: value)
  }
  package static func tensors(_ name: String) -> Parameter {
    Parameter(name: name, kind: .tensors, value: .required, isVariadic: true)
  }
  package static func integer(_ name: String, _ value: Default = .required) -> Parameter {
    Parameter(name: name, kind: .integer, value: value)
  }
  package static func number(_ name: String, _ value: Default = .required) -> Parameter {
    Parameter(name: name, kind: .number, value: value)
  }
  package static func flag(_ name: String, _ value: Bool = false) -> Parameter {
    Parameter(name: name, kind: .flag, value: .flag(value))
  }
  package static func axes(_ name: String = "axis", _ value: Default = .absent) -> Parameter {
    Parameter(name: name, kind: .axes, value: value)
  }
  package static func shape(isVariadic: Bool = true) -> Parameter {
    Parameter(name: "shape", kind: .shape, value: .required, isVariadic: isVariadic)
  }
}

extension Function {
  /// `softmax(x, axis=-1)`.
  package var signature: String {
    name + "(" + parameters.map(\.description).joined(separator: ", ") + ")"
  }

  /// The function of that name or alias.
  package static func named(_ name: String) -> Function? { byName[name] }

  private static let byName: [String: Function] = {
    var result: [String: Function] = [:]
    for function in catalogue {
      for name in [function.name] + function.aliases { result[name] = function }
    }
    return result
  }()
}

extension Parameter: CustomStringConvertible {
  package var description: String {
    switch value {
    case .required: isVariadic ? name + "…" : name
    case .absent: name + "=…"
    case .number(let number): "\(name)=\(number.shortSpelling)"
    case .integers(let integers):
      name + "=" + (integers.count == 1 ? "\(integers[0])" : "\(integers)")
    case .flag(let flag): "\(name)=\(flag)"
    case .step: name + "=t"
    }
  }
}

extension Double {
  /// 2 rather than 2.0.
  var shortSpelling: String {
    let text = "\(self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
