// Letters without their accents, as names are compared: sigmoïde, estocástico, Verlust für später.

extension Unicode.Scalar {
  /// The letter without its accent; nil when it has none.
  var unaccented: Unicode.Scalar? { Unicode.Scalar.unaccentedLetters[self] }

  private static let unaccentedLetters: [Unicode.Scalar: Unicode.Scalar] = {
    let pairs = [
      ("àáâãäå", "a"), ("èéêë", "e"), ("ìíîï", "i"), ("òóôõö", "o"), ("ùúûü", "u"), ("ç", "c"),
      ("ñ", "n"),
    ]
    var table: [Unicode.Scalar: Unicode.Scalar] = [:]
    for (accented, plain) in pairs {
      guard let letter = plain.unicodeScalars.first else { continue }
      for scalar in accented.unicodeScalars { table[scalar] = letter }
    }
    return table
  }()
}

extension String {
  /// In lower case, without accents; everything else as it is.
  var unaccented: String {
    var scalars = String.UnicodeScalarView()
    for scalar in lowercased().unicodeScalars { scalars.append(scalar.unaccented ?? scalar) }
    return String(scalars)
  }
}
