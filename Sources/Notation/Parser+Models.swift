// A model's chain of layers:
//
//   model   = stage { "|>" stage }
//   stage   = "skip" "(" model [ "," "shortcut" "=" model ] ")" | expression
//
// What a stage means is not this file's business: `relu` and `linear(10, 20)` are expressions here.

import Diagnostics

/// One stage of a model as it was typed.
package indirect enum ModelStage: Sendable {
  /// `linear(10, 20)`, `relu`, the name of another model.
  case layer(Expression)
  /// `skip(a |> b)`: the input is added to what the stages make of it. With `shortcut=c`, c of the
  /// input is added instead.
  case skip([ModelStage], shortcut: [ModelStage], Span)

  package var span: Span {
    switch self {
    case .layer(let expression): expression.span
    case .skip(_, _, let span): span
    }
  }
}

extension Parser {
  /// How deep stages may stand in each other.
  static let maximumModelDepth = 16

  /// `linear(10, 20) |> relu |> skip(linear(20, 20) |> relu)`
  package mutating func parseModel() throws(SyntaxError) -> [ModelStage] {
    try parseModel(depth: 0)
  }

  private mutating func parseModel(depth: Int) throws(SyntaxError) -> [ModelStage] {
    var stages: [ModelStage] = []
    repeat {
      skipNewlines()
      stages.append(try parseModelStage(depth: depth))
    } while accept(.pipe) != nil
    return stages
  }

  private mutating func parseModelStage(depth: Int) throws(SyntaxError) -> ModelStage {
    let first = peek
    guard isWord("skip"), isSymbol(.leftParenthesis, ahead: 1) else {
      return .layer(try parseExpression())
    }
    guard depth < Parser.maximumModelDepth else {
      throw SyntaxError(.tooHigh(limit: Parser.maximumModelDepth), span(first))
    }
    advance()
    try open(.leftParenthesis)
    let stages = try parseModel(depth: depth + 1)
    var shortcut: [ModelStage] = []
    if accept(.comma) != nil {
      try expect(word: "shortcut", help: "as in skip(linear(4, 8) |> relu, shortcut=linear(4, 8))")
      try expect(.assign)
      shortcut = try parseModel(depth: depth + 1)
    }
    try close(.rightParenthesis, or: "|>")
    return .skip(stages, shortcut: shortcut, span(from: first))
  }
}
