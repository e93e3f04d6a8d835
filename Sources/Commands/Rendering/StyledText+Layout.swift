// Styled text split into lines and folded to a width, each run keeping its style.

import Diagnostics

extension StyledText {
  /// The text split at its line ends.
  package var lines: [StyledText] {
    var result = [StyledText()]
    for run in runs {
      let parts = run.text.split(separator: "\n", omittingEmptySubsequences: false)
      for (i, part) in parts.enumerated() {
        if i > 0 { result.append(StyledText()) }
        result[result.count - 1].append(String(part), run.style)
      }
    }
    return result
  }

  /// The text with signs that ASCII lacks replaced, if the format asks for it.
  package func plainSigns(_ format: Format) -> StyledText {
    guard format.ascii else { return self }
    var result = StyledText()
    for run in runs { result.append(format.signs.plain(run.text), run.style) }
    return result
  }

  /// One line folded at blanks to so many columns; further lines are indented as the first, and by
  /// `hanging` more.
  package func folded(to columns: Int, hanging: Int = 2) -> [StyledText] {
    guard width > columns else { return [self] }
    let text = plain
    let own = text.prefix { $0 == " " }.count
    let indent = own + hanging < columns ? own + hanging : 0
    var lines: [StyledText] = []
    var rest = self
    while rest.width > columns,
      let cut = rest.foldingPlace(columns, after: lines.isEmpty ? own : indent)
    {
      let (head, tail) = rest.split(at: cut)
      lines.append(head)
      rest = StyledText(String(repeating: " ", count: indent)) + tail
    }
    return lines + [rest]
  }

  /// The offset in characters of the last blank that keeps the line within `columns`, or of the
  /// first one at all; nil when there is none.
  private func foldingPlace(_ columns: Int, after start: Int) -> Int? {
    var used = 0
    var best: Int?
    var previous: Character = " "
    for (i, character) in plain.enumerated() {
      defer { previous = character }
      // A line does not end in a sign.
      if character == " ", i > start, !"=≈→←·+−".contains(previous) {
        if used > columns { return best ?? i }
        best = i
      }
      used += TextWidth.columns(of: String(character))
    }
    return used > columns ? best : nil
  }

  /// The text before a blank and the text after it, the blanks there left out.
  private func split(at place: Int) -> (StyledText, StyledText) {
    var head = StyledText()
    var tail = StyledText()
    var position = 0
    for run in runs {
      let characters = Array(run.text)
      let cut = max(0, min(characters.count, place - position))
      head.append(String(characters[..<cut]), run.style)
      var rest = characters[cut...]
      if tail.isEmpty { rest = rest.drop { $0 == " " } }
      tail.append(String(rest), run.style)
      position += characters.count
    }
    return (head.trimmed, tail)
  }

  /// Without blanks at the end.
  package var trimmed: StyledText {
    var kept = StyledText()
    let count = plain.reversed().drop { $0 == " " }.count
    var left = count
    for run in runs where left > 0 {
      let part = run.text.prefix(left)
      kept.append(String(part), run.style)
      left -= part.count
    }
    return kept
  }
}
