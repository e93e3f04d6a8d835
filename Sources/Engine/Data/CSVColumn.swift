// One column while a CSV file is read: it takes cells and ends up as numbers or as text.
//
// A column whose first value is a number keeps numbers only, eight bytes a row. Should most of it
// turn out to be text, the file is read once more with the column known to be one.

import Tensors

struct CSVColumn {
  let name: String
  private let decimalComma: Bool
  private let acceptsNaN: Bool
  private let isKnownText: Bool

  /// One a row; NaN where there is no number. Empty when texts are kept.
  private var numbers: [Double] = []
  /// One a row; empty when numbers are kept.
  private var texts: [String] = []
  /// Whether texts are kept; nil until the first value.
  private var keepsText: Bool?
  private var count = 0

  private(set) var numberCount = 0
  private(set) var textCount = 0
  /// The cells that are no numbers, where numbers are kept.
  private var others: [(row: Int, text: String)] = []

  init(name: String, options: CSVOptions) {
    self.name = name
    decimalComma = options.decimalComma
    acceptsNaN = options.acceptsNaN
    isKnownText = options.textColumns.contains(name)
    if isKnownText { keepsText = true }
  }

  mutating func append(_ cell: String) {
    if isKnownText {
      texts.append(CellNumber.trimmed(cell))
      count += 1
      return
    }
    let value = read(cell)
    switch value {
    case .number: numberCount += 1
    case .text: textCount += 1
    case .missing: break
    }
    if keepsText == nil, value != .missing {
      keepsText = value == .text
      if value == .text {
        texts = [String](repeating: "", count: count)
        for other in others { texts[other.row] = other.text }
        (numbers, others) = ([], [])
      }
    }
    if keepsText == true {
      texts.append(CellNumber.trimmed(cell))
    } else if case .number(let number) = value {
      numbers.append(number)
    } else {
      numbers.append(.nan)
      others.append((count, CellNumber.trimmed(cell)))
    }
    count += 1
  }

  private func read(_ cell: String) -> Cell {
    let value = CellNumber.read(cell, decimalComma: decimalComma)
    guard acceptsNaN, value == .missing, CellNumber.isNaN(cell) else { return value }
    return .number(.nan)
  }

  /// Whether it is text in the end: more text than numbers, as much of both, or neither.
  var isText: Bool {
    isKnownText || numberCount <= textCount
  }

  /// Whether it is text, but the text of its numbers was not kept.
  var mustBeReadAgain: Bool { isText && keepsText == false && numberCount > 0 }

  /// Whether no cell of it holds anything.
  var isBlank: Bool {
    guard !isKnownText, numberCount == 0, textCount == 0 else { return false }
    return others.allSatisfy { $0.text.isEmpty }
  }

  /// All cells as text. Only for a column that need not be read again.
  func allTexts() -> [String] {
    if keepsText == true { return texts }
    var result = [String](repeating: "", count: count)
    for other in others { result[other.row] = other.text }
    return result
  }

  /// All cells as numbers, NaN where there is none, and the cells that are none.
  func allNumbers() -> (numbers: [Double], others: [(row: Int, text: String)]) {
    guard keepsText == true else { return (numbers, others) }
    var result = [Double](repeating: .nan, count: count)
    var found: [(row: Int, text: String)] = []
    for (row, text) in texts.enumerated() {
      if case .number(let number) = read(text) {
        result[row] = number
      } else {
        found.append((row, text))
      }
    }
    return (result, found)
  }
}
