// A symbol with accents and scripts taken apart into name, indices and power.

import Diagnostics
import Notation

extension FormulaNotation {
  /// nil for what is no symbol.
  package func reference(_ math: Math) -> FormulaReference? {
    switch math.kind {
    case .symbol(let symbol):
      guard let key = FormulaNotation.key(symbol) else { return nil }
      return FormulaReference(key: key, span: math.span)
    case .accented(let accent, let inner):
      // The accent covers the scripts as well: \hat{y_i}.
      guard var result = reference(inner), result.power == nil else { return nil }
      result.key = FormulaNotation.accented(result.key, accent)
      result.span = math.span
      return result
    case .scripted(let base, let scripts):
      guard var result = reference(base) else { return nil }
      result.span = math.span
      return add(scripts, to: &result) ? result : nil
    case .fenced(.brace, let items) where items.count == 1: return reference(items[0])
    default: return nil
    }
  }

  /// The accent belongs to the letter: `y_hat_i` and not `y_i_hat`.
  static func accented(_ key: String, _ accent: String) -> String {
    guard let place = key.firstIndex(where: { $0 == "_" || $0 == "^" }) else {
      return key + "_" + accent
    }
    return key[..<place] + "_" + accent + key[place...]
  }

  static func key(_ symbol: MathSymbol) -> String? {
    symbol.face.map { symbol.name + ":" + $0 } ?? symbol.name
  }

  /// Puts the scripts where they belong: indices, labels, power, transpose.
  private func add(_ scripts: MathScripts, to result: inout FormulaReference) -> Bool {
    var label: [String] = []
    var lower: [Math] = []
    for item in scripts.lower {
      if let parts = indexParts(item, on: result.key) {
        lower += parts
      } else {
        label.append(FormulaNotation.label(item))
      }
    }
    if !label.isEmpty { result.key += "_" + label.joined(separator: ",") }
    result.primes += scripts.primes
    if let upper = scripts.upper {
      switch upper.kind {
      case .mark("T"): result.isTransposed = true
      case .mark(let mark): result.key += "^" + mark
      case .fenced(let fence, let items) where fence == .parenthesis || fence == .bracket:
        if fence == .parenthesis, items.count == 1,
          let parts = indexParts(items[0], on: result.key, inBrackets: true)
        {
          result.indices += parts
        } else if case .number = result.power?.kind {
          return false
        } else {
          let inner = items.map(FormulaNotation.label).joined(separator: ",")
          result.key += fence == .parenthesis ? "^(\(inner))" : "^[\(inner)]"
        }
      case .symbol(let symbol) where symbol.name == "T" && !symbol.isWord && !hasNumberT:
        result.isTransposed = true
      case .symbol(let symbol) where labelLetters.contains(symbol.name):
        result.key += "^" + symbol.name
      case .symbol(let symbol) where symbol.isWord || symbol.isCapitals:
        result.key += "^" + symbol.name
      default: result.power = upper
      }
    }
    result.indices += lower
    return true
  }

  /// The indices a subscript consists of, or nil for a label.
  private func indexParts(_ item: Math, on key: String, inBrackets: Bool = false) -> [Math]? {
    switch item.kind {
    case .symbol(let symbol):
      if symbol.isRun {
        let letters = symbol.name.map(String.init)
        guard letters.allSatisfy(isIndex), letters.count <= 3 else { return nil }
        return letters.map { Math(.symbol(MathSymbol($0)), item.span) }
      }
      if isIndex(symbol.name), symbol.face == nil, !symbol.isWord { return [item] }
      // z_y beside z_j: the element that the value of y names.
      if indexedKeys.contains(key), !symbol.isWord, symbol.face == nil, symbol.name.count == 1,
        symbol.name.first?.isLowercase == true
      {
        return [item]
      }
      return nil
    case .product(let factors):
      let letters = factors.compactMap { FormulaNotation.letter($0.value) }
      guard letters.count == factors.count, letters.allSatisfy(isIndex),
        factors.allSatisfy({ $0.sign == .implicit })
      else { return nil }
      return factors.map(\.value)
    case .sum: return holdsIndex(item) ? [item] : nil
    case .scripted: return holdsIndex(item) ? [item] : nil
    case .number where indexedKeys.contains(key): return [item]
    default: return nil
    }
  }

  func isIndex(_ letter: String) -> Bool {
    indexLetters.contains(letter)
      || FormulaNotation.usualIndices.contains(letter) && !labelLetters.contains(letter)
  }

  func holdsIndex(_ math: Math) -> Bool {
    if let letter = FormulaNotation.letter(math), isIndex(letter) { return true }
    return math.children.contains { holdsIndex($0) }
  }

  /// A script that is part of a name, as text.
  static func label(_ math: Math) -> String {
    switch math.kind {
    case .number(let text): text
    case .symbol(let symbol): symbol.name
    case .mark(let mark): mark
    default: String(math.span.text.filter { !" {}\\".contains($0) })
    }
  }
}
