// What above a symbol means its transpose, asked here by every checker.

import Notation

extension Math {
  /// `\top`, `\intercal` or T as a script; whether T could be a number is for the text to say.
  var isTranspose: Bool {
    switch kind {
    case .mark(let mark): mark == "T"
    case .symbol(let symbol): ["T", "top", "intercal"].contains(symbol.name)
    default: false
    }
  }
}
