// Where the formulas of a Markdown or TeX document are.
//
// Display formulas ($$ … $$, \[ … \], environments, ```math, algorithms) and inline ones ($ … $,
// \( … \)), under which heading they stand, and the macros that are defined on the way. Fenced code,
// code between backticks, comments, verbatim text and amounts of money are left alone. One pass over
// the bytes; nothing is parsed here.

import Diagnostics

package struct DocumentFormula: Sendable {
  /// What is between the delimiters; an environment with its \begin and \end.
  package var span: Span
  /// The same with the delimiters.
  package var whole: Span
  package var isDisplay: Bool
  /// The number of the line it begins on, from 1.
  package var line: Int
  /// The number of the section it stands in, from 0.
  package var section: Int

  package init(span: Span, whole: Span, isDisplay: Bool, line: Int, section: Int) {
    self.span = span
    self.whole = whole
    self.isDisplay = isDisplay
    self.line = line
    self.section = section
  }
}

package struct DocumentHeading: Sendable {
  /// Without its marks.
  package var text: String
  /// 1 for the highest.
  package var level: Int
  package var line: Int
  /// Where it begins and where what stands under it begins.
  package var start: Int
  package var end: Int
}

package struct FormulaDocument: Sendable {
  package internal(set) var formulas: [DocumentFormula] = []
  /// The heading of section n is `headings[n - 1]`; section 0 has none.
  package internal(set) var headings: [DocumentHeading] = []
  private var outer: [Int] = []
  /// The definitions of macros, in order: `\newcommand{\vg}{\mathbf{g}}`.
  package internal(set) var definitions: [Span] = []
  /// Written for TeX: `%` begins a comment, backticks are quotes.
  package var isTeX: Bool { markup == .tex }
  let markup: Markup

  package let source: Source
  let bytes: [UInt8]
  var place = 0
  var line = 1
  var atLineStart = true
  /// Closing marks that do not occur from a place on.
  private var absent: [String: Int] = [:]
  /// From where on a mark was searched for, and where it is.
  private var present: [String: (from: Int, place: Int)] = [:]
  /// No display that is never closed begins before this place.
  var noDisplayBefore = 0
  /// A place up to which no formula goes, and that of what shows it.
  var prose: (place: Int, next: Int)?

  package init(_ source: Source) {
    self.source = source
    bytes = source.bytes
    markup = Markup(of: source)
    line = source.firstLine
    // The mark that some editors put at the beginning.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    while place < bytes.count { scan() }
    outer = FormulaDocument.outer(headings)
  }

  private mutating func scan() {
    if atLineStart {
      atLineStart = false
      if !isTeX, skipFence() || takeBlock() || skipHeading() { return }
    }
    let byte = bytes[place]
    switch byte {
    case 0x0A:
      line += 1
      place += 1
      atLineStart = true
    case UInt8(ascii: "`") where !isTeX: skipCode()
    case UInt8(ascii: "%") where isTeX: go(to: lineEnd(from: place))
    case UInt8(ascii: "\\"): backslash()
    case UInt8(ascii: "$"): dollar()
    case UInt8(ascii: "<") where !isTeX: skipMarkup()
    case UInt8(ascii: ":"), UInt8(ascii: "{"), UInt8(ascii: "s"), UInt8(ascii: "l"):
      if isTeX || !takeRole() { place += 1 }
    default: place += 1
    }
  }

  // MARK: Places

  func starts(_ text: String, at offset: Int = 0) -> Bool {
    var next = place + offset
    for byte in text.utf8 {
      guard next < bytes.count, bytes[next] == byte else { return false }
      next += 1
    }
    return true
  }

  func lineEnd(from start: Int) -> Int {
    bytes[min(start, bytes.count)...].firstIndex(of: 0x0A) ?? bytes.count
  }

  /// Goes to a place and counts the lines on the way.
  mutating func go(to end: Int) {
    let stop = min(max(end, place), bytes.count)
    for byte in bytes[place..<stop] where byte == 0x0A { line += 1 }
    place = stop
    atLineStart = stop > 0 && bytes[stop - 1] == 0x0A
  }

  mutating func find(_ text: String, from start: Int) -> Int? {
    // What is not there is searched for once, and so is what is far away.
    if let from = absent[text], start >= from { return nil }
    if let known = present[text], known.from <= start, start <= known.place { return known.place }
    let wanted = Array(text.utf8)
    guard let first = wanted.first else { return nil }
    var next = start
    while next + wanted.count <= bytes.count {
      if bytes[next] == first, bytes[next...].starts(with: wanted) {
        present[text] = (start, next)
        return next
      }
      next += 1
    }
    absent[text] = start
    return nil
  }

  /// Whether a paragraph ends at a line's end.
  func isParagraphEnd(_ place: Int) -> Bool {
    guard bytes[place] == 0x0A, place + 1 < bytes.count else { return false }
    if bytes[place + 1] == 0x0A { return true }
    return bytes[place + 1] == 0x0D && place + 2 < bytes.count && bytes[place + 2] == 0x0A
  }

  mutating func add(_ start: Int, _ end: Int, display: Bool, from open: Int, to close: Int) {
    let skipped = bytes[place..<max(place, min(start, bytes.count))].count { $0 == 0x0A }
    let span = Span(source, start, end)
    let count = definitions.count
    findDefinitions(in: span)
    if definitions.count == count || holdsMore(span, than: definitions[count...]) {
      formulas.append(
        DocumentFormula(
          span: span, whole: Span(source, open, min(close, bytes.count)), isDisplay: display,
          line: line + (display ? 0 : skipped), section: headings.count))
    }
    go(to: close)
  }
}

