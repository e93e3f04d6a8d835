// One printed number, or several in brackets, or rows of them.

import Notation

struct PrintedVector: Sendable {
  var numbers: [PrintedNumber]
  var isVector: Bool
  /// Of a matrix.
  private var columns: Int?

  /// nil for what is not all printed numbers.
  init?(_ math: Math) {
    if let number = PrintedNumber(math) {
      numbers = [number]
      isVector = false
      return
    }
    var inner = math
    // (1, 2)^T is the same as a column.
    if case .scripted(let base, let scripts) = math.kind, scripts.lower.isEmpty,
      let upper = scripts.upper
    {
      switch upper.kind {
      case .mark("T"): inner = base
      case .symbol(let symbol) where symbol.name == "T": inner = base
      default: return nil
      }
    }
    if case .fenced(.bracket, let items) = inner.kind, let matrix = PrintedVector(rows: items) {
      self = matrix
      return
    }
    guard case .fenced(let fence, let items) = inner.kind, items.count > 1,
      fence == .parenthesis || fence == .bracket || fence == .brace
    else { return nil }
    numbers = items.compactMap(PrintedNumber.init)
    guard numbers.count == items.count else { return nil }
    isVector = true
  }

  /// [[1, 2], [3, 4]]
  private init?(rows items: [Math]) {
    numbers = []
    isVector = true
    for item in items {
      guard case .fenced(.bracket, let row) = item.kind, row.count > 1,
        row.count == columns ?? row.count
      else { return nil }
      columns = row.count
      numbers += row.compactMap(PrintedNumber.init)
    }
    guard let columns, numbers.count == items.count * columns else { return nil }
  }

  /// With the numbers that a document prints with a sign between thousands read so.
  func read(_ habits: PrintedHabits) -> PrintedVector {
    var result = self
    result.numbers = numbers.map { number in
      number.groupSign.map(habits.separatesThousands) ?? false ? number.withThousands : number
    }
    return result
  }

  /// Its value by the letter where it was read with signs between thousands, and else with every comma
  /// as one: what is ambiguous may have been meant either way.
  func otherReading(than printed: PrintedVector) -> FormulaValue {
    if printed.value.elements != value.elements { return printed.value }
    var other = self
    other.numbers = numbers.map { $0.groupSign == "," ? $0.withThousands : $0 }
    return other.value
  }

  var value: FormulaValue {
    let elements = numbers.map(\.value)
    if let columns {
      return FormulaValue.matrix(rows: elements.count / max(1, columns), columns: columns, elements)
    }
    return isVector ? FormulaValue(elements) : FormulaValue(elements.first ?? 0)
  }
}
