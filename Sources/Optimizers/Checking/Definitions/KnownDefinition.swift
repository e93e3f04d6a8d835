// A definition that is known: what it is called in texts, what goes in, and what Descent itself makes
// of the same inputs.
//
// The reference is an expression of Descent's own language, run by its own graph. A definition never
// says what a formula has to look like, only which numbers it has to give.

package struct KnownDefinition: Sendable {
  /// `softmax`, `mse_half`.
  package var id: String
  package var family: DefinitionFamily
  /// What it is, exactly: “the mean of the squared differences, halved”.
  package var says: String
  package var inputs: [KnownInput]
  /// In Descent's language, of the inputs' names; `{n}` is the number of samples.
  package var reference: String
  /// What a person types for it: `mse(p, y)/2`.
  package var builtin: String
  /// Too plain a formula to be told by its numbers: its symbols have to bear the usual names.
  package var needsNames = false
  /// Still plainer: the left side or the words have to name it.
  package var needsWords = false
  /// So plain that under a left side with another's name it is that: Var(X) = p(1 - p).
  var yieldsToNames = false
  /// Too like other formulas for a mistake to be told from another meaning.
  var isOnlyRecognised = false
  /// Of matrices, whose rows and columns a text may print the other way round: other numbers alone are
  /// no mistake.
  var mayBeTransposed = false
  /// What is wrong with it, when it is what a definition becomes by a mistake that loses an input.
  var slip: KnownSlip?
  /// A form of its own beside the usual one, with slightly other numbers: σ + ε for √(σ² + ε).
  var isVariant = false
  /// How widely weights are drawn at first.
  var isInitialisation: Bool { needsWords && inputs.contains { $0.certain.contains("fan_in") } }
  /// A learning rate as a function of the step.
  var isSchedule: Bool { inputs.contains { $0.name == "t" && $0.certain.contains("epoch") } }
  /// Ordinary inputs hold what was drawn for them.
  package var awkward: [AwkwardInput] = []

  init(
    _ id: String, _ family: DefinitionFamily, _ says: String, _ inputs: [KnownInput],
    _ reference: String, builtin: String? = nil, needsNames: Bool = false,
    needsWords: Bool = false, slip: KnownSlip? = nil, isOnlyRecognised: Bool = false,
    yieldsToNames: Bool = false, mayBeTransposed: Bool = false, isVariant: Bool = false,
    awkward: [AwkwardInput] = []
  ) {
    self.isOnlyRecognised = isOnlyRecognised
    self.yieldsToNames = yieldsToNames
    self.mayBeTransposed = mayBeTransposed
    self.isVariant = isVariant
    self.id = id
    self.family = family
    self.says = says
    self.inputs = inputs
    self.reference = reference
    self.builtin = builtin ?? reference
    self.needsNames = needsNames
    self.needsWords = needsWords
    self.awkward = awkward
    self.slip = slip
  }
}

/// A mistake that many make with a definition.
struct KnownSlip: Sendable {
  var id: String
  var says: String
  /// What shows that the definition is meant: without it the formula is something else.
  var claims: Claim

  enum Claim {
    /// The left side bears the family's name, or one of these letters.
    case left(Set<String>)
    /// The words hold one of the first, and none of the second.
    case words([String], unless: [String])
    /// The words hold one of these, nothing names the family, and something shows that it is made small.
    case minimised([String])
    /// The family is named, and the formula prints a root.
    case printedRoot
  }

  init(_ id: String, _ says: String, claims: Claim = .left([])) {
    self.id = id
    self.says = says
    self.claims = claims
  }
}

