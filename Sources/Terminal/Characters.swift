// Which characters the terminal can show and how wide they are, asked of the C library
// under the person's locale. It sets the character type only, so numbers keep their
// decimal point whatever the language.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package enum Characters {
  /// Sets the character locale once; true when what is printed may be Unicode.
  ///
  /// No locale named at all, as in most containers, counts as UTF-8. A locale that names
  /// another character set asks for ASCII output; input is then still read as UTF-8.
  package static let unicodeAllowed: Bool = {
    let named = ["LC_ALL", "LC_CTYPE", "LANG"].contains { !(environmentValue($0) ?? "").isEmpty }
    if setlocale(LC_CTYPE, "") != nil, let codeset = nl_langinfo(nl_item(CODESET)) {
      let name = String(cString: codeset).uppercased()
      if name == "UTF-8" || name == "UTF8" { return true }
    }
    for fallback in ["C.UTF-8", "en_US.UTF-8", "UTF-8"] where setlocale(LC_CTYPE, fallback) != nil {
      break
    }
    return !named
  }()

  /// Makes the locale current; harmless when it already is.
  package static func prepare() { _ = unicodeAllowed }
}

/// An environment variable's value, nil when unset.
func environmentValue(_ name: String) -> String? {
  guard let value = getenv(name) else { return nil }
  return String(cString: value)
}
