// A name has one canonical form, whichever way it was typed.
//
// `beta1`, `beta_1`, `β1` and `β₁` are the same name, as are `m_hat` and `m̂`. The canonical form is
// the ASCII one a person would type (`beta1`, `m_hat`, `eps`); `pretty` is the one shown on a
// terminal that can.

/// A variable's, function's or field's name.
package struct Name: Hashable, Sendable, Comparable {
  /// The ASCII form, unique for the name: `beta1`, `m_hat`, `theta`, `eps`.
  package let canonical: String

  /// A name whose canonical form is known.
  package init(canonical: String) {
    self.canonical = canonical
  }

  package static func < (a: Name, b: Name) -> Bool { a.canonical < b.canonical }
}

extension Name: CustomStringConvertible {
  package var description: String { canonical }
}
