// What may have gone wrong where a number is not the one that a line gives.
//
// A wrong number is a formula too: other quantities of the step, the line at another step or with a
// mistake in it, and earlier lines with one are worked out, and those that give the number as typed
// are its possible causes. Nothing is claimed of numbers that none of them gives.

import Notation
import Tensors

/// Elements of a value, and the numbers typed for them.
package struct TypedAnswer: Sendable {
  /// Where the elements lie in the value, in its order of storage.
  package let places: [Int]
  package let numbers: [TypedNumber]

  package init(places: [Int], numbers: [TypedNumber]) {
    self.places = places
    self.numbers = numbers
  }

  /// Whether a value shows the numbers typed, to their digits.
  func shows(_ value: Tensor, of shape: Shape) -> Bool {
    guard let value = value.fitting(shape) else { return false }
    return zip(places, numbers).allSatisfy { place, number in
      value.elements.indices.contains(place) && number.shows(value.elements[place])
    }
  }

  /// The answer for some of its elements alone.
  package func only(_ keep: [Int]) -> TypedAnswer {
    TypedAnswer(places: keep.map { places[$0] }, numbers: keep.map { numbers[$0] })
  }
}

/// A quantity that is known, and what it is: “g[0]”, “w[0] before the step”.
package struct KnownQuantity {
  package let says: String
  package let value: Tensor
  /// The line it is from, where it is one of the step's.
  package var line: Int?

  package init(_ says: String, _ value: Tensor, line: Int? = nil) {
    self.says = says
    self.value = value
    self.line = line
  }
}

package struct Diagnosis: Sendable {
  package struct Cause: Sendable {
    package enum Kind: Sendable {
      /// It is another quantity: “m[0], before the bias correction”.
      case quantity
      /// A mistake in the line that was asked for.
      case mistake
      /// A mistake in an earlier line, carried on.
      case carried
      /// Nothing about the formula: a sign, the decimal point, the last digit.
      case slip
    }
    package let kind: Kind
    /// The mistake's identifier; `quantity`, `coordinate`, or the slip's.
    package let id: String
    /// What the number is, for a quantity; else a clause that stands behind “when”.
    package let says: String
    /// The line of the step with the mistake.
    package let line: Int?
  }

  /// How each number agrees with its element.
  package let agreements: [TypedNumber.Agreement]
  /// Every cause found, the likeliest first.
  package let causes: [Cause]
  /// The numbers that the causes explain, by their order in the answer.
  package let explained: [Int]

  package init(agreements: [TypedNumber.Agreement], causes: [Cause], explained: [Int]) {
    self.agreements = agreements
    self.causes = causes
    self.explained = explained
  }

  package var isRight: Bool { agreements.allSatisfy { $0 == .right } }
  /// All are right as far as they go.
  package var isRightSoFar: Bool { agreements.allSatisfy { $0 == .right || $0 == .oneDigit } }

  /// The same where the lines before are known to be right: a mistake in them is thought of only
  /// where nothing else explains the number.
  package var withRightLinesBefore: Diagnosis {
    let own = causes.filter { $0.kind != .carried }
    return own.isEmpty
      ? self : Diagnosis(agreements: agreements, causes: own, explained: explained)
  }

  /// The numbers that are wrong, by their order in the answer.
  package var wrong: [Int] {
    agreements.indices.filter { agreements[$0] == .wrong || agreements[$0] == .lastDigit }
  }

  /// The cause where it alone explains the numbers.
  package var cause: Cause? { causes.count == 1 ? causes[0] : nil }

  /// Sentences for the person who typed it, none where nothing explains the number. One cause is
  /// named; several are listed.
  package var sentences: [String] {
    guard let first = causes.first else { return [] }
    if causes.count == 1 { return [first.sentence] }
    let most = 4
    var lines = ["that can be one of several:"]
    lines += causes.prefix(most).map { "  " + $0.sentence }
    if causes.count > most { lines.append("  or one of \(causes.count - most) more") }
    return lines
  }
}

extension Diagnosis.Cause {
  /// “that is m[0], before the bias correction”, “that comes out when the root is left out”.
  package var sentence: String {
    switch kind {
    case .quantity: "that is \(says)"
    case .mistake, .carried: "that comes out when \(says)"
    case .slip: says
    }
  }
}