/// One thing that goes into a definition.
package struct KnownInput: Sendable {
  package enum Shape: Sendable, Equatable {
    case scalar
    /// A number or a vector, alike for all elementwise inputs.
    case elementwise
    /// Of a group of equal lengths, `n` samples or `k` classes.
    case vector(String)
    case matrix(String, String)
    /// The number of one class of `k`, or of each sample's; the reference has it one-hot.
    case oneOf(String)
    case eachOneOf(String, String)

    /// A number, or one of many that are all treated alike.
    var isElement: Bool { self == .scalar || self == .elementwise }
  }

  package enum Domain: Sendable {
    case real
    /// Away from 0: |x| from 0.3 on.
    case apart
    case positive
    /// Rows that add up to 1.
    case probabilities
    case oneHot
    /// Between 0 and 1.
    case unit
    case bit
    case sign
    case small
    case between(Double, Double)
    case whole(Int, Int)
  }

  package var name: String
  package var shape: Shape
  package var domain: Domain
  /// What texts usually call it.
  package var usual: Set<String>
  /// What is never anything else in these formulas.
  package var certain: Set<String>

  static func scalar(
    _ name: String, _ domain: Domain, _ usual: Set<String> = [], certain: Set<String> = []
  ) -> KnownInput {
    KnownInput(name: name, shape: .scalar, domain: domain, usual: usual, certain: certain)
  }

  static func each(
    _ name: String, _ domain: Domain, _ usual: Set<String> = [], certain: Set<String> = []
  ) -> KnownInput {
    KnownInput(name: name, shape: .elementwise, domain: domain, usual: usual, certain: certain)
  }

  static func vector(
    _ name: String, _ length: String, _ domain: Domain, _ usual: Set<String> = [],
    certain: Set<String> = []
  ) -> KnownInput {
    KnownInput(
      name: name, shape: .vector(length), domain: domain, usual: usual, certain: certain)
  }

  static func matrix(
    _ name: String, _ domain: Domain, _ usual: Set<String> = [], certain: Set<String> = []
  ) -> KnownInput {
    KnownInput(
      name: name, shape: .matrix("n", "k"), domain: domain, usual: usual, certain: certain)
  }
}

/// An input that formulas stumble over; those not named keep ordinary values.
package struct AwkwardInput: Sendable {
  /// “large logits”
  package var says: String
  package var values: [String: FormulaValue]
  /// What a formula that fails here should do.
  package var advice: String

  init(_ says: String, _ values: [String: FormulaValue], _ advice: String) {
    self.says = says
    self.values = values
    self.advice = advice
  }
}

/// What texts call a group of definitions; a formula that bears such a name has to be one of them.
package struct DefinitionFamily: Sendable, Equatable {
  package var id: String
  /// What a person calls it: “softmax”.
  package var title: String
  /// Names on the left side that claim it, in small letters without signs.
  package var names: Set<String>
  /// Words before a formula or in a heading that claim it.
  package var words: [String]
  /// Other families that go by its names as well.
  package var admits: Set<String>
  /// Its names are no other family's, though others admit it.
  package var isStrict: Bool
  /// The other families that a left side may call by its names; nil for those it admits, or that admit
  /// it. Of words nothing is said: “ReLU” above leaky ReLU is its kind, `\mathrm{ReLU}(x) =` its name.
  package var namesakes: Set<String>?
  /// Those of its names that are mere letters, which others bear as well: L_δ.
  package var letters: Set<String>
  /// The derivative of what it is called after, which is no kind of that.
  package var isDerivative: Bool

  init(
    _ id: String, _ title: String, names: Set<String> = [], words: [String] = [],
    admits: Set<String> = [], isStrict: Bool = false, namesakes: Set<String>? = nil,
    letters: Set<String> = [], isDerivative: Bool = false
  ) {
    self.isDerivative = isDerivative
    self.isStrict = isStrict
    self.namesakes = namesakes
    self.letters = letters
    self.id = id
    self.title = title
    self.names = names
    self.words = words
    self.admits = admits
  }

  package static func == (a: DefinitionFamily, b: DefinitionFamily) -> Bool { a.id == b.id }

  /// Whether a left side that bears some names may mean another family by one of this one's.
  func lends(_ borne: Set<String>, to other: DefinitionFamily) -> Bool {
    if let namesakes, !borne.intersection(names).isSubset(of: letters) {
      return namesakes.contains(other.id)
    }
    return admits.contains(other.id) || !isStrict && other.admits.contains(id)
  }
}

/// All definitions that are known.
package enum KnownDefinitions {
  package static let all: [KnownDefinition] =
    softmaxes + activations + boundedActivations + derivatives + regression + pseudoHubers
    + classification
    + divergences + penalties + ridges + elasticNets + normalisations + quantisations + quantisers
    + similarities
    + mixtures + distillations + schedules
    + averages + models + metrics + attentions + overlaps + metricLosses + relativeErrors
    + likelihoods + initialisations

  /// Those that texts print with numbers in the place of inputs.
  static let ofGivenNumbers: [KnownDefinition] =
    schedules + quantisations + quantisers
    + (activations + boundedActivations).filter {
      ["leaky-relu", "elu", "selu"].contains($0.family.id) && $0.inputs.count > 1
    }

  package static let families: [DefinitionFamily] = {
    var seen: Set<String> = []
    return all.map(\.family).filter { seen.insert($0.id).inserted }
  }()
}