extension FormulaDocument {
  /// The text between a formula and the display or the heading before it, inline formulas as they
  /// are; the last 1200 bytes of it.
  package func text(before formula: Int) -> String {
    let own = formulas[formula]
    var start = own.section > 0 ? headings[own.section - 1].end : 0
    var other = formula - 1
    while other >= 0, formulas[other].section == own.section {
      if formulas[other].isDisplay {
        start = max(start, formulas[other].whole.end)
        break
      }
      other -= 1
    }
    start = max(start, own.whole.start - 1200)
    return Span(source, start, own.whole.start).text
  }

  /// The section up to a formula with its displays; its last 1200 bytes.
  package func section(before formula: Int) -> String {
    let own = formulas[formula]
    let start = own.section > 0 ? headings[own.section - 1].end : 0
    return Span(source, max(start, own.whole.start - 1200), own.whole.start).text
  }

  /// The text from a formula to the next heading, displays and all; its first 1200 bytes.
  package func section(after formula: Int) -> String {
    let own = formulas[formula]
    let end = own.section < headings.count ? headings[own.section].start : bytes.count
    return Span(source, own.whole.end, max(own.whole.end, min(end, own.whole.end + 1200))).text
  }

  /// The text from a formula to the next display or heading; its first 1200 bytes.
  package func text(after formula: Int) -> String {
    let own = formulas[formula]
    var end = own.section < headings.count ? headings[own.section].start : bytes.count
    var other = formula + 1
    while other < formulas.count, formulas[other].section == own.section {
      if formulas[other].isDisplay {
        end = min(end, formulas[other].whole.start)
        break
      }
      other += 1
    }
    return Span(source, own.whole.end, min(end, own.whole.end + 1200)).text
  }

  /// The heading a section stands under and those above it, the nearest first.
  package func headings(above section: Int) -> [DocumentHeading] {
    var found: [DocumentHeading] = []
    var place = section - 1
    while headings.indices.contains(place) {
      found.append(headings[place])
      place = outer[place]
    }
    return found
  }

  /// The sections that a section lies in, the nearest first.
  package func sections(around section: Int) -> [Int] {
    var found: [Int] = []
    var place = section - 1
    while headings.indices.contains(place), headings.indices.contains(outer[place]) {
      place = outer[place]
      found.append(place + 1)
    }
    return found
  }

  /// Of every heading the place of the one above it, -1 for none.
  private static func outer(_ headings: [DocumentHeading]) -> [Int] {
    var result: [Int] = []
    for (place, heading) in headings.enumerated() {
      var above = place - 1
      while above >= 0, headings[above].level >= heading.level { above = result[above] }
      result.append(above)
    }
    return result
  }
}
