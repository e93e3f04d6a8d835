// Which symbols are the gradient, and which lines only name it.

import Diagnostics
import Notation

extension RuleAssembler {
  /// Symbols that are the gradient: g where nothing says what it is, dW beside W.
  func findGradients() {
    let assigned = Set(lines.map(\.key))
    let bases = Set(assigned.map { keys[$0].base })
    func isDifferential(_ key: SymbolKey) -> Bool {
      key.base.hasPrefix("d") && key.base.count > 1 && bases.contains(String(key.base.dropFirst()))
    }
    /// dW_l beside W_l.
    func hasOriginal(_ key: SymbolKey) -> Bool {
      isDifferential(key)
        && assigned.contains {
          keys[$0].base == key.base.dropFirst() && keys[$0].labels == key.labels
        }
    }
    var plain: [Int] = []
    var decorated: [Int] = []
    for (number, key) in keys.enumerated() where !assigned.contains(number) {
      let isG = key.base == "g" || key.base == "grad" || key.base == "gradient"
      // Beside a ∇, G is an accumulator that the text leaves out.
      let isCapital = key.base == "G" && !lines.contains { $0.value.usesGradient }
      let isMarked = !key.labels.allSatisfy { $0.hasPrefix("(") } && !hasOriginal(key)
      if (isG || isCapital || isDifferential(key)) && !isMarked {
        if key.accents.isEmpty { plain.append(number) } else { decorated.append(number) }
      }
    }
    gradientKeys = Set(plain.isEmpty ? decorated : plain)
    // G beside g is something else.
    if plain.contains(where: { keys[$0].base == "g" }) {
      gradientKeys = gradientKeys.filter { keys[$0].base != "G" }
    }
    for number in gradientKeys.sorted() where keys[number].base != "g" {
      if let span = place(number) {
        note(.convention, "\(pretty(number)) is read as the gradient", span)
      }
    }
    dropAliases()
  }

  /// `g_t = ∇f(θ_t)` only names the gradient.
  func dropAliases() {
    var kept: [TranslatedLine] = []
    for line in lines {
      let isLater = kept.contains { $0.key == line.key } || gradientKeys.contains(line.key)
      guard !isLater, isRawGradient(line.value), keys[line.key].base != "Delta" else {
        kept.append(line)
        continue
      }
      // Only if it is the gradient at the parameter itself; a point of its own needs its line.
      aliases[line.key] = line
      gradientKeys.insert(line.key)
    }
    lines = kept
  }

  func isRawGradient(_ value: Expression) -> Bool {
    switch value.kind {
    case .name(let name): return name == gradientName
    case .call(let callee, let arguments):
      guard callee.path.first?.canonical == "grad", arguments.count == 1,
        case .name(let name) = arguments[0].value.kind, let reference = Reference(name)
      else { return false }
      return isPlainPoint(reference.key)
    default: return false
    }
  }

  /// A variable whose gradient is the given one: it is what the text moves, not a point looked ahead.
  func isPlainPoint(_ key: Int) -> Bool {
    let graph = LineGraph(lines: lines, keys: keys, gradientKeys: gradientKeys)
    return graph.dependsOnItself(key) && graph.keepsItself(key)
  }
}
