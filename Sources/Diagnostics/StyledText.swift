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
  /// A series of a chart, by its number.
  case series1, series2, series3, series4, series5, series6

  /// The style of a series, counted from 0; they begin anew when there are more.
  package static func series(_ number: Int) -> Style {
    let all: [Style] = [.series1, .series2, .series3, .series4, .series5, .series6]
    return all[max(0, number) % all.count]
  }
}

/// Two grays of one cell, from 0 black to 255 white: its upper half `▀` and what is behind it.
package struct Grays: Sendable, Equatable {
  package var upper: UInt8
  package var lower: UInt8

  package init(upper: UInt8, lower: UInt8) {
    self.upper = upper
    self.lower = lower
  }
}

/// A piece of text in runs of one style each.
///
/// Names and cells of files come into it as they are in the file, so control characters are made
/// visible on the way in: nothing in a text commands the terminal it is shown on. Newlines and tabs
/// stay; colours are a style, never an escape.
package struct StyledText: Sendable, Equatable {
  package struct Run: Sendable, Equatable {
    package fileprivate(set) var text: String
    package var style: Style
    /// Set for the cells of a picture, in place of a style.
    package var grays: Grays?

    package init(_ text: String, _ style: Style, grays: Grays? = nil) {
      self.text = ControlCharacters.visible(text)
      self.style = style
      self.grays = grays
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
    append(Run(text, style))
  }

  package mutating func append(_ run: Run) {
    guard !run.text.isEmpty else { return }
    if let last = runs.indices.last, runs[last].style == run.style, runs[last].grays == run.grays {
      runs[last].text += run.text
    } else {
      runs.append(run)
    }
  }

  package mutating func append(_ other: StyledText) {
    for run in other.runs { append(run) }
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
