// Where the lines of a long text begin, found once, so that a report on many places takes one walk
// through it.

import Diagnostics

struct LinePlaces {
  private let source: Source?
  private let starts: [Int]

  init(_ source: Source?) {
    self.source = source
    var starts = [0]
    for (place, byte) in (source?.bytes ?? []).enumerated() where byte == 0x0A {
      starts.append(place + 1)
    }
    self.starts = starts
  }

  /// The number, from 0, of the line a place is on.
  private func index(of place: Int) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= place { low = middle } else { high = middle }
    }
    return low
  }

  /// The number of the line a place is on, counted as its source does.
  func number(of span: Span) -> Int {
    guard span.source === source else { return TextPlace(span.source, span.start).lineNumber }
    return span.source.firstLine + index(of: span.start)
  }

  /// The bytes of the line a place is on, without its end.
  func line(of span: Span) -> Range<Int> {
    guard span.source === source else { return TextPlace(span.source, span.start).line }
    let low = index(of: span.start)
    let start = starts[low]
    var end = low + 1 < starts.count ? starts[low + 1] - 1 : span.source.bytes.count
    if end > start, span.source.bytes[end - 1] == 0x0D { end -= 1 }
    return start..<max(start, end)
  }
}
