// A notebook is Markdown; its ```descent blocks are cells: lines with `> ` are input, the rest is the
// output that was recorded.
//
// Text outside cells is kept byte for byte and never interpreted.

import Diagnostics

/// A Markdown file in parts.
package struct Notebook {
  /// One input and what it answered.
  package struct Entry: Equatable {
    /// Without the `> `; several lines when a bracket stays open.
    package var input: String
    package var output: [String]
    /// The number, from 1, of its first line in the file.
    package var line: Int
  }

  package enum Part {
    case text([Substring])
    /// The fence's opening line, the entries, the closing line.
    case cell(opening: Substring, entries: [Entry], closing: Substring)
  }

  package var parts: [Part]

  /// Reads a file's text. An unclosed cell ends with the file.
  package init(_ text: String) {
    parts = []
    var plain: [Substring] = []
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    var number = 0
    while let line = lines.popFirst() {
      number += 1
      guard let fence = Notebook.fence(line, language: "descent") else {
        plain.append(line)
        // Another language's block is skipped whole, so that a fence inside it is no cell.
        if let other = Notebook.fence(line, language: nil) {
          while let inner = lines.popFirst() {
            number += 1
            plain.append(inner)
            if Notebook.closes(inner, other) { break }
          }
        }
        continue
      }
      parts.append(.text(plain))
      plain = []
      var body: [(Substring, Int)] = []
      var closing: Substring = ""
      while let inner = lines.popFirst() {
        number += 1
        if Notebook.closes(inner, fence) {
          closing = inner
          break
        }
        body.append((inner, number))
      }
      parts.append(.cell(opening: line, entries: Notebook.entries(body), closing: closing))
    }
    parts.append(.text(plain))
  }

  /// The file's text, with whatever the entries hold now.
  package var text: String {
    var lines: [String] = []
    for part in parts {
      switch part {
      case .text(let plain): lines += plain.map(String.init)
      case .cell(let opening, let entries, let closing):
        lines.append(String(opening))
        for entry in entries {
          let input = entry.input.split(separator: "\n", omittingEmptySubsequences: false)
          for (i, line) in input.enumerated() { lines.append((i == 0 ? "> " : "") + line) }
          lines += entry.output
        }
        lines.append(String(closing))
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func entries(_ body: [(Substring, Int)]) -> [Entry] {
    var entries: [Entry] = []
    for (line, number) in body {
      if line.hasPrefix("> ") {
        entries.append(Entry(input: String(line.dropFirst(2)), output: [], line: number))
      } else if let last = entries.indices.last {
        if entries[last].output.isEmpty, needsMore(entries[last].input) {
          entries[last].input += "\n" + line
        } else {
          entries[last].output.append(String(line))
        }
      } else {
        entries.append(Entry(input: "", output: [String(line)], line: number))
      }
    }
    return entries
  }

  /// The run of backticks or tildes that opens a block, when it is one of this language.
  private static func fence(_ line: Substring, language: String?) -> Substring? {
    let trimmed = line.drop { $0 == " " }
    guard line.count - trimmed.count < 4, let mark = trimmed.first, mark == "`" || mark == "~"
    else {
      return nil
    }
    let run = trimmed.prefix { $0 == mark }
    guard run.count >= 3 else { return nil }
    guard let language else { return run }
    let info = trimmed.dropFirst(run.count).drop { $0 == " " }
    return info.prefix { $0 != " " } == language ? run : nil
  }

  private static func closes(_ line: Substring, _ fence: Substring) -> Bool {
    let trimmed = line.drop { $0 == " " }
    guard let mark = fence.first else { return false }
    let run = trimmed.prefix { $0 == mark }
    return run.count >= fence.count && trimmed.dropFirst(run.count).allSatisfy { $0 == " " }
  }
}
