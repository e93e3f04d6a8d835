// Numbers to put in for symbols: they look random and are the same every time (SplitMix64, Steele et al.
// 2014), so that the same check gives the same answer.

struct Draw {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) / 9_007_199_254_740_992
  }

  mutating func whole(_ low: Int, _ high: Int) -> Int {
    min(high, low + Int(next() * Double(high - low + 1)))
  }

  mutating func value(_ domain: KnownInput.Domain, _ dimensions: [Int]) -> FormulaValue {
    let count = dimensions.reduce(1, *)
    switch domain {
    case .probabilities, .oneHot:
      let width = dimensions.last ?? 1
      var elements: [Double] = []
      for _ in 0..<max(1, count / max(1, width)) {
        if case .oneHot = domain {
          let place = whole(0, max(0, width - 1))
          elements += (0..<width).map { $0 == place ? 1 : 0 }
        } else {
          let parts = (0..<width).map { _ in 0.1 + next() }
          let sum = parts.reduce(0, +)
          elements += parts.map { $0 / sum }
        }
      }
      return FormulaValue(elements, dimensions: dimensions)
    default:
      return FormulaValue((0..<count).map { _ in number(domain) }, dimensions: dimensions)
    }
  }

  private mutating func number(_ domain: KnownInput.Domain) -> Double {
    switch domain {
    case .real: return next() * 4 - 2
    case .apart:
      let size = 0.3 + next() * 2.2
      return next() < 0.5 ? -size : size
    case .positive: return 0.2 + next() * 2
    case .unit: return 0.05 + next() * 0.9
    case .bit: return next() < 0.5 ? 0 : 1
    case .sign: return next() < 0.5 ? -1 : 1
    case .small: return 0.001 + next() * 0.1
    case .between(let low, let high): return low + next() * (high - low)
    case .whole(let low, let high): return Double(whole(low, high))
    case .probabilities, .oneHot: return 1
    }
  }
}
