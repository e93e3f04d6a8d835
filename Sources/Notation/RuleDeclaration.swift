// A rule as written in a rule file: its header, its citation, its lines.
//
// Syntax only. What a line means, which names are states and which branch of a `when` runs is decided
// in the layer of optimizers.

import Diagnostics

/// `rule adam(lr=0.001, …) { … }`
package struct RuleDeclaration: Sendable {
  /// A hyperparameter; one without a default must be given.
  package struct Parameter: Sendable {
    package var name: Name
    package var defaultValue: Expression?
    package var span: Span

    package init(name: Name, defaultValue: Expression?, span: Span) {
      self.name = name
      self.defaultValue = defaultValue
      self.span = span
    }
  }

  /// `adam`, or `torch`, `SGD` for a library's own call.
  package var path: [Name]
  package var nameSpan: Span
  package var parameters: [Parameter]
  /// One vector of all parameters is updated, not each by itself.
  package var overAll: Bool
  package var title: String?
  /// The paper or library it follows.
  package var source: String?
  package var notes: [String]
  package var body: [RuleStatement]
  /// Comments after the last line.
  package var closingComments: [String]
  package var span: Span

  package init(
    path: [Name], nameSpan: Span, parameters: [Parameter] = [], overAll: Bool = false,
    title: String? = nil, source: String? = nil, notes: [String] = [], body: [RuleStatement],
    closingComments: [String] = [], span: Span
  ) {
    self.path = path
    self.nameSpan = nameSpan
    self.parameters = parameters
    self.overAll = overAll
    self.title = title
    self.source = source
    self.notes = notes
    self.body = body
    self.closingComments = closingComments
    self.span = span
  }

  /// `torch.SGD`
  package var name: String { path.map(\.canonical).joined(separator: ".") }
}

/// A line of a rule, or a block of lines.
package indirect enum RuleStatement: Sendable {
  /// `name = value` with what was written round it.
  package struct Line: Sendable {
    package var name: Name
    package var nameSpan: Span
    package var value: Expression
    /// The comment behind the line.
    package var remark: String?
    /// Comments on lines of their own before it.
    package var commentsAbove: [String]
    /// It stands behind a comma: `state m = 0, v = 0`.
    package var sharesLine: Bool
    package var span: Span

    package init(
      name: Name, nameSpan: Span, value: Expression, remark: String? = nil,
      commentsAbove: [String] = [], sharesLine: Bool = false, span: Span
    ) {
      self.name = name
      self.nameSpan = nameSpan
      self.value = value
      self.remark = remark
      self.commentsAbove = commentsAbove
      self.sharesLine = sharesLine
      self.span = span
    }
  }

  /// Lines that run only under a condition.
  package struct Branch: Sendable {
    package var condition: Expression
    package var body: [RuleStatement]

    package init(condition: Expression, body: [RuleStatement]) {
      self.condition = condition
      self.body = body
    }
  }

  /// A constant, settled when the optimizer is chosen.
  case `let`(Line)
  /// What is kept from step to step, and its start.
  case state(Line)
  case assign(Line)
  /// Settled when the optimizer is chosen: the first branch whose condition holds.
  case when([Branch], otherwise: [RuleStatement])
  case `repeat`(Expression, [RuleStatement])

  /// The line, if it is one.
  package var line: Line? {
    switch self {
    case .let(let line), .state(let line), .assign(let line): line
    case .when, .repeat: nil
    }
  }
}
