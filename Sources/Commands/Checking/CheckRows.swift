// The lines of a check report: columns for the place, the title, the verdict and how it was measured,
// below each its details.

import Diagnostics
import Notation
import Optimizers

struct CheckRows {
  private let formulas: [CheckedFormula]
  private let showsLines: Bool
  private let format: Format
  private let lineWidth: Int
  private let titleWidth: Int
  private let headlineWidth: Int
  /// Where the lines of each document begin, for places in it.
  private let places: LinePlaces

  /// Wider columns are not lined up.
  private static let mostTitle = 24
  private static let mostHeadline = 44

  init(_ formulas: [CheckedFormula], showsLines: Bool, _ format: Format) {
    self.formulas = formulas
    self.showsLines = showsLines
    self.format = format
    lineWidth = formulas.reduce(0) { max($0, String($1.line).count) }
    titleWidth = formulas.reduce(0) {
      let width = TextWidth.columns(of: format.signs.plain($1.title))
      return width <= CheckRows.mostTitle ? max($0, width) : $0
    }
    headlineWidth = formulas.reduce(0) {
      guard $1.finding?.measure != nil else { return $0 }
      let width = TextWidth.columns(of: format.signs.plain(CheckRows.headline($1)))
      return width <= CheckRows.mostHeadline ? max($0, width) : $0
    }
    places = LinePlaces(formulas.first?.formulas.first?.span.source)
  }

  func lines(_ place: Int) -> [StyledText] {
    let formula = formulas[place]
    var line = StyledText("  ")
    if showsLines {
      let number = String(formula.line)
      line.append("line " + number, .dim)
      line.append(String(repeating: " ", count: lineWidth - number.count + 2))
    }
    let (mark, style) = self.mark(formula.outcome)
    line.append(mark + " ", style)
    line.append(padded(formula.title, titleWidth), .name)
    line.append("  ")
    let hanging = 6
    var below: [StyledText] = []
    func add(_ text: StyledText) {
      for line in text.lines {
        below += (StyledText(String(repeating: " ", count: hanging)) + line).plainSigns(format)
          .folded(to: format.width, hanging: 2)
      }
    }
    if let error = formula.error {
      line.append(
        (formula.isBroken ? "cannot be read: " : "not understood: ") + error.message,
        formula.isBroken ? .bad : .warning)
      below += snippet(error)
      if let finding = formula.finding {
        for detail in finding.details where detail != error.message { add(StyledText(detail)) }
      } else if let help = error.help {
        add(StyledText("help: ", .help) + StyledText(help))
      }
    } else if let finding = formula.finding, formula.kind == .rule || !finding.isUnchecked {
      let headline = CheckRows.headline(formula)
      line.append(
        padded(headline, finding.measure == nil ? 0 : headlineWidth),
        finding.verdict == .wrong ? .bad : .plain)
      if let measure = finding.measure {
        line.append("  ")
        line.append(measure, .dim)
      }
      for detail in finding.details { add(StyledText(detail)) }
    } else {
      line.append((formula.kind ?? .other).words)
      line.append(": " + formula.why, .dim)
      if let finding = formula.finding {
        let details = finding.details.isEmpty ? [finding.headline] : finding.details
        for detail in details { add(StyledText(detail)) }
      }
    }
    if !showsLines, !formula.roles.isEmpty, formula.error == nil {
      let roles = formula.roles.map { "\($0.name.pretty): \($0.role.rawValue)" }
      add(StyledText(roles.joined(separator: "; "), .dim))
    }
    var told: Set<String> = []
    for note in formula.notes where isWorthTelling(note) && told.insert(note.text).inserted {
      add(StyledText("note: ", .note) + StyledText(note.text))
    }
    return line.trimmed.plainSigns(format).folded(to: format.width, hanging: 4) + below
  }

  /// `= adam`, `definition = softmax`: what is no rule says what it is.
  private static func headline(_ formula: CheckedFormula) -> String {
    let headline = formula.finding?.headline ?? ""
    switch formula.kind {
    case .definition, .gradient, .objective:
      return (formula.kind ?? .other).words + " " + headline
    case .rule, .other, nil: return headline
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    let plain = format.signs.plain(text)
    return plain
      + String(repeating: " ", count: max(0, width - TextWidth.columns(of: plain)))
  }

  private func mark(_ outcome: CheckedFormula.Outcome) -> (String, Style) {
    switch outcome {
    case .right: (format.ascii ? "+" : "✓", .good)
    case .wrong: (format.ascii ? "x" : "✗", .bad)
    case .unchecked: (format.ascii ? "-" : "·", .dim)
    case .notUnderstood: ("?", .warning)
    }
  }

  /// In a document the usual conventions go without saying.
  private func isWorthTelling(_ note: ReadingNote) -> Bool {
    switch note.kind {
    case .slip, .ambiguity, .left: true
    case .convention: !showsLines
    }
  }

  /// The line of the document with the caret below it.
  private func snippet(_ error: Diagnostic) -> [StyledText] {
    guard let span = error.span?.clamped else { return [] }
    return DiagnosticRenderer(width: max(20, format.width - 4), ascii: format.ascii)
      .snippet(span, line: places.line(of: span)).map { StyledText("    ") + $0 }
  }
}

extension Finding {
  fileprivate var isUnchecked: Bool { verdict == .unchecked }
}

extension FormulaReading.Kind {
  var words: String {
    switch self {
    case .rule: "update rule"
    case .definition: "definition"
    case .gradient: "gradient"
    case .objective: "objective"
    case .other: "no rule"
    }
  }
}
