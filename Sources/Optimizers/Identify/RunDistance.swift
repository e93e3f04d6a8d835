// How far two runs of parameters lie apart, and where they part first.
//
// Where the first run has no number, a 0/0 for instance, there is nothing to compare: that is counted
// apart and is no difference.

struct RunDistance {
  /// Equal numbers may differ by this much: the order of operations is not that of the other.
  static let tolerance = 1e-9

  /// Relative to max(1, |w|).
  private(set) var largest = 0.0
  /// In units in the last place of the larger number.
  private(set) var ulps = 0.0
  private(set) var parting: (step: Int, coordinate: Int, own: Double, other: Double)?
  /// The first number that the first run lacks while the second has it.
  private(set) var gap: (step: Int, coordinate: Int)?
  /// The first place where the first run has no number.
  private(set) var undefined: (step: Int, coordinate: Int)?
  /// Steps before the first difference.
  private(set) var agreed = 0

  var isEqual: Bool { largest <= RunDistance.tolerance }

  mutating func add(_ step: Int, _ own: [Double], _ other: [Double]) {
    for (place, (a, b)) in zip(own, other).enumerated() { add(step, place, a, b) }
    if parting == nil { agreed = step + 1 }
  }

  mutating func add(_ step: Int, _ own: Lanes, _ other: Lanes) {
    for place in 0..<Lanes.count { add(step, place, own[place], other[place]) }
    if parting == nil { agreed = step + 1 }
  }

  private mutating func add(_ step: Int, _ place: Int, _ a: Double, _ b: Double) {
    if !a.isFinite {
      if undefined == nil { undefined = (step + 1, place) }
      if b.isFinite, gap == nil { gap = (step + 1, place) }
      return
    }
    guard a != b else { return }
    let apart = abs(a - b) / max(1, abs(a))
    let distance = apart.isFinite ? apart : .infinity
    largest = max(largest, distance)
    if distance.isFinite, b.isFinite {
      ulps = max(ulps, abs(a - b) / max(abs(a).ulp, abs(b).ulp))
    }
    if distance > RunDistance.tolerance, parting == nil { parting = (step + 1, place, a, b) }
  }

  /// Whether two rows differ, seen at once.
  static func parts(_ own: Lanes, _ other: Lanes) -> Bool {
    for place in 0..<Lanes.count {
      let (a, b) = (own[place], other[place])
      guard a.isFinite, a != b else { continue }
      // What is no number is no distance either.
      guard abs(a - b) / max(1, abs(a)) <= tolerance else { return true }
    }
    return false
  }

  mutating func merge(_ other: RunDistance) {
    largest = max(largest, other.largest)
    ulps = max(ulps, other.ulps)
    if parting == nil { parting = other.parting }
    if gap == nil { gap = other.gap }
    if undefined == nil { undefined = other.undefined }
  }
}
