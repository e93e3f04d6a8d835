// A formula to be checked, and the changes under which it is looked at again.

import Diagnostics
import Notation

/// A formula to be checked: one right side with what it needs.
struct DefinitionCandidate {
  var notation: FormulaNotation
  var definition: FormulaDefinition
  var shape: FormulaShape

  init(_ notation: FormulaNotation, _ definition: FormulaDefinition) {
    self.notation = notation
    self.definition = definition
    shape = FormulaShape(notation, of: definition)
  }

  /// The same with one right side put right, its own or that of another definition of the text.
  func with(_ mistake: FormulaMistake) -> DefinitionCandidate {
    var changed = definition
    if mistake.key == definition.key { changed.value = mistake.corrected }
    return DefinitionCandidate(notation.replacing(mistake.key, with: mistake.corrected), changed)
  }

  /// The same with another right side.
  func with(_ value: Math) -> DefinitionCandidate {
    var changed = definition
    changed.value = value
    return DefinitionCandidate(notation.replacing(definition.key, with: value), changed)
  }

  /// Whether a root is printed anywhere in it, or as a term in what it uses: √σ² + ε, not σ = √….
  var printsRoot: Bool {
    func isRoot(_ math: Math) -> Bool { if case .root = math.kind { true } else { false } }
    func holds(_ math: Math) -> Bool { isRoot(math) || math.children.contains(where: holds) }
    func adds(_ math: Math) -> Bool {
      if case .sum(let terms) = math.kind, terms.count > 1,
        terms.contains(where: { isRoot($0.value) })
      {
        return true
      }
      return math.children.contains(where: adds)
    }
    return holds(definition.value) || others.contains { adds($0.value) }
  }

  /// By itself, without what the text says of the symbols it uses.
  var alone: DefinitionCandidate {
    DefinitionCandidate(notation.only(definition.key), definition)
  }

  /// The symbols that are no numbers of samples or classes.
  var inputKeys: Set<String> {
    Set(shape.symbols.map(\.key)).subtracting(DefinitionCandidate.sizes)
  }

  private static let sizes: Set<String> = ["n", "m", "N", "M", "B", "K", "C"]

  /// The other definitions of the text that it uses.
  var others: [FormulaDefinition] {
    var seen: Set<String> = [definition.key]
    var result: [FormulaDefinition] = []
    func visit(_ math: Math, _ depth: Int) {
      if depth < FormulaShape.deepest, let key = notation.reference(math)?.key,
        let inner = notation.definition(of: key), seen.insert(key).inserted
      {
        result.append(inner)
        visit(inner.value, depth + 1)
      }
      for child in math.children { visit(child, depth) }
    }
    visit(definition.value, 0)
    return result
  }

  /// A key without its type face.
  static func plain(_ key: String) -> String {
    // Most have none, and this is asked for every way that symbols may be inputs.
    guard key.utf8.contains(UInt8(ascii: ":")) else { return key }
    var result = key
    for face in [":cal", ":bb", ":frak"] {
      if let range = result.range(of: face) { result.removeSubrange(range) }
    }
    return result
  }
}
