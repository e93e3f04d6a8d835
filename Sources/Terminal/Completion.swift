// What TAB does with the candidates another layer offers: insert, extend or list. Pure
// functions of text and cursor, all counted in Unicode scalars as the editor counts.

/// Candidates for the text between `replaceFrom` and the cursor.
package struct Completion: Sendable, Equatable {
  package struct Candidate: Sendable, Equatable {
    /// What stands in the line if this one is taken.
    package let text: String
    /// A few words beside it in a list.
    package let hint: String

    package init(_ text: String, hint: String = "") {
      self.text = text
      self.hint = hint
    }
  }

  /// A scalar index into the line; everything from here to the cursor is replaced.
  package let replaceFrom: Int
  /// In the order to be listed.
  package let candidates: [Candidate]

  package init(replaceFrom: Int, candidates: [Candidate]) {
    self.replaceFrom = replaceFrom
    self.candidates = candidates
  }

  package static let none = Completion(replaceFrom: 0, candidates: [])

  enum Action: Equatable {
    case nothing
    /// Remove so many scalars before the cursor, then insert.
    case replace(removing: Int, with: String)
    case list
  }

  /// What to do in `line` with the cursor after `cursor` scalars.
  func action(line: String, cursor: Int) -> Action {
    guard let first = candidates.first else { return .nothing }
    let scalars = Array(line.unicodeScalars)
    guard cursor >= 0, cursor <= scalars.count, replaceFrom >= 0, replaceFrom <= cursor else {
      return .nothing
    }
    let typed = Array(scalars[replaceFrom..<cursor])
    if candidates.allSatisfy({ $0.text == first.text }) {
      let text = Array(first.text.unicodeScalars)
      return text == typed ? .nothing : .replace(removing: typed.count, with: first.text)
    }
    let shared = commonPrefix()
    if shared.count > typed.count, shared.starts(with: typed) {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: shared)
      return .replace(removing: typed.count, with: String(text))
    }
    return .list
  }

  private func commonPrefix() -> [Unicode.Scalar] {
    guard var shared = candidates.first.map({ Array($0.text.unicodeScalars) }) else { return [] }
    for candidate in candidates.dropFirst() {
      let common = zip(shared, candidate.text.unicodeScalars).prefix { $0 == $1 }.count
      shared.removeSubrange(common...)
    }
    return shared
  }

  /// The list as lines: one candidate a line with its hint if they are few, else columns.
  /// At most `height` lines, the last of which counts what was left out.
  package func listing(width: Int, height: Int) -> [String] {
    var seen: Set<String> = []
    let shown = candidates.filter { seen.insert($0.text).inserted }
    let texts = shown.map { TextWidth.printable($0.text) }
    let room = max(height, 2)
    let hasHints = shown.contains { !$0.hint.isEmpty }
    let lines: [String]
    if hasHints, shown.count <= min(room, 24) {
      let widest = texts.map { TextWidth.of($0) }.max() ?? 0
      lines = zip(texts, shown).map { text, candidate in
        let hint = TextWidth.printable(candidate.hint)
        let line = hint.isEmpty ? text : TextWidth.padRight(text, to: widest + 2) + hint
        return TextWidth.truncate(line, to: max(width - 1, 1))
      }
    } else {
      lines = columns(texts, width: max(width - 1, 1))
    }
    guard lines.count > room else { return lines }
    return lines.prefix(room - 1) + ["… \(lines.count - room + 1) more lines"]
  }

  /// Columns filled downwards, as `ls` does.
  private func columns(_ texts: [String], width: Int) -> [String] {
    let cell = (texts.map { TextWidth.of($0) }.max() ?? 0) + 2
    let across = max((width + 2) / cell, 1)
    let rows = (texts.count + across - 1) / across
    return (0..<rows).map { row in
      let cells = stride(from: row, to: texts.count, by: rows).map { texts[$0] }
      let line =
        cells.dropLast().map { TextWidth.padRight($0, to: cell) }.joined()
        + (cells.last ?? "")
      return TextWidth.truncate(line, to: width)
    }
  }
}
