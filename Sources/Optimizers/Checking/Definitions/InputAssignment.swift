// Which input of a definition each symbol of a formula is: by shape, and those with usual names first.

import Notation

/// Which input of a definition each symbol of a formula is.
struct InputAssignment {
  /// Symbol to input.
  var inputs: [String: KnownInput]
  /// Symbols that are numbers of samples or classes.
  var counts: [String: String]
  /// Elementwise inputs are vectors.
  var isVector: Bool
  /// How many symbols bear a usual name.
  var score: Int
  /// A symbol that can only be another input by its name.
  var conflict: (symbol: String, input: KnownInput)?

  /// Every symbol bears a name that texts give to its input.
  var isUsual: Bool {
    inputs.allSatisfy { key, input in
      var bare = DefinitionCandidate.plain(key)
      if bare.hasSuffix("^i") { bare.removeLast(2) }
      // A number in a symbol's place is what it is.
      return input.usual.contains(bare) || bare.first?.isNumber == true
    }
  }
}

extension DefinitionCandidate {
  private static let countNames: Set<String> = [
    "n", "m", "N", "M", "B", "K", "C", "D", "d", "T", "t", "k", "S", "L",
  ]

  /// All ways to give the symbols their parts, those with usual names first.
  func assignments(to known: KnownDefinition) -> [InputAssignment] {
    let symbols = shape.symbols
    let extra = symbols.count - known.inputs.count
    guard extra >= 0, extra <= 2, known.inputs.count <= 7 else { return [] }
    let anyWhole = symbols.contains(where: \.isWhole)
    var result: [InputAssignment] = []
    var used = [Bool](repeating: false, count: symbols.count)
    var chosen: [String: KnownInput] = [:]
    var groups: [Int: String] = [:]
    var vectors: Bool?

    func fits(_ symbol: FreeSymbol, _ input: KnownInput) -> [(Int, String)]? {
      switch input.shape {
      case .scalar:
        guard symbol.axes.isEmpty, symbol.classAxis == nil else { return nil }
        // T of softmax(z/T) stands where a vector may stand; its name says that it is none.
        let isNamed = input.usual.contains(DefinitionCandidate.plain(symbol.key))
        return !symbol.isWhole || isNamed ? [] : nil
      case .elementwise:
        if symbol.axes.isEmpty, !symbol.isWhole { return vectors == true ? nil : [] }
        guard symbol.axes.count == 1, vectors != false else { return nil }
        return [(symbol.axes[0], "n")]
      case .vector(let length):
        if symbol.axes.count == 1 { return [(symbol.axes[0], length)] }
        return symbol.axes.isEmpty && (symbol.isWhole || anyWhole) ? [] : nil
      case .matrix(let a, let b):
        if symbol.axes.count == 2 { return [(symbol.axes[0], a), (symbol.axes[1], b)] }
        return symbol.axes.isEmpty && (symbol.isWhole || anyWhole) ? [] : nil
      case .oneOf(let length):
        guard symbol.axes.isEmpty, let axis = symbol.classAxis else { return nil }
        return [(axis, length)]
      case .eachOneOf(let samples, let length):
        guard symbol.axes.count == 1, let axis = symbol.classAxis else { return nil }
        return [(symbol.axes[0], samples), (axis, length)]
      }
    }

    func place(_ number: Int) {
      guard result.count < 800 else { return }
      guard number < known.inputs.count else {
        finish()
        return
      }
      let input = known.inputs[number]
      for (index, symbol) in symbols.enumerated() where !used[index] {
        guard let pairs = fits(symbol, input) else { continue }
        let before = (groups, vectors)
        guard
          pairs.allSatisfy({ group, name in
            if let known = groups[group] { return known == name }
            // Two groups may have one length only if nothing says otherwise.
            groups[group] = name
            return true
          })
        else {
          (groups, vectors) = before
          continue
        }
        if input.shape == .elementwise, vectors == nil { vectors = !symbol.axes.isEmpty }
        used[index] = true
        chosen[symbol.key] = input
        place(number + 1)
        chosen[symbol.key] = nil
        used[index] = false
        (groups, vectors) = before
      }
    }

    func finish() {
      var counts: [String: String] = [:]
      for (key, group) in shape.lengths { counts[key] = groups[group] ?? "n" }
      var options: [[String: String]] = [counts]
      for (index, symbol) in symbols.enumerated() where !used[index] {
        guard symbol.axes.isEmpty, DefinitionCandidate.countNames.contains(symbol.key),
          known.inputs.contains(where: { $0.shape != .scalar })
        else { return }
        // Where nothing has a length, no letter is one.
        guard !groups.isEmpty || known.inputs.contains(where: { !$0.shape.isElement }) else {
          return
        }
        let names = groups.isEmpty ? ["n", "k"] : Set(groups.values).sorted()
        options = options.flatMap { option in
          names.map { name in option.merging([symbol.key: name]) { _, new in new } }
        }
      }
      var score = 0
      var conflict: (String, KnownInput)?
      for (key, input) in chosen.sorted(by: { $0.key < $1.key }) {
        let bare = DefinitionCandidate.plain(key)
        if input.usual.contains(bare) { score += input.certain.contains(bare) ? 3 : 2 }
        if let other = known.inputs.first(where: {
          $0.name != input.name && $0.certain.contains(bare) && !input.certain.contains(bare)
        }) {
          score -= 3
          if conflict == nil { conflict = (key, other) }
        }
      }
      var assignment = InputAssignment(
        inputs: chosen, counts: [:], isVector: vectors ?? false, score: score, conflict: conflict)
      if known.needsNames, !assignment.isUsual { return }
      for counts in options {
        assignment.counts = counts
        result.append(assignment)
      }
    }

    place(0)
    return result.enumerated().sorted {
      ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
    }.map(\.element)
  }
}
