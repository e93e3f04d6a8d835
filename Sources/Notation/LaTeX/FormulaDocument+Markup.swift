// The forms in which other markups than Markdown and TeX hold formulas: directives and roles of
// reStructuredText and MyST, blocks and macros of AsciiDoc, shortcodes and scripts of pages.

import Diagnostics

extension FormulaDocument {
  /// How a document is written; by its name, and else by what it begins with.
  enum Markup {
    case markdown, tex, restructured, asciidoc, org

    private static let endings: [(String, Markup)] = [
      (".tex", .tex), (".ltx", .tex), (".md", .markdown), (".markdown", .markdown),
      (".ipynb", .markdown), (".rst", .restructured), (".rest", .restructured),
      (".adoc", .asciidoc), (".asciidoc", .asciidoc), (".org", .org),
    ]

    init(of source: Source) {
      let name = (source.name ?? "").lowercased()
      if let (_, markup) = Markup.endings.first(where: { name.hasSuffix($0.0) }) {
        self = markup
        return
      }
      let wanted = Array("\\documentclass".utf8)
      let head = source.bytes.prefix(1 << 16)
      let isTeX = head.indices.contains { head[$0] == 0x5C && head[$0...].starts(with: wanted) }
      self = isTeX ? .tex : .markdown
    }

    /// What a heading begins with.
    var headingMark: Unicode.Scalar {
      switch self {
      case .asciidoc: "="
      case .org: "*"
      default: "#"
      }
    }

    /// The level of a heading that a line of such marks stands below.
    func level(underlinedWith mark: UInt8) -> Int? {
      switch mark {
      // A line of hyphens opens a block there.
      case _ where self == .asciidoc: nil
      case UInt8(ascii: "="): 1
      case UInt8(ascii: "-"): 2
      case UInt8(ascii: "~"): self == .restructured ? 3 : nil
      case UInt8(ascii: "^"): self == .restructured ? 4 : nil
      case UInt8(ascii: "\""): self == .restructured ? 5 : nil
      default: nil
      }
    }
  }

  // MARK: Blocks

  /// A block that begins with this line and is a formula.
  mutating func takeBlock() -> Bool {
    literal() || directive() || colonFence() || passthrough() || shortcode() || scriptElement()
  }

  /// ```
  /// .. math::
  ///    :label: adam
  ///
  ///    m = …
  /// ```
  private mutating func directive() -> Bool {
    let indent = indentation(of: place)
    guard starts(".. math::", at: indent) else { return false }
    let open = place
    let first = place + indent + 9
    let own = lineEnd(from: first)
    let isInline = bytes[first..<own].contains { $0 > 0x20 }
    var next = min(own + 1, bytes.count)
    var start = isInline ? first : next
    var end = isInline ? own : next
    // All lines that are further to the right belong to it.
    while next < bytes.count {
      let stop = lineEnd(from: next)
      if bytes[next..<stop].contains(where: { $0 > 0x20 }) {
        guard indentation(of: next) > indent else { break }
        if isInline, optionsEnd(from: next, to: stop) > next { break }
        end = stop
      }
      next = stop + 1
    }
    start = optionsEnd(from: start, to: end)
    guard start < end else { return false }
    add(start, end, display: true, from: open, to: min(end + 1, bytes.count))
    return true
  }

  private func indentation(of start: Int) -> Int {
    var next = start
    while next < bytes.count, bytes[next] == 0x20 || bytes[next] == 0x09 { next += 1 }
    return next - start
  }

  /// Behind the lines `:label: adam` and the empty one that ends them.
  func optionsEnd(from start: Int, to end: Int) -> Int {
    var next = start
    while next < end {
      let stop = min(lineEnd(from: next), end)
      let text = bytes[next..<stop].drop { $0 <= 0x20 }
      let isOption =
        text.first == UInt8(ascii: ":")
        && text.dropFirst().first.map { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A } ?? false
        && text.dropFirst().contains(UInt8(ascii: ":"))
      guard text.isEmpty || isOption else { break }
      next = min(stop + 1, end)
    }
    return next
  }

  /// `:::{math}` … `:::`
  private mutating func colonFence() -> Bool {
    guard starts(":::") else { return false }
    let end = lineEnd(from: place)
    let info = bytes[place..<end].filter { $0 > 0x20 && $0 != UInt8(ascii: ":") }
    guard info == Array("{math}".utf8), end < bytes.count,
      let close = find("\n:::", from: end)
    else { return false }
    let start = optionsEnd(from: end + 1, to: close)
    add(start, max(start, close), display: true, from: place, to: lineEnd(from: close + 1))
    return true
  }

