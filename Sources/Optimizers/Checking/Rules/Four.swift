// Four numbers that are worked out side by side, elementwise.
//
// The standard library's vectors are as fast in an optimised build and a hundred times slower in the
// one that tests are run in.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct Four: Equatable, Sendable {
  var a, b, c, d: Double

  init(_ a: Double, _ b: Double, _ c: Double, _ d: Double) {
    self.a = a
    self.b = b
    self.c = c
    self.d = d
  }

  init(repeating value: Double) { self.init(value, value, value, value) }

  static let zero = Four(repeating: 0)

  subscript(place: Int) -> Double {
    switch place {
    case 0: a
    case 1: b
    case 2: c
    default: d
    }
  }

  func map(_ change: (Double) -> Double) -> Four {
    Four(change(a), change(b), change(c), change(d))
  }

  static func zip(_ x: Four, _ y: Four, _ join: (Double, Double) -> Double) -> Four {
    Four(join(x.a, y.a), join(x.b, y.b), join(x.c, y.c), join(x.d, y.d))
  }

  static func + (x: Four, y: Four) -> Four {
    Four(x.a + y.a, x.b + y.b, x.c + y.c, x.d + y.d)
  }

  static func - (x: Four, y: Four) -> Four {
    Four(x.a - y.a, x.b - y.b, x.c - y.c, x.d - y.d)
  }

  static func * (x: Four, y: Four) -> Four {
    Four(x.a * y.a, x.b * y.b, x.c * y.c, x.d * y.d)
  }

  static func / (x: Four, y: Four) -> Four {
    Four(x.a / y.a, x.b / y.b, x.c / y.c, x.d / y.d)
  }

  static prefix func - (x: Four) -> Four { Four(-x.a, -x.b, -x.c, -x.d) }

  var root: Four {
    Four(a.squareRoot(), b.squareRoot(), c.squareRoot(), d.squareRoot())
  }

  var sum: Double { a + b + c + d }

  func power(_ exponent: Four) -> Four {
    exponent == Four(repeating: 2) ? self * self : Four.zip(self, exponent) { pow($0, $1) }
  }

  /// The larger of each two, no number where one is none.
  func larger(_ other: Four) -> Four {
    Four.zip(self, other) { $0.isNaN || $1.isNaN ? .nan : $0 >= $1 ? $0 : $1 }
  }

  /// 1 where it holds, 0 elsewhere.
  static func test(_ x: Four, _ y: Four, _ holds: (Double, Double) -> Bool) -> Four {
    zip(x, y) { holds($0, $1) ? 1 : 0 }
  }
}
