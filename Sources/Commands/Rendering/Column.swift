// Numbers in columns: right-aligned by their decimal points.
//
// Texts that are no plain decimals (`nan`, `1e-08`) only line up on the right. Pure padding; it
// never changes a digit.

import Diagnostics

package enum Column {
  /// Row-major cells of a matrix, each padded on the left (and, where decimals differ, on the right)
  /// so that its column lines up.
  package static func aligned(_ cells: [String], columns: Int) -> [String] {
    guard columns > 0 else { return cells }
    var result = cells
    for column in 0..<columns {
      let places = Array(stride(from: column, to: cells.count, by: columns))
      for (place, text) in zip(places, aligned(places.map { cells[$0] })) { result[place] = text }
    }
    return result
  }

  /// The cells of one column, all equally wide.
  package static func aligned(_ cells: [String]) -> [String] {
    let parts = cells.map(Parts.init)
    let fractions = parts.map(\.fraction).max() ?? 0
    let wide = parts.map { $0.before + fractions }.max() ?? 0
    let width = max(wide, cells.map { TextWidth.columns(of: $0) }.max() ?? 0)
    return zip(cells, parts).map { cell, part in
      let filled =
        cell + String(repeating: " ", count: part.isDecimal ? fractions - part.fraction : 0)
      return TextWidth.padded(filled, to: width, left: true)
    }
  }

  /// What stands before the decimal point, and how much from it on.
  private struct Parts {
    var before = 0
    var fraction = 0
    var isDecimal = false

    init(_ text: String) {
      let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
      let pieces = digits.split(separator: ".", omittingEmptySubsequences: false)
      isDecimal =
        (1...2).contains(pieces.count)
        && pieces.allSatisfy { !$0.isEmpty && $0.allSatisfy { ("0"..."9").contains($0) } }
      before = TextWidth.columns(of: text)
      guard isDecimal else { return }
      fraction = pieces.count == 2 ? pieces[1].count + 1 : 0
      before -= fraction
    }
  }
}
