// How a document prints its numbers and which letters it has names for: which sign its decimals have,
// which stands between thousands, whether π is a policy there and e an error.
//
//   0{,}5        the comma is the decimal sign
//   1.234.567    the point stands between thousands
//   1.000        either: one, or one thousand
//
// It is read from the letters of the formulas alone; nothing is evaluated.

struct PrintedHabits: Sendable {
  /// Signs that are seen with decimals behind them, and between thousands: `.` and `,`.
  private(set) var decimals: Set<Character> = []
  private(set) var groups: Set<Character> = []
  /// `pi` and `e`, where they are no constants.
  private(set) var names: Set<String> = []

  init() {}

  init(_ texts: some Sequence<String>) { for text in texts { add(text) } }

  /// Whether a sign stands between thousands: it is seen there, or decimals have the other one.
  func separatesThousands(_ sign: Character) -> Bool {
    guard !groups.contains(sign) else { return true }
    return !decimals.contains(sign) && decimals.contains(sign == "," ? "." : ",")
  }

  /// Takes in one formula.
  mutating func add(_ text: String) {
    let bytes = Array(text.utf8)
    var place = 0
    while place < bytes.count {
      if PrintedHabits.isDigit(bytes, place) {
        place = number(bytes, place)
      } else {
        place += 1
      }
    }
    let bare = text.filter { !$0.isWhitespace }
    for pi in ["\\pi", "π"] where !names.contains("pi") {
      if ["_", "(", "'", "^*", "^{*}", "^\\ast", "\\left("].contains(where: { bare.holds(pi + $0) })
        || bare == pi
      {
        names.insert("pi")
      }
    }
    if bare == "e" || bare.hasPrefix("e_")
      || ["=e_", "+e_", "-e_", "{e_", "(e_", " e_"].contains(where: { bare.holds($0) })
    {
      names.insert("e")
    }
  }

  // MARK: Numbers

  private static func isDigit(_ bytes: [UInt8], _ place: Int) -> Bool {
    place < bytes.count && bytes[place] >= 48 && bytes[place] <= 57
  }

  /// [0{,}1] and w_{1{,}2} are two numbers each.
  private static func isPair(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
    guard start > 0, end < bytes.count else { return false }
    return "[({".utf8.contains(bytes[start - 1]) && "])}".utf8.contains(bytes[end])
  }

  /// Reads digits in groups from a place on.
  /// - Returns: the place behind them.
  private mutating func number(_ bytes: [UInt8], _ start: Int) -> Int {
    var place = start
    var lengths: [Int] = []
    var signs: [Character] = []
    while true {
      let first = place
      while PrintedHabits.isDigit(bytes, place) { place += 1 }
      lengths.append(place - first)
      if place < bytes.count, bytes[place] == UInt8(ascii: "."),
        PrintedHabits.isDigit(bytes, place + 1)
      {
        signs.append(".")
        place += 1
      } else if place + 2 < bytes.count, bytes[place...(place + 2)].elementsEqual("{,}".utf8),
        PrintedHabits.isDigit(bytes, place + 3)
      {
        signs.append(",")
        place += 3
      } else {
        break
      }
    }
    guard let sign = signs.last else { return place }
    if signs.count == 1 {
      let isDecimal = lengths[1] != 3 || lengths[0] > 3 || bytes[start] == UInt8(ascii: "0")
      if isDecimal, !PrintedHabits.isPair(bytes, start, place) { decimals.insert(sign) }
    } else if let first = signs.first, signs.dropLast().allSatisfy({ $0 == first }) {
      // 1.234{,}5
      groups.insert(first)
      if sign != first { decimals.insert(sign) }
    }
    return place
  }
}

extension String {
  fileprivate func holds(_ piece: String) -> Bool { range(of: piece) != nil }
}
