// π ≈ 3.15, π² = 9.97: claims about numbers that everybody knows. π may be a policy and e an error, too; a
// number of about its size shows which it is.

import Notation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension NumberChain {
  /// Whether the chain says what π or e is, or a power of one.
  func statesConstant(_ math: Math) -> Bool {
    guard let symbol = ClaimSymbol(math), symbol.key == symbol.base, !symbol.isTransposed,
      symbol.letters.isEmpty, isConstant(symbol.base)
    else { return false }
    guard let power = symbol.power else { return isNear(symbol.base) }
    guard let number = PrintedNumber(power) else { return symbol.base == "e" }
    // The square of a probability is no ten.
    return symbol.base == "e"
      || printed.map { abs(log(abs($0) / pow(.pi, number.value))) < 0.4 } ?? true
  }

  /// A letter that the document has no other use for.
  private func isConstant(_ name: String) -> Bool {
    guard name == "pi" || name == "e", context.definitions[name] == nil,
      context.functions[name] == nil, !context.habits.names.contains(name)
    else { return false }
    guard let known = context.known[name]?.printed.scalar else { return true }
    return name == "pi" && abs(known - .pi) < 0.1 * .pi
  }

  /// The first number that is printed behind the left side.
  private var number: PrintedNumber? {
    chain.sides.dropFirst().lazy.compactMap { PrintedVector($0.math) }.first { !$0.isVector }?
      .numbers.first
  }

  private var printed: Double? { number?.value }

  private func isNear(_ name: String) -> Bool {
    guard let number, let printed else { return false }
    // A profit of 3.2 is called π as well; to two digits only the constant itself is believed.
    if number.significant < 3 {
      return abs(printed - (name == "pi" ? .pi : exp(1.0))) <= number.halfUnit
    }
    let isApproximate = chain.sides.contains(where: \.isApproximate)
    if name == "pi" { return abs(printed - .pi) < (isApproximate ? 0.1 : 0.01) * .pi }
    // Errors are called e, too, and are of this size.
    let e = exp(1.0)
    return abs(printed - e) < (isApproximate ? 0.05 : 0.0005) * e
  }
}
