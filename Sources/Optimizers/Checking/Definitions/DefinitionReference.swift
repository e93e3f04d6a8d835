// What Descent itself makes of an input: the definition's expression, lowered and run.

import Diagnostics
import Notation
import Synchronization
import Tensors

struct DefinitionReference: Sendable {
  let definition: KnownDefinition

  init(_ definition: KnownDefinition) { self.definition = definition }

  /// What was worked out before, in this process: the samples are the same every time.
  private static let known = Mutex<[String: (DefinitionSample, FormulaValue?)]>([:])

  /// An ordinary sample and what the reference makes of it.
  func sample(_ number: Int, isVector: Bool) -> (sample: DefinitionSample, value: FormulaValue?) {
    let key = "\(definition.id) \(number) \(isVector)"
    if let known = Self.known.withLock({ $0[key] }) { return known }
    let sample = DefinitionSamples.sample(number, of: definition, isVector: isVector)
    let result = (sample, value(sample))
    Self.known.withLock { $0[key] = result }
    return result
  }

  /// nil when the reference cannot be worked out for it.
  func value(_ sample: DefinitionSample) -> FormulaValue? {
    try? DefinitionReference.value(definition.reference, sample)
  }

  static func value(_ text: String, _ sample: DefinitionSample) throws -> FormulaValue {
    var text = text
    for (name, length) in sample.lengths {
      text = text.split(separator: "{\(name)}", omittingEmptySubsequences: false)
        .joined(separator: "\(length)")
    }
    var parser = try Parser(Source(text))
    let expression = try parser.parseExpression()
    let lowering = Lowering()
    let node = try lowering.lower(expression, in: SampleScope(sample.reference))
    let program = try Program(graph: lowering.graph, outputs: [node], threads: 1)
    _ = program.run(steps: 1)
    let tensor = program.read(node)
    return FormulaValue(tensor.elements, dimensions: tensor.shape.dimensions)
  }
}

/// The sample's values as constants.
private final class SampleScope: Scope {
  private let values: [String: FormulaValue]

  init(_ values: [String: FormulaValue]) { self.values = values }

  var knownNames: [String] { values.keys.sorted() }

  func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic) -> Meaning? {
    guard let value = values[name.canonical] else { return nil }
    return .node(
      lowering.graph.constant(Tensor(value.elements, shape: Shape(value.dimensions))))
  }
}
