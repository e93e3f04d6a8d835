// Text from a model that gives a logit for each character: draw one, put it behind the others, ask
// again.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// How characters are drawn.
package struct Generating: Sendable {
  package var count = 0
  package var start = ""
  /// How many of the last characters the model sees; nil: as many as the start has.
  package var window: Int?
  /// Logits are divided by it; 0 takes the largest.
  package var temperature = 1.0
  package var seed = 0.0

  package static let mostCharacters = 100_000

  package init() {}
}

extension Session {
  /// The numbers of the characters, the start's and those drawn, and the text they make.
  ///
  /// The model, or function, is applied to the numbers of the last characters as one row [1, T]; the
  /// last row of what it answers is taken as the logits of the next character, which is drawn with
  /// probability softmax(logits/temperature).
  ///
  /// - Throws: `generate.…`, and whatever the model throws.
  package func generate(
    _ plan: Generating, with model: Expression, from data: Expression
  ) throws(Diagnostic) -> (codes: Tensor, text: String) {
    guard let bundle = dataObject(data) as? DataBundle, let vocabulary = bundle.vocabulary else {
      throw Diagnostic(
        "generate.data", "\(data.text(.pretty)) is no text", at: data.span,
        help: "data d = text(\"file.txt\")")
    }
    var codes = try bundle.encode(plan.start, at: data.span)?.elements ?? []
    if codes.isEmpty { codes = [0] }
    let window = plan.window ?? codes.count
    guard window >= 1, window <= codes.count else {
      throw Diagnostic(
        "generate.window",
        "the model is to see \(window) characters, and start has \(codes.count)", at: model.span,
        help: "start=\"…\" with at least as many characters as the model takes")
    }
    let stream = RandomStream(key: RandomStream.key([problem.seed, 0x7E87]), seed: plan.seed)
    let input = Name(canonical: "last characters")
    let argument = Expression.Argument(value: Expression(.name(input), model.span))
    guard let path = model.path else {
      throw Diagnostic(
        "generate.model", "a model's or function's name is expected", at: model.span)
    }
    let call = Expression(
      .call(.init(path: path, span: model.span), [argument]), model.span)
    var session = self
    for place in 0..<plan.count {
      if interrupted() { throw TensorProse(.interrupted).diagnostic }
      session.problem.definitions[input] = .value(
        Tensor(Array(codes.suffix(window)), shape: [1, window], type: .int64))
      let answer = try session.evaluate(call)
      guard answer.shape.dimensions.last == vocabulary.count else {
        throw Diagnostic(
          "generate.logits",
          "\(model.text(.pretty)) gives shape \(answer.shape) for \(window) characters; the last"
            + " size has to be \(vocabulary.count), a logit for each character",
          at: model.span)
      }
      let logits = Array(answer.elements.suffix(vocabulary.count))
      let chosen = Session.draw(logits, plan.temperature, stream.block(place).0)
      guard let chosen else {
        throw Diagnostic("generate.nan", "a logit is not a number", at: model.span)
      }
      codes.append(Double(chosen))
    }
    let tensor = Tensor(codes, shape: [codes.count], type: .int64)
    return (tensor, try bundle.decode(tensor, at: data.span) ?? "")
  }

  /// A place drawn with probability softmax(logits/temperature), by 64 random bits.
  private static func draw(_ logits: [Double], _ temperature: Double, _ bits: UInt64) -> Int? {
    guard let largest = logits.max(), logits.allSatisfy({ !$0.isNaN }), largest.isFinite else {
      return nil
    }
    guard temperature > 0 else { return logits.firstIndex(of: largest) }
    let weights = logits.map { Opcode.exp.apply(($0 - largest) / temperature) }
    var left = Double(bits >> 11) * 0x1p-53 * weights.reduce(0, +)
    for (place, weight) in weights.enumerated() {
      left -= weight
      if left < 0 { return place }
    }
    return weights.lastIndex { $0 > 0 }
  }
}
