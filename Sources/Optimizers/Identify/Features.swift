// What distinguishes a rule from its relatives, as a table: which averages are corrected, where ε and
// the learning rate stand, how weights decay, which form momentum has.
//
// Only what applies is in it. Values are words with one meaning each, listed beside the keys.

package struct Features: Sendable, Equatable {
  package enum Key: String, Sendable, CaseIterable {
    /// `yes`, `no`: the average of gradients is divided by 1 - β₁ᵗ.
    case firstCorrected = "m_corrected"
    /// `yes`, `no`: the average of squares is divided by 1 - β₂ᵗ.
    case secondCorrected = "v_corrected"
    /// `outside` √v + ε, `inside` √(v + ε), `hat` beside the uncorrected root with the corrections in
    /// the step size, `in_max` in a maximum's argument, `none`.
    case epsilon = "eps"
    /// `none`, `l2` (added to the gradient), `decoupled` (taken from the parameter), `in_ratio`.
    case weightDecay = "weight_decay"
    /// `lr` when the decay is multiplied by the learning rate, else `none`.
    case decayScale = "decay_scale"
    /// `ema`, `velocity`, `polyak` (uses the iterate before), `delta` (the step before), `lookahead`,
    /// `rewritten` (Nesterov's with the gradient at the parameter), `two_sequence`.
    case momentum = "form"
    /// `inside` the velocity, `outside` of it, `none`, or the formula that stands for it.
    case rate = "lr"
    /// `none`, `always`.
    case dampening
    /// `max_of_raw`, `max_of_corrected`.
    case amsgrad
    /// `yes`, `no`: the mean is taken from the mean square.
    case centered
    /// Nadam's: `t+1`, `t`.
    case nadam = "momentum_correction"
    /// How the learning rate depends on t: `constant`, or its formula.
    case schedule
    /// Gradient clipping: `norm`, `value`.
    case clip
  }

  package struct Entry: Sendable, Equatable {
    package var key: Key
    package var value: String
    /// Found by running the rule, not by reading its lines alone.
    package var isMeasured: Bool
  }

  /// In the order of the keys.
  package private(set) var entries: [Entry] = []

  package init() {}

  package subscript(_ key: Key) -> String? { entries.first { $0.key == key }?.value }

  mutating func set(_ key: Key, _ value: String?, isMeasured: Bool = false) {
    entries.removeAll { $0.key == key }
    guard let value else { return }
    entries.append(Entry(key: key, value: value, isMeasured: isMeasured))
    let order = Key.allCases
    entries.sort {
      (order.firstIndex(of: $0.key) ?? 0) < (order.firstIndex(of: $1.key) ?? 0)
    }
  }

  /// The features of a rule by itself.
  package static func of(_ rule: Rule) -> Features {
    guard let plain = PlainRule(rule, settings: LibraryFlags.usual(of: rule), lifting: true) else {
      return Features()
    }
    var features = FeatureReader(plain).features()
    FeatureMeasurement(plain)?.confirm(&features)
    return features
  }

  /// The keys in which two tables differ.
  package func differences(from other: Features) -> [Key] {
    Key.allCases.filter { self[$0] != other[$0] }
  }
}
