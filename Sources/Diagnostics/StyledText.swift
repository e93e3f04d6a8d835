// Text whose parts say what they are, not what colour they have.
//
// Every layer may build it; only the terminal turns a style into a colour, and only when it is one
// that shows colours. It never holds escape sequences.

/// What a run of text is.
package enum Style: String, Sendable, CaseIterable {
  case plain
  case error, warning, note, caret, help
  /// Said for completeness, not to be read first: a citation, a path, a unit.
  case dim
  /// A name that is being defined or talked about.
  case name
  case number
  /// The value asked for.
  case result
  /// What changed, what is chosen, what is the heading.
  case accent
  case good, bad
}

/// A piece of text in runs of one style each.
package struct StyledText: Sendable, Equatable {
  package struct Run: Sendable, Equatable {
    package var text: String
    package var style: Style

    package init(_ text: String, _ style: Style) {
      self.text = text
      self.style = style
    }
  }

  package private(set) var runs: [Run]

  package init(_ text: String = "", _ style: Style = .plain) {
    runs = text.isEmpty ? [] : [Run(text, style)]
  }

  /// The text without its styles.
  package var plain: String { runs.reduce(into: "") { $0 += $1.text } }

  package var isEmpty: Bool { runs.isEmpty }

  /// Columns a terminal needs to show it.
  package var width: Int { runs.reduce(0) { $0 + TextWidth.columns(of: $1.text) } }

  package mutating func append(_ text: String, _ style: Style = .plain) {
    guard !text.isEmpty else { return }
    if let last = runs.indices.last, runs[last].style == style {
      runs[last].text += text
    } else {
      runs.append(Run(text, style))
    }
  }

  package mutating func append(_ other: StyledText) {
    for run in other.runs { append(run.text, run.style) }
  }

  /// Fills up with blanks to so many columns; longer text stays as it is.
  package mutating func pad(to columns: Int) {
    append(String(repeating: " ", count: max(0, columns - width)))
  }

  package static func + (a: StyledText, b: StyledText) -> StyledText {
    var both = a
    both.append(b)
    return both
  }
}

extension StyledText: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) {
    self.init(value)
  }
}
