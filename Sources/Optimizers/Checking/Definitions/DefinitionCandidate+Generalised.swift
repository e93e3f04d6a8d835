// A printed formula with symbols in the place of its numbers, or in natural logarithms: 0.95ᵗ is γᵗ.

import Diagnostics
import Notation

extension DefinitionCandidate {
  /// The formula with symbols in the place of its decimal and larger numbers; nil without any.
  func generalised() -> DefinitionCandidate? {
    var keys: Set<String> = []
    func changed(_ math: Math) -> Math {
      if case .number(let text) = math.kind, let number = Double(text),
        number != 0.5 || keys.isEmpty,
        text.contains(".") || number > 3, keys.count < 3
      {
        keys.insert(text)
        return Math(.symbol(MathSymbol(text, isWord: true)), math.span)
      }
      var result = math
      // Each of many parts would copy all of them; a printed list is no schedule.
      guard math.children.count <= 200 else { return math }
      for (place, child) in math.children.enumerated() {
        result = result.replacing(place, with: changed(child))
      }
      return result
    }
    var general = definition
    general.value = changed(definition.value)
    guard !keys.isEmpty else { return nil }
    return DefinitionCandidate(notation, general)
  }

  /// The formula with symbols in the place of its first power in numbers or of a root: (1 - t/T)² as
  /// (1 - t/T)ᵖ. Nil without any.
  func withAnyPower() -> DefinitionCandidate? {
    var power: String?
    func changed(_ math: Math) -> Math {
      guard power == nil else { return math }
      switch math.kind {
      case .scripted(let base, var scripts):
        guard case .fenced(.parenthesis, _) = base.kind, let upper = scripts.upper,
          let text = DefinitionCandidate.ratio(upper)
        else { break }
        power = text
        scripts.upper = Math(.symbol(MathSymbol(text, isWord: true)), upper.span)
        return Math(.scripted(base, scripts), math.span)
      case .root(let base, degree: nil):
        power = "0.5"
        var scripts = MathScripts()
        scripts.upper = Math(.symbol(MathSymbol("0.5", isWord: true)), math.span)
        return Math(.scripted(Math(.fenced(.parenthesis, [base]), base.span), scripts), math.span)
      default: break
      }
      var result = math
      for (place, child) in math.children.enumerated() where power == nil {
        result = result.replacing(place, with: changed(child))
      }
      return result
    }
    var general = definition
    general.value = changed(definition.value)
    guard power != nil else { return nil }
    return DefinitionCandidate(notation, general)
  }

  /// A number or a fraction of two, as it is printed in a line.
  private static func ratio(_ math: Math) -> String? {
    switch math.kind {
    case .number(let text): return text
    case .fraction(let above, let below):
      guard case .number(let a) = above.kind, case .number(let b) = below.kind else { return nil }
      return a + "/" + b
    case .product(let factors):
      guard factors.count == 2, factors[1].sign == .slash,
        case .number(let a) = factors[0].value.kind, case .number(let b) = factors[1].value.kind
      else { return nil }
      return a + "/" + b
    default: return nil
    }
  }

  /// The formula with natural logarithms in the place of those of another base; nil without any.
  func withNaturalLogarithms() -> (DefinitionCandidate, base: Double)? {
    var base: Double?
    func changed(_ math: Math) -> Math {
      var result = math
      if case .function(var call) = math.kind, call.name == "log",
        case .number(let text)? = call.scripts?.lower.first?.kind, let number = Double(text),
        number > 1, base == nil || base == number
      {
        base = number
        call.scripts?.lower = []
        result = Math(.function(call), math.span)
      }
      for (place, child) in result.children.enumerated() {
        result = result.replacing(place, with: changed(child))
      }
      return result
    }
    var natural = definition
    natural.value = changed(definition.value)
    guard let base else { return nil }
    return (
      DefinitionCandidate(notation.replacing(definition.key, with: natural.value), natural), base
    )
  }
}

extension String {
  /// Where a piece of text stands first.
  func range(of piece: String) -> Range<String.Index>? {
    var place = startIndex
    while place < endIndex {
      if self[place...].hasPrefix(piece) {
        return place..<(index(place, offsetBy: piece.count, limitedBy: endIndex) ?? endIndex)
      }
      place = index(after: place)
    }
    return nil
  }
}
