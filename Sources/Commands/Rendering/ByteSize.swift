// How a number of bytes is written: exactly while it is small, then in kB and MB of a thousand and a
// million.

enum ByteSize {
  /// `1 byte`, `1048 bytes`, `77 kB`, `64 MB`
  static func text(_ count: Int) -> String {
    switch count {
    case 1: "1 byte"
    case ..<10_000: "\(count) bytes"
    case ..<10_000_000: "\(rounded(count, to: 1000)) kB"
    case ..<10_000_000_000: "\(rounded(count, to: 1_000_000)) MB"
    default: "\(rounded(count, to: 1_000_000_000)) GB"
    }
  }

  private static func rounded(_ count: Int, to unit: Int) -> Int {
    count / unit + (count % unit >= unit / 2 ? 1 : 0)
  }
}