  /// Code between two lines `----`, what stands as it is between `....`, and comments between `////`:
  /// no formula is in it. One that is never closed is none.
  private mutating func literal() -> Bool {
    guard markup == .asciidoc, let mark = bytes[place...].first, "-./".utf8.contains(mark) else {
      return false
    }
    guard let count = delimiter(at: place, of: mark), (4...120).contains(count) else {
      return false
    }
    let line = String(repeating: String(Unicode.Scalar(mark)), count: count)
    var next = lineEnd(from: place)
    while let close = find("\n" + line, from: next) {
      next = close + 1
      if delimiter(at: next, of: mark) == count {
        go(to: min(lineEnd(from: next) + 1, bytes.count))
        return true
      }
    }
    return false
  }

  /// The length of a line that is nothing but a mark again and again.
  private func delimiter(at start: Int, of mark: UInt8) -> Int? {
    let line = bytes[start..<lineEnd(from: start)]
    let count = line.prefix { $0 == mark }.count
    return line.dropFirst(count).allSatisfy { $0 <= 0x20 } ? count : nil
  }

  /// `[stem]` or `[latexmath]` above `++++` … `++++`
  private mutating func passthrough() -> Bool {
    guard markup == .asciidoc, starts("[stem") || starts("[latexmath") else { return false }
    let open = lineEnd(from: place) + 1
    guard open < bytes.count, bytes[open...].starts(with: "++++\n".utf8),
      let close = find("\n++++", from: open + 4)
    else { return false }
    let start = min(open + 5, close)
    guard starts("[latexmath") || isLaTeX(start, close) else { return false }
    add(start, close, display: true, from: place, to: close + 5)
    return true
  }

  /// AsciiMath has no backslashes.
  private func isLaTeX(_ start: Int, _ end: Int) -> Bool {
    bytes[start..<end].contains(UInt8(ascii: "\\"))
  }

  /// `{{< katex >}}` … `{{< /katex >}}`
  private mutating func shortcode() -> Bool {
    for name in ["katex", "math", "mathjax"] where starts("{{< \(name)") {
      guard let start = find(">}}", from: place), let close = find("{{< /\(name)", from: start),
        start < lineEnd(from: place)
      else { continue }
      add(start + 3, close, display: true, from: place, to: lineEnd(from: close))
      return true
    }
    return false
  }

  /// `<script type="math/tex; mode=display">`
  private mutating func scriptElement() -> Bool {
    guard starts("<script type=\"math/tex"), let start = find(">", from: place),
      let close = find("</script>", from: start)
    else { return false }
    let isDisplay = bytes[place..<start].contains(UInt8(ascii: ";"))
    add(start + 1, close, display: isDisplay, from: place, to: close + 9)
    return true
  }

  // MARK: Roles

  /// `:math:` and `{math}` with the formula between backticks, `stem:[ … ]`, `latexmath:[ … ]`.
  mutating func takeRole() -> Bool {
    for name in [":math:`", "{math}`"] where starts(name) {
      let start = place + name.utf8.count
      guard let end = find("`", from: start),
        !bytes[start..<end].contains(0x0A) || end - start < 400
      else { return false }
      add(start, end, display: false, from: place, to: end + 1)
      return true
    }
    guard markup == .asciidoc else { return false }
    for name in ["stem:[", "latexmath:["] where starts(name) {
      var start = place + name.utf8.count
      guard var end = bracketEnd(from: start) else { return false }
      let close = end + 1
      guard name == "latexmath:[" || isLaTeX(start, end) else {
        go(to: close)
        return true
      }
      if end > start + 1, bytes[start] == 0x24, bytes[end - 1] == 0x24 {
        start += 1
        end -= 1
      }
      add(start, end, display: false, from: place, to: close)
      return true
    }
    return false
  }

  /// The `]` that closes; one inside is written `\]`.
  private mutating func bracketEnd(from start: Int) -> Int? {
    // Where none is near, nothing is looked through.
    guard let first = find("]", from: start), first - start < 2000 else { return nil }
    var depth = 0
    var next = start
    while next < bytes.count, next - start < 2000, bytes[next] != 0x0A {
      switch bytes[next] {
      case UInt8(ascii: "\\"): next += 1
      case UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "]"):
        if depth == 0 { return next }
        depth -= 1
      default: break
      }
      next += 1
    }
    return nil
  }
}
