// The numbers of a parameter on trial, a lane for each coordinate of a `ProbeTape`, worked out side by
// side, elementwise.
//
// The standard library's vectors are as fast in an optimised build and a hundred times slower in the
// one that tests are run in.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct Lanes: Equatable, Sendable {
  var a, b, c, d, e, f: Double

  init(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double) {
    self.a = a
    self.b = b
    self.c = c
    self.d = d
    self.e = e
    self.f = f
  }

  init(repeating value: Double) { self.init(value, value, value, value, value, value) }

  /// The coordinates of a tape; what is missing is 0.
  init(_ numbers: [Double]) {
    self = .zero
    for (place, number) in numbers.prefix(Lanes.count).enumerated() { self[place] = number }
  }

  static let count = ProbeTape.coordinates
  static let zero = Lanes(repeating: 0)

  subscript(place: Int) -> Double {
    get {
      switch place {
      case 0: a
      case 1: b
      case 2: c
      case 3: d
      case 4: e
      default: f
      }
    }
    set {
      switch place {
      case 0: a = newValue
      case 1: b = newValue
      case 2: c = newValue
      case 3: d = newValue
      case 4: e = newValue
      default: f = newValue
      }
    }
  }

  var numbers: [Double] { [a, b, c, d, e, f] }

  func map(_ change: (Double) -> Double) -> Lanes {
    Lanes(change(a), change(b), change(c), change(d), change(e), change(f))
  }

  static func zip(_ x: Lanes, _ y: Lanes, _ join: (Double, Double) -> Double) -> Lanes {
    Lanes(
      join(x.a, y.a), join(x.b, y.b), join(x.c, y.c), join(x.d, y.d), join(x.e, y.e),
      join(x.f, y.f))
  }

  static func + (x: Lanes, y: Lanes) -> Lanes {
    Lanes(x.a + y.a, x.b + y.b, x.c + y.c, x.d + y.d, x.e + y.e, x.f + y.f)
  }

  static func - (x: Lanes, y: Lanes) -> Lanes {
    Lanes(x.a - y.a, x.b - y.b, x.c - y.c, x.d - y.d, x.e - y.e, x.f - y.f)
  }

  static func * (x: Lanes, y: Lanes) -> Lanes {
    Lanes(x.a * y.a, x.b * y.b, x.c * y.c, x.d * y.d, x.e * y.e, x.f * y.f)
  }

  static func / (x: Lanes, y: Lanes) -> Lanes {
    Lanes(x.a / y.a, x.b / y.b, x.c / y.c, x.d / y.d, x.e / y.e, x.f / y.f)
  }

  static prefix func - (x: Lanes) -> Lanes { Lanes(-x.a, -x.b, -x.c, -x.d, -x.e, -x.f) }

  var root: Lanes {
    Lanes(
      a.squareRoot(), b.squareRoot(), c.squareRoot(), d.squareRoot(), e.squareRoot(),
      f.squareRoot())
  }

  var sum: Double { a + b + c + d + e + f }

  func power(_ exponent: Lanes) -> Lanes { Lanes.zip(self, exponent, Lanes.power) }

  /// As the executor takes powers.
  static func power(_ x: Double, _ exponent: Double) -> Double {
    exponent == 2 ? x * x : exponent == 1 ? x : pow(x, exponent)
  }

  /// The larger of each two, no number where one is none.
  func larger(_ other: Lanes) -> Lanes {
    Lanes.zip(self, other) { $0.isNaN || $1.isNaN ? .nan : $0 >= $1 ? $0 : $1 }
  }

  func smaller(_ other: Lanes) -> Lanes {
    Lanes.zip(self, other) { $0.isNaN || $1.isNaN ? .nan : $0 <= $1 ? $0 : $1 }
  }

  /// 1 where it holds, 0 elsewhere.
  static func test(_ x: Lanes, _ y: Lanes, _ holds: (Double, Double) -> Bool) -> Lanes {
    zip(x, y) { holds($0, $1) ? 1 : 0 }
  }

  func choosing(_ yes: Lanes, _ no: Lanes) -> Lanes {
    Lanes(
      a != 0 ? yes.a : no.a, b != 0 ? yes.b : no.b, c != 0 ? yes.c : no.c,
      d != 0 ? yes.d : no.d, e != 0 ? yes.e : no.e, f != 0 ? yes.f : no.f)
  }
}
