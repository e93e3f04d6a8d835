// How a CSV file is to be read, where the file itself does not tell.

/// The choices of `csv("…", header=…, delimiter=…, missing=…)`.
package struct CSVOptions: Sendable, Equatable {
  /// What becomes of a cell that is not a number in a column of numbers.
  package enum Missing: String, Sendable, CaseIterable {
    /// An error that names the cell.
    case refuse
    /// It is read as NaN.
    case nan
    /// Its row is left out.
    case skip
  }

  /// Whether the first row holds names; nil: it does when a cell of it is no number.
  package var header: Bool?
  /// What stands between cells; nil: comma, semicolon or tab, whichever the file uses.
  package var delimiter: Character?
  package var missing: Missing
  /// Whether 3,14 is a number and 3.14 is none.
  package var decimalComma: Bool
  /// Columns, by their names in the file, that are text even if they look like numbers.
  package var textColumns: Set<String>
  /// Whether a cell that says nan is a number, as in recordings, and not a missing one.
  var acceptsNaN = false

  package init(
    header: Bool? = nil, delimiter: Character? = nil, missing: Missing = .refuse,
    decimalComma: Bool = false, textColumns: Set<String> = []
  ) {
    self.header = header
    self.delimiter = delimiter
    self.missing = missing
    self.decimalComma = decimalComma
    self.textColumns = textColumns
  }
}
